"""What clerks write is told in words; what is not known is shown as it is."""

import pytest

from siting.hours_words import hours_in_words


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        (
            "Mo-Fr 08:30-17:30; PH off",
            "周一至周五 08:30–17:30；节假日休息",
            "Mon–Fri 08:30–17:30; public holidays closed",
        ),
        (
            "Mo-Fr 08:30-12:00, 14:30-18:00",
            "周一至周五 08:30–12:00、14:30–18:00",
            "Mon–Fri 08:30–12:00, 14:30–18:00",
        ),
        (
            "Sa,Su,PH 10:00-16:00",
            "周六、周日、节假日 10:00–16:00",
            "Sat, Sun, public holidays 10:00–16:00",
        ),
        ("Mo-Su 06:00-20:00", "每天 06:00–20:00", "daily 06:00–20:00"),
        ("08:00-20:00", "08:00–20:00", "08:00–20:00"),
        ("24/7", "全天开放（24 小时）", "open day and night"),
        ("Sa", "周六全天", "Sat all day"),
    ],
)
def test_hours_are_told(text: str, zh: str, en: str) -> None:
    assert hours_in_words(text, "zh") == zh
    assert hours_in_words(text, "en") == en


@pytest.mark.parametrize(
    "text",
    [
        "",
        "早八点到晚五点",
        "Mo-Fr sunrise-sunset",
        "Mo-Fr 08:00-17:00; SH off",
        "PH -1 day off",
        ";",
    ],
)
def test_what_has_no_words_stays_as_it_is(text: str) -> None:
    assert hours_in_words(text, "zh") == text
