"""A plan looked for in a process of its own, with a hard limit on time and memory.

The solver's own time limit is a wish: it has returned after twice as long, and what it does with
memory nobody limits. So the search runs in a worker process, which tells every better plan and
bound as it finds them; the process is killed at its limit, when it needs too much memory, when it
dies, or when whoever asked has seen enough, and then the best plan so far stands with the best
bound proved so far. There always is one: the greedy plan and the bound of its single gains are
made here, before the process is asked. Where those meet, no process is needed.

What travels is the reduced problem, a megabyte for 50,000 points and 2,000 candidates: a pipe takes
a few milliseconds for it, so there is no shared memory. The process serves the next search, so
that small problems need no way of their own.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import jobs
from geo.errors import InfeasibleError
from jobs import LimitReached
from siting.allocation.bound import EXACT
from siting.allocation.engine import Found, completed, within
from siting.allocation.held import (
    LOOK_S,
    MEMORY_BYTES,
    NONE_IN_TIME,
    STOPPED_BY,
    Glance,
    Watch,
    time_to_search,
)
from siting.allocation.problem import Problem
from siting.allocation.reduce import Reduced, reduce_problem
from siting.allocation.search import greedy, marginal_bound, value
from siting.allocation.sided.search import sided_greedy
from siting.allocation.solve import (
    DEFAULT_TIME_LIMIT_S,
    Solution,
    reported,
    searched,
)
from siting.results import Stopped


class PlanSearch:
    """A plan that is being looked for; made by `begin`. One thread at a time may look at it."""

    def __init__(
        self,
        reduced: Reduced,
        first: Found | None,
        started: float,
        finish: Callable[[Found, Stopped | None], Solution],
    ) -> None:
        """Take a first plan, of which it is not yet said whether it is the best.

        Parameters
        ----------
        first
            None: what is asked for needs the solver.
        started
            A reading of `time.monotonic()`.
        finish
            Makes a solution of what was found, and of what ended the search.
        """
        self._reduced, self._started, self._finish = reduced, started, finish
        self._found = first
        self._stopped: Stopped | None = None
        self._job: jobs.Job[Found] | None = None

    def look_on(
        self,
        *,
        tolerance: float,
        gap: float,
        time_limit_s: float,
        memory_bytes: int | None,
        seed: int,
    ) -> None:
        """Have a process look for something better, unless the first plan is proved the best.

        Parameters
        ----------
        time_limit_s
            Wall clock since the search began; the others are those of `begin`.
        """
        first = self._found
        wants_points = tolerance > 0 and bool(self._reduced.points.any())
        if first is not None and first.finished and not (wants_points and first.plan):
            return
        left = max(time_limit_s - self.seconds, 0.0)
        soft = time_to_search(left)
        plan = [] if first is None else first.plan
        self._job = jobs.start(
            _search,
            *(self._reduced, plan, tolerance, gap, soft, seed),
            wall_s=left,
            memory_bytes=memory_bytes,
        )

    @property
    def covered(self) -> float:
        """Weight covered by the best plan so far, existing stations included."""
        found = self._best()
        return self._reduced.base + (0.0 if found is None else value(self._reduced, found.plan))

    @property
    def bound(self) -> float:
        """No plan within the limits covers more, as far as is proved so far."""
        found = self._best()
        most = float(self._reduced.weights.sum())
        return self._reduced.base + (most if found is None else found.bound)

    @property
    def seconds(self) -> float:
        """Wall clock since it began."""
        return time.monotonic() - self._started

    def glance(self) -> Glance:
        """Return what is said of any search."""
        covered, bound = self.covered, self.bound
        return Glance(self.seconds, max(bound - covered, 0.0) / bound if bound > 0 else 0.0)

    def over(self, wait_s: float = 0.0) -> bool:
        """Tell whether the search has ended, waiting at most so long for its end."""
        return self._job is None or self._job.over(wait_s)

    def stop(self) -> None:
        """End the search; the best plan so far stays."""
        if self._job is not None:
            self._job.cancel()

    def solution(self) -> Solution:
        """Return the plan that was found, waiting for the end of the search.

        Raises
        ------
        InfeasibleError
            No plan keeps to everything, or the search was stopped before there was one.
        """
        if self._job is not None:
            try:
                self._found = self._job.result()
            except LimitReached as error:
                self._stopped = STOPPED_BY[error.limit]
                left = self._left_behind()
                self._found = None if left is None else replace(left, finished=False)
            self._job = None
        if self._found is None:
            raise InfeasibleError(
                NONE_IN_TIME, seconds=round(self.seconds, 1), stopped=self._stopped or "time"
            )
        return self._finish(self._found, self._stopped)

    def _best(self) -> Found | None:
        told = None if self._job is None else self._job.told
        if not isinstance(told, Found):
            return self._found
        first = told.bound if self._found is None else self._found.bound
        return replace(told, bound=min(told.bound, first))

    def _left_behind(self) -> Found | None:
        """Return the best plan that a search which was stopped has told, with no site missing."""
        found = self._best()
        if found is None:
            return None
        fuller = completed(self._reduced, found.plan)
        fewer = self._reduced.points[fuller].sum() < self._reduced.points[found.plan].sum()
        return found if fewer else replace(found, plan=fuller)


def begin(
    problem: Problem,
    *,
    tolerance: float = 0.0,
    gap: float = 0.0,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    memory_bytes: int | None = MEMORY_BYTES,
    seed: int = 0,
) -> PlanSearch:
    """Begin to look for a plan and return at once, with a first plan and a bound on every plan.

    Parameters
    ----------
    problem, tolerance, gap, seed
        As for `siting.allocation.solve`.
    time_limit_s
        Wall clock from now, hard: what there is when it is up stands.
    memory_bytes
        Address space of the process that looks for it, hard where the system is Linux.
    """
    started = time.monotonic()
    reduced = reduce_problem(problem)
    search = PlanSearch(
        reduced,
        _first(reduced),
        started,
        lambda found, stopped: reported(problem, reduced, found, started=started, stopped=stopped),
    )
    search.look_on(
        tolerance=tolerance,
        gap=gap,
        time_limit_s=time_limit_s,
        memory_bytes=memory_bytes,
        seed=seed,
    )
    return search


def solve_contained(
    problem: Problem,
    *,
    tolerance: float = 0.0,
    gap: float = 0.0,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    memory_bytes: int | None = MEMORY_BYTES,
    seed: int = 0,
    looked_at: Watch | None = None,
) -> Solution:
    """Return what `siting.allocation.solve` would, within hard limits; see `begin`.

    Parameters
    ----------
    looked_at
        Shown the search while it is under way; False stops it, and the best plan so far stands.

    Raises
    ------
    InfeasibleError
        No plan keeps to everything, or none was found in time that does.
    """
    search = begin(
        problem,
        tolerance=tolerance,
        gap=gap,
        time_limit_s=time_limit_s,
        memory_bytes=memory_bytes,
        seed=seed,
    )
    while looked_at is not None and not search.over(LOOK_S):
        if not looked_at(search.glance()):
            search.stop()
    return search.solution()


def prepare() -> None:
    """Have the process ready before there is a problem; does not wait for it."""
    jobs.prepare(_search)


def _first(reduced: Reduced) -> Found | None:
    """Return a plan made without a solver, and its bound; None: what is asked for needs one."""
    if reduced.sides.empty:
        plan = greedy(reduced, per_yuan=False)
        if reduced.budget_yuan is not None:
            plan = max(plan, greedy(reduced, per_yuan=True), key=lambda one: value(reduced, one))
    else:
        plan = sided_greedy(reduced, [])
        if not within(reduced, plan):
            return None
    bound = marginal_bound(reduced, plan)
    done = bound - value(reduced, plan) <= EXACT * bound
    return Found(completed(reduced, plan) if done else plan, bound, finished=done)


def _search(
    reduced: Reduced, start: list[int], tolerance: float, gap: float, limit_s: float, seed: int
) -> Found:
    """Look for a plan: the function of a job."""
    return searched(
        reduced,
        tolerance=tolerance,
        gap=gap,
        time_limit_s=limit_s,
        seed=seed,
        start=start,
        watch=jobs.report,
    )
