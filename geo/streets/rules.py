"""Which ways are walkable, as data/reference/walk_rules.toml says."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from geo.reference import read_list

TAGS_READ = ("highway", "area", "foot", "motorroad", "access", "service", "sidewalk")
"""The tags that decide; loaders keep these, and the names."""

_REFUSING = ("motorroad", "access", "service", "sidewalk")


@dataclass(frozen=True)
class WalkRules:
    """The walk rules: `walkable(tags)` judges one way.

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
    foot_allows
        Values of `foot` that open a way which `access`, `motorroad` or `service` would close.
    """

    version: str
    highways: frozenset[str]
    with_permission: frozenset[str]
    refuses: Mapping[str, frozenset[str]]
    foot_allows: frozenset[str]

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
    )
