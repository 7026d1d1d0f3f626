"""Two plans beside each other: each side is what evaluating tables with it gives."""

from dataclasses import replace

import pandas as pd
import pytest

from siting.model import Inputs, Parameters
from siting.plans.after_plan import with_defaults
from siting.plans.comparing import differences, option
from siting.service import Service, service_of
from tests.unit.siting.tables import place, table

PARAMETERS = Parameters(cutoff_m=500)
GOOD = {"access": "public", "services": "water;seat"}


def town() -> Inputs:
    """Return couriers and riders in three places; stations at two of them, candidates at all."""
    rows = [
        {"id": f"p{x}", **place(x, 0), "workers": 10 + number, "town": town, "group": group}
        for number, (x, town) in enumerate(((0, "甲镇"), (2000, "乙镇"), (4000, "丙镇")))
        for group in ("courier", "food_rider")
    ]
    stations = [
        {"id": "s0", **place(0, 0), "hours": "24/7", **GOOD},
        {"id": "s1", **place(2000, 0), "hours": "24/7", **GOOD, "state": "closed"},
    ]
    candidates = [
        {"id": "c1", **place(2000, 0), "hours": "24/7", **GOOD, "cost_yuan": 3000},
        {"id": "c2", **place(4000, 0), "hours": "24/7", **GOOD, "cost_yuan": 5000},
    ]
    return Inputs(
        demand=table("demand", rows),
        stations=table("stations", stations),
        candidates=table("candidates", candidates),
    )


def changed(inputs: Inputs, opened: tuple[str, ...], closed: tuple[str, ...]) -> Service:
    """Return the service of tables in which somebody opened and closed the same."""
    picked = inputs.candidates[inputs.candidates["id"].isin(opened)]
    fresh = with_defaults(picked)[0][list(inputs.stations.columns)].assign(state="open")
    state = inputs.stations["state"].mask(inputs.stations["id"].isin(closed), "closed")
    stations = pd.concat([inputs.stations.assign(state=state), fresh], ignore_index=True)
    return service_of(replace(inputs, stations=stations), PARAMETERS)


@pytest.mark.parametrize("opened", [(), ("c1",), ("c1", "c2")])
@pytest.mark.parametrize("closed", [(), ("s0",)])
def test_an_option_is_what_its_tables_give(
    opened: tuple[str, ...], closed: tuple[str, ...]
) -> None:
    inputs = town()
    found = option(service_of(inputs, PARAMETERS), opened, closed)
    there = changed(inputs, opened, closed)
    assert found.effective.total.by_level == pytest.approx(there.effective.total.by_level)
    assert found.nominal.workers_covered == pytest.approx(there.nominal.workers_covered)
    assert found.cost_yuan == sum({"c1": 3000, "c2": 5000}[name] for name in opened)


def test_who_gains_and_who_loses() -> None:
    service = service_of(town(), PARAMETERS)
    one, other = option(service, ("c1",)), option(service, ("c2",), ("s0",))
    told = {row.name: (row.one, row.other, row.gained) for row in differences(one, other, "town")}
    assert told == {
        "甲镇": (20, 0, -20),
        "乙镇": (22, 0, -22),
        "丙镇": (0, 24, 24),
    }
    by_group = differences(one, other, "group")
    gained = other.effective.total.verified - one.effective.total.verified
    assert sum(row.gained for row in by_group) == pytest.approx(gained)


def test_what_is_gone_is_named_and_left_out() -> None:
    service = service_of(town(), PARAMETERS)
    found = option(service, ("c1", "gone"), ("s0", "never"))
    assert (found.sites, found.closed, found.gone) == (("c1",), ("s0",), ("gone", "never"))
    assert found.cost_yuan == 3000
