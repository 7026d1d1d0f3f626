"""Stated need, and the labels of the map."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from scripts.make_sample.drawing import URBAN, Drawing
from scripts.make_sample.ground import MAIN_ROADS, Ground, Street
from scripts.make_sample.plane import SEED, XY, built_up, facts, seats, to_plane, unit_at
from scripts.make_sample.sites import Venue

_TOPICS = {
    "rest": 0.14, "water": 0.10, "heat": 0.10, "charging": 0.09, "places": 0.10,
    "wages": 0.24, "health": 0.09, "disputes": 0.09, "other": 0.05,
}  # fmt: skip
_VOICES = {
    "sweeper": 0.22, "food_rider": 0.2, "courier": 0.18, "truck_driver": 0.1, "taxi_driver": 0.08,
    "guard": 0.08, "enterprise": 0.1, "domestic": 0.04,
}  # fmt: skip


def make_needs(ground: Ground, drawing: Drawing) -> list[dict[str, Any]]:
    """Return stated need: half of it in villages, half along town streets."""
    rng = np.random.default_rng([SEED, 6])
    found: list[dict[str, Any]] = []
    for number in range(190):
        if number % 2:
            village = drawing.villages[int(rng.integers(len(drawing.villages)))]
            at = ground.nearest((village.x, village.y)).beside(0.5, 12.0)
        else:
            street = ground.pick(rng, lambda s: s.built_up > URBAN and bool(s.unit))
            if street is None:
                continue
            at = street.beside(0.5, 12.0)
        topic = str(rng.choice(list(_TOPICS), p=list(_TOPICS.values())))
        found.append(
            {
                "id": f"N{number + 1:03d}",
                "at": at,
                "unit": unit_at(*at),
                "topic": topic,
                "group": str(rng.choice(list(_VOICES), p=list(_VOICES.values()))),
                "records": int(1 + rng.poisson(2.2)),
            }
        )
    return found


def make_labels(ground: Ground, drawing: Drawing, places: list[Venue]) -> list[dict[str, Any]]:
    """Return the labels of the map; units stand at GeoNames seats where there is one."""
    found: list[dict[str, Any]] = []
    for unit, entry in facts()["units"].items():
        seat = seats().get(entry.get("seat", ""))
        at = to_plane(*seat) if seat else to_plane(*entry["at"][0][:2])
        source = "GeoNames, CC BY 4.0" if seat else "synthetic"
        found.append({"name": unit, "at": at, "kind": "unit", "source": source})
    found.extend(_label(v.name, (v.x, v.y), "village") for v in drawing.villages)
    found.extend(_label(venue.name, venue.at, "venue") for venue in places)
    found.extend(_label(name, at, "street") for name, at in _street_labels(ground))
    return found


def _label(name: str, at: XY, kind: str) -> dict[str, Any]:
    return {"name": name, "at": at, "kind": kind, "source": "synthetic"}


def _street_labels(ground: Ground) -> Iterator[tuple[str, XY]]:
    """Yield each long street's name where the street is most built-up."""
    named: dict[str, list[Street]] = {}
    for street in ground.streets:
        if street.name and street.highway in MAIN_ROADS:
            named.setdefault(street.name, []).append(street)
    for name, pieces in sorted(named.items()):
        if sum(piece.length_m for piece in pieces) < 900.0:
            continue
        best = max(pieces, key=lambda s: (round(built_up(*s.start), 3), round(s.length_m)))
        yield name, best.beside(0.5, 0.0)
