"""Zones in which somebody has set the areas, as outlines with their names."""

from dataclasses import dataclass
from typing import Any

import shapely

from reports.webmap.base import packed_line
from siting.areas.zones import AreaZones


@dataclass(frozen=True)
class ZoneShown:
    """One zone.

    Attributes
    ----------
    name
        What the map writes in it; hostile, and stays data.
    rings
        Its outlines, holes among them, each as `packed_line` has it.
    """

    name: str
    rings: tuple[tuple[int, ...], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return what the page's script draws."""
        return {"name": self.name, "rings": [list(ring) for ring in self.rings]}


def zones_shown(zones: AreaZones, *, without: int | None = None) -> tuple[ZoneShown, ...]:
    """Return the outlines of zones, but for the one that is being changed."""
    return tuple(
        ZoneShown(name, tuple(_rings(polygon)))
        for number, (name, polygon) in enumerate(
            zip(zones.names, zones.polygons.tolist(), strict=True)
        )
        if number != without
    )


def _rings(geometry: shapely.Geometry) -> list[tuple[int, ...]]:
    polygons = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    rings = [ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    return [tuple(packed_line(*ring.coords.xy)) for ring in rings]
