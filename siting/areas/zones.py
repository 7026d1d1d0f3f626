"""Zones that a planner drew or loaded: what they say of a place overrides what figures say."""

import json
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class AreaZones:
    """Polygons, and the areas that what lies in them belongs to.

    Attributes
    ----------
    names
        "" where a zone has none.
    areas
        Codes of data/reference/area_types.toml per zone, at least one.
    polygons
        shapely geometries, WGS-84 degrees.
    """

    names: tuple[str, ...] = ()
    areas: tuple[tuple[str, ...], ...] = ()
    polygons: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, dtype=object))

    def __len__(self) -> int:
        """Return the number of zones."""
        return len(self.names)

    def holding(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> tuple[tuple[int, ...], ...]:
        """Return the zones that hold each position, borders included, in the order of the file."""
        held: list[list[int]] = [[] for _ in range(len(lon))]
        if len(self):
            points = shapely.points(lon, lat)
            place, zone = shapely.STRtree(self.polygons).query(points, predicate="intersects")
            for one, other in sorted(zip(place.tolist(), zone.tolist(), strict=True)):
                held[one].append(other)
        return tuple(map(tuple, held))


NO_ZONES = AreaZones()


def zones_json(zones: AreaZones) -> bytes:
    """Return zones as GeoJSON in WGS-84: one feature each, with its name and its areas."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, "areas": list(areas)},
            "geometry": json.loads(shapely.to_geojson(polygon)),
        }
        for name, areas, polygon in zip(zones.names, zones.areas, zones.polygons, strict=True)
    ]
    content = {"type": "FeatureCollection", "features": features}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def zones_from(content: bytes) -> AreaZones:
    """Return the zones that `zones_json` wrote."""
    features = json.loads(content)["features"]
    return AreaZones(
        names=tuple(str(one["properties"]["name"]) for one in features),
        areas=tuple(tuple(one["properties"]["areas"]) for one in features),
        polygons=shapely.from_geojson([json.dumps(one["geometry"]) for one in features]),
    )
