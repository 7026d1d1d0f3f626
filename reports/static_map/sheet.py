"""The part of the ground that is on the paper, in the Mercator projection of the surfaces."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reports.blocks import TEXT_WIDTH_MM
from reports.webmap.scene import MapScene

TALLEST_MM: Final = 130.0
"""Of the map without its legend: both stand on one page with heading, caption and notes."""
FLATTEST_MM: Final = 80.0

_MARGIN: Final = 0.03
_SMALLEST_DEGREES: Final = 0.004
_KM_PER_DEGREE: Final = 111.32

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Sheet:
    """A map as wide as the text.

    Attributes
    ----------
    west, east
        WGS-84 degrees at the edges.
    top, scale
        Mercator northing (radians) of the upper edge; millimetres to a radian.
    height_mm
        Of the paper; `TEXT_WIDTH_MM` is the width.
    latitude
        In the middle, degrees: the bar of lengths is true there.
    """

    west: float
    east: float
    top: float
    scale: float
    height_mm: float
    latitude: float

    @property
    def mm_per_km(self) -> float:
        """Millimetres on paper for one kilometre on the ground, in the middle."""
        km = (self.east - self.west) * _KM_PER_DEGREE * float(np.cos(np.radians(self.latitude)))
        return TEXT_WIDTH_MM / km

    def places(self, lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.float64], ...]:
        """Return x (to the right) and y (down) in millimetres of WGS-84 degrees, any shape."""
        x = np.radians(np.asarray(lon, dtype=np.float64) - self.west) * self.scale
        return x, (self.top - northing(lat)) * self.scale

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Return x and y of one place."""
        x, y = self.places(lon, lat)
        return float(x), float(y)

    def holds(self, x: float, y: float) -> bool:
        """Whether a place is on the paper, its edge included."""
        return 0 <= x <= TEXT_WIDTH_MM and 0 <= y <= self.height_mm


def northing(lat: ArrayLike) -> NDArray[np.float64]:
    """Return Mercator northings in radians of latitudes in degrees."""
    return np.log(np.tan(np.pi / 4 + np.radians(np.asarray(lat, dtype=np.float64)) / 2))


def sheet_of(scene: MapScene) -> Sheet:
    """Return the sheet on which the base layer and every point lies."""
    west, south, east, north = _around(scene)
    wide = float(np.radians(east - west))
    high = float(northing(north) - northing(south))
    # As wide as the text, unless that would be taller than the page.
    height = min(max(high / wide * TEXT_WIDTH_MM, FLATTEST_MM), TALLEST_MM)
    scale = min(TEXT_WIDTH_MM / wide, height / high)
    middle, spread = (west + east) / 2, float(np.degrees(TEXT_WIDTH_MM / scale / 2))
    centre = float(northing(north) + northing(south)) / 2
    return Sheet(
        west=middle - spread,
        east=middle + spread,
        top=centre + height / scale / 2,
        scale=scale,
        height_mm=height,
        latitude=(south + north) / 2,
    )


def _around(scene: MapScene) -> Bounds:
    west, south, east, north = scene.base.bounds
    points = [*scene.stations, *scene.candidates, *scene.plan]
    west, east = _range([west, east, *(point.lon for point in points)])
    south, north = _range([south, north, *(point.lat for point in points)])
    return west, south, east, north


def _range(values: Iterable[float]) -> tuple[float, float]:
    """Return the ends of some degrees with a margin; one place gets some ground around it."""
    found = list(values)
    low, high = min(found), max(found)
    margin = max((high - low) * _MARGIN, _SMALLEST_DEGREES)
    return low - margin, high + margin
