"""The map of a report, as a scene: what the page, Word and PDF draw."""

from dataclasses import replace

import pandas as pd

from reports.report import Report
from reports.webmap import (
    Label,
    approved,
    base_layer,
    effective_surfaces,
    scene_from,
    serving_of,
)
from reports.webmap.scene import MapScene
from siting.model import Inputs


def with_base(report: Report) -> Report:
    """Return the report with a base layer, so that several exports make it once.

    Without streets and without points there is nothing to make it of, and it stays without.
    """
    if report.base is not None:
        return report
    extent = extent_of(report.inputs)
    if report.inputs.streets is None and extent is None:
        return report
    units = unit_labels(report.inputs.demand)
    return replace(report, base=base_layer(report.inputs.streets, None, units, extent))


def scene_of(report: Report) -> MapScene | None:
    """Return what the map of a report shows; None: there is nothing to draw.

    Its gap is that of effective coverage: stations shut in every window and those whose hours are
    not on record are drawn apart, the worst gap areas carry the numbers of the list.
    """
    base = with_base(report).base
    if base is None:
        return None
    found = report.effective
    windows = tuple(row.name for row in found.effective.windows if row.name)
    scene = scene_from(
        base,
        report.inputs,
        report.coverage,
        {score.id: score for score in report.scores}.get,
        report.plan,
        lang=report.lang,
        ready_surfaces=effective_surfaces(found),
        gap_of="effective",
        serving=serving_of(found, windows),
    )
    return approved(scene, report.map_number)


def unit_labels(demand: pd.DataFrame) -> tuple[Label, ...]:
    """Return the names of the units, each in the middle of its demand points, WGS-84 degrees."""
    points = demand.loc[demand["town"] != "", ["id", "town", "lon", "lat"]].drop_duplicates("id")
    middles = points.groupby("town")[["lon", "lat"]].median()
    return tuple(
        Label(str(town), float(lon), float(lat), "unit")
        for town, lon, lat in middles.itertuples(name=None)
    )


def extent_of(inputs: Inputs) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of demand, stations and candidates; None without any."""
    frames = (inputs.demand, inputs.stations, inputs.candidates)
    lon = [value for frame in frames for value in frame["lon"]]
    lat = [value for frame in frames for value in frame["lat"]]
    return (min(lon), min(lat), max(lon), max(lat)) if lon else None
