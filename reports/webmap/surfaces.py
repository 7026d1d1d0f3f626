"""Density surfaces as small pictures: workers per square kilometre in classes.

Transparent where nobody is. Rows are resampled to the Mercator projection of the screen; a picture
that is even in degrees would lie up to 40 m off in the middle of a district.
"""

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import zoom

from geo.density import Raster, spread

_T = TypeVar("_T", np.float32, np.uint8)

CLASSES = 5
MOST_CELLS = 100_000
FINEST_CELL_M = 250.0
BANDWIDTH_M = 1500.0
"""Where the kernel around a demand point ends, metres: wide enough for a picture of a district
without spots, narrow enough to tell its neighbourhoods apart [assumption]."""

# Sequential ramps of ColorBrewer (OrRd, Purples), dark for many: lightness alone tells the order,
# whatever colours a reader can tell apart.
GAP_COLOURS = ("#fdd49e", "#fdbb84", "#fc8d59", "#e34a33", "#b30000")
DENSITY_COLOURS = ("#dadaeb", "#bcbddc", "#9e9ac8", "#756bb1", "#54278f")
# Okabe-Ito's blue, laid in stripes by the page: told from the gap by colour and by shape.
UNVERIFIED_COLOURS = ("#0072b2",) * CLASSES
# Okabe-Ito's orange: told from that blue by every reader, and whole where the blue is striped.
FIRST_COLOURS = ("#e69f00",) * CLASSES

_OPACITY = (115, 145, 170, 190, 205)
_FINER = 2
_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, eq=False)
class Surface:
    """One surface ready to lay on the map.

    Attributes
    ----------
    layer
        `gap`, `unverified`, `density`, `first`, `second` or `areas`.
    draw
        Returns `pixels`; called once, where somebody looks.
    bounds
        (west, south, east, north), WGS-84 degrees.
    breaks
        Lower limits of the classes, workers per km2 (>=); below the first nothing is drawn.
    colours
        One per class, `#rrggbbaa`: as transparent as in the picture.
    hatched
        Whether the page lays it in stripes of the screen, so that the surface under it is seen.
    title
        What the legend says; "" is the layer's usual name.
    names
        Of the colours, where they are kinds and no classes of density; `breaks` is empty then.
    """

    layer: str
    draw: Callable[[], NDArray[np.uint8]]
    bounds: tuple[float, float, float, float]
    breaks: tuple[float, ...]
    colours: tuple[str, ...]
    hatched: bool = False
    title: str = ""
    names: tuple[str, ...] = ()

    @cached_property
    def pixels(self) -> NDArray[np.uint8]:
        """uint8[rows, columns]: 0 where nothing is drawn, n the n-th colour.

        North up, rows even in the Mercator projection.
        """
        return self.draw()

    @cached_property
    def png(self) -> bytes:
        """The picture, with transparency; made where somebody prints it."""
        image = Image.fromarray(self.pixels).convert("P")
        image.putpalette(self._palette[:, :3].ravel().tolist())
        buffer = io.BytesIO()
        opacity = bytes(self._palette[:, 3].tolist())
        # The best compression takes eight times as long for a seventh less.
        image.save(buffer, "PNG", compress_level=6, transparency=opacity)
        return buffer.getvalue()

    @property
    def data_uri(self) -> str:
        """The picture inside an address."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")

    @cached_property
    def light_uri(self) -> str:
        """The same picture, pixel by pixel, as browsers take it with a third less to carry."""
        buffer = io.BytesIO()
        image = Image.fromarray(self._palette[self.pixels])
        # Methods above 1 take as long again, for a hundredth less.
        image.save(buffer, "WEBP", lossless=True, quality=50, method=1)
        return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")

    @property
    def _palette(self) -> NDArray[np.uint8]:
        """uint8[colours + 1, 4]: red, green, blue, opacity; nothing is transparent."""
        return np.array([(0,) * 4, *(tuple(bytes.fromhex(c[1:])) for c in self.colours)], np.uint8)


def make_surfaces(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    workers: NDArray[np.float64],
    uncovered: NDArray[np.float64],
    unverified: NDArray[np.float64] | None = None,
) -> tuple[Surface, ...]:
    """Return the surfaces of demand points, all in the same classes; () without workers.

    Parameters
    ----------
    lon, lat
        Shape (n,), WGS-84 degrees.
    workers, uncovered
        Shape (n,), average present workers: all, and those no station covers.
    unverified
        Shape (n,), those who hang on records that nobody has verified; None: no such surface.
    """
    if not len(lon) or not float(workers.sum()) > 0:
        return ()
    around = spread(lon, lat, cell_m=_cell_m(lon, lat), bandwidth_m=BANDWIDTH_M)
    density = around.raster(workers)
    breaks = class_breaks(density.values)
    parts = [_surface("gap", around.raster(uncovered), breaks, GAP_COLOURS)]
    if unverified is not None and float(unverified.sum()) > 0:
        parts.append(_surface("unverified", around.raster(unverified), breaks, UNVERIFIED_COLOURS))
    return (*parts, _surface("density", density, breaks, DENSITY_COLOURS))


def apart_surfaces(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    titles: tuple[str, str],
) -> tuple[Surface, ...]:
    """Return the workers whom only one of two standards counts, in the same classes.

    One who is nobody's is no surface; () where the standards agree.

    Parameters
    ----------
    lon, lat
        Shape (n,), WGS-84 degrees.
    first, second
        Shape (n,), average present workers whom only this one counts.
    titles
        What the legend calls the two.
    """
    if not len(lon) or not float((first + second).sum()) > 0:
        return ()
    around = spread(lon, lat, cell_m=_cell_m(lon, lat), bandwidth_m=BANDWIDTH_M)
    breaks = class_breaks(around.raster(first + second).values)
    found = []
    looks = (("first", FIRST_COLOURS), ("second", UNVERIFIED_COLOURS))
    for (layer, ramp), some, title in zip(looks, (first, second), titles, strict=True):
        if float(some.sum()) > 0:
            drawn = _surface(layer, around.raster(some), breaks, ramp)
            found.append(replace(drawn, title=title))
    return tuple(found)


def class_breaks(values: NDArray[np.float32]) -> tuple[float, ...]:
    """Return CLASSES lower limits of the 1-2-5 ladder, the highest at or below the 99th percentile.

    Cells with less than a hundred-thousandth of the peak are empty ground and do not count.
    """
    busy = values[values > values.max() * 1e-5]
    top = float(np.percentile(busy, 99)) if len(busy) else 1.0
    ladder = [m * 10.0**e for e in range(-6, 9) for m in (1, 2, 5)]
    below = [step for step in ladder if step <= top]
    return tuple(below[-CLASSES:]) or (ladder[0],)


def _surface(
    layer: str, raster: Raster, breaks: tuple[float, ...], ramp: tuple[str, ...]
) -> Surface:
    ramp, opacity = ramp[-len(breaks) :], _OPACITY[-len(breaks) :]
    colours = tuple(f"{c}{alpha:02x}" for c, alpha in zip(ramp, opacity, strict=True))
    bounds = (raster.west, raster.south, raster.east, raster.north)
    hatched = layer in {"unverified", "second"}
    return Surface(layer, partial(_classes, raster, breaks), bounds, breaks, colours, hatched)


def _classes(raster: Raster, breaks: tuple[float, ...]) -> NDArray[np.uint8]:
    # Finer by interpolation before it is cut into classes: their borders are lines, not stairs.
    fine = zoom(raster.values, _FINER, order=3, mode="nearest", grid_mode=True)
    even = mercator_rows(fine, raster.south, raster.north)
    reached = [even >= np.float32(least) for least in breaks]
    return np.asarray(np.sum(reached, axis=0, dtype=np.uint8))


def mercator_rows(values: NDArray[_T], south: float, north: float) -> NDArray[_T]:
    """Return rows that are even in degrees, north up, as rows even on the Mercator map."""
    rows = len(values)
    top, bottom = _mercator(north), _mercator(south)
    middles = top + (np.arange(rows) + 0.5) * (bottom - top) / rows
    lat = np.degrees(2 * np.arctan(np.exp(middles)) - np.pi / 2)
    source = np.floor((north - lat) / (north - south) * rows).astype(np.int64)
    return values[np.clip(source, 0, rows - 1)]


def _mercator(lat: float) -> float:
    return float(np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)))


def _cell_m(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> float:
    margin = 2 * BANDWIDTH_M
    width = float(np.ptp(lon)) * _METRES_PER_DEGREE * float(np.cos(np.radians(lat.mean()))) + margin
    height = float(np.ptp(lat)) * _METRES_PER_DEGREE + margin
    return max(FINEST_CELL_M, float(np.sqrt(width * height / MOST_CELLS)))
