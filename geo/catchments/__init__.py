"""Sparse walking costs between sites and demand points, exact to the millimetre.

matrix    the travel matrix, and coverage and nearest site from it
street    rows along streets; kernel computes them with numba, fallback with scipy
straight  rows along straight lines x 1.35, where there are no streets
"""

from geo.catchments.matrix import ABSENT, Travel, travel
from geo.catchments.straight import STRAIGHT_LINE_FACTOR
from geo.catchments.street import engine, street_rows

__all__ = ["ABSENT", "STRAIGHT_LINE_FACTOR", "Travel", "engine", "street_rows", "travel"]
