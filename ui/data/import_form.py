"""Files in, in four steps: the file, its columns, its datum, what is wrong; only then a button.

Nothing is stored before the last button. Going back keeps what was chosen.
"""

from functools import partial

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from geo.errors import PlannerError
from geo.intake.places import daxing_outline
from geo.intake.units import in_daxing
from geo.tables import has_position
from register import Register
from siting.model import Inputs
from ui import edits, keys
from ui.data.district_care import is_held
from ui.guard import show_error
from ui.language import current
from ui.safe import plain
from ui.scrolling import into_view
from ui.wizard import check, columns, datum, file
from ui.wizard.draft import Draft, Step, change, forget, held
from ui.wizard.known import is_replaced
from ui.wizard.reading import Known, header_of, open_cells, open_streets
from ui.wizard.rejected import left_out_file, left_out_name
from ui.wizard.storing import Ready, provenance_of, take_in
from ui.wizard.words import word
from ui.workbench.placing import own_outline
from words import count

_FEWEST_KNOWN = 3
_AXES = ("lon", "lat")


def draw_import(register: Register, inputs: Inputs) -> None:
    """Draw the step where people are, and the buttons to the others."""
    with st.container(border=True, key="import"):
        draft = held()
        step: Step = "file" if draft is None else draft.step
        steps = ("file", "columns", "datum", "check") if draft is None else steps_of(draft)
        st.markdown(f"**{word('title')}**")
        _draw_steps(steps, step)
        if draft is not None:
            into_view("import", f"{draft.key}{step}")
        known = _known(register, inputs)
        ready: Ready | None = None
        onward = False
        if draft is None or step == "file":
            onward = file.draw(next_table(inputs), known.area)
        else:
            _draw_file_name(draft)
            onward, ready = _draw_step(draft, step, known, register, inputs)
        _draw_buttons(register, step, onward=onward, ready=ready)
        tell_once(register)  # where the button was that people pressed


def tell_once(register: Register) -> None:
    """Show what the last change did until the next action, and in passing wherever people are."""
    notice: edits.Notice | None = st.session_state.get(keys.NOTICE)
    if notice is not None and notice.event is not None:
        into_view("import", f"done{notice.event}")  # a long check is gone, the answer is above
    if notice is not None and notice.kind == "done":
        st.toast(plain(notice.text), icon=":material/check:")
    edits.draw_notice(register)
    if notice is not None and notice.kind == "done" and notice.event is not None:
        st.caption(word("way_back"))
    edits.forget_notice()
    _draw_left_out(register)


def next_table(inputs: Inputs) -> str:
    """Return the first table that is still empty: the one that the page asks for."""
    asked = file.FIRST_ASKED
    return next((table for table in asked if not is_held(inputs, table)), asked[0])


def middle_of(inputs: Inputs) -> tuple[float, float] | None:
    """Return the middle of the known points, longitude and latitude; None: there are too few."""
    points = _points(inputs)
    if len(points) < _FEWEST_KNOWN:
        return None
    return float(points["lon"].median()), float(points["lat"].median())


def steps_of(draft: Draft) -> tuple[Step, ...]:
    """Return the steps that a file takes: streets have no columns, some files no positions."""
    if draft.table == "streets":
        return "file", "check"
    if not has_position(draft.table) or not _says_where(draft):
        return "file", "columns", "check"
    return "file", "columns", "datum", "check"


def _says_where(draft: Draft) -> bool:
    """Tell whether a file has columns of positions, as far as it can be read."""
    try:
        header = header_of(draft, open_cells(draft))
    except PlannerError:
        return True
    return set(_AXES) <= set(header.places)


def _points(inputs: Inputs) -> pd.DataFrame:
    frames = (inputs.demand, inputs.stations, inputs.candidates)
    return pd.concat([frame[["lon", "lat"]] for frame in frames])


def _known(register: Register, inputs: Inputs) -> Known:
    outline = own_outline(register)
    points = _points(inputs)
    there = points["lon"].to_numpy(float), points["lat"].to_numpy(float)
    if outline is None:
        daxing = points.empty or in_daxing(*there)
    else:
        middle = shapely.centroid(outline)
        daxing = in_daxing(np.array([middle.x]), np.array([middle.y]))
    lent = outline is None and daxing
    return Known(
        middle_of(inputs),
        outline,
        daxing_outline() if lent else outline,
        lent,
        daxing,
        inputs.streets,
        register.unit_names(),
    )


def _draw_steps(steps: tuple[Step, ...], now: Step) -> None:
    """Say which steps there are, and where people are."""
    at = steps.index(now) if now in steps else 0
    parts = []
    for number, step in enumerate(steps):
        colour = "blue" if number == at else "green" if number < at else "gray"
        parts.append(f":{colour}-badge[{number + 1} {word(f'step_{step}')}]")
    st.markdown(" › ".join(parts))


def _draw_file_name(draft: Draft) -> None:
    st.caption(word("reading", name=plain(draft.name), table=file.table_name(draft.table)))


def _draw_step(
    draft: Draft, step: Step, known: Known, register: Register, inputs: Inputs
) -> tuple[bool, Ready | None]:
    """Draw a later step; return whether people may go on, and what may be stored."""
    try:
        if draft.table == "streets":
            network = open_streets(draft)
            file.draw_streets(network)
            if is_replaced(inputs, "streets"):
                st.info(word("replaces", table=file.table_name("streets")))
            return False, Ready("streets", network, draft.name, draft.key)
        raw = open_cells(draft)
    except PlannerError as error:
        show_error(error)
        return False, None
    if step == "columns":
        return columns.draw(draft, raw), None
    if step == "datum":
        return datum.draw(draft, raw, known), None
    return False, check.draw(draft, raw, known, register, inputs)


def _draw_buttons(register: Register, step: Step, *, onward: bool, ready: Ready | None) -> None:
    draft = held()  # as this run has left it
    if draft is None:
        return
    steps = steps_of(draft)
    at = steps.index(step)
    with st.container(horizontal=True):
        if at > 0:
            st.button(
                word("back"),
                key="back",
                icon=":material/arrow_back:",
                on_click=change,
                kwargs={"step": steps[at - 1]},
            )
        if at + 1 < len(steps):
            st.button(
                word(f"next_{steps[at]}"),
                key="onward",
                type="primary",
                disabled=not onward,
                on_click=change,
                kwargs={"step": steps[at + 1]},
            )
        else:
            _draw_confirm(register, draft, ready)
        _draw_discard(draft)


def _draw_discard(draft: Draft) -> None:
    """Offer to put the file aside; asked once where people have corrected or decided something."""
    worked = draft.corrections or draft.skipped or draft.doubles or draft.sides
    if not worked:
        st.button(word("discard"), key="discard_import", type="tertiary", on_click=forget)
        return
    if st.session_state.get(keys.DISCARDING) != draft.key:
        st.button(
            word("discard"),
            key="discard_import",
            type="tertiary",
            on_click=_ask_to_discard,
            args=(draft.key,),
        )
        return
    st.caption(word("discard_ask"), width="content")
    st.button(word("discard_sure"), key="discard_sure", on_click=forget)
    st.button(
        word("discard_not"),
        key="discard_not",
        type="tertiary",
        on_click=_ask_to_discard,
        args=("",),
    )


def _ask_to_discard(key: str) -> None:
    st.session_state[keys.DISCARDING] = key


def _draw_confirm(register: Register, draft: Draft, ready: Ready | None) -> None:
    if ready is None:
        st.button(word("confirm_nothing"), key="confirm_import", type="primary", disabled=True)
        return
    streets = ready.table == "streets"
    size = count(ready.size, current())
    named = file.table_name(ready.table)
    st.button(
        word("use_streets") if streets else word("confirm", count=size, table=named),
        type="primary",
        key="confirm_import",
        on_click=partial(take_in, register, ready, provenance_of(ready, draft.source)),
    )


def _draw_left_out(register: Register) -> None:
    """Offer the rows that the last import left out, until another file or an undo of it."""
    held_back = st.session_state.get(keys.LEFT_OUT)
    if held_back is None:
        return
    name, rejects, event = held_back
    if event is not None and register.event_at(event).undone_by is not None:
        st.session_state.pop(keys.LEFT_OUT)
        return
    st.download_button(
        word("left_out_after", count=count(len(rejects.rows), current())),
        data=left_out_file(rejects, current()),
        file_name=left_out_name(name),
        on_click="ignore",
        icon=":material/download:",
        key="left_out_after",
    )
