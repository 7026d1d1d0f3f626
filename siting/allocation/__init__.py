"""Location-allocation: which candidates to open, near the best, saying how near.

problem    what is asked: catchments, weights, costs, limits, quotas, floors; frozen and validated
reduce     exact reductions: demand that the same candidates reach becomes one row
sides      quotas, pairs and floors of a reduced problem
search     greedy (CELF) and swaps: a feasible plan before any solver runs
sided_search  the same, keeping to sides
anneal     annealed swaps, compiled
bound      the linear relaxation without a solver: a bound that can be recomputed from prices
fixing     smaller problems: what a bound rules out
milp       the model as a sparse matrix, for HiGHS; its bound
engine     all of these until the plan meets the bound
solve      reduction, engine; rule points as the second goal

>>> import numpy as np
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
"""

from siting.allocation.problem import Floor, Problem, Quota
from siting.allocation.solve import Solution, solve

__all__ = ["Floor", "Problem", "Quota", "Solution", "solve"]
