"""What a file says that it is: asked about where it was chosen to be read as something else."""

from typing import Final

import streamlit as st

from geo.errors import PlannerError
from geo.intake.raw import RawTable
from ui import keys
from ui.language import current
from ui.wizard.draft import Draft, held, keep
from ui.wizard.reading import header_of
from ui.wizard.words import word
from words import say

_SAYS: Final[dict[str, tuple[str, ...]]] = {
    "candidates": ("候选", "备选", "拟建", "candidate"),
    "hosts": ("依托单位",),
    "needs": ("诉求",),
    "visits": ("服务人次",),
    "inspections": ("安全检查",),
    "targets": ("年度目标",),
    "totals": ("职工总数",),
    "demand": ("职工分布", "需求点"),
    "stations": ("驿站", "station"),
    "enterprises": ("企业", "enterprise"),
}
"""Words of each kind; a text speaks of the first kind that has one in it."""
_OF_STATIONS: Final = frozenset({"units", "haves", "inspections", "targets", "visits", "needs"})
"""Kinds whose files speak of stations as a matter of course."""
_BY_HEADING: Final = frozenset({"stations", "candidates"})
"""Kinds that have the same columns: only there does a heading tell which it is."""


def spoken_kind(text: str) -> str:
    """Return the kind that a text speaks of; "": none."""
    low = text.casefold()
    return next((kind for kind, says in _SAYS.items() if any(w in low for w in says)), "")


def other_kind(draft: Draft, raw: RawTable) -> str:
    """Return the kind that a file speaks of where that is not what it is read as; "": none.

    Looked at are its name, its sheet, the rows above its headings and, where stations might be
    candidates, its headings. Nothing is asked where any of them speaks of the chosen kind.
    """
    titles, headings = _texts(draft, raw)
    said = [spoken_kind(text) for text in (draft.name, raw.sheet or "", *titles)]
    if draft.table in _BY_HEADING:
        said += [kind for kind in map(spoken_kind, headings) if kind in _BY_HEADING]
    if draft.table in said or draft.table in _OF_STATIONS:
        return ""
    return next((kind for kind in said if kind), "")


def draw(draft: Draft, raw: RawTable) -> None:
    """Ask about it in one sentence, with a button that reads the file as what it speaks of."""
    other = other_kind(draft, raw)
    if not other:
        return
    names = {"other": word_of(other), "table": word_of(draft.table)}
    st.warning(word("other_kind", **names), icon=":material/help:")
    st.button(
        word("other_kind_take", other=names["other"]),
        key="other_kind_take",
        on_click=_read_as,
        args=(other,),
    )


def word_of(table: str) -> str:
    """Return what a table is called within a sentence."""
    return say(f"ui.data.table_{table}", current())


def _texts(draft: Draft, raw: RawTable) -> tuple[list[str], list[str]]:
    """Return the cells above the headings, and the headings."""
    try:
        header = header_of(draft, raw)
    except PlannerError:  # step 2 asks for the columns
        return [], []
    above = max(0, header.row)
    titles = raw.cells.iloc[:above].to_numpy().ravel().tolist()
    return [str(cell) for cell in titles if cell], list(header.headings)


def _read_as(table: str) -> None:
    draft = held()
    if draft is not None:
        keep(draft.read_as(table))
        st.session_state[keys.TABLE] = table
