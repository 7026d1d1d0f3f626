"""A table with one column per group of workers: turned into one row per point and group."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from geo.intake.codes import find_code
from geo.intake.limits import HEADER_SEARCH_ROWS
from geo.intake.raw import RawTable
from ui.labels import label
from ui.language import current
from ui.safe import plain
from ui.wizard.draft import Draft, held, keep
from ui.wizard.words import word
from words import say

_FEWEST: Final = 2  # one column that is called like a group may be anything
_GROUP: Final = "职工群体"
_WORKERS: Final = "人数"  # comes before 总人数 among the headings that mean a head count


@dataclass(frozen=True)
class Wide:
    """Where the groups stand.

    Attributes
    ----------
    row
        Index of the row of headings among the cells.
    groups
        Index of the cell column -> code of data/reference/groups.toml.
    """

    row: int
    groups: Mapping[int, str]


def wide_groups(raw: RawTable) -> Wide | None:
    """Return which columns are headed by groups of workers; None: fewer than two are."""
    if raw.headings is not None:
        return None
    found = [
        Wide(index, {place: code for place, cell in enumerate(cells) if (code := _group(cell))})
        for index, cells in enumerate(raw.cells.head(HEADER_SEARCH_ROWS).to_numpy().tolist())
    ]
    best = max(found, key=lambda wide: len(wide.groups), default=None)
    return best if best is not None and len(best.groups) >= _FEWEST else None


def spread(raw: RawTable, wide: Wide) -> bytes:
    """Return the table with a row for each filled cell of a group, as a file of its own (CSV)."""
    headings = [str(cell) for cell in raw.cells.iloc[wide.row]]
    kept = [place for place in range(len(headings)) if place not in wide.groups]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*(headings[place] for place in kept), _GROUP, _WORKERS])
    for cells in raw.cells.iloc[wide.row + 1 :].to_numpy().tolist():
        for place, code in wide.groups.items():
            if str(cells[place]).strip():
                writer.writerow(
                    [*(cells[k] for k in kept), label("groups", code, "zh"), cells[place]]
                )
    return text.getvalue().encode("utf-8-sig")


def draw(draft: Draft, raw: RawTable) -> None:
    """Offer it for a table of demand whose head counts stand under the names of groups."""
    wide = wide_groups(raw) if draft.table == "demand" else None
    if wide is None:
        return
    lang = current()
    names = [label("groups", code, lang) for code in dict.fromkeys(wide.groups.values())]
    listed = say("intake.comma_list", lang).join(names)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(word("wide_groups", groups=plain(listed)))
        st.button(
            word("wide_take"), key="take_wide", type="primary", on_click=_take, args=(raw, wide)
        )


def _take(raw: RawTable, wide: Wide) -> None:
    draft = held()
    if draft is not None:
        long = Draft(draft.table, spread(raw, wide), draft.name, draft.source, draft.area)
        keep(replace(long, step="columns"))


def _group(cell: str) -> str:
    return find_code("groups", str(cell)) or ""
