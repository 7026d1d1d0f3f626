"""The units of a federation: what each has covered, was to build and has built; the year so far."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from geo.reference import read_list
from register.targets import Progress
from siting.adding_up import whole_levels, whole_rows
from siting.coverage.effective import LevelRow
from siting.coverage.levels import Level
from ui.compute import Situation
from ui.exporting import Exported, draw_export
from ui.labels import unit_name
from ui.language import current
from ui.look import table_height
from ui.overview.words import word

_MOST_ROWS = 24
_COVERED = ("effective", "uncovered", "unverified", "workers")
_BUILT = ("target", "built", "overdue", "open_now")


def draw_units(now: Situation, rows: tuple[Progress, ...]) -> None:
    """Draw one row per unit, those with the most uncovered workers first."""
    table = unit_table(now, rows)
    number = st.column_config.NumberColumn
    wide = {"uncovered": 92, "unverified": 92, "workers": 70}
    st.markdown(f"**{word('units.title')}**")
    st.dataframe(
        table,
        hide_index=True,
        height=table_height(max(len(table), 1), most=_MOST_ROWS),
        column_config={
            "unit": st.column_config.TextColumn(word("units.unit"), width=140, pinned=True),
            "effective": st.column_config.ProgressColumn(
                word("units.effective"), format="%.1f%%", min_value=0, max_value=100, width=110
            ),
            **{
                name: number(word(f"units.{name}"), format="localized", width=width)
                for name, width in wide.items()
            },
            **{name: number(word(f"units.{name}"), width=75) for name in _BUILT},
        },
        placeholder="—",
    )
    headings = {name: word(f"units.{name}") for name in table.columns}
    draw_export(
        Exported(table, word("units.title"), headings, frozenset({"effective"})),
        key="export_units",
    )
    by_group = any(row.unit in read_list("reference/unit_groups") for row in rows)
    st.caption(word("units.help") + (word("units.by_group_help") if by_group else ""))


def unit_table(now: Situation, rows: tuple[Progress, ...]) -> pd.DataFrame:
    """Return one row per unit: average present workers by level, and what the year asked and got.

    The columns of the units sum to the district. A unit without a territory has the figures of its
    group (data/reference/unit_groups.toml). Blank: the unit has no workers on record, or no target.
    """
    lang = current()
    towns = now.effective.rows("town")
    levels = whole_rows(towns, now.effective.effective.total)  # as on every page and in the report
    by_town = {row.name: (row, own) for row, own in zip(towns, levels, strict=True)}
    by_group = {row.name: row for row in now.effective.rows("group")}
    groups = read_list("reference/unit_groups")
    done = {row.unit: row for row in rows}
    found = []
    for unit in dict.fromkeys([*done, *by_town]):
        group = groups.get(unit)
        covered = by_town.get(unit)
        name = unit_name(unit, lang)
        if covered is None and group is not None:
            row = by_group.get(str(group["group"]))
            covered = None if row is None else (row, whole_levels(row))
            name = word("units.by_group", unit=unit, group=group[lang])
        found.append({"unit": name, **_covered(covered), **_built(done.get(unit))})
    table = pd.DataFrame(found, columns=["unit", *_COVERED, *_BUILT])
    whole = [name for name in (*_COVERED[1:], *_BUILT) if name in table]
    table = table.astype({**dict.fromkeys(whole, "Int64"), "effective": "float64"})
    return table.sort_values(
        ["uncovered", "unit"], ascending=[False, True], na_position="last", ignore_index=True
    )


def _covered(found: tuple[LevelRow, list[int]] | None) -> Mapping[str, object]:
    if found is None or not found[0].workers:
        return dict.fromkeys(_COVERED)
    row, levels = found
    return {
        "effective": row.coverage * 100,
        "uncovered": sum(levels[: Level.UNVERIFIED]),
        "unverified": levels[Level.UNVERIFIED],
        "workers": sum(levels),
    }


def _built(row: Progress | None) -> Mapping[str, object]:
    return dict.fromkeys(_BUILT) if row is None else {name: getattr(row, name) for name in _BUILT}
