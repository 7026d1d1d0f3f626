"""Where the gap is: places with many uncovered workers together, the worst first.

A gap area is a centre and the uncovered demand points around it. The centre is the demand point
with the most uncovered worker-hours within a radius, ties by number; its points are taken away and
the next centre is sought, until what is left is too little. No worker is in two areas.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from geo.crs import LocalFrame
from siting.coverage.cells import Cells
from siting.coverage.effective import LEVELS
from siting.coverage.levels import UNCOVERED
from siting.coverage.points import Demand, Float64

GAP_RADIUS_M = 400.0
"""How far points of one area lie from its centre, metres as the crow flies, inclusive (<=)."""

MOST_GAPS = 30
LEAST_WORKERS = 20.0
"""Areas with fewer uncovered average present workers are not listed."""


@dataclass(frozen=True, eq=False)
class Gap:
    """One gap area.

    Attributes
    ----------
    points
        int64[k]: its demand points, the centre first.
    lon, lat
        Of the centre, WGS-84 degrees.
    workers
        Uncovered average present workers.
    by_cause
        The same by cause, in the order of `UNCOVERED`.
    group, window, heads
        The group and window with the most uncovered heads at one time, and how many: the average
        of the window's days.
    """

    points: NDArray[np.int64]
    lon: float
    lat: float
    workers: float
    by_cause: tuple[float, ...]
    group: str
    window: str
    heads: float


def gaps(
    demand: Demand,
    cells: Cells,
    uncovered: Float64,
    point_hours: Float64,
    window_hours: Sequence[float],
    *,
    radius_m: float = GAP_RADIUS_M,
    most: int = MOST_GAPS,
) -> tuple[Gap, ...]:
    """Return the gap areas, the most uncovered workers first.

    Parameters
    ----------
    uncovered
        float64[p, c]: uncovered worker-hours, as `mends.worker_hours_at` has them.
    point_hours
        float64[p, levels], as `EffectiveCoverage` has them.
    window_hours
        Hours a week of each of the cells' windows; 1 where there are none.
    """
    left = uncovered.sum(axis=1)
    beside = _neighbours(demand, radius_m)
    around = beside @ left
    found: list[Gap] = []
    while len(found) < most and len(left):
        # Who is in an area already is in no other, and is no centre of another.
        centre = int(np.where(left > 0, around, -1.0).argmax())
        if not left[centre] or demand.present(float(around[centre])) < LEAST_WORKERS:
            break
        row = beside.indices[beside.indptr[centre] : beside.indptr[centre + 1]]
        points = row[left[row] > 0].astype(np.int64)
        points = np.concatenate([[centre], points[points != centre]])
        found.append(_gap(points, demand, cells, uncovered, point_hours, window_hours))
        _take_out(around, beside, points, left[points])
        left[points] = 0.0
    return tuple(sorted(found, key=lambda gap: (-gap.workers, int(gap.points[0]))))


def _neighbours(demand: Demand, radius_m: float) -> sparse.csr_array:
    """Return float64[p, p]: 1 where points lie within the radius of each other, or are the same."""
    return _beside(demand.point_lon.tobytes(), demand.point_lat.tobytes(), radius_m)


@lru_cache(maxsize=2)
def _beside(lon: bytes, lat: bytes, radius_m: float) -> sparse.csr_array:
    """Return who is beside whom; found once, since positions rarely change."""
    east, north = np.frombuffer(lon), np.frombuffer(lat)
    size = (len(east), len(east))
    if not len(east):
        return sparse.csr_array(size)
    frame = LocalFrame(float(east.mean()), float(north.mean()))
    tree = cKDTree(np.column_stack(frame.to_m(east, north)))
    pairs = tree.query_pairs(radius_m, output_type="ndarray")
    own = np.column_stack([np.arange(len(east))] * 2)
    both = np.concatenate([pairs, pairs[:, ::-1], own])
    return sparse.csr_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=size)


def _take_out(
    around: Float64, beside: sparse.csr_array, points: NDArray[np.int64], gone: Float64
) -> None:
    """Take what is gone from points out of what is around their neighbours."""
    sizes = np.diff(beside.indptr)[points]
    ends = np.cumsum(sizes)
    entries = np.arange(int(ends[-1])) - np.repeat(ends - sizes - beside.indptr[points], sizes)
    np.subtract.at(around, beside.indices[entries], np.repeat(gone, sizes))


def _gap(
    points: NDArray[np.int64],
    demand: Demand,
    cells: Cells,
    uncovered: Float64,
    point_hours: Float64,
    window_hours: Sequence[float],
) -> Gap:
    by_cell = cells.by_window(uncovered[points].sum(axis=0))
    heads = by_cell / np.asarray(window_hours)
    group, window = np.unravel_index(int(heads.argmax()), heads.shape)
    causes = point_hours[points][:, : LEVELS - 2].sum(axis=0)
    return Gap(
        points=points,
        lon=float(demand.point_lon[points[0]]),
        lat=float(demand.point_lat[points[0]]),
        workers=demand.present(float(by_cell.sum())),
        by_cause=tuple(demand.present(float(causes[level])) for level in UNCOVERED),
        group=cells.groups[int(group)],
        window=cells.windows[int(window)],
        heads=float(heads.max()),
    )
