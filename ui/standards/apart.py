"""Where two standards disagree: in words, in places, on the map."""

from dataclasses import replace

import streamlit as st

from reports.webmap import AreaShown, AreaTag, MapScene
from siting.apart import Apart, ApartArea, Reason
from siting.coverage.gaps import GAP_RADIUS_M
from siting.standards import Standard, standard, standard_names
from ui import keys
from ui.compute import Situation
from ui.language import current
from ui.safe import plain
from ui.standards.compute import apart_of, surfaces_apart
from ui.standards.map import draw_map, fly, scene_of
from ui.standards.setting import in_force
from ui.standards.words import name_of, word
from words import count, say

_ZOOM = 14
_OTHER = "cross_1km"


def draw_apart(now: Situation) -> None:
    """Draw the choice of two standards, whom only one of them counts and why, and the map."""
    left, right = st.columns([3, 2], gap="medium")
    with right:
        first, second = _choose(in_force(now.register).name)
        found = apart_of(now, first, second)
        _draw_words(found)
        _draw_areas(found)
    with left:
        draw_map(_scene(now, found))


def _choose(used: str) -> tuple[str, str]:
    """Draw the two choices; at first the standard in force beside another one."""
    names = standard_names()
    st.session_state.setdefault(keys.APART_FIRST, used)
    other = _OTHER if used != _OTHER else names[0]
    st.session_state.setdefault(keys.APART_SECOND, other)
    labels = {name: name_of(standard(name)) for name in names}
    chosen = [
        st.selectbox(
            word(f"apart.{title}"),
            names,
            key=key,
            format_func=labels.__getitem__,
            persist_state="session",
            on_change=_forget_area,
        )
        for title, key in (("first", keys.APART_FIRST), ("second", keys.APART_SECOND))
    ]
    return str(chosen[0]), str(chosen[1])


def _draw_words(found: Apart) -> None:
    first, second = found.first.standard, found.second.standard
    lang, between = current(), found.between
    if first.name == second.name:
        st.info(word("apart.same"))
        return
    if not found.areas and not float((between.only_first + between.only_second).sum()):
        st.success(word("apart.agree"), icon=":material/check:")
        return
    sides = (
        (first, second, between.only_first, between.verified_only_first, found.why_not_second),
        (second, first, between.only_second, between.verified_only_second, found.why_not_first),
    )
    for one, other, only, verified, reasons in sides:
        with st.container(border=True, gap="xxsmall"):
            told = word(
                "apart.only",
                workers=count(float(only.sum()), lang),
                one=plain(name_of(one)),
                other=plain(name_of(other)),
            )
            st.markdown(told)
            for reason in reasons:
                st.caption("· " + plain(_reason(reason, other)))
            if verified >= 0.5:
                st.caption(word("apart.verified", workers=count(verified, lang)))


def _reason(reason: Reason, norm: Standard) -> str:
    """Say why a standard leaves people out."""
    walk = [limit for rule in norm.rules for limit in rule.limits if limit.way == "walk"]
    dense = [r.limits[-1] for r in norm.rules if r.workers_from_per_km2 > 0]
    from_km2 = [r.workers_from_per_km2 for r in norm.rules if r.workers_from_per_km2 > 0]
    return word(
        f"apart.why_{reason.why}",
        workers=count(reason.workers, current()),
        stations=norm.least_stations,
        walk=f"{max((limit.metres for limit in walk), default=0):,.0f}",
        circle=f"{norm.farthest_m('circle'):,.0f}",
        limits=limits_words(norm),
        dense=f"{min((limit.metres for limit in dense), default=0):,.0f}",
        many=f"{min(from_km2, default=0):,.0f}",
    )


def limits_words(norm: Standard) -> str:
    """Say how far a station may be under a standard, the shortest and the longest of each way."""
    told = []
    for way in ("walk", "circle", "ebike"):
        limits = [limit for rule in norm.rules for limit in rule.limits if limit.way == way]
        figures = sorted(
            {(limit.seconds or 0) / 60 if way == "ebike" else limit.metres for limit in limits}
        )
        if figures:
            span = "–".join(f"{figure:,.0f}" for figure in {figures[0]: 0, figures[-1]: 0})
            told.append(word(f"apart.limit_{way}", span=span))
    return ("、" if current() == "zh" else ", ").join(told)


def _draw_areas(found: Apart) -> None:
    if not found.areas:
        return
    lang, chosen = current(), _chosen(found)
    st.markdown(f"**{word('apart.places')}**")
    st.caption(word("apart.places_help"))
    with st.container(key="areas", gap="xxsmall"):
        for number, area in enumerate(found.areas):
            st.button(
                plain(
                    word(
                        "apart.place",
                        order=number + 1,
                        place=area.place.said(lang),
                        workers=count(area.only_first + area.only_second, lang),
                    )
                ),
                key=f"apart_{number}",
                type="secondary" if number == chosen else "tertiary",
                width="stretch",
                on_click=_pick,
                args=(_id(found, area),),
            )


def _scene(now: Situation, found: Apart) -> MapScene:
    lang, chosen = current(), _chosen(found)
    first, second = found.first.standard, found.second.standard
    titles = (
        say("map.legend.only", lang, name=name_of(first)),
        say("map.legend.only", lang, name=name_of(second)),
    )
    focus = None
    shown = None
    if chosen is not None:
        gap = found.areas[chosen].gap
        focus = (gap.lon, gap.lat, _ZOOM)
        lon, lat = found.demand.point_lon[gap.points], found.demand.point_lat[gap.points]
        shown = AreaShown(
            chosen + 1,
            GAP_RADIUS_M,
            tuple(zip(lon.tolist(), lat.tolist(), strict=True)),
            say("map.legend.apart_area", lang, order=chosen + 1),
        )
    surfaces = surfaces_apart(now, first.name, second.name, titles)
    scene = scene_of(now, surfaces, focus)
    tags = tuple(
        AreaTag(number, area.gap.lon, area.gap.lat) for number, area in enumerate(found.areas, 1)
    )
    # How far one may walk is not one figure here: both standards are named in the legend.
    return replace(scene, tags=tags, chosen=shown, notes=scene.notes[1:])


def _chosen(found: Apart) -> int | None:
    wanted = st.session_state.get(keys.APART_AREA)
    ids = [_id(found, area) for area in found.areas]
    return ids.index(wanted) if wanted in ids else None


def _id(found: Apart, area: ApartArea) -> str:
    return found.demand.point_id[int(area.gap.points[0])]


def _pick(centre: str) -> None:
    if st.session_state.get(keys.APART_AREA) == centre:
        _forget_area()
        return
    st.session_state[keys.APART_AREA] = centre
    fly()


def _forget_area() -> None:
    st.session_state.pop(keys.APART_AREA, None)
