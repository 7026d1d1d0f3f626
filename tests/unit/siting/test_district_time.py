import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from siting.district_time import DISTRICT_TIME, local, now, today

ROOT = Path(__file__).resolve().parents[3]
# What goes by the computer's zone instead of the district's.
OF_THE_COMPUTER = re.compile(r"date\.today\(\)|\.astimezone\(\)|datetime\.now\(\)")


@pytest.fixture(params=["UTC", "America/Los_Angeles", "Pacific/Auckland"])
def _somewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("this system cannot change its zone while it runs")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_somewhere")
def test_the_day_is_the_district_s_wherever_the_computer_stands() -> None:
    before = (datetime.now(UTC) + timedelta(hours=8)).date()
    found = today()
    assert before <= found <= (datetime.now(UTC) + timedelta(hours=8)).date()
    assert now().utcoffset() == timedelta(hours=8)


@pytest.mark.usefixtures("_somewhere")
def test_a_time_is_told_as_people_have_it() -> None:
    late = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert f"{local(late):%Y-%m-%d %H:%M}" == "2026-11-23 00:30"
    assert local(datetime(2026, 1, 1, 8)) == datetime(2026, 1, 1, tzinfo=UTC)  # noqa: DTZ001 -- its point
    assert local(late).tzinfo is DISTRICT_TIME


def test_nothing_goes_by_the_computer_s_own_zone() -> None:
    rooms = ("ui", "commands", "reports", "register", "siting", "geo", "jobs", "words")
    found = [
        file.name
        for room in rooms
        for file in (ROOT / room).rglob("*.py")
        if OF_THE_COMPUTER.search(file.read_text(encoding="utf-8"))
    ]
    assert found == []
