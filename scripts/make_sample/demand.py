"""Workers by place, group and window: invented, plausible, measured nowhere."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from shapely.geometry import Point

from geo.reference import read_list
from scripts.make_sample.drawing import URBAN, Drawing
from scripts.make_sample.firms import Firm
from scripts.make_sample.ground import MAIN_ROADS, Ground, Street
from scripts.make_sample.noding import Noded
from scripts.make_sample.plane import SEED, XY, built_up, facts, outline, to_plane, unit_at
from scripts.make_sample.sites import Venue

_COMMUNITY_POINTS = 640
_STREET_POINTS = 420
_FIELD_POINTS = 26


@dataclass(frozen=True)
class DemandPoint:
    """One demand point: heads per group when everybody is there, and how enterprises work here."""

    id: str
    at: XY
    unit: str
    heads: dict[str, float]
    shift: str = "day"


@cache
def presence() -> dict[str, Any]:
    """Return who is assumed to be where; do not change what you get."""
    path = Path(__file__).with_name("presence.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def make_points(
    ground: Ground, drawing: Drawing, noded: Noded, firms: list[Firm], places: list[Venue]
) -> list[DemandPoint]:
    """Return all demand points, ids in order."""
    rng = np.random.default_rng([SEED, 7])
    points = [
        *(_firm_point(firm, rng) for firm in firms),
        *(_venue_point(venue) for venue in places),
        *_street_points(ground, rng),
        *_community_points(ground, rng),
        *_village_points(ground, drawing, rng),
        *_apart_points(noded, rng),
        *_field_points(ground, rng),
    ]
    return [
        DemandPoint(f"D{number:04d}", p.at, p.unit, p.heads, p.shift)
        for number, p in enumerate(points, start=1)
    ]


def demand_rows(points: list[DemandPoint]) -> Iterator[tuple[DemandPoint, str, str, int]]:
    """Yield (point, group, window, workers) for every row with anybody present."""
    rng = np.random.default_rng([SEED, 8])
    windows = list(read_list("reference/windows"))
    profiles: dict[str, list[float]] = presence()["present"]
    shifts: dict[str, list[float]] = presence()["shift"]
    for point in points:
        for group, heads in sorted(point.heads.items()):
            shares = profiles.get(group) or shifts[point.shift]
            noise = rng.lognormal(0.0, 0.08, size=len(windows))
            for window, share, luck in zip(windows, shares, noise, strict=True):
                workers = round(heads * share * float(luck))
                if workers:
                    yield point, group, window, workers


def _firm_point(firm: Firm, rng: np.random.Generator) -> DemandPoint:
    heads = {"enterprise": float(firm.workers), "guard": 2.0 + 0.012 * firm.workers}
    if rng.random() < 0.5:
        heads["truck_driver"] = 1.0 + 0.02 * firm.workers
    return DemandPoint("", firm.at, firm.unit, heads, firm.shift)


def _venue_point(venue: Venue) -> DemandPoint:
    shares: dict[str, float] = presence()["venue"][venue.host_type]
    heads = {group: venue.staff * share for group, share in shares.items()}
    shift = "day" if venue.host_type == "mall" else "two_shift"
    return DemandPoint("", venue.at, venue.unit, heads, shift)


def _scattered(kind: str, factor: float, rng: np.random.Generator) -> dict[str, float]:
    usual: dict[str, float] = presence()["heads"][kind]
    return {
        group: middle * factor * float(rng.lognormal(0.0, 0.55))
        for group, middle in usual.items()
        if rng.random() < 0.85
    }


def _crowd(level: float) -> float:
    """Return how much the middle of a town is busier than its edge."""
    return 0.15 + 2.0 * level**3


def _is_main(street: Street) -> bool:
    return street.highway in MAIN_ROADS and street.built_up > 0.2


def _is_lane(street: Street) -> bool:
    return street.highway not in MAIN_ROADS and street.built_up > URBAN


def _street_points(ground: Ground, rng: np.random.Generator) -> Iterator[DemandPoint]:
    for _ in range(_STREET_POINTS):
        street = ground.pick(rng, _is_main)
        if street is not None:
            at = street.beside(float(rng.uniform(0.1, 0.9)), float(rng.choice([-16.0, 16.0])))
            yield DemandPoint(
                "", at, unit_at(*at), _scattered("street", _crowd(street.built_up), rng)
            )


def _community_points(ground: Ground, rng: np.random.Generator) -> Iterator[DemandPoint]:
    for _ in range(_COMMUNITY_POINTS):
        street = ground.pick(rng, _is_lane)
        if street is not None:
            at = street.beside(float(rng.uniform(0.1, 0.9)), float(rng.uniform(-60.0, 60.0)))
            yield DemandPoint(
                "", at, unit_at(*at), _scattered("community", _crowd(street.built_up), rng)
            )


def _village_points(
    ground: Ground, drawing: Drawing, rng: np.random.Generator
) -> Iterator[DemandPoint]:
    for village in drawing.villages:
        for _ in range(1 + int(rng.random() < 0.45)):
            near = (village.x + rng.normal(0.0, 70.0), village.y + rng.normal(0.0, 70.0))
            at = ground.nearest(near).beside(float(rng.uniform(0.2, 0.8)), 20.0)
            heads = _scattered("village", 0.85 + built_up(*at), rng)
            yield DemandPoint("", at, village.unit, heads)


def _apart_points(noded: Noded, rng: np.random.Generator) -> Iterator[DemandPoint]:
    """Yield two points in each piece that is apart from the network."""
    for piece in facts()["apart"]:
        ends = [
            to_plane(noded.lon[chain[0]], noded.lat[chain[0]])
            for line, chain in zip(noded.lines, noded.nodes, strict=True)
            if line.keep == piece["name"]
        ]
        for x, y in ends[:: max(1, len(ends) - 1)]:
            heads = _scattered("village", 1.2, rng)
            yield DemandPoint("", (x + 8.0, y + 8.0), unit_at(x, y), heads)


def _field_points(ground: Ground, rng: np.random.Generator) -> Iterator[DemandPoint]:
    """Yield work in the open, farther from every street than anything attaches (200 m) or not."""
    land = outline().buffer(-500.0)
    west, south, east, north = land.bounds
    made = 0
    for _ in range(20_000):
        if made == _FIELD_POINTS:
            return
        at = (float(rng.uniform(west, east)), float(rng.uniform(south, north)))
        far = ground.distance_m(at)
        if land.contains(Point(at)) and 120.0 < far < 500.0 and built_up(*at) < 0.2:
            made += 1
            yield DemandPoint("", at, unit_at(*at), _scattered("field", 1.0, rng))
