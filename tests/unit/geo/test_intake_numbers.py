import math

import pandas as pd
import pytest

from geo.intake.numbers import read_number, read_numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("39.7902", 39.7902),
        ("39.7902°", 39.7902),
        ("１１６．３", 116.3),
        ("１，２００人", 1200.0),
        ("1,234,567.5 元", 1_234_567.5),
        ("-3", -3.0),
        ("−3", -3.0),
        ("+4 名", 4.0),
        ("1.5e3", 1500.0),
        (".5", 0.5),
        ("116.3E", 116.3),
        ("3万", 30_000.0),
        ("12.7万", 127_000.0),
        ("1.1万元", 11_000.0),
        ("2 万人", 20_000.0),
    ],
)
def test_numbers_as_people_write_them(text: str, value: float) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize(
    "text", ["", "abc", "1,2", "12,34", "1 2", "116°20′", "0x1F", "--1", "1.2.3", "三"]
)
def test_what_is_no_number(text: str) -> None:
    assert math.isnan(read_number(text))


@pytest.mark.parametrize("text", ["nan", "NaN", "inf", "-Infinity", "#N/A", "#DIV/0!"])
def test_what_is_not_finite(text: str) -> None:
    assert math.isinf(read_number(text))


def test_a_column_says_of_every_cell_what_it_is() -> None:
    numbers = read_numbers(pd.Series(["1", "", "x", "nan", "２", "1e400"], dtype="str"))
    assert numbers.value[[0, 4]].tolist() == [1.0, 2.0]
    assert pd.isna(numbers.value[[1, 2, 3, 5]]).all()
    assert numbers.blank.tolist() == [False, True, False, False, False, False]
    assert numbers.unreadable.tolist() == [False, False, True, False, False, False]
    assert numbers.not_finite.tolist() == [False, False, False, True, False, True]
