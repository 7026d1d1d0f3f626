"""Taking hold of a point on the map: what it would bring elsewhere, and moving it there.

A candidate moves when it is let go, and moving it can be undone. A station is only tried, and only
after somebody has said that stations are to be moved: its record changes by a button of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from geo.errors import PlannerError
from register import Record, Register
from reports.webmap import Grip
from siting.model import Place
from siting.what_if import what_if
from ui import edits, identity, keys
from ui.compute import Situation, live_of
from ui.language import current, tell
from ui.live_map import MapEvent
from ui.safe import plain
from ui.workbench.placing import place_at
from ui.workbench.what_if import sentence
from words import say

Table = Literal["candidates", "stations"]
_TABLES: dict[str, Table] = {"candidate": "candidates", "station": "stations"}


@dataclass(frozen=True)
class Trial:
    """A record that is held elsewhere; nothing is stored.

    Attributes
    ----------
    table, id
        Of the record.
    place
        Longitude and latitude, WGS-84 degrees.
    """

    table: Table
    id: str
    place: Place


def take(event: MapEvent) -> None:
    """Keep where a point is held, for the page to say what it would bring there."""
    if event.kind not in _TABLES:
        return
    edits.pick(event.id)
    st.session_state[keys.TRIED] = Trial(_TABLES[event.kind], event.id, (event.lon, event.lat))
    st.session_state[keys.ANSWERED] = event.seq


def tried(table: Table, record_id: str) -> Trial | None:
    """Return where a record is held elsewhere; None: it is not."""
    held: Trial | None = st.session_state.get(keys.TRIED)
    return held if held is not None and (held.table, held.id) == (table, record_id) else None


def forget() -> None:
    """Put back what is held."""
    st.session_state.pop(keys.TRIED, None)


def grip_of(now: Situation, picked: str | None) -> Grip | None:
    """Return the handle on the picked point; None: it may not be dragged, or needs none."""
    if picked is None or picked in now.book.own:
        return None
    candidate = _record(now, "candidates", picked)
    if candidate is not None:
        may = identity.may_change(now.register, "candidates", candidate.fields)
        return _grip("candidate", candidate) if may else None
    if not st.session_state.get(keys.MOVE_STATION):
        return None
    station = _record(now, "stations", picked)
    return None if station is None else _grip("station", station)


def draw_candidate_grip(now: Situation, row: Mapping[str, Any]) -> None:
    """Say that a candidate can be dragged, what it would bring where it is held, and its street."""
    held = tried("candidates", row["id"])
    if held is not None:
        _draw_trial(now, held)
        return
    place = place_at(now.register, now.inputs, row["lon"], row["lat"])
    if place.attached and place.snapped:
        st.caption(plain(place.snapped))
    if grip_of(now, row["id"]) is not None:
        st.caption(_word("candidate"))


def draw_station_grip(now: Situation, row: Mapping[str, Any]) -> None:
    """Draw the switch that lets stations be tried elsewhere, and what the picked one brings."""
    if not now.coverage.point_id:
        return
    st.toggle(
        _word("switch"),
        key=keys.MOVE_STATION,
        persist_state="session",
        on_change=forget,
        help=_word("switch_help"),
    )
    if not st.session_state.get(keys.MOVE_STATION):
        return
    held = tried("stations", row["id"])
    if held is None:
        st.caption(_word("station"))
        return
    _draw_trial(now, held)
    _draw_verdict(now, held)


def _draw_trial(now: Situation, held: Trial) -> None:
    found = what_if(live_of(now), (held.table, held.id), {}, held.place)
    key = "here" if held.table == "candidates" else "there"
    st.info(plain(_word(key) + sentence(found)), icon=":material/calculate:")
    place = place_at(now.register, now.inputs, *held.place)
    for warning in place.warnings():
        st.warning(plain(warning), icon=":material/warning:")
    if place.attached and place.snapped:
        st.caption(plain(place.snapped))
    _draw_unit(now, held, place.unit)


def _draw_unit(now: Situation, held: Trial, there: str) -> None:
    """Say whose the record would be, where the place belongs to somebody else."""
    rows = now.inputs.stations if held.table == "stations" else now.inputs.candidates
    for lon, lat in rows.loc[rows["id"] == held.id, ["lon", "lat"]].to_numpy(dtype=float):
        if place_at(now.register, now.inputs, lon, lat).unit != there:
            st.caption(plain(_word("unit", unit=there) if there else _word("no_unit")))


def _draw_verdict(now: Situation, held: Trial) -> None:
    record = _record(now, "stations", held.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        if record is not None and identity.may_change(now.register, "stations", record.fields):
            st.button(
                _word("store"),
                key="store_trial",
                type="primary",
                on_click=_store,
                args=(now.register, held, record.version),
            )
        else:
            st.caption(_word("only_tried"))
        st.button(_word("back"), key="drop_trial", on_click=forget)


def _store(register: Register, held: Trial, seen: int) -> None:
    edits.move(register, held.table, held.id, held.place, seen)
    forget()


def _grip(kind: Literal["candidate", "station"], record: Record) -> Grip:
    held = tried(_TABLES[kind], record.id)
    lon, lat = _at(record) if held is None else held.place
    name = str(record["name"]) or tell("point.unnamed")
    return Grip(record.id, kind, record.version, lon, lat, _word("handle", name=name))


def _record(now: Situation, table: Table, record_id: str) -> Record | None:
    """Return the record as the map shows it; None: there is none, or it has moved since."""
    rows = now.inputs.stations if table == "stations" else now.inputs.candidates
    shown = rows.loc[rows["id"] == record_id, ["lon", "lat"]].to_numpy(dtype=float)
    if not len(shown):
        return None
    try:
        record = now.register.get(table, record_id)
    except PlannerError:
        return None
    return record if not record.deleted and _at(record) == tuple(shown[0]) else None


def _at(record: Record) -> Place:
    return float(str(record["lon"])), float(str(record["lat"]))


def _word(key: str, /, **facts: object) -> str:
    return say(f"workbench.drag.{key}", current(), **facts)
