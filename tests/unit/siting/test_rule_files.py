import copy
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geo.errors import InputError
from geo.reference import DATA_FOLDER
from siting.rules import read_rules
from siting.rules.files import AREA_TYPES, MEASURES_BY_AREA, parse_rules
from siting.rules.measures import MEASURES

DAXING = DATA_FOLDER / "rules" / "daxing.toml"


@pytest.fixture
def content() -> dict[str, Any]:
    return copy.deepcopy(tomllib.loads(DAXING.read_text(encoding="utf-8")))


def test_the_built_in_rules_are_complete_and_cited() -> None:
    book = read_rules("daxing")
    assert book.name == "daxing"
    assert tuple(rule.area_type for rule in book.rules) == AREA_TYPES
    assert all(rule.sentence and rule.source for rule in book.rules)


def test_a_path_reads_the_same_rules(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_bytes(DAXING.read_bytes())
    assert read_rules(own).rules == read_rules("daxing").rules
    assert read_rules(str(own)).name == "own.toml"


def test_every_measure_that_a_file_may_name_is_computed() -> None:
    assert {name for names in MEASURES_BY_AREA.values() for name in names} == set(MEASURES)


def test_a_curve_is_straight_between_its_points_and_level_beyond() -> None:
    measure = read_rules("daxing").rules[0].measures[0]
    assert measure.curve[:2] == ((0, 0), (100, 40))
    figures = np.array([0.0, 50.0, 100.0, 1e9, np.nan])
    np.testing.assert_array_equal(measure.points(figures), [0, 20, 40, 100, np.nan])


def test_more_is_never_worse() -> None:
    for rule in read_rules("daxing").rules:
        for measure in rule.measures:
            heights = [points for _, points in measure.curve]
            assert heights == sorted(heights), measure.name


WRONG = [
    (["enterprise_cluster", "weight"], 1.5, "enterprise_cluster.weight"),
    (["enterprise_cluster", "weight"], "viel", "enterprise_cluster.weight"),
    (["enterprise_cluster", "weigth"], 1, "enterprise_cluster.weigth"),
    (["sparse", "measures"], [], "sparse.measures"),
    (["sparse", "measures", 0, "name"], "venue_visits", "sparse.measures[1].name"),
    (["sparse", "measures", 0, "curve"], [[5, 0], [1, 9]], "sparse.measures[1].curve"),
    (["sparse", "measures", 0, "curve"], [[0, 101]], "sparse.measures[1].curve"),
    (["sparse", "measures", 0, "proxy"], 1, "sparse.measures[1].proxy"),
    (["function_zone", "host_types"], ["kiosk"], "function_zone.host_types"),
    (["central_urban", "street_classes"], "primary", "central_urban.street_classes"),
    (["density"], 3, "density"),
    (["zones"], {}, "zones"),
]


@pytest.mark.parametrize(("path", "wrong", "named"), WRONG)
def test_a_wrong_key_is_named(
    content: dict[str, Any], path: list[str | int], wrong: object, named: str
) -> None:
    parent: Any = content
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = wrong
    with pytest.raises(InputError) as error:
        parse_rules(content, "own.toml")
    assert error.value.facts["key"] == named
    assert error.value.facts["file"] == "own.toml"
    assert "own.toml" in error.value.message("zh")


@pytest.mark.parametrize("key", ["weight", "reach_m", "sentence", "measures", "front_m"])
def test_a_missing_key_is_named(content: dict[str, Any], key: str) -> None:
    del content["central_urban"][key]
    with pytest.raises(InputError, match=f"central_urban.{key}"):
        parse_rules(content, "own.toml")


def test_a_file_without_rules_is_refused(content: dict[str, Any]) -> None:
    bare = {"file": content["file"], "density": content["density"]}
    with pytest.raises(InputError, match="no rule"):
        parse_rules(bare, "own.toml")


def test_what_is_no_rule_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="daxing"):
        read_rules("nowhere")
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"\xff\xfe[")
    with pytest.raises(InputError, match=r"broken\.toml"):
        read_rules(broken)
