"""Plans for the fewest stations, the least money or short walks, against trying every set.

Districts are tiny and without streets: walks are recounted here by plain loops.
"""

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.catchments import STRAIGHT_LINE_FACTOR
from geo.crs import geodesic_m
from geo.errors import InputError
from siting.model import Inputs, Parameters
from siting.plans.goals.covering import least_covering
from siting.plans.goals.covering_result import Sought
from siting.plans.goals.walking import shortest_walks
from siting.plans.goals.walking_result import Shortened
from siting.plans.wishes import Wishes
from tests.many import many
from tests.unit.siting.tables import place, table

PARAMETERS = Parameters(cutoff_m=600.0)
FAR = 2000.0
NEVER = float("inf")
SPOTS = st.tuples(st.integers(0, 6), st.integers(0, 3))
"""On a grid of 250 m."""

Sites = frozenset[str]


@st.composite
def districts(draw: st.DrawFn) -> Inputs:
    """Draw up to six demand points, two stations and five candidates."""

    def rows(most: int, least: int = 0) -> list[dict[str, float]]:
        spots = draw(st.lists(SPOTS, min_size=least, max_size=most))
        return [place(250.0 * x, 250.0 * y) for x, y in spots]

    heads = st.integers(0, 9)
    cost = st.integers(2, 6)
    demand = [{"id": f"d{n}", "workers": draw(heads), **at} for n, at in enumerate(rows(6, 1))]
    stations = [{"id": f"s{n}", **at} for n, at in enumerate(rows(2))]
    state = st.sampled_from(["", "", "", "rejected"])
    candidates = [
        {"id": f"c{n}", "cost_yuan": 1000 * draw(cost), "state": draw(state), **at}
        for n, at in enumerate(rows(5, 1))
    ]
    return Inputs(
        table("demand", demand), table("stations", stations), table("candidates", candidates)
    )


class Counted:
    """Walks of a district by plain loops."""

    def __init__(self, inputs: Inputs) -> None:
        self.workers = dict(zip(inputs.demand["id"], inputs.demand["workers"], strict=True))
        spots = {
            str(row["id"]): (float(row["lon"]), float(row["lat"]))
            for frame in (inputs.demand, inputs.stations, inputs.candidates)
            for row in frame.to_dict("records")
        }
        self.stations = frozenset(inputs.stations["id"])
        barred = inputs.candidates["state"] == "rejected"
        self.free = frozenset(inputs.candidates["id"][~barred])
        costs = inputs.candidates["cost_yuan"]
        self.cost = dict(zip(inputs.candidates["id"], costs, strict=True))
        sites = (*self.stations, *inputs.candidates["id"])
        self.walk = {
            (point, site): round(
                1000 * STRAIGHT_LINE_FACTOR * float(geodesic_m(*spots[point], *spots[site]))
            )
            / 1000
            for point in self.workers
            for site in sites
        }

    def near(self, point: str, sites: Sites) -> float:
        return min((self.walk[point, site] for site in sites | self.stations), default=NEVER)

    def covered(self, sites: Sites) -> float:
        return float(sum(n for at, n in self.workers.items() if self.near(at, sites) <= 600))

    def mean(self, sites: Sites) -> float:
        walks = {at: min(self.near(at, sites), FAR) for at in self.workers}
        whole = sum(self.workers.values())
        total = sum(n * walks[at] for at, n in self.workers.items())
        return float(total / whole) if whole else 0.0

    def worst(self, sites: Sites) -> float:
        """Return the longest walk of whom anything reaches."""
        within = [at for at, n in self.workers.items() if n and self.near(at, self.free) <= FAR]
        return max((self.near(at, sites) for at in within), default=0.0)

    def sets(self, most: int, must: Iterable[str] = ()) -> list[Sites]:
        every = [
            frozenset(some)
            for size in range(most + 1)
            for some in itertools.combinations(sorted(self.free), size)
        ]
        return [sites for sites in every if sites >= frozenset(must)]


@settings(max_examples=many(20), deadline=None)
@given(
    districts(),
    st.sampled_from(["stations", "money"]),
    st.sampled_from([None, 0.3, 0.6, 0.9, 1.0]),
    st.booleans(),
)
def test_no_set_covers_as_much_for_less(
    inputs: Inputs,
    sought: Sought,
    target: float | None,
    ask: bool,  # noqa: FBT001 -- drawn
) -> None:
    counted = Counted(inputs)
    must = sorted(counted.free)[:1] if ask else []
    wishes = Wishes(require=tuple(must))
    plan = least_covering(inputs, PARAMETERS, sought=sought, target=target, wishes=wishes)
    whole = sum(counted.workers.values())
    goal = counted.covered(counted.free) if target is None else target * whole

    def price(sites: Sites) -> float:
        return len(sites) if sought == "stations" else sum(counted.cost[site] for site in sites)

    enough = [s for s in counted.sets(5, must) if counted.covered(s) >= goal - 1e-9 * whole]
    if not enough:
        assert (plan.status, plan.selected) == ("infeasible", ())
        assert plan.remark_zh
        return
    chosen = frozenset(site.id for site in plan.selected)
    assert plan.status == "optimal"
    assert plan.value == plan.bound == price(chosen) == min(map(price, enough))
    assert plan.workers_covered_after == pytest.approx(counted.covered(chosen))
    before = counted.covered(frozenset())
    gained = sum(site.workers_gained for site in plan.selected)
    assert before + gained == pytest.approx(plan.workers_covered_after)
    for site in plan.selected:
        alone = counted.covered(chosen) - counted.covered(chosen - {site.id})
        assert site.workers_only == pytest.approx(alone)
    lost = {at for at, n in counted.workers.items() if n and counted.near(at, counted.free) > 600}
    assert {point.id for point in plan.uncoverable} == lost


@settings(max_examples=many(20), deadline=None)
@given(districts(), st.sampled_from(["median", "center"]), st.integers(0, 3), st.booleans())
def test_no_set_makes_walks_shorter(
    inputs: Inputs,
    shortened: Shortened,
    new: int,
    ask: bool,  # noqa: FBT001 -- drawn
) -> None:
    counted = Counted(inputs)
    must = sorted(counted.free)[:1] if ask and new else []
    how = {"shortened": shortened, "new": new, "walk_m": FAR}
    if not counted.stations and not (new and counted.free):
        with pytest.raises(InputError):
            shortest_walks(inputs, PARAMETERS, **how)  # type: ignore[arg-type]  # drawn
        return
    plan = shortest_walks(inputs, PARAMETERS, **how, wishes=Wishes(require=tuple(must)))  # type: ignore[arg-type]  # drawn
    value = counted.mean if shortened == "median" else counted.worst
    best = min(map(value, counted.sets(new, must)))
    if best > FAR:
        assert (plan.status, plan.selected, plan.bound_m) == ("infeasible", (), None)
        return
    chosen = frozenset(site.id for site in plan.selected)
    assert plan.status == "optimal"
    assert plan.value_m == pytest.approx(best) == pytest.approx(plan.bound_m)
    assert plan.mean_walk_m_after == pytest.approx(counted.mean(chosen))
    assert plan.mean_walk_m_before == pytest.approx(counted.mean(frozenset()))
    saved = sum(site.mean_saved_m for site in plan.selected)
    assert plan.mean_walk_m_before - saved == pytest.approx(plan.mean_walk_m_after)
    assert plan.workers_covered_after == pytest.approx(counted.covered(chosen))
    beyond = {at for at, n in counted.workers.items() if n and counted.near(at, chosen) > FAR}
    assert {point.id for point in plan.unreached} == beyond
