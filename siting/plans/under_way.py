"""A proposal that is being looked for: how good it is so far, how to end it, what came of it."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from geo.errors import InfeasibleError
from siting.allocation import Solution
from siting.allocation.contained import PlanSearch
from siting.allocation.held import LOOK_S, Glance
from siting.plan_results import PlanResult


@dataclass(frozen=True)
class SoFar:
    """How good the best plan so far is.

    Attributes
    ----------
    workers_covered
        Average present workers (heads without windows), existing stations included.
    bound_workers
        No plan within the limits covers more, as far as is proved.
    workers_total
        All workers.
    seconds
        Wall clock since the search began.
    """

    workers_covered: float
    bound_workers: float
    workers_total: float
    seconds: float

    @property
    def short(self) -> float:
        """Share of all workers by which the plan can be below the best one, at most."""
        missing = max(self.bound_workers - self.workers_covered, 0.0)
        return missing / self.workers_total if self.workers_total else 0.0


Watch = Callable[[SoFar], bool]
"""Shown several times a second how good the best plan is; False stops the search."""


class Proposal(ABC):
    """What `siting.plans.proposing.begin` returns. One thread at a time may look at it."""

    @abstractmethod
    def so_far(self) -> SoFar | Glance | None:
        """Return how good the best plan so far is, in workers where it seeks coverage.

        None: there is nothing to look for.
        """

    @abstractmethod
    def over(self, wait_s: float = 0.0) -> bool:
        """Tell whether the search has ended, waiting at most so long for its end."""

    @abstractmethod
    def stop(self) -> None:
        """End the search; the best plan so far stands."""

    @abstractmethod
    def result(self, watch: Watch | None = None) -> PlanResult:
        """Return the plan, waiting for the end of the search; `watch` as for `propose`."""


@dataclass(frozen=True)
class Settled(Proposal):
    """A proposal that needed no search."""

    plan: PlanResult

    def so_far(self) -> None:
        """Return None."""

    def over(self, wait_s: float = 0.0) -> bool:
        """Return True."""
        del wait_s
        return True

    def stop(self) -> None:
        """Do nothing."""

    def result(self, watch: Watch | None = None) -> PlanResult:
        """Return the plan."""
        del watch
        return self.plan


class UnderWay(Proposal):
    """A search and what makes a result of its end."""

    def __init__(
        self,
        search: PlanSearch,
        found: Callable[[Solution], PlanResult],
        refused: Callable[[InfeasibleError], PlanResult],
        *,
        unit: Callable[[float], float],
        total: float,
    ) -> None:
        """Take a search in the weight of its problem.

        Parameters
        ----------
        found, refused
            What makes a result of a plan, or of the reason why there is none.
        unit
            Turns weight into workers.
        total
            All weight.
        """
        self._search, self._found, self._refused = search, found, refused
        self._unit, self._total = unit, total
        self._plan: PlanResult | None = None

    def so_far(self) -> SoFar:
        """Return how good the best plan so far is."""
        search, unit = self._search, self._unit
        covered, bound = search.covered, search.bound
        return SoFar(unit(covered), unit(bound), unit(self._total), search.seconds)

    def over(self, wait_s: float = 0.0) -> bool:
        """Tell whether the search has ended."""
        return self._search.over(wait_s)

    def stop(self) -> None:
        """End the search."""
        self._search.stop()

    def result(self, watch: Watch | None = None) -> PlanResult:
        """Return the plan."""
        while watch is not None and not self.over(LOOK_S):
            if not watch(self.so_far()):
                self.stop()
        if self._plan is None:
            try:
                self._plan = self._found(self._search.solution())
            except InfeasibleError as error:
                self._plan = self._refused(error)
        return self._plan
