"""How HiGHS is run: one thread, a seed, no gap allowed, started from a plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from siting.allocation.problem import Bools

_OPEN = 0.5
_LEAST_S = 0.01


@dataclass(frozen=True, eq=False)
class Ran:
    """What HiGHS found.

    Attributes
    ----------
    chosen
        bool[columns]: which of the first columns its best plan opens; None: it has none.
    bound
        On the goal as the model has it; infinite if it has none yet.
    finished
        Whether it stopped because it was done, not because time was up.
    infeasible
        Whether it proved that there is no plan.
    """

    chosen: Bools | None
    bound: float
    finished: bool
    infeasible: bool


Watch = Callable[[Bools | None, float], None]
"""Told of each better plan as bool[columns] (None: there is no other) and of the bound so far."""


def opened(model: highspy.HighsLp, *, time_limit_s: float, seed: int) -> highspy.Highs:
    """Return a silent solver with the model; the time limit is wall clock, in seconds."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # theirs has no types
    solver.silent()
    options: dict[str, bool | float | str] = {
        "threads": 1,
        "parallel": "off",
        "random_seed": seed,
        "time_limit": max(time_limit_s, _LEAST_S),
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.0,
    }
    for option, setting in options.items():
        solver.setOptionValue(option, setting)
    solver.passModel(model)
    return solver


def run(
    model: highspy.HighsLp,
    start: Sequence[float],
    columns: int,
    *,
    time_limit_s: float,
    seed: int,
    watch: Watch | None = None,
) -> Ran:
    """Solve a model from the values `start` of all its columns; the first `columns` are told."""
    solver = opened(model, time_limit_s=time_limit_s, seed=seed)
    if watch is not None:
        _watched(solver, columns, watch)
    solution = highspy.HighsSolution()
    solution.col_value = list(start)
    solver.setSolution(solution)
    solver.run()
    info, status = solver.getInfo(), solver.getModelStatus()
    infeasible = status == highspy.HighsModelStatus.kInfeasible
    chosen = None
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        chosen = np.array(solver.getSolution().col_value[:columns]) > _OPEN
    return Ran(
        chosen=chosen,
        bound=float(info.mip_dual_bound),
        finished=infeasible or status == highspy.HighsModelStatus.kOptimal,
        infeasible=infeasible,
    )


def _watched(solver: highspy.Highs, columns: int, watch: Watch) -> None:
    """Have `watch` told of plans and bounds while the solver runs."""

    def better(event: highspy.HighsCallbackEvent) -> None:
        chosen = np.asarray(event.data_out.mip_solution[:columns]) > _OPEN
        watch(chosen, float(event.data_out.mip_dual_bound))

    def bounded(event: highspy.HighsCallbackEvent) -> None:
        watch(None, float(event.data_out.mip_dual_bound))

    solver.cbMipImprovingSolution.subscribe(better)
    solver.cbMipLogging.subscribe(bounded)
