"""Whose way a candidate is on: a proxy for 必经之路 and for foot traffic, until both are known.

Workers are taken to walk from where they work to the nearest place of some types: to go home (a
stop, a hub), and, where a rule tells meals apart, to eat (a canteen, a restaurant). A candidate is
on their way when going by it makes the way longer by at most the rule's detour; who passes it on
either errand counts once. Where people really walk nobody has counted: every figure of this is a
proxy.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.catchments import travel
from siting.rules.book import Rule
from siting.rules.reach import Pairs, Surroundings, positions
from siting.rules.readings import Float64, Reading, silent, unnamed

Goals = tuple[NDArray[np.int64], NDArray[np.int64]]
_MM_PER_M = 1000


@dataclass(frozen=True, eq=False)
class _Starts:
    """Where people set out: a name for what was found, positions, people, who is near them."""

    name: str
    lon: Float64
    lat: Float64
    workers: Float64
    pairs: Pairs


def passing_workers(around: Surroundings, rule: Rule) -> Reading:
    """Return average present workers on whose way to the nearest such place the candidate is."""
    demand = around.demand
    starts = _Starts("demand", demand.point_lon, demand.point_lat, around.workers, around.walk)
    return _passing(around, rule, starts, around.reach_m(rule.flow_reach_m))


def passing_gates(around: Surroundings, rule: Rule) -> Reading:
    """Return workers of enterprises on whose way from their gates the candidate is.

    The gate is where the enterprise is recorded; unknown head counts are 0.
    """
    table = around.inputs.enterprises
    workers = table["workers"].to_numpy(dtype=float, na_value=0.0)
    if not len(workers):
        return silent(len(around.candidates), rule.flow_reach_m)
    pairs = around.pairs_to("enterprises", rule.flow_reach_m)
    starts = _Starts("gates", *positions(table), workers, pairs)
    return _passing(around, rule, starts, rule.flow_reach_m)


def _passing(around: Surroundings, rule: Rule, starts: _Starts, reach_m: float) -> Reading:
    types = around.inputs.hosts["host_type"]
    errands = [types.isin(each).to_numpy() for each in (rule.flow_types, rule.meal_types)]
    errands = [wanted for wanted in errands if wanted.any()]
    if not errands:
        return silent(len(around.candidates), reach_m)
    near = starts.pairs.cost_mm <= reach_m * _MM_PER_M
    if not near.any():
        return unnamed(np.zeros(len(around.candidates)), reach_m)
    passes = np.zeros(int(near.sum()), dtype=bool)
    for wanted in errands:
        passes |= _on_way(around, rule, starts, wanted, reach_m)
    owner, start = starts.pairs.candidate[near], starts.pairs.other[near]
    workers = np.where(passes, starts.workers[start], 0.0)
    figures = np.bincount(owner, weights=workers, minlength=len(around.candidates))
    return unnamed(np.asarray(figures, dtype=np.float64), reach_m)


def _on_way(
    around: Surroundings, rule: Rule, starts: _Starts, wanted: NDArray[np.bool_], reach_m: float
) -> NDArray[np.bool_]:
    """Return, per start within reach of a candidate, whether people pass it on one errand."""
    to_host = around.pairs_to("hosts", reach_m).only(wanted)
    shape = (len(around.candidates), len(wanted))
    # One more than the cost: 0 would be no entry.
    onwards = sparse.csr_array(
        (to_host.cost_mm.astype(np.int64) + 1, (to_host.candidate, to_host.other)), shape=shape
    )
    goal, straight_mm = _nearest(around, starts, wanted, 2 * reach_m)
    near = starts.pairs.cost_mm <= reach_m * _MM_PER_M
    owner, start = starts.pairs.candidate[near], starts.pairs.other[near]
    # Who has no goal leads to the last column, and is taken out again.
    rest = np.asarray(onwards[owner, goal[start]]).ravel() - 1
    longer = starts.pairs.cost_mm[near].astype(np.int64) + rest - straight_mm[start]
    on_way: NDArray[np.bool_] = (
        (goal[start] >= 0) & (rest >= 0) & (longer <= rule.flow_detour_m * _MM_PER_M)
    )
    return on_way


def _nearest(
    around: Surroundings, starts: _Starts, wanted: NDArray[np.bool_], reach_m: float
) -> Goals:
    """Return the wanted host nearest to each start (-1: none) and the way, mm."""
    key = ("flow", starts.name, tuple(np.flatnonzero(wanted).tolist()), reach_m)
    if key not in around.found:
        around.found[key] = _search(around, starts, wanted, reach_m)
    found: Goals = around.found[key]
    return found


def _search(
    around: Surroundings, starts: _Starts, wanted: NDArray[np.bool_], reach_m: float
) -> Goals:
    rows = np.flatnonzero(wanted)
    lon, lat = positions(around.inputs.hosts.iloc[rows])
    parameters = around.parameters
    ways = travel(
        around.inputs.streets,
        lon,
        lat,
        starts.lon,
        starts.lat,
        cutoff_m=reach_m,
        cap_m=parameters.attach_cap_m,
        alternatives_m=parameters.alternatives_m,
    )
    owner = np.repeat(rows, np.diff(ways.indptr))
    goal = np.full(len(starts.lon), -1, dtype=np.int64)
    least = np.zeros(len(starts.lon), dtype=np.int64)
    order = np.argsort(-ways.cost_mm, kind="stable")
    # The last written stays: the nearest.
    goal[ways.demand[order]] = owner[order]
    least[ways.demand[order]] = ways.cost_mm[order]
    return goal, least
