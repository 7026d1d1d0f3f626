"""Use of stations, the seven haves and the open share, on one street with known distances."""

import pytest

from geo.reference import read_list
from siting.haves_audit import haves_audit
from siting.model import Inputs, Parameters
from siting.sensitivity import open_share_sensitivity
from siting.service import Service, service_of
from siting.utilisation import UseLimits, utilisation
from tests.unit.siting.tables import main_street_town, place, table

OPEN = {"hours": "24/7", "access": "public", "services": "water;seat;charging;toilet"}
LIMITS = UseLimits(idle_below=0.25, overloaded_from=5.0, duplicate_below=0.05, least_days=2)
HAVES = tuple(read_list("reference/haves"))


def town(*stations: dict[str, object], window: str = "") -> Service:
    """Return workers at 0 and 980 m of a street, and stations, within 500 m."""
    rows = [
        {"id": "west", **place(0, 0), "workers": 10, "window": window},
        {"id": "east", **place(980, 0), "workers": 30, "window": window},
    ]
    inputs = Inputs(table("demand", rows), table("stations", stations), streets=main_street_town())
    return service_of(inputs, Parameters(cutoff_m=500.0))


def station(name: str, x: float, **more: object) -> dict[str, object]:
    return {"id": name, **place(x, 0), **OPEN, **more}


def visits(**by_station: list[int]) -> list[dict[str, object]]:
    return [
        {"station": name, "date": f"2026-11-{day:02d}", "visits": number}
        for name, numbers in by_station.items()
        for day, number in enumerate(numbers, 1)
    ]


def test_idle_overloaded_and_duplicate_stations() -> None:
    service = town(
        station("busy", 0, seats=2),
        station("usual", 900, seats=20),
        station("idle", 990, seats=4),
        station("new", 980),
        station("closed", 0, state="closed"),
    )
    rows = visits(busy=[10, 14], usual=[10, 10], idle=[1, 1], closed=[50, 50], ghost=[5])
    found = utilisation(service, table("visits", rows), LIMITS)
    use = {item.station: item for item in found.stations}
    assert set(use) == {"busy", "usual", "idle", "new"}
    assert found.median_per_day == 10
    assert (use["busy"].visits_per_day, use["busy"].visits_per_seat) == (12, 6)
    assert use["idle"].to_median == pytest.approx(0.1)
    assert use["new"].visits_per_day is None
    # West has one station, east three: each of those could go.
    assert (use["busy"].served, use["busy"].alone) == (10, 10)
    assert (use["usual"].served, use["usual"].alone) == (30, 0)
    assert {name: item.flags for name, item in use.items()} == {
        "busy": ("overloaded",),
        "usual": ("duplicate",),
        "idle": ("idle", "duplicate"),
        "new": ("duplicate",),
    }
    assert found.unknown == ("closed", "ghost")


def test_limits_are_inclusive_where_they_say_so_and_few_days_say_nothing() -> None:
    service = town(station("a", 0, seats=2), station("b", 980, seats=2))
    found = utilisation(service, table("visits", visits(a=[10, 10], b=[6, 6])), LIMITS)
    # 10 visits on 2 seats are 5 each: overloaded from 5 on; 6 of a median of 8 is not idle.
    assert [item.flags for item in found.stations] == [("overloaded",), ()]
    one_day = utilisation(service, table("visits", visits(a=[100], b=[0])), LIMITS)
    assert [item.flags for item in one_day.stations] == [(), ()]
    assert [item.to_median for item in one_day.stations] == [2, 0]


def test_without_visits_only_duplicates_are_told() -> None:
    service = town(station("a", 0), station("b", 5))
    found = utilisation(service, table("visits", []))
    assert found.median_per_day is None
    assert [item.flags for item in found.stations] == [("duplicate",), ("duplicate",)]
    assert utilisation(town(), table("visits", [])).stations == ()


def checks(name: str, day: str = "2026-11-01", **but: bool | None) -> list[dict[str, object]]:
    met = {**dict.fromkeys(HAVES, True), **but}
    return [
        {"station": name, "item": item, "date": day, "met": value} for item, value in met.items()
    ]


def test_stations_that_fail_a_have_are_left_out_once() -> None:
    service = town(station("good", 0), station("bad", 980))
    rows = [*checks("good"), *checks("bad", sign=False)]
    audit = haves_audit(service, table("haves", rows))
    assert [(item.standing, item.missing) for item in audit.stations] == [
        ("passes", ()),
        ("fails", ("sign",)),
    ]
    parts = (audit.every, audit.without_failing, audit.without_doubtful)
    assert [part.verified for part in parts] == [40, 10, 10]


def test_the_latest_check_that_says_anything_counts() -> None:
    service = town(station("a", 0))
    mended = [*checks("a", sign=False), *checks("a", "2026-11-02")]
    assert haves_audit(service, table("haves", mended[::-1])).stations[0].standing == "passes"
    blank = [*checks("a"), *checks("a", "2026-11-02", sign=None)]
    assert haves_audit(service, table("haves", blank)).stations[0].standing == "passes"


def test_what_nobody_checked_is_neither_met_nor_missing() -> None:
    service = town(station("a", 0), station("b", 980))
    audit = haves_audit(service, table("haves", checks("a", place=None)))
    assert [(item.standing, item.unchecked) for item in audit.stations] == [
        ("unverified", ("place",)),
        ("unverified", HAVES),
    ]
    assert (audit.without_failing.verified, audit.without_doubtful.verified) == (40, 0)


def test_kinds_that_the_haves_do_not_bind_stay() -> None:
    service = town(station("rack", 0, kind="hospital_rack"), station("b", 980, kind="mobile"))
    audit = haves_audit(service, table("haves", [*checks("rack", sign=False), *checks("b")]))
    assert [item.standing for item in audit.stations] == ["free", "passes"]
    assert audit.without_doubtful == audit.every


def test_a_station_open_half_the_window_covers_up_to_a_half() -> None:
    service = town(station("a", 0, hours="Mo-Fr 11:00-12:30"), window="workday_noon")
    found = {item.open_share: item.total.verified for item in open_share_sensitivity(service)}
    assert found == {0.25: 10, 0.5: 10, 0.75: 0, 1.0: 0}
