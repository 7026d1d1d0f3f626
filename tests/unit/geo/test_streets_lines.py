"""Lines without topology: crossings, ends that nearly meet, duplicates, bridges."""

import sqlite3
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import shapely.ops
from scipy.spatial import cKDTree

from geo.crs import LocalFrame
from geo.errors import FileRefusedError
from geo.streets import EdgeQuality, Network, street_classes, street_names, summary
from geo.streets.lines import Line, LineRepair, network_from_lines

FRAME = LocalFrame(116.40, 39.70)
Place = tuple[float, float]


def _made(
    *lines: Sequence[Place],
    snap_m: float = 2.0,
    names: Sequence[str] = (),
    classes: Sequence[str] = (),
    levels: Sequence[Hashable] = (),
) -> tuple[Network, LineRepair]:
    streets = []
    for i, line in enumerate(lines):
        degrees = np.stack(FRAME.to_degrees(*np.array(line, dtype=float).T), axis=1)
        name, highway = (part[i] if part else "" for part in (names, classes))
        streets.append(Line(degrees, name, highway, levels[i] if levels else 0))
    return network_from_lines(streets, snap_m=snap_m, source="图层", licence="", date="2026-01-01")


def _lengths(net: Network) -> list[float]:
    return sorted(round(mm / 1000) for mm in net.edge_cost_mm.tolist())


def test_lines_that_cross_are_cut_there() -> None:
    net, repair = _made([(-100, 0), (100, 0)], [(0, -100), (0, 50), (0, 100)])
    assert (net.nodes, net.edges, len(net.component_mm)) == (5, 4, 1)
    assert _lengths(net) == [100, 100, 100, 100]
    assert (repair.crossings, repair.snapped_ends, repair.duplicates) == (1, 0, 0)
    assert (repair.components_before, repair.components_after) == (2, 1)
    assert (net.edge_quality == EdgeQuality.MAPPED).all()


def test_many_lines_through_one_place_make_one_junction() -> None:
    turns = np.linspace(0, np.pi, 7)[:-1]
    lines = [
        [(-90 * np.cos(a) + 3, -90 * np.sin(a) + 7), (90 * np.cos(a) + 3, 90 * np.sin(a) + 7)]
        for a in turns
    ]
    net, repair = _made(*lines)
    assert (net.nodes, net.edges, repair.crossings) == (13, 12, 1)


def test_lines_on_different_levels_meet_at_their_ends_only() -> None:
    ground: list[Place] = [(-100, 0), (100, 0)]
    bridge: list[Place] = [(0, -100), (0, 100)]
    ramp: list[Place] = [(0, 100), (50, 150)]
    net, repair = _made(ground, bridge, ramp, levels=["0", "1", "0"])
    assert (net.edges, repair.crossings, repair.components_after) == (3, 0, 2)
    assert _made(ground, bridge, ramp, levels=["0", "0", "0"])[1].components_after == 1


def test_a_line_that_ends_on_another_one_of_another_level_is_not_joined() -> None:
    net, repair = _made([(-100, 0), (100, 0)], [(0, 0.5), (0, 100)], levels=[0, 1])
    assert (net.edges, repair.snapped_ends) == (2, 0)


def test_ends_that_nearly_meet_become_one_junction_at_the_first() -> None:
    net, repair = _made([(0, 0), (100, 0)], [(101, 1), (200, 0)], [(100, -1.5), (100, -80)])
    assert (net.nodes, net.edges, repair.components_after) == (4, 3, 1)
    assert repair.snapped_ends == 2
    assert repair.largest_move_m == pytest.approx(1.5, abs=0.01)
    assert sorted(net.edge_quality.tolist()) == [0, 1, 1]
    x, y = FRAME.to_m(net.node_lon, net.node_lat)
    assert np.hypot(x - 100, y).min() < 0.001


def test_an_end_just_short_of_a_line_or_just_beyond_it_joins_it() -> None:
    for reach in (1.5, -1.5):
        net, repair = _made([(-100, 0), (100, 0)], [(0, reach), (0, 100)])
        assert (net.nodes, net.edges, repair.components_after) == (4, 3, 1)
        assert repair.largest_move_m == pytest.approx(1.5, abs=0.01)
        assert _lengths(net) == [100, 100, 100]


def test_the_snapping_distance_is_inclusive_and_nothing_beyond_it_moves() -> None:
    lines = [(-100.0, 0.0), (100.0, 0.0)], [(0.0, 2.0), (0.0, 100.0)]
    assert _made(*lines, snap_m=2.001)[1].components_after == 1
    assert _made(*lines, snap_m=1.999)[1].components_after == 2


def test_an_end_that_is_joined_already_is_left_where_it_is() -> None:
    net, repair = _made([(-50, 0), (50, 0)], [(-50, 1), (0, 1)], [(0, 1), (50, 1)], snap_m=1.5)
    # The outer ends of the parallel lines meet; the joint in the middle stays.
    assert repair.snapped_ends == 2
    assert sorted(_lengths(net)) == [50, 50, 100]


def test_the_same_line_twice_is_one_in_either_direction() -> None:
    line: list[Place] = [(0, 0), (50, 10), (100, 0)]
    net, repair = _made(line, line[::-1], names=["", "兴华大街"], classes=["", "primary"])
    assert (net.edges, repair.duplicates) == (1, 1)
    assert street_names(net, np.array([0])) == ("兴华大街",)
    assert street_classes(net, np.array([0])) == ("primary",)


def test_lines_that_run_together_for_a_while_share_that_piece() -> None:
    net, repair = _made([(0, 0), (300, 0)], [(100, 0), (150, 0), (200, 0), (200, 90)])
    assert _lengths(net) == [50, 50, 90, 100, 100]
    assert (repair.duplicates, repair.components_after) == (2, 1)


def test_parallel_streets_with_the_same_ends_are_both_kept() -> None:
    net, repair = _made([(0, 0), (50, 20), (100, 0)], [(0, 0), (50, -20), (100, 0)])
    assert (net.nodes, net.edges, repair.duplicates) == (2, 2, 0)


def test_a_line_across_itself_and_a_ring_are_cut() -> None:
    net, repair = _made([(0, 0), (100, 0), (100, 50), (50, 50), (50, -50)])
    assert (repair.crossings, net.edges) == (1, 3)
    ring, repair = _made([(0, 0), (100, 0), (100, 100), (0, 100), (0, 1)])
    assert (ring.nodes, ring.edges, repair.snapped_ends) == (1, 1, 1)


def test_empty_lines_are_counted_and_nothing_at_all_is_refused() -> None:
    _, repair = _made([(0, 0), (100, 0)], [(5, 5), (5, 5)], [(7, 7)])
    assert (repair.lines, repair.empty_lines) == (3, 2)
    with pytest.raises(FileRefusedError, match="no street"):
        _made([(5, 5), (5, 5)])
    with pytest.raises(FileRefusedError, match="no street"):
        network_from_lines([], source="图层", licence="", date="")
    metres = Line([(500000.0, 4400000.0), (1.0, 2.0)])
    with pytest.raises(FileRefusedError, match="longitude and latitude"):
        network_from_lines([metres], source="", licence="", date="")


def test_a_negative_distance_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="snapping"):
        _made([(0, 0), (1, 1)], snap_m=-1.0)


def test_a_broken_grid_becomes_the_grid_it_was() -> None:
    rng = np.random.default_rng(5)
    lines: list[list[Place]] = []
    for k in range(12):
        for a, b in ((0, 550), (550, 1100)):
            lines += [[(a, 100 * k), (b, 100 * k)], [(100 * k, a), (100 * k, b)]]
    shaken = [
        [
            (x + dx, y + dy)
            for (x, y), (dx, dy) in zip(line, rng.uniform(-0.5, 0.5, (2, 2)), strict=True)
        ]
        for line in lines
    ]
    net, repair = _made(*shaken, snap_m=3.0)
    assert repair.components_after == 1
    degree = np.bincount(np.concatenate((net.edge_u, net.edge_v)))
    # 144 crossings, and the 24 places where the halves of a line meet.
    assert (degree >= 3).sum() == 144 - 4
    assert net.nodes == 144 + 24
    assert summary(net).street_km == pytest.approx(24 * 1.1, rel=0.001)


@pytest.mark.parametrize("seed", range(8))
def test_random_lines_are_cut_as_shapely_cuts_them(seed: int) -> None:
    rng = np.random.default_rng(seed)
    # Whole metres, so that lines touch, overlap and pass through each other's corners.
    lines = [rng.integers(0, 12, (rng.integers(2, 5), 2)).astype(float) * 10 for _ in range(14)]
    lines = [line for line in lines if shapely.LineString(line).is_simple]
    net, _ = _made(*(list(map(tuple, line.tolist())) for line in lines), snap_m=0.0)
    whole = shapely.unary_union([shapely.LineString(line) for line in lines])
    assert net.edge_cost_mm.sum() / 1e6 == pytest.approx(whole.length / 1e3, rel=1e-5)
    parts = [np.array(part.coords)[[0, -1]] for part in shapely.get_parts(whole)]
    places, degree = np.unique(np.round(np.concatenate(parts), 6), axis=0, return_counts=True)
    far, node = cKDTree(np.stack(FRAME.to_m(net.node_lon, net.node_lat), axis=1)).query(places)
    ours = np.bincount(np.concatenate((net.edge_u, net.edge_v)), minlength=net.nodes)
    # Where two pieces meet, shapely may have cut or not.
    real = degree != 2
    assert far[real].max() < 0.002
    assert np.array_equal(ours[node[real]], degree[real])


def _bus_streets(folder: Path) -> list[np.ndarray[Any, np.dtype[np.float64]]]:
    with sqlite3.connect(folder / "daxing_bus_street_skeleton.gpkg") as base:
        rows = base.execute("select geom from edges").fetchall()
    base.close()
    # A GeoPackage's geometry is a header of 8 bytes, an envelope of 32, and WKB.
    return [shapely.get_coordinates(shapely.from_wkb(blob[40:])) for (blob,) in rows]


@pytest.mark.outside_data
def test_a_skeleton_of_bus_streets_is_as_connected_as_published(outside_data: Path) -> None:
    lines = [Line(line) for line in _bus_streets(outside_data)]
    net, repair = network_from_lines(lines, source="bus", licence="", date="")
    # Published: 1,160 edges, 1,158.27 km, 14 components. 0.96 km are drawn twice, to a millimetre:
    # shapely's union on a grid of 1 mm loses 0.93 km.
    assert summary(net).street_km == pytest.approx(1158.27 - 0.96, abs=0.05)
    assert (repair.components_before, repair.components_after) == (14, 14)
    assert (repair.snapped_ends, repair.crossings, repair.duplicates) == (0, 61, 48)


@pytest.mark.outside_data
def test_bus_streets_with_a_gap_at_every_end_are_connected_again(outside_data: Path) -> None:
    rng = np.random.default_rng(0)
    lines = []
    for line in map(shapely.LineString, _bus_streets(outside_data)):
        short, shorter = rng.uniform(0, 2e-5, 2)
        rest = shapely.ops.substring(line, short, line.length - shorter)
        lines.append(Line(shapely.get_coordinates(rest)))
    _, loose = network_from_lines(lines, source="bus", licence="", date="", snap_m=0.0)
    net, repair = network_from_lines(lines, source="bus", licence="", date="", snap_m=5.0)
    assert (loose.components_after, repair.components_after) == (1160, 14)
    assert repair.largest_move_m <= 5
    assert summary(net).street_km == pytest.approx(1158.27, rel=0.001)
