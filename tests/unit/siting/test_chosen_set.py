"""The chosen set of a stored plan, evaluated again: what the search said of it comes out."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.model import Inputs, Parameters
from siting.plans.chosen_set import QUOTED, evaluated
from siting.plans.proposing import propose
from siting.plans.recorded import from_record, to_record
from siting.plans.wishes import Wishes
from siting.sites import site_travel
from tests.unit.siting.tables import place, table

PARAMETERS = Parameters(cutoff_m=500.0)
METRES = st.integers(0, 24).map(lambda step: step * 100.0)
POINTS = st.lists(st.tuples(METRES, st.integers(1, 50)), min_size=1, max_size=8)


def street(points: list[tuple[float, int]], stations: list[float], sites: list[float]) -> Inputs:
    """Return places along a line, in metres, at two times of the day."""
    return Inputs(
        table(
            "demand",
            [
                {"id": f"d{n}", **place(at, 0), "workers": heads, "window": window}
                for n, (at, heads) in enumerate(points)
                for window in ("workday_noon", "weekend_noon")
            ],
        ),
        table("stations", [{"id": f"s{n}", **place(at, 0)} for n, at in enumerate(stations)]),
        table("candidates", [{"id": f"c{n}", **place(at, 0)} for n, at in enumerate(sites)]),
    )


@settings(max_examples=12)
@given(
    POINTS,
    st.lists(METRES, min_size=1, max_size=3),
    st.lists(METRES, min_size=1, max_size=4),
    st.integers(0, 2),
    st.integers(0, 1),
)
def test_a_stored_plan_brings_what_its_search_said(
    points: list[tuple[float, int]],
    stations: list[float],
    sites: list[float],
    new: int,
    closings: int,
) -> None:
    inputs = street(points, stations, sites)
    plan = propose(inputs, PARAMETERS, new=new, wishes=Wishes(closings=closings))
    stored = from_record(json.loads(json.dumps(to_record(plan))))
    emptied = replace(
        stored,
        workers_total=-1.0,
        workers_covered_before=-1.0,
        workers_covered_after=-1.0,
        workers_lost_by_closing=-1.0,
        selected=tuple(replace(s, workers_gained=-1.0, cost_yuan=-1) for s in stored.selected),
        closed=tuple(replace(s, workers_lost=-1.0) for s in stored.closed),
    )
    found = evaluated(inputs, site_travel(inputs, PARAMETERS), emptied)
    assert figures(found.as_dict("zh")) == figures(plan.as_dict("zh"))
    assert (found.after is None) == (plan.after is None)
    if found.after is not None:
        assert found.after.workers_covered == pytest.approx(found.workers_covered_after)


def figures(told: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in told.items() if name not in QUOTED}


def test_sites_that_the_tables_no_longer_have_are_left_out() -> None:
    inputs = street([(0.0, 10), (2000.0, 20)], [1000.0], [0.0, 2000.0])
    plan = propose(inputs, PARAMETERS, new=2)
    fewer = replace(inputs, candidates=inputs.candidates.iloc[:1].reset_index(drop=True))
    found = evaluated(fewer, site_travel(fewer, PARAMETERS), plan)
    assert [site.id for site in found.selected] == ["c0"]
    assert found.workers_covered_after == 10.0
