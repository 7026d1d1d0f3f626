"""Effective coverage in the GeoPackage: worker-hours by level, gap areas and their points."""

from typing import Any

import numpy as np
import pandas as pd

from reports import served
from reports.levels import alone, point_hours
from reports.report import Report
from reports.tables import clean_text
from siting.coverage.levels import Level


def level_columns(report: Report) -> dict[str, Any]:
    """Return columns of the demand points: the level of most, and worker-hours a week by level.

    `level` is empty where nobody works; worker-hours are empty where they would tell of few.
    """
    hours = report.effective.effective.point_hours
    most = [Level(at) if hours[row, at] > 0 else None for row, at in enumerate(hours.argmax(1))]
    names = ["" if level is None else level.name.lower() for level in most]
    said = ["" if level is None else served.level_name(report, level) for level in most]
    told = point_hours(report)
    return {
        "level": pd.Series(names, dtype="object"),
        "level_label": pd.Series(said, dtype="object"),
        **{f"worker_hours_{level.name.lower()}": told[:, level] for level in Level},
    }


def gap_areas(report: Report) -> pd.DataFrame:
    """Return the centres of the gap areas, with who lacks what, and the mends in words."""
    rows = [
        {
            "area_no": line.order,
            "place": clean_text(line.place),
            "town": clean_text(line.area.place.town),
            "uncovered": line.workers,
            "window": line.area.gap.window,
            "window_label": line.window,
            "group": line.area.gap.group,
            "group_label": line.group,
            "heads": _number(alone(report, line.area.gap.heads)),
            "cause": line.cause,
            "points": len(line.area.gap.points),
            "mends": clean_text("\n".join(served.way_text(report, m) for m in line.area.mends)),
            "lon": line.area.gap.lon,
            "lat": line.area.gap.lat,
        }
        for line in served.area_lines(report)
    ]
    return pd.DataFrame(rows)


def gap_points(report: Report) -> pd.DataFrame:
    """Return the uncovered demand points of the gap areas; the first of each is its centre."""
    at = report.coverage
    rows = [
        {
            "area_no": line.order,
            "id": clean_text(str(at.point_id[point])),
            "lon": float(at.point_lon[point]),
            "lat": float(at.point_lat[point]),
        }
        for line in served.area_lines(report)
        for point in line.area.gap.points.tolist()
    ]
    return pd.DataFrame(rows)


def _number(figure: float | str) -> float:
    return np.nan if isinstance(figure, str) else figure
