import pytest

from geo.errors import InputError
from siting.windows import window, windows


def test_the_week_of_windows_has_168_hours() -> None:
    assert sum(item.hours_per_week for item in windows().values()) == 168


def test_a_window_past_midnight_is_as_long_as_it_is() -> None:
    assert window("workday_night").hours_per_day == 7
    assert window("workday_night").hours_per_week == 35


def test_an_unknown_window_is_named() -> None:
    with pytest.raises(InputError, match="brunch") as error:
        window("brunch")
    assert "brunch" in error.value.message("zh")
