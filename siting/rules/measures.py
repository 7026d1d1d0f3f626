"""One function per measure of an area's rule: a figure for each candidate, and its subject.

A figure is NaN where the data for it are not there: the measure then says nothing.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.reference import read_list
from geo.streets import attached
from siting.costs import DEFAULT_KIND
from siting.rules.book import Rule
from siting.rules.flow import passing_gates, passing_workers
from siting.rules.reach import Pairs, Surroundings, codes_where, positions
from siting.rules.readings import Float64, Reading, silent, unnamed
from siting.rules.streets import front_streets
from siting.rules.traffic import (
    stop_density,
    street_betweenness,
    usual_venue_size,
    venue_size,
)
from siting.windows import window

MOBILE = "mobile"


def host_workers(around: Surroundings, rule: Rule) -> Reading:
    """Return workers of the enterprise that the candidate is named after, within reach."""
    pairs = _own_enterprise(around, rule)
    return _greatest(around, "enterprises", pairs, _heads(around), rule.reach_m)


def enterprise_workers(around: Surroundings, rule: Rule) -> Reading:
    """Return workers of all enterprises within reach; the subject is the largest of them."""
    heads = _heads(around)
    if not len(heads):
        return silent(len(around.candidates), rule.reach_m)
    pairs = around.pairs_to("enterprises", rule.reach_m)
    largest = _greatest(around, "enterprises", pairs, heads, rule.reach_m)
    return Reading(pairs.sums(heads, rule.reach_m), largest.subjects, rule.reach_m)


def enterprise_group_workers(around: Surroundings, rule: Rule) -> Reading:
    """Return average present workers of the group `enterprise` within reach (a proxy)."""
    present = around.group_hours({"enterprise"}) / around.demand.hours_per_week
    return _demand_sum(around, present, rule.reach_m)


def on_way(around: Surroundings, rule: Rule) -> Reading:
    """Return 1 where staff found that the place is on the way of its firm's workers, 0 where not.

    必经之路 is a fact of the works that somebody surveyed; the firm is the one that the candidate
    is named after. The subject is the place in the works that the survey names.
    """
    table = around.inputs.enterprises
    surveyed = table["path_on_way"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    known = np.isfinite(surveyed)
    pairs = _own_enterprise(around, rule).only(known)
    best = pairs.greatest(np.where(known, surveyed, 0.0))
    named = [*table["path_place"], ""]
    figures = np.append(surveyed, np.nan)[best]
    return Reading(figures, tuple(str(named[row]) for row in best), rule.reach_m)


def main_street_length(around: Surroundings, rule: Rule) -> Reading:
    """Return metres, along its axis, within reach of the main street that the candidate opens onto.

    See `siting.rules.streets`.
    """
    return _front(around, rule, "length_m")


def main_street_way(around: Surroundings, rule: Rule) -> Reading:
    """Return metres on foot from the candidate to the main street that it opens onto."""
    return _front(around, rule, "way_m")


def opens_to_street(around: Surroundings, _rule: Rule) -> Reading:
    """Return 1 where the candidate's kind opens onto the street and serves it, else 0.

    Of a blank kind the one that hosts of its type usually are; 服务范围向整条街延伸 [2].
    """
    kinds = read_list("reference/kinds")
    front = [float(kinds[kind]["street_front"]) for kind in kinds_of(around.candidates)]
    blank = np.asarray(around.candidates["kind"] == "", dtype=np.bool_)
    return unnamed(np.array(front), assumed=blank)


def venue_visits(around: Surroundings, rule: Rule) -> Reading:
    """Return visits per day of the busiest venue within reach."""
    return _visits(around, rule.host_types, rule.reach_m)


def venue_workers(around: Surroundings, rule: Rule) -> Reading:
    """Return average present workers within reach of a candidate in a venue itself (a proxy)."""
    reading = _demand_sum(around, around.workers, rule.reach_m)
    in_venue = around.candidates["host_type"].isin(rule.host_types).to_numpy()
    figures = np.where(in_venue, reading.figures, np.nan)
    return Reading(figures, reading.subjects, reading.reach_m)


def venue_way(around: Surroundings, rule: Rule) -> Reading:
    """Return metres on foot to the nearest venue within reach: tens of metres matter here."""
    hosts = around.inputs.hosts
    venues = hosts["host_type"].isin(rule.host_types).to_numpy()
    nearest, metres = around.pairs_to("hosts", rule.reach_m).only(venues).nearest()
    names = [*hosts["name"], ""]
    return Reading(metres, tuple(str(names[row]) for row in nearest), rule.reach_m)


def patient_visits(around: Surroundings, rule: Rule) -> Reading:
    """Return visits per day of the hospital within reach, of a candidate at its guide desk."""
    reading = _visits(around, rule.host_types, rule.reach_m)
    at_desk = around.candidates["host_type"].isin(rule.host_types).to_numpy()
    return replace(reading, figures=np.where(at_desk, reading.figures, np.nan))


def need_records(around: Surroundings, rule: Rule) -> Reading:
    """Return stated needs on siting topics within reach; a row without a number is one record."""
    needs = around.inputs.needs
    on_siting = needs["topic"].isin(codes_where("topics", "siting")).to_numpy()
    records = np.where(on_siting, needs["records"].to_numpy(dtype=float, na_value=1.0), 0.0)
    if not records.any():
        return silent(len(around.candidates), rule.reach_m)
    return unnamed(around.pairs_to("needs", rule.reach_m).sums(records, rule.reach_m), rule.reach_m)


def uncovered_workers(around: Surroundings, rule: Rule) -> Reading:
    """Return average present workers without a station within reach (a proxy)."""
    return _demand_sum(around, around.uncovered, rule.reach_m)


def outdoor_worker_hours(around: Surroundings, rule: Rule) -> Reading:
    """Return worker-hours per week of outdoor groups within reach: how many, and how long."""
    if around.demand.measure == "workers":
        return silent(len(around.candidates), rule.reach_m)
    hours = around.group_hours(codes_where("groups", "outdoor"))
    return _demand_sum(around, hours, rule.reach_m)


def outdoor_hours_per_head(around: Surroundings, rule: Rule) -> Reading:
    """Return how long outdoor work within reach lasts, hours a week: 工作时间长 [2].

    The worker-hours over the heads in the window in which most of them are there: of posts that
    two people fill in turn, their hours together.
    """
    if around.demand.measure == "workers":
        return silent(len(around.candidates), rule.reach_m)
    reach_m = around.reach_m(rule.reach_m)
    hours, heads = np.zeros((2, len(around.candidates)))
    for code, worked in around.window_hours(codes_where("groups", "outdoor")).items():
        in_reach = around.walk.sums(worked, reach_m)
        hours += in_reach
        heads = np.maximum(heads, in_reach / window(code).hours_per_week)
    per_head = np.divide(hours, heads, out=np.full(len(hours), np.nan), where=heads > 0)
    return unnamed(per_head, reach_m)


def kind_fits_spread(around: Surroundings, rule: Rule) -> Reading:
    """Return how well fixed or mobile fits: the share of outdoor work that is in one place.

    Groups that are together (集中) get fixed stations, scattered ones (分散) mobile ones: for a
    mobile station the figure is 1 less that share.
    """
    reach_m = around.reach_m(rule.reach_m)
    hours = around.group_hours(codes_where("groups", "outdoor"))
    near = around.walk.cost_mm <= reach_m * 1000
    owner, other = around.walk.candidate[near], around.walk.other[near]
    most = np.zeros(len(around.candidates))
    np.maximum.at(most, owner, hours[other])
    total = around.walk.sums(hours, reach_m)
    share = np.divide(most, total, out=np.full(len(total), np.nan), where=total > 0)
    mobile = np.array([kind == MOBILE for kind in kinds_of(around.candidates)], dtype=bool)
    return unnamed(np.where(mobile, 1.0 - share, share), reach_m)


MEASURES: dict[str, Callable[[Surroundings, Rule], Reading]] = {
    measure.__name__: measure
    for measure in (
        host_workers,
        enterprise_workers,
        enterprise_group_workers,
        on_way,
        passing_gates,
        passing_workers,
        main_street_length,
        main_street_way,
        opens_to_street,
        venue_visits,
        venue_size,
        usual_venue_size,
        venue_workers,
        stop_density,
        street_betweenness,
        venue_way,
        patient_visits,
        need_records,
        uncovered_workers,
        outdoor_worker_hours,
        outdoor_hours_per_head,
        kind_fits_spread,
    )
}


def kinds_of(candidates: pd.DataFrame) -> list[str]:
    """Return the kind of each candidate; of a blank one the usual kind of its host type."""
    kinds, hosts = read_list("reference/kinds"), read_list("reference/host_types")
    usual = (hosts.get(host, {}).get("kind", DEFAULT_KIND) for host in candidates["host_type"])
    return [
        kind if kind in kinds else by_host
        for kind, by_host in zip(candidates["kind"], usual, strict=True)
    ]


def _heads(around: Surroundings) -> Float64:
    """Return head counts; unknown ones are 0: they speak for nothing."""
    return around.inputs.enterprises["workers"].to_numpy(dtype=float, na_value=0.0)


def _own_enterprise(around: Surroundings, rule: Rule) -> Pairs:
    """Return candidates and, within reach, the enterprises that they are named after."""
    pairs = around.pairs_to("enterprises", rule.reach_m)
    names = [_plain(name) for name in around.inputs.enterprises["name"]]
    sites = [_plain(name) for name in around.candidates["name"]]
    same: NDArray[np.bool_] = np.array(
        [
            bool(names[other]) and names[other] in sites[candidate]
            for candidate, other in zip(pairs.candidate, pairs.other, strict=True)
        ],
        dtype=bool,
    )
    return Pairs(pairs.candidate[same], pairs.other[same], pairs.cost_mm[same], pairs.candidates)


def _front(around: Surroundings, rule: Rule, figure: str) -> Reading:
    net = around.inputs.streets
    if net is None or net.meta.profile != "walk":
        return silent(len(around.candidates), rule.reach_m)
    sites = attached(net, *positions(around.candidates), cap_m=around.parameters.attach_cap_m)
    front = front_streets(
        net, sites, rule.street_classes, front_m=rule.front_m, reach_m=rule.reach_m
    )
    names = tuple(net.names[index] if index >= 0 else "" for index in front.name)
    return Reading(getattr(front, figure), names, rule.reach_m)


def _visits(around: Surroundings, host_types: tuple[str, ...], reach_m: float) -> Reading:
    hosts = around.inputs.hosts
    visits = hosts["visits_per_day"].to_numpy(dtype=float)
    counted = hosts["host_type"].isin(host_types).to_numpy() & np.isfinite(visits)
    venues = around.pairs_to("hosts", reach_m).only(counted)
    return _greatest(around, "hosts", venues, visits, reach_m)


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
    return unnamed(around.walk.sums(values, reach_m), reach_m)


def _plain(name: object) -> str:
    return "".join(str(name).split()).casefold()
