from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from geo.catchments import street_rows
from geo.crs import LocalFrame
from geo.errors import InputError
from geo.service_areas import (
    Band,
    bands,
    cost_field,
    coverage_raster,
    reached_lines,
    service_area,
)
from geo.service_areas.areas import Area
from geo.streets import Attached, Network, Way, attach, load_streets, network_from_ways
from geo.streets.compiled import COMPILED
from tests.walk_oracle import attached

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample" / "streets.wsn"
CELL_M, LEG_M = 10.0, 25.0


@pytest.fixture(scope="module")
def sample() -> Network:
    return load_streets(SAMPLE)


def some_sites(net: Network, count: int, seed: int = 0) -> Attached:
    rng = np.random.default_rng(seed)
    nodes = rng.integers(0, net.nodes, count)
    return attach(net, net.node_lon[nodes] + 2e-4, net.node_lat[nodes])


def one(sites: Attached, number: int) -> Attached:
    part = slice(number, number + 1)
    return Attached(sites.edge[part], sites.pos_mm[part], sites.leg_mm[part], sites.status[part])


def flat(net: Network, geometry: Any) -> Any:  # noqa: ANN401 -- one geometry or many
    """Return a geometry in metres."""
    west, south, east, north = net.meta.bbox
    frame = LocalFrame((west + east) / 2, (south + north) / 2)
    return shapely.transform(geometry, lambda x: np.column_stack(frame.to_m(x[:, 0], x[:, 1])))


def street_lines(net: Network) -> NDArray[np.object_]:
    owner = np.repeat(np.arange(net.edges), np.diff(net.geom_ptr))
    made: Any = shapely.linestrings(np.column_stack((net.geom_lon, net.geom_lat)), indices=owner)
    lines: NDArray[np.object_] = made
    return lines


def shares(net: Network, site: Attached, cutoff_m: float) -> tuple[float, float]:
    """Return the reached street inside the area, and the street inside that is not reached."""
    area = service_area(net, site, cutoff_m)
    reached = flat(net, shapely.multilinestrings(reached_lines(net, site, cutoff_m).line))
    every = flat(net, street_lines(net))
    outline = flat(net, area)
    inside = float(shapely.intersection(outline, reached).length)
    all_inside = float(shapely.length(shapely.intersection(outline, every)).sum())
    return inside / float(shapely.length(reached)), 1 - inside / all_inside


def check_shares(net: Network, sites: Attached, cutoff_m: float) -> None:
    live = np.flatnonzero(sites.ok)
    found = np.array([shares(net, one(sites, i), cutoff_m) for i in live.tolist()])
    recall, false = found.mean(axis=0)
    assert recall >= 0.99
    assert false <= 0.05


def test_the_area_holds_the_reached_streets_and_few_others(sample: Network) -> None:
    check_shares(sample, some_sites(sample, 8), 500)


@pytest.mark.outside_data
def test_the_same_in_a_real_city(outside_data: Path) -> None:
    net = load_streets(outside_data / "porto.osm.pbf")
    check_shares(net, some_sites(net, 8), 500)


def sprinkled(area: Area, seed: int, count: int) -> tuple[NDArray[np.float64], ...]:
    """Return positions in the box around an area."""
    west, south, east, north = shapely.bounds(area)
    rng = np.random.default_rng(seed)
    return rng.uniform(west, east, count), rng.uniform(south, north, count)


def test_whoever_the_matrix_counts_in_is_inside(sample: Network) -> None:
    sites = some_sites(sample, 4)
    for i in range(4):
        area = service_area(sample, one(sites, i), 600)
        lon, lat = sprinkled(area, i, 3000)
        people = attach(sample, lon, lat, cap_m=LEG_M)
        _, number, _ = street_rows(sample, one(sites, i), people, cutoff_m=600)
        points = flat(sample, shapely.points(lon, lat))
        away = shapely.distance(flat(sample, area), points)
        assert len(number) > 100
        assert away[number].max() <= CELL_M / 2
        assert np.mean(away[number] > 0) < 0.02


def test_inside_there_is_a_street_that_leads_there_in_time(sample: Network) -> None:
    limit_m = 600.0
    site = one(some_sites(sample, 4), 1)
    area = flat(sample, service_area(sample, site, limit_m))
    lon, lat = sprinkled(service_area(sample, site, limit_m), 7, 600)
    points = flat(sample, shapely.points(lon, lat))
    inside = points[shapely.contains(shapely.buffer(area, -CELL_M / 2), points)]
    assert len(inside) > 50
    # The matrix knows the cost of every metre of every street near the area.
    lines = street_lines(sample)
    metric = flat(sample, lines)
    near = np.flatnonzero(shapely.distance(area, metric) < LEG_M)
    edge = np.repeat(near, sample.edge_cost_mm[near] // 2000 + 1)
    first = np.concatenate(([0], np.flatnonzero(np.diff(edge)) + 1))
    step = np.arange(len(edge)) - np.repeat(first, np.diff(np.append(first, len(edge))))
    spots = attached(edge.tolist(), (step * 2000).tolist(), [0] * len(edge))
    _, spot, cost_mm = street_rows(sample, site, spots, cutoff_m=limit_m)
    share = step[spot] * 2000 / sample.edge_cost_mm[edge[spot]]
    at = shapely.line_interpolate_point(metric[edge[spot]], share, normalized=True)
    for point in inside:
        leg = shapely.distance(at, point)
        there = leg <= LEG_M + CELL_M / 2
        assert (cost_mm[there] / 1000 + leg[there]).min() <= limit_m + CELL_M


def test_with_numpy_the_same_field(sample: Network) -> None:
    sites = some_sites(sample, 5)
    for i in range(5):
        ours = cost_field(sample, one(sites, i), 500, compiled=COMPILED)
        other = cost_field(sample, one(sites, i), 500, compiled=False)
        assert ours is not None
        assert other is not None
        assert np.array_equal(ours.values, other.values)


def test_areas_are_valid_and_grow_with_the_cut_off(sample: Network) -> None:
    sites = some_sites(sample, 6, seed=5)
    for i in range(6):
        areas = [service_area(sample, one(sites, i), metres) for metres in (200, 450, 900, 1300)]
        assert all(area.is_valid and not area.is_empty for area in areas)
        for smaller, larger in pairwise(areas):
            assert flat(sample, smaller.difference(larger)).area < 0.01
            assert smaller.area < larger.area


def test_bands_add_up_to_the_whole(sample: Network) -> None:
    site = one(some_sites(sample, 3), 2)
    found = bands(sample, site, (300, 500, 1000))
    assert [(band.from_m, band.to_m) for band in found] == [(0, 300), (300, 500), (500, 1000)]
    assert all(band.area.is_valid for band in found)
    whole = service_area(sample, site, 1000)
    assert sum(band.area.area for band in found) == pytest.approx(whole.area)
    assert shapely.union_all([band.area for band in found]).area == pytest.approx(whole.area)
    with pytest.raises(ValueError, match="ascend"):
        bands(sample, site, (500, 300))
    assert bands(sample, site, ()) == ()


def test_small_holes_are_filled_on_request(sample: Network) -> None:
    site = one(some_sites(sample, 3), 2)
    open_area = service_area(sample, site, 1000)
    filled = service_area(sample, site, 1000, min_hole_m2=1e9)
    assert shapely.get_num_interior_rings(shapely.get_parts(open_area)).sum() > 0
    assert shapely.get_num_interior_rings(shapely.get_parts(filled)).sum() == 0
    assert filled.area > open_area.area
    assert filled.contains(open_area)


def test_a_site_off_the_streets_has_no_area(sample: Network) -> None:
    far = attach(sample, sample.node_lon[0] + 5, sample.node_lat[0])
    assert service_area(sample, far, 1000).is_empty
    assert cost_field(sample, far, 1000) is None
    assert [band.area.is_empty for band in bands(sample, far, (1, 2))] == [True, True]
    raster = coverage_raster(sample, far, 1000, cell_m=25)
    assert np.isnan(raster.values).all()
    assert service_area(sample, attached([0], [0], [0]), 0).is_empty


def test_one_straight_street_has_a_known_area() -> None:
    # 1,714 m east to west on grid lines: a strip of 50 m with two tips, and zeros at grid points.
    lon, lat = np.array([116.30, 116.32]), np.array([39.7, 39.7])
    net = network_from_ways(
        lon, lat, [Way((0, 1), {"highway": "path"}, 1)], source="", licence="", date=""
    )
    site = attach(net, 116.31, 39.7)
    area = service_area(net, site, 400, cell_m=5)
    assert area.is_valid
    # Two sides x (375 m x 25 m, then 25 m down to nothing in a triangle), both ways.
    assert flat(net, area).area == pytest.approx(4 * (375 * 25 + 25 * 25 / 2), rel=0.01)
    assert isinstance(bands(net, site, (200, 400))[1], Band)


def test_the_raster_tells_the_way_to_the_nearest_site(sample: Network) -> None:
    sites = some_sites(sample, 6, seed=2)
    place = sample.geom_ptr[sites.edge[0]]
    middle = float(sample.geom_lon[place]), float(sample.geom_lat[place])
    bounds = (middle[0] - 0.02, middle[1] - 0.02, middle[0] + 0.02, middle[1] + 0.02)
    raster = coverage_raster(sample, sites, 1200, cell_m=20, bounds=bounds)
    assert (raster.west, raster.south, raster.east, raster.north) == bounds
    rows, columns = raster.values.shape
    lon = bounds[0] + (np.arange(columns) + 0.5) / columns * 0.04
    x, y = (part.ravel() for part in np.meshgrid(lon, raster.row_lat))
    cells = attach(sample, x, y, cap_m=LEG_M)
    _, number, cost_mm = street_rows(sample, sites, cells, cutoff_m=1200)
    nearest = np.full(rows * columns, np.inf)
    np.minimum.at(nearest, number, cost_mm / 1000)
    known = np.isfinite(nearest)
    values = raster.values.ravel()
    assert known.sum() > 200
    # Another street than the nearest may be the shorter way; never a longer one.
    assert (values[known] <= nearest[known] + 0.1).all()
    assert np.mean(abs(values[known] - nearest[known]) < 0.1) > 0.8
    assert np.nanmax(values) <= 1200
    assert np.nanmin(values) >= 0
    lonely = attach(sample, x, y, cap_m=LEG_M + 1).ok
    assert np.isnan(values[~lonely]).all()


@pytest.mark.parametrize(
    ("leg_m", "cell_m"), [(25, 0), (25, -1), (25, 30), (float("inf"), 10), (25, float("nan"))]
)
def test_sizes_that_make_no_area(sample: Network, leg_m: float, cell_m: float) -> None:
    site = one(some_sites(sample, 1), 0)
    with pytest.raises(InputError, match="areas cannot be drawn"):
        service_area(sample, site, 500, max_leg_m=leg_m, cell_m=cell_m)
    with pytest.raises(InputError, match="areas cannot be drawn"):
        coverage_raster(sample, site, 500, max_leg_m=leg_m, cell_m=cell_m)


def test_grids_have_a_limit(sample: Network) -> None:
    site = one(some_sites(sample, 1), 0)
    with pytest.raises(InputError, match="cells"):
        service_area(sample, site, 3000, max_leg_m=0.3, cell_m=0.3)
    with pytest.raises(InputError, match="cells"):
        coverage_raster(sample, site, 500, cell_m=1)
    with pytest.raises(ValueError, match="empty"):
        coverage_raster(sample, site, 500, bounds=(116, 39, 116, 40))
