"""One function per measure: the figure that speaks for each candidate, and what it belongs to.

A figure is NaN where the data for it are not there: the measure then says nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.streets import attach
from siting.rules.files import Rule
from siting.rules.reach import Pairs, Surroundings, codes_where, positions
from siting.rules.streets import front_streets

Float64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Reading:
    """What one measure says of c candidates.

    Attributes
    ----------
    figures
        float64[c], in the unit of the measure; NaN: it says nothing.
    subjects
        What the figure belongs to, "" where there is nothing to name.
    reach_m
        How far it looked, metres on foot.
    """

    figures: Float64
    subjects: tuple[str, ...]
    reach_m: float


def host_workers(around: Surroundings, rule: Rule) -> Reading:
    """Return workers of the enterprise that the candidate is named after, within reach."""
    workers, pairs = _enterprises(around, rule)
    names = [_plain(name) for name in around.inputs.enterprises["name"]]
    sites = [_plain(name) for name in around.candidates["name"]]
    same = np.array(
        [
            bool(names[other]) and names[other] in sites[candidate]
            for candidate, other in zip(pairs.candidate, pairs.other, strict=True)
        ],
        dtype=bool,
    )
    own = Pairs(pairs.candidate[same], pairs.other[same], pairs.cost_mm[same], pairs.candidates)
    return _greatest(around, "enterprises", own, workers, rule.reach_m)


def enterprise_workers(around: Surroundings, rule: Rule) -> Reading:
    """Return workers of all enterprises within reach; the subject is the largest of them."""
    workers, pairs = _enterprises(around, rule)
    if not len(workers):
        return _silent(around, rule.reach_m)
    largest = _greatest(around, "enterprises", pairs, workers, rule.reach_m)
    return Reading(pairs.sums(workers, rule.reach_m), largest.subjects, rule.reach_m)


def enterprise_group_workers(around: Surroundings, rule: Rule) -> Reading:
    """Return average present workers of the group `enterprise` within reach (a proxy)."""
    present = around.group_hours({"enterprise"}) / around.demand.hours_per_week
    return _demand_sum(around, present, rule.reach_m)


def main_street_length(around: Surroundings, rule: Rule) -> Reading:
    """Return metres, along its axis, within reach of the main street that the candidate opens onto.

    See `siting.rules.streets`. Sparse places have no such rule.
    """
    net = around.inputs.streets
    if net is None or net.meta.profile != "walk":
        return _silent(around, rule.reach_m)
    sites = attach(net, *positions(around.candidates), cap_m=around.parameters.attach_cap_m)
    front = front_streets(
        net, sites, rule.street_classes, front_m=rule.front_m, reach_m=rule.reach_m
    )
    names = tuple(net.names[index] if index >= 0 else "" for index in front.name)
    return Reading(np.where(around.sparse, np.nan, front.length_m), names, rule.reach_m)


def venue_visits(around: Surroundings, rule: Rule) -> Reading:
    """Return visits per day of the busiest venue within reach."""
    hosts = around.inputs.hosts
    visits = hosts["visits_per_day"].to_numpy(dtype=float)
    counted = hosts["host_type"].isin(rule.host_types).to_numpy() & np.isfinite(visits)
    pairs = around.pairs_with(*positions(hosts), rule.reach_m)
    kept = counted[pairs.other]
    venues = Pairs(pairs.candidate[kept], pairs.other[kept], pairs.cost_mm[kept], pairs.candidates)
    return _greatest(around, "hosts", venues, visits, rule.reach_m)


def venue_workers(around: Surroundings, rule: Rule) -> Reading:
    """Return average present workers within reach of a candidate in a venue itself (a proxy)."""
    reading = _demand_sum(around, around.workers, rule.reach_m)
    in_venue = around.candidates["host_type"].isin(rule.host_types).to_numpy()
    return Reading(np.where(in_venue, reading.figures, np.nan), reading.subjects, reading.reach_m)


def need_records(around: Surroundings, rule: Rule) -> Reading:
    """Return stated needs on siting topics within reach of a candidate in a sparse place.

    A row without a number of records is one record.
    """
    needs = around.inputs.needs
    on_siting = needs["topic"].isin(codes_where("topics", "siting")).to_numpy()
    records = np.where(on_siting, needs["records"].to_numpy(dtype=float, na_value=1.0), 0.0)
    if not records.any():
        return _silent(around, rule.reach_m)
    pairs = around.pairs_with(*positions(needs), rule.reach_m)
    return _where_sparse(around, pairs.sums(records, rule.reach_m), rule.reach_m)


def uncovered_workers(around: Surroundings, rule: Rule) -> Reading:
    """Return average present workers without a station within reach, in sparse places (a proxy)."""
    reading = _demand_sum(around, around.uncovered, rule.reach_m)
    return _where_sparse(around, reading.figures, reading.reach_m)


def outdoor_worker_hours(around: Surroundings, rule: Rule) -> Reading:
    """Return worker-hours per week of outdoor groups within reach: how many, and how long."""
    if around.demand.measure == "workers":
        return _silent(around, rule.reach_m)
    hours = around.group_hours(codes_where("groups", "outdoor"))
    return _demand_sum(around, hours, rule.reach_m)


MEASURES: dict[str, Callable[[Surroundings, Rule], Reading]] = {
    measure.__name__: measure
    for measure in (
        host_workers,
        enterprise_workers,
        enterprise_group_workers,
        main_street_length,
        venue_visits,
        venue_workers,
        need_records,
        uncovered_workers,
        outdoor_worker_hours,
    )
}


def _enterprises(around: Surroundings, rule: Rule) -> tuple[Float64, Pairs]:
    """Return head counts (unknown ones are 0: they speak for nothing) and enterprises in reach."""
    table = around.inputs.enterprises
    workers = table["workers"].to_numpy(dtype=float, na_value=0.0)
    return workers, around.pairs_with(*positions(table), rule.reach_m)


def _greatest(
    around: Surroundings, layer: str, pairs: Pairs, values: Float64, reach_m: float
) -> Reading:
    """Return the greatest value in `pairs` and the name of the place in `layer` that has it."""
    best = pairs.greatest(values)
    names = [*getattr(around.inputs, layer)["name"], ""]
    figures = np.append(values, np.nan)[best]
    return Reading(figures, tuple(str(names[place]) for place in best), reach_m)


def _demand_sum(around: Surroundings, values: Float64, asked_m: float) -> Reading:
    reach_m = around.reach_m(asked_m)
    return Reading(around.walk.sums(values, reach_m), _unnamed(around), reach_m)


def _where_sparse(around: Surroundings, figures: Float64, reach_m: float) -> Reading:
    return Reading(np.where(around.sparse, figures, np.nan), _unnamed(around), reach_m)


def _silent(around: Surroundings, reach_m: float) -> Reading:
    return Reading(np.full(len(around.candidates), np.nan), _unnamed(around), reach_m)


def _unnamed(around: Surroundings) -> tuple[str, ...]:
    return ("",) * len(around.candidates)


def _plain(name: object) -> str:
    return "".join(str(name).split()).casefold()
