import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.adding_up import apportion, whole_after, whole_levels, whole_rows
from siting.coverage.effective import LevelRow
from siting.coverage.levels import Level

WORKERS = st.floats(0, 1e6)
LEVELS = st.tuples(*[WORKERS] * len(Level))


@given(st.lists(WORKERS, min_size=1, max_size=30))
def test_parts_sum_to_the_rounded_whole_and_none_is_off_by_one(parts: list[float]) -> None:
    whole = round(sum(parts))
    found = apportion(parts, whole)
    assert sum(found) == whole
    assert all(abs(a - b) <= 1 and a >= 0 for a, b in zip(found, parts, strict=True))


def test_the_largest_remainders_are_rounded_up() -> None:
    assert apportion([1.5, 1.4, 1.1], 4) == [2, 1, 1]
    assert apportion([0.3, 0.3, 0.4], 1) == [0, 0, 1]


@given(LEVELS)
def test_the_sums_of_a_row_are_what_rounding_each_alone_gives(levels: tuple[float, ...]) -> None:
    row = LevelRow("", levels)
    found = whole_levels(row)
    assert sum(found) == round(row.workers)
    assert sum(found[Level.CLOSED :]) == round(row.nominal)
    assert found[Level.VERIFIED] == round(row.verified)
    assert min(found) >= 0


@given(LEVELS)
def test_tenths_of_a_per_cent_sum_to_a_hundred(levels: tuple[float, ...]) -> None:
    row = LevelRow("", levels)
    if row.workers >= 1:
        assert sum(whole_levels(row, 1000 / row.workers)) == 1000


@given(st.lists(LEVELS, min_size=1, max_size=25))
def test_units_sum_to_the_district_level_by_level(levels: list[tuple[float, ...]]) -> None:
    rows = [LevelRow(str(n), given) for n, given in enumerate(levels)]
    district = LevelRow("", tuple(sum(column) for column in zip(*levels, strict=True)))
    found = whole_rows(rows, district)
    assert [sum(column) for column in zip(*found, strict=True)] == whole_levels(district)
    for row, whole in zip(rows, found, strict=True):
        assert list(row.by_level) == pytest.approx(whole, abs=2)


@given(LEVELS, st.floats(0, 0.49), st.floats(0, 1000))
def test_rounding_alone_moves_nobody(
    levels: tuple[float, ...], little: float, gained: float
) -> None:
    before = LevelRow("", levels)
    parts = list(levels)
    parts[Level.UNVERIFIED] += little
    parts[Level.VERIFIED] += gained
    after = LevelRow("", tuple(parts))
    found, alone = whole_after(after, before), whole_levels(after)
    assert sum(found) == sum(alone)
    assert (found[Level.OUT_OF_REACH], found[-1]) == (alone[Level.OUT_OF_REACH], alone[-1])
    assert found == alone or found[: Level.VERIFIED][1:] == whole_levels(before)[1 : Level.VERIFIED]


def test_who_stays_unverified_is_printed_as_before_where_others_have_moved() -> None:
    before = LevelRow("", (10.0, 5.4, 3.3, 0.2, 6.4, 4.0))
    after = LevelRow("", (6.0, 4.1, 2.0, 0.2, 6.6, 10.4))
    assert whole_levels(after)[Level.UNVERIFIED] == 7
    found = whole_after(after, before)
    assert found[Level.UNVERIFIED] == whole_levels(before)[Level.UNVERIFIED] == 6
    assert sum(found) == 29
