"""What would be if a site were otherwise: the same as if it had been changed and counted anew."""

import dataclasses

import pandas as pd
import pytest

from siting.effective import evaluate_effective
from siting.live import LiveService
from siting.model import Inputs, Parameters
from siting.service import service_of
from siting.what_if import Site, at_best, what_if
from tests.unit.siting.tables import place, table
from tests.unit.siting.test_judging import OPEN, town


def with_candidate() -> Inputs:
    far = {"id": "c1", **place(500, 2300), "state": "proposed", "hours": "24/7"}
    return dataclasses.replace(
        town({"id": "s1", **place(20, 0), **OPEN, "hours": ""}),
        candidates=table("candidates", [far]),
    )


def live(inputs: Inputs) -> LiveService:
    return LiveService(service_of(inputs, Parameters()))


def anew(inputs: Inputs, stations: pd.DataFrame) -> tuple[float, ...]:
    changed = dataclasses.replace(inputs, stations=stations)
    return evaluate_effective(changed, Parameters()).effective.total.by_level


def test_a_station_with_other_hours_is_counted_as_if_it_had_them() -> None:
    inputs = with_candidate()
    found = what_if(live(inputs), ("stations", "s1"), {"hours": "24/7"})
    expected = anew(inputs, inputs.stations.assign(hours="24/7"))
    assert found.then.by_level == pytest.approx(expected)
    assert (found.verified, found.unverified) == pytest.approx((70, -70))
    assert inputs.stations["hours"].tolist() == [""]


def test_a_candidate_is_counted_as_if_it_were_open() -> None:
    inputs = with_candidate()
    site: tuple[Site, str] = ("candidates", "c1")
    blank = what_if(live(inputs), site, {})
    assert (blank.verified, blank.unverified) == pytest.approx((0, 80))
    told = what_if(live(inputs), site, {"access": "public", "services": "water;seat"})
    columns = list(inputs.stations.columns)
    opened = inputs.candidates[columns].assign(state="open", access="public", services="water;seat")
    stations = pd.concat([inputs.stations, opened], ignore_index=True)
    assert told.then.by_level == pytest.approx(anew(inputs, stations))
    assert told.verified == pytest.approx(80)


def test_a_site_that_is_dragged_is_counted_where_it_is() -> None:
    inputs = with_candidate()
    there = place(500, 2350)
    found = what_if(live(inputs), ("stations", "s1"), {}, (there["lon"], there["lat"]))
    assert found.then.by_level == pytest.approx(anew(inputs, inputs.stations.assign(**there)))
    assert found.then.nominal == pytest.approx(80)


def test_a_station_that_does_not_count_changes_nothing() -> None:
    inputs = with_candidate()
    shut = dataclasses.replace(inputs, stations=inputs.stations.assign(state="suspended"))
    found = what_if(live(shut), ("stations", "s1"), {"hours": "24/7"})
    assert found.then == found.now


def test_no_such_site_is_an_error() -> None:
    with pytest.raises(KeyError):
        what_if(live(with_candidate()), ("stations", "nobody"), {})


def test_at_best_a_place_serves_all_within_reach() -> None:
    inputs = with_candidate()
    spot = place(500, 2300)
    found = at_best(live(inputs), (spot["lon"], spot["lat"]))
    assert (found.verified, found.unverified) == pytest.approx((80, 0))
    # Those of the street hang on the blank hours of their station: a sure one beside it wins them.
    spot = place(20, 0)
    found = at_best(live(inputs), (spot["lon"], spot["lat"]))
    assert (found.verified, found.unverified) == pytest.approx((70, -70))
