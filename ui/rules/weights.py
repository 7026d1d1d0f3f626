"""Weights by hand, one slider per criterion; comparisons in pairs behind 高级."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from geo.errors import InputError
from siting.results import AreaType
from siting.rules import RuleBook
from siting.rules.ahp import comparison, priorities, worst_pair
from siting.rules.book import Criterion, Rule
from siting.rules.editing import (
    COMMON,
    MOST_RATIO,
    Group,
    names_of,
    weights_of,
    with_comparisons,
    with_rule_weight,
    with_weights,
)
from siting.rules.files import AREA_RULE
from ui import keys
from ui.language import current
from ui.look import table_height
from ui.rules.draft import edit, keep, word
from ui.safe import plain
from words import percent, say

_SCALE = (*(str(n) for n in range(9, 0, -1)), *(f"1/{n}" for n in range(2, 10)))
"""Saaty's: nine times as important, to one ninth."""

_FULL = 100.0
_LEAST = 1e-6
_MIDDLE = _SCALE.index("1")

Pairs = Mapping[tuple[str, str], str]


def draw_weights(book: RuleBook) -> None:
    """Draw the sliders of one group of criteria; moving one writes into the draft."""
    groups: list[Group] = [*(rule.area_type for rule in book.rules), COMMON]
    group: Group = st.pills(
        word("weights.group"),
        groups,
        default=groups[0],
        required=True,
        key=keys.RULES_GROUP,
        persist_state="session",
        format_func=_group_name,
    )
    for rule in book.rules:
        if rule.area_type == group:
            _draw_factor(book, rule)
    held = weights_of(book, group)
    with st.container(key="rules_sliders"):
        for name in names_of(book, group):
            key = f"rules_weight_{group}_{name}"
            keep(key, round(held[name] * _FULL, 1))
            st.slider(
                plain(name_of(book, group, name)),
                0.0,
                _FULL,
                step=1.0,
                format="%.0f%%",
                key=key,
                on_change=_slid,
                args=(book, group, name, key),
            )
    st.caption(word("weights.sum"))
    with st.expander(word("weights.advanced"), icon=":material/balance:"):
        _draw_pairs(book, group)


def name_of(book: RuleBook, group: Group, name: str) -> str:
    """Return what a criterion is called; the area's rule among the common ones."""
    if name == AREA_RULE:
        return word("weights.area_rule")
    held = book.common.criteria if group == COMMON else _criteria(book, group)
    one = next(one for one in held if one.name == name)
    return say(f"siting.measure.{one.measures[0].name}", current())


def rebalanced(weights: Mapping[str, float], name: str, share: float) -> dict[str, float]:
    """Return weights in per cent with one set to `share` (0..1), the others keeping their ratios.

    Others that were all 0 share alike what is left.
    """
    others = {other: weight for other, weight in weights.items() if other != name}
    total, left = sum(others.values()), (1.0 - share) * _FULL
    parts = {
        other: left * (weight / total if total > 0 else 1 / len(others))
        for other, weight in others.items()
    }
    return {key: share * _FULL if key == name else round(parts[key], 3) for key in weights}


def nearest_comparison(ratio: float) -> str:
    """Return the step of Saaty's scale nearest to how many times as important one thing is."""
    steps = np.array([comparison(int(s) if s.isdigit() else s) for s in _SCALE], dtype=np.float64)
    return _SCALE[int(np.abs(np.log(steps) - np.log(ratio)).argmin())]


def matrix_of(names: tuple[str, ...], pairs: Pairs) -> list[list[str]]:
    """Return the whole matrix of comparisons, reciprocals filled in."""

    def cell(first: str, second: str) -> str:
        if first == second:
            return "1"
        if (first, second) in pairs:
            return pairs[first, second]
        return _SCALE[2 * _MIDDLE - _SCALE.index(pairs[second, first])]

    return [[cell(first, second) for second in names] for first in names]


def _group_name(group: Group) -> str:
    return word("cell.common") if group == COMMON else say(f"siting.rule.{group}", current())


def _criteria(book: RuleBook, group: Group) -> tuple[Criterion, ...]:
    return next(rule.criteria for rule in book.rules if rule.area_type == group)


def _draw_factor(book: RuleBook, rule: Rule) -> None:
    key = f"rules_factor_{rule.area_type}"
    keep(key, round(rule.weight * _FULL))
    st.slider(
        word("weights.factor"),
        0,
        round(_FULL),
        format="%d%%",
        key=key,
        help=word("weights.factor_help"),
        on_change=_factored,
        args=(book, rule.area_type, key),
    )


def _factored(book: RuleBook, area: AreaType, key: str) -> None:
    _write(partial(with_rule_weight, book, area, st.session_state[key] / _FULL))


def _slid(book: RuleBook, group: Group, name: str, key: str) -> None:
    share = float(st.session_state[key]) / _FULL
    weights = rebalanced(weights_of(book, group), name, share)
    _write(partial(with_weights, book, group, weights))


def _compared(book: RuleBook, group: Group, pairs: Pairs) -> None:
    names = names_of(book, group)
    _write(partial(with_comparisons, book, group, names, matrix_of(names, pairs)))


def _write(change: partial[RuleBook]) -> None:
    try:
        edit(change().text)
        st.session_state.pop(keys.RULES_REFUSED, None)
    except InputError as error:
        st.session_state[keys.RULES_REFUSED] = error


def _draw_pairs(book: RuleBook, group: Group) -> None:
    names = names_of(book, group)
    st.caption(word("pairs.help"))
    pairs = _pairs_of(book, group, names)
    for first, second in pairs:
        key = f"rules_pair_{group}_{first}_{second}"
        keep(key, pairs[first, second])
        called = [plain(name_of(book, group, name)) for name in (first, second)]
        st.selectbox(
            word("pairs.pair", first=called[0], second=called[1]),
            _SCALE,
            key=key,
            format_func=partial(_step_text, called[0], called[1]),
            on_change=_paired,
            args=(group, pairs, (first, second), key),
        )
    matrix = matrix_of(names, pairs)
    numbers = np.array([[_number(cell) for cell in row] for row in matrix], dtype=np.float64)
    found = priorities(numbers)
    called = [name_of(book, group, name) for name in names]
    # Numbers stand for the names: a column for each name would not fit.
    numbers_of = [str(number) for number in range(1, len(called) + 1)]
    table = pd.DataFrame(matrix, columns=numbers_of)
    rows = [f"{number}. {name}" for number, name in zip(numbers_of, called, strict=True)]
    table.insert(0, word("pairs.criterion"), rows)
    table[word("pairs.weight")] = [percent(weight, digits=1) for weight in found.weights]
    st.dataframe(table, hide_index=True, height=table_height(len(table)))
    ratio = found.consistency_ratio
    st.markdown(word("pairs.ratio", ratio=f"{ratio:.3f}", most=f"{MOST_RATIO:g}"))
    agrees = ratio <= MOST_RATIO
    if not agrees:
        worst = worst_pair(numbers, found.weights)
        st.warning(
            plain(
                word(
                    "pairs.contradiction",
                    first=called[worst.first],
                    second=called[worst.second],
                    stated=_times(worst.stated),
                    implied=_times(worst.implied),
                )
            ),
            icon=":material/warning:",
        )
    st.button(
        word("pairs.take"),
        key="rules_pairs_take",
        disabled=not agrees,
        on_click=_compared,
        args=(book, group, pairs),
    )


def _pairs_of(book: RuleBook, group: Group, names: tuple[str, ...]) -> dict[tuple[str, str], str]:
    """Return the comparisons of this session; of none, those that the weights come nearest to."""
    wanted = [(first, second) for n, first in enumerate(names) for second in names[n + 1 :]]
    compared: dict[Group, dict[tuple[str, str], str]] = st.session_state.get(keys.RULES_PAIRS, {})
    held = compared.get(group)
    if held is not None and list(held) == wanted:
        return held
    weights = {name: max(weight, _LEAST) for name, weight in weights_of(book, group).items()}
    return {pair: nearest_comparison(weights[pair[0]] / weights[pair[1]]) for pair in wanted}


def _paired(group: Group, pairs: Pairs, pair: tuple[str, str], key: str) -> None:
    compared = st.session_state.setdefault(keys.RULES_PAIRS, {})
    compared[group] = {**pairs, pair: st.session_state[key]}


def _step_text(first: str, second: str, step: str) -> str:
    if step == "1":
        return word("pairs.same")
    more, times = (second, step[2:]) if step.startswith("1/") else (first, step)
    return word("pairs.more", more=more, times=times, degree=word(f"pairs.degree.{times}"))


def _number(cell: str) -> float:
    return comparison(int(cell) if cell.isdigit() else cell) or 0.0


def _times(ratio: float) -> str:
    """Write how many times as important, as people say it: 3 or 1/3."""
    said = f"{max(ratio, 1 / ratio):.1f}".removesuffix(".0")
    return said if ratio >= 1 else f"1/{said}"
