from typing import Any

import pytest

from geo.errors import InputError
from geo.reference import read_list
from siting.standards import Limit, read_standard, standard, standard_names

LEAST: dict[str, Any] = {"zh": "甲", "en": "a", "source": "", "sentence": "", "pass_share": 0.9}


def test_every_standard_has_rules_and_a_source() -> None:
    assert {
        "radius_1km",
        "walk_15min",
        "national_both",
        "dense_500m",
        "dense_or_1km",
        "density_bands",
        "cross_1km",
        "per_group",
        "ebike_5min",
    } <= set(standard_names())
    groups = set(read_list("reference/groups"))
    for name in standard_names():
        found = standard(name)
        assert all(rule.limits for rule in found.rules)
        assert all(set(rule.groups) <= groups | {"*"} for rule in found.rules)
        assert found.zh
        assert found.en
        assert found.source
        assert found.sentence
        assert 0 < found.pass_share <= 1
        # The share that passes is nowhere given: it is marked as ours in every file.
        assert "pass_share" in found.assumed


def test_a_walking_time_becomes_metres_at_its_pace() -> None:
    assert standard("walk_15min").cutoff_m == pytest.approx(15 * 60 * 1.2)
    assert standard("radius_1km").cutoff_m == 1000


def test_a_standard_with_two_tests_asks_for_both_of_one_station() -> None:
    (rule,) = standard("national_both").rules
    assert rule.limits == (Limit("circle", 1000.0), Limit("walk", 1080.0, 900.0))


def test_the_bands_are_those_of_the_published_table() -> None:
    rules = standard("density_bands").rules
    assert [rule.workers_from_per_km2 for rule in rules] == [15000, 2500, 0]
    assert [[limit.metres for limit in rule.limits] for rule in rules] == [
        [800, 1000],
        [1200, 1300],
        [1500, 1700],
    ]


@pytest.mark.parametrize(
    "name", ["circle_1km", "national_both", "cross_1km", "density_bands", "ebike_5min", "per_group"]
)
def test_what_is_more_than_one_walking_distance_sets_no_cut_off(name: str) -> None:
    with pytest.raises(InputError, match=name) as error:
        _ = standard(name).cutoff_m
    assert f"--standards {name}" in error.value.message("zh")


def test_an_unknown_standard_is_named() -> None:
    with pytest.raises(InputError, match="radius_1km") as error:
        standard("../rules/daxing")
    assert "daxing" in error.value.message("zh")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "siting_standard_lacks"),
        ({"profile": "ebike"}, "siting_standard_lacks"),
        ({"minutes": 5.0}, "siting_standard_lacks"),
        ({"cutoff_m": 0.0}, "siting_standard_figure"),
        ({"cutoff_m": float("nan")}, "siting_standard_figure"),
        ({"cutoff_m": "far"}, "siting_standard_figure"),
        ({"cutoff_m": 1.0, "profile": "boat"}, "siting_standard_figure"),
        ({"cutoff_m": 1.0, "pass_share": 1.1}, "siting_standard_figure"),
        ({"cutoff_m": 1.0, "least_stations": 0}, "siting_standard_figure"),
        ({"rules": []}, "siting_standard_not_for_all"),
        ({"rules": [{"cutoff_m": 1.0, "groups": ["guard"]}]}, "siting_standard_not_for_all"),
        ({"cutoff_m": 1.0, "workers_from_per_km2": 9.0}, "siting_standard_not_for_all"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(more: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as error:
        read_standard("mine", {**LEAST, **more})
    assert error.value.code == code
    assert "mine" in error.value.message("zh")
