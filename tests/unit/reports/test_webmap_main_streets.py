"""Main streets on the map: all of them under what is served, and where one flies to."""

from typing import Any

import pytest

from reports.webmap import main_street_sets, view_of
from siting.model import Inputs, Parameters
from siting.street_service import main_streets
from tests.unit.siting.tables import LAT, LON, place, table
from tests.unit.siting.test_rule_streets import streets

SCALE = 100_000


def ends(line: tuple[int, ...]) -> list[tuple[float, float]]:
    """Return the points of a packed line, degrees."""
    x = y = 0
    points = []
    for step_x, step_y in zip(line[::2], line[1::2], strict=True):
        x, y = x + step_x, y + step_y
        points.append((x / SCALE, y / SCALE))
    return points


def drawn(chosen: str | None) -> tuple[Any, Any, Any]:
    net = streets(
        ([(-900, 0), (900, 0)], "primary", "兴丰大街"),
        ([(900, 0), (900, 600)], "secondary", "清源路"),
        ([(0, 0), (0, 300)], "residential", "富强巷"),
    )
    station = {"id": "a", **place(-600, -20), "kind": "street_front"}
    inputs = Inputs(table("demand", []), table("stations", [station]), streets=net)
    found = main_streets(inputs, Parameters(cutoff_m=500.0))
    assert found is not None
    return net, found, main_street_sets(net, found, chosen, "zh")


def test_what_is_served_lies_over_all_main_streets() -> None:
    _, found, sets = drawn(None)
    # The two main streets meet: one line; the lane is none.
    assert [len(one.as_dict()["lines"]) for one in sets] == [1, 1]
    assert found.reached.length_m == pytest.approx(300 + 480, rel=2e-3)
    (served,) = sets[1].lines
    west, east = sorted(lon for lon, _ in (ends(served)[0], ends(served)[-1]))
    assert (west - LON) * 85_700 == pytest.approx(-900, abs=2)
    assert (east - LON) * 85_700 == pytest.approx(-120, abs=3)


def test_the_chosen_street_is_at_the_bottom_and_its_unserved_part_is_flown_to() -> None:
    net, found, sets = drawn("清源路")
    assert len(sets) == 3
    assert all(abs(lon - LON - 900 / 85_700) < 2e-5 for lon, _ in ends(sets[0].lines[0]))
    lon, lat, zoom = view_of(net, found, "清源路") or (0.0, 0.0, 0)
    assert lon == pytest.approx(LON + 900 / 85_700, abs=1e-4)
    assert LAT - 1e-4 <= lat <= LAT + 700 / 111_030
    assert 12 <= zoom <= 16
    assert view_of(net, found, "富强巷") is None
