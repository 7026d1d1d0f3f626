"""Rows that only lack a position: placed by hand on the map, or put at the middle of their unit."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from geo.errors import PlannerError
from geo.intake import Intake
from geo.intake.units import unit_name
from geo.intake.unplaced import town_places
from geo.intake.wishes import DATUM
from geo.zones import read_zones
from register import Register
from reports.webmap import MapScene
from siting.model import Inputs
from ui import keys
from ui.compute import base_of
from ui.guard import show_error
from ui.language import current
from ui.live_map import MapEvent, show_map
from ui.look import table_height
from ui.safe import plain
from ui.wizard.draft import Draft, correct, held, keep
from ui.wizard.words import word
from words import count

_WHERE = ("name", "address", "town")


def draw(draft: Draft, intake: Intake, register: Register, inputs: Inputs) -> None:
    """Draw the rows that wait, and both ways to give them a place."""
    waiting = intake.unplaced
    if not len(waiting.rows) and not draft.central:
        return
    st.markdown(f"**{word('unplaced_title', count=count(len(waiting.rows), current()))}**")
    st.caption(word("unplaced_help"))
    if len(waiting.rows):
        frame = _listed(intake)
        st.dataframe(
            frame,
            hide_index=True,
            height=table_height(len(frame)),
            column_config={
                "row": st.column_config.TextColumn(word("row"), width=90),
                **{name: st.column_config.TextColumn(word(f"where_{name}")) for name in _WHERE},
            },
        )
    _draw_central(draft, intake, inputs)
    if len(waiting.rows) and st.toggle(word("place"), key=f"place.{draft.key}"):
        _draw_map(intake, register, inputs)


def unit_middles(demand: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Return the middle of each unit's demand points, WGS-84: the median of each axis."""
    named = demand.loc[demand["town"] != "", ["town", "lon", "lat"]]
    middles = named.groupby("town")[["lon", "lat"]].median()
    return {
        unit_name(str(town)) or str(town): (float(lon), float(lat))
        for town, lon, lat in zip(middles.index, middles["lon"], middles["lat"], strict=True)
    }


def _listed(intake: Intake) -> pd.DataFrame:
    frame = pd.DataFrame({"row": [str(row) for row in intake.unplaced.rows.tolist()]})
    for name in _WHERE:
        if name in intake.unplaced.frame:
            frame[name] = intake.unplaced.frame[name].to_numpy()
    return frame


def _draw_central(draft: Draft, intake: Intake, inputs: Inputs) -> None:
    """Offer to put rows at the middle of their unit, to be verified."""
    known = {**unit_middles(inputs.demand), **draft.town_places}
    towns = [str(town) for town in intake.unplaced.frame.get("town", pd.Series(dtype="str"))]
    able = sum((unit_name(town) or town) in known for town in towns if town)
    if able or draft.central:
        chosen = st.checkbox(
            word("central", count=count(able, current())) if able else word("central_on"),
            value=draft.central,
            key=f"central.{draft.key}",
            on_change=_set_central,
            args=(f"central.{draft.key}", known),
        )
        if chosen:
            st.caption(word("central_help"))
    with st.expander(word("boundary")):
        st.caption(word("boundary_help"))
        uploaded = st.file_uploader(word("boundary_file"), key=f"boundary.{draft.key}")
        if uploaded is not None:
            _take_boundary(draft, uploaded.getvalue(), uploaded.name)


def _set_central(key: str, known: Mapping[str, tuple[float, float]]) -> None:
    draft = held()
    if draft is not None:
        keep(replace(draft, central=bool(st.session_state[key]), town_places=known))


def _take_boundary(draft: Draft, data: bytes, name: str) -> None:
    try:
        zones = read_zones(data, name=name)
    except PlannerError as error:
        show_error(error)
        return
    places = town_places(zones.names, zones.polygons)
    st.caption(word("boundary_read", count=count(len(places), current())))
    if not places.items() <= draft.town_places.items():
        keep(replace(draft, town_places={**draft.town_places, **places}))
        st.rerun()


def _draw_map(intake: Intake, register: Register, inputs: Inputs) -> None:
    """Let people pick a row and tap its place."""
    rows = intake.unplaced.rows.tolist()
    names = {row: _row_name(intake, index) for index, row in enumerate(rows)}
    # Rows that were placed are gone from the list: the next one comes up by itself.
    key = f"{keys.PLACED_ROW}.{rows[0]}.{len(rows)}"
    row = st.selectbox(word("place_which"), rows, format_func=names.__getitem__, key=key)
    st.caption(word("place_help"))
    scene = MapScene(base=base_of(register, inputs), lang=current(), can_add=True)
    show_map(scene, key=keys.IMPORT_MAP, on_event=partial(place, row))


def _row_name(intake: Intake, index: int) -> str:
    row = intake.unplaced.frame.iloc[index]
    said = [str(row[name]) for name in _WHERE if name in row and str(row[name])]
    return word("place_row", row=intake.unplaced.rows[index], name=plain(" · ".join(said)))


def place(row: int, event: MapEvent) -> None:
    """Give a row the place that was tapped: WGS-84, whatever the datum of the file."""
    if event.type != "add":
        return
    st.session_state[keys.ANSWERED] = event.seq
    correct(
        {
            (row, "lon"): repr(round(event.lon, 6)),
            (row, "lat"): repr(round(event.lat, 6)),
            (row, DATUM): "wgs84",
        }
    )
