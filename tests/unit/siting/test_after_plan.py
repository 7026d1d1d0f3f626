"""What a plan's sites are of use once they are open, against stations that stand there."""

from dataclasses import replace

import pandas as pd
import pytest

from siting.coverage.levels import Terms
from siting.lines import effect_lines
from siting.model import Inputs, Parameters
from siting.plans.after_plan import PlanEffect, plan_effect, with_defaults
from siting.plans.proposing import propose
from siting.service import service_of
from tests.unit.siting.tables import place, table

PARAMETERS = Parameters(cutoff_m=500)
GOOD = {"access": "public", "services": "water;seat"}
CANDIDATES = (
    {"id": "day", **place(2000, 0), "hours": "Mo-Fr 08:00-18:00", **GOOD},
    {"id": "always", **place(4000, 0), "hours": "24/7", **GOOD},
    {"id": "firm", **place(6000, 0), "host_type": "enterprise"},
)


def town() -> Inputs:
    """Return couriers in four places, at noon and at night; a station at the first."""
    rows = [
        {"id": f"p{x}", **place(x, 0), "workers": 10, "group": "courier", "window": when}
        for x in (0, 2000, 4000, 6000)
        for when in ("workday_noon", "workday_night")
    ]
    station = {"id": "s", **place(0, 0), "hours": "24/7", **GOOD}
    return Inputs(
        demand=table("demand", rows),
        stations=table("stations", [station]),
        candidates=table("candidates", CANDIDATES),
    )


def effect(*chosen: str) -> PlanEffect:
    return plan_effect(service_of(town(), PARAMETERS), chosen)


def test_a_site_that_shuts_at_night_brings_half_of_what_distance_says() -> None:
    found = effect("day")
    # Noon is 3 hours, night 7; 10 of 40 workers at each time.
    assert found.before.verified == pytest.approx(10)
    assert found.gained == pytest.approx(10 * 3 / 10)
    assert found.after.nominal == pytest.approx(20)
    assert found.assumed == {}


@pytest.mark.parametrize("chosen", [(), ("day",), ("day", "always"), ("day", "always", "firm")])
def test_after_is_what_stations_there_would_give(chosen: tuple[str, ...]) -> None:
    inputs = town()
    picked = inputs.candidates[inputs.candidates["id"].isin(chosen)]
    opened = with_defaults(picked)[0][list(inputs.stations.columns)].assign(state="open")
    stations = pd.concat([inputs.stations, opened], ignore_index=True)
    there = service_of(replace(inputs, stations=stations), PARAMETERS).effective.total
    assert effect(*chosen).after.by_level == pytest.approx(there.by_level)


def test_blank_records_are_taken_as_usual_and_marked() -> None:
    found = effect("firm")
    assert found.assumed == {"firm": ("hours", "access", "services")}
    # A firm's own room admits no courier.
    assert found.gained == 0
    assert found.as_dict()["assumed"] == [{"id": "firm", "blanks": ["hours", "access", "services"]}]
    assert len(effect_lines(found, "zh")) == 2
    filled, assumed = with_defaults(table("candidates", [{"id": "x", "hours": "24/7"}]))
    assert filled["hours"].tolist() == ["24/7"]
    # Of no known host only the kind's access is usual.
    assert "hours" not in assumed["x"]
    assert filled["access"].tolist() == ["public"]


def test_a_plan_keeps_its_nominal_keys_and_tells_both() -> None:
    inputs = town()
    plan = propose(inputs, PARAMETERS, new=1)
    assert plan.as_dict("zh")["effective"] is None
    ids = [site.id for site in plan.selected]
    service = service_of(inputs, PARAMETERS, Terms(open_share=1.0))
    told = replace(plan, effective=plan_effect(service, ids)).as_dict("zh")
    assert told["workers_covered_after"] == 20
    block = told["effective"]
    assert isinstance(block, dict)
    assert (block["verified_before"], block["open_share"]) == (10, 1.0)
