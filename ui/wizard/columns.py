"""Step 2: which column of the file is what: recognised, shown with the first rows, changeable."""

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo.errors import PlannerError
from geo.intake.headings import Choice, ColumnsMissingError, choices
from geo.intake.meanings import ABSENT, Header, letter
from geo.intake.positions import looks_like_positions
from geo.intake.raw import RawTable
from geo.tables import Column, columns, has_position
from ui import keys
from ui.guard import show_error
from ui.language import current
from ui.safe import plain
from ui.wizard import rows, spreading
from ui.wizard.draft import Draft, change, held
from ui.wizard.reading import cells_shown, header_of
from ui.wizard.words import word
from words import say

_SHOWN_ROWS = 5
_SHOWN_UNUSED = 6
_AXES = ("lon", "lat")


def draw(draft: Draft, raw: RawTable) -> bool:
    """Draw the step; return whether people may go on."""
    raw = cells_shown(draft, raw)
    missing: tuple[Column, ...] = ()
    spreading.draw(draft, raw)
    try:
        header = header_of(draft, raw)
    except ColumnsMissingError as error:
        missing, offered, places = error.missing, error.choices, error.places
        joint = say("intake.comma_list", current())
        names = joint.join(column.label(current()) for column in missing)
        key = "columns_missing"
        if {column.name for column in missing} == set(_AXES):
            key = "columns_missing_place"  # most such files have none: a button says so
        st.warning(word(key, columns=plain(names)))
        _draw_as_they_stand(raw)
    except PlannerError as error:
        show_error(error)
        st.button(word("columns_reset"), on_click=change, kwargs={"mapping": {}})
        return False
    else:
        offered = choices(raw, header)
        places = {column: _stated(header, column, offered) for column in header.places}
        _draw_intro(raw, header)
        _draw_recognised(draft, raw, header)
        _draw_positions(draft, raw, header)
        if not rows.has_rows(raw, header):
            st.warning(word("columns_no_rows"), icon=":material/table_rows:")
            return False
    _draw_choices(draft, offered, places, missing)
    return not missing


def _draw_intro(raw: RawTable, header: Header) -> None:
    """Say how many columns of the file have a use, and which have none."""
    used = {*header.places.values()} | ({header.datum} if header.datum is not None else set())
    filled = rows.filled_columns(raw, header)
    unused = [rows.column_name(header, place) for place in filled if place not in used]
    facts = {"all": len(used | set(filled)), "used": len(used)}
    if not unused:
        st.caption(word("columns_intro", **facts))
        return
    shown = say("intake.comma_list", current()).join(unused[:_SHOWN_UNUSED])
    listed = plain(shown + ("…" if len(unused) > _SHOWN_UNUSED else ""))
    st.caption(word("columns_intro_rest", rest=len(unused), unused=listed, **facts))


def _draw_positions(draft: Draft, raw: RawTable, header: Header) -> None:
    """Ask about a column that nobody needs and that looks like positions."""
    if not has_position(draft.table) or set(_AXES) & set(header.places):
        return
    used = {*header.places.values(), header.datum}
    for place in rows.filled_columns(raw, header):
        if place in used or not looks_like_positions(raw.cells[place].iloc[header.row + 1 :]):
            continue
        name = rows.column_name(header, place)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(word("columns_like_positions", heading=plain(name)))
            st.button(
                word("columns_like_positions_take"),
                key="take_positions",
                on_click=_state,
                args=(dict.fromkeys(_AXES, name),),
            )
        return


def _draw_as_they_stand(raw: RawTable) -> None:
    st.caption(word("first_rows"))
    rows.show(rows.first_rows(raw, _SHOWN_ROWS + 1))


def _draw_recognised(draft: Draft, raw: RawTable, header: Header) -> None:
    """Show the first rows, each heading with what it was taken for."""
    frame = rows.rows_below(raw, header, _SHOWN_ROWS)
    meant: dict[int, list[str]] = {}
    for column in columns(draft.table):
        if column.name in header.places:
            meant.setdefault(header.places[column.name], []).append(column.label(current()))
    if header.datum is not None:
        meant[header.datum] = [word("columns_datum")]
    labels = {}
    for place, name in zip(rows.filled_columns(raw, header), frame.columns[1:], strict=True):
        taken = say("intake.comma_list", current()).join(meant.get(place, []))
        labels[name] = (
            word("column_taken", heading=name, column=taken)
            if taken
            else word("column_unused", heading=name)
        )
    rows.show(frame, labels)


def _stated(header: Header, column: str, offered: Sequence[Choice]) -> str:
    """Return what a person would state for a recognised column: its heading or its letter."""
    heading = header.heading(column)
    known = any(choice.heading == heading for choice in offered)
    return heading if known else letter(header.places[column])


def _draw_choices(
    draft: Draft,
    offered: Sequence[Choice],
    places: Mapping[str, str],
    missing: Sequence[Column],
) -> None:
    names = {column.name for column in missing}
    every = columns(draft.table)
    usual = [c for c in every if c.name in places and c.name not in names]
    others = [c for c in every if c.name not in places and c.name not in names]
    first = [*missing, *usual]
    if set(_AXES) & names:
        _draw_no_position(draft)
        st.caption(word("columns_together"))
    _draw_boxes(draft, first, offered, places)
    if others:
        with st.expander(word("columns_others", count=len(others))):
            _draw_boxes(draft, others, offered, places)


def _draw_no_position(draft: Draft) -> None:
    """Offer to go on without positions: the rows wait until somebody places them."""
    st.button(
        word("columns_no_position"),
        on_click=_state,
        args=(dict.fromkeys(_AXES, ABSENT),),
        icon=":material/wrong_location:",
        key="no_position",
        disabled=not has_position(draft.table),
    )


def _draw_boxes(
    draft: Draft,
    asked: Sequence[Column],
    offered: Sequence[Choice],
    places: Mapping[str, str],
) -> None:
    samples = {choice.heading: choice.sample for choice in offered}
    turn = st.session_state.get(keys.COLUMNS_ROUND, 0)
    cells: Sequence[DeltaGenerator] = ()
    for number, column in enumerate(asked):
        if number % 3 == 0:
            cells = st.columns(3)  # row by row, so that one above the other they keep their order
        now = places.get(column.name, ABSENT)
        required = column.required and column.name not in draft.mapping
        none = word("columns_choose" if required and now == ABSENT else "columns_none")
        options = [ABSENT, *samples]
        key = f"column.{draft.key}.{turn}.{column.name}"
        with cells[number % 3]:
            st.selectbox(
                column.label(current()) + (" *" if column.required else ""),
                options,
                index=options.index(now) if now in options else 0,
                format_func={h: _shown(h, samples, none) for h in options}.__getitem__,
                key=key,
                on_change=_chosen,
                args=(column.name, key),
            )


def _shown(heading: str, samples: Mapping[str, str], none: str) -> str:
    if heading == ABSENT:
        return none
    sample = samples[heading]
    return word("columns_sample", heading=heading, sample=sample) if sample else heading


def _chosen(column: str, key: str) -> None:
    _state({column: st.session_state[key]})


def _state(stated: Mapping[str, str]) -> None:
    """Remember what people say of columns; the others are recognised anew beside it."""
    draft = held()
    if draft is None:
        return
    # New boxes: what was recognised beside the change may be another column now.
    st.session_state[keys.COLUMNS_ROUND] = st.session_state.get(keys.COLUMNS_ROUND, 0) + 1
    change(mapping={**draft.mapping, **stated}, doubles={})
