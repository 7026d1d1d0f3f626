"""Zones drawn by hand: what is a zone, and one of several added, changed, taken away."""

import numpy as np
import pytest
import shapely

from geo.errors import InputError
from siting.areas.drawing import (
    MOST_CORNERS,
    corners_of,
    drawn_polygon,
    with_zone,
    without_zone,
)
from siting.areas.zones import NO_ZONES, zones_from, zones_json

SQUARE = ((116.3, 39.7), (116.31, 39.7), (116.31, 39.71), (116.3, 39.71))
CIRCLE = tuple(
    (116.3 + float(np.cos(turn)) / 100, 39.7 + float(np.sin(turn)) / 100)
    for turn in np.linspace(0, 2 * np.pi, MOST_CORNERS + 1, endpoint=False)
)


def test_corners_come_back_as_they_were_set() -> None:
    assert corners_of(drawn_polygon(SQUARE)) == SQUARE
    assert drawn_polygon(CIRCLE[:MOST_CORNERS]).is_valid


@pytest.mark.parametrize(
    ("corners", "code"),
    [
        (SQUARE[:2], "zone_corners"),
        ((*SQUARE[:2], SQUARE[0]), "zone_corners"),
        (CIRCLE, "zone_corners"),
        ((SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]), "zone_crossing"),
        (((116.3, 39.7), (116.31, 39.71), (116.32, 39.72)), "zone_crossing"),
    ],
    ids=["two corners", "two different corners", "too many", "an hourglass", "a line"],
)
def test_what_is_no_piece_of_ground_is_refused(
    corners: tuple[tuple[float, float], ...], code: str
) -> None:
    with pytest.raises(InputError) as error:
        drawn_polygon(corners)
    assert error.value.code == code


def test_shapes_that_hands_cannot_set_keep_theirs() -> None:
    ring = shapely.box(116.3, 39.7, 116.31, 39.71).difference(
        shapely.box(116.302, 39.702, 116.305, 39.705)
    )
    assert corners_of(ring) is None
    assert corners_of(shapely.multipolygons([drawn_polygon(SQUARE)])) is None
    assert corners_of(shapely.Polygon(CIRCLE)) is None


def test_one_of_several_zones_is_changed_and_taken_away() -> None:
    shape, other = drawn_polygon(SQUARE), shapely.box(116.4, 39.8, 116.41, 39.81)
    zones = with_zone(NO_ZONES, None, " 甲 ", ["sparse"], shape)
    zones = with_zone(zones, None, "乙", ["central_urban", "special"], other)
    changed = with_zone(zones, 0, "丙", ["function_zone"], other)
    assert changed.names == ("丙", "乙")
    assert changed.areas == (("function_zone",), ("central_urban", "special"))
    assert zones.names == ("甲", "乙")
    left = without_zone(zones, 0)
    assert (left.names, left.polygons.tolist()) == (("乙",), [other])
    assert zones_from(zones_json(left)).areas == left.areas
    assert len(without_zone(left, 0)) == 0
    with pytest.raises(InputError) as error:
        with_zone(zones, 1, "乙", [], other)
    assert error.value.code == "zone_no_area"
