"""Zones drawn by hand: corners to polygons, and one zone added, changed or taken away."""

from collections.abc import Sequence

import numpy as np
import shapely

from geo.errors import InputError
from siting.areas.zones import AreaZones

FEWEST_CORNERS = 3
MOST_CORNERS = 200
"""Of a zone drawn by hand; files may have more."""

LEAST_DEGREES2 = 1e-8
"""Of a zone, square degrees: about 100 m²; below it corners stand in a line."""

Corner = tuple[float, float]
"""Longitude and latitude, WGS-84 degrees."""


def drawn_polygon(corners: Sequence[Corner]) -> shapely.Polygon:
    """Return the polygon with these corners, in the order in which they were set.

    Raises
    ------
    InputError
        `zone_corners`: fewer than three different ones, or more than `MOST_CORNERS`;
        `zone_crossing`: its sides cross or touch each other, or it holds no ground to speak of.
    """
    different = len(set(corners))
    if not FEWEST_CORNERS <= different <= len(corners) <= MOST_CORNERS:
        raise InputError("zone_corners", fewest=FEWEST_CORNERS, most=MOST_CORNERS)
    polygon = shapely.Polygon(corners)
    if not (polygon.is_valid and polygon.area > LEAST_DEGREES2):
        raise InputError("zone_crossing")
    return polygon


def corners_of(polygon: shapely.Geometry) -> tuple[Corner, ...] | None:
    """Return the corners of a zone, the first not repeated; None: its shape cannot be set by hand.

    That is where it has several parts, holes, or more than `MOST_CORNERS`.
    """
    if not isinstance(polygon, shapely.Polygon) or polygon.interiors:
        return None
    ring = [(float(lon), float(lat)) for lon, lat in polygon.exterior.coords[:-1]]
    return tuple(ring) if len(ring) <= MOST_CORNERS else None


def with_zone(
    zones: AreaZones,
    number: int | None,
    name: str,
    areas: Sequence[str],
    polygon: shapely.Geometry,
) -> AreaZones:
    """Return the zones with one more, or with the zone of that number instead.

    Raises
    ------
    InputError
        `zone_no_area`: it names no area.
    """
    if not areas:
        raise InputError("zone_no_area")
    place = len(zones) if number is None else number
    parts = list(zip(zones.names, zones.areas, zones.polygons.tolist(), strict=True))
    parts[place : place + 1] = [(name.strip(), tuple(areas), polygon)]
    return _joined(parts)


def without_zone(zones: AreaZones, number: int) -> AreaZones:
    """Return the zones without the one of that number."""
    parts = list(zip(zones.names, zones.areas, zones.polygons.tolist(), strict=True))
    return _joined(parts[:number] + parts[number + 1 :])


def _joined(parts: list[tuple[str, tuple[str, ...], shapely.Geometry]]) -> AreaZones:
    polygons = np.empty(len(parts), dtype=object)
    polygons[:] = [polygon for _, _, polygon in parts]
    return AreaZones(
        names=tuple(name for name, _, _ in parts),
        areas=tuple(areas for _, areas, _ in parts),
        polygons=polygons,
    )
