"""Addresses asked of a service of maps, where somebody has set a key for one: proposals only.

Nothing is asked before a person presses the button, and nothing found counts before it is taken.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import shapely
import streamlit as st

from geo.datum import to_wgs84
from geo.errors import InputError
from geo.findings import Finding
from geo.geocoding import GeocodeServer, geocode_server, locate
from geo.geocoding.asking import DEFAULT_REGION
from geo.geocoding.services import SERVICES
from geo.intake import Intake
from geo.intake.verdicts import DatumMap
from geo.intake.wishes import DATUM
from geo.tables import columns
from ui import keys
from ui.language import current
from ui.safe import plain
from ui.wizard.draft import Draft, correct, held, keep
from ui.wizard.mending import PAGE_ROWS, draw_pages
from ui.wizard.reading import Known
from ui.wizard.sketch import SIDE_PX, sketch, whole
from ui.wizard.words import word
from words import count

MOST_AT_ONCE: Final = 60
"""Addresses asked by one press of the button: some 20 s at three a second."""
_COUNTRY: Final = (73.0, 17.0, 136.0, 54.5)
"""West, south, east, north of China, WGS-84 degrees: all that is known of an unknown district."""


def draw(draft: Draft, intake: Intake, known: Known) -> None:
    """Draw the question and what came of it; nothing where no key is set or no row waits."""
    waiting = _addresses(draft, intake)
    servers = servers_set()
    if not waiting or not servers:
        return
    found = {row: f for row, f in draft.located.items() if row in waiting}
    left = [row for row in waiting if row not in found]
    with st.container(border=True, key="by_address"):
        st.markdown(f"**{word('address_title')}**")
        if left:
            _draw_question(draft, intake, known, servers, left)
        if found:
            _draw_found(found, waiting, known)


def servers_set() -> dict[str, GeocodeServer]:
    """Return the services that the environment of this server holds a key for."""
    found = {}
    for name in SERVICES:
        try:
            found[name] = geocode_server(name)
        except InputError:  # no key: the service is not offered
            continue
    return found


def _addresses(draft: Draft, intake: Intake) -> dict[int, str]:
    """Return row -> address of the rows that wait and have one."""
    frame = intake.unplaced.frame
    if "position_state" not in {column.name for column in columns(draft.table)}:
        return {}
    if "address" not in frame:
        return {}
    pairs = zip(intake.unplaced.rows.tolist(), frame["address"].tolist(), strict=True)
    return {row: str(address) for row, address in pairs if str(address).strip()}


def _draw_question(
    draft: Draft,
    intake: Intake,
    known: Known,
    servers: Mapping[str, GeocodeServer],
    left: list[int],
) -> None:
    names = {name: word(f"service_{name}") for name in servers}
    name = next(iter(servers))
    if len(servers) > 1:
        chosen = st.radio(
            word("address_which"),
            [*servers],
            format_func=names.__getitem__,
            horizontal=True,
            key=f"geocoder.{draft.key}",
        )
        name = chosen or name
    region = st.text_input(
        word("address_region"),
        value=DEFAULT_REGION if known.daxing else "",
        max_chars=40,
        key=f"region.{draft.key}",
    )
    server = replace(servers[name], region=region.strip(), most=MOST_AT_ONCE)
    asked = left[:MOST_AT_ONCE]
    size = count(len(asked), current())
    st.caption(word("address_leaves", count=size, service=names[name], host=plain(server.host)))
    if st.button(
        word("address_ask", count=size, service=names[name]),
        key="ask_addresses",
        icon=":material/travel_explore:",
    ):
        with st.spinner(word("address_asking", service=names[name])):
            keep(replace(draft, located={**draft.located, **_ask(intake, known, server, asked)}))
        st.rerun()


def _ask(
    intake: Intake, known: Known, server: GeocodeServer, rows: list[int]
) -> dict[int, Finding]:
    """Return row -> what came of its address, with the cells that it proposes."""
    waiting = intake.unplaced
    at = np.isin(waiting.rows, rows)
    some = replace(waiting, frame=waiting.frame[at].reset_index(drop=True), rows=waiting.rows[at])
    outline = known.outline
    if outline is None and not known.daxing:
        outline = shapely.box(*_COUNTRY)
    answer = locate(some, server, outline=outline, heading=intake.columns.get("address"))
    found = {}
    for finding in answer.findings:
        row = finding.row or 0
        taken = {c: text for (r, c), text in answer.corrections.items() if r == row}
        found[row] = replace(finding, repair=taken or finding.repair)
    return found


def _draw_found(found: Mapping[int, Finding], waiting: Mapping[int, str], known: Known) -> None:
    proposed = [row for row, finding in found.items() if finding.repair]
    sure = [row for row in proposed if found[row].code.startswith("geocode_found")]
    failed = len(found) - len(proposed)
    lang = current()
    key = "address_found" if sure else "address_found_none"
    st.markdown(word(key, count=count(len(sure), lang), asked=count(len(found), lang)))
    if failed:
        st.caption(word("address_failed", count=count(failed, lang)))
    _draw_sketch([found[row] for row in sure], known)
    with st.container(horizontal=True):
        if len(sure) > 1:
            st.button(
                word("address_take_all", count=count(len(sure), lang)),
                key="take_addresses",
                icon=":material/done_all:",
                on_click=correct,
                args=({(r, c): t for r in sure for c, t in found[r].repair.items()},),
            )
        st.button(word("address_forget"), key="drop_addresses", type="tertiary", on_click=_forget)
    listed = [*sure, *(row for row in found if row not in sure)]
    turn = min(st.session_state.get(keys.ADDRESS_PAGE, 0), (len(listed) - 1) // PAGE_ROWS)
    for row in listed[turn * PAGE_ROWS : (turn + 1) * PAGE_ROWS]:
        _draw_one(row, waiting[row], found[row], doubted=row not in sure)
    draw_pages(keys.ADDRESS_PAGE, turn, len(listed))


def _draw_one(row: int, address: str, finding: Finding, *, doubted: bool) -> None:
    with st.container(border=True, key=f"located_{row}"):
        st.markdown(f"**{word('row_number', row=row)}** {plain(address)}")
        st.markdown(plain(finding.message(current())))
        if finding.repair:
            st.button(
                word("address_take_doubted" if doubted else "address_take"),
                key=f"take_address_{row}",
                icon=":material/check:",
                on_click=correct,
                args=({(row, column): text for column, text in finding.repair.items()},),
            )


def _draw_sketch(found: list[Finding], known: Known) -> None:
    """Show where the proposals lie: one in the wrong corner of the district stands out."""
    if not found or known.area is None:
        return
    places = [
        to_wgs84(float(f.repair["lon"]), float(f.repair["lat"]), f.repair[DATUM]) for f in found
    ]
    lon, lat = (np.array([float(place[axis]) for place in places]) for axis in (0, 1))
    shown = DatumMap("", lon, lat, np.ones(len(lon), dtype=np.bool_))
    said = word("address_map")
    drawn = sketch(shown, whole(shown, known.area), title=said, area=known.area)
    st.image(drawn, width=SIDE_PX)
    st.caption(said)


def _forget() -> None:
    draft = held()
    if draft is not None:
        keep(replace(draft, located={}))
