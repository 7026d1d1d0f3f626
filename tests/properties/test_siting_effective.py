"""Effective coverage on random instances, against a plain triple loop over what the words say."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.reference import read_list
from siting.coverage.levels import Level
from siting.hours import open_share
from siting.windows import windows
from tests.properties.effective_worlds import OWN_M, TERMS, World, records, stations, worlds


def answer(station: dict[str, Any], metres: float, group: str, when: str) -> list[bool | None]:
    """Return, filter by filter, whether a station passes; None: nobody knows."""
    share = open_share(station["hours"], windows()[when], TERMS.monday)
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


def by_loops(world: World) -> list[Level]:
    """Return the level of each demand row, in words of the definition."""
    listed = world.records()
    found = []
    order = {name: number for number, name in enumerate(dict.fromkeys(world.demand["id"]))}
    for row in records(world.demand):
        near = [
            answer(station, reach[order[row["id"]]], row["group"], row["window"])
            for station, reach in zip(listed, world.metres, strict=True)
            if order[row["id"]] in reach
        ]
        left, level = near, Level.OUT_OF_REACH
        for number, cause in enumerate((Level.CLOSED, Level.NOT_ADMITTED, Level.NOT_SERVED)):
            if left:
                level = cause
            left = [answers for answers in left if answers[number] is not False]
        if left:
            sure = any(all(one is True for one in answers) for answers in near)
            level = Level.VERIFIED if sure else Level.UNVERIFIED
        found.append(level)
    return found


@given(worlds())
@settings(max_examples=200, deadline=None)
def test_every_row_gets_as_far_as_the_plain_loop_says(world: World) -> None:
    result = world.result()
    assert [Level(level) for level in result.row_level] == by_loops(world)


@given(worlds())
@settings(max_examples=100, deadline=None)
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
@settings(max_examples=100, deadline=None)
def test_a_further_station_lowers_nobody_and_a_twin_changes_nothing(
    data: st.DataObject, world: World
) -> None:
    before = world.result()
    new = data.draw(stations(len(world.stations)))
    reach = {point: float(OWN_M) for point in range(world.points)}
    after = world.with_station(new, reach).result()
    assert (after.row_level >= before.row_level).all()
    if len(world.stations):
        twin = {**world.records()[0], "id": "twin"}
        again = world.with_station(twin, world.metres[0]).result()
        np.testing.assert_array_equal(again.row_level, before.row_level)


@given(st.data(), worlds())
@settings(max_examples=100, deadline=None)
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
