"""What would be if a site were otherwise: the same as if it had been changed and counted anew."""

import dataclasses

import pandas as pd
import pytest

from siting.coverage.levels import Terms
from siting.effective import evaluate_effective
from siting.model import Inputs, Parameters
from siting.planning import evaluate
from siting.what_if import Site, what_if
from tests.unit.siting.tables import place, table
from tests.unit.siting.test_judging import OPEN, town


def with_candidate() -> Inputs:
    far = {"id": "c1", **place(500, 2300), "state": "proposed", "hours": "24/7"}
    return dataclasses.replace(
        town({"id": "s1", **place(20, 0), **OPEN, "hours": ""}),
        candidates=table("candidates", [far]),
    )


def test_a_station_with_other_hours_is_counted_as_if_it_had_them() -> None:
    inputs = with_candidate()
    previous = evaluate(inputs, Parameters())
    now = evaluate_effective(inputs, Parameters(), previous=previous).effective.total
    found = what_if(
        inputs,
        Parameters(),
        Terms(),
        ("stations", "s1"),
        {"hours": "24/7"},
        now=now,
        previous=previous,
    )
    changed = inputs.stations.assign(hours="24/7")
    anew = evaluate_effective(dataclasses.replace(inputs, stations=changed), Parameters())
    assert found.then == anew.effective.total
    assert (found.verified, found.unverified) == pytest.approx((70, -70))
    assert inputs.stations["hours"].tolist() == [""]


def test_a_candidate_is_counted_as_if_it_were_open() -> None:
    inputs = with_candidate()
    now = evaluate_effective(inputs, Parameters()).effective.total
    site: tuple[Site, str] = ("candidates", "c1")
    blank = what_if(inputs, Parameters(), Terms(), site, {}, now=now)
    assert (blank.verified, blank.unverified) == pytest.approx((0, 80))
    told = what_if(
        inputs, Parameters(), Terms(), site, {"access": "public", "services": "water;seat"}, now=now
    )
    columns = list(inputs.stations.columns)
    opened = inputs.candidates[columns].assign(state="open", access="public", services="water;seat")
    stations = pd.concat([inputs.stations, opened], ignore_index=True)
    anew = evaluate_effective(dataclasses.replace(inputs, stations=stations), Parameters())
    assert told.then == anew.effective.total
    assert told.verified == pytest.approx(80)


def test_no_such_site_is_an_error() -> None:
    inputs = with_candidate()
    now = evaluate_effective(inputs, Parameters()).effective.total
    with pytest.raises(KeyError):
        what_if(inputs, Parameters(), Terms(), ("stations", "nobody"), {}, now=now)
