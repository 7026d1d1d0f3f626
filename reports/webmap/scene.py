"""What the map shows, as plain frozen data that live, stand-alone and printed maps share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

import pandas as pd

from geo.reference import read_list
from geo.tables import split_list
from reports.webmap.base import BaseLayer
from reports.webmap.credit import credits_of
from reports.webmap.drawn_zones import ZoneShown
from reports.webmap.main_streets import StreetSet
from reports.webmap.reach import Reach
from reports.webmap.same import Same
from reports.webmap.serving import AreaShown, AreaTag, Serving, Standing
from reports.webmap.surfaces import BANDWIDTH_M, Surface, make_surfaces
from reports.webmap.tiles import Tiles
from siting.hours_words import hours_in_words
from siting.model import Inputs
from siting.plan_results import PlanResult
from siting.results import CandidateScore, CoverageResult, Evidence, plain
from words import Lang, count, distance, has, say, yuan

Layer = Literal[
    "areas", "gap", "unverified", "density", "first", "second", "stations", "candidates", "plan"
]
DEFAULT_LAYERS: tuple[Layer, ...] = (
    "areas",
    "gap",
    "unverified",
    "first",
    "second",
    "stations",
    "candidates",
    "plan",
)
GapOf = Literal["effective", "nominal", "after"]
"""Whose gap is drawn: that of effective coverage, of nominal coverage, or after the plan."""

NO_VERSIONS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True)
class Symbol:
    """How one kind of point is drawn: shape and colour, for readers who tell few colours apart."""

    code: str
    name: str
    shape: str
    colour: str


@dataclass(frozen=True)
class MapPoint:
    """One station, candidate or planned site.

    Attributes
    ----------
    id, name
        Of the record; names are hostile and stay data.
    lon, lat
        WGS-84 degrees.
    symbol
        Code of a `Symbol`; None where the layer has one look only.
    active
        False: its state does not count; drawn as closed.
    standing
        Whether it is open in the chosen windows.
    lines
        What the popup says under the name.
    detail
        Longer sentences; the live map sends them only for the point that is picked.
    order
        Number in the plan.
    version
        Of a record that may be dragged; None: fixed.
    """

    id: str
    name: str
    lon: float
    lat: float
    symbol: str | None = None
    active: bool = True
    standing: Standing = "open"
    lines: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()
    order: int | None = None
    version: int | None = None


@dataclass(frozen=True)
class Focus:
    """Where the map shall fly once per `number`."""

    lon: float
    lat: float
    zoom: int
    number: int


@dataclass(frozen=True, eq=False)
class MapScene:
    """Everything one map shows.

    Attributes
    ----------
    base
        Own base layer; its `bounds` are the first view.
    surfaces
        Gap, unverified workers and density, possibly none.
    symbols
        Looks of the stations that occur.
    stations, candidates, plan
        Points by layer; `plan` in its order.
    visible
        Layers switched on at first; people switch them in the map without asking the server.
    gap_of
        What the gap surface is; the legend says so.
    tags, chosen
        Gap areas of effective coverage by their numbers, and the one to highlight.
    badges
        Short notes that stay on the map: 合成示例数据, 内部工作用图.
    notes
        Method, figures' meaning and sources, for the legend.
    can_add
        Whether the map offers to add a candidate by tapping.
    adding
        What a tap places: a candidate, or a row of a file that is being read. For rows the layer
        of stations is everything whose place is known already, and is called so.
    picked
        Point whose popup carries its details.
    focus
        Place to fly to, if any.
    tapped
        Place (lon, lat) of a new candidate whose form is open.
    reach
        Streets and area within the cut-off of the picked point, if it is on a street.
    lines
        Sets of streets to draw over the others, the first at the bottom.
    zones
        Zones in which somebody has set the areas.
    can_draw
        Whether the map offers to draw a zone by tapping its corners.
    drawing
        What is drawn: a zone that is set, or an area that is counted.
    draft
        Corners (lon, lat) of the zone whose form is open; the map lets people move them.
    tells_picked
        Whether picking a point is answered by a scene that tells of it: then nothing is told of
        the others, of which there may be thousands.
    answered
        Number of the event that was answered last: a refused one changes nothing else, and the map
        must still put back what was dragged.
    linked
        Maps of one page with the same word here show the same part of the ground; "": none.
    tiles
        Whose tiles the live map lies on; None: on its own drawing, as everything printed is.
    """

    base: BaseLayer
    lang: Lang
    surfaces: tuple[Surface, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    stations: tuple[MapPoint, ...] = ()
    candidates: tuple[MapPoint, ...] = ()
    plan: tuple[MapPoint, ...] = ()
    visible: tuple[Layer, ...] = DEFAULT_LAYERS
    gap_of: GapOf = "nominal"
    tags: tuple[AreaTag, ...] = ()
    chosen: AreaShown | None = None
    badges: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    can_add: bool = False
    adding: Literal["candidate", "row"] = "candidate"
    picked: str | None = None
    focus: Focus | None = None
    tapped: tuple[float, float] | None = None
    reach: Reach | None = None
    lines: tuple[StreetSet, ...] = ()
    zones: tuple[ZoneShown, ...] = ()
    can_draw: bool = False
    drawing: Literal["zone", "count"] = "zone"
    draft: tuple[tuple[float, float], ...] = ()
    tells_picked: bool = False
    answered: int = 0
    linked: str = ""
    tiles: Tiles | None = None


_KEPT = 8
# Okabe-Ito's four that stay apart for every colour deficiency; shapes differ where colours repeat.
_LOOKS: dict[str, tuple[str, str]] = {
    "enterprise": ("square", "#0072B2"),
    "street_front": ("circle", "#009E73"),
    "hospital_rack": ("cross", "#CC79A7"),
    "mobile": ("diamond", "#E69F00"),
    "riders": ("triangle", "#0072B2"),
    "truck_drivers": ("hexagon", "#009E73"),
    "sorting_centre": ("wedge", "#E69F00"),
}
_OTHER_LOOK = ("circle", "#4d4d4d")


def scene_from(  # noqa: PLR0913 -- one keyword per thing a map may show or let people do
    base: BaseLayer,
    inputs: Inputs,
    coverage: CoverageResult,
    scores: Sequence[CandidateScore] = (),
    plan: PlanResult | None = None,
    *,
    lang: Lang = "zh",
    movable: Mapping[str, int] = NO_VERSIONS,
    can_add: bool = False,
    picked: str | None = None,
    focus: Focus | None = None,
    ready_surfaces: tuple[Surface, ...] | None = None,
    gap_of: GapOf | None = None,
    serving: Serving | None = None,
) -> MapScene:
    """Build the scene of one evaluation.

    Parameters
    ----------
    base
        From `base_layer`, kept by the caller as long as streets, outline and labels stay.
    inputs, coverage, scores, plan
        What was decided on, and the results.
    movable
        Candidates that may be dragged: id -> version of the record that was seen.
    can_add, picked, focus
        See `MapScene`.
    ready_surfaces
        From `surfaces_of` or, for effective coverage, `effective_surfaces`; None: computed here.
    gap_of
        What the gap surface is. None: nominal, after the plan where its `after` is known. Effective
        needs `ready_surfaces`.
    serving
        What there is to show of effective coverage; None: nothing.

    Raises
    ------
    KeyError
        The plan names a site that is not among the candidates.
    """
    after = None if plan is None else plan.after
    if gap_of is None or (gap_of == "after" and after is None):
        gap_of = "nominal" if after is None else "after"
    shown = after if gap_of == "after" and after is not None else coverage
    symbols = _symbols(inputs.stations, lang)
    return MapScene(
        base=base,
        lang=lang,
        surfaces=surfaces_of(shown) if ready_surfaces is None else ready_surfaces,
        symbols=symbols,
        stations=_kept_stations(
            Same(inputs.stations), symbols, None if serving is None else serving.standings, lang
        ),
        candidates=_kept_candidates(Same(inputs.candidates), Same(scores), Same(movable), lang),
        plan=_plan(inputs.candidates, plan, lang),
        gap_of=gap_of,
        tags=serving.tags if serving is not None and gap_of == "effective" else (),
        chosen=None if serving is None else serving.chosen,
        badges=_badges(inputs, lang),
        notes=_notes(inputs, shown, gap_of, lang),
        can_add=can_add,
        picked=picked,
        focus=focus,
    )


def candidate_names(candidates: pd.DataFrame, lang: Lang) -> dict[str, str]:
    """Return what candidates are called, by id; without a name, by unit and row of the table."""
    names = {}
    rows = zip(candidates["id"], candidates["name"], candidates["town"], strict=True)
    for number, (record_id, name, town) in enumerate(rows, 1):
        place = say("map.unnamed.row", lang, number=number)
        where = say("map.unnamed.place", lang, town=town, row=place) if town else place
        names[str(record_id)] = str(name) or say("map.unnamed.candidate", lang, where=where)
    return names


def opened_points(
    candidates: pd.DataFrame, sites: Sequence[str], lang: Lang
) -> tuple[MapPoint, ...]:
    """Return candidates that open as they are drawn: numbered in the order of `sites`.

    Parameters
    ----------
    sites
        Ids; those that are not in the table are left out.
    """
    rows = {str(row.id): row for row in candidates.itertuples()}
    names = candidate_names(candidates, lang)
    return tuple(
        MapPoint(
            id=site,
            name=names[site],
            lon=float(str(rows[site].lon)),
            lat=float(str(rows[site].lat)),
            lines=_filled(str(rows[site].town)),
            order=order,
        )
        for order, site in enumerate((site for site in sites if site in rows), 1)
    )


def surfaces_of(coverage: CoverageResult) -> tuple[Surface, ...]:
    """Return gap and density surfaces of one coverage; (): there are no workers."""
    return make_surfaces(
        coverage.point_lon,
        coverage.point_lat,
        coverage.point_workers,
        coverage.point_workers - coverage.point_covered,
    )


def _symbols(stations: pd.DataFrame, lang: Lang) -> tuple[Symbol, ...]:
    kinds = read_list("reference/kinds")
    present = set(stations["kind"])
    known = tuple(
        Symbol(code, str(kinds[code][lang]), *_LOOKS.get(code, _OTHER_LOOK))
        for code in kinds
        if code in present
    )
    if present <= set(kinds):
        return known
    return (*known, Symbol("", say("map.legend.other_kind", lang), *_OTHER_LOOK))


@lru_cache(maxsize=_KEPT)
def _kept_stations(
    table: Same[pd.DataFrame],
    symbols: tuple[Symbol, ...],
    found: tuple[Standing, ...] | None,
    lang: Lang,
) -> tuple[MapPoint, ...]:
    """Return the points of stations; they are made once, and drawn by every rerun."""
    frame = table.held
    everywhere: list[Standing] = ["open"] * len(frame)
    standings = everywhere if found is None else found
    names = {symbol.code: symbol.name for symbol in symbols}
    states = read_list("reference/states")
    points = []
    for row, now in zip(frame.itertuples(), standings, strict=True):
        state = str(row.state)
        counts = state not in states or bool(states[state]["counts"])
        kind = str(row.kind) if row.kind in names else ""
        points.append(
            MapPoint(
                id=str(row.id),
                name=str(row.name),
                lon=float(str(row.lon)),
                lat=float(str(row.lat)),
                symbol=kind,
                active=counts,
                standing=now,
                lines=_filled(
                    _dotted(names[kind], str(row.town)),
                    _standing_line(now, lang) if counts else str(states[state][lang]),
                    _labelled("map.popup.hours", hours_in_words(str(row.hours), lang), lang),
                ),
                detail=_filled(_services(str(row.services), lang)),
            )
        )
    return tuple(points)


def _standing_line(now: Standing, lang: Lang) -> str:
    return "" if now == "open" else say(f"map.popup.{now}", lang)


@lru_cache(maxsize=_KEPT)
def _kept_candidates(
    table: Same[pd.DataFrame],
    scores: Same[Sequence[CandidateScore]],
    versions: Same[Mapping[str, int]],
    lang: Lang,
) -> tuple[MapPoint, ...]:
    frame, movable = table.held, versions.held
    by_id = {score.id: score for score in scores.held}
    points = []
    names = candidate_names(frame, lang)
    for row in frame.itertuples():
        score = by_id.get(str(row.id))
        points.append(
            MapPoint(
                id=str(row.id),
                name=names[str(row.id)],
                lon=float(str(row.lon)),
                lat=float(str(row.lat)),
                lines=_filled(str(row.town), *_score_lines(score, lang)),
                detail=() if score is None else (_sentence(score, lang),),
                version=movable.get(str(row.id)),
            )
        )
    return tuple(points)


def _plan(candidates: pd.DataFrame, plan: PlanResult | None, lang: Lang) -> tuple[MapPoint, ...]:
    if plan is None:
        return ()
    rows = {str(row.id): row for row in candidates.itertuples()}
    names = candidate_names(candidates, lang)
    points = []
    for site in plan.selected:
        row = rows[site.id]
        cost = yuan(site.cost_yuan, lang)
        points.append(
            MapPoint(
                id=site.id,
                name=names[site.id],
                lon=float(str(row.lon)),
                lat=float(str(row.lat)),
                lines=_filled(
                    str(row.town),
                    say("map.popup.gain", lang, workers=count(site.workers_gained, lang)),
                    say(
                        f"map.popup.cost{'_assumed' if site.cost_assumed else ''}", lang, cost=cost
                    ),
                ),
                detail=_filled(site.reason_zh if lang == "zh" else site.reason_en),
                order=site.order,
            )
        )
    return tuple(points)


def _score_lines(score: CandidateScore | None, lang: Lang) -> tuple[str, ...]:
    if score is None:
        return ()
    rank = say("map.popup.rank", lang, rank=score.rank, points=f"{score.points:.1f}")
    if not score.evidence:
        return (rank,)
    first = score.evidence[0]
    rule = say(f"map.area.{first.area_type}", lang)
    return (rank, _dotted(rule, first.subject, _figure(first, lang)))


def _figure(evidence: Evidence, lang: Lang) -> str:
    key = f"reports.units.{evidence.unit}"
    unit = say(key, lang) if has(key, lang) else evidence.unit
    value = plain(round(evidence.value, 1))
    return f"{value:,} {unit}".strip()


def _sentence(score: CandidateScore, lang: Lang) -> str:
    return score.sentence_zh if lang == "zh" else score.sentence_en


def _services(codes: str, lang: Lang) -> str:
    known = read_list("reference/services")
    names = [str(known[c][lang]) if c in known else c for c in split_list(codes)]
    separator = "、" if lang == "zh" else ", "
    return _labelled("map.popup.services", separator.join(names), lang)


def _badges(inputs: Inputs, lang: Lang) -> tuple[str, ...]:
    internal = say("map.badge.internal", lang)
    return (say("map.badge.synthetic", lang), internal) if inputs.synthetic else (internal,)


def approved(scene: MapScene, number: str) -> MapScene:
    """Return a scene that says its map approval number where it said 内部工作用图; "": as it is."""
    if not number:
        return scene
    internal = say("map.badge.internal", scene.lang)
    told = say("map.badge.approved", scene.lang, number=number)
    return replace(scene, badges=tuple(told if b == internal else b for b in scene.badges))


def _notes(inputs: Inputs, coverage: CoverageResult, gap_of: GapOf, lang: Lang) -> tuple[str, ...]:
    cutoff = distance(coverage.cutoff_m, lang)
    separator = "；" if lang == "zh" else "; "
    return _filled(
        say(f"map.method.{coverage.method}", lang, cutoff=cutoff),
        say("map.method.effective", lang) if gap_of == "effective" else "",
        say("map.method.smoothing", lang, bandwidth=distance(BANDWIDTH_M, lang)),
        _labelled("map.method.sources", separator.join(credits_of(inputs, lang)), lang),
    )


def _labelled(key: str, value: str, lang: Lang) -> str:
    return say(key, lang, value=value) if value else ""


def _dotted(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _filled(*lines: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line)
