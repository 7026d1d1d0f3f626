"""圈选统计: an area drawn on the planner's map, what is in it, and a file. Nothing is stored."""

from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from geo.errors import InputError
from reports.webmap import candidate_names
from siting.adding_up import printed_shares, whole_levels, whole_rows
from siting.areas.counts import AreaCount, WorstPoint, count_area
from siting.areas.drawing import Corner, drawn_polygon
from siting.coverage.levels import Level
from ui import edits, keys
from ui.compute import Situation
from ui.labels import label, unit_name
from ui.language import current
from ui.look import table_height
from ui.safe import plain
from ui.scrolling import into_view
from ui.workbench.filters import counted_words, weather_words
from ui.workbench.lasso_file import area_file
from words import Lang, count, percent, say

PANEL = "lasso"
"""Key of the panel's container."""

_NAMED_UNITS = 4
_NAMED_SITES = 12
_BEST = 5


@dataclass(frozen=True)
class Lasso:
    """An area that somebody drew; `number` tells areas drawn one after the other apart."""

    corners: tuple[Corner, ...]
    number: int


def held() -> Lasso | None:
    """Return the area that this session has drawn."""
    found: Lasso | None = st.session_state.get(keys.LASSO)
    return found


def take(corners: tuple[Corner, ...], seq: int) -> None:
    """Count an area from now on; one whose corners are moved stays the same area."""
    before = held()
    edits.close_card()
    st.session_state[keys.LASSO] = Lasso(corners, seq if before is None else before.number)


def clear() -> None:
    """Forget the area: the map takes it away."""
    st.session_state.pop(keys.LASSO, None)


def word(key: str, /, **facts: object) -> str:
    """Return the sentence `workbench.lasso.<key>` in the language of this session."""
    return say(f"workbench.lasso.{key}", current(), **facts)


def draw_lasso(now: Situation) -> None:
    """Draw what is in the area, if one is drawn."""
    lasso = held()
    if lasso is None:
        return
    with st.container(border=True, key=PANEL, gap="small"):
        _draw_title()
        try:
            polygon = drawn_polygon(lasso.corners)
        except InputError:
            st.warning(word("crossing"), icon=":material/polyline:")
        else:
            _draw_found(now, count_area(now.effective.service, polygon))
    into_view(PANEL, f"lasso{lasso.number}")


def said_lines(found: AreaCount, lang: Lang) -> list[str]:
    """Say who is there and how far stations get them: the whole of it, or that they are few."""
    facts = {"points": count(found.points, lang)}
    if not found.total.workers:
        return [say("workbench.lasso.nobody", lang, **facts)]
    smallest = f"{found.smallest:g}"
    if found.few:
        return [say("workbench.lasso.few", lang, smallest=smallest, **facts)]
    workers = count(found.total.workers, lang)
    if not found.parts_told:
        return [say("workbench.lasso.few_parts", lang, smallest=smallest, workers=workers, **facts)]
    levels = whole_levels(found.total)
    told = {
        "workers": count(sum(levels), lang),
        "verified": count(levels[Level.VERIFIED], lang),
        "unverified": count(levels[Level.UNVERIFIED], lang),
        "uncovered": count(sum(levels[: Level.UNVERIFIED]), lang),
    }
    return [say("workbench.lasso.said", lang, **facts, **told)]


def group_table(found: AreaCount) -> pd.DataFrame:
    """Return one row per worker group whose figures may be told, in whole workers."""
    lang = current()
    rows = [
        {
            "name": label("groups", row.name, lang)
            if row.name
            else say("ui.coverage.unnamed", lang),
            "workers": sum(levels),
            "effective": row.coverage * 100,
            "verified": levels[Level.VERIFIED],
            "unverified": levels[Level.UNVERIFIED],
            "uncovered": sum(levels[: Level.UNVERIFIED]),
        }
        for row, levels, told in zip(
            found.groups, whole_rows(found.groups, found.total), found.told, strict=True
        )
        if told
    ]
    columns = ["name", "workers", "effective", "uncovered", "unverified", "verified"]
    return pd.DataFrame(rows, columns=columns)


def _draw_title() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{word('title')}**", width="stretch")
        st.button(
            word("clear"),
            key="lasso_clear",
            icon=":material/close:",
            type="tertiary",
            on_click=clear,
        )


def _draw_found(now: Situation, found: AreaCount) -> None:
    lang = current()
    part = counted_words(now.parameters)
    if found.parts_told and found.total.workers:
        _draw_figures(found)
    st.markdown("  \n".join(said_lines(found, lang)))
    told = word("counted") + weather_words(now.terms.weather)
    st.caption((word("part", what=part) if part else "") + told)
    if not found.points and not found.stations and not found.candidates:
        return
    with st.expander(word("more"), icon=":material/table_rows:", key="lasso_more"):
        _draw_units(found)
        _draw_groups(found)
        _draw_sites(now, found)
        _draw_worst(found)
    st.download_button(
        word("file"),
        data=partial(area_file, now, found, said_lines(found, lang), group_table(found), lang),
        file_name=f"{word('file_name')}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        key="lasso_file",
        icon=":material/download:",
        on_click="ignore",
    )


def _draw_figures(found: AreaCount) -> None:
    lang = current()
    unverified = printed_shares(found.total)[Level.UNVERIFIED]
    figures = {
        "workers": count(found.total.workers, lang),
        "effective": percent(found.total.coverage),
        "nominal": percent(found.nominal_coverage),
        "unverified": percent(unverified),
    }
    with st.container(key="figures_lasso", horizontal=True, gap="medium"):
        for name, value in figures.items():
            st.metric(word(name), value, width="content")


def _draw_units(found: AreaCount) -> None:
    lang = current()
    named = [unit_name(town, lang) for town in found.towns]
    if named:
        more = "…" if len(named) > _NAMED_UNITS else ""
        st.caption(plain(word("units", names=_joined(named[:_NAMED_UNITS]) + more)))


def _draw_groups(found: AreaCount) -> None:
    if not any(row.name for row in found.groups):
        return
    table = group_table(found)
    hidden = len(found.groups) - len(table)
    if len(table):
        number = st.column_config.NumberColumn
        st.dataframe(
            table,
            hide_index=True,
            height=table_height(len(table)),
            column_config={
                "name": st.column_config.TextColumn(word("group"), width=92),
                "workers": number(word("workers"), format="localized", width=70),
                "effective": st.column_config.ProgressColumn(
                    word("effective"), format="%.1f%%", min_value=0, max_value=100, width=90
                ),
                **{
                    name: number(word(f"{name}_workers"), format="localized", width=76)
                    for name in ("verified", "unverified", "uncovered")
                },
            },
        )
    if hidden:
        st.caption(word("hidden", count=hidden, smallest=f"{found.smallest:g}"))


def _draw_sites(now: Situation, found: AreaCount) -> None:
    names = dict(
        zip(now.inputs.stations["id"].astype(str), now.effective.station_names, strict=True)
    )
    listed = [names[site] for site in found.stations]
    more = "…" if len(listed) > _NAMED_SITES else ""
    told = plain(_joined(listed[:_NAMED_SITES])) + more if listed else word("none")
    st.markdown(word("stations", count=len(listed), names=told))
    if not found.candidates:
        st.markdown(word("candidates_none"))
        return
    st.markdown(word("candidates", count=len(found.candidates)))
    called = candidate_names(now.inputs.candidates, current())
    inside = set(found.candidates)
    ranked = sorted(now.evaluation.scores, key=lambda score: score.rank)
    for score in [score for score in ranked if score.id in inside][:_BEST]:
        st.button(
            plain(word("candidate", name=called[score.id], rank=score.rank)),
            key=f"lasso_site_{score.rank}",
            icon=":material/my_location:",
            type="tertiary",
            on_click=edits.fly_to,
            args=(score.id,),
        )


def _draw_worst(found: AreaCount) -> None:
    if not found.worst or not found.parts_told:
        return
    st.markdown(word("worst"))
    for number, point in enumerate(found.worst):
        st.button(
            plain(worst_line(point, current())),
            key=f"lasso_worst_{number}",
            icon=":material/location_on:",
            type="tertiary",
            on_click=_fly,
            args=(point,),
        )


def worst_line(point: WorstPoint, lang: Lang) -> str:
    """Say where a demand point is and how many of its workers are not covered."""
    workers = count(point.uncovered, lang)
    town = unit_name(point.town, lang)
    if not point.street:
        return say("workbench.lasso.worst_point", lang, town=town, workers=workers)
    return say(
        "workbench.lasso.worst_street", lang, street=point.street, town=town, workers=workers
    )


def _fly(point: WorstPoint) -> None:
    edits.close_card()
    st.session_state[keys.FLY_TO] = (point.lon, point.lat)
    st.session_state[keys.FLY] = st.session_state.get(keys.FLY, 0) + 1


def _joined(names: list[str]) -> str:
    return ("、" if current() == "zh" else ", ").join(names)
