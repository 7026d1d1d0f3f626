"""Which ways are walkable, as data/reference/walk_rules.toml says; what any profile must tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol

from geo.reference import read_list

Profile = Literal["walk", "ebike"]
"""On foot, both directions, costs in millimetres; by e-bike, directed, costs in milliseconds."""

CostUnit = Literal["mm", "ms"]

OPEN = (1.0, 1.0)
"""Both directions, where the speed is of no consequence."""

UNKNOWN_ROAD = "road"
"""OSM's word for a road of which nobody knows the class; walkable."""

_REFUSING = ("motorroad", "access", "service", "sidewalk")


class TravelRules(Protocol):
    """What the loaders ask about every way.

    Attributes
    ----------
    profile, cost_unit
        Of the networks made by these rules.
    version
        Of the data file; stored in every network.
    access_m_s
        Speed on access legs, metres per second; 0 where costs are lengths.
    tags_read
        The tags that decide; loaders keep these, and the names.
    """

    @property
    def profile(self) -> Profile: ...  # noqa: D102 - see the class
    @property
    def cost_unit(self) -> CostUnit: ...  # noqa: D102
    @property
    def version(self) -> str: ...  # noqa: D102
    @property
    def access_m_s(self) -> float: ...  # noqa: D102
    @property
    def tags_read(self) -> tuple[str, ...]: ...  # noqa: D102

    def speeds_kmh(self, tags: Mapping[str, str]) -> tuple[float, float] | None:
        """Return the speed along the line and against it (0: closed), or None: not a way at all."""
        ...


@dataclass(frozen=True)
class WalkRules:
    """The walk rules: `walkable(tags)` judges one way; see `TravelRules` for the rest.

    Attributes
    ----------
    version
        Of the data file; stored in every network.
    highways
        `highway` values that are walkable unless a tag says otherwise.
    with_permission
        `highway` values that are walkable only where `foot` allows it.
    refuses
        Per tag, the values that close a way.
    closed
        `highway` values that are never walkable, where others may be of another list.
    foot_allows
        Values of `foot` that open a way which `access`, `motorroad` or `service` would close.
    """

    version: str
    highways: frozenset[str]
    with_permission: frozenset[str]
    refuses: Mapping[str, frozenset[str]]
    foot_allows: frozenset[str]
    closed: frozenset[str] = frozenset()
    profile: Profile = "walk"
    cost_unit: CostUnit = "mm"
    access_m_s: float = 0.0
    tags_read: tuple[str, ...] = ("highway", "area", "foot", *_REFUSING)

    def speeds_kmh(self, tags: Mapping[str, str]) -> tuple[float, float] | None:
        """Return `OPEN` where the way is walkable: its cost is its length."""
        return OPEN if self.walkable(tags) else None

    def walkable(self, tags: Mapping[str, str]) -> bool:
        """Return whether a way with these OSM tags may be walked along, in both directions."""
        highway = tags.get("highway", "")
        if highway not in self.highways and highway not in self.with_permission:
            return False
        if self._refused("area", tags) or self._refused("foot", tags):
            return False
        if tags.get("foot") in self.foot_allows:
            return True
        if highway in self.with_permission:
            return False
        return not any(self._refused(key, tags) for key in _REFUSING)

    def left_out(self, tags: Mapping[str, str]) -> bool:
        """Return whether a line with these attributes is closed to walkers.

        Its class need not be one of OSM: one that we do not know says nothing.
        """
        highway = tags.get("highway", "")
        known = highway in self.highways | self.with_permission | self.closed
        return not self.walkable({**tags, "highway": highway if known else UNKNOWN_ROAD})

    def _refused(self, key: str, tags: Mapping[str, str]) -> bool:
        return tags.get(key) in self.refuses[key]


@cache
def walk_rules() -> WalkRules:
    """Return the rules of data/reference/walk_rules.toml."""
    data = read_list("reference/walk_rules")
    highway = data["highway"]
    return WalkRules(
        version=data["version"],
        highways=frozenset(highway["streets"]["walkable"] + highway["paths"]["walkable"]),
        with_permission=frozenset(highway["with_permission"]["walkable_if_foot_allows"]),
        refuses={key: frozenset(data[key]["refuses"]) for key in ("area", "foot", *_REFUSING)},
        foot_allows=frozenset(data["foot"]["allows"]),
        closed=frozenset(highway["closed"]["never_walkable"]),
    )
