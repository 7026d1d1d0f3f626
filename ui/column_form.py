"""Which column of a file is what: asked where headings do not say it, open to correction elsewhere.

What people state holds for the uploaded file and the table it is read as, and for nothing else.
"""

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo.intake.headings import ABSENT, Choice
from geo.tables import Column, columns
from ui import keys
from ui.language import current, tell

Upload = tuple[str, str]
"""The id of an uploaded file and the table that it is read as."""


def stated(upload: Upload) -> Mapping[str, str]:
    """Return what was stated of this upload: schema column -> heading, "" for none."""
    held = st.session_state.get(keys.COLUMNS)
    return held[1] if held is not None and held[0] == upload else {}


def draw_missing(
    upload: Upload,
    missing: Sequence[Column],
    choices: Sequence[Choice],
    places: Mapping[str, str],
) -> None:
    """Ask for the columns that the file needs and that no heading named."""
    _, table = upload
    names = {column.name for column in missing}
    others = [column for column in columns(table) if column.name not in names]
    with st.form("columns"):
        st.markdown(f"**{tell('data.columns_title')}**")
        if "lon" in names:
            st.caption(tell("data.columns_together"))
        chosen = _draw(upload, missing, choices, places, required=True)
        with st.expander(tell("data.columns_others")):
            chosen |= _draw(upload, others, choices, places)
        sent = st.form_submit_button(tell("data.columns_use"), type="primary")
    if sent:
        _state(upload, chosen)


def draw_found(upload: Upload, choices: Sequence[Choice], places: Mapping[str, str]) -> None:
    """Show, folded away, which column was taken for what, and let people correct it."""
    with st.expander(tell("data.columns_found")), st.form("columns", border=False):
        chosen = _draw(upload, columns(upload[1]), choices, places)
        sent = st.form_submit_button(tell("data.columns_use"))
    if sent:
        _state(upload, chosen)


def _draw(
    upload: Upload,
    asked: Sequence[Column],
    choices: Sequence[Choice],
    places: Mapping[str, str],
    *,
    required: bool = False,
) -> dict[str, str]:
    known = {**places, **stated(upload)}
    samples = {choice.heading: choice.sample for choice in choices}
    options = [ABSENT, *samples]
    chosen = {}
    none = tell("data.columns_choose" if required else "data.columns_none")
    pair: Sequence[DeltaGenerator] = ()
    # What every file may have and what this one has come first, the long rest after it.
    usual_first = sorted(asked, key=lambda c: not (c.form or c.name in known))
    for number, column in enumerate(usual_first):
        if number % 2 == 0:
            pair = st.columns(2)  # row by row, so that one above the other they keep their order
        now = known.get(column.name, ABSENT)
        with pair[number % 2]:
            chosen[column.name] = st.selectbox(
                tell("data.columns_which", column=column.label(current())),
                options,
                index=options.index(now) if now in options else 0,
                format_func={
                    heading: _shown(heading, samples, none) for heading in options
                }.__getitem__,
                key=f"column.{'.'.join(upload)}.{column.name}",
            )
    return chosen


def _shown(heading: str, samples: Mapping[str, str], none: str) -> str:
    if heading == ABSENT:
        return none
    sample = samples[heading]
    return tell("data.columns_sample", heading=heading, sample=sample) if sample else heading


def _state(upload: Upload, chosen: Mapping[str, str]) -> None:
    st.session_state[keys.COLUMNS] = (upload, dict(chosen))
    st.rerun()
