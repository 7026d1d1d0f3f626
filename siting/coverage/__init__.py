"""Who is covered: each worker once, however many stations reach him.

points    the demand table as distinct points, rows and weights in one measure
supply    which stations count, and where sites stand in a travel matrix
nominal   coverage by distance only, per unit, group and window
thin      where street data is probably incomplete
bracket   the same beside straight lines x 1.35, and how many workers are where street data is thin

Effective coverage (open, admitted, served) joins as a sibling of `nominal`.
"""

from siting.coverage.bracket import bracketed
from siting.coverage.nominal import nominal_coverage
from siting.coverage.points import Demand, read_demand
from siting.coverage.supply import counting_stations
from siting.coverage.thin import thin_rule, workers_per_km2

__all__ = [
    "Demand",
    "bracketed",
    "counting_stations",
    "nominal_coverage",
    "read_demand",
    "thin_rule",
    "workers_per_km2",
]
