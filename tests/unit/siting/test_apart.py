"""Where two standards disagree, and why, on streets where every distance is known."""

import numpy as np
import pytest

from siting.apart import Apart, apart
from siting.judging import judge
from siting.model import Inputs, Parameters
from siting.standards import Standard, read_standard, standard, standard_names
from tests.unit.siting.tables import place, table
from tests.unit.siting.test_judging import OPEN, town


def of(inputs: Inputs, first: str | Standard, second: str | Standard) -> Apart:
    one, other = (standard(name) if isinstance(name, str) else name for name in (first, second))
    return apart(inputs, Parameters(), (one, other))


def reasons(found: Apart) -> dict[str, float]:
    """Return why the second standard leaves people out."""
    return {reason.why: reason.workers for reason in found.why_not_second}


def own(**limits: object) -> Standard:
    entry = {"zh": "甲", "en": "a", "source": "自定", "sentence": "", "pass_share": 0.9, **limits}
    return read_standard("own", entry)


def test_one_station_is_not_two() -> None:
    found = of(town(), "radius_1km", "cross_1km")
    assert reasons(found) == pytest.approx({"few": 70})
    assert found.why_not_first == ()


def test_what_is_near_on_the_map_may_be_far_along_streets() -> None:
    # The lane's end lies 2,400 m up from the middle of the street.
    station = {"id": "s1", **place(0, 0), **OPEN}
    found = of(town(station), own(radius_m=2500.0), own(cutoff_m=2500.0))
    assert reasons(found) == pytest.approx({"detour": 80})
    assert found.areas[0].only_first == pytest.approx(80)
    # A longer circle than the way allows is no detour: it is simply farther.
    assert reasons(of(town(station), own(radius_m=2500.0), own(cutoff_m=900.0))) == pytest.approx(
        {"far": 40 + 80}
    )


def test_the_limit_that_is_missed_is_named() -> None:
    station = {"id": "s1", **place(0, 0), **OPEN}
    both = own(radius_m=2500.0, cutoff_m=2500.0)
    assert reasons(of(town(station), own(radius_m=2500.0), both)) == pytest.approx({"walk": 80})
    both = own(radius_m=400.0, cutoff_m=2500.0)
    assert reasons(of(town(station), own(cutoff_m=600.0), both)) == pytest.approx({"circle": 20})


def test_where_workers_are_dense_the_shorter_limit_is_the_reason() -> None:
    rules = [{"workers_from_per_km2": 1.0, "cutoff_m": 300.0}, {"cutoff_m": 1000.0}]
    dense = own(rules=rules, density_radius_m=100.0)
    assert reasons(of(town(), "radius_1km", dense)) == pytest.approx({"dense": 20 + 40})


def test_riders_come_farther_than_walkers() -> None:
    found = of(town(), "ebike_5min", "dense_500m")
    assert reasons(found) == pytest.approx({"slower": 40})


@pytest.mark.parametrize("pair", [("circle_1km", "density_bands"), ("per_group", "national_both")])
def test_reasons_and_judging_say_the_same_of_every_pair(pair: tuple[str, str]) -> None:
    stations = [{"id": f"s{n}", **place(400 * n, 90 * n), **OPEN} for n in range(3)]
    inputs = town(*stations)
    found = of(inputs, *pair)
    (between,) = judge(inputs, Parameters(), pair).disagreements()
    assert np.array_equal(found.between.only_first, between.only_first)
    assert sum(r.workers for r in found.why_not_second) == pytest.approx(between.only_first.sum())
    assert sum(r.workers for r in found.why_not_first) == pytest.approx(between.only_second.sum())


def test_a_standard_agrees_with_itself_and_nobody_is_an_answer() -> None:
    assert not of(town(), "radius_1km", "radius_1km").areas
    nobody = Inputs(table("demand", []), table("stations", []))
    assert of(nobody, "radius_1km", "cross_1km").why_not_second == ()


def test_what_can_be_in_force_is_one_walking_distance() -> None:
    possible = {name for name in standard_names() if standard(name).is_cutoff}
    assert possible == {"dense_500m", "radius_1km", "walk_15min"}
    assert not standard("ebike_5min").is_external
    assert standard("radius_1km").is_external
