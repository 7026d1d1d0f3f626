"""Effective coverage against the dense computation that one writes first: same numbers, CPU time.

    python -m benchmarks.effective

Random districts in which every station reaches a hundredth of the points; some stations shut on
Saturdays or Sundays, so that windows of several days come apart. The peer holds stations x
points x groups x windows as one dense boolean array, at 5,000 x 9 x 12 x 200, because the size in
question would not fit in memory; its time is scaled by the number of its elements and both figures
are printed.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from geo.catchments import Travel
from geo.reference import read_list
from siting.coverage import Demand, read_demand
from siting.coverage.cells import Cells, hours_by_cell, read_cells
from siting.coverage.effective import EffectiveCoverage, effective_coverage
from siting.coverage.levels import Level, Supply, Terms, read_supply
from siting.coverage.live import LiveEffective
from siting.coverage.mends import mends, missed
from siting.coverage.reach import Reach, read_reach
from siting.model import Parameters
from siting.windows import windows

GROUPS = tuple(read_list("reference/groups"))[:9]
WINDOWS = tuple(windows())
HOURS = ("", "24/7", "Mo-Fr 08:30-17:30; PH off", "Mo-Sa 10:00-22:00", "Mo-Su 06:00-20:00")
ACCESS = ("public", "public", "employees", "")
SERVICES = ("water;seat;microwave", "water", "water;seat;charging;toilet", "")
REACHED = 0.01
TERMS = Terms(monday=date(2026, 11, 16))


@dataclass(frozen=True, eq=False)
class World:
    """A random district."""

    table: pd.DataFrame
    stations: pd.DataFrame
    travel: Travel


def world(points: int, sites: int, seed: int = 1) -> World:
    """Return a district with every group at every point in every window."""
    random = np.random.default_rng(seed)
    cells = len(GROUPS) * len(WINDOWS)
    number = np.repeat(np.arange(points), cells)
    table = pd.DataFrame(
        {
            "id": pd.Categorical.from_codes(number, [f"D{i}" for i in range(points)]).astype("str"),
            "lon": 116.0 + number * 1e-6,
            "lat": 39.0,
            "town": "",
            "workers": random.integers(0, 20, points * cells).astype(float),
            "group": np.tile(np.repeat(GROUPS, len(WINDOWS)), points),
            "window": np.tile(WINDOWS, points * len(GROUPS)),
        }
    )
    stations = pd.DataFrame(
        {
            name: random.choice(np.array(values, dtype=object), sites)
            for name, values in (("hours", HOURS), ("access", ACCESS), ("services", SERVICES))
        }
    )
    each = max(1, int(points * REACHED))
    rows = [np.sort(random.choice(points, each, replace=False)) for _ in range(sites)]
    travel = Travel(
        indptr=np.arange(sites + 1, dtype=np.int64) * each,
        demand=np.concatenate(rows).astype(np.int32),
        cost=random.integers(0, 1_000_000, sites * each).astype(np.int32),
        method="street",
        site_status=np.zeros(sites, dtype=np.uint8),
        demand_status=np.zeros(points, dtype=np.uint8),
        cutoff=1000.0,
    )
    return World(table, stations, travel)


def cpu(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the least CPU seconds of some runs."""
    best = np.inf
    for _ in range(repeats):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return float(best)


@dataclass(frozen=True, eq=False)
class Prepared:
    """What is there once the travel matrix and the demand are."""

    demand: Demand
    cells: Cells
    hours: np.ndarray
    reach: Reach
    supply: Supply

    @classmethod
    def of(cls, district: World) -> "Prepared":
        """Return a district's."""
        demand = read_demand(district.table, Parameters())
        cells = read_cells(district.table, TERMS.monday, district.stations["hours"])
        chosen = np.ones(len(district.stations), dtype=bool)
        return cls(
            demand=demand,
            cells=cells,
            hours=hours_by_cell(demand, cells),
            reach=read_reach(district.travel, chosen),
            supply=read_supply(district.stations, cells, TERMS),
        )

    def ours(self) -> EffectiveCoverage:
        """Return effective coverage, computed whole."""
        best = self.reach.best(self.supply.level)
        return effective_coverage(self.demand, self.cells, self.hours, best, TERMS)

    def dense(self) -> np.ndarray:
        """Return worker-hours by level the way one writes it: everything times everything."""
        reach, level = self.reach, self.supply.level
        reached = np.zeros((2, reach.sites, reach.points), dtype=bool)
        point = np.repeat(np.arange(reach.points), np.diff(reach.indptr))
        reached[reach.own, reach.site, point] = True
        got = np.zeros((reach.points, self.cells.size), dtype=np.uint8)
        for own in (0, 1):
            everything = reached[own][:, :, None] * level[own][:, None, :]
            np.maximum(got, everything.max(axis=0), out=got)
        return np.array([self.hours[got == each].sum() for each in Level])


def report(name: str, value: str) -> None:
    """Print one figure."""
    print(f"{name:62s} {value}")


def main() -> None:
    """Print the figures."""
    small = Prepared.of(world(5_000, 200))
    found = small.ours()
    np.testing.assert_allclose(
        np.array(found.total.by_level) * small.demand.hours_per_week, small.dense()
    )
    slow, quick = cpu(small.dense, 1), cpu(small.ours)
    report("5,000 points x 9 x 12 x 200 stations: dense / ours", f"{slow / quick:.0f}x")

    district = world(50_000, 1_000)
    large = Prepared.of(district)
    table, stations, hours = district.table, district.stations, district.stations["hours"]
    chosen = np.ones(1_000, dtype=bool)
    report(
        "50,000 x 9 x 12 x 1,000: entries of the travel matrix", f"{len(district.travel.demand):,}"
    )
    report("  windows, and parts of them by days", f"{len(WINDOWS)}, {len(large.cells.parts)}")
    steps = {
        "turning the travel matrix round": lambda: read_reach(district.travel, chosen),
        "groups, windows and days of the demand": lambda: read_cells(table, TERMS.monday, hours),
        "worker-hours by cell": lambda: hours_by_cell(large.demand, large.cells),
        "what stations answer": lambda: read_supply(stations, large.cells, TERMS),
    }
    for name, step in steps.items():
        report(f"  {name}, CPU s", f"{cpu(step, 2):.3f}")
    whole = cpu(large.ours)
    report("  recomputed whole, CPU s", f"{whole:.3f}")
    scaled = slow * (50_000 * 1_000) / (5_000 * 200)
    report(
        "  dense, scaled by elements, CPU s; dense / ours", f"{scaled:.0f}; {scaled / whole:.0f}x"
    )
    best = large.reach.best(large.supply.level)

    def all_mends() -> None:
        near = missed(large.reach, large.hours, best)
        mends(stations, large.supply, near, large.demand, large.cells)

    report("  every mend of every station, CPU s", f"{cpu(all_mends, 1):.3f}")
    edits(district, large, whole)


def edits(district: World, large: Prepared, whole: float) -> None:
    """Print what one change costs, with every day by itself."""
    cells = read_cells(district.table, TERMS.monday)
    supply = read_supply(district.stations, cells, TERMS)
    start = time.process_time()
    live = LiveEffective(large.reach, supply.level, hours_by_cell(large.demand, cells))
    report("  getting ready for changes, CPU s", f"{time.process_time() - start:.3f}")
    points = np.arange(0, large.demand.points, 100)
    own = np.zeros(len(points), dtype=np.uint8)
    level = supply.level[:, 1]
    changes = {
        "adding": lambda i: live.add(points + i % 100, own, level),
        "re-timing": lambda i: live.change(i, level),
        "removing": live.remove,
    }
    for name, change in changes.items():
        start = time.process_time()
        for i in range(20):
            change(i)
        each = (time.process_time() - start) / 20
        report(
            f"  {name} one station: CPU ms; whole / one", f"{each * 1e3:.1f}; {whole / each:.0f}x"
        )


if __name__ == "__main__":
    main()
