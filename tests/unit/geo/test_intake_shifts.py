"""How an enterprise works, as clerks write it."""

import pytest

from geo.intake import read_table
from geo.intake.shifts import plain_shift
from siting.hours_words import shift_in_words

DAY_AND_NIGHT = "Mo-Su 08:00-20:00/Mo-Su 20:00-08:00"


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("三班倒", "three_shift"),
        ("四班三运转", "three_shift"),
        ("常白班", "day"),
        ("two_shift", "two_shift"),
        ("8:00-17:00", "Mo-Fr 08:00-17:00"),
        # A comma is a break, a slash another shift.
        ("8:30-12:00、13:30-17:30", "Mo-Fr 08:30-12:00,13:30-17:30"),
        ("8:00-20:00/20:00-8:00", DAY_AND_NIGHT),
        ("两班倒 8点-20点/20点-次日8点", DAY_AND_NIGHT),
        ("周一至周六 8:00-20:00/20:00-8:00", "Mo-Sa 08:00-20:00/Mo-Sa 20:00-08:00"),
        (
            "三班倒（8:00-16:00/16:00-24:00/0:00-8:00）",
            "Mo-Su 08:00-16:00/Mo-Su 16:00-24:00/Mo-Su 00:00-08:00",
        ),
    ],
)
def test_shifts_are_read(text: str, shift: str) -> None:
    assert plain_shift(text) == shift
    assert plain_shift(shift) == shift  # what was kept reads as itself


@pytest.mark.parametrize("text", ["", "不定时", "24小时", "周一至周六", "8:00", "8:00-12:00/随便"])
def test_what_says_no_shift_is_none(text: str) -> None:
    assert plain_shift(text) is None


def test_a_file_tells_what_its_shifts_were_taken_for() -> None:
    rows = "E1,116.3,39.7,9,三班\nE2,116.31,39.7,9,看情况\nE3,116.32,39.7,9,\n"
    text = "编号,经度,纬度,职工人数,班制\n" + rows
    intake = read_table(text.encode(), "enterprises", name="企业.csv")
    assert intake.frame["shift"].tolist() == ["three_shift", "看情况", ""]
    told = {finding.code: finding.row for finding in intake.findings}
    assert (told["intake_shift_read"], told["intake_shift_unreadable"]) == (2, 3)


@pytest.mark.parametrize("shift", ["two_shift", "Mo-Fr 08:30-12:00,13:30-17:30", DAY_AND_NIGHT, ""])
def test_what_is_kept_is_told_in_words_that_read_as_the_same(shift: str) -> None:
    assert (plain_shift(shift_in_words(shift, "zh")) or "") == shift
    assert "_" not in shift_in_words(shift, "en")
