"""In which areas places lie: by their figures, or by zones that somebody drew or loaded."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from siting.areas.zones import AreaZones
from siting.results import AreaType
from siting.rules.book import Rule, Test
from siting.rules.places import FIGURE_UNITS, FIGURES_OF_PLACES, Figure, Ground, Places
from siting.score_parts import AreaFact, AreaFound

SPECIAL: AreaType = "special"
"""Named groups are found in any area: a zone adds this one, and never takes it away."""


@dataclass(frozen=True, eq=False)
class AreaMap:
    """The areas of n places, for the rules of a book in their order.

    Attributes
    ----------
    rules
        One per row of `lies`.
    lies
        bool[rules, n].
    figures
        Of every test that was asked.
    ways
        bool[ways, n] per rule: which of its ways hold.
    zones, zones_of
        Zones, and those that hold each place.
    """

    rules: tuple[Rule, ...]
    lies: NDArray[np.bool_]
    figures: dict[Test, Figure]
    ways: tuple[NDArray[np.bool_], ...]
    zones: AreaZones
    zones_of: tuple[tuple[int, ...], ...]

    def found(self, place: int) -> tuple[AreaFound, ...]:
        """Return the areas of one place with their evidence."""
        return tuple(
            self.found_by(number, place) for number in np.flatnonzero(self.lies[:, place]).tolist()
        )

    def found_by(self, number: int, place: int) -> AreaFound:
        """Return why a place is in the area of one rule."""
        area = self.rules[number].area_type
        named = [zone for zone in self.zones_of[place] if area in self.zones.areas[zone]]
        if named:
            return AreaFound(area, "zone", zone=self.zones.names[named[0]])
        return AreaFound(area, "data", self._facts(number, place))

    def _facts(self, number: int, place: int) -> tuple[AreaFact, ...]:
        """Return the figures of all ways that hold, each once."""
        holding = self.ways[number][:, place]
        tests = [
            test
            for way, holds in zip(self.rules[number].ways, holding, strict=True)
            if holds
            for test in way.tests
        ]
        # Two ways may ask one figure with different limits.
        return tuple(dict.fromkeys(self._fact(test, place) for test in tests))

    def _fact(self, test: Test, place: int) -> AreaFact:
        values, subjects = self.figures[test]
        unit = FIGURE_UNITS[test.figure]
        return AreaFact(test.figure, float(values[place]), unit, test.radius_m, subjects[place])


def classify(ground: Ground, places: Places, zones: AreaZones) -> AreaMap:
    """Return the areas of some places; a place may lie in several, and in none.

    An area holds where any of its rule's ways does; a way holds where all its tests do. In a zone
    the areas are those that the zone names; only `SPECIAL` may come from figures there too.
    """
    rules = ground.book.rules
    tests = {test for rule in rules for way in rule.ways for test in way.tests}
    figures = {test: FIGURES_OF_PLACES[test.figure](ground, places, test) for test in tests}
    ways = tuple(_ways(rule, figures) for rule in rules)
    shape = (len(rules), places.size)
    lies = np.array([held.any(axis=0) for held in ways]).reshape(shape)
    zones_of = zones.holding(places.lon, places.lat)
    _override(lies, rules, zones, zones_of)
    return AreaMap(rules, lies, figures, ways, zones, zones_of)


def _ways(rule: Rule, figures: dict[Test, Figure]) -> NDArray[np.bool_]:
    held = [
        np.logical_and.reduce([test.holds(figures[test][0]) for test in way.tests])
        for way in rule.ways
    ]
    return np.array(held)


def _override(
    lies: NDArray[np.bool_],
    rules: tuple[Rule, ...],
    zones: AreaZones,
    zones_of: tuple[tuple[int, ...], ...],
) -> None:
    for place, held in enumerate(zones_of):
        if not held:
            continue
        named = {area for zone in held for area in zones.areas[zone]}
        for number, rule in enumerate(rules):
            own = rule.area_type == SPECIAL and lies[number, place]
            lies[number, place] = rule.area_type in named or own
