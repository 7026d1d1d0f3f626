"""Which stations are within what a standard asks, worker group by worker group.

Pairs of station and demand point are numbered station x points + point: sets of them are cut by
the limits of each rule and joined over the rules.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.catchments import STRAIGHT_LINE_FACTOR, Travel
from siting.coverage.reach import Reach
from siting.standards import Limit, Rule, Standard, Way

Int64 = NDArray[np.int64]
Float64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ways:
    """Travel matrices of the same stations and demand points, one per way of getting there.

    Attributes
    ----------
    walk
        On foot along streets (or straight lines x 1.35 where there are none), as far as any
        standard asks and at least as far as a host's own grounds reach.
    circle
        As the crow flies, x 1.35 like every matrix without streets; None: no standard asks.
    ride
        By e-bike along a riding network, milliseconds; None: there is none.
    """

    walk: Travel
    circle: Travel | None
    ride: Travel | None

    def pairs(self, limit: Limit, share: float) -> Int64:
        """Return the pairs within a share of a limit (<=), ascending."""
        if limit.way == "ebike" and self.ride is not None:
            return _pairs(self.ride, (limit.seconds or 0.0) * share)
        if limit.way == "circle":
            if self.circle is None:
                msg = "no matrix as the crow flies"
                raise ValueError(msg)
            return _pairs(self.circle, limit.metres * share * STRAIGHT_LINE_FACTOR)
        return _pairs(self.walk, limit.metres * share)


def reach_within(
    rules: tuple[Rule, ...],
    ways: Ways,
    counting: NDArray[np.bool_],
    density: Float64,
    own_m: float,
    share: float = 1.0,
) -> Reach:
    """Return the counting stations that each demand point has by the first rule that applies to it.

    Parameters
    ----------
    rules
        Of one worker group, in their order; the last applies everywhere.
    ways
        Distances of s stations to p points.
    counting
        bool[s].
    density
        float64[p]: average present workers per km2; read where a rule asks.
    own_m
        How far a host's own grounds reach on foot, metres, inclusive; weather does not change it.
    share
        Share (0..1] of every limit that is covered in this weather.
    """
    points = ways.walk.points
    left = np.ones(points, dtype=bool)
    found: list[Int64] = []
    for rule in rules:
        here = left & (density >= rule.workers_from_per_km2)
        left &= ~here
        first, *others = (ways.pairs(limit, share) for limit in rule.limits)
        for more in others:
            first = np.intersect1d(first, more, assume_unique=True)
        found.append(first[here[first % points]] if points else first)
    pairs = np.concatenate(found)
    if points:
        pairs = pairs[counting[pairs // points]]
    return _reach(pairs, np.isin(pairs, _pairs(ways.walk, own_m)), ways.walk)


def group_rules(
    standard: Standard, groups: tuple[str, ...]
) -> Mapping[tuple[Rule, ...], list[int]]:
    """Return which rules hold for which groups (their numbers); groups treated alike together."""
    alike: dict[tuple[Rule, ...], list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        alike[tuple(rule for rule in standard.rules if rule.speaks_of(group))].append(number)
    return alike


def asks_for(standards: tuple[Standard, ...], way: Way) -> float:
    """Return the longest limit of one way, metres; 0 where no standard has one."""
    return max((item.farthest_m(way) for item in standards), default=0.0)


def _pairs(travel: Travel, cutoff: float) -> Int64:
    """Return the pairs that cost at most (<=) a cut-off in metres or seconds, ascending."""
    site = np.repeat(np.arange(travel.sites, dtype=np.int64), np.diff(travel.indptr))
    keep = travel.cost <= round(cutoff * 1000)
    pairs: Int64 = site[keep] * travel.points + travel.demand[keep]
    return pairs


def _reach(pairs: Int64, own: NDArray[np.bool_], travel: Travel) -> Reach:
    site, point = np.divmod(pairs, max(travel.points, 1))
    order = np.lexsort((site, point))
    indptr = np.zeros(travel.points + 1, dtype=np.int64)
    np.cumsum(np.bincount(point, minlength=travel.points), out=indptr[1:])
    return Reach(indptr, site[order].astype(np.int32), own[order].astype(np.uint8), travel.sites)
