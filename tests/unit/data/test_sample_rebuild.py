"""The sample's script makes the shipped files again."""

import math
import platform
import sys
from pathlib import Path

import pytest
from shapely.geometry import LineString

from geo.reference import DATA_FOLDER
from scripts.make_sample.files import make_sample
from scripts.make_sample.noding import Line, node_lines
from scripts.make_sample.plane import centres, to_degrees, to_plane, unit_at

STREET = {"highway": "residential"}
LINUX = sys.platform == "linux" and platform.machine() == "x86_64"


@pytest.mark.skipif(
    not LINUX, reason="other mathematical libraries round the invented positions otherwise"
)
def test_the_script_makes_the_same_bytes_again(tmp_path: Path) -> None:
    make_sample(tmp_path)
    shipped = DATA_FOLDER / "sample"
    assert {p.name for p in tmp_path.iterdir()} == {p.name for p in shipped.iterdir()}
    changed = [
        path.name
        for path in sorted(shipped.iterdir())
        if path.read_bytes() != (tmp_path / path.name).read_bytes()
    ]
    assert changed == []


def test_crossing_lines_share_a_node() -> None:
    noded = node_lines(
        [
            Line(LineString([(0, 0), (100, 0)]), STREET),
            Line(LineString([(50, -50), (50, 50)]), STREET),
        ]
    )
    shared = set(noded.nodes[0]) & set(noded.nodes[1])
    assert [(noded.lon[n], noded.lat[n]) for n in shared] == [to_degrees(50, 0)]


def test_an_end_just_short_of_a_line_is_joined() -> None:
    noded = node_lines(
        [
            Line(LineString([(0, 0), (100, 0)]), STREET),
            Line(LineString([(50, 4), (50, 90)]), STREET),
        ]
    )
    assert len(set(noded.nodes[0]) & set(noded.nodes[1])) == 1


def test_a_bridge_does_not_meet_what_it_crosses() -> None:
    noded = node_lines(
        [
            Line(LineString([(0, 0), (100, 0)]), STREET),
            Line(LineString([(50, -50), (50, 50)]), {"highway": "motorway"}, grade=1),
        ]
    )
    assert not set(noded.nodes[0]) & set(noded.nodes[1])


def test_a_piece_apart_is_dropped_unless_kept_by_name() -> None:
    main = [
        Line(LineString([(0, 0), (100, 0)]), STREET),
        Line(LineString([(50, -50), (50, 50)]), STREET),
    ]
    apart = LineString([(500, 500), (600, 500)])
    assert len(node_lines([*main, Line(apart, STREET)]).lines) == 2
    assert len(node_lines([*main, Line(apart, STREET, keep="works")]).lines) == 3


def test_a_road_closed_to_walkers_joins_nothing() -> None:
    lines = [
        Line(LineString([(0, 0), (100, 0)]), STREET),
        Line(LineString([(50, -50), (50, 50)]), STREET),
        Line(LineString([(100, 0), (900, 0)]), {"highway": "trunk", "foot": "no"}),
        Line(LineString([(900, -40), (900, 40)]), STREET),
    ]
    assert len(node_lines(lines).lines) == 3


def test_the_plane_is_exact_to_a_tenth_of_a_metre() -> None:
    lon, lat = to_degrees(*to_plane(116.334, 39.733))
    assert (lon, lat) == (116.334, 39.733)


def test_bases_lie_inside_towns_and_some_ground_in_no_unit() -> None:
    base = next(c for c in centres() if c.base)
    assert unit_at(base.x, base.y) == base.unit
    assert unit_at(base.x + base.reach_m - 1.0, base.y) == base.unit
    assert unit_at(base.x + base.reach_m + 1.0, base.y) != base.unit
    assert unit_at(*to_plane(116.545, 39.777)) == ""
    assert math.isclose(base.reach_m, 1700.0)
