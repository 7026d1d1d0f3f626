"""改街道: streets that are closed or drawn on the planner's map, while somebody tries them.

A draft of this session: the figures of the planner's page are counted with it, nothing is stored
until it is kept as a scenario. Who writes places down by coordinates finds that under 高级.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from geo.errors import PlannerError
from register import Register
from reports.webmap import StreetSet, changed_street_sets
from siting.model import ChangedStreet, Inputs
from siting.street_changes import (
    AddPath,
    CloseStreet,
    StreetChange,
    read_changes,
    with_street_changes,
)
from ui import edits, keys
from ui.compute import Book, Situation, read_book
from ui.labels import refusal
from ui.language import current
from ui.live_map import MapEvent
from ui.safe import plain
from words import Lang, distance, say

_LONGEST = 2000
"""Characters of each list: some dozens of streets."""

MOST_CHANGES = 40
"""Each is done again for every new state of the records."""


def held() -> tuple[StreetChange, ...]:
    """Return what this session tries, in the order in which it was drawn."""
    changes: tuple[StreetChange, ...] = st.session_state.get(keys.STREETS, ())
    return changes


def hold(changes: Sequence[StreetChange]) -> None:
    """Try these changes from now on, such as those of a kept scenario."""
    st.session_state[keys.STREETS] = tuple(changes)


def take(register: Register, event: MapEvent) -> None:
    """Try a street that was tapped to be closed, or a new one that was drawn."""
    if event.type == "close":
        change: StreetChange = CloseStreet((event.lon, event.lat))
    else:
        change = AddPath(event.corners, name=_free_name(held()))
    _try(register, (change,))


def with_held(book: Book) -> Book:
    """Return the state of the register with the streets as this session tries them.

    Raises
    ------
    InputError
        A street is no longer there: other streets were taken in since.
    """
    changes = held()
    if not changes:
        return book
    return _changed(str(book.revision), changes, book)


def draw_changes(now: Situation) -> None:
    """Draw what is tried, each with its way back; nothing where nothing is."""
    changes = held()
    if not changes:
        return
    lang = current()
    told = now.inputs.street_changes
    with st.container(border=True, key="street_changes", gap="xsmall"):
        st.markdown(f"**{_word('title', count=len(changes))}**")
        st.caption(_word("help"))
        for number, change in enumerate(told):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(plain(_told(change, lang)), width="stretch")
                st.button(
                    _word("drop"),
                    key=f"drop_street_{number}",
                    type="tertiary",
                    icon=":material/close:",
                    on_click=_drop,
                    args=(number,),
                )
        if len(told) > 1:
            st.button(_word("drop_all"), key="drop_streets", on_click=hold, args=((),))


def draw_lost(error: PlannerError) -> None:
    """Say that the streets of the draft are not there any more, with the way out."""
    st.error(plain(error.message(current())), icon=":material/error:")
    st.button(_word("drop_all"), key="drop_streets", on_click=hold, args=((),))


def draw_kept(register: Register) -> None:
    """Say where a scenario is kept which streets go along, or how to change some."""
    count = len(held())
    st.caption(_word("kept", count=count) if count else _word("none"))
    _draw_advanced(register)


def lines_of(before: Inputs, after: Inputs) -> tuple[StreetSet, ...]:
    """Return what changed of the streets, to draw on a map."""
    if before.streets is None or after.streets is None or not after.street_changes:
        return ()
    return changed_street_sets(before.streets, after.streets, after.street_changes, current())


def _draw_advanced(register: Register) -> None:
    """Draw the lists of coordinates for whoever has them from elsewhere."""
    with (
        st.expander(_word("advanced"), icon=":material/edit_road:"),
        st.form("streets_written", border=False, clear_on_submit=True),
    ):
        st.caption(_word("advanced_help"))
        closed = st.text_area(
            say("scenarios.streets_close", current()),
            height=80,
            max_chars=_LONGEST,
            placeholder="116.3294,39.7240",
        )
        paths = st.text_area(
            say("scenarios.streets_add", current()),
            height=80,
            max_chars=_LONGEST,
            placeholder="116.3301,39.7326 116.3330,39.7340",
        )
        if st.form_submit_button(_word("add")):
            _take_written(register, closed, paths)
            st.rerun()


def _take_written(register: Register, closed: str, paths: str) -> None:
    try:
        changes = read_changes(closed, paths)
    except PlannerError as error:
        edits.tell_error(refusal(error))
    else:
        _try(register, changes)


def _try(register: Register, changes: Sequence[StreetChange]) -> None:
    """Add changes to the draft if the streets of today take them; say what was done, or why not."""
    before = held()
    inputs = read_book(register).inputs
    try:
        tried = with_street_changes(inputs, (*before, *changes))
    except PlannerError as error:
        edits.tell_error(refusal(error))
        return
    if len(before) + len(changes) > MOST_CHANGES:
        edits.tell_error(partial(say, "workbench.street.most", most=MOST_CHANGES))
        return
    hold((*before, *changes))
    done = tried.street_changes[len(tried.street_changes) - len(changes) :]
    if done:
        st.session_state[keys.NOTICE] = edits.Notice("done", partial(_said, done))


def _said(done: tuple[ChangedStreet, ...], lang: Lang) -> str:
    between = say("scenarios.change.joint", lang)
    told = between.join(_told(change, lang) for change in done)
    return say("workbench.street.done", lang, what=told)


def _told(change: ChangedStreet, lang: Lang) -> str:
    return say(
        f"workbench.street.{change.kind}",
        lang,
        street=change.street or say("workbench.street.unnamed", lang),
        metres=distance(round(change.length_m), lang),
    )


def _drop(number: int) -> None:
    changes = held()
    hold((*changes[:number], *changes[number + 1 :]))
    edits.forget_notice()


def _free_name(changes: Sequence[StreetChange]) -> str:
    taken = {change.name for change in changes if isinstance(change, AddPath)}
    number = 1
    while (name := _word("name", number=number)) in taken:
        number += 1
    return name


@st.cache_resource(max_entries=6, show_spinner=False)
def _changed(revision: str, changes: tuple[StreetChange, ...], _book: Book) -> Book:
    del revision
    inputs = with_street_changes(_book.inputs, changes)
    return replace(_book, inputs=inputs, changed_by=repr(changes))


def _word(key: str, /, **facts: object) -> str:
    return say(f"workbench.street.{key}", current(), **facts)
