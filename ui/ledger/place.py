"""Where a new record lies: tapped on the map, told by the phone, or found by its address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from geo.datum import to_wgs84
from geo.geocoding import GeocodeServer, locate
from geo.intake.unplaced import Unplaced
from geo.intake.wishes import DATUM
from register import Kind, Register, Wanted
from reports.webmap import Focus, MapPoint, MapScene, Symbol
from siting.model import Inputs
from ui import keys
from ui.compute import base_of, read_book
from ui.language import current
from ui.ledger import edits as ledger_edits
from ui.ledger.columns import title
from ui.ledger.phone import draw_phone
from ui.ledger.words import kind_name, word
from ui.live_map import MapEvent, show_map
from ui.safe import plain
from ui.wizard.addresses import servers_set
from ui.workbench.placing import own_outline, place_at
from words import distance

PLACED: Final[tuple[Kind, ...]] = ("stations", "candidates", "hosts", "enterprises")
"""Kinds whose records have a place of their own."""
COARSE_M: Final = 50.0
"""A phone that is less sure than this is asked to be put right on the map [A]."""
_LANDMARKS: Final = 400
_ADDRESSED: Final[tuple[Kind, ...]] = ("hosts", "enterprises", "stations", "candidates")
_MOST_FOUND: Final = 4
_ZOOM: Final = 16
_KNOWN: Final = "known"
_CHOSEN: Final = "chosen"


@dataclass(frozen=True)
class Chosen:
    """The place of one form, and how it was told: `way` is map, phone, record or service."""

    form: str
    lon: float
    lat: float
    way: str
    accuracy_m: float = float("nan")
    said: str = ""
    number: int = 0


def draw_place(register: Register, draft: ledger_edits.Draft) -> None:
    """Draw the ways to a place of a new record; what is chosen stands in its form at once."""
    inputs = read_book(register).inputs
    with st.container(border=True, key="ledger_place", gap="small"):
        st.markdown(f"**{word('where.title')}**")
        fix = draw_phone()  # a row of its own: where there is no fix, it says why at full width
        _draw_address(register, draft)
        if fix is not None:
            _choose(register, draft, Chosen(draft.key, fix.lon, fix.lat, "phone", fix.accuracy_m))
        chosen = _held(draft)
        _draw_told(register, inputs, chosen)
        _draw_map(register, inputs, draft, chosen)


def _held(draft: ledger_edits.Draft) -> Chosen | None:
    chosen: Chosen | None = st.session_state.get(keys.LEDGER_PLACE)
    return chosen if chosen is not None and chosen.form == draft.key else None


def _choose(
    register: Register,
    draft: ledger_edits.Draft,
    chosen: Chosen,
    told: Mapping[str, str] | None = None,
) -> None:
    """Put a place, and what is known with it, in the fields of the form."""
    last = _held(draft)
    st.session_state[keys.LEDGER_PLACE] = replace(
        chosen, number=1 if last is None else last.number + 1
    )
    on_the_spot = chosen.way in {"map", "phone"}
    fields: dict[str, object] = {
        "lon": chosen.lon,
        "lat": chosen.lat,
        "position_state": "verified" if on_the_spot else "given",
        **(told or {}),
    }
    at_first: Mapping[str, object] = draft.values  # noqa: PD011 -- a form, no table of pandas
    if not at_first.get("town"):
        inputs = read_book(register).inputs
        unit = place_at(register, inputs, chosen.lon, chosen.lat).unit
        fields |= {"town": unit} if unit else {}
    for name, value in fields.items():
        st.session_state[ledger_edits.field_key(draft, name)] = value


def _draw_told(register: Register, inputs: Inputs, chosen: Chosen | None) -> None:
    if chosen is None:
        st.caption(word("where.none"))
        return
    place = place_at(register, inputs, chosen.lon, chosen.lat)
    way = word(f"where.by_{chosen.way}", said=plain(chosen.said))
    if chosen.accuracy_m == chosen.accuracy_m:  # a number
        way += word("where.accuracy", away=distance(chosen.accuracy_m, current()))
    told = word("where.chosen", lon=f"{chosen.lon:.5f}", lat=f"{chosen.lat:.5f}", way=way)
    st.markdown(f":material/location_on: {told}")
    if chosen.accuracy_m > COARSE_M:
        st.warning(word("where.coarse"), icon=":material/warning:")
    for warning in place.warnings():
        st.warning(plain(warning), icon=":material/warning:")


def _draw_map(
    register: Register, inputs: Inputs, draft: ledger_edits.Draft, chosen: Chosen | None
) -> None:
    def tapped(event: MapEvent) -> None:
        st.session_state[keys.ANSWERED] = event.seq
        if event.type == "add":
            lon, lat = round(event.lon, 6), round(event.lat, 6)
            _choose(register, draft, Chosen(draft.key, lon, lat, "map"))

    points = _landmarks(inputs, _KNOWN)
    focus, symbols = None, []
    if points:
        symbols.append(Symbol(_KNOWN, word("where.landmarks"), "circle", "#4c6a80"))
    if chosen is not None:
        points += (MapPoint(_CHOSEN, word("where.here"), chosen.lon, chosen.lat, _CHOSEN),)
        symbols.append(Symbol(_CHOSEN, word("where.here"), "diamond", "#D55E00"))
    if chosen is not None and chosen.way != "map":
        focus = Focus(chosen.lon, chosen.lat, _ZOOM, chosen.number)
    scene = MapScene(
        base=base_of(register, inputs),
        lang=current(),
        stations=points,
        symbols=tuple(symbols),
        can_add=True,
        adding="row",
        focus=focus,
        answered=st.session_state.get(keys.ANSWERED, 0),
    )
    show_map(scene, key=keys.LEDGER_MAP, on_event=tapped)


def _landmarks(inputs: Inputs, symbol: str) -> tuple[MapPoint, ...]:
    """Return what people take their bearings from: stations and candidates that are there."""
    found = []
    for origin, frame in (("station", inputs.stations), ("candidate", inputs.candidates)):
        read = (frame[name].head(_LANDMARKS).tolist() for name in ("id", "name", "lon", "lat"))
        found += [
            MapPoint(f"{origin}{record_id}", str(name), float(lon), float(lat), symbol)
            for record_id, name, lon, lat in zip(*read, strict=True)
        ]
    return tuple(found)


def _draw_address(register: Register, draft: ledger_edits.Draft) -> None:
    with st.popover(word("where.address"), icon=":material/search:", key="ledger_by_address"):
        asked = st.text_input(
            word("where.address_field"), placeholder=word("where.address_hint"), key="where_asked"
        ).strip()
        if not asked:
            st.caption(word("where.address_help"))
            return
        found = _draw_own(register, draft, asked)
        servers = servers_set()
        if not servers:
            st.caption(word("where.no_service" if found else "where.nothing"))
        for name, server in servers.items():
            _draw_service(register, draft, asked, name, server)


def _draw_own(register: Register, draft: ledger_edits.Draft, asked: str) -> int:
    """Offer the records whose name or address says what was asked; return how many there are."""
    offered = 0
    for kind in _ADDRESSED:
        for record in register.page(kind, Wanted(asked), limit=_MOST_FOUND).records:
            lon, lat = record["lon"], record["lat"]
            if not (isinstance(lon, float) and isinstance(lat, float)):
                continue
            said = title(register, record)
            address = str(record.fields.get("address") or "")
            st.button(
                f"{kind_name(kind)}：{plain(said)}　:gray[{plain(address)}]",
                key=f"where_{kind}_{record.id}",
                icon=":material/location_on:",
                width="stretch",
                on_click=_choose,
                args=(
                    register,
                    draft,
                    Chosen(draft.key, lon, lat, "record", said=said),
                    {"address": address} if address else {},
                ),
            )
            offered += 1
    return offered


def _draw_service(
    register: Register, draft: ledger_edits.Draft, asked: str, name: str, server: GeocodeServer
) -> None:
    """Offer to ask a service of maps: the address leaves the house, so a person presses for it."""
    service = word(f"where.service_{name}")
    st.caption(word("where.leaves", service=service, host=plain(server.host)))
    pressed = st.button(word("where.ask", service=service), key=f"where_ask_{name}")
    if not pressed:
        return
    row = Unplaced(pd.DataFrame({"address": [asked]}), np.array([1]))
    answer = locate(row, replace(server, most=1), outline=own_outline(register))
    for finding in answer.findings:
        st.markdown(plain(finding.message(current())))
    cells = {column: text for (_, column), text in answer.corrections.items()}
    cells = cells or next((dict(f.repair) for f in answer.findings if f.repair), {})
    if not cells:
        return
    lon, lat = to_wgs84(float(cells["lon"]), float(cells["lat"]), cells[DATUM])
    at = Chosen(draft.key, round(float(lon), 6), round(float(lat), 6), "service", said=service)
    told = {"address": asked}
    if "position_state" in cells:
        told["position_state"] = cells["position_state"]
    st.button(
        word("where.take"),
        key="where_take",
        type="primary",
        on_click=_choose,
        args=(register, draft, at, told),
    )
