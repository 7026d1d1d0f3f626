"""What a plan must also keep to: how many of which sites, which not together, what share of whom.

    Quota   of these candidates at least so many and at most so many are opened
    apart   of each pair of candidates at most one is opened
    Floor   of this demand at least so much weight is covered, by existing stations or new ones

A candidate that is required is a quota of one of one. `Sides` is the same for the columns and rows
of a reduced problem: it says whether a plan keeps to it, and which columns a plan may still take.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from siting.allocation.problem import Bools, Float64, Int64, Problem

_EXACT = 1e-9


@dataclass(frozen=True, eq=False)
class Sides:
    """Side constraints of a reduced problem with k columns and r rows.

    Attributes
    ----------
    names
        Of the quotas, then of the floors.
    members
        bool[q, k]: the columns of each quota; k columns even without a quota.
    least, most
        int64[q].
    apart
        int64[n, 2]: pairs of columns.
    inside
        bool[f, r]: the rows of each floor.
    needed
        float64[f]: weight that these rows must have covered, beyond what existing stations cover.
    """

    names: tuple[str, ...]
    members: Bools
    least: Int64
    most: Int64
    apart: Int64
    inside: Bools
    needed: Float64

    @property
    def empty(self) -> bool:
        """Whether nothing is asked beside the limits."""
        return not (len(self.members) or len(self.apart) or len(self.inside))

    @property
    def minima(self) -> bool:
        """Whether some plans are too small."""
        return bool((self.least > 0).any() or (self.needed > 0).any())

    def kept(self, plan: list[int], covered_rows: Float64) -> bool:
        """Tell whether a plan keeps to all; `covered_rows`: float64[r], the weight covered."""
        counts = self.members[:, plan].sum(axis=1)
        quotas = (counts >= self.least).all() and (counts <= self.most).all()
        return bool(quotas and not self._clashes(plan) and not self.lacking(covered_rows).any())

    def lacking(self, covered_rows: Float64) -> Float64:
        """Return float64[f]: what each floor still lacks; 0 where it is reached."""
        if not len(self.inside):
            return self.needed
        short = self.needed - self.inside @ covered_rows
        return np.where(short > _EXACT * np.maximum(self.needed, 1.0), short, 0.0)

    def open_to(self, plan: list[int], columns: int) -> Bools:
        """Return bool[k]: columns that neither a quota nor a pair keeps out of `plan`."""
        free = np.ones(columns, dtype=bool)
        full = self.members[:, plan].sum(axis=1) >= self.most
        if full.any():
            free[self.members[full].any(axis=0)] = False
        taken = np.isin(self.apart, plan)
        free[self.apart[taken[:, 0], 1]] = False
        free[self.apart[taken[:, 1], 0]] = False
        return free

    def wanted(self, plan: list[int], columns: int) -> Bools:
        """Return bool[k]: columns of a quota that has too few in `plan`; none: all have enough."""
        short = self.members[:, plan].sum(axis=1) < self.least
        if not short.any():
            return np.zeros(columns, dtype=bool)
        members: Bools = self.members[int(np.argmax(short))]
        return members

    def beside(self, taken: Int64, columns: Int64) -> Self:
        """Return what is left of quotas and pairs for `columns` when `taken` are open."""
        place = np.full(self.members.shape[1], -1, dtype=np.int64)
        place[columns] = np.arange(len(columns))
        pairs = place[self.apart]
        already = self.members[:, taken].sum(axis=1)
        return replace(
            self,
            members=self.members[:, columns],
            least=np.maximum(self.least - already, 0),
            most=self.most - already,
            apart=pairs[(pairs >= 0).all(axis=1)],
        )

    def _clashes(self, plan: list[int]) -> bool:
        return bool(np.isin(self.apart, plan).all(axis=1).any())


def sides_of(problem: Problem, site: Int64, inside: Bools) -> Sides:
    """Return the side constraints of `problem` for its candidates `site`, one per column.

    Parameters
    ----------
    inside
        bool[f, r]: the rows of each floor.
    """
    place = {int(candidate): column for column, candidate in enumerate(site)}
    members = np.zeros((len(problem.quotas), len(site)), dtype=bool)
    for number, quota in enumerate(problem.quotas):
        members[number, [place[j] for j in quota.sites if j in place]] = True
    pairs = [(place[one], place[two]) for one, two in problem.apart if {one, two} <= place.keys()]
    return Sides(
        names=(*(q.name for q in problem.quotas), *(f.name for f in problem.floors)),
        members=members,
        least=np.array([quota.least for quota in problem.quotas], dtype=np.int64),
        most=np.array(
            [len(site) if quota.most is None else quota.most for quota in problem.quotas],
            dtype=np.int64,
        ),
        apart=np.array(pairs, dtype=np.int64).reshape(-1, 2),
        inside=inside,
        needed=np.array([problem.lacking(floor) for floor in problem.floors]),
    )
