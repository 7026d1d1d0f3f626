import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.coverage.effective import LevelRow
from siting.coverage.levels import UNCOVERED, Level
from ui.workbench.waterfall import COLOURS, cause_bar, steps
from words import LANGUAGES, Lang

LEVELS = st.tuples(*[st.floats(0, 1e5)] * len(Level))


@given(LEVELS)
def test_every_loss_is_the_difference_of_the_sums_around_it(levels: tuple[float, ...]) -> None:
    shown = steps(LevelRow("", levels), "zh")
    everybody, nominal, verified = (step for step in shown if step.kind == "sum")
    assert everybody.workers - shown[1].workers == nominal.workers
    assert nominal.workers - sum(step.workers for step in shown[3:7]) == verified.workers
    left = everybody.workers
    for step in shown:
        if step.kind == "loss":  # every bar hangs where the one above it ended
            assert step.start + step.workers == left
            left = step.start
        else:
            assert (step.start, step.workers) == (0, left)
    if sum(levels) >= 1:
        assert everybody.mille == 1000
        assert everybody.mille - sum(s.mille for s in shown if s.kind == "loss") == verified.mille


def test_nobody_is_no_division_by_zero() -> None:
    assert {step.workers for step in steps(LevelRow("", (0.0,) * 6), "en")} == {0}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_those_in_reach_are_not_called_nominal_in_heat_and_cold(lang: Lang) -> None:
    row = LevelRow("", (1.0,) * 6)
    mild, hot = (steps(row, lang, mild=mild)[2].label for mild in (True, False))
    assert mild != hot


def test_causes_are_told_by_colour_and_by_figure() -> None:
    causes = dict(zip(UNCOVERED, (300.0, 100.0, 0.2, 0.0), strict=True))
    bar = cause_bar(causes, "zh")
    widths = [float(width) for width in re.findall(r"width:([\d.]+)%", bar)]
    assert widths == [75.0, 25.0]
    assert "<b>300</b>" in bar
    assert "<b>100</b>" in bar
    assert COLOURS[Level.NOT_ADMITTED] not in bar
    assert len(set(COLOURS.values())) == len(Level)
