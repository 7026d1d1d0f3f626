import copy
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geo.errors import InputError
from geo.reference import DATA_FOLDER
from siting.rules import read_rules, read_rules_text
from siting.rules.book import AREA_TYPES
from siting.rules.common import COMMON
from siting.rules.files import COMMON_MEASURES, FIGURES, MEASURES_BY_AREA, parse_rules
from siting.rules.measures import MEASURES
from siting.rules.places import FIGURE_UNITS, FIGURES_OF_PLACES

DAXING = DATA_FOLDER / "rules" / "daxing.toml"


@pytest.fixture
def content() -> dict[str, Any]:
    return copy.deepcopy(tomllib.loads(DAXING.read_text(encoding="utf-8")))


def test_the_built_in_rules_are_complete_and_cited() -> None:
    book = read_rules("daxing")
    assert book.name == "daxing"
    assert tuple(rule.area_type for rule in book.rules) == AREA_TYPES
    for rule in book.rules:
        cited = [(rule.sentence, rule.source)]
        cited += [(way.sentence, way.source) for way in rule.ways]
        cited += [(one.sentence, one.source) for one in rule.criteria]
        assert all(sentence and source for sentence, source in cited)
    assert all(one.sentence and one.source for one in book.common.criteria)


def test_weights_of_every_group_sum_to_one() -> None:
    book = read_rules("daxing")
    for rule in book.rules:
        assert sum(one.weight for one in rule.criteria) == pytest.approx(1)
    common = book.common
    assert sum(one.weight for one in common.criteria) + common.rule_weight == pytest.approx(1)
    assert common.rule_weight == pytest.approx(0.6)


def test_a_path_reads_the_same_rules(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_bytes(DAXING.read_bytes())
    assert read_rules(own).rules == read_rules("daxing").rules
    assert read_rules(str(own)).name == "own.toml"


def test_every_measure_that_a_file_may_name_is_computed() -> None:
    assert {name for names in MEASURES_BY_AREA.values() for name in names} == set(MEASURES)
    assert set(COMMON_MEASURES) == set(COMMON)
    assert set(FIGURES) == set(FIGURES_OF_PLACES) == set(FIGURE_UNITS)


def test_a_curve_is_straight_between_its_points_and_level_beyond() -> None:
    measure = read_rules("daxing").rules[0].criteria[0].measures[0]
    assert measure.curve[:2] == ((0, 0), (100, 40))
    figures = np.array([0.0, 50.0, 100.0, 1e9, np.nan])
    np.testing.assert_array_equal(measure.points(figures), [0, 20, 40, 100, np.nan])


NEED = ["sparse", "criteria", 0, "measures", 0]
COSTS = ["common", "criteria", 2, "measures", 0]
WRONG = [
    (["enterprise_cluster", "weight"], 1.5, "enterprise_cluster.weight"),
    (["enterprise_cluster", "weight"], "viel", "enterprise_cluster.weight"),
    (["enterprise_cluster", "weigth"], 1, "enterprise_cluster.weigth"),
    (["sparse", "criteria"], [], "sparse.criteria"),
    ([*NEED, "name"], "venue_visits", "sparse.criteria[1].measures[1].name"),
    ([*NEED, "curve"], [[5, 0], [1, 9]], "sparse.criteria[1].measures[1].curve"),
    ([*NEED, "curve"], [[0, 101]], "sparse.criteria[1].measures[1].curve"),
    ([*NEED, "curve"], [[0, 50], [9, 40]], "sparse.criteria[1].measures[1].curve"),
    ([*NEED, "proxy"], 1, "sparse.criteria[1].measures[1].proxy"),
    ([*COSTS, "curve"], [[0, 50], [9, 60]], "common.criteria[3].measures[1].curve"),
    (["sparse", "ways", 0, "tests", 0, "below"], "x", "sparse.ways[1].tests[1].below"),
    (["sparse", "ways", 0, "tests", 0, "figure"], "x", "sparse.ways[1].tests[1].figure"),
    (["function_zone", "host_types"], ["kiosk"], "function_zone.host_types"),
    (["central_urban", "street_classes"], "primary", "central_urban.street_classes"),
    (["common", "criteria", 0, "name"], "heads", "common"),
    (["changes", "hours_until"], ["25:00"], "changes.hours_until"),
    (["sensitivity", "draws"], 0, "sensitivity.draws"),
    (["common"], 3, "common"),
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


@pytest.mark.parametrize("key", ["weight", "reach_m", "sentence", "criteria", "front_m"])
def test_a_missing_key_is_named(content: dict[str, Any], key: str) -> None:
    del content["central_urban"][key]
    with pytest.raises(InputError, match=f"central_urban.{key}"):
        parse_rules(content, "own.toml")


def test_a_file_without_rules_is_refused(content: dict[str, Any]) -> None:
    bare = {key: part for key, part in content.items() if key not in AREA_TYPES}
    with pytest.raises(InputError, match="no rule"):
        parse_rules(bare, "own.toml")


def test_the_line_of_a_wrong_key_is_told() -> None:
    text = DAXING.read_text(encoding="utf-8")
    named = 'name = "need_records"\n'
    wrong = text.replace(f'{named}unit = "record"', f"{named}unit = 3")
    with pytest.raises(InputError) as error:
        read_rules_text(wrong, "own.toml")
    line = wrong.splitlines().index("unit = 3") + 1
    assert error.value.facts["line"] == line
    assert f"第 {line} 行" in error.value.message("zh")
    with pytest.raises(InputError) as error:
        read_rules_text(text.replace("front_m = 40.0\n", ""), "own.toml")
    assert error.value.facts["line"] == text.splitlines().index("[central_urban]") + 1


def compared(matrix: object) -> dict[str, Any]:
    """Return a file whose central rule weighs its three criteria by pairs."""
    content = tomllib.loads(DAXING.read_text(encoding="utf-8"))
    central = content["central_urban"]
    for one in central["criteria"]:
        del one["weight"]
    order = [one["name"] for one in central["criteria"]]
    central["ahp"] = {"order": order, "matrix": matrix, "most_ratio": 0.1}
    return content


def test_weights_may_come_from_pairwise_comparisons() -> None:
    consistent = [[1, 2, 6], ["1/2", 1, 3], ["1/6", "1/3", 1]]
    rule = parse_rules(compared(consistent), "own.toml").rule("central_urban")
    assert rule is not None
    assert [one.weight for one in rule.criteria] == pytest.approx([0.6, 0.3, 0.1])
    assert rule.weighing.consistency_ratio == pytest.approx(0, abs=1e-9)


def test_comparisons_that_contradict_each_other_are_refused() -> None:
    circle = [[1, 5, "1/5"], ["1/5", 1, 5], [5, "1/5", 1]]
    with pytest.raises(InputError) as error:
        parse_rules(compared(circle), "own.toml")
    assert error.value.code == "rules_inconsistent"


@pytest.mark.parametrize("matrix", [[[1]], [[1, 2, 3], [2, 1, 1], [3, 1, 1]], [["a"]], 3])
def test_what_is_no_matrix_of_comparisons_is_refused(matrix: object) -> None:
    with pytest.raises(InputError) as error:
        parse_rules(compared(matrix), "own.toml")
    assert error.value.code == "rules_matrix"


def shaped(direction: str, **shape: float) -> Any:  # noqa: ANN401 -- a measure
    content = tomllib.loads(DAXING.read_text(encoding="utf-8"))
    criterion = content["common"]["criteria"][2]
    criterion["direction"] = direction
    criterion["measures"] = [{"name": "cost", "unit": "yuan", **shape}]
    return parse_rules(content, "own.toml").common.criteria[2].measures[0]


def test_min_max_and_ideal_curves_by_hand() -> None:
    figures = np.array([0.0, 2.0, 4.0, 6.0, 10.0, 12.0])
    more = shaped("more", low=2, high=10)
    np.testing.assert_allclose(more.points(figures), [0, 0, 25, 50, 100, 100])
    less = shaped("less", low=2, high=10)
    np.testing.assert_allclose(less.points(figures), [100, 100, 75, 50, 0, 0])
    ideal = shaped("ideal", low=2, ideal=6, high=10)
    np.testing.assert_allclose(ideal.points(figures), [0, 0, 50, 100, 0, 0])


def test_what_is_no_rule_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="daxing"):
        read_rules("nowhere")
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"\xff\xfe[")
    with pytest.raises(InputError, match=r"broken\.toml"):
        read_rules(broken)
