"""Zones in which a planner has set the areas: drawn on the map, changed, taken away, loaded."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from geo.errors import ConflictError, InputError, PlannerError
from geo.reference import read_list
from register import Register
from register.layers import Layer
from register.reader import AREA_ZONES
from register.settings_zones import change_zones, put_zones, take_out_zones, zones_in_use
from siting import district_time
from siting.areas.drawing import Corner, corners_of, drawn_polygon, with_zone, without_zone
from siting.areas.zone_files import read_area_zones
from siting.areas.zones import AreaZones
from siting.model import LayerSource
from ui import edits, identity, keys
from ui.exporting import show_table
from ui.guard import show_error
from ui.language import current
from ui.live_map import MapEvent
from ui.report.words import word as export_word
from ui.rules.draft import word
from ui.safe import plain
from ui.scrolling import into_view
from words import Lang, count, say

FORM = "zone_form"
"""Key of the form's container."""

_SUFFIXES = ("geojson", "json", "gpkg")
DATUMS = ("wgs84", "gcj02", "bd09")
_MOST_LETTERS = 60


@dataclass(frozen=True, eq=False)
class ZoneDraft:
    """A zone that is being drawn or changed.

    Attributes
    ----------
    corners
        As the map has them; (): its shape stays as it is.
    seen
        `sha256` of the layer of zones that it was begun with; "" where there was none.
    shape
        Of the zone that is changed, as it was; None: a new one.
    begun
        Tells the forms of a session apart.
    refused
        Why it was not saved the last time; None: nobody tried.
    """

    corners: tuple[Corner, ...]
    seen: str
    shape: shapely.Geometry | None = None
    begun: int = 0
    refused: PlannerError | None = None

    def polygon(self) -> shapely.Geometry:
        """Return its shape.

        Raises
        ------
        InputError
            As `drawn_polygon`.
        """
        if self.corners or self.shape is None:
            return drawn_polygon(self.corners)
        return self.shape

    def number(self, zones: AreaZones) -> int | None:
        """Return which zone is changed; None: a new one, or one that somebody has taken away."""
        if self.shape is None:
            return None
        same = shapely.equals_exact(zones.polygons, self.shape)
        return int(np.flatnonzero(same)[0]) if same.any() else None


def draft() -> ZoneDraft | None:
    """Return the zone that this session is drawing or changing."""
    held: ZoneDraft | None = st.session_state.get(keys.ZONE_DRAFT)
    return held


def take_corners(register: Register, event: MapEvent) -> None:
    """Open the form of a zone whose corners were set on the map, or let the open one follow."""
    held = draft()
    if held is not None:
        st.session_state[keys.ZONE_DRAFT] = replace(held, corners=event.corners)
    elif identity.may_settle(register):
        _begin(ZoneDraft(event.corners, _seen(register), begun=event.seq), "", ())


def draw_zones(register: Register, zones: AreaZones) -> None:
    """Draw the form of a draft, the zones in use, and what may be done with them."""
    held = draft()
    if held is not None:
        _draw_form(register, zones, held)
    st.markdown(f"**{word('zones.title')}**")
    layer = zones_in_use(register)
    if layer is None:
        st.caption(word("zones.none"))
    else:
        table = zones_table(zones)
        show_table(table, export_word("tables.zones"), name="zones")
        st.caption(plain(word("zones.source", source=layer.source)))
    if not identity.may_settle(register):
        st.caption(word("zones.not_yours"))
        return
    if layer is not None and held is None:
        _draw_changing(register, zones)
    with st.expander(word("zones.more"), icon=":material/upload_file:"):
        if layer is not None:
            st.button(
                word("zones.take_out"),
                key="zones_out",
                icon=":material/layers_clear:",
                on_click=_take_out,
                args=(register,),
            )
        _draw_loading(register)


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


def _begin(draft: ZoneDraft, name: str, areas: tuple[str, ...]) -> None:
    st.session_state[keys.ZONE_DRAFT] = draft
    st.session_state[keys.ZONE_NAME] = name
    st.session_state[keys.ZONE_AREAS] = list(areas)


def _forget() -> None:
    for key in (keys.ZONE_DRAFT, keys.ZONE_NAME, keys.ZONE_AREAS):
        st.session_state.pop(key, None)


def _seen(register: Register) -> str:
    layer = zones_in_use(register)
    return "" if layer is None else layer.sha256


def _draw_form(register: Register, zones: AreaZones, held: ZoneDraft) -> None:
    with st.container(border=True, key=FORM):
        st.markdown(f"**{word('zones.new' if held.number(zones) is None else 'zones.change')}**")
        name = st.text_input(
            word("zones.name"),
            key=keys.ZONE_NAME,
            max_chars=_MOST_LETTERS,
            placeholder=word("zones.name_example"),
            persist_state="session",
        )
        areas = st.pills(
            word("zones.areas"),
            list(read_list("reference/area_types")),
            selection_mode="multi",
            key=keys.ZONE_AREAS,
            format_func=lambda area: say(f"siting.area.{area}", current()),
            persist_state="session",
        )
        found = _made(zones, held, name or "", tuple(areas or ()))
        if isinstance(found, InputError):
            st.caption(plain(found.message(current())))
        elif not held.corners:
            st.caption(word("zones.shape_kept"))
        if held.refused is not None:
            st.error(plain(held.refused.message(current())), icon=":material/error:")
        with st.container(horizontal=True):
            st.button(
                word("zones.save"),
                key="zone_save",
                type="primary",
                icon=":material/save:",
                disabled=isinstance(found, InputError),
                on_click=_save,
                args=(register, found, held),
            )
            st.button(word("zones.drop"), key="zone_drop", type="tertiary", on_click=_forget)
    into_view(FORM, f"zone{held.begun}")


def _made(
    zones: AreaZones, held: ZoneDraft, name: str, areas: tuple[str, ...]
) -> AreaZones | InputError:
    """Return the zones with the draft among them, or what is missing."""
    try:
        return with_zone(zones, held.number(zones), name, areas, held.polygon())
    except InputError as error:
        return error


def _draw_changing(register: Register, zones: AreaZones) -> None:
    """Draw the list of zones of which one may be changed or taken away."""
    numbers = list(range(len(zones)))
    chosen = st.selectbox(
        word("zones.which"),
        numbers,
        index=None,
        key=keys.ZONE_CHOSEN,
        format_func=partial(_called, zones),
        placeholder=word("zones.which_example"),
    )
    if chosen is None or chosen >= len(zones):
        return
    with st.container(horizontal=True):
        st.button(
            word("zones.edit"),
            key="zone_edit",
            icon=":material/edit:",
            on_click=_open,
            args=(register, zones, chosen),
        )
        st.button(
            word("zones.delete"),
            key="zone_delete",
            icon=":material/delete:",
            on_click=_delete,
            args=(register, zones, chosen, _seen(register)),
        )


def _called(zones: AreaZones, number: int) -> str:
    name = plain(zones.names[number]) if number < len(zones) else ""
    return word("zones.numbered", number=number + 1, name=name or word("zones.unnamed"))


def _open(register: Register, zones: AreaZones, number: int) -> None:
    shape = zones.polygons[number]
    corners = corners_of(shape) or ()
    begun = st.session_state.get(keys.ANSWERED, 0) + number
    st.session_state.pop(keys.ZONE_CHOSEN, None)
    _begin(
        ZoneDraft(corners, _seen(register), shape, begun),
        zones.names[number],
        zones.areas[number],
    )


def _save(register: Register, zones: AreaZones, held: ZoneDraft) -> None:
    refused = _change(register, zones, held.seen, partial(say, "rules.zones.saved"))
    if refused is None:
        _forget()
        return
    # What was drawn stays; after a conflict beside the zones that somebody else has set.
    seen = _seen(register) if isinstance(refused, ConflictError) else held.seen
    st.session_state[keys.ZONE_DRAFT] = replace(held, seen=seen, refused=refused)


def _delete(register: Register, zones: AreaZones, number: int, seen: str) -> None:
    st.session_state.pop(keys.ZONE_CHOSEN, None)
    name = zones.names[number]
    _change(register, without_zone(zones, number), seen, partial(_deleted_words, name))


def _change(
    register: Register, zones: AreaZones, seen: str, told: Callable[[Lang], str]
) -> PlannerError | None:
    """Put changed zones in use and tell it; return why that could not be done."""
    st.session_state[keys.RULES_SETTLED] = True
    try:
        who = identity.sign_for_district(register)
        source = _source(zones_in_use(register), register)
        change_zones(register, zones, source, seen=seen, who=who)
    except PlannerError as error:
        edits.tell_error(error.message)
        return error
    edits.tell_latest(register, told)
    return None


def _source(layer: Layer | None, register: Register) -> LayerSource:
    """Return where changed zones come from: drawn here, after a file if there was one."""
    drawn = say("rules.zones.drawn", "zh")
    before = "" if layer is None else layer.source.removesuffix(drawn)
    between = say("rules.zones.joint", "zh") if before and not before.endswith("；") else ""
    day = district_time.today().isoformat()
    return LayerSource(AREA_ZONES, before + between + drawn, date=day, synthetic=register.synthetic)


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
    source = LayerSource(AREA_ZONES, name, synthetic=register.synthetic)
    st.session_state[keys.RULES_SETTLED] = True
    try:
        put_zones(register, zones, source, who=identity.sign_for_district(register))
    except PlannerError as error:
        edits.tell_error(error.message)
        return
    edits.tell_latest(register, partial(_stored_words, len(zones)))


def _take_out(register: Register) -> None:
    st.session_state[keys.RULES_SETTLED] = True
    try:
        take_out_zones(register, who=identity.sign_for_district(register))
    except PlannerError as error:
        edits.tell_error(error.message)
        return
    edits.tell_latest(register, partial(say, "rules.zones.taken_out"))


def _stored_words(zones: int, lang: Lang) -> str:
    return say("rules.zones.stored", lang, count=count(zones, lang))


def _deleted_words(name: str, lang: Lang) -> str:
    return say("rules.zones.deleted", lang, name=name or say("rules.zones.unnamed", lang))
