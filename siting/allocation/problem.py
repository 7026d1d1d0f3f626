"""What a plan is asked for: catchments, weights, costs and limits; frozen and validated."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geo.errors import InfeasibleError, InputError
from siting.sums import sum_by

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]
_EXACT = 1e-9


@dataclass(frozen=True)
class Quota:
    """Of these candidates at least `least` and at most `most` (None: any number) are opened.

    Attributes
    ----------
    name
        As people call it: in sentences on what cannot be kept to.
    sites
        Candidates, by their place in the table.
    """

    name: str
    sites: tuple[int, ...]
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, eq=False)
class Floor:
    """Of these demand points at least `share` (0..1) is covered.

    Attributes
    ----------
    name
        As people call it.
    points
        bool[d].
    weights
        float64[d], >= 0: what each point counts in this floor, such as the workers of one group;
        None: as much as in the goal.
    """

    name: str
    points: Bools
    share: float
    weights: Float64 | None = None


@dataclass(frozen=True, eq=False)
class Problem:
    """Maximal covering with existing stations: d demand points, s candidates.

    Attributes
    ----------
    weights
        float64[d], >= 0: worker-hours (or heads) at each demand point.
    covered
        bool[d]: points that the existing stations cover already; they stay covered.
    indptr, demand
        int64[s + 1] and int32[nnz]: candidate j reaches demand[indptr[j] : indptr[j + 1]].
    cost_yuan
        int64[s], >= 0.
    allowed
        bool[s]: candidates that may be chosen; one that streets do not reach may not.
    new
        At most so many new sites; None: as many as the budget pays.
    budget_yuan
        At most so much money for all new sites together; None: no limit.
    points
        float64[s], >= 0: rule points, the second goal; empty: there is none.
    quotas, apart, floors
        What a plan must also keep to; of each pair in `apart` at most one candidate is opened.

    Raises
    ------
    InputError
        A limit is negative, or there is none; a quota of more than its most, a share above 1.
    InfeasibleError
        Something may be built, but no candidate may be chosen or paid.
    """

    weights: Float64
    covered: Bools
    indptr: Int64
    demand: NDArray[np.int32]
    cost_yuan: Int64
    allowed: Bools
    new: int | None = None
    budget_yuan: int | None = None
    points: Float64 = field(default_factory=lambda: np.empty(0))
    quotas: tuple[Quota, ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    floors: tuple[Floor, ...] = ()

    def __post_init__(self) -> None:
        """Refuse limits that mean nothing or that nothing can meet."""
        if self.new is None and self.budget_yuan is None:
            raise InputError("siting_plan_no_limit")
        if self.new is not None and self.new < 0:
            raise InputError("siting_plan_new_negative", new=self.new)
        if self.budget_yuan is not None and self.budget_yuan < 0:
            raise InputError("siting_plan_budget_negative", budget=self.budget_yuan)
        for quota in self.quotas:
            if quota.least < 0 or (quota.most is not None and quota.most < quota.least):
                raise InputError(
                    "siting_plan_quota", name=quota.name, least=quota.least, most=quota.most
                )
        for floor in self.floors:
            if not 0 <= floor.share <= 1:
                raise InputError("siting_plan_floor", name=floor.name, share=floor.share)
        if not self.asks_nothing:
            self._require_choice()

    @property
    def sided(self) -> bool:
        """Whether a plan must keep to more than the limits."""
        return bool(self.quotas or self.apart or self.floors)

    @property
    def asks_nothing(self) -> bool:
        """Whether nothing need be built: no new site, or no money and no number of sites."""
        return self.new == 0 or (self.new is None and self.budget_yuan == 0)

    @property
    def candidates(self) -> int:
        """Number of candidates."""
        return len(self.cost_yuan)

    @property
    def payable(self) -> Bools:
        """bool[s]: candidates that may be chosen and that the whole budget could pay."""
        if self.budget_yuan is None:
            return self.allowed
        return self.allowed & (self.cost_yuan <= self.budget_yuan)

    def reached(self, chosen: tuple[int, ...]) -> Bools:
        """Return bool[d]: points covered by the existing stations and by `chosen`."""
        covered = self.covered.copy()
        for site in chosen:
            covered[self.demand[self.indptr[site] : self.indptr[site + 1]]] = True
        return covered

    def value(self, chosen: tuple[int, ...]) -> float:
        """Return the weight covered with `chosen`, recomputed from the catchments alone."""
        return float(self.weights[self.reached(chosen)].sum())

    def values(self, chosen: tuple[int, ...]) -> Float64:
        """Return float64[n + 1]: the weight covered with the first 0, 1, 2, … n of `chosen`.

        From the catchments alone; the last is what `value` says.
        """
        covered, found = self.covered.copy(), [self.value(())]
        for site in chosen:
            reached = np.unique(self.demand[self.indptr[site] : self.indptr[site + 1]])
            fresh = reached[~covered[reached]]
            covered[fresh] = True
            found.append(found[-1] + float(self.weights[fresh].sum()))
        found[-1] = self.value(chosen)
        return np.array(found)

    def counted(self, floor: Floor) -> Float64:
        """Return float64[d]: what covering each point counts in a floor."""
        weights = self.weights if floor.weights is None else floor.weights
        return np.where(floor.points, weights, 0.0)

    def lacking(self, floor: Floor) -> float:
        """Return what a floor asks for beyond what existing stations cover; >= 0."""
        inside = self.counted(floor)
        return max(floor.share * float(inside.sum()) - float(inside[self.covered].sum()), 0.0)

    def keeps(self, chosen: tuple[int, ...]) -> bool:
        """Tell whether `chosen` keeps to quotas, pairs and floors, whatever the limits."""
        opened = set(chosen)
        for quota in self.quotas:
            count = len(opened.intersection(quota.sites))
            if count < quota.least or (quota.most is not None and count > quota.most):
                return False
        if any(one in opened and two in opened for one, two in self.apart):
            return False
        reached = self.reached(chosen)
        for floor in self.floors:
            counted = self.counted(floor)
            asked = floor.share * float(counted.sum())
            if float(counted[reached].sum()) < asked - _EXACT * max(asked, 1.0):
                return False
        return True

    def gains_beside(self, chosen: tuple[int, ...]) -> Float64:
        """Return float64[s]: the weight that each candidate would add to `chosen`."""
        open_weight = np.where(self.reached(chosen), 0.0, self.weights)
        owner = np.repeat(np.arange(self.candidates), np.diff(self.indptr))
        return sum_by(owner, open_weight[self.demand], self.candidates)

    def _require_choice(self) -> None:
        if not self.candidates:
            raise InputError("siting_plan_no_candidates")
        if not self.allowed.any():
            raise InfeasibleError("siting_plan_none_reached", candidates=self.candidates)
        if not self.payable.any():
            cheapest = int(self.cost_yuan[self.allowed].min())
            raise InfeasibleError(
                "siting_plan_budget_small", budget=self.budget_yuan, cheapest=cheapest
            )
