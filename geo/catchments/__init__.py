"""Sparse costs between sites and demand points, exact to the millimetre (or millisecond).

matrix    the travel matrix, and coverage and nearest site from it
street    rows along streets: of any profile, in either direction
search    rows in blocks and threads; kernel computes them with numba, fallback with scipy
graph     the arcs that a search follows; places: sites and demand points on them
nearest   the nearest site of every demand point in one pass; the k nearest
flow      how many walkers take each street, by betweenness with ends that bear weights
live      who covers what and who is nearest, while sites come, move and go
tiles     a country in files, answered wherever they are
straight  rows along straight lines x 1.35, where there are no streets
"""

from geo.catchments.graph import Direction
from geo.catchments.live import LiveCoverage
from geo.catchments.matrix import ABSENT, Travel, travel
from geo.catchments.nearest import k_nearest, nearest, nearest_in
from geo.catchments.search import Block, Rows
from geo.catchments.straight import STRAIGHT_LINE_FACTOR
from geo.catchments.street import StreetSearch, engine, street_rows
from geo.catchments.tiles import catchments_tile, cut_tiles, tile_blocks

__all__ = [
    "ABSENT",
    "STRAIGHT_LINE_FACTOR",
    "Block",
    "Direction",
    "LiveCoverage",
    "Rows",
    "StreetSearch",
    "Travel",
    "catchments_tile",
    "cut_tiles",
    "engine",
    "k_nearest",
    "nearest",
    "nearest_in",
    "street_rows",
    "tile_blocks",
    "travel",
]
