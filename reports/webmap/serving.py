"""Effective coverage on the map: stations shut or unverified in the chosen windows, gap areas."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from reports.webmap.surfaces import Surface, make_surfaces
from siting.coverage.gaps import GAP_RADIUS_M
from siting.coverage.levels import Level, Terms
from siting.effective import EffectiveEvaluation
from siting.filters import Passed, opened
from siting.plans.comparing import Option
from siting.results import CoverageResult

Standing = Literal["open", "part", "shut", "unverified"]
MOST_AREAS = 10
"""How many gap areas carry their number on the map."""


@dataclass(frozen=True)
class AreaTag:
    """The number of a gap area in the list, at its centre, WGS-84 degrees."""

    order: int
    lon: float
    lat: float


@dataclass(frozen=True)
class AreaShown:
    """The gap area that was chosen from the list.

    Attributes
    ----------
    order
        Its number there.
    radius_m
        Its points lie within this of the first one, as the crow flies.
    points
        (lon, lat) of its uncovered demand points, the centre first.
    title
        What the legend says; "" is the usual sentence of a gap area.
    """

    order: int
    radius_m: float
    points: tuple[tuple[float, float], ...]
    title: str = ""


@dataclass(frozen=True, eq=False)
class Serving:
    """What the map says of effective coverage.

    Attributes
    ----------
    standings
        One per station, in the order of the table.
    tags
        The worst gap areas.
    chosen
        The one to highlight, if any.
    """

    standings: tuple[Standing, ...]
    tags: tuple[AreaTag, ...] = ()
    chosen: AreaShown | None = None


def serving_of(
    found: EffectiveEvaluation, windows: Sequence[str], chosen: int | None = None
) -> Serving:
    """Return what the map says of effective coverage in some windows.

    Parameters
    ----------
    windows
        Codes of those that count; (): the demand has none, and nobody asks when a station is open.
    chosen
        Which of the gap areas to highlight, from 0.
    """
    areas, at = found.gap_areas, found.nominal
    tags = (AreaTag(n, area.gap.lon, area.gap.lat) for n, area in enumerate(areas[:MOST_AREAS], 1))
    shown = None
    if chosen is not None:
        points = areas[chosen].gap.points
        places = zip(at.point_lon[points].tolist(), at.point_lat[points].tolist(), strict=True)
        shown = AreaShown(chosen + 1, GAP_RADIUS_M, tuple(places))
    return Serving(standings(found.stations, windows, found.effective.terms), tuple(tags), shown)


def standings(stations: pd.DataFrame, windows: Sequence[str], terms: Terms) -> tuple[Standing, ...]:
    """Return whether each station is open in the windows, by the terms in force."""
    return tuple(standing(str(hours), windows, terms) for hours in stations["hours"])


def standing(hours: str, windows: Sequence[str], terms: Terms) -> Standing:
    """Return whether a place is open in every window, in some, in none, or nobody knows."""
    passed = {
        day for code in windows for day in opened(hours, code, terms.monday, terms.open_share)
    }
    if Passed.UNVERIFIED in passed:
        return "unverified"
    if Passed.NO not in passed:
        return "open"
    return "part" if Passed.YES in passed else "shut"


def effective_surfaces(found: EffectiveEvaluation | Option) -> tuple[Surface, ...]:
    """Return the uncovered, the unverified and all workers as surfaces; (): there are none.

    Parameters
    ----------
    found
        What stands, or what something planned leads to.
    """
    at: CoverageResult = found.nominal
    present = found.effective.point_hours / found.effective.hours_per_week
    return make_surfaces(
        at.point_lon,
        at.point_lat,
        at.point_workers,
        np.asarray(present[:, : Level.UNVERIFIED].sum(axis=1)),
        present[:, Level.UNVERIFIED],
    )
