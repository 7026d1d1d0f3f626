"""Whose way a candidate is on: a proxy for 必经之路 and for foot traffic, until both are known.

Workers are taken to walk from where they work to the nearest host of some types (a transport hub,
a canteen). A candidate is on their way when going by it makes the way longer by at most the rule's
detour. Where people really walk nobody has counted: every figure of this is a proxy.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.catchments import travel
from siting.rules.book import Rule
from siting.rules.reach import Surroundings, positions
from siting.rules.readings import Reading, silent, unnamed

Goals = tuple[NDArray[np.int64], NDArray[np.int64]]
_MM_PER_M = 1000


def passing_workers(around: Surroundings, rule: Rule) -> Reading:
    """Return average present workers on whose way to the nearest such host the candidate is."""
    hosts = around.inputs.hosts
    wanted = hosts["host_type"].isin(rule.flow_types).to_numpy()
    reach_m = around.reach_m(rule.flow_reach_m)
    if not wanted.any():
        return silent(len(around.candidates), reach_m)
    to_host = around.pairs_to("hosts", reach_m).only(wanted)
    shape = (len(around.candidates), len(hosts))
    # One more than the cost: 0 would be no entry.
    onwards = sparse.csr_array(
        (to_host.cost_mm.astype(np.int64) + 1, (to_host.candidate, to_host.other)), shape=shape
    )
    goal, straight_mm = _nearest(around, wanted, 2 * reach_m)
    walk = around.walk
    near = (walk.cost_mm <= reach_m * _MM_PER_M) & (goal[walk.other] >= 0)
    owner, point = walk.candidate[near], walk.other[near]
    rest = np.asarray(onwards[owner, goal[point]]).ravel() - 1
    longer = walk.cost_mm[near].astype(np.int64) + rest - straight_mm[point]
    passes = (rest >= 0) & (longer <= rule.flow_detour_m * _MM_PER_M)
    workers = np.where(passes, around.workers[point], 0.0)
    figures = np.bincount(owner, weights=workers, minlength=shape[0])
    return unnamed(np.asarray(figures, dtype=np.float64), reach_m)


def _nearest(around: Surroundings, wanted: NDArray[np.bool_], reach_m: float) -> Goals:
    """Return the wanted host nearest to each demand point (-1: none) and the way, mm."""
    key = ("flow", tuple(np.flatnonzero(wanted).tolist()), reach_m)
    if key not in around.found:
        around.found[key] = _search(around, wanted, reach_m)
    found: Goals = around.found[key]
    return found


def _search(around: Surroundings, wanted: NDArray[np.bool_], reach_m: float) -> Goals:
    rows = np.flatnonzero(wanted)
    lon, lat = positions(around.inputs.hosts.iloc[rows])
    demand, parameters = around.demand, around.parameters
    ways = travel(
        around.inputs.streets,
        lon,
        lat,
        demand.point_lon,
        demand.point_lat,
        cutoff_m=reach_m,
        cap_m=parameters.attach_cap_m,
        alternatives_m=parameters.alternatives_m,
    )
    owner = np.repeat(rows, np.diff(ways.indptr))
    goal = np.full(demand.points, -1, dtype=np.int64)
    least = np.zeros(demand.points, dtype=np.int64)
    order = np.argsort(-ways.cost_mm, kind="stable")
    # The last written stays: the nearest.
    goal[ways.demand[order]] = owner[order]
    least[ways.demand[order]] = ways.cost_mm[order]
    return goal, least
