from datetime import date

from ui.workbench.open_windows import shut_windows

ORDINARY = date(2025, 11, 19)  # a Wednesday; its week has neither holidays nor make-up days
NATIONAL_DAY = date(2025, 10, 1)  # a week of holidays from Wednesday on


def test_a_bank_is_shut_outside_office_hours() -> None:
    told = shut_windows("Mo-Fr 08:00-18:00", ("workday_noon", "workday_evening"), ORDINARY, "zh")
    assert told.startswith("不开：工作日傍晚。")
    assert "工作日午间" not in told


def test_a_part_is_told_as_a_share_of_the_window() -> None:
    told = shut_windows("Mo-Su 12:00-22:00", ("workday_noon",), ORDINARY, "en")
    assert "Open in part: workday noon 67%." in told


def test_always_open_and_unverified() -> None:
    assert shut_windows("24/7", None, ORDINARY, "zh") == "所计时段全都开放。"
    for unknown in ("", "看情况"):
        assert "未核实" in shut_windows(unknown, None, ORDINARY, "zh")


def test_a_holiday_is_lived_as_a_sunday() -> None:
    weekend = ("weekend_noon",)
    assert "周末午间" not in shut_windows("Mo-Su 08:00-18:00", weekend, NATIONAL_DAY, "zh")
    assert "周末午间" in shut_windows("Mo-Su 08:00-18:00; PH off", weekend, NATIONAL_DAY, "zh")
