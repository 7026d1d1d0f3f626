"""Effective coverage on random instances, against a plain triple loop over what the words say."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.reference import read_list
from siting.coverage import read_demand
from siting.coverage.cells import read_cells
from siting.coverage.effective import EffectiveCoverage, effective_coverage
from siting.coverage.levels import Level, Terms, read_supply
from siting.coverage.reach import read_reach
from siting.hours import open_share
from siting.model import Parameters
from siting.windows import windows
from tests.unit.siting.tables import matrix, place, table

CUTOFF_M = 500
OWN_M = 300
WINDOWS = ("workday_noon", "workday_night", "weekend_dawn")
GROUPS = ("food_rider", "sweeper", "enterprise", "")
HOURS = ("", "24/7", "Mo-Fr 08:30-12:15", "Mo-Su 22:00-02:00", "Mo-Sa 00:00-06:00; PH off", "bad")
ACCESS = ("", "public", "employees", "drivers", "employees;patients")
SERVICES = ("", "water", "water;microwave", "seat", "toilet;water;charging", "wifi")
TERMS = Terms(monday=date(2026, 11, 16))


@dataclass(frozen=True)
class World:
    demand: pd.DataFrame
    points: int
    stations: pd.DataFrame
    metres: list[dict[int, float]]

    def result(self, terms: Terms = TERMS) -> EffectiveCoverage:
        demand, cells = read_demand(self.demand, Parameters()), read_cells(self.demand)
        travel = matrix(self.metres, self.points, cutoff_m=CUTOFF_M)
        reach = read_reach(travel, np.ones(len(self.stations), dtype=bool))
        best = reach.best(read_supply(self.stations, cells, terms).level)
        return effective_coverage(self.demand, demand, cells, best, terms)

    def with_station(self, station: dict[str, object], reach: dict[int, float]) -> "World":
        rows = [*records(self.stations), station]
        return replace(self, stations=table("stations", rows), metres=[*self.metres, reach])


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


@st.composite
def stations(draw: st.DrawFn, number: int) -> dict[str, object]:
    return {
        "id": f"s{number}",
        **place(number, 0),
        "hours": draw(st.sampled_from(HOURS)),
        "access": draw(st.sampled_from(ACCESS)),
        "services": draw(st.sampled_from(SERVICES)),
    }


@st.composite
def worlds(draw: st.DrawFn) -> World:
    points = draw(st.integers(0, 4))
    rows = [
        {
            "id": f"p{point}",
            **place(point, 0),
            "group": group,
            "window": when,
            "workers": draw(st.integers(0, 50)),
        }
        for point in range(points)
        for group in draw(st.lists(st.sampled_from(GROUPS), min_size=1, max_size=3, unique=True))
        for when in draw(st.lists(st.sampled_from(WINDOWS), min_size=1, max_size=3, unique=True))
    ]
    sites = draw(st.integers(0, 4))
    near = st.sampled_from([0, OWN_M, OWN_M + 1, CUTOFF_M])
    reach = st.dictionaries(st.integers(0, points - 1), near, max_size=points)
    metres = [
        {point: float(m) for point, m in draw(reach).items()} if points else {}
        for _ in range(sites)
    ]
    table_of = table("stations", [draw(stations(number)) for number in range(sites)])
    return World(table("demand", rows), points, table_of, metres)


def answer(station: dict[str, Any], metres: float, group: str, when: str) -> list[bool | None]:
    """Return, filter by filter, whether a station passes; None: nobody knows."""
    share = open_share(station["hours"], windows()[when], TERMS.monday)
    rights = [right for right in station["access"].split(";") if right]
    admitted = any(
        "*" in entry["groups"] or group in entry["groups"]
        for entry in (read_list("reference/access")[right] for right in rights)
        if "within_m" not in entry or metres <= entry["within_m"]
    )
    lines = []
    if group:
        needs = read_list("reference/group_needs")
        entry = needs.get(group, needs["default"])
        lines = entry["need"]
        for special in entry.get("at", []):
            if when in special["windows"]:
                lines = special["need"]
    offered = [name for name in station["services"].split(";") if name]
    served = all(any(name in offered for name in line) for line in lines)
    return [
        None if share is None else share >= 0.5,
        admitted if rights else None,
        served if offered or not lines else None,
    ]


def by_loops(world: World) -> list[Level]:
    """Return the level of each demand row, in words of the definition."""
    listed = records(world.stations)
    found = []
    order = {name: number for number, name in enumerate(dict.fromkeys(world.demand["id"]))}
    for row in records(world.demand):
        near = [
            answer(station, reach[order[row["id"]]], row["group"], row["window"])
            for station, reach in zip(listed, world.metres, strict=True)
            if order[row["id"]] in reach
        ]
        left, level = near, Level.OUT_OF_REACH
        for number, cause in enumerate((Level.CLOSED, Level.NOT_ADMITTED, Level.NOT_SERVED)):
            if left:
                level = cause
            left = [answers for answers in left if answers[number] is not False]
        if left:
            sure = any(all(one is True for one in answers) for answers in near)
            level = Level.VERIFIED if sure else Level.UNVERIFIED
        found.append(level)
    return found


@given(worlds())
@settings(max_examples=200, deadline=None)
def test_every_row_gets_as_far_as_the_plain_loop_says(world: World) -> None:
    result = world.result()
    assert [Level(level) for level in result.row_level] == by_loops(world)


@given(worlds())
@settings(max_examples=100, deadline=None)
def test_levels_sum_to_everybody_by_unit_group_and_window(world: World) -> None:
    result = world.result()
    total = result.total
    parts = (total.verified, total.unverified, total.uncovered)
    assert sum(parts) == pytest.approx(total.workers)
    for rows in (result.towns, result.groups):
        summed = np.array([row.by_level for row in rows]).reshape(-1, len(Level)).sum(axis=0)
        np.testing.assert_allclose(summed, total.by_level, atol=1e-9)
    np.testing.assert_allclose(
        result.point_hours.sum(axis=0) / result.hours_per_week, total.by_level, atol=1e-9
    )


@given(st.data(), worlds())
@settings(max_examples=100, deadline=None)
def test_a_further_station_lowers_nobody_and_a_twin_changes_nothing(
    data: st.DataObject, world: World
) -> None:
    before = world.result()
    new = data.draw(stations(len(world.stations)))
    reach = {point: float(OWN_M) for point in range(world.points)}
    after = world.with_station(new, reach).result()
    assert (after.row_level >= before.row_level).all()
    if len(world.stations):
        twin = {**records(world.stations)[0], "id": "twin"}
        again = world.with_station(twin, world.metres[0]).result()
        np.testing.assert_array_equal(again.row_level, before.row_level)


@given(st.data(), worlds())
@settings(max_examples=100, deadline=None)
def test_longer_hours_more_rights_and_more_services_never_lower_verified_coverage(
    data: st.DataObject, world: World
) -> None:
    if world.stations.empty:
        return
    before = world.result().total.verified
    better = world.stations.copy()
    row = data.draw(st.integers(0, len(better) - 1))
    column, best = data.draw(
        st.sampled_from(
            [("hours", "24/7"), ("access", "public"), ("services", "water;seat;microwave;toilet")]
        )
    )
    held = records(better)[row][column]
    better.loc[row, column] = f"{held};{best}".strip(";") if column == "services" else best
    assert replace(world, stations=better).result().total.verified >= before - 1e-9
