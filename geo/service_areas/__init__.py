"""Where one can walk to from a site within the cut-off: streets, areas, bands, a raster for maps.

search    what is left of the cut-off at every node that is reached
pieces    the reached pieces of street, cut at the exact position, and as lines
field     metres to spare at the points of a grid around those streets
areas     polygons: where there is something to spare; contour bands
coverage  walking distance to the nearest of many sites, as one raster
"""

from geo.service_areas.areas import Band, bands, service_area
from geo.service_areas.coverage import coverage_raster
from geo.service_areas.field import DEFAULT_CELL_M, DEFAULT_MAX_LEG_M, CostField, cost_field
from geo.service_areas.pieces import ReachedLines, reached_lines

__all__ = [
    "DEFAULT_CELL_M",
    "DEFAULT_MAX_LEG_M",
    "Band",
    "CostField",
    "ReachedLines",
    "bands",
    "cost_field",
    "coverage_raster",
    "reached_lines",
    "service_area",
]
