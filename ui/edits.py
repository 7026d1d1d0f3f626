"""What people do on the map and in its form, written to the register; each change can be undone.

Callbacks run before the script: they write, and leave a notice for the page to show.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

import streamlit as st

from geo.errors import PlannerError
from register import Kind, Record, Register
from siting import district_time
from siting.model import Place
from ui import keys
from ui.compute import read_book
from ui.identity import sign_for, sign_undoing
from ui.labels import refusal
from ui.language import current, tell
from ui.live_map import MapEvent
from ui.record_form import LONGEST_NAME
from ui.safe import plain
from ui.workbench.placing import place_at
from words import Lang, say

Words = str | Callable[[Lang], str]
"""A sentence, or what says it in the language of the moment."""


@dataclass(frozen=True)
class Tap:
    """A place tapped for a new candidate, WGS-84 degrees; `key` keeps one tap one candidate."""

    lon: float
    lat: float
    key: str


@dataclass(frozen=True)
class Notice:
    """What the page tells after a change; `event` is what its button undoes.

    `words` told by language follow the switch; `doubt` is what to look at again.
    """

    kind: Literal["done", "error"]
    words: Words
    event: int | None = None
    doubt: Callable[[Lang], str] | None = None

    @property
    def text(self) -> str:
        """The sentence in the language of this session."""
        return self.words if isinstance(self.words, str) else self.words(current())


@dataclass(frozen=True)
class Edited:
    """The record whose correction is open, as it was when the form was opened."""

    record: Record


def apply_event(register: Register, event: MapEvent) -> None:
    """Do what somebody did on the map: open the form, pick a point, or move a candidate."""
    st.session_state[keys.ANSWERED] = event.seq
    match event.type:
        case "add":
            close_card()
            st.session_state[keys.TAPPED] = Tap(event.lon, event.lat, uuid.uuid4().hex)
        case "pick":
            pick(event.id)
        case "move":
            move(register, "candidates", event.id, (event.lon, event.lat), event.version or 0)


def pick(record_id: str) -> None:
    """Show a point in the card under the map."""
    st.session_state[keys.PICKED] = record_id
    st.session_state.pop(keys.TRIED, None)
    forget_tap()
    st.session_state.pop(keys.NOTICE, None)


def fly_to(record_id: str) -> None:
    """Pick a candidate from a list: the map flies there."""
    pick(record_id)
    st.session_state.pop(keys.FLY_TO, None)
    st.session_state[keys.FLY] = st.session_state.get(keys.FLY, 0) + 1


def close_card() -> None:
    """Forget what was picked, tapped or told: the card beside the map closes."""
    for key in (keys.PICKED, keys.TAPPED, keys.EDITED, keys.TRIED, keys.NOTICE):
        st.session_state.pop(key, None)


def forget_tap() -> None:
    """Close the form, of a new candidate or of a correction."""
    for key in (keys.TAPPED, keys.EDITED):
        st.session_state.pop(key, None)


def forget_notice() -> None:
    """Forget what was told: the figures it spoke of have changed."""
    st.session_state.pop(keys.NOTICE, None)


def open_form(register: Register, kind: Kind, record_id: str) -> None:
    """Open the form that corrects a record, with what is stored now."""
    forget_notice()
    st.session_state.pop(keys.TAPPED, None)
    st.session_state[keys.EDITED] = Edited(register.get(kind, record_id))


def add_candidate(register: Register, tapped: Tap, values: Mapping[str, object]) -> None:
    """Store a tapped candidate; sent twice, it is stored once."""
    given = {name: value for name, value in values.items() if value not in (None, "")}
    name = str(given.get("name") or default_name(register))
    given |= {"lon": tapped.lon, "lat": tapped.lat, "state": "proposed"}
    given["name"] = name[:LONGEST_NAME]
    try:
        record = register.add(
            "candidates", given, who=sign_for(register, "candidates", given), key=tapped.key
        )
    except PlannerError as error:
        _refused(error, register)
    else:
        pick(record.id)
        _done(register, "saved", record, shortened=len(name) > LONGEST_NAME)


def correct(register: Register, edited: Edited, values: Mapping[str, object]) -> None:
    """Store a correction; what somebody else changed or deleted since is told, not overwritten."""
    seen = edited.record
    name = str(values.get("name", ""))
    given = {**values, "name": name[:LONGEST_NAME]}
    changed = {field: value for field, value in given.items() if value != seen[field]}
    forget_tap()
    try:
        signed = sign_for(register, seen.kind, seen.fields, {**seen.fields, **changed})
        record = register.update(seen.kind, seen.id, changed, version=seen.version, who=signed)
    except PlannerError as error:
        _refused(error, register, seen.kind, seen.id)
    else:
        pick(record.id)
        _done(register, "saved", record, shortened=len(name) > LONGEST_NAME)


def default_name(register: Register) -> str:
    """Return the first numbered name that no candidate has."""
    taken = {str(record["name"]) for record in register.records("candidates")}
    number = 1
    while (name := tell("point.name_default", number=number)) in taken:
        number += 1
    return name


def remove_candidate(register: Register, record_id: str, version: int) -> None:
    """Remove a candidate that somebody added by hand."""
    try:
        signed = sign_for(register, "candidates", register.get("candidates", record_id).fields)
        record = register.remove("candidates", record_id, version=version, who=signed)
    except PlannerError as error:
        _refused(error, register, "candidates", record_id)
    else:
        st.session_state.pop(keys.PICKED, None)
        _done(register, "removed", record)


def undo(register: Register, event: int) -> None:
    """Take one change back."""
    try:
        register.undo(event, who=sign_undoing(register, register.event_at(event)))
    except PlannerError as error:
        _refused(error, register)
    else:
        picked = st.session_state.get(keys.PICKED, "")
        if deleted(register, "candidates", picked) is not None:
            st.session_state.pop(keys.PICKED, None)
        st.session_state[keys.NOTICE] = Notice("done", partial(say, "ui.change.undone"))


def deleted(register: Register, kind: Kind, record_id: str) -> Callable[[Lang], str] | None:
    """Return who deleted the record, and when; None: it was not deleted."""
    try:
        record = register.get(kind, record_id)
    except PlannerError:
        return None
    if not record.deleted:
        return None
    facts = {
        "name": record["name"] or record.id,
        "who": record.updated_by,
        "when": district_time.to_the_minute(record.updated_at),
    }
    return lambda lang: say("ui.change.deleted", lang, **facts)


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
    if notice.doubt is not None:
        st.warning(plain(notice.doubt(current())), icon=":material/help:")


def move(
    register: Register,
    kind: Literal["candidates", "stations"],
    record_id: str,
    to: Place,
    seen: int,
) -> None:
    """Let a record stand elsewhere; its history, its state and all else stay.

    Parameters
    ----------
    register, kind, record_id
        What moves.
    to
        Longitude and latitude, WGS-84 degrees.
    seen
        Version of the record that was on the map.
    """
    changes = _place(register, kind, record_id, to)
    try:
        before = register.get(kind, record_id).fields
        signed = sign_for(register, kind, before, {**before, **changes})
        record = register.update(kind, record_id, changes, version=seen, who=signed)
    except PlannerError as error:
        _refused(error, register, kind, record_id)
    else:
        pick(record.id)
        _done(register, "moved", record)


def _place(register: Register, kind: Kind, record_id: str, to: Place) -> dict[str, object]:
    """Return what a drag changes: the position, and the unit where the new place has another."""
    inputs = read_book(register).inputs
    here = place_at(register, inputs, *to).unit
    changes: dict[str, object] = {"lon": to[0], "lat": to[1]}
    table = inputs.stations if kind == "stations" else inputs.candidates
    rows = table.loc[table["id"] == record_id, ["lon", "lat"]]
    for lon, lat in rows.to_numpy(dtype=float):
        if place_at(register, inputs, lon, lat).unit != here:
            changes["town"] = here
    return changes


def tell_latest(register: Register, words: Callable[[Lang], str]) -> None:
    """Leave a notice of the register's latest event, with the button that undoes it."""
    (event,) = register.events(limit=1)
    st.session_state[keys.NOTICE] = Notice("done", words, event.id)


def tell_error(words: Callable[[Lang], str]) -> None:
    """Leave a notice of what was refused."""
    st.session_state[keys.NOTICE] = Notice("error", words)


def _done(register: Register, what: str, record: Record, *, shortened: bool = False) -> None:
    name = record["name"] or tell("point.unnamed")

    def words(lang: Lang) -> str:
        told = say(f"ui.change.{what}", lang, name=name)
        return told + (say("ui.change.shortened", lang, most=LONGEST_NAME) if shortened else "")

    event = register.history(record.kind, record.id)[-1].id
    st.session_state[keys.NOTICE] = Notice("done", words, event)


def _refused(
    error: PlannerError, register: Register, kind: Kind = "candidates", record_id: str = ""
) -> None:
    tell_error(deleted(register, kind, record_id) or refusal(error))
