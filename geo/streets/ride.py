"""Which ways an e-bike takes, in which direction and how fast: data/reference/ride_rules.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from geo.reference import read_list
from geo.streets.rules import CostUnit, Profile

KMH_PER_M_S = 3.6

_CYCLEWAYS = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")
_REFUSING = ("motorroad", "service", "access")


@dataclass(frozen=True)
class RideRules:
    """The rules of the e-bike; `speeds_kmh(tags)` judges one way.

    Attributes
    ----------
    version
        Of the data file; stored in every network.
    speed_kmh
        Speed per `highway` value; what is not there is closed.
    pushed
        `highway` values along which the e-bike is pushed: one-way does not matter there.
    push_kmh, shared_kmh
        Pace where it is pushed, and where `bicycle` allows riding on a footway.
    values
        Per tag and verdict (`refuses`, `allows`, `pushes`, `along`, ...), the values of that tag.
    access_m_s
        Speed between the street and the door, metres per second.
    """

    version: str
    speed_kmh: Mapping[str, float]
    pushed: frozenset[str]
    push_kmh: float
    shared_kmh: float
    values: Mapping[tuple[str, str], frozenset[str]]
    access_m_s: float
    profile: Profile = "ebike"
    cost_unit: CostUnit = "ms"
    tags_read: tuple[str, ...] = (
        "highway",
        "area",
        "bicycle",
        "electric_bicycle",
        *_REFUSING,
        "vehicle",
        "junction",
        "oneway",
        "oneway:bicycle",
        *_CYCLEWAYS,
    )

    def speeds_kmh(self, tags: Mapping[str, str]) -> tuple[float, float] | None:
        """Return the speed along the line and against it (0: closed), or None: not a way at all."""
        highway = tags.get("highway", "")
        if highway not in self.speed_kmh or self._closed(tags):
            return None
        allowed = self._is("bicycle", "allows", tags)
        if self._is("bicycle", "pushes", tags) or (
            self._is("vehicle", "pushes", tags) and not allowed
        ):
            return self.push_kmh, self.push_kmh
        if highway in self.pushed:
            pace = self.shared_kmh if allowed else self.push_kmh
            return pace, pace
        speed = self.speed_kmh[highway]
        along, against = self.directions(tags)
        return speed * along, speed * against

    def directions(self, tags: Mapping[str, str]) -> tuple[bool, bool]:
        """Return whether a rider may go along the line, and against it."""
        if any(tags.get(key) in self.values["against_oneway", "cycleway"] for key in _CYCLEWAYS):
            return True, True
        # What is said of bicycles wins; their "yes" speaks of the direction that the street has.
        if tags.get("oneway:bicycle") in self.values["oneway", "both"]:
            return True, True
        if any(self._is(key, "against", tags) for key in ("oneway:bicycle", "oneway")):
            return False, True
        around = tags.get("junction") in self.values["oneway", "roundabouts"]
        along = any(self._is(key, "along", tags) for key in ("oneway:bicycle", "oneway"))
        return True, not (along or (around and not self._is("oneway", "both", tags)))

    def _closed(self, tags: Mapping[str, str]) -> bool:
        if any(self._is(key, "refuses", tags) for key in ("area", "bicycle", "electric_bicycle")):
            return True
        if self._is("bicycle", "allows", tags):
            return False
        return any(self._is(key, "refuses", tags) for key in _REFUSING)

    def _is(self, key: str, verdict: str, tags: Mapping[str, str]) -> bool:
        return tags.get(key) in self.values[key, verdict]


@cache
def ride_rules() -> RideRules:
    """Return the rules of data/reference/ride_rules.toml."""
    data = read_list("reference/ride_rules")
    speed = data["speed"]
    values = {
        (key, verdict): frozenset(entry)
        for key, table in data.items()
        if isinstance(table, dict)
        for verdict, entry in table.items()
        if isinstance(entry, list)
    }
    for verdict in ("along", "against"):
        values["oneway:bicycle", verdict] = values["oneway", verdict]
    return RideRules(
        version=data["version"],
        speed_kmh={
            highway: float(group["km_h"])
            for group in speed.values()
            for highway in group.get("highways", ())
        },
        pushed=frozenset(speed["pushed"]["highways"]),
        push_kmh=float(speed["pushed"]["km_h"]),
        shared_kmh=float(speed["allowed_on_footway"]["km_h"]),
        values=values,
        access_m_s=float(data["access_leg"]["km_h"]) / KMH_PER_M_S,
    )
