"""The same limits and wishes for goals to which demand matters that is covered already."""

from dataclasses import replace

import numpy as np

from siting.allocation.problem import Float64, Floor, Problem


def reopened(problem: Problem, weights: Float64) -> Problem:
    """Return maximal covering of all demand anew, whatever existing stations cover.

    Parameters
    ----------
    weights
        float64[d]: what is to be covered. Floors ask for what existing stations leave of them, of
        whom they leave; rule points are left aside.
    """
    return replace(
        problem,
        weights=weights,
        covered=np.zeros_like(problem.covered),
        floors=tuple(_left_of(problem, floor) for floor in problem.floors),
        points=np.empty(0),
    )


def _left_of(problem: Problem, floor: Floor) -> Floor:
    inside = np.where(problem.covered, 0.0, problem.counted(floor))
    total = float(inside.sum())
    share = min(problem.lacking(floor) / total, 1.0) if total else 0.0
    return Floor(floor.name, floor.points & ~problem.covered, share, inside)
