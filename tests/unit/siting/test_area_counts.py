"""An area that somebody drew: people by their demand points, coverage by the whole district."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from siting.areas.counts import AreaCount, count_area
from siting.coverage.levels import Level
from siting.model import Inputs, Parameters
from siting.service import Service, service_of
from tests.unit.ui.conftest import SOUTH, STEP, WEST, candidates, demand, grid, stations, table

EVERYWHERE = shapely.box(116, 39, 117, 41)


def with_groups() -> Inputs:
    """Return a district of couriers and sweepers, with one station in its corner."""
    rows = [
        {**{str(name): value for name, value in row.items()}, "group": group}
        | {"workers": row["workers"] * share}
        for row in demand().to_dict("records")
        for group, share in (("courier", 2), ("sweeper", 1))
    ]
    return Inputs(table("demand", rows), stations(), candidates(), streets=grid())


@pytest.fixture(scope="module")
def service() -> Service:
    return service_of(with_groups(), Parameters(cutoff_m=1000.0))


def corner(size: float, *, nudge: float = 0.0) -> shapely.Geometry:
    """Return a square of `size` steps of the grid from the south-western corner."""
    return shapely.box(WEST - nudge, SOUTH - nudge, WEST + size * STEP, SOUTH + size * STEP)


def test_everywhere_is_the_district(service: Service) -> None:
    found = count_area(service, EVERYWHERE)
    total = service.effective.total
    assert found.total.by_level == pytest.approx(total.by_level)
    assert found.nominal_coverage == pytest.approx(service.nominal.coverage)
    assert [row.name for row in found.groups] == [row.name for row in service.effective.groups]
    for mine, whole in zip(found.groups, service.effective.groups, strict=True):
        assert mine.by_level == pytest.approx(whole.by_level)
    assert (found.points, found.stations) == (49, ("s1",))
    assert len(found.candidates) == 6


def test_parts_of_the_district_add_up(service: Service) -> None:
    west = shapely.box(116, 39, WEST + 2.5 * STEP, 41)
    east = shapely.box(WEST + 2.5 * STEP, 39, 117, 41)
    one, other = count_area(service, west), count_area(service, east)
    summed = np.add(one.total.by_level, other.total.by_level)
    assert summed == pytest.approx(np.array(service.effective.total.by_level))
    assert (one.towns, other.towns) == (("甲镇",), ("乙街道",))
    assert one.points + other.points == 49


def test_the_border_belongs_to_the_area(service: Service) -> None:
    assert count_area(service, corner(1)).points == 4
    assert count_area(service, corner(0.99)).points == 1


def test_a_station_outside_covers_people_inside(service: Service) -> None:
    beside = shapely.box(WEST + 0.5 * STEP, SOUTH - 1, WEST + 1.5 * STEP, SOUTH + 0.5 * STEP)
    found = count_area(service, beside)
    assert found.stations == ()
    assert found.nominal_covered == found.nominal_workers > 0


def test_the_worst_points_come_first_with_their_streets(service: Service) -> None:
    found = count_area(service, EVERYWHERE)
    uncovered = service.effective.point_hours[:, : Level.UNVERIFIED].sum(axis=1)
    most = np.sort(uncovered / service.demand.hours_per_week)[::-1][:5]
    assert [point.uncovered for point in found.worst] == pytest.approx(most.tolist())
    assert all(point.town == "乙街道" for point in found.worst)
    assert all(point.street.endswith("街") for point in found.worst if point.street)


def test_nobody_is_there(service: Service) -> None:
    found = count_area(service, shapely.box(1, 1, 2, 2))
    assert (found.points, found.total.workers, found.nominal_coverage) == (0, 0, 0)
    assert (found.groups, found.worst, found.told) == ((), (), ())
    assert not found.few


def area_of(*groups: tuple[float, float]) -> AreaCount:
    """Return an area whose groups have so many uncovered and verified workers."""
    blank = count_area(service_of(with_groups(), Parameters()), shapely.box(1, 1, 2, 2))
    rows = []
    for number, (uncovered, verified) in enumerate(groups):
        levels = [0.0] * len(Level)
        levels[Level.OUT_OF_REACH], levels[Level.VERIFIED] = uncovered, verified
        rows.append(replace(blank.total, name=str(number), by_level=tuple(levels)))
    summed = np.sum([row.by_level for row in rows], axis=0)
    total = replace(blank.total, by_level=tuple(summed.tolist()))
    return replace(blank, total=total, groups=tuple(rows))


def test_few_workers_are_not_told() -> None:
    assert area_of((5, 0)).few
    mixed = area_of((30, 4))
    assert (mixed.few, mixed.parts_told, mixed.told) == (False, False, (False,))
    # The one small group would follow from the others and the total: another is hidden with it.
    several = area_of((50, 50), (40, 60), (5, 0), (100, 20))
    assert several.parts_told
    assert not several.told[2]
    assert several.told.count(False) > 1
    assert all(area_of((50, 50), (40, 60)).told)
