import re
from datetime import date

import pytest

from words import count, day, distance, percent, percent_up, points, round_up, say, yuan
from words.catalogue import keys

BRACES = re.compile(r"{(\w+)")


def test_both_languages_say_the_same_things() -> None:
    assert keys("zh") == keys("en")


def test_both_languages_need_the_same_facts() -> None:
    differing = {
        key: (BRACES.findall(say(key, "zh")), BRACES.findall(say(key, "en")))
        for key in keys("zh")
        if set(BRACES.findall(say(key, "zh"))) != set(BRACES.findall(say(key, "en")))
    }
    assert differing == {}


def test_no_chinese_in_the_english_catalogue_beyond_names() -> None:
    allowed = {"ui.language.zh", "ui.app.title"}
    chinese = {key for key in keys("en") if re.search("[一-鿿]", say(key, "en"))}
    assert {key for key in chinese if not key.startswith(("ui.builtin", "ui.language"))} <= allowed


def test_an_unknown_sentence_is_an_error_not_a_blank() -> None:
    with pytest.raises(KeyError):
        say("ui.no.such.sentence", "zh")


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0, "0", "0"),
        (9999, "9,999", "9,999"),
        (84_213, "8.4万", "84.2k"),
        (1_234_567, "123.5万", "1,234.6k"),
    ],
)
def test_short_counts(value: float, zh: str, en: str) -> None:
    assert count(value, "zh", short=True) == zh
    assert count(value, "en", short=True) == en


def test_figures_as_people_write_them() -> None:
    assert percent(0.3456) == "34.6%"
    assert points(0.2, 0.1877, "zh") == "-1.2个百分点"
    assert points(0.05, 0.1, "en") == "+5.0 pp"
    assert points(0.46355, 0.53449, "zh") == "+7.0个百分点"  # 46.4 -> 53.4, as they are printed
    assert yuan(2000, "zh") == "2,000 元"
    assert day(date(2026, 11, 21), "zh") == "2026年11月21日"


@pytest.mark.parametrize(
    ("metres", "zh", "en"),
    [
        (300, "300 米", "300 m"),
        (999.4, "999.4 米", "999.4 m"),
        (1000, "1,000 米", "1,000 m"),
        (1049, "1,049 米", "1,049 m"),
        (1080, "1,080 米", "1,080 m"),
        (12_345.678, "12,345.678 米", "12,345.678 m"),
    ],
)
def test_a_length_is_written_exactly(metres: float, zh: str, en: str) -> None:
    assert distance(metres, "zh") == zh
    assert distance(metres, "en") == en


@pytest.mark.parametrize(
    ("share", "digits", "written"),
    [
        (0.0, 1, "0.0%"),
        (0.00001, 1, "0.1%"),
        (0.001, 1, "0.1%"),
        (0.001 + 1e-15, 1, "0.1%"),
        (0.00101, 1, "0.2%"),
        (0.00342, 2, "0.35%"),
        (1.0, 2, "100.00%"),
    ],
)
def test_at_most_is_rounded_up(share: float, digits: int, written: str) -> None:
    assert percent_up(share, digits=digits) == written
    assert round_up(share * 100, digits) >= share * 100 - 1e-9


@pytest.mark.parametrize("value", [1e15, 1e308, float("inf"), -1e308])
def test_counts_that_nobody_can_read_are_still_written(value: float) -> None:
    assert 3 <= len(count(value, "zh")) <= len("-1e+308")
