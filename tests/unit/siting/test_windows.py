import pytest

from geo.errors import InputError
from siting.windows import read_window, window, windows


def test_the_week_of_windows_has_168_hours() -> None:
    assert sum(item.hours_per_week for item in windows().values()) == 168


def test_a_window_past_midnight_is_as_long_as_it_is() -> None:
    assert window("workday_night").hours_per_day == 7
    assert window("workday_night").hours_per_week == 35


def test_an_unknown_window_is_named() -> None:
    with pytest.raises(InputError, match="brunch") as error:
        window("brunch")
    assert "brunch" in error.value.message("zh")


@pytest.mark.parametrize("days", [[], [1, 1, 2], [1, 8], [0]])
def test_days_are_some_of_a_week_each_once(days: list[int]) -> None:
    with pytest.raises(InputError, match="深夜"):
        read_window("深夜", {"days": days, "start": "22:00", "end": "05:00"})


@pytest.mark.parametrize("end", ["25:00", "", "noon"])
def test_times_are_of_a_day(end: str) -> None:
    with pytest.raises(InputError, match="深夜"):
        read_window("深夜", {"days": [1], "start": "22:00", "end": end})


def test_midnight_may_be_written_as_the_end_of_a_day() -> None:
    late = read_window("深夜", {"days": [1, 2], "start": "22:00", "end": "24:00"})
    assert (late.hours_per_day, late.hours_per_week) == (2, 4)
