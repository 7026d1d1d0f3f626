"""What people do on the map and in its form, written to the register; each change can be undone.

Callbacks run before the script: they write, and leave a notice for the page to show.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from geo.errors import PlannerError
from register import Record, Register
from ui import keys
from ui.language import current, tell
from ui.live_map import MapEvent
from ui.projects import who
from ui.safe import plain


@dataclass(frozen=True)
class Tap:
    """A place tapped for a new candidate, WGS-84 degrees; `key` keeps one tap one candidate."""

    lon: float
    lat: float
    key: str


@dataclass(frozen=True)
class Notice:
    """What the page tells after a change; `event` is what its button undoes."""

    kind: Literal["done", "error"]
    text: str
    event: int | None = None


def apply_event(register: Register, event: MapEvent) -> None:
    """Do what somebody did on the map: open the form, pick a point, or move a candidate."""
    st.session_state[keys.ANSWERED] = event.seq
    match event.type:
        case "add":
            st.session_state[keys.TAPPED] = Tap(event.lon, event.lat, uuid.uuid4().hex)
            st.session_state.pop(keys.NOTICE, None)
        case "pick":
            pick(event.id)
        case "move":
            _move(register, event)


def pick(record_id: str) -> None:
    """Show a point in the card under the map."""
    st.session_state[keys.PICKED] = record_id
    forget_tap()
    st.session_state.pop(keys.NOTICE, None)


def fly_to(record_id: str) -> None:
    """Pick a candidate from a list: the map flies there."""
    pick(record_id)
    st.session_state[keys.FLY] = st.session_state.get(keys.FLY, 0) + 1


def close_card() -> None:
    """Forget what was picked, tapped or told: the card beside the map closes."""
    for key in (keys.PICKED, keys.TAPPED, keys.NOTICE):
        st.session_state.pop(key, None)


def forget_tap() -> None:
    """Close the form of a new candidate."""
    st.session_state.pop(keys.TAPPED, None)


def add_candidate(register: Register, tapped: Tap, values: Mapping[str, object]) -> None:
    """Store a tapped candidate; sent twice, it is stored once."""
    given = {name: value for name, value in values.items() if value not in (None, "")}
    given |= {"lon": tapped.lon, "lat": tapped.lat, "state": "proposed"}
    try:
        record = register.add("candidates", given, who=who(), key=tapped.key)
    except PlannerError as error:
        _refused(error)
    else:
        pick(record.id)
        _done(register, "saved", record)


def remove_candidate(register: Register, record_id: str, version: int) -> None:
    """Remove a candidate that somebody added by hand."""
    try:
        record = register.remove("candidates", record_id, version=version, who=who())
    except PlannerError as error:
        _refused(error)
    else:
        st.session_state.pop(keys.PICKED, None)
        _done(register, "removed", record)


def undo(register: Register, event: int) -> None:
    """Take one change back."""
    try:
        register.undo(event, who=who())
    except PlannerError as error:
        _refused(error)
    else:
        st.session_state[keys.NOTICE] = Notice("done", tell("change.undone"))


def draw_notice(register: Register) -> None:
    """Show what the last change did, with its way back, until the next one."""
    notice: Notice | None = st.session_state.get(keys.NOTICE)
    if notice is None:
        return
    if notice.kind == "error":
        st.error(plain(notice.text), icon=":material/error:")
        return
    with st.container(key="notice", horizontal=True, vertical_alignment="center"):
        st.success(plain(notice.text), icon=":material/check:")
        if notice.event is not None:
            st.button(
                tell("change.undo"),
                key="undo_change",
                icon=":material/undo:",
                on_click=undo,
                args=(register, notice.event),
            )


def _move(register: Register, event: MapEvent) -> None:
    place = {"lon": event.lon, "lat": event.lat}
    try:
        record = register.update(
            "candidates", event.id, place, version=event.version or 0, who=who()
        )
    except PlannerError as error:
        _refused(error)
    else:
        pick(record.id)
        _done(register, "moved", record)


def _done(register: Register, what: str, record: Record) -> None:
    name = record["name"] or record.id
    text = tell(f"change.{what}", name=name)
    event = register.history("candidates", record.id)[-1].id
    st.session_state[keys.NOTICE] = Notice("done", text, event)


def _refused(error: PlannerError) -> None:
    st.session_state[keys.NOTICE] = Notice("error", error.message(current()))
