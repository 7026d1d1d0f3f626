"""Who is covered: each worker once, however many stations reach him.

points    the demand table as distinct points, rows and weights in one measure
supply    which stations count, and where sites stand in a travel matrix
nominal   coverage by distance only, per unit, group and window
thin      where street data is probably incomplete
bracket   the same beside straight lines x 1.35, and how many workers are where street data is thin

cells     the groups and windows that a demand table speaks of
levels    how far each station gets each group in each window: open, admits, offers
reach     the stations within the cut-off of each point
effective coverage by what is on record, apart from what is not, and the cause of every gap
doors     how much of the time that counts as covered the door is open
mends     what would mend the gap, and what must be asked of whom
live      effective coverage kept exact while one station changes
shares    units, groups and windows in the orders that people know
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
