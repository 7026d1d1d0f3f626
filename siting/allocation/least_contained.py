"""Covers, medians and centers in a process of their own, with a hard limit on time and memory.

As `siting.allocation.contained` for plans that seek the most: the process tells plans and bounds
on the way, and what it told last stands when it is killed at its time limit, needs too much memory,
or dies.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import jobs
from geo.errors import InfeasibleError
from jobs import LimitReached
from siting.allocation.center import CenterPlan
from siting.allocation.contained import MEMORY_BYTES, NONE_IN_TIME, time_to_search
from siting.allocation.median import MedianPlan
from siting.allocation.set_covering import Covering, CoveringProblem
from siting.allocation.solve import DEFAULT_TIME_LIMIT_S
from siting.allocation.walks import WalkProblem

_Plan = TypeVar("_Plan", Covering, MedianPlan, CenterPlan)
Search = Callable[..., _Plan]
"""`cover`, `p_median` or `p_center`."""


def contained(
    search: Search[_Plan],
    problem: CoveringProblem | WalkProblem,
    *,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    memory_bytes: int | None = MEMORY_BYTES,
    **settings: Any,  # noqa: ANN401 -- those of the search
) -> _Plan:
    """Return what a search would, within hard limits.

    Parameters
    ----------
    search
        `cover`, `p_median` or `p_center`.
    time_limit_s
        Wall clock, hard.
    memory_bytes
        Address space of the process, hard where the system is Linux.
    settings
        What the search takes besides: gap, seed and so on.

    Raises
    ------
    InfeasibleError
        As the search; or it was ended before it had a plan.

    Examples
    --------
    >>> import numpy as np
    >>> from siting.allocation import CoveringProblem, cover
    >>> asked = CoveringProblem(
    ...     weights=np.array([10.0, 20.0, 30.0]),
    ...     covered=np.zeros(3, dtype=bool),
    ...     indptr=np.array([0, 2, 3]),
    ...     demand=np.array([0, 1, 2], dtype=np.int32),
    ...     cost_yuan=np.array([2000, 2000]),
    ...     allowed=np.ones(2, dtype=bool),
    ... )
    >>> contained(cover, asked).chosen
    (0, 1)
    """
    begun = time.monotonic()
    job = jobs.start(
        _searched,
        *(search, problem, {**settings, "time_limit_s": time_to_search(time_limit_s)}),
        wall_s=time_limit_s,
        memory_bytes=memory_bytes,
    )
    try:
        found: _Plan = job.result()
    except LimitReached as error:
        told: _Plan | None = job.told  # type: ignore[assignment]  # what the search reports
        seconds = time.monotonic() - begun
        if told is None:
            raise InfeasibleError(NONE_IN_TIME, seconds=round(seconds, 1)) from error
        return replace(told, seconds=seconds)
    return found


def _searched(
    search: Search[_Plan], problem: CoveringProblem | WalkProblem, settings: dict[str, Any]
) -> _Plan:
    """Search and tell on the way: the function of a job."""
    found: _Plan = search(problem, **settings, watch=jobs.report)
    return found
