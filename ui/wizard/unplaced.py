"""Rows that only lack a position: by their address, at the middle of their unit, by a tap."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from geo.errors import PlannerError
from geo.intake import Intake
from geo.intake.units import full_unit_in, unit_name
from geo.intake.unplaced import TOWN_CENTROID, daxing_seats, town_places
from geo.intake.wishes import DATUM
from geo.tables import columns
from geo.zones import read_zones
from register import Register
from reports.webmap import Label, MapPoint, MapScene, Symbol
from siting.model import Inputs
from ui import keys
from ui.compute import base_of
from ui.guard import show_error
from ui.language import current
from ui.live_map import MapEvent, show_map
from ui.look import table_height
from ui.safe import plain
from ui.scrolling import into_view
from ui.wizard import addresses
from ui.wizard.draft import Draft, correct, held, keep
from ui.wizard.reading import Known
from ui.wizard.words import word
from words import count, say

_WHERE = ("name", "address", "town")
_SAYS_UNIT: Final = ("address", "name", "claimed_by")
_SHOWN: Final = 5
_LANDMARKS: Final = 1000
_PLACED: Final = "placed"

Places = Mapping[str, tuple[float, float]]


def draw(draft: Draft, intake: Intake, known: Known, register: Register, inputs: Inputs) -> None:
    """Draw the rows that wait, and every way to give them a place."""
    waiting = intake.unplaced
    if not len(waiting.rows) and any(column == "lon" for _, column in draft.corrections):
        into_view("import", f"{draft.key}placed")  # the map is gone from under people's hands
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
    _draw_mentioned(intake)
    addresses.draw(draft, intake, known)
    _draw_central(draft, intake, known, inputs)
    if len(waiting.rows) and st.toggle(word("place"), key=f"place.{draft.key}"):
        _draw_map(draft, intake, known, register, inputs)


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
        if name in intake.unplaced.frame and (intake.unplaced.frame[name] != "").any():
            frame[name] = intake.unplaced.frame[name].to_numpy()
    return frame


def _texts(intake: Intake, column: str) -> list[str]:
    frame = intake.unplaced.frame
    return [str(text) for text in frame[column]] if column in frame else [""] * len(frame)


def mentioned_units(intake: Intake) -> dict[int, str]:
    """Return row -> the unit that its address or name writes out, where it names none itself."""
    found = {}
    says = zip(*(_texts(intake, column) for column in _SAYS_UNIT), strict=True)
    rows = intake.unplaced.rows.tolist()
    for row, town, texts in zip(rows, _texts(intake, "town"), says, strict=True):
        unit = next((unit for text in texts if (unit := full_unit_in(text))), None)
        if not town and unit is not None:
            found[row] = unit
    return found


def _draw_mentioned(intake: Intake) -> None:
    """Offer to take the unit from the address or the name."""
    found = mentioned_units(intake)
    if not found:
        return
    joint = say("intake.comma_list", current())
    shown = joint.join(
        word("mentioned_one", row=row, unit=plain(unit)) for row, unit in [*found.items()][:_SHOWN]
    )
    size = count(len(found), current())
    key = "mentioned_more" if len(found) > _SHOWN else "mentioned"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(word(key, count=size, listed=shown))
        st.button(
            word("mentioned_take"),
            key="take_units",
            on_click=correct,
            args=({(row, "town"): unit for row, unit in found.items()},),
        )


def _draw_central(draft: Draft, intake: Intake, known: Known, inputs: Inputs) -> None:
    """Offer to put rows at the middle of their unit, to be verified."""
    own = {**unit_middles(inputs.demand), **draft.town_places}
    seats = daxing_seats() if known.daxing else {}
    places = {**seats, **own}
    units = [unit_name(town) or town for town in _texts(intake, "town")]
    able = sum(unit in places for unit in units)
    if able or draft.central:
        chosen = st.checkbox(
            word("central", count=count(able, current())) if able else word("central_on"),
            value=draft.central,
            key=f"central.{draft.key}",
            on_change=_set_central,
            args=(f"central.{draft.key}", places),
        )
        meant = {unit for unit in units if unit in places} | _put_already(intake)
        if any(unit in seats and places[unit] == seats[unit] for unit in meant):
            st.caption(word("central_seats"))
        elif chosen:
            st.caption(word("central_help"))
    unknown = Counter(unit for unit in units if unit and unit not in places)
    if unknown:
        listed = say("intake.comma_list", current()).join(
            word("central_unit", unit=plain(unit), count=size)
            for unit, size in unknown.most_common(_SHOWN)
        )
        st.caption(word("central_unknown", listed=listed))
    with st.expander(word("boundary")):
        st.caption(word("boundary_help"))
        uploaded = st.file_uploader(word("boundary_file"), key=f"boundary.{draft.key}")
        if uploaded is not None:
            _take_boundary(draft, uploaded.getvalue(), uploaded.name)


def _put_already(intake: Intake) -> set[str]:
    """Return the units at whose middle rows stand already."""
    towns = {str(f.facts["town"]) for f in intake.findings if f.code == "intake_town_place"}
    return {unit_name(town) or town for town in towns}


def _set_central(key: str, known: Places) -> None:
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


def _draw_map(
    draft: Draft, intake: Intake, known: Known, register: Register, inputs: Inputs
) -> None:
    """Let people pick a row, or all rows of a unit, and tap the place."""
    choices = placing_choices(intake)
    names = [_choice_name(intake, rows) for rows in choices]
    rows = intake.unplaced.rows.tolist()
    # Rows that were placed are gone from the list: the next one comes up by itself.
    key = f"{keys.PLACED_ROW}.{rows[0]}.{len(rows)}"
    turn = st.selectbox(
        word("place_which"),
        range(len(choices)),
        index=next_choice(choices, _placed_last(draft)),
        format_func=names.__getitem__,
        key=key,
    )
    together = len(choices[turn]) > 1
    st.caption(word("place_help_unit" if together else "place_help"))
    seats = tuple(Label(unit, *at, "unit") for unit, at in sorted(daxing_seats().items()))
    scene = MapScene(
        base=base_of(register, inputs, seats if known.daxing else ()),
        lang=current(),
        stations=(points := placed_points(inputs, intake)),
        symbols=(Symbol(_PLACED, word("map_placed"), "circle", "#4c6a80"),) if points else (),
        can_add=True,
        adding="row",
        answered=st.session_state.get(keys.ANSWERED, 0),  # else it says for ever that it saves
    )
    chosen = choices[turn]
    placing = partial(place_unit, draft.table, chosen) if together else partial(place, chosen[0])
    show_map(scene, key=keys.IMPORT_MAP, on_event=placing)
    if known.daxing:
        st.caption(word("place_map_help"))


def placed_points(inputs: Inputs, intake: Intake) -> tuple[MapPoint, ...]:
    """Return what people can take their bearings from: the stations, and the rows with a place."""
    points = []
    for origin, frame in (("station", inputs.stations), ("row", intake.frame)):
        if "name" not in frame or "lon" not in frame:
            continue
        columns_read = (frame[name].head(_LANDMARKS) for name in ("name", "lon", "lat"))
        points += [
            MapPoint(f"{origin}{number}", str(name), float(lon), float(lat), symbol=_PLACED)
            for number, (name, lon, lat) in enumerate(zip(*columns_read, strict=True))
        ]
    return tuple(points)


def _placed_last(draft: Draft) -> int | None:
    """Return the row of this file that the last tap placed by itself."""
    file, row = st.session_state.get(keys.PLACED_LAST, ("", 0))
    return int(row) if file == draft.key else None


def next_choice(choices: Sequence[Sequence[int]], last: int | None) -> int:
    """Return which choice comes up: after a single row the next single one, never a whole unit."""
    if last is None:
        return 0
    single = [number for number, rows in enumerate(choices) if len(rows) == 1]
    return next((number for number in single if choices[number][0] > last), single[0])


def placing_choices(intake: Intake) -> tuple[tuple[int, ...], ...]:
    """Return what one tap may place: all rows of a unit that has several, then every single row."""
    of_unit: dict[str, list[int]] = {}
    rows = intake.unplaced.rows.tolist()
    for row, town in zip(rows, _texts(intake, "town"), strict=True):
        of_unit.setdefault(town, []).append(row)
    together = sorted((tuple(some) for some in of_unit.values() if len(some) > 1), key=len)
    return (*reversed(together), *((row,) for row in rows))


def _choice_name(intake: Intake, rows: Sequence[int]) -> str:
    index = intake.unplaced.rows.tolist().index(rows[0])
    if len(rows) == 1:
        return _row_name(intake, index)
    town = _texts(intake, "town")[index]
    key = "place_unit" if town else "place_no_unit"
    return word(key, unit=plain(town), count=count(len(rows), current()))


def _row_name(intake: Intake, index: int) -> str:
    row = intake.unplaced.frame.iloc[index]
    said = [str(row[name]) for name in _WHERE if name in row and str(row[name])]
    if len(said) > 1 and said[-1] in said[-2]:
        said.pop()  # the address names the unit already
    return word("place_row", row=intake.unplaced.rows[index], name=plain(" · ".join(said)))


def place(row: int, event: MapEvent) -> None:
    """Give a row the place that was tapped: WGS-84, whatever the datum of the file."""
    if event.type == "add":
        st.session_state[keys.ANSWERED] = event.seq
        draft = held()
        st.session_state[keys.PLACED_LAST] = ("" if draft is None else draft.key, row)
        correct(_tapped(row, event))


def place_unit(table: str, rows: Sequence[int], event: MapEvent) -> None:
    """Give several rows the place that was tapped as the middle of their unit, to be verified."""
    if event.type != "add":
        return
    st.session_state[keys.ANSWERED] = event.seq
    st.session_state.pop(keys.PLACED_LAST, None)
    cells = {key: text for row in rows for key, text in _tapped(row, event).items()}
    if any(column.name == "position_state" for column in columns(table)):
        cells |= {(row, "position_state"): TOWN_CENTROID for row in rows}
    correct(cells)


def _tapped(row: int, event: MapEvent) -> dict[tuple[int, str], str]:
    return {
        (row, "lon"): repr(round(event.lon, 6)),
        (row, "lat"): repr(round(event.lat, 6)),
        (row, DATUM): "wgs84",
    }
