"""Effective coverage on random instances, against a plain triple loop over what the words say."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.reference import read_list
from siting.coverage.levels import Level
from siting.hours import is_open
from siting.windows import windows
from tests.many import many
from tests.properties.effective_worlds import OWN_M, TERMS, World, records, stations, worlds

STEP = timedelta(minutes=15)


@cache
def share_of_day(hours: str, when: str, day: int) -> float | None:
    """Return how much of a window that begins on a weekday (1..7) finds a door open, by looking.

    Every opening and closing of these worlds is on a quarter of an hour.
    """
    window = windows()[when]
    start = datetime.combine(TERMS.monday + timedelta(days=day - 1), window.start)
    looks = [start + number * STEP for number in range(round(window.hours_per_day * 4))]
    seen = [is_open(hours, look) for look in looks]
    known = [bool(look) for look in seen if look is not None]
    return sum(known) / len(known) if len(known) == len(seen) else None


def answer(
    station: dict[str, Any], metres: float, group: str, when: str, day: int
) -> list[bool | None]:
    """Return, filter by filter, whether a station passes on one day; None: nobody knows."""
    share = share_of_day(station["hours"], when, day)
    rights = [right for right in station["access"].split(";") if right]
    admitted = any(
        "*" in entry["groups"] or group in entry["groups"]
        for entry in (read_list("reference/access")[right] for right in rights)
        if "within_m" not in entry or metres <= entry["within_m"]
    )
    needs = read_list("reference/group_needs")
    entry = needs.get(group, needs["default"])
    lines = entry["need"]
    for special in entry.get("at", []):
        if when in special["windows"]:
            lines = special["need"]
    offered = [name for name in station["services"].split(";") if name]
    served = all(any(name in offered for name in line) for line in lines)
    return [
        None if share is None else share >= 0.5,
        admitted if rights else None,
        served if offered or not lines else None,
    ]


def by_loops(world: World) -> list[list[Level]]:
    """Return the level of each demand row on each day of its window, in words of the definition."""
    order = {name: number for number, name in enumerate(dict.fromkeys(world.demand["id"]))}
    reach = list(zip(world.records(), world.metres, strict=True))
    return [
        [on_day(reach, row, order[row["id"]], day) for day in windows()[row["window"]].days]
        for row in records(world.demand)
    ]


def on_day(
    listed: list[tuple[dict[str, Any], dict[int, float]]],
    row: dict[str, Any],
    point: int,
    day: int,
) -> Level:
    near = [
        answer(station, reach[point], row["group"], row["window"], day)
        for station, reach in listed
        if point in reach
    ]
    left, level = near, Level.OUT_OF_REACH
    for number, cause in enumerate((Level.CLOSED, Level.NOT_ADMITTED, Level.NOT_SERVED)):
        if left:
            level = cause
        left = [answers for answers in left if answers[number] is not False]
    if left:
        sure = any(all(one is True for one in answers) for answers in near)
        level = Level.VERIFIED if sure else Level.UNVERIFIED
    return level


@given(worlds())
@settings(max_examples=many(100), deadline=None)
def test_every_row_gets_as_far_every_day_as_the_plain_loop_says(world: World) -> None:
    result = world.result()
    expected = by_loops(world)
    assert world.levels(result) == expected
    # Worker-hours of a window lie evenly on its days.
    hours = np.zeros(len(Level))
    for row, levels in zip(records(world.demand), expected, strict=True):
        for level in levels:
            hours[level] += row["workers"] * windows()[row["window"]].hours_per_day
    counted = {row["window"] for row in records(world.demand)}
    every = sum(windows()[code].hours_per_week for code in counted) or 1.0
    np.testing.assert_allclose(result.total.by_level, hours / every, atol=1e-9)


@given(worlds())
@settings(max_examples=many(50), deadline=None)
def test_levels_sum_to_everybody_by_unit_group_and_window(world: World) -> None:
    result = world.result()
    total = result.total
    parts = (total.verified, total.unverified, total.uncovered)
    assert sum(parts) == pytest.approx(total.workers)
    for rows in (result.towns, result.groups):
        summed = np.array([row.by_level for row in rows]).reshape(-1, len(Level)).sum(axis=0)
        np.testing.assert_allclose(summed, total.by_level, atol=1e-9)
    np.testing.assert_allclose(
        result.point_hours.sum(axis=0) / result.hours_per_week, total.by_level, atol=1e-9
    )


@given(st.data(), worlds())
@settings(max_examples=many(60), deadline=None)
def test_a_further_station_lowers_nobody_and_a_twin_changes_nothing(
    data: st.DataObject, world: World
) -> None:
    before = world.result()
    new = data.draw(stations(len(world.stations)))
    reach = {point: float(OWN_M) for point in range(world.points)}
    further = world.with_station(new, reach)
    after = further.result()
    for was, now in zip(world.levels(before), further.levels(after), strict=True):
        assert all(new >= old for old, new in zip(was, now, strict=True))
    if len(world.stations):
        twin = {**world.records()[0], "id": "twin"}
        again = world.with_station(twin, world.metres[0]).result()
        np.testing.assert_array_equal(again.level, before.level)


@given(st.data(), worlds())
@settings(max_examples=many(60), deadline=None)
def test_longer_hours_more_rights_and_more_services_never_lower_verified_coverage(
    data: st.DataObject, world: World
) -> None:
    if world.stations.empty:
        return
    before = world.result().total.verified
    better = world.stations.copy()
    row = data.draw(st.integers(0, len(better) - 1))
    column, best = data.draw(
        st.sampled_from(
            [("hours", "24/7"), ("access", "public"), ("services", "water;seat;microwave;toilet")]
        )
    )
    held = records(better)[row][column]
    better.loc[row, column] = f"{held};{best}".strip(";") if column == "services" else best
    assert replace(world, stations=better).result().total.verified >= before - 1e-9
