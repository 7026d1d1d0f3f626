"""Service areas as polygons: the zero line of the cost field, and the bands between such lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from contourpy import FillType, contour_generator
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon

from geo.service_areas.field import DEFAULT_CELL_M, DEFAULT_MAX_LEG_M, CostField, cost_field
from geo.streets import Attached, Network
from geo.streets.network import Float64, Int64

Area = Polygon | MultiPolygon
"""WGS-84; empty where nothing is reached."""

_TOUCH_M = 1e-6
"""Zero is inside. Lifted by this, outlines do not touch themselves at grid points."""


@dataclass(frozen=True, eq=False)
class Band:
    """What is reached beyond one cut-off and within the next.

    Attributes
    ----------
    from_m, to_m
        Cost in metres: from_m < cost <= to_m; the first band starts with the site itself.
    area
        WGS-84.
    """

    from_m: float
    to_m: float
    area: Area


def service_area(
    net: Network,
    sites: Attached,
    cutoff_m: float,
    *,
    max_leg_m: float = DEFAULT_MAX_LEG_M,
    cell_m: float = DEFAULT_CELL_M,
    min_hole_m2: float = 0.0,
) -> Area:
    """Return the area around the streets that a site, or any of several, reaches.

    A place is inside when cost + leg <= cut-off and leg <= `max_leg_m`, up to the size of a cell;
    see `geo.service_areas.field`. Its outline is for the eye: figures rest on the travel matrix.

    Parameters
    ----------
    net
        The streets.
    sites
        Points attached to `net`, one or several; those that are not attached reach nothing, and
        their `status` says why.
    cutoff_m
        Metres, inclusive.
    max_leg_m
        Longest leg from a street into its surroundings, metres.
    cell_m
        Distance of the grid points between which the outline runs, metres.
    min_hole_m2
        Smaller holes are filled, square metres.

    Returns
    -------
    Polygon or MultiPolygon
        WGS-84; an empty Polygon where no street is reached.

    Raises
    ------
    InputError, ValueError
        As for `cost_field`.
    """
    field = cost_field(net, sites, cutoff_m, max_leg_m=max_leg_m, cell_m=cell_m)
    if field is None:
        return Polygon()
    return _outline(field, min_hole_m2)


def bands(
    net: Network,
    sites: Attached,
    cutoffs_m: Sequence[float],
    *,
    max_leg_m: float = DEFAULT_MAX_LEG_M,
    cell_m: float = DEFAULT_CELL_M,
    min_hole_m2: float = 0.0,
) -> tuple[Band, ...]:
    """Return the service area in bands, one per cut-off; together they are the largest area.

    All outlines run on one grid, so that a smaller area lies within a larger one.

    Parameters
    ----------
    net, sites, max_leg_m, cell_m, min_hole_m2
        As for `service_area`.
    cutoffs_m
        Ascending, metres; for minutes: minutes x a stated pace.

    Raises
    ------
    InputError, ValueError
        As for `cost_field`; the cut-offs do not ascend.
    """
    if any(a >= b for a, b in pairwise(cutoffs_m)):
        msg = f"the cut-offs {list(cutoffs_m)} do not ascend"
        raise ValueError(msg)
    areas = [
        service_area(
            net, sites, cutoff_m, max_leg_m=max_leg_m, cell_m=cell_m, min_hole_m2=min_hole_m2
        )
        for cutoff_m in cutoffs_m
    ]
    inner = [Polygon(), *areas]
    lower = [0.0, *cutoffs_m]
    return tuple(
        Band(low, high, _without(area, hole))
        for low, high, area, hole in zip(lower, cutoffs_m, areas, inner, strict=False)
    )


def _without(area: Area, hole: Area) -> Area:
    rest: Any = shapely.difference(area, hole)
    polygonal: Area = rest
    return polygonal


def _outline(field: CostField, min_hole_m2: float) -> Area:
    values = np.where(abs(field.values) < _TOUCH_M, _TOUCH_M, field.values)
    contour = contour_generator(
        field.x_m, field.y_m, values, fill_type=FillType.OuterOffset, name="serial"
    )
    found: Any = contour.filled(0.0, np.inf)
    parts, offsets = found
    if not parts:
        return Polygon()
    sizes = np.concatenate([np.diff(offset.astype(np.int64)) for offset in offsets])
    ring = np.repeat(np.arange(len(sizes)), sizes)
    owner = np.repeat(np.arange(len(offsets)), [len(offset) - 1 for offset in offsets])
    x, y = np.concatenate(parts).T
    # The first ring of each polygon is its shell, the others are holes.
    keep = np.concatenate(([True], owner[1:] != owner[:-1]))
    keep |= shapely.area(shapely.polygons(_rings(x, y, ring))) >= min_hole_m2
    lon, lat = field.frame.to_degrees(x, y)
    rings = _rings(lon, lat, ring)
    polygons: Any = shapely.polygons(rings[keep], indices=owner[keep])
    area: Area = polygons[0] if len(polygons) == 1 else MultiPolygon(list(polygons))
    return area


def _rings(x: Float64, y: Float64, ring: Int64) -> NDArray[np.object_]:
    made: Any = shapely.linearrings(np.column_stack((x, y)), indices=ring)
    rings: NDArray[np.object_] = made
    return rings
