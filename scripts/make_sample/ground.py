"""The drawn streets as pieces to stand on: where things are put beside them."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from scripts.make_sample.noding import Noded, walkable
from scripts.make_sample.plane import XY, Array, built_up, to_plane, unit_at

MAIN_ROADS = ("primary", "secondary", "tertiary")


@dataclass(frozen=True)
class Street:
    """One straight piece of a walkable street of the main network, in the plane."""

    start: XY
    end: XY
    name: str
    highway: str
    unit: str
    built_up: float

    @property
    def length_m(self) -> float:
        """Length, metres."""
        return math.dist(self.start, self.end)

    def beside(self, share: float, offset_m: float) -> XY:
        """Return the place `offset_m` to the left of the point at `share` of the way."""
        dx, dy = self.end[0] - self.start[0], self.end[1] - self.start[1]
        length = self.length_m
        return (
            self.start[0] + share * dx - offset_m * dy / length,
            self.start[1] + share * dy + offset_m * dx / length,
        )


@dataclass(frozen=True)
class Ground:
    """All street pieces, ready to be drawn from."""

    streets: tuple[Street, ...]
    lengths_m: Array
    _found: dict[Callable[[Street], bool], list[int]] = field(default_factory=dict, init=False)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """An index of the pieces."""
        return shapely.STRtree([LineString([s.start, s.end]) for s in self.streets])

    def pick(self, rng: np.random.Generator, wanted: Callable[[Street], bool]) -> Street | None:
        """Draw a piece that is wanted, by length; None where there is none.

        Who draws again and again hands over the same function: all pieces are asked once for it.
        """
        found = self._found.get(wanted)
        if found is None:
            found = [n for n, street in enumerate(self.streets) if wanted(street)]
            self._found[wanted] = found
        if not found:
            return None
        weights = self.lengths_m[found]
        return self.streets[found[int(rng.choice(len(found), p=weights / weights.sum()))]]

    def front(self, rng: np.random.Generator, wanted: Callable[[Street], bool]) -> XY | None:
        """Draw a house front 8 to 22 m from the middle of a wanted street; None: no such street."""
        street = self.pick(rng, wanted)
        if street is None:
            return None
        offset_m = float(rng.uniform(8.0, 22.0) * rng.choice([-1.0, 1.0]))
        return street.beside(float(rng.uniform(0.1, 0.9)), offset_m)

    def nearest(self, at: XY) -> Street:
        """Return the piece nearest to a place."""
        return self.streets[int(self.tree.nearest(Point(at)))]

    def distance_m(self, at: XY) -> float:
        """Return the straight distance to the nearest piece, metres."""
        street = self.nearest(at)
        return float(LineString([street.start, street.end]).distance(Point(at)))


def survey(noded: Noded) -> Ground:
    """Return the walkable pieces of at least 15 m; pieces apart from the network are left out."""
    found: list[Street] = []
    for line, chain in zip(noded.lines, noded.nodes, strict=True):
        if line.keep or not walkable(line):
            continue
        places = [to_plane(noded.lon[node], noded.lat[node]) for node in chain]
        for start, end in pairwise(places):
            if math.dist(start, end) < 15.0:
                continue
            middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
            tags = line.tags
            found.append(
                Street(
                    start,
                    end,
                    tags.get("name", ""),
                    tags["highway"],
                    unit_at(*middle),
                    built_up(*middle),
                )
            )
    return Ground(tuple(found), np.array([street.length_m for street in found]))
