"""Nominal coverage: by distance only, as everybody else computes it; each worker once."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.catchments import Travel
from geo.streets import AttachStatus
from siting.coverage.points import Demand, Float64
from siting.coverage.shares import group_order, in_order, unit_order, window_order
from siting.results import CoverageResult, ShareRow
from siting.sums import sum_by
from siting.windows import window

MM_PER_M = 1000.0


def nominal_coverage(
    table: pd.DataFrame,
    demand: Demand,
    travel: Travel,
    sites: NDArray[np.bool_],
    site_ids: NDArray[np.object_],
) -> CoverageResult:
    """Return who is within the cut-off (<=) of at least one of `sites`.

    Parameters
    ----------
    table
        The demand table; its `town`, `group` and `window` columns name the shares.
    demand
        The same table as points and weights.
    travel
        Walking distances from s sites to the p points of `demand`.
    sites
        bool[s]: the sites that cover.
    site_ids
        object[s]: their ids, to name those that streets do not reach.
    """
    covered = travel.covered(sites)
    counts = demand.row_counts
    row_covered = covered[demand.row_point] & counts
    covered_hours = np.where(row_covered, demand.row_hours, 0.0)
    unsnapped = _unsnapped(demand, travel)
    unreachable = sites & (travel.site_status != AttachStatus.OK)
    total, reached = float(demand.row_hours.sum()), float(covered_hours.sum())
    everything = np.ones(len(table), dtype=bool)
    return CoverageResult(
        workers_total=demand.present(total),
        workers_covered=demand.present(reached),
        worker_hours_total=total,
        worker_hours_covered=reached,
        hours_per_week=demand.hours_per_week,
        measure=demand.measure,
        cutoff_m=travel.cutoff_m,
        method=travel.method,
        stations=int(sites.sum()),
        unreachable_stations=tuple(site_ids[unreachable]),
        unsnapped_demand=tuple(demand.point_id[i] for i in np.flatnonzero(unsnapped)),
        unsnapped_workers=demand.present(float(demand.point_hours[unsnapped].sum())),
        towns=_by_name(_shares(table["town"], demand, covered_hours, everything), unit_order()),
        groups=_by_name(_shares(table["group"], demand, covered_hours, counts), group_order()),
        windows=_in_heads(_shares(table["window"], demand, covered_hours, counts), demand),
        row_covered=row_covered,
        point_id=demand.point_id,
        point_lon=demand.point_lon,
        point_lat=demand.point_lat,
        point_workers=demand.point_hours / demand.hours_per_week,
        point_covered=np.where(covered, demand.point_hours, 0.0) / demand.hours_per_week,
        nearest_m=_nearest_m(travel, sites),
    )


def _shares(
    names: pd.Series, demand: Demand, covered_hours: Float64, kept: NDArray[np.bool_]
) -> list[ShareRow]:
    """Return average present workers and covered ones by the names of the `kept` rows."""
    row_name, labels = pd.factorize(names[kept])
    size = len(labels)
    workers = sum_by(row_name, demand.row_hours[kept], size)
    covered = sum_by(row_name, covered_hours[kept], size)
    per_hour = demand.hours_per_week
    return [
        ShareRow(str(label), float(all_hours / per_hour), float(hours / per_hour))
        for label, all_hours, hours in zip(labels, workers, covered, strict=True)
    ]


def _by_name(rows: list[ShareRow], order: Mapping[str, int]) -> tuple[ShareRow, ...]:
    return in_order(rows, lambda row: row.name, order)


def _in_heads(rows: list[ShareRow], demand: Demand) -> tuple[ShareRow, ...]:
    """Return shares by window, each in the heads present in it, in the order of the list."""
    if demand.measure == "workers":
        return tuple(rows)
    scale = {row.name: demand.hours_per_week / window(row.name).hours_per_week for row in rows}
    return tuple(
        ShareRow(row.name, row.workers * scale[row.name], row.covered * scale[row.name])
        for row in _by_name(rows, window_order())
    )


def _unsnapped(demand: Demand, travel: Travel) -> NDArray[np.bool_]:
    counted = np.zeros(demand.points, dtype=bool)
    counted[demand.row_point[demand.row_counts]] = True
    return counted & np.not_equal(travel.demand_status, AttachStatus.OK)


def _nearest_m(travel: Travel, sites: NDArray[np.bool_]) -> Float64:
    nearest_mm = travel.nearest_mm(sites)
    return np.where(nearest_mm < 0, np.nan, nearest_mm / MM_PER_M)
