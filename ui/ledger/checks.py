"""The seven haves of a station item by item, and its safety inspections: shown and written."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from geo.cells import date_of
from geo.reference import read_list
from geo.tables import columns
from register import Record, Register, Wanted
from siting import district_time
from ui.labels import label
from ui.language import current
from ui.ledger import edits as ledger_edits
from ui.ledger.columns import column_of, read
from ui.ledger.form import draw_columns, draw_day
from ui.ledger.photos import draw_small
from ui.ledger.words import done, spoken, warn, word
from ui.look import table_height
from ui.safe import plain

_MOST = 500


def latest(checks: Sequence[Record]) -> dict[str, Record]:
    """Return the check that counts of each item: the latest that says yes or no.

    Parameters
    ----------
    checks
        Of one station, in the order of their creation: the later one of a day counts.
    """
    said = [check for check in checks if check["met"] is not None]
    return {str(check["item"]): check for check in sorted(said, key=lambda c: str(c["date"]))}


def failing_haves(register: Register, station: str) -> tuple[str, ...]:
    """Return the items whose latest check of a station says no, in the order of the seven."""
    held = latest(_of_station(register, "haves", station))
    known = read_list("reference/haves")
    return tuple(item for item in known if item in held and held[item]["met"] is False)


def draw_haves(register: Register, station: Record, *, may: bool) -> None:
    """Draw the seven haves, each with its latest check, and the form of a further check."""
    held = latest(_of_station(register, "haves", station.id))
    items = read_list("reference/haves")
    met = sum(check["met"] is True for check in held.values())
    with st.container(border=True, key="ledger_haves"):
        st.markdown(f"**{word('haves.title')}** " + word("haves.count", met=met, all=len(items)))
        st.markdown("  \n".join(_have_line(item, held.get(item)) for item in items))
        draw_small(register, [str(check["photo"]) for check in held.values() if check["photo"]])
        if may:
            _draw_check(register, station, list(items))


def draw_inspections(register: Register, station: Record, *, may: bool) -> None:
    """Draw hazards, open ones first, each with the way to close it, and the form of another."""
    found = _of_station(register, "inspections", station.id)
    today = district_time.today()
    open_ones = [r for r in found if r["hazard"] and not r["closed_on"]]
    rest = [r for r in reversed(found) if r not in open_ones]
    with st.container(border=True, key="ledger_inspections"):
        st.markdown(
            f"**{word('inspections.title')}** "
            + word("inspections.count", all=len(found), open=len(open_ones))
        )
        for record in sorted(open_ones, key=lambda r: str(r["deadline"]) or "9999"):
            _draw_hazard(register, record, today, may=may)
        if rest:
            table = _inspection_table(rest)
            st.dataframe(table, hide_index=True, height=table_height(len(table)))
        if not found:
            st.caption(word("inspections.none"))
        if may:
            _draw_inspection(register, station)


def _of_station(register: Register, kind: str, station: str) -> tuple[Record, ...]:
    wanted = Wanted(only={"station": [station]})
    table = "haves" if kind == "haves" else "inspections"
    return register.page(table, wanted, limit=_MOST).records  # type: ignore[arg-type]


def _have_line(item: str, check: Record | None) -> str:
    name = label("haves", item, current())
    if check is None:
        return f":gray[○ {name}　{word('haves.unknown')}]"
    mark = ":green[✓]" if check["met"] else ":red[✗]"
    facts = [str(check["date"]), str(check["checked_by"]), str(check["note"])]
    return f"{mark} {name}　:gray[{plain(' · '.join(fact for fact in facts if fact))}]"


def _draw_check(register: Register, station: Record, items: Sequence[str]) -> None:
    """Draw the checklist: whoever stands in the station ticks all seven and saves once."""
    lang, form = current(), ledger_edits.form_id()
    told: dict[str, bool] = {}
    with (
        st.expander(word("haves.add"), icon=":material/checklist:", key="ledger_have_add"),
        st.form(f"have_{form}", border=False),
    ):
        st.caption(word("haves.help"))
        for item in items:
            met = st.segmented_control(
                label("haves", item, lang),
                (True, False),
                format_func=spoken((True, False), lambda value: word("yes" if value else "no")),
                key=f"have_{form}_{item}",
            )
            if met is not None:
                told[item] = met
        day = draw_day(column_of("haves", "date").label(lang), None, today=True)
        by = st.text_input(column_of("haves", "checked_by").label(lang))
        note = st.text_input(column_of("haves", "note").label(lang))
        sent = st.form_submit_button(word("haves.store"), type="primary")
    if not sent:
        return
    same = {"station": station.id, "date": day, "checked_by": by, "note": note}
    store_checks(register, same, told, form)
    st.rerun()


def store_checks(
    register: Register, same: Mapping[str, object], told: Mapping[str, bool], form: str
) -> None:
    """Store what was ticked, item by item; the first that is refused is told, and ends it."""
    if not told:
        warn("haves.nothing")
        return
    for item, met in told.items():
        if not _store_check(register, {**same, "item": item, "met": met}, f"have-{item}-{form}"):
            return
    ledger_edits.next_form()
    done("haves.done", count=len(told))


def _store_check(register: Register, values: Mapping[str, object], form: str) -> bool:
    """Store a check; a second one of the same item on the same day corrects the first."""
    day = date_of(values["date"])
    iso = str(values["date"]) if day is None else day.isoformat()
    wanted = Wanted(
        only={"station": [str(values["station"])], "item": [str(values["item"])], "date": [iso]}
    )
    held = register.page("haves", wanted, limit=1).records
    if not held:
        return ledger_edits.add(register, "haves", values, form) is not None
    told = {name: values[name] for name in ("met", "checked_by", "note")}
    return ledger_edits.change(register, held[0], told)


def _draw_hazard(register: Register, record: Record, today: date, *, may: bool) -> None:
    deadline = str(record["deadline"])
    late = bool(deadline) and deadline < today.isoformat()
    with st.container(horizontal=True, vertical_alignment="center", key=f"hazard_{record.id}"):
        told = word("inspections.due", day=plain(deadline)) if deadline else ""
        if late:
            told = f":red[**{word('inspections.overdue', day=plain(deadline))}**]"
        if record["supervised"]:
            told += f" · {word('inspections.supervised')}"
        st.markdown(
            f"**{plain(str(record['hazard']))}**  \n:gray[{plain(str(record['date']))}] · {told}",
            width="stretch",
        )
        if may:
            st.button(
                word("inspections.close"),
                key=f"close_{record.id}",
                icon=":material/task_alt:",
                on_click=partial(_close, register, record, today),
            )


def _close(register: Register, record: Record, today: date) -> None:
    ledger_edits.change(register, record, {"closed_on": today})


def _draw_inspection(register: Register, station: Record) -> None:
    asked = [c for c in columns("inspections") if c.name in _ASKED]
    form = f"inspection-{ledger_edits.form_id()}"
    with (
        st.expander(word("inspections.add"), icon=":material/health_and_safety:"),
        st.form(form, border=False),
    ):
        st.caption(word("inspections.help"))
        today = {"date": district_time.today().isoformat()}
        values = draw_columns(register, "inspections", asked, today, prefix=form)
        sent = st.form_submit_button(word("inspections.store"), type="primary")
    if sent:
        given = {**values, "station": station.id}
        ledger_edits.add(register, "inspections", given, form)
        st.rerun()


_ASKED = ("date", "inspected_by", "hazard", "deadline", "supervised", "note")


def _inspection_table(found: Sequence[Record]) -> pd.DataFrame:
    names = ("date", "hazard", "deadline", "closed_on", "inspected_by", "note")
    shown = [column_of("inspections", name) for name in names]
    lang = current()
    rows = [
        {c.label(lang): read(c, record[c.name]) for c in shown}
        | ({} if record["hazard"] else {shown[1].label(lang): word("inspections.clean")})
        for record in found
    ]
    return pd.DataFrame(
        rows,
        columns=[c.label(lang) for c in shown],
    )
