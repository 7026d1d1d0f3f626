"""One plan for any goal: what is asked, and the search for it, to be looked at and stopped.

Coverage has a search of its own (`siting.plans.proposing`). For every other goal what makes the
plan runs in a thread, the search itself in a process (`siting.allocation.held`): whoever asked is
free in the meantime.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from threading import Thread
from typing import Literal

from geo.errors import PlannerError
from siting.allocation.gradual import Band
from siting.allocation.held import Glance
from siting.allocation.held import Watch as LookOn
from siting.model import Inputs, Parameters
from siting.plan_results import ForGoal, PlanResult
from siting.planning import Evaluation
from siting.plans.goals.backup import SECOND_SHARE, propose_backup
from siting.plans.goals.capacity import propose_capacity
from siting.plans.goals.covering import least_covering
from siting.plans.goals.gradual import propose_gradual
from siting.plans.goals.task import Limits
from siting.plans.goals.walking import shortest_walks
from siting.plans.under_way import Proposal, Watch

Objective = Literal[
    "coverage",
    "stations",
    "money",
    "median",
    "center",
    "gradual",
    "backup",
    "capacity",
]
"""What a plan may seek, as the command line names it."""


@dataclass(frozen=True)
class PlanAsked:
    """What is asked of a plan.

    Attributes
    ----------
    new, budget_yuan
        How large it may be; None: not said.
    target
        Share (0..1) of the workers to be covered with the least; None: not said.
    walk_m, bands, second_share, at_once
        How far walks are followed, metres; bands of distance, millimetres; what a second station
        counts; what share sits down at one time. None: as the goal has it.
    """

    objective: Objective
    new: int | None = None
    budget_yuan: int | None = None
    target: float | None = None
    walk_m: float | None = None
    bands: tuple[Band, ...] | None = None
    second_share: float | None = None
    at_once: float | None = None


def begin_for_goal(
    inputs: Inputs,
    parameters: Parameters,
    asked: PlanAsked,
    limits: Limits,
    *,
    previous: Evaluation | None = None,
) -> Proposal:
    """Begin to look for a plan that seeks something else than coverage, and return at once.

    Parameters
    ----------
    limits
        Rules, wishes, time limit and the rest; its size is that of `asked`.
    previous
        An earlier evaluation of nearly the same inputs: its distances are taken.
    """
    return InThread(partial(_made, inputs, parameters, asked, limits, previous))


class InThread(Proposal):
    """A plan that is made in a thread."""

    def __init__(self, make: Callable[[LookOn], ForGoal]) -> None:
        """Begin.

        Parameters
        ----------
        make
            Makes the plan; shows its searches to what it is given.
        """
        self._begun = time.monotonic()
        self._gap: float | None = None
        self._stopped = False
        self._plan: PlanResult | None = None
        self._error: PlannerError | None = None
        self._thread = Thread(target=self._run, args=(make,), daemon=True)
        self._thread.start()

    def so_far(self) -> Glance:
        """Return how near the best the plan so far is, where that is known."""
        return Glance(time.monotonic() - self._begun, self._gap)

    def over(self, wait_s: float = 0.0) -> bool:
        """Tell whether it has ended, waiting at most so long for its end."""
        self._thread.join(max(wait_s, 0.0))
        return not self._thread.is_alive()

    def stop(self) -> None:
        """End the search; the best plan so far stands."""
        self._stopped = True

    def result(self, watch: Watch | None = None) -> PlanResult:
        """Return the plan, waiting for it.

        Raises
        ------
        PlannerError
            What is asked for cannot be, or there was none in time.
        """
        del watch
        self._thread.join()
        if self._plan is None:
            raise self._error or RuntimeError("a search ended without a plan")
        return self._plan

    def _run(self, make: Callable[[LookOn], ForGoal]) -> None:
        try:
            self._plan = make(self._look).as_plan()
        except PlannerError as error:
            self._error = error

    def _look(self, glance: Glance) -> bool:
        self._gap = glance.gap
        return not self._stopped


def plan_for(
    inputs: Inputs,
    parameters: Parameters,
    asked: PlanAsked,
    limits: Limits,
    previous: Evaluation | None = None,
) -> ForGoal:
    """Return a plan that seeks something else than coverage; parameters as `begin_for_goal`.

    Raises
    ------
    InputError, InfeasibleError
        As what makes plans for this goal.
    """
    sized = replace(limits, new=asked.new, budget_yuan=asked.budget_yuan)
    if asked.objective in _SOFT:
        return _soft(inputs, parameters, asked, sized, previous)
    how = {name: getattr(sized, name) for name in _HOW}
    if asked.objective in {"stations", "money"}:
        return least_covering(
            inputs,
            parameters,
            sought="money" if asked.objective == "money" else "stations",
            target=asked.target,
            previous=previous,
            **how,
        )
    return shortest_walks(
        inputs,
        parameters,
        shortened="center" if asked.objective == "center" else "median",
        new=asked.new or 0,
        walk_m=asked.walk_m,
        tolerance=limits.tolerance,
        previous=previous,
        **how,
    )


def _made(
    inputs: Inputs,
    parameters: Parameters,
    asked: PlanAsked,
    limits: Limits,
    previous: Evaluation | None,
    looked_at: LookOn,
) -> ForGoal:
    watched = replace(limits, looked_at=looked_at)
    return plan_for(inputs, parameters, asked, watched, previous)


def _soft(
    inputs: Inputs,
    parameters: Parameters,
    asked: PlanAsked,
    limits: Limits,
    previous: Evaluation | None,
) -> ForGoal:
    if asked.objective == "gradual":
        return propose_gradual(inputs, parameters, limits, bands=asked.bands, previous=previous)
    if asked.objective == "capacity":
        return propose_capacity(
            inputs, parameters, limits, at_once=asked.at_once, previous=previous
        )
    share = SECOND_SHARE if asked.second_share is None else asked.second_share
    return propose_backup(inputs, parameters, limits, second_share=share, previous=previous)


_SOFT = frozenset({"gradual", "backup", "capacity"})


_HOW = ("rules", "wishes", "time_limit_s", "seed", "today", "looked_at")
