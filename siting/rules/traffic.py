"""Proxies for foot traffic where nobody counted: size of a venue, stops near by, busy streets."""

from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from geo.catchments.flow import Walked, walkers
from geo.reference import read_list
from geo.streets import Network, attached
from siting.rules.book import Rule
from siting.rules.reach import Pairs, Surroundings, positions
from siting.rules.readings import Float64, Reading, silent

_KEPT = 4
"""So many demands are kept per network: a district with and without a few changes."""

_WALKED: WeakKeyDictionary[Network, dict[tuple[object, ...], Walked]] = WeakKeyDictionary()


def venue_size(around: Surroundings, rule: Rule) -> Reading:
    """Return m2 of the largest venue within reach whose area is known (a proxy)."""
    return _largest(around, rule, around.inputs.hosts["area_m2"].to_numpy(dtype=float))


def usual_venue_size(around: Surroundings, rule: Rule) -> Reading:
    """Return the usual floor space, m2, of the kind of the largest venue within reach (a proxy)."""
    listed = read_list("reference/host_types")
    usual = [listed.get(code, {}).get("floor_m2", np.nan) for code in _types(around)]
    return _largest(around, rule, np.array(usual, dtype=np.float64))


def stop_density(around: Surroundings, rule: Rule) -> Reading:
    """Return stops within reach on foot, each weighted as the rule says (a proxy).

    The subject is the nearest of them. It is not asked where no stop is recorded at all: that is
    a table that nobody has loaded, not a district without buses.
    """
    weights = np.array([rule.stop_weights.get(code, np.nan) for code in _types(around)])
    stops = np.isfinite(weights)
    if not stops.any():
        return _not_asked(around, rule.stop_reach_m)
    pairs = around.pairs_to("hosts", rule.stop_reach_m).only(stops)
    figures = pairs.sums(np.where(stops, weights, 0.0), rule.stop_reach_m)
    return Reading(figures, _host_names(around, pairs.nearest()[0]), rule.stop_reach_m)


def street_betweenness(around: Surroundings, rule: Rule) -> Reading:
    """Return the share of all street that fewer walkers use than the candidate's (a proxy).

    Everybody is taken to walk from work to others at work within `through_reach_m`; see
    `geo.catchments.flow`. Of several streets beside the candidate the busiest counts; the subject
    is its name. It is not asked without streets for walking.
    """
    net = around.inputs.streets
    if net is None or net.meta.profile != "walk" or not around.demand.points:
        return _not_asked(around, rule.through_reach_m)
    parameters = around.parameters
    sites = attached(
        net,
        *positions(around.candidates),
        cap_m=parameters.attach_cap_m,
        alternatives_m=rule.through_beside_m,
    )
    rows, walked = np.flatnonzero(sites.ok), _walked(around, net, rule)
    pieces = np.concatenate(walked.pieces_at(sites.edge[rows], sites.pos_mm[rows]))
    owner, leg = (np.tile(each[rows], 2) for each in (sites.point, sites.leg_mm))
    beside = Pairs(owner.astype(np.int64), pieces.astype(np.int32), leg, len(around.candidates))
    best = beside.greatest(walked.less_walked)
    named = [*(net.names[name] if name >= 0 else "" for name in net.edge_name[walked.edge]), ""]
    subjects = tuple(named[piece] for piece in best.tolist())
    return Reading(np.append(walked.less_walked, np.nan)[best], subjects, rule.through_reach_m)


def _walked(around: Surroundings, net: Network, rule: Rule) -> Walked:
    """Return who walks where, once per network and demand."""
    demand, workers = around.demand, around.workers
    asked = (rule.through_reach_m, rule.through_origins, around.parameters.attach_cap_m)
    key = (*asked, demand.point_lon.tobytes(), demand.point_lat.tobytes(), workers.tobytes())
    known = _WALKED.setdefault(net, {})
    if key not in known:
        places = attached(net, demand.point_lon, demand.point_lat, cap_m=asked[2])
        found = walkers(net, places, workers, workers, cutoff_m=asked[0], most_origins=asked[1])
        if len(known) >= _KEPT:
            del known[next(iter(known))]
        known[key] = found
    return known[key]


def _types(around: Surroundings) -> list[str]:
    return around.inputs.hosts["host_type"].tolist()


def _largest(around: Surroundings, rule: Rule, sizes: Float64) -> Reading:
    """Return the greatest size of the rule's venues within reach, and whose it is."""
    venues = around.inputs.hosts["host_type"].isin(rule.host_types).to_numpy()
    pairs = around.pairs_to("hosts", rule.reach_m).only(venues & np.isfinite(sizes))
    best = pairs.greatest(sizes)
    return Reading(np.append(sizes, np.nan)[best], _host_names(around, best), rule.reach_m)


def _host_names(around: Surroundings, rows: NDArray[np.int64]) -> tuple[str, ...]:
    names = [*around.inputs.hosts["name"], ""]
    return tuple(str(names[row]) for row in rows)


def _not_asked(around: Surroundings, reach_m: float) -> Reading:
    size = len(around.candidates)
    nowhere = np.zeros(size, dtype=bool)
    nothing = silent(size, reach_m)
    return Reading(nothing.figures, nothing.subjects, reach_m, applies=nowhere)
