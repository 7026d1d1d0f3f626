"""Plans of actions on random tiny districts, against every set of things that may be done.

The oracle knows nothing of columns: at each place it tries every length of hours, every door and
every set of services, asks the filters day by day whom that serves, and adds up.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from geo.crs import geodesic_m
from geo.reference import read_list
from siting.actions.bundles import ACTIONS, ActionKind
from siting.actions.planning import plan_actions
from siting.coverage.levels import Terms
from siting.filters import Passed, admits, need_of, offers, opened, own_grounds_m
from siting.model import Inputs, Parameters
from siting.plans.goals.task import Limits
from siting.service import service_of
from siting.windows import windows
from tests.properties.effective_worlds import records as records_of
from tests.unit.siting.acting import in_process, people, station, town

__all__ = ["in_process"]

TERMS = Terms()
PARAMETERS = Parameters(cutoff_m=500)
WINDOWS = ("workday_noon", "workday_night", "weekend_noon")
GROUPS = ("food_rider", "guard", "enterprise")
HOURS = ("24/7", "24/7", "Mo-Fr 10:00-14:00", "Mo-Su 20:00-03:00", "Sa,Su 11:00-14:00", "")
ACCESS = ("public", "public", "employees", "")
SERVICES = ("water;seat", "water;seat", "water", "charging", "wifi", "")
ADDABLE = ("water", "seat", "charging", "battery_swap", "microwave")
PLACES_M = (0.0, 200.0, 2000.0)

Served = frozenset[tuple[str, str, str, int]]
"""Point, group, window, day."""


@dataclass(frozen=True)
class Way:
    """One thing that may be done at a place: whom it then serves, and what it costs."""

    served: Served
    cost: int
    at: str
    """The candidate whose place it takes; "" for none."""


@st.composite
def records(draw: st.DrawFn, name: str, *, new: bool) -> dict[str, object]:
    kind = draw(st.sampled_from(("mobile", "street_front", "enterprise")))
    found = station(
        name,
        draw(st.sampled_from(PLACES_M)),
        hours=draw(st.sampled_from(HOURS)),
        access=draw(st.sampled_from(ACCESS)),
        services=draw(st.sampled_from(SERVICES)),
        kind=kind,
        town=draw(st.sampled_from(("甲", "甲", "乙"))),
    )
    if not new:
        return {
            **found,
            "state": draw(st.sampled_from(("open", "open", "open", "suspended", "closed"))),
        }
    cost = draw(st.sampled_from((None, 2500)))
    return {**found, "cost_yuan": cost, "host_type": draw(st.sampled_from(("mall", "public_land")))}


@st.composite
def districts(draw: st.DrawFn) -> Inputs:
    demand = [
        people(x, draw(st.integers(1, 20)), group, window)
        for x in draw(st.lists(st.sampled_from(PLACES_M), min_size=2, max_size=3, unique=True))
        for group in draw(st.lists(st.sampled_from(GROUPS), min_size=1, max_size=2, unique=True))
        for window in draw(st.lists(st.sampled_from(WINDOWS), min_size=1, max_size=2, unique=True))
    ]
    stations = [draw(records(f"s{n}", new=False)) for n in range(draw(st.integers(1, 2)))]
    candidates = [draw(records(f"c{n}", new=True)) for n in range(draw(st.integers(0, 2)))]
    return town(demand, stations, candidates)


@st.composite
def carried(draw: st.DrawFn) -> Inputs:
    """Return containers that could stand elsewhere, and few workers where they are."""
    spots = st.sampled_from((0.0, 200.0, 2000.0, 4000.0))
    demand = [people(x, draw(st.integers(1, 20)), "guard") for x in (0.0, 200.0, 2000.0, 4000.0)]
    access = st.sampled_from(("public", "employees"))
    boxes = [
        station(f"s{n}", draw(spots), kind="mobile", access=draw(access), state="open")
        for n in range(draw(st.integers(1, 2)))
    ]
    places = [
        station(f"c{n}", draw(spots), kind="mobile", host_type="public_land", cost_yuan=5000)
        for n in range(draw(st.integers(1, 2)))
    ]
    return town(demand, boxes, places)


class Oracle:
    """Every plan of a district, by looking."""

    def __init__(self, inputs: Inputs, actions: tuple[ActionKind, ...]) -> None:
        self.actions = actions
        self.demand = records_of(inputs.demand)
        self.stations = records_of(inputs.stations)
        self.candidates = records_of(inputs.candidates)

    def best(self, new: int, budget: float) -> float:
        """Return the most worker-hours that at most `new` things for `budget` cover."""
        choices = [list(ways) for ways in self.ways()]
        return max(
            self.worth(picked)
            for picked in itertools.product(*choices)
            if sum(way.cost for _, way in picked) <= budget
            and sum(done for done, _ in picked) <= new
            and len(places := [way.at for _, way in picked if way.at]) == len(set(places))
        )

    def worth(self, picked: tuple[tuple[bool, Way], ...]) -> float:
        covered = frozenset().union(*(way.served for _, way in picked)) if picked else frozenset()
        return sum(
            float(row["workers"]) * windows()[row["window"]].hours_per_day
            for row in self.demand
            for day in range(len(windows()[row["window"]].days))
            if (row["id"], row["group"], row["window"], day) in covered
        )

    def ways(self) -> Iterator[set[tuple[bool, Way]]]:
        """Yield for each place what may be done there: whether it is anything, and what."""
        for record in self.stations:
            yield self.thinned(self.of_station(record))
        for record in self.candidates:
            yield {(False, Way(frozenset(), 0, "")), *self.of_candidate(record)}

    def thinned(self, ways: Iterator[tuple[bool, Way]]) -> set[tuple[bool, Way]]:
        """Return the cheapest of the ways that serve the same at the same place."""
        least: dict[tuple[bool, Served, str], int] = {}
        for done, way in ways:
            key = (done, way.served, way.at)
            least[key] = min(least.get(key, way.cost), way.cost)
        return {(done, Way(served, cost, at)) for (done, served, at), cost in least.items()}

    def of_station(self, record: dict[str, Any]) -> Iterator[tuple[bool, Way]]:
        if record["state"] == "closed":
            yield False, Way(frozenset(), 0, "")
            return
        now = self.served(record) if record["state"] == "open" else frozenset()
        yield False, Way(now, 0, "")
        paid = 0
        if record["state"] == "suspended" and "reopen" not in self.actions:
            return
        if record["state"] == "suspended":
            record, paid = self.usual(record), read_list("reference/actions")["reopen"]["cost_yuan"]
        for cost, after in self.better(record):
            served = self.served(after)
            if now <= served and cost + paid:
                yield True, Way(served, cost + paid, "")
        if record["state"] == "open" and record["kind"] == "mobile" and "move" in self.actions:
            for there in self.candidates:
                fits = there["kind"] == "mobile" or there["host_type"] == "public_land"
                if fits and there["town"] == record["town"]:
                    place = {name: there[name] for name in ("lon", "lat")}
                    yield True, Way(self.served({**record, **place}), 3000, there["id"])

    def of_candidate(self, record: dict[str, Any]) -> Iterator[tuple[bool, Way]]:
        if "open" not in self.actions:
            return
        kinds = {
            "mall": ("riders", "street_front"),
            "public_land": ("truck_drivers", "mobile"),
        }[record["host_type"]]
        own = record["kind"]
        for kind in {own, *kinds}:
            usual = read_list("reference/kinds")[kind]
            cost = record["cost_yuan"] if kind == own else None
            after = {**record, "kind": kind, "access": record["access"] if kind == own else ""}
            opened_there = self.usual(after)
            if kind != own:
                held = [name for name in opened_there["services"].split(";") if name]
                opened_there["services"] = ";".join(dict.fromkeys([*held, *usual["services"]]))
            yuan = usual["cost_yuan"] if pd.isna(cost) else int(cost)
            yield True, Way(self.served(opened_there), yuan, record["id"])

    def usual(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return a record with its blanks as usual for its kind and host."""
        kind = read_list("reference/kinds")[record["kind"]]
        host = read_list("reference/host_types").get(record["host_type"], {})
        services = [*kind["services"], *host.get("services", [])]
        return {
            **record,
            "hours": record["hours"] or host.get("hours", ""),
            "access": record["access"] or ";".join(kind["access"]),
            "services": record["services"] or ";".join(dict.fromkeys(services)),
        }

    def better(self, record: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield every combination of hours, door and services with its cost."""
        prices = read_list("reference/actions")
        hours = [(0, record["hours"])]
        if record["hours"] and "hours" in self.actions:
            hours += [(step["cost_yuan"], step["hours"]) for step in prices["hours"]["to"].values()]
        doors = [(0, record["access"])]
        if record["access"] and "access" in self.actions:
            doors.append((prices["access"]["cost_yuan"], record["access"] + ";public"))
        stock = [(0, record["services"])]
        if record["services"] and "services" in self.actions:
            for size in range(1, len(ADDABLE) + 1):
                for some in itertools.combinations(ADDABLE, size):
                    cost = sum(prices["services"]["each"][name] for name in some)
                    stock.append((cost, ";".join([record["services"], *some])))
        for one, two, three in itertools.product(hours, doors, stock):
            after = {**record, "hours": one[1], "access": two[1], "services": three[1]}
            yield one[0] + two[0] + three[0], after

    def served(self, record: dict[str, Any]) -> Served:
        """Return whom a station with this record verifiably serves, day by day."""
        found = set()
        for row in self.demand:
            way = geodesic_m(record["lon"], record["lat"], row["lon"], row["lat"])
            metres = float(way) * 1.35
            if metres > PARAMETERS.cutoff_m or not row["workers"]:
                continue
            own = metres <= own_grounds_m()
            served = (
                admits(record["access"], row["group"], own_grounds=own) == Passed.YES
                and offers(record["services"], need_of(row["group"], row["window"])) == Passed.YES
            )
            days = opened(record["hours"], row["window"], TERMS.monday, TERMS.open_share)
            found |= {
                (row["id"], row["group"], row["window"], day)
                for day, answer in enumerate(days)
                if served and answer == Passed.YES
            }
        return frozenset(found)


LIMITS = (
    st.sampled_from((ACTIONS, ("move", "hours"), ("move",), ("open", "access"))),
    st.sampled_from((2, 1, 3)),
    st.sampled_from((None, 70_000, 15_000, 9000, 5500, 3500)),
)


@given(st.one_of(carried(), districts()), *LIMITS)
@settings(max_examples=6, deadline=None)
def test_no_set_of_actions_serves_more(
    inputs: Inputs, actions: tuple[ActionKind, ...], new: int, budget: int | None
) -> None:
    check(inputs, actions, new, budget)


@pytest.mark.full
@given(st.one_of(carried(), districts()), *LIMITS)
@settings(max_examples=500, deadline=None)
def test_no_set_of_actions_serves_more_in_many_districts(
    inputs: Inputs, actions: tuple[ActionKind, ...], new: int, budget: int | None
) -> None:
    check(inputs, actions, new, budget)


def check(inputs: Inputs, actions: tuple[ActionKind, ...], new: int, budget: int | None) -> None:
    plan = plan_actions(
        inputs, PARAMETERS, TERMS, limits=Limits(new=new, budget_yuan=budget), actions=actions
    )
    event(f"{len(plan.selected)} done: {','.join(sorted(i.action for i in plan.selected))}")
    per_week = plan.before.hours_per_week
    best = Oracle(inputs, actions).best(new, float("inf") if budget is None else budget)
    assert plan.workers_after * per_week == pytest.approx(best)
    assert plan.proved_optimal or plan.status == "infeasible"
    assert plan.bound_workers == pytest.approx(plan.workers_after)
    assert len(plan.selected) <= new
    assert plan.cost_yuan <= (float("inf") if budget is None else budget)
    # The figures are those of the changed tables, computed like any coverage.
    there = service_of(plan.tables, PARAMETERS, TERMS)
    assert there.effective.total.by_level == pytest.approx(plan.after.total.by_level)
    assert there.nominal.workers_covered == pytest.approx(plan.nominal_after.workers_covered)
    gained = sum(item.workers_gained for item in plan.selected)
    assert plan.workers_before + gained == pytest.approx(plan.workers_after)
    for by in ("town", "group"):
        told = sum(n for item in plan.selected for _, n in item.gained_by[by])
        assert told == pytest.approx(gained)
