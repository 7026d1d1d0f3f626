"""Sparse costs between sites and demand points, exact to the millimetre (or millisecond).

matrix    the travel matrix, and coverage and nearest site from it
street    rows along streets: of any profile, in either direction
search    rows in blocks and threads; kernel computes them with numba, fallback with scipy
graph     the arcs that a search follows; places: sites and demand points on them
straight  rows along straight lines x 1.35, where there are no streets
"""

from geo.catchments.graph import Direction
from geo.catchments.matrix import ABSENT, Travel, travel
from geo.catchments.search import Rows
from geo.catchments.straight import STRAIGHT_LINE_FACTOR
from geo.catchments.street import StreetSearch, engine, street_rows

__all__ = [
    "ABSENT",
    "STRAIGHT_LINE_FACTOR",
    "Direction",
    "Rows",
    "StreetSearch",
    "Travel",
    "engine",
    "street_rows",
    "travel",
]
