"""The plan whose worst-off town (group, window) is best off: the greatest least share.

    maximise   t
    subject to sum of what rows y_r count in f >= t total_f - what existing stations cover, each f
               and all that the plan must keep to besides

(maximin; Rawls 1971, Ogryczak 1997 for location). From below: whether a share is possible is a
question of floors, which swaps are driven to from the best plan known. From above: prices of what
each lacks prove a share that nobody's plan exceeds; small problems are proved by HiGHS with t as an
unknown. What is found becomes a floor of each for the goals that follow: goals in order of rank.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import highspy
import numpy as np
from scipy import sparse

from siting.allocation import anneal
from siting.allocation.bound import EXACT, Point, Priced, Relaxation, priced
from siting.allocation.engine import (
    EXACT_NONZEROS,
    MOST_STEPS,
    SMALL_NONZEROS,
    START_SCALE,
    STEPS_A_COLUMN,
    best_plan,
    within,
)
from siting.allocation.highs import run
from siting.allocation.milp import build
from siting.allocation.problem import Float64, Floor, Problem
from siting.allocation.reduce import Reduced, reduce_problem
from siting.allocation.sided.anneal import Course, sided_annealed
from siting.allocation.sided.floor_sites import with_implied_quotas
from siting.allocation.sided.prices import no_prices
from siting.allocation.sided.search import covered_rows, sided_greedy

NEAR = 3e-3
"""A plan is looked for that is nearer to the bound by at least so much of the distance."""

SAME_SHARE = 1e-6
"""Shares this near are the same: the exact solver tells no smaller differences."""

_FIRST_SHARE, _SEARCH_SHARE, _BOUND_SHARE, _TRY_SHARE = 0.1, 0.6, 0.2, 0.1
_IMPLY_SHARE = 0.3
_POOL_MARGIN = 0.3
_FAINT = 0.02
"""The goal's share of the weight while shares are priced: enough to size the steps by."""

_STEPS, _MOST_STEPS, _LITTLE = 200, 4000, 1e-3


@dataclass(frozen=True)
class Fairest:
    """The greatest least share that was found.

    Attributes
    ----------
    share
        Of what counts in the worst-off of all, 0..1, existing stations included.
    bound
        In no plan the worst-off has more; >= `share`.
    plan
        Columns of the reduced problem.
    """

    share: float
    bound: float
    plan: tuple[int, ...]

    @property
    def proved(self) -> bool:
        """Whether no plan does better for the worst-off."""
        return self.bound - self.share <= SAME_SHARE


Watch = Callable[[Fairest], None]


@dataclass(frozen=True, eq=False)
class Shares:
    """A reduced problem whose last floors are those to be lifted, asked for in full.

    Attributes
    ----------
    reduced
        The problem.
    first
        The number of the first of them.
    """

    reduced: Reduced
    first: int

    @property
    def totals(self) -> Float64:
        """float64[g]: all that counts in each."""
        return self.reduced.sides.totals[self.first :]

    @property
    def existing(self) -> Float64:
        """float64[g]: what existing stations cover of each."""
        return self.totals - self.reduced.sides.needed[self.first :]

    @property
    def inside(self) -> sparse.csr_array:
        """Sparse float64[g, r]: what each row counts in each."""
        rows = np.arange(self.first, len(self.reduced.sides.needed))
        return self.reduced.sides.inside[rows]

    @property
    def most(self) -> float:
        """The share that no plan exceeds: that of the worst-off if every site were open."""
        everything = np.asarray(self.inside.sum(axis=1)) + self.existing
        return min(float((everything / self.totals).min()), 1.0)

    def least(self, plan: list[int]) -> float:
        """Return the share of the worst-off in a plan."""
        covered = covered_rows(self.reduced, plan).astype(float)
        return float(((self.inside @ covered + self.existing) / self.totals).min())

    def at(self, share: float) -> Reduced:
        """Return the problem with `share` asked for of each."""
        sides = self.reduced.sides
        needed, shares = sides.needed.copy(), sides.shares.copy()
        needed[self.first :] = np.maximum(share * self.totals - self.existing, 0.0)
        shares[self.first :] = share
        return replace(self.reduced, sides=replace(sides, needed=needed, shares=shares))


def shares_of(problem: Problem, fair: tuple[Floor, ...]) -> Shares:
    """Return the reduced problem in which each of `fair` that has anybody is asked for in full."""
    asked = [replace(floor, share=1.0) for floor in fair if problem.counted(floor).any()]
    whole = replace(problem, floors=(*problem.floors, *asked))
    return Shares(reduce_problem(whole), len(problem.floors))


def fairest(
    shares: Shares, *, time_limit_s: float, seed: int, watch: Watch | None = None
) -> Fairest:
    """Return a plan whose worst-off has the greatest share, and a bound on that of every plan.

    Parameters
    ----------
    shares
        With at least one floor to be lifted.
    time_limit_s
        Wall clock.
    seed
        Of every draw.
    watch
        Told of every better plan.

    Raises
    ------
    InfeasibleError
        No plan keeps to what is asked for besides, or none was found in time.
    """
    return _Lift(shares, time_limit_s, seed, watch).run()


class _Lift:
    """The best plan and the least bound so far."""

    def __init__(self, shares: Shares, time_limit_s: float, seed: int, watch: Watch | None) -> None:
        self.shares, self.seed, self.watch = shares, seed, watch
        self.begun, self.limit_s = time.monotonic(), time_limit_s
        self.bound, self.tries = shares.most, 0
        totals, none = shares.totals, no_prices(shares.reduced.sides)
        floors = np.concatenate([none.floors[: shares.first], totals.mean() / totals])
        self.asked = shares.reduced
        self.point = Point(
            np.zeros(shares.reduced.columns),
            np.full(len(shares.reduced.weights), 0.5),
            replace(none, floors=floors),
        )
        start = best_plan(shares.at(0.0), gap=1.0, time_limit_s=time_limit_s, seed=seed)
        self.plan = start.plan
        self.share = min(shares.least(self.plan), self.bound)

    def run(self) -> Fairest:
        """Search from below, prove from above."""
        self._tell()
        large = self._large
        if large and not self._done():
            self._price(self._until(_FIRST_SHARE))
        self._search()
        if large and not self._done():
            self._price(self._until(_SEARCH_SHARE + _BOUND_SHARE))
        if not self._done() and self.shares.reduced.cover.nnz <= EXACT_NONZEROS:
            self._solve()
        return self._found()

    @property
    def _large(self) -> bool:
        """Small problems are the exact solver's: prices and machine code come too late for them."""
        return bool(self.shares.reduced.cover.nnz > SMALL_NONZEROS)

    def _found(self) -> Fairest:
        return Fairest(self.share, max(self.bound, self.share), tuple(self.plan))

    def _done(self) -> bool:
        return self.bound - self.share <= SAME_SHARE

    def _until(self, share: float) -> float:
        return self.begun + share * self.limit_s

    def _tell(self) -> None:
        if self.watch is not None:
            self.watch(self._found())

    def _search(self) -> None:
        """Ask for a little more than the best plan has: less more where it is not found."""
        more = 0.3
        while more > NEAR and not self._done() and time.monotonic() < self._until(_SEARCH_SHARE):
            asked = self.share + more * (self.bound - self.share)
            plan = self._reaching(asked)
            if plan is None:
                more *= 0.5
            else:
                self._take(plan)

    def _take(self, plan: list[int]) -> None:
        share = min(self.shares.least(plan), self.bound)
        if share > self.share and within(self.shares.at(0.0), plan):
            self.plan, self.share = plan, share
            self._tell()

    def _reaching(self, share: float) -> list[int] | None:
        """Return a plan in which each has `share`, if one is found."""
        asked = self.shares.at(share)
        plan = sided_greedy(asked, [])
        if not within(asked, plan) and self._large and anneal.AVAILABLE:
            limit_s = _IMPLY_SHARE * _TRY_SHARE * self.limit_s
            tight = with_implied_quotas(asked, limit_s=limit_s, seed=self.seed)
            self.tries += 1
            plan = sided_annealed(tight, self.plan, self._course(), any_plan=True)
        return plan if within(asked, plan) else None

    def _course(self) -> Course:
        reduced, prices = self.shares.reduced, self.point.sides.floors
        proof = priced_shares(self.shares, self.asked, self.point)
        scale = max(proof.site_price, 0.0)
        pool = np.flatnonzero(proof.margins(reduced) >= -_POOL_MARGIN * scale)
        if not scale:
            gains = np.sort(reduced.cover @ reduced.weights)
            scale = float(gains[-max(reduced.new, 1) :].mean()) * START_SCALE
            pool = np.arange(reduced.columns)
        steps = min(STEPS_A_COLUMN * len(pool), MOST_STEPS)
        return Course(pool, scale, prices, steps, self.seed + self.tries)

    def _price(self, until: float) -> None:
        """Lower the bound by prices of what each lacks of it, again and again (Dinkelbach 1967).

        What a floor implies at the share that is reached holds in every better plan.
        """
        limit_s = _IMPLY_SHARE * (until - time.monotonic())
        reached = self.shares.at(self.share)
        tight = with_implied_quotas(reached, limit_s=limit_s, seed=self.seed)
        asked = replace(tight, weights=_FAINT * tight.weights)
        # Quotas that the share implies are others each time: their prices begin anew.
        floors = self.point.sides.floors
        point = self.point._replace(sides=replace(no_prices(asked.sides), floors=floors))
        steps = _STEPS
        while steps <= _MOST_STEPS and not self._done() and time.monotonic() < until:
            before = self.bound
            relaxation = Relaxation(_with_share(asked, self.shares, self.bound), self.plan)
            relaxation.go_on_from(point.x, point.ratios)
            relaxation.begin_at(point.sides)
            relaxation.advance(steps)
            point = relaxation.average
            for tried in (point, relaxation.last):
                self.bound = min(self.bound, bound_on_share(self.shares, asked, tried))
            self.bound = max(self.bound, self.share)
            if before - self.bound <= _LITTLE * before:
                steps *= 2
        self.point, self.asked = point, asked

    def _solve(self) -> None:
        """Ask the exact solver for the rest, from the plan."""
        reduced = self.shares.reduced
        sites, rows = reduced.cover.shape
        start = np.zeros(sites + rows + 1)
        start[self.plan] = 1.0
        start[sites:-1] = covered_rows(reduced, self.plan)
        start[-1] = self.share
        left_s = self._until(1.0) - time.monotonic()
        ran = run(
            build_fairest(self.shares), start.tolist(), sites, time_limit_s=left_s, seed=self.seed
        )
        if ran.chosen is not None:
            self._take(np.flatnonzero(ran.chosen).tolist())
        self.bound = max(min(self.bound, ran.bound), self.share)


def _with_share(asked: Reduced, shares: Shares, share: float) -> Reduced:
    """Return a problem that has more quotas than that of `shares`, with a share asked for."""
    return replace(asked, sides=replace(asked.sides, needed=shares.at(share).sides.needed))


def bound_on_share(shares: Shares, asked: Reduced, point: Point) -> float:
    """Return the share that nobody's plan exceeds, as prices prove it; infinite: they prove none.

    With no goal but the floors, a bound below nothing says that no plan reaches them. It falls with
    the share that is asked for, at the price of all that counts: so it is nothing at one share.

    Parameters
    ----------
    asked
        The problem, with quotas that hold in every plan as good as the best known.
    point
        Its prices, whatever they are.
    """
    per_share = float((point.sides.floors[shares.first :] * shares.totals).sum())
    if per_share <= 0:
        return float("inf")
    return priced_shares(shares, asked, point).upper / per_share * (1 + EXACT)


def priced_shares(shares: Shares, asked: Reduced, point: Point) -> Priced:
    """Return what prices prove where nothing is a goal and of each the share 0 is asked for."""
    first, prices = shares.first, point.sides
    needed = shares.reduced.sides.needed.copy()
    needed[first:] = -shares.existing
    goalless = replace(
        asked, weights=np.zeros(len(asked.weights)), sides=replace(asked.sides, needed=needed)
    )
    weights = prices.weights(goalless.sides, goalless.weights)
    return priced(goalless, weights * point.ratios, prices)


def build_fairest(shares: Shares) -> highspy.HighsLp:
    """Return the model: that of coverage with t as an unknown more, and as its goal."""
    model = build(shares.at(0.0))
    sites, rows = shares.reduced.cover.shape
    # The last rows are the floors to be lifted, each in a unit of its own: asked anew, as shares.
    kept = model.num_row_ - len(shares.totals)
    held = model.a_matrix_
    matrix = sparse.csc_array(
        (held.value_, held.index_, held.start_), shape=(model.num_row_, sites + rows)
    ).tocsr()[np.arange(kept)]
    of_total = sparse.diags_array(1.0 / shares.totals) @ shares.inside
    ones = np.ones((len(shares.totals), 1))
    blocks = [
        [matrix[:, np.arange(sites)], matrix[:, sites + np.arange(rows)], None],
        [None, of_total, sparse.csr_array(-ones)],
    ]
    whole = sparse.block_array(blocks, format="csc")
    model.num_col_ += 1
    model.col_cost_ = np.append(np.zeros(sites + rows), 1.0)
    model.col_lower_ = np.append(model.col_lower_, 0.0)
    model.col_upper_ = np.append(model.col_upper_, 1.0)
    model.row_lower_ = np.append(model.row_lower_[:kept], -shares.existing / shares.totals)
    model.row_upper_ = np.append(model.row_upper_[:kept], np.full(len(shares.totals), np.inf))
    model.a_matrix_.start_, model.a_matrix_.index_ = whole.indptr, whole.indices
    model.a_matrix_.value_ = whole.data
    model.integrality_ = [*model.integrality_, highspy.HighsVarType.kContinuous]
    model.col_names_ = [*model.col_names_, "t"]
    return model
