"""Stations, candidates and planned sites as the points that every map draws, with their lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd

from geo.reference import read_list
from geo.tables import split_list
from reports.webmap.same import Same
from reports.webmap.serving import Standing
from siting.hours_words import hours_in_words
from siting.plan_results import PlanResult
from siting.results import CandidateScore, Evidence, plain
from words import Lang, count, has, say, yuan

_KEPT = 8
# Okabe-Ito's four that stay apart for every colour deficiency; shapes differ where colours repeat.
KIND_LOOKS: dict[str, tuple[str, str]] = {
    "enterprise": ("square", "#0072B2"),
    "street_front": ("circle", "#009E73"),
    "hospital_rack": ("cross", "#CC79A7"),
    "mobile": ("diamond", "#E69F00"),
    "riders": ("triangle", "#0072B2"),
    "truck_drivers": ("hexagon", "#009E73"),
    "sorting_centre": ("wedge", "#E69F00"),
}
OTHER_LOOK = ("circle", "#4d4d4d")
"""Of a kind that the list of kinds does not know."""


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
            lines=filled(str(rows[site].town)),
            order=order,
        )
        for order, site in enumerate((site for site in sites if site in rows), 1)
    )


def station_symbols(stations: pd.DataFrame, lang: Lang) -> tuple[Symbol, ...]:
    """Return the looks of the kinds of station that occur; a kind of no list has one look."""
    kinds = read_list("reference/kinds")
    present = set(stations["kind"])
    known = tuple(
        Symbol(code, str(kinds[code][lang]), *KIND_LOOKS.get(code, OTHER_LOOK))
        for code in kinds
        if code in present
    )
    if present <= set(kinds):
        return known
    return (*known, Symbol("", say("map.legend.other_kind", lang), *OTHER_LOOK))


@lru_cache(maxsize=_KEPT)
def station_points(
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
                lines=filled(
                    _dotted(names[kind], str(row.town)),
                    _standing_line(now, lang) if counts else str(states[state][lang]),
                    labelled("map.popup.hours", hours_in_words(str(row.hours), lang), lang),
                ),
                detail=filled(_services(str(row.services), lang)),
            )
        )
    return tuple(points)


def _standing_line(now: Standing, lang: Lang) -> str:
    return "" if now == "open" else say(f"map.popup.{now}", lang)


@lru_cache(maxsize=_KEPT)
def candidate_points(
    table: Same[pd.DataFrame], versions: Same[Mapping[str, int]], lang: Lang
) -> tuple[MapPoint, ...]:
    """Return the points of candidates, without what rules say of them; they are made once, too.

    `versions` has the candidates that may be dragged: id -> version of the record that was seen.
    """
    frame, movable = table.held, versions.held
    names = candidate_names(frame, lang)
    return tuple(
        MapPoint(
            id=str(row.id),
            name=names[str(row.id)],
            lon=float(str(row.lon)),
            lat=float(str(row.lat)),
            lines=filled(str(row.town)),
            version=movable.get(str(row.id)),
        )
        for row in frame.itertuples()
    )


def scored(point: MapPoint, score: CandidateScore | None, lang: Lang) -> MapPoint:
    """Return a candidate's point with what rules say of it; as it is, where they say nothing."""
    if score is None:
        return point
    lines = (*point.lines, *_score_lines(score, lang))
    return replace(point, lines=lines, detail=(score.says(lang),))


def planned_points(
    candidates: pd.DataFrame, plan: PlanResult | None, lang: Lang
) -> tuple[MapPoint, ...]:
    """Return the sites of a plan in its order; () without one.

    Raises
    ------
    KeyError
        The plan names a site that is not among the candidates.
    """
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
                lines=filled(
                    str(row.town),
                    say("map.popup.gain", lang, workers=count(site.workers_gained, lang)),
                    say(
                        f"map.popup.cost{'_assumed' if site.cost_assumed else ''}", lang, cost=cost
                    ),
                ),
                detail=filled(site.reason_zh if lang == "zh" else site.reason_en),
                order=site.order,
            )
        )
    return tuple(points)


def _score_lines(score: CandidateScore, lang: Lang) -> tuple[str, ...]:
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


def _services(codes: str, lang: Lang) -> str:
    known = read_list("reference/services")
    names = [str(known[c][lang]) if c in known else c for c in split_list(codes)]
    separator = "、" if lang == "zh" else ", "
    return labelled("map.popup.services", separator.join(names), lang)


def labelled(key: str, value: str, lang: Lang) -> str:
    """Return the sentence `key` about `value`; "" without a value."""
    return say(key, lang, value=value) if value else ""


def _dotted(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def filled(*lines: str) -> tuple[str, ...]:
    """Return the lines that say something."""
    return tuple(line for line in lines if line)
