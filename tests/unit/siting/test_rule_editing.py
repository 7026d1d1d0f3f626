"""Rule files changed by machine: weights, comparisons, versions; comments and the rest stay."""

import numpy as np
import pytest

from geo.errors import InputError
from siting.rules import read_rules, read_rules_text
from siting.rules.ahp import priorities, worst_pair
from siting.rules.editing import (
    COMMON,
    names_of,
    weights_of,
    with_comparisons,
    with_rule_weight,
    with_version,
    with_weights,
)
from siting.rules.files import AREA_RULE

BOOK = read_rules("daxing")


def test_weights_of_a_group_are_written_and_nothing_else() -> None:
    found = with_weights(BOOK, "central_urban", dict.fromkeys(names_of(BOOK, "central_urban"), 2))
    assert weights_of(found, "central_urban") == pytest.approx(
        {"street_served": 1 / 3, "street_front": 1 / 3, "open_front": 1 / 3}
    )
    before, after = BOOK.text.splitlines(), found.text.splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [(f"weight = {old}", "weight = 2") for old in (60, 25, 15)]
    assert found.asks_as(BOOK)


def test_the_areas_rule_is_weighed_among_the_common_criteria() -> None:
    weights = dict.fromkeys(names_of(BOOK, COMMON), 1.0)
    found = with_weights(BOOK, COMMON, weights | {AREA_RULE: 3.0})
    assert found.common.rule_weight == pytest.approx(3 / 9)
    assert sum(weights_of(found, COMMON).values()) == pytest.approx(1)


def test_comparisons_come_in_and_go_out_again() -> None:
    order = names_of(BOOK, "central_urban")
    matrix = [["1", "2", "6"], ["1/2", "1", "3"], ["1/6", "1/3", "1"]]
    compared = with_comparisons(BOOK, "central_urban", order, matrix)
    assert list(weights_of(compared, "central_urban").values()) == pytest.approx([0.6, 0.3, 0.1])
    assert compared.rules[1].weighing.by == "ahp"
    by_hand = with_weights(compared, "central_urban", dict(zip(order, (5, 3, 2), strict=True)))
    assert by_hand.rules[1].weighing.by == "hand"
    assert list(weights_of(by_hand, "central_urban").values()) == pytest.approx([0.5, 0.3, 0.2])
    common = with_comparisons(by_hand, COMMON, names_of(BOOK, COMMON), [["1"] * 7] * 7)
    assert weights_of(common, COMMON) == pytest.approx(dict.fromkeys(names_of(BOOK, COMMON), 1 / 7))


def test_a_rules_own_factor_and_the_version_are_set() -> None:
    assert with_rule_weight(BOOK, "sparse", 0.5).rules[3].weight == 0.5
    assert read_rules_text(with_version(BOOK.text, 9, "x"), "x").version == 9


def test_what_has_no_line_of_its_own_is_refused() -> None:
    inline = BOOK.text.replace(f"[file]\nversion = {BOOK.version}\n", "[file]\n")
    with pytest.raises(InputError) as error:
        with_version(inline, 3, "own.toml")
    assert error.value.code == "rules_not_by_line"


def test_the_pair_that_contradicts_most_is_named() -> None:
    # Consistent but for one slip of the pen: the first is called half as important as the last.
    parts = np.array([8.0, 4, 2, 1])
    matrix = parts[:, None] / parts
    assert priorities(matrix).consistency_ratio == pytest.approx(0, abs=1e-9)
    matrix[0, 3], matrix[3, 0] = 1 / 2, 2
    found = priorities(matrix)
    assert found.consistency_ratio > 0.1
    worst = worst_pair(matrix, found.weights)
    assert (worst.first, worst.second) == (0, 3)
    assert worst.stated == pytest.approx(1 / 2)
    assert worst.implied > 1
