"""A small drawing of points and streets under one hypothesis of their datum: numbers only."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import LocalFrame
from geo.intake.verdicts import DatumMap
from geo.streets import Network

SIDE_PX = 240
NEAREST = 10
"""The window shows about so many points around the one that has the most neighbours."""
SMALLEST_M, LARGEST_M = 300.0, 1_500.0
"""Half the side of the window, metres."""
_MOST = (5.0, 95.0)  # per cent: a point that lost a digit does not decide
_MOST_LINES = 3_000
_NEAR, _FAR, _STREET, _AREA = "#0072B2", "#D55E00", "#9aa0a6", "#e8f0e4"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Window:
    """What a drawing shows: a square.

    Attributes
    ----------
    half_m
        Half of its side, metres.
    point
        Index of the point in the middle, wherever it lies; None: `centre` is.
    centre
        Longitude and latitude, WGS-84 degrees.
    """

    half_m: float
    point: int | None = None
    centre: tuple[float, float] = (0.0, 0.0)

    def middle(self, shown: DatumMap) -> tuple[float, float]:
        """Return the middle of a drawing, longitude and latitude."""
        if self.point is None:
            return self.centre
        return float(shown.lon[self.point]), float(shown.lat[self.point])


def window_of(shown: DatumMap) -> Window:
    """Return a window on the part of the points that lies closest together.

    At the scale of a district a wrong datum moves points by the width of a line.
    """
    lon, lat = shown.lon, shown.lat
    if len(lon) < 2:
        return Window(SMALLEST_M, point=0)
    x, y = LocalFrame(float(np.median(lon)), float(np.median(lat))).to_m(lon, lat)
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    rank = min(NEAREST, len(lon) - 1)
    reach = np.partition(apart, rank, axis=1)[:, rank]
    point = int(reach.argmin())
    return Window(float(np.clip(reach[point], SMALLEST_M, LARGEST_M)), point=point)


def whole(shown: DatumMap, area: shapely.Geometry | None) -> Window:
    """Return a window on the district, or on most of the points where no district is known."""
    if area is not None:
        west, south, east, north = shapely.bounds(area).tolist()
    else:
        west, east = np.percentile(shown.lon, _MOST).tolist()
        south, north = np.percentile(shown.lat, _MOST).tolist()
    centre = (west + east) / 2.0, (south + north) / 2.0
    x, y = LocalFrame(*centre).to_m(east, north)
    return Window(max(1.05 * float(x), 1.05 * float(y), LARGEST_M), centre=centre)


def sketch(
    shown: DatumMap,
    window: Window,
    *,
    title: str,
    streets: Network | None = None,
    area: shapely.Geometry | None = None,
) -> str:
    """Return an SVG picture: points, filled where they are near a street, and what is around them.

    Parameters
    ----------
    title
        What a screen reader says; a sentence of ours.
    streets
        Drawn where they run through the window.
    area
        Drawn below them: the district.
    """
    frame = LocalFrame(*window.middle(shown))
    scale = SIDE_PX / (2.0 * window.half_m)

    def place(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        x, y = frame.to_m(lon, lat)
        return (x + window.half_m) * scale, (window.half_m - y) * scale

    parts = []
    if area is not None:
        parts.append(_area(area, frame, window, scale))
    if streets is not None:
        lines = _lines(streets, frame, window)
        drawn = "".join(_path(*place(lon, lat)) for lon, lat in lines)
        parts.append(f'<path d="{drawn}" fill="none" stroke="{_STREET}" stroke-width="1.5"/>')
    x, y = place(shown.lon, shown.lat)
    inside = (x > -5) & (x < SIDE_PX + 5) & (y > -5) & (y < SIDE_PX + 5)
    for left, top, near in zip(x[inside], y[inside], shown.near[inside], strict=True):
        parts.append(_dot(float(left), float(top), near=bool(near)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE_PX} {SIDE_PX}" '
        f'width="{SIDE_PX}" height="{SIDE_PX}" role="img" aria-label="{title}">'
        f'<rect width="{SIDE_PX}" height="{SIDE_PX}" fill="#fff" stroke="#c4c7c5"/>'
        f"{''.join(parts)}</svg>"
    )


def _dot(x: float, y: float, *, near: bool) -> str:
    """Return a point, told apart by shape too: a disk near a street, a ring elsewhere."""
    if near:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{_NEAR}" stroke="#fff"/>'
    ring = f'fill="#fff" stroke="{_FAR}" stroke-width="2.5"'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" {ring}/>'


def _path(x: Floats, y: Floats) -> str:
    return "M" + "L".join(f"{left:.0f} {top:.0f}" for left, top in zip(x, y, strict=True))


def _lines(streets: Network, frame: LocalFrame, window: Window) -> list[tuple[Floats, Floats]]:
    """Return the streets that have a corner in the window, or near it."""
    west, south = frame.to_degrees(-2.0 * window.half_m, -2.0 * window.half_m)
    east, north = frame.to_degrees(2.0 * window.half_m, 2.0 * window.half_m)
    lon, lat = streets.geom_lon, streets.geom_lat
    around = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    edges = np.unique(np.searchsorted(streets.geom_ptr, np.flatnonzero(around), side="right") - 1)
    return [
        (lon[start:end], lat[start:end])
        for start, end in zip(
            streets.geom_ptr[edges[:_MOST_LINES]].tolist(),
            streets.geom_ptr[edges[:_MOST_LINES] + 1].tolist(),
            strict=True,
        )
    ]


def _area(area: shapely.Geometry, frame: LocalFrame, window: Window, scale: float) -> str:
    half = window.half_m
    flat = shapely.transform(area, lambda xy: np.column_stack(frame.to_m(xy[:, 0], xy[:, 1])))
    seen = shapely.clip_by_rect(shapely.make_valid(flat), -half, -half, half, half)
    rings = shapely.get_rings(shapely.get_parts(seen))
    drawn = "".join(
        _path((xy[:, 0] + half) * scale, (half - xy[:, 1]) * scale) + "Z"
        for xy in map(shapely.get_coordinates, rings)
    )
    return f'<path d="{drawn}" fill="{_AREA}" fill-rule="evenodd" stroke="#6b8e5a"/>'
