"""What the map shows, as plain frozen data that live, stand-alone and printed maps share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from reports.webmap.base import BaseLayer
from reports.webmap.credit import credits_of
from reports.webmap.drawn_zones import ZoneShown
from reports.webmap.handles import Grip
from reports.webmap.main_streets import StreetSet
from reports.webmap.points import (
    MapPoint,
    Symbol,
    candidate_points,
    filled,
    labelled,
    planned_points,
    station_points,
    station_symbols,
)
from reports.webmap.reach import Reach
from reports.webmap.same import Same
from reports.webmap.serving import AreaShown, AreaTag, Serving
from reports.webmap.surfaces import BANDWIDTH_M, Surface, make_surfaces
from reports.webmap.tiles import Tiles
from siting.model import Inputs
from siting.plan_results import PlanResult
from siting.results import CandidateScore, CoverageResult
from words import Lang, distance, say

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


ScoreOf = Callable[[str], CandidateScore | None]


def _unscored(_: str) -> None:
    """Say nothing of any candidate."""


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
    score_of
        Returns what the rules say of a candidate, by its id; asked where its popup is told.
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
    can_change_streets
        Whether the map offers to close a street and to draw a new one.
    can_undo
        Whether Ctrl+Z and Ctrl+Shift+Z on the map are told.
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
    grip
        Handle on the picked point, where it may be dragged; candidates that can always be dragged
        need none.
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
    score_of: ScoreOf = _unscored
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
    can_change_streets: bool = False
    can_undo: bool = False
    draft: tuple[tuple[float, float], ...] = ()
    tells_picked: bool = False
    answered: int = 0
    linked: str = ""
    grip: Grip | None = None
    tiles: Tiles | None = None


def scene_from(  # noqa: PLR0913 -- one keyword per thing a map may show or let people do
    base: BaseLayer,
    inputs: Inputs,
    coverage: CoverageResult,
    score_of: ScoreOf = _unscored,
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
    inputs, coverage, plan
        What was decided on, and the results.
    score_of
        See `MapScene`.
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
    symbols = station_symbols(inputs.stations, lang)
    return MapScene(
        base=base,
        lang=lang,
        surfaces=surfaces_of(shown) if ready_surfaces is None else ready_surfaces,
        symbols=symbols,
        stations=station_points(
            Same(inputs.stations), symbols, None if serving is None else serving.standings, lang
        ),
        candidates=candidate_points(Same(inputs.candidates), Same(movable), lang),
        score_of=score_of,
        plan=planned_points(inputs.candidates, plan, lang),
        gap_of=gap_of,
        tags=serving.tags if serving is not None and gap_of == "effective" else (),
        chosen=None if serving is None else serving.chosen,
        badges=_badges(inputs, lang),
        notes=_notes(inputs, shown, gap_of, lang),
        can_add=can_add,
        picked=picked,
        focus=focus,
    )


def surfaces_of(coverage: CoverageResult) -> tuple[Surface, ...]:
    """Return gap and density surfaces of one coverage; (): there are no workers."""
    return make_surfaces(
        coverage.point_lon,
        coverage.point_lat,
        coverage.point_workers,
        coverage.point_workers - coverage.point_covered,
    )


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
    return filled(
        say(f"map.method.{coverage.method}", lang, cutoff=cutoff),
        say("map.method.effective", lang) if gap_of == "effective" else "",
        say("map.method.smoothing", lang, bandwidth=distance(BANDWIDTH_M, lang)),
        labelled("map.method.sources", separator.join(credits_of(inputs, lang)), lang),
    )
