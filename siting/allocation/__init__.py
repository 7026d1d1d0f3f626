"""Location-allocation: which candidates to open, near the best, saying how near.

problem    what is asked: catchments, weights, costs, limits, quotas, floors; frozen and validated
reduce     exact reductions: demand that the same candidates reach becomes one row
search     greedy (CELF) and swaps: a feasible plan before any solver runs
anneal     annealed swaps, compiled
sided      quotas, pairs and floors: the same keeping to them, and their prices for the bound
bound      the linear relaxation without a solver: a bound that can be recomputed from prices
products   sums over what columns reach, for the bound's many steps
fixing     smaller problems: what a bound rules out
merging    the best that can be put together of several plans
least      what answers have in common where the least is sought
exchange   what each site of a plan is worth, and what could stand in its place
highs      how HiGHS is run
milp       the model as a sparse matrix, for HiGHS; its bound
branching  branch and bound of our own on such a model
engine     all of these until the plan meets the bound
fairness   the worst-off town, group or window as well off as can be, before other goals
solve      reduction, engine; rule points as the second goal
contained  the same in a process of its own: hard limits, cancel, the best plan so far
held       any other search in a process of its own, in the same way
again      the same for a question changed a little: at once, from what is known

>>> import numpy as np
>>> from scipy import sparse
>>> problem = Problem(
...     weights=np.array([10.0, 20.0, 30.0]),
...     covered=np.zeros(3, dtype=bool),
...     indptr=np.array([0, 2, 3]),
...     demand=np.array([0, 1, 2], dtype=np.int32),
...     cost_yuan=np.array([2000, 2000]),
...     allowed=np.ones(2, dtype=bool),
...     new=1,
... )
>>> solution = solve(problem)
>>> solution.chosen, solution.after, solution.bound, solution.status
((0,), 30.0, 30.0, 'optimal')

Other questions of the same kind, each with its own problem, plan and bound:

set_covering  everybody, or a share, with the fewest stations or the least money; on
              the room `cover`
median        the least mean walk
center        the least longest walk: covers within a radius that is halved; both on the room
              `walking`, whose `walks` is the problem that they share, from a travel matrix
saddle        steps towards both sides of a linear relaxation
gradual       the most weight weighed by the way: covering of a row per band and point
backup        the most weight covered once and, for less, twice; on the room `counted`
capacity      the most workers with a seat in every window; on the room `seats` (maximum
              flows) and lazy_search
reopened      limits and wishes for goals to which demand matters that is covered already
most          what answers have in common where the most is sought
robust        the most expected coverage where hosts may leave; on the same
counted       rows whose worth grows with the number of open sites that reach them
roll_out      which sites in which year: the most over all years; on the same
leaving       the worst that a few hosts can do by leaving
near_best     the next best plans; what may be swapped at next to no price
stability     plans under shaken demand
pareto        two goals at once: plans of which none is worse than another in both;
              pareto_walk: coverage and the mean walk
worths        what any set of candidates is worth by each goal; swaps: what could stand in
second_goal   rule points among plans that are nearly as good by the first goal

>>> asked = CoveringProblem(
...     weights=np.array([10.0, 20.0, 30.0]),
...     covered=np.array([True, False, False]),
...     indptr=np.array([0, 2, 3]),
...     demand=np.array([0, 1, 2], dtype=np.int32),
...     cost_yuan=np.array([2000, 9000]),
...     allowed=np.ones(2, dtype=bool),
...     goal="money",
...     share=0.6,
... )
>>> plan = cover(asked)
>>> plan.chosen, plan.value, plan.bound, plan.after, plan.status
((1,), 9000, 9000, 40.0, 'optimal')

>>> from geo.catchments import Travel
>>> status = np.zeros(2, dtype=np.uint8)
>>> travel = Travel(
...     indptr=np.array([0, 2, 3]),
...     demand=np.array([0, 1, 1], dtype=np.int32),
...     cost=np.array([100_000, 400_000, 50_000], dtype=np.int32),
...     method="street",
...     site_status=status,
...     demand_status=status,
...     cutoff=500.0,
... )
>>> walks = WalkProblem(
...     travel=travel,
...     weights=np.array([3.0, 1.0]),
...     existing=np.array([True, False]),
...     allowed=np.ones(2, dtype=bool),
...     new=1,
...     penalty=1_000_000,
... )
>>> p_median(walks).mean, p_center(walks).value
(87500.0, 100000)

The first problem again, by softer goals: the candidates are 100, 400 and 200 from the points.

>>> near = GradualProblem(
...     base=problem,
...     cost=np.array([100, 400, 200], dtype=np.int32),
...     nearest=np.full(3, -1, dtype=np.int32),
...     bands=(Band(300, 1.0), Band(500, 0.6)),
... )
>>> solve_gradual(near).chosen, solve_gradual(near).after
((1,), 30.0)
>>> twice = BackupProblem(problem, twice=np.zeros(3, dtype=bool), share=0.3)
>>> solve_backup(twice).after, solve_backup(twice).status
(21.0, 'optimal')
>>> seats = CapacityProblem(
...     base=problem,
...     heads=np.array([[10], [20], [30]]),
...     hours=np.array([1.0]),
...     station_reach=sparse.csr_array((0, 3), dtype=bool),
...     station_seats=np.empty((0, 1), dtype=np.int64),
...     seats=np.array([[25], [12]]),
... )
>>> solve_capacity(seats).chosen, solve_capacity(seats).after
((0,), 25.0)
"""

from siting.allocation.again import Again
from siting.allocation.backup import BackupPlan, BackupProblem, solve_backup
from siting.allocation.capacity import CapacityPlan, CapacityProblem, solve_capacity
from siting.allocation.center import CenterPlan, p_center
from siting.allocation.contained import PlanSearch, begin, solve_contained
from siting.allocation.gradual import Band, GradualPlan, GradualProblem, solve_gradual
from siting.allocation.median import MedianPlan, p_median
from siting.allocation.problem import Floor, Problem, Quota
from siting.allocation.set_covering import (
    Covering,
    CoveringProblem,
    cover,
    covering_problem,
    cutoffs_needed,
)
from siting.allocation.solve import Solution, solve
from siting.allocation.walking.walks import WalkProblem

__all__ = [
    "Again",
    "BackupPlan",
    "BackupProblem",
    "Band",
    "CapacityPlan",
    "CapacityProblem",
    "CenterPlan",
    "Covering",
    "CoveringProblem",
    "Floor",
    "GradualPlan",
    "GradualProblem",
    "MedianPlan",
    "PlanSearch",
    "Problem",
    "Quota",
    "Solution",
    "WalkProblem",
    "begin",
    "cover",
    "covering_problem",
    "cutoffs_needed",
    "p_center",
    "p_median",
    "solve",
    "solve_backup",
    "solve_capacity",
    "solve_contained",
    "solve_gradual",
]
