"""The demand table as distinct points, rows and weights in one measure."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from siting.model import Parameters
from siting.results import Measure
from siting.sums import sum_by
from siting.windows import window

Float64 = NDArray[np.float64]

MOST_WORKERS = 1_000_000_000
"""More in one row is a slip of the pen; sums of them could not be written."""


@dataclass(frozen=True, eq=False)
class Demand:
    """Demand of the windows and groups that count; r rows, p distinct points.

    Attributes
    ----------
    point_id, point_lon, point_lat
        p distinct points in the order of their first row; WGS-84 degrees.
    row_point
        int64[r]: the point of each row.
    row_hours
        float64[r]: worker-hours per week of each row, 0 for windows or groups that do not count.
        Without windows these are heads: one window of one hour.
    row_counts
        bool[r]: rows of windows and groups that count.
    point_hours
        float64[p]: the sum of `row_hours` per point.
    hours_per_week
        Hours of all windows that count; 1 without windows.
    measure
        `worker_hours`, or `workers` where the table has no windows.
    """

    point_id: tuple[str, ...]
    point_lon: Float64
    point_lat: Float64
    row_point: NDArray[np.int64]
    row_hours: Float64
    row_counts: NDArray[np.bool_]
    point_hours: Float64
    hours_per_week: float
    measure: Measure

    @property
    def points(self) -> int:
        """Number of distinct points."""
        return len(self.point_id)

    def present(self, worker_hours: float) -> float:
        """Return worker-hours as average present workers."""
        return worker_hours / self.hours_per_week

    def sum_points(self, row_values: Float64) -> Float64:
        """Return float64[p]: the sum of a value per row over the rows of each point."""
        return sum_by(self.row_point, row_values, self.points)


def read_demand(table: pd.DataFrame, parameters: Parameters) -> Demand:
    """Return the demand that counts, in worker-hours per week or, without windows, in heads.

    Raises
    ------
    InputError
        Unknown windows; windows in some rows only; none asked for, or some that the table lacks;
        a point at two positions; workers missing, negative or more than `MOST_WORKERS`.
    """
    workers = _workers(table)
    hours, hours_per_week, measure = _hours(table["window"], parameters)
    counts = hours > 0
    if parameters.groups is not None:
        counts &= table["group"].isin(parameters.groups).to_numpy()
    row_hours = np.where(counts, workers * hours, 0.0)
    row_point, ids = pd.factorize(table["id"])
    first = _first_rows(row_point, len(ids))
    lon, lat = table["lon"].to_numpy(dtype=float), table["lat"].to_numpy(dtype=float)
    _require_one_position(ids, row_point, lon, lat, first)
    return Demand(
        point_id=tuple(map(str, ids)),
        point_lon=lon[first],
        point_lat=lat[first],
        row_point=row_point.astype(np.int64),
        row_hours=row_hours,
        row_counts=counts,
        point_hours=sum_by(row_point, row_hours, len(ids)),
        hours_per_week=hours_per_week,
        measure=measure,
    )


def _workers(table: pd.DataFrame) -> Float64:
    workers = table["workers"].to_numpy(dtype=float)
    wrong = ~(np.isfinite(workers) & (workers >= 0))
    if wrong.any():
        row = int(wrong.argmax())
        raise InputError("siting_demand_workers", id=table["id"].iloc[row], row=row + 1)
    if len(workers) and workers.max() > MOST_WORKERS:
        row = int(workers.argmax())
        raise InputError(
            "siting_demand_workers_many",
            id=table["id"].iloc[row],
            row=row + 1,
            workers=f"{workers[row]:g}",
            most=f"{MOST_WORKERS:,}",
        )
    return workers


def _hours(column: pd.Series, parameters: Parameters) -> tuple[Float64, float, Measure]:
    """Return the weight of each row, the hours of all windows that count, and the measure."""
    row_code, codes = pd.factorize(column)
    lengths = {code: window(code).hours_per_week for code in codes if code}
    if "" in codes and lengths:
        raise InputError("siting_windows_mixed", rows=int((column == "").sum()))
    if not lengths:
        return _heads(len(column), parameters)
    asked = tuple(lengths) if parameters.windows is None else parameters.windows
    if not asked:
        raise InputError("siting_no_window_asked")
    counted = {code: window(code).hours_per_week for code in asked}
    weights = np.array([counted.get(code, 0.0) for code in codes])
    return weights[row_code], sum(counted.values()), "worker_hours"


def _heads(rows: int, parameters: Parameters) -> tuple[Float64, float, Measure]:
    if parameters.windows is not None and rows:
        raise InputError("siting_no_windows", windows="、".join(parameters.windows))
    return np.ones(rows), 1.0, "workers"


def _first_rows(row_point: NDArray[np.intp], points: int) -> NDArray[np.int64]:
    first = np.empty(points, dtype=np.int64)
    # Written backwards, so that the first row of each point stays.
    first[row_point[::-1]] = np.arange(len(row_point) - 1, -1, -1)
    return first


def _require_one_position(
    ids: pd.Index, row_point: NDArray[np.intp], lon: Float64, lat: Float64, first: NDArray[np.int64]
) -> None:
    home = first[row_point]
    moved = (lon != lon[home]) | (lat != lat[home])
    if moved.any():
        row = int(moved.argmax())
        raise InputError("siting_demand_moved", id=ids[row_point[row]], row=row + 1)
