"""Random worlds of demand and stations with hours, rights and services."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from siting.coverage import read_demand
from siting.coverage.cells import Cells, hours_by_cell, read_cells
from siting.coverage.effective import EffectiveCoverage, effective_coverage
from siting.coverage.levels import Level, Terms, read_supply
from siting.coverage.reach import read_reach
from siting.model import Parameters
from siting.windows import windows
from tests.unit.siting.tables import matrix, place, table

CUTOFF_M = 500
OWN_M = 300
WINDOWS = ("workday_noon", "workday_night", "weekend_dawn", "weekend_noon")
GROUPS = ("food_rider", "sweeper", "enterprise", "")
HOURS = (
    "",
    "24/7",
    "Mo-Fr 08:30-12:15",
    "Mo-Su 22:00-02:00",
    "Mo-Sa 00:00-06:00; PH off",
    "Mo-Sa 10:00-13:00",
    "We 00:00-24:00; Su 12:00-14:00",
    "bad",
)
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
        demand, cells = read_demand(self.demand, Parameters()), self.cells(terms)
        travel = matrix(self.metres, self.points, cutoff_m=CUTOFF_M)
        reach = read_reach(travel, np.ones(len(self.stations), dtype=bool))
        best = reach.best(read_supply(self.stations, cells, terms).level)
        return effective_coverage(demand, cells, hours_by_cell(demand, cells), best, terms)

    def cells(self, terms: Terms = TERMS) -> Cells:
        return read_cells(self.demand, terms.monday, self.stations["hours"])

    def levels(self, result: EffectiveCoverage, cells: Cells | None = None) -> list[list[Level]]:
        """Return the level of each demand row, day by day of its window."""
        cells = cells or self.cells()
        numbers = {name: number for number, name in enumerate(dict.fromkeys(self.demand["id"]))}
        found = []
        for row in self.records_of_demand():
            group, when = cells.groups.index(row["group"]), cells.windows.index(row["window"])
            got = {
                day: Level(result.level[numbers[row["id"]], group * len(cells.parts) + place])
                for place, part in enumerate(cells.parts)
                if part.window == when
                for day in part.weekdays
            }
            found.append([got[day] for day in windows()[row["window"]].days])
        return found

    def records_of_demand(self) -> list[dict[str, Any]]:
        return records(self.demand)

    def records(self) -> list[dict[str, Any]]:
        return records(self.stations)

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
