"""Location-allocation: which candidates to open, near the best, saying how near.

problem    what is asked: catchments, weights, costs, limits; frozen and validated
reduce     exact reductions: demand that the same candidates reach becomes one row
search     greedy (CELF) and swaps: a feasible plan before any solver runs
milp       the model as a sparse matrix, for HiGHS; its bound
solve      reduction, search, proof; rule points as the second goal

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

from siting.allocation.problem import Problem
from siting.allocation.solve import Solution, solve

__all__ = ["Problem", "Solution", "solve"]
