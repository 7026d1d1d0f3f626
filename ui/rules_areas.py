"""Where the areas of the siting rules lie, on the map; zones that a planner sets over them."""

from functools import partial

import pandas as pd
import shapely
import streamlit as st

from geo.errors import PlannerError
from register import Register
from register.settings_zones import put_zones, take_out_zones, zones_in_use
from reports.webmap import Surface, area_surface
from siting.area_grid import AreaGrid, area_grid
from siting.area_zone_files import read_area_zones
from siting.area_zones import AreaZones
from siting.model import Inputs, LayerSource, Parameters
from siting.rules import RuleBook
from ui import edits, identity, keys
from ui.compute import Situation
from ui.guard import show_error
from ui.language import current
from ui.look import table_height
from ui.placing import own_outline
from ui.rules_draft import word
from ui.safe import plain
from ui.standards_map import draw_map, scene_of
from words import Lang, count, percent, say

_KEPT = 4
_SUFFIXES = ("geojson", "json", "gpkg")
DATUMS = ("wgs84", "gcj02", "bd09")


def draw_areas(now: Situation) -> None:
    """Draw the map of areas, how much of the ground each takes, and the zones."""
    outline = own_outline(now.register)
    drawn = "" if outline is None else f"{shapely.bounds(outline).tolist()}"
    rules = now.book.rules
    found = _grid(now.scenario, drawn, now.inputs, now.parameters, rules, outline)
    if found is None:
        st.info(word("areas.none"))
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        names = tuple(say(f"siting.area.{area}", current()) for area in found.area_types)
        draw_map(scene_of(now, (_surface(now.scenario, names, word("areas.title"), found),), None))
    with right:
        st.caption(word("areas.help", cell=f"{found.cell_m:,.0f}"))
        table = ground_table(found)
        st.dataframe(table, hide_index=True, height=table_height(len(table)))
        _draw_zones(now.register, now.inputs.area_zones)


def ground_table(found: AreaGrid) -> pd.DataFrame:
    """Return the share of the ground that lies in each area; one place may lie in several."""
    ground = max(1, int(found.inside.sum()))
    rows = [
        {
            word("areas.area"): say(f"siting.area.{area}", current()),
            word("areas.share"): percent(held.sum() / ground, digits=1),
        }
        for area, held in zip(found.area_types, found.lies, strict=True)
    ]
    return pd.DataFrame(rows)


def zones_table(zones: AreaZones) -> pd.DataFrame:
    """Return one row per zone: its name, and the areas that it sets."""
    between = say("candidates.joint", current())
    rows = [
        {
            word("zones.name"): name or word("zones.unnamed"),
            word("zones.areas"): between.join(say(f"siting.area.{a}", current()) for a in areas),
        }
        for name, areas in zip(zones.names, zones.areas, strict=True)
    ]
    return pd.DataFrame(rows)


def _draw_zones(register: Register, zones: AreaZones) -> None:
    st.markdown(f"**{word('zones.title')}**")
    layer = zones_in_use(register)
    if layer is None:
        st.caption(word("zones.none"))
    else:
        table = zones_table(zones)
        st.dataframe(table, hide_index=True, height=table_height(len(table)))
        st.caption(plain(word("zones.source", source=layer.source)))
    if not identity.may_settle(register):
        st.caption(word("zones.not_yours"))
        return
    if layer is not None:
        st.button(
            word("zones.take_out"),
            key="zones_out",
            icon=":material/layers_clear:",
            on_click=_take_out,
            args=(register,),
        )
    _draw_loading(register)


def _draw_loading(register: Register) -> None:
    file = st.file_uploader(
        word("zones.file"), type=_SUFFIXES, key=keys.ZONES_FILE, help=word("zones.file_help")
    )
    if file is None:
        return
    datum = st.segmented_control(
        word("zones.datum"),
        DATUMS,
        default=DATUMS[0],
        required=True,
        key=keys.ZONES_DATUM,
        format_func=lambda code: word(f"zones.{code}"),
    )
    try:
        zones = read_area_zones(file.getvalue(), name=file.name, datum=datum)
    except PlannerError as error:
        show_error(error)
        return
    st.dataframe(zones_table(zones), hide_index=True)
    st.button(
        word("zones.store", count=count(len(zones), current())),
        key="zones_store",
        type="primary",
        icon=":material/save:",
        on_click=_store,
        args=(register, zones, file.name),
    )


def _store(register: Register, zones: AreaZones, name: str) -> None:
    source = LayerSource("area_zones", name, synthetic=register.synthetic)
    try:
        put_zones(register, zones, source, who=identity.sign_for_district(register))
    except PlannerError as error:
        edits.tell_error(error.message)
        st.session_state[keys.RULES_SETTLED] = True
        return
    st.session_state[keys.RULES_SETTLED] = True
    edits.tell_latest(register, partial(_stored_words, len(zones)))


def _take_out(register: Register) -> None:
    try:
        take_out_zones(register, who=identity.sign_for_district(register))
    except PlannerError as error:
        edits.tell_error(error.message)
        st.session_state[keys.RULES_SETTLED] = True
        return
    st.session_state[keys.RULES_SETTLED] = True
    edits.tell_latest(register, partial(say, "rules.zones.taken_out"))


def _stored_words(zones: int, lang: Lang) -> str:
    return say("rules.zones.stored", lang, count=count(zones, lang))


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _grid(
    scenario: str,
    drawn: str,
    _inputs: Inputs,
    _parameters: Parameters,
    _rules: RuleBook,
    _outline: shapely.Geometry | None,
) -> AreaGrid | None:
    del scenario, drawn
    return area_grid(_inputs, _parameters, _rules, _outline)


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _surface(scenario: str, names: tuple[str, ...], title: str, _found: AreaGrid) -> Surface:
    del scenario
    return area_surface(_found, names, title)
