"""Areas of the siting rules as a small picture: a place in several shows all of them in stripes."""

import numpy as np
from numpy.typing import NDArray

from reports.webmap.surfaces import Surface, mercator_rows
from siting.areas.grid import AreaGrid
from siting.results import AreaType

# Okabe-Ito, and a grey: they stay apart for every colour deficiency.
AREA_COLOURS: dict[AreaType, str] = {
    "enterprise_cluster": "#0072b2",
    "central_urban": "#e69f00",
    "function_zone": "#009e73",
    "sparse": "#8c8c8c",
    "special": "#cc79a7",
}
_OPACITY = 150
_FAINT = 80
"""Of the sparse: most of the ground, on which the others are to be seen."""

_FINER = 8
_STRIPE = 4  # pixels of the finer picture


def area_surface(grid: AreaGrid, names: tuple[str, ...], title: str) -> Surface:
    """Return the areas of a grid as one surface.

    Parameters
    ----------
    names
        What the legend calls the areas of `grid.area_types`.
    title
        What it calls the surface.
    """
    held = np.zeros(grid.lies.shape[1:], dtype=np.uint8)
    for number in range(len(grid.area_types)):
        held |= grid.lies[number].astype(np.uint8) << number
    fine = np.repeat(np.repeat(held, _FINER, axis=0), _FINER, axis=1)
    west, south, east, north = grid.bounds
    classes = _striped(mercator_rows(fine, south, north), len(grid.area_types))
    colours = [AREA_COLOURS[area] for area in grid.area_types]
    opacity = [_FAINT if area == "sparse" else _OPACITY for area in grid.area_types]
    told = tuple(f"{c}{alpha:02x}" for c, alpha in zip(colours, opacity, strict=True))
    box = (west, south, east, north)
    return Surface("areas", lambda: classes, box, (), told, title=title, names=names)


def _striped(held: NDArray[np.uint8], areas: int) -> NDArray[np.uint8]:
    """Return 1 + the area of each pixel, 0 for none; several take turns in diagonal stripes."""
    turns = np.zeros((1 << areas, areas), dtype=np.uint8)
    sizes = np.ones(1 << areas, dtype=np.int64)
    for mask in range(1, 1 << areas):
        own = [area + 1 for area in range(areas) if mask >> area & 1]
        turns[mask, : len(own)], sizes[mask] = own, len(own)
    rows, columns = (np.arange(size) for size in held.shape)
    return np.asarray(
        turns[held, (rows[:, None] + columns) // _STRIPE % sizes[held]], dtype=np.uint8
    )
