"""年度目标: what each unit is to open in a year, what it has opened, what is overdue."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from geo.errors import PlannerError
from register import Record, Register
from register.targets import Progress, progress
from siting import district_time
from ui import identity, keys
from ui.exporting import show_table
from ui.identity import sign_for
from ui.labels import unit_name
from ui.language import current
from ui.ledger.units import draw_no_units
from ui.ledger.words import done, refused, word
from ui.look import table_height
from ui.report.words import word as export_word
from ui.safe import plain
from words import count

ColumnConfigMapping = Mapping[str, ColumnConfig]
_YEARS_BACK, _YEARS_ON = 5, 2
_COLUMNS = ["unit", "target", "built", "missing", "due", "overdue", "open_now", "undated"]


@dataclass(frozen=True)
class Sheet:
    """The targets of a year as they were when they were shown to be changed: by unit."""

    year: int
    seen: Mapping[str, Record]


def draw_targets(register: Register) -> None:
    """Draw the year, its figures and a row per unit; the district changes targets here."""
    today = district_time.today()
    years = list(range(today.year + _YEARS_ON, today.year - _YEARS_BACK - 1, -1))
    year = st.selectbox(
        word("targets.year"),
        years,
        index=years.index(today.year),
        key=keys.TARGET_YEAR,
        persist_state="session",
        width=140,
        on_change=_forget,
    )
    rows = progress(register, year, today=today)
    if not rows:
        draw_no_units(register, word("targets.no_units"), "take_units")
        return
    _draw_figures(rows)
    may = identity.may_change(register, "targets", {})
    who = identity.actor(register)
    rows = tuple(sorted(rows, key=lambda row: who is None or row.unit != who.unit))
    if may:
        _draw_editor(register, year, rows)
    else:
        table = target_table(rows)
        show_table(
            table,
            export_word("tables.targets"),
            name="targets",
            column_config=_headings(),
            placeholder="—",
        )
    _draw_others(register, rows, may=may)
    if any(row.undated for row in rows):
        st.caption(word("targets.undated_help"))


def target_table(rows: tuple[Progress, ...]) -> pd.DataFrame:
    """Return one row per unit: target, built, still missing, due, overdue, open now, undated."""
    table = pd.DataFrame(
        [
            {
                "unit": unit_name(row.unit, current()),
                "target": row.target,
                "built": row.built,
                "missing": None if row.target is None else max(0, row.target - row.built),
                "due": row.due,
                "overdue": row.overdue,
                "open_now": row.open_now,
                "undated": row.undated,
            }
            for row in rows
        ],
        columns=_COLUMNS,
    )
    return table.astype({"target": "Int64", "missing": "Int64"})


def save_targets(register: Register, sheet: Sheet, table: pd.DataFrame) -> None:
    """Store what was changed in a sheet, one record and one event for every unit.

    Parameters
    ----------
    register
        Where.
    sheet
        The targets as this person saw them: a unit's that somebody else changed since is refused,
        and told; the others are stored.
    table
        `unit`, `target` and `due` of every unit, as they stand in the sheet now.
    """
    stored, problems = 0, []
    for unit, target, due in table[["unit", "target", "due"]].itertuples(index=False, name=None):
        wanted = None if pd.isna(target) else int(target)
        day = "" if pd.isna(due) else pd.Timestamp(due).date().isoformat()
        try:
            stored += _save_one(register, sheet, str(unit), wanted, day)
        except PlannerError as error:
            problems.append(error)
    st.session_state.pop(keys.TARGETS, None)
    if problems:
        refused(problems[0])
    else:
        done("targets.saved" if stored else "done.unchanged", count=stored)


def _save_one(register: Register, sheet: Sheet, unit: str, target: int | None, due: str) -> bool:
    seen = sheet.seen.get(unit)
    if seen is None and target is None:
        return False
    values: dict[str, object] = {"target": target, "due": due}
    if seen is None:
        given = {"unit": unit, "year": sheet.year, **values}
        who = sign_for(register, "targets", given)
        gone = _taken_away(register, f"{unit}|{sheet.year}")
        if gone is None:
            register.add("targets", given, who=who)
        else:  # its key is taken by the record that is marked as deleted
            register.undo(register.history("targets", gone.id)[-1].id, who=who)
            back = register.get("targets", gone.id)
            register.update("targets", back.id, values, version=back.version, who=who)
        return True
    who = sign_for(register, "targets", seen.fields)
    if target is None:
        register.remove("targets", seen.id, version=seen.version, who=who)
        return True
    if (seen["target"], seen["due"]) == (target, due):
        return False
    register.update("targets", seen.id, values, version=seen.version, who=who)
    return True


def _taken_away(register: Register, target_id: str) -> Record | None:
    found = register.records("targets", deleted=True)
    return next((r for r in found if r.id == target_id and r.deleted), None)


def _draw_figures(rows: tuple[Progress, ...]) -> None:
    lang = current()
    target = sum(row.target or 0 for row in rows)
    built = sum(row.built for row in rows)
    figures = {
        "target": target,
        "built": built,
        "missing": sum(max(0, (row.target or 0) - row.built) for row in rows),
        "overdue": sum(row.overdue for row in rows),
    }
    with st.container(key="figures", horizontal=True, gap="medium"):
        for name, figure in figures.items():
            st.metric(word(f"targets.{name}"), count(figure, lang), width="content")


def _draw_editor(register: Register, year: int, rows: tuple[Progress, ...]) -> None:
    held: tuple[str, Sheet, pd.DataFrame] | None = st.session_state.get(keys.TARGETS)
    if held is None or held[1].year != year:
        seen = {str(r["unit"]): r for r in register.records("targets") if r["year"] == year}
        listed = {record.id for record in register.records("units")}
        known = tuple(row for row in rows if row.unit in listed)
        held = (str(register.revision()), Sheet(year, seen), target_table(known))
        st.session_state[keys.TARGETS] = held
    revision, sheet, table = held
    if table.empty:
        draw_no_units(register, word("targets.no_units"), "take_units")
        return
    st.caption(word("targets.help"))
    edited = st.data_editor(
        table,
        hide_index=True,
        height=table_height(len(table)),
        disabled=[name for name in table.columns if name not in {"target", "due"}],
        column_config=_headings(),
        placeholder="—",
        key=f"targets_{year}_{revision}",
    )
    with st.container(horizontal=True):
        if st.button(word("targets.save"), key="save_targets", type="primary"):
            save_targets(register, sheet, edited)
            st.rerun()
        if st.button(word("targets.reload"), key="reload_targets", type="tertiary"):
            _forget()
            st.rerun()


def _draw_others(register: Register, rows: tuple[Progress, ...], *, may: bool) -> None:
    """Say what was built by whom the sheet leaves out: nobody can set a target for them."""
    listed = {record.id for record in register.records("units")} if may else {r.unit for r in rows}
    for row in rows:
        if row.unit not in listed and row.built:
            unit = plain(unit_name(row.unit, current()))
            st.caption(word("targets.others", unit=unit, built=row.built))


def _forget() -> None:
    st.session_state.pop(keys.TARGETS, None)


def _headings() -> ColumnConfigMapping:
    whole = st.column_config.NumberColumn
    return {
        "unit": st.column_config.TextColumn(word("targets.unit"), pinned=True),
        "target": whole(word("targets.target"), min_value=0, step=1),
        "built": whole(word("targets.built")),
        "missing": whole(word("targets.missing")),
        "due": st.column_config.DateColumn(word("targets.due"), format="YYYY-MM-DD"),
        "overdue": whole(word("targets.overdue")),
        "open_now": whole(word("targets.open_now")),
        "undated": whole(word("targets.undated")),
    }
