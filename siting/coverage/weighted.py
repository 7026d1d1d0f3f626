"""Demand in weather: worker-hours of hot or cold hours weigh more, heads stay what they are."""

from dataclasses import replace

import numpy as np

from siting.coverage.cells import Cells
from siting.coverage.points import Demand
from siting.model import Parameters
from siting.sums import sum_by
from siting.weather import Weather


def weighted(demand: Demand, cells: Cells, parameters: Parameters, weather: Weather) -> Demand:
    """Return demand whose worker-hours are weighted by the hours of their window.

    The hours of the week are weighted alike: average present workers remain an average, over hours
    as they count. Without windows nothing changes.
    """
    if not weather.hours or demand.measure == "workers":
        return demand
    weight = np.array([weather.window_weight(code) for code in cells.windows])
    row_hours = demand.row_hours * weight[cells.row_window]
    asked = cells.windows if parameters.windows is None else parameters.windows
    return replace(
        demand,
        row_hours=row_hours,
        point_hours=sum_by(demand.row_point, row_hours, demand.points),
        hours_per_week=sum(weather.window_hours(code) for code in asked),
    )
