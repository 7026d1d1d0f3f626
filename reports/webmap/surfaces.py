"""Density surfaces as small pictures: workers per square kilometre in classes, transparent where nobody is.

Rows are resampled to the Mercator projection of the screen; a picture that is even in degrees would
lie up to 40 m off in the middle of a district.
"""

import base64
import io
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from geo.density import Raster, kernel_density

CLASSES = 5
MOST_CELLS = 250_000
FINEST_CELL_M = 60.0
BANDWIDTH_M = 600.0
"""Standard deviation of the kernel, metres: what a walk of the usual cut-off smooths over [assumption]."""

# Sequential ramps of ColorBrewer (OrRd, GnBu), dark for many: lightness alone tells the order, whatever
# colours a reader can tell apart.
GAP_COLOURS = ("#fdd49e", "#fdbb84", "#fc8d59", "#e34a33", "#b30000")
DENSITY_COLOURS = ("#ccebc5", "#a8ddb5", "#7bccc4", "#43a2ca", "#0868ac")
_OPACITY = (110, 140, 165, 185, 200)
_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, eq=False)
class Surface:
    """One surface ready to lay on the map.

    Attributes
    ----------
    layer
        `gap` or `density`.
    png
        Picture with transparency, north up, rows even in the Mercator projection.
    bounds
        (west, south, east, north), WGS-84 degrees.
    breaks
        Lower limits of the classes, workers per km2 (>=); below the first nothing is drawn.
    colours
        One per class, `#rrggbb`.
    """

    layer: str
    png: bytes
    bounds: tuple[float, float, float, float]
    breaks: tuple[float, ...]
    colours: tuple[str, ...]

    @property
    def data_uri(self) -> str:
        """The picture inside an address."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")


def surfaces(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    workers: NDArray[np.float64],
    uncovered: NDArray[np.float64],
) -> tuple[Surface, ...]:
    """Return the gap and the density surface of demand points, in the same classes; () without workers.

    Parameters
    ----------
    lon, lat
        Shape (n,), WGS-84 degrees.
    workers, uncovered
        Shape (n,), average present workers: all, and those no station reaches.
    """
    if not len(lon) or not float(workers.sum()) > 0:
        return ()
    cell_m = _cell_m(lon, lat)
    density = kernel_density(lon, lat, workers, cell_m=cell_m, bandwidth_m=BANDWIDTH_M)
    box = (density.west, density.south, density.east, density.north)
    gap = kernel_density(lon, lat, uncovered, cell_m=cell_m, bandwidth_m=BANDWIDTH_M, bounds=box)
    breaks = class_breaks(density.values)
    return (
        _surface("gap", gap, breaks, GAP_COLOURS),
        _surface("density", density, breaks, DENSITY_COLOURS),
    )


def class_breaks(values: NDArray[np.float32]) -> tuple[float, ...]:
    """Return CLASSES lower limits of the 1-2-5 ladder, the highest at or below the 99th percentile.

    Cells with less than a hundred-thousandth of the peak are empty ground and do not count.
    """
    busy = values[values > values.max() * 1e-5]
    top = float(np.percentile(busy, 99)) if len(busy) else 1.0
    ladder = [m * 10.0**e for e in range(-6, 9) for m in (1, 2, 5)]
    below = [step for step in ladder if step <= top]
    return tuple(below[-CLASSES:])


def _surface(
    layer: str, raster: Raster, breaks: tuple[float, ...], colours: tuple[str, ...]
) -> Surface:
    classes = np.searchsorted(np.asarray(breaks), _mercator_rows(raster), side="right")
    image = Image.fromarray(classes.astype(np.uint8), mode=None).convert("L").convert("P")
    palette = [0, 0, 0] + [int(c[i : i + 2], 16) for c in colours for i in (1, 3, 5)]
    image.putpalette(palette)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True, transparency=bytes((0, *_OPACITY)))
    bounds = (raster.west, raster.south, raster.east, raster.north)
    return Surface(layer, buffer.getvalue(), bounds, breaks, colours)


def _mercator_rows(raster: Raster) -> NDArray[np.float32]:
    rows = raster.values.shape[0]
    edges = np.linspace(_mercator(raster.north), _mercator(raster.south), rows + 1)
    middles = np.array([(a + b) / 2 for a, b in pairwise(edges.tolist())])
    lat = np.degrees(2 * np.arctan(np.exp(middles)) - np.pi / 2)
    step = (raster.north - raster.south) / rows
    source = np.clip(((raster.north - lat) / step).astype(np.int64), 0, rows - 1)
    return raster.values[source]


def _mercator(lat: float) -> float:
    return float(np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)))


def _cell_m(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> float:
    margin = 6 * BANDWIDTH_M
    width = float(np.ptp(lon)) * _METRES_PER_DEGREE * float(np.cos(np.radians(lat.mean()))) + margin
    height = float(np.ptp(lat)) * _METRES_PER_DEGREE + margin
    return max(FINEST_CELL_M, float(np.sqrt(width * height / MOST_CELLS)))
