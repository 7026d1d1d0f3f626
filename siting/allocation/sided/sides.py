"""What a plan must also keep to: how many of which sites, which not together, what share of whom.

    Quota   of these candidates at least so many and at most so many are opened
    apart   of each pair of candidates at most one is opened
    Floor   of this demand at least so much is covered, by existing stations or new ones

A candidate that is required is a quota of one of one; a pair is a quota of at most one of two.
Pairs that form a clique are one quota of at most one of all: the same plans, a tighter relaxation
(Padberg 1973). `Sides` is the same for the columns and rows of a reduced problem: it says whether
a plan keeps to it, and which columns a plan may still take. All of it is sparse: thousands of
quotas of a few sites each, such as one for each host that may be used in several ways, cost little.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple, Self

import numpy as np
from scipy import sparse

from siting.allocation.problem import Bools, Float64, Int64, Problem

_EXACT = 1e-9


class Unmet(NamedTuple):
    """What cannot be kept to together with the rest.

    Attributes
    ----------
    name
        Of the quota or floor.
    unit
        Of both numbers: `sites`, or `share` (0..1) of all that counts in a floor.
    asked, possible
        What is asked for, and the most that is possible if all else is kept to.
    """

    name: str
    unit: Literal["sites", "share"]
    asked: float
    possible: float


@dataclass(frozen=True, eq=False)
class Sides:
    """Side constraints of a reduced problem with k columns and r rows.

    Attributes
    ----------
    names
        Of the quotas ("" for pairs), then of the floors.
    members
        sparse float64[q, k]: 1 for the columns of each quota.
    least, most
        int64[q].
    inside
        sparse float64[f, r]: what covering each row counts in each floor.
    needed
        float64[f]: what must be covered of each, beyond what existing stations cover.
    shares, totals
        float64[f]: the share asked for of each, of how much.
    """

    names: tuple[str, ...]
    members: sparse.csr_array
    least: Int64
    most: Int64
    inside: sparse.csr_array
    needed: Float64
    shares: Float64
    totals: Float64

    @property
    def empty(self) -> bool:
        """Whether nothing is asked beside the limits."""
        return not (len(self.least) or len(self.needed))

    @property
    def columns(self) -> int:
        """Number of columns."""
        return int(self.members.shape[1])

    @cached_property
    def by_column(self) -> sparse.csr_array:
        """Sparse float64[k, q]: the quotas of each column."""
        return self.members.T.tocsr()

    @cached_property
    def by_row(self) -> sparse.csr_array:
        """Sparse float64[r, f]: what each row counts in each floor."""
        return self.inside.T.tocsr()

    def counts(self, plan: list[int]) -> Int64:
        """Return int64[q]: how many of each quota a plan has."""
        opened = np.zeros(self.columns)
        opened[plan] = 1.0
        found: Int64 = np.rint(self.members @ opened).astype(np.int64)
        return found

    def kept(self, plan: list[int], covered: Bools) -> bool:
        """Tell whether a plan keeps to all; `covered`: bool[r], the rows that it covers."""
        counts = self.counts(plan)
        quotas = (counts >= self.least).all() and (counts <= self.most).all()
        return bool(quotas and not self.lacking(covered).any())

    def lacking(self, covered: Bools) -> Float64:
        """Return float64[f]: what each floor still lacks; 0 where it is reached."""
        short = self.needed - self.inside @ covered.astype(float)
        return np.where(short > _EXACT * np.maximum(self.needed, 1.0), short, 0.0)

    def open_to(self, plan: list[int]) -> Bools:
        """Return bool[k]: columns that no quota keeps out of `plan`."""
        full = self.counts(plan) >= self.most
        return np.asarray(self.by_column @ full.astype(float) == 0)

    def wanted(self, plan: list[int]) -> Bools:
        """Return bool[k]: columns of a quota that has too few in `plan`; none: all have enough."""
        short = self.counts(plan) < self.least
        found = np.zeros(self.columns, dtype=bool)
        if short.any():
            first = int(np.argmax(short))
            found[self.members.indices[slice(*self.members.indptr[first : first + 2])]] = True
        return found

    def unmet(self, floor: int, possible: float) -> Unmet:
        """Return a floor of which only `possible` is covered beyond what existing stations cover.

        What they cover is in both shares.
        """
        name, share = self.names[len(self.least) + floor], float(self.shares[floor])
        short = (float(self.needed[floor]) - possible) / float(self.totals[floor])
        return Unmet(name, "share", share, max(share - short, 0.0))

    def beside(self, taken: Int64, columns: Int64) -> Self:
        """Return what is left of the quotas for `columns` when `taken` are open."""
        already = self.counts(taken.tolist())
        return replace(
            self,
            members=self.members[:, columns],
            least=np.maximum(self.least - already, 0),
            most=self.most - already,
        ).pruned()

    def pruned(self) -> Self:
        """Return the same without quotas that any plan keeps to."""
        size = np.diff(self.members.indptr)
        asking = (self.least > 0) | (self.most < size)
        if asking.all():
            return self
        quotas, floors = self.names[: len(asking)], self.names[len(asking) :]
        named = (name for name, asks in zip(quotas, asking, strict=True) if asks)
        return replace(
            self,
            names=(*named, *floors),
            members=self.members[np.flatnonzero(asking)],
            least=self.least[asking],
            most=self.most[asking],
        )


def sides_of(problem: Problem, site: Int64, inside: sparse.csr_array) -> Sides:
    """Return the side constraints of `problem` for its candidates `site`, one per column.

    Parameters
    ----------
    inside
        sparse float64[f, r]: what each row counts in each floor.
    """
    place = np.full(problem.candidates, -1, dtype=np.int64)
    place[site] = np.arange(len(site))
    pairs = [(int(place[one]), int(place[two])) for one, two in problem.apart]
    cliques = _cliques([(one, two) for one, two in pairs if min(one, two) >= 0])
    groups = [place[list(quota.sites)] for quota in problem.quotas]
    groups = [np.unique(group[group >= 0]) for group in groups]
    groups += [np.array(clique, dtype=np.int64) for clique in cliques]
    quotas = problem.quotas
    return Sides(
        names=(
            *(q.name for q in quotas),
            *("" for _ in cliques),
            *(f.name for f in problem.floors),
        ),
        members=_as_rows(groups, len(site)),
        least=np.array([q.least for q in quotas] + [0] * len(cliques), dtype=np.int64),
        most=np.array(
            [len(site) if q.most is None else q.most for q in quotas] + [1] * len(cliques),
            dtype=np.int64,
        ),
        inside=inside,
        needed=np.array([problem.lacking(floor) for floor in problem.floors]),
        shares=np.array([floor.share for floor in problem.floors]),
        totals=np.array([float(problem.counted(floor).sum()) for floor in problem.floors]),
    ).pruned()


def _as_rows(groups: list[Int64], columns: int) -> sparse.csr_array:
    sizes = [len(group) for group in groups]
    indices = np.concatenate([*groups, np.empty(0, dtype=np.int64)])
    indptr = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    return sparse.csr_array((np.ones(len(indices)), indices, indptr), shape=(len(sizes), columns))


def _cliques(pairs: list[tuple[int, int]]) -> list[list[int]]:
    """Return cliques that have every pair between them, each grown greedily from a pair."""
    beside: dict[int, set[int]] = {}
    for one, two in pairs:
        beside.setdefault(one, set()).add(two)
        beside.setdefault(two, set()).add(one)
    left = dict.fromkeys((min(pair), max(pair)) for pair in pairs)
    found: list[list[int]] = []
    while left:
        one, two = next(iter(left))
        clique, common = [one, two], beside[one] & beside[two]
        while common:
            # Most pairs still to be told; the first of those that tell as many.
            best = max(
                sorted(common),
                key=lambda new: sum((min(new, old), max(new, old)) in left for old in clique),
            )
            clique.append(best)
            common = common & beside[best]
        for at, first in enumerate(clique):
            for second in clique[:at]:
                left.pop((min(first, second), max(first, second)), None)
        found.append(sorted(clique))
    return found
