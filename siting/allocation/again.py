"""A plan for what was asked a moment ago, changed a little: at once, with its gap, and then better.

Who plans turns one screw after another: more stations, less money, other weights, this site for
certain, that one not. The catchments stay. So what rests on them is made once (`keep`): candidates
by merged rows. From one question to the next `Again` keeps the best plans and, for each row, its
price as a share of its weight. Any prices bound every plan (`siting.allocation.bound.priced`), so
old prices give a new bound at once; a few steps of the relaxation from there make it good. Old
plans, cut to what may be opened and filled up, are where the swaps begin.

A site that must be opened is opened: its rows are gone, the limits are less by one site and by its
cost. That is exact and needs no side constraint. Quotas and pairs are kept to as ever. Questions
with floors, or that nothing fits, begin as if nothing were known.
"""

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
from scipy import sparse

from siting.allocation import anneal, contained
from siting.allocation.bound import EXACT, Priced, Relaxation, priced
from siting.allocation.contained import PlanSearch
from siting.allocation.engine import POOL_MARGIN, SMALL_NONZEROS, Found, completed, within
from siting.allocation.held import MEMORY_BYTES
from siting.allocation.problem import Float64, Int64, Problem, Quota
from siting.allocation.reduce import Reach, Reduced, reduce_problem, same_reach
from siting.allocation.search import complete, improve, marginal_bound, money_left, value
from siting.allocation.sided.search import sided_greedy, sided_improve
from siting.allocation.sided.sides import Sides, sides_of
from siting.allocation.solve import DEFAULT_TIME_LIMIT_S, Solution, reported
from siting.results import Stopped
from siting.sums import sum_by

QUICK_S: Final = 0.6
"""A first answer takes so long, where the search has not ended before."""

NEAR: Final = 5e-4
"""The bound of a first answer is brought so near to the relaxation, if there is time."""

PLANS_KEPT: Final = 8
_BEGUN_S = 2.0
"""What needs the solver gets so much longer: a process must begin."""

_BOUND_SHARE = 0.4
_FIRST_STEPS = 20_000
_MOST_STEPS = 400_000


@dataclass(frozen=True, eq=False)
class Kept:
    """What does not change while the catchments do not.

    Attributes
    ----------
    problem
        The question that it was made from; of later ones the catchments and costs are the same.
    whole
        All candidates that reach anybody, by merged rows, each of the weight of its points then.
    row
        int64[d]: the merged row of each demand point; -1: it has none.
    """

    problem: Problem
    whole: Reduced
    row: Int64

    def fits(self, problem: Problem) -> bool:
        """Tell whether a question is about the same catchments and costs."""
        mine = self.problem
        return not problem.floors and all(
            one is other or np.array_equal(one, other)
            for one, other in (
                (mine.covered, problem.covered),
                (mine.indptr, problem.indptr),
                (mine.demand, problem.demand),
                (mine.cost_yuan, problem.cost_yuan),
            )
        )


@dataclass(frozen=True, eq=False)
class Asked:
    """What is left to choose in one question, and the way back.

    Attributes
    ----------
    reduced
        Rows and columns that still count.
    whole
        All columns and rows, with the weights and limits of this question.
    columns, rows
        int64[]: where they stand in the whole.
    taken
        Columns of the whole that every plan has.
    """

    problem: Problem
    reduced: Reduced
    whole: Reduced
    columns: Int64
    rows: Int64
    taken: tuple[int, ...]

    def plan(self, columns: list[int]) -> list[int]:
        """Return a plan of what is left as one of the whole."""
        return [*self.taken, *self.columns[columns].tolist()]

    def part(self, plan: list[int]) -> list[int]:
        """Return what may still be chosen of a plan of the whole."""
        place = {column: at for at, column in enumerate(self.columns.tolist())}
        return [place[column] for column in plan if column in place]

    def reported(self, found: Found, *, started: float, stopped: Stopped | None = None) -> Solution:
        """Return what was found, figures recomputed from the catchments; see `solve.reported`."""
        taken_weight = self.reduced.base - self.whole.base
        plan = replace(found, plan=self.plan(found.plan), bound=found.bound + taken_weight)
        return reported(self.problem, self.whole, plan, started=started, stopped=stopped)


def keep(problem: Problem) -> Kept:
    """Return what can be used for further questions about the same catchments."""
    anybody = replace(
        problem,
        weights=np.ones_like(problem.weights),
        allowed=np.ones_like(problem.allowed),
        new=problem.candidates,
        budget_yuan=None,
        quotas=(),
        apart=(),
        floors=(),
    )
    whole = reduce_problem(anybody)
    reach = Reach(problem.indptr, problem.demand, len(problem.weights)).of(whole.site)
    return Kept(problem, whole, same_reach(reach, ~problem.covered).row)


def asked(kept: Kept, problem: Problem) -> Asked | None:
    """Return what is left to choose; None: it needs another look at the catchments, or nothing is.

    Parameters
    ----------
    problem
        With the same catchments and costs, whatever else it asks; without floors.
    """
    pins = [quota for quota in problem.quotas if _is_pin(quota)]
    sites = sorted({site for quota in pins for site in quota.sites})
    whole = _weighed(kept, problem)
    taken = np.flatnonzero(np.isin(whole.site, sites))
    money = np.inf if problem.budget_yuan is None else float(problem.budget_yuan)
    money -= float(problem.cost_yuan[sites].sum())
    new = whole.new - len(taken)
    if len(taken) < len(sites) or not problem.allowed[sites].all() or new < 0 or money < 0:
        return None
    sides = _sides(
        replace(problem, quotas=tuple(q for q in problem.quotas if q not in pins)), whole
    )
    gone = np.zeros(whole.columns)
    gone[taken] = 1.0
    open_rows = (whole.cover.T @ gone == 0) & (whole.weights > 0)
    free = problem.allowed[whole.site] & (gone == 0) & (whole.cost_yuan <= money)
    free &= whole.cover @ open_rows.astype(float) > 0
    columns = np.flatnonzero(free & sides.open_to(taken.tolist()))
    rows = np.flatnonzero(open_rows)
    reduced = Reduced(
        site=whole.site[columns],
        cover=sparse.csr_array(whole.cover[columns][:, rows]),
        weights=whole.weights[rows],
        cost_yuan=whole.cost_yuan[columns],
        points=whole.points[columns],
        new=min(new, len(columns)),
        budget_yuan=None if problem.budget_yuan is None else _money(money, whole, columns),
        base=whole.base + float(whole.weights[~open_rows].sum()),
        sides=_left(sides, taken, columns, len(rows)),
    )
    return Asked(problem, reduced, whole, columns, rows, tuple(taken.tolist()))


class Again:
    """The plans and prices of one planner's questions; not to be shared between threads.

    Examples
    --------
    >>> import numpy as np
    >>> from dataclasses import replace
    >>> from siting.allocation import Problem
    >>> problem = Problem(
    ...     weights=np.array([10.0, 20.0, 30.0]),
    ...     covered=np.zeros(3, dtype=bool),
    ...     indptr=np.array([0, 2, 3]),
    ...     demand=np.array([0, 1, 2], dtype=np.int32),
    ...     cost_yuan=np.array([2000, 2000]),
    ...     allowed=np.ones(2, dtype=bool),
    ...     new=1,
    ... )
    >>> again = Again()
    >>> first = again.answer(problem)
    >>> more = again.answer(replace(problem, new=2))
    >>> first.chosen, more.chosen, more.bound
    ((0,), (0, 1), 60.0)
    """

    def __init__(self) -> None:
        """Begin without any knowledge."""
        self._kept: Kept | None = None
        self._plans: list[list[int]] = []
        self._ratios: Float64 = np.empty(0)
        self._shares: Float64 = np.empty(0)
        self._steps_a_second = float(_FIRST_STEPS)
        self._drawn = 0

    def answer(self, problem: Problem, *, within_s: float = QUICK_S) -> Solution:
        """Return a plan and its gap soon: without a solver, from what is known.

        Parameters
        ----------
        problem
            What is asked now.
        within_s
            Wall clock for the search, if it has not ended before; catchments that are new are
            reduced besides.

        Raises
        ------
        InfeasibleError
            No plan keeps to everything, as far as can be told without a solver.
        """
        started = time.monotonic()
        question = self._asked(problem)
        found = None if question is None else self._quick(question, time.monotonic() + within_s)
        if question is None or found is None:
            return contained.solve_contained(problem, time_limit_s=within_s + _BEGUN_S)
        return question.reported(found, started=started)

    def begin(
        self,
        problem: Problem,
        *,
        tolerance: float = 0.0,
        gap: float = 0.0,
        time_limit_s: float = DEFAULT_TIME_LIMIT_S,
        memory_bytes: int | None = MEMORY_BYTES,
        seed: int = 0,
        within_s: float = QUICK_S,
    ) -> PlanSearch:
        """Return a search that has a good plan already and betters it in the background.

        Parameters
        ----------
        problem, tolerance, gap, time_limit_s, memory_bytes, seed
            As for `siting.allocation.contained.begin`.
        within_s
            As for `answer`.
        """
        started = time.monotonic()
        question = self._asked(problem)
        first = None if question is None else self._quick(question, time.monotonic() + within_s)
        if question is None or first is None:
            return contained.begin(
                problem,
                tolerance=tolerance,
                gap=gap,
                time_limit_s=time_limit_s,
                memory_bytes=memory_bytes,
                seed=seed,
            )
        search = PlanSearch(
            question.reduced, first, started, partial(self._finished, question, started)
        )
        search.look_on(
            tolerance=tolerance,
            gap=gap,
            time_limit_s=time_limit_s,
            memory_bytes=memory_bytes,
            seed=seed,
        )
        return search

    def _asked(self, problem: Problem) -> Asked | None:
        if problem.asks_nothing or problem.floors:
            return None
        if self._kept is None or not self._kept.fits(problem):
            self._kept = keep(problem)
            self._plans = []
            self._ratios = np.full(len(self._kept.whole.weights), 0.5)
            self._shares = np.zeros(self._kept.whole.columns)
        question = asked(self._kept, problem)
        if question is None or not question.reduced.columns:
            return None
        return question

    def _finished(
        self, question: Asked, started: float, found: Found, stopped: Stopped | None
    ) -> Solution:
        """Return what a search has found, and remember it."""
        self._remember(question, found.plan)
        return question.reported(found, started=started, stopped=stopped)

    def _quick(self, question: Asked, deadline: float) -> Found | None:
        """Return the best plan and bound that there is time for; None: no plan is known."""
        reduced = question.reduced
        plan = self._start(question)
        if plan is None:
            return None
        bound = min(marginal_bound(reduced, plan), float(reduced.weights.sum()))
        begun = time.monotonic()
        proof = self._bounded(question, plan, begun + _BOUND_SHARE * (deadline - begun))
        bound = max(min(bound, proof.upper), value(reduced, plan))
        if bound - value(reduced, plan) > EXACT * bound:
            plan = self._searched(reduced, plan, proof, deadline)
        plan = completed(reduced, plan)
        self._remember(question, plan)
        done = bound - value(reduced, plan) <= EXACT * bound
        return Found(plan, bound, finished=done)

    def _start(self, question: Asked) -> list[int] | None:
        """Return the best of the plans that are known, cut and filled up for this question."""
        reduced = question.reduced
        known = [_cut(reduced, question.part(plan)) for plan in (*self._plans, [])]
        if reduced.sides.empty:
            plans = [complete(reduced, plan) for plan in known]
            if reduced.budget_yuan is not None:
                plans += [complete(reduced, plan, per_yuan=True) for plan in known]
        else:
            plans = [sided_greedy(reduced, plan) for plan in known]
        kept_to = [plan for plan in plans if within(reduced, plan)]
        return max(kept_to, key=lambda plan: value(reduced, plan), default=None)

    def _bounded(self, question: Asked, plan: list[int], deadline: float) -> Priced:
        """Step the relaxation on from the prices that are known; return its best bound."""
        reduced = question.reduced
        ratios, shares = self._ratios[question.rows], self._shares[question.columns]
        known = priced(reduced, ratios * reduced.weights)
        relaxation = Relaxation(reduced, plan)
        relaxation.go_on_from(shares, ratios)
        relaxation.run(near=NEAR, deadline=deadline, reached=value(reduced, plan))
        best = relaxation.best
        if best.upper <= known.upper:
            self._ratios[question.rows] = np.clip(relaxation.prices / reduced.weights, 0.0, 1.0)
            self._shares[question.columns] = relaxation.shares
            return best
        return known

    def _searched(
        self, reduced: Reduced, plan: list[int], proof: Priced, deadline: float
    ) -> list[int]:
        """Return a plan after swaps until time is up."""
        if not reduced.sides.empty:
            return sided_improve(reduced, plan, deadline)
        if reduced.cover.nnz <= SMALL_NONZEROS or not anneal.at_hand():
            return improve(reduced, plan, deadline)
        cost = float(reduced.cost_yuan[plan].mean()) if plan else 0.0
        scale = proof.site_price + proof.yuan_price * cost
        pool = np.flatnonzero(proof.margins(reduced) >= -POOL_MARGIN * scale)
        best, reached = plan, value(reduced, plan)
        while (left := deadline - time.monotonic()) > 0:
            steps = int(min(max(left * self._steps_a_second, 1000), _MOST_STEPS))
            begun = time.monotonic()
            met = anneal.annealed(reduced, best, pool, scale=scale, steps=steps, seed=self._drawn)
            self._drawn += 1
            self._steps_a_second = steps / max(time.monotonic() - begun, 1e-4)
            if value(reduced, met) > reached and within(reduced, met):
                best, reached = met, value(reduced, met)
        return best

    def _remember(self, question: Asked, plan: list[int]) -> None:
        whole = sorted(question.plan(plan))
        self._plans = [whole, *(known for known in self._plans if known != whole)][:PLANS_KEPT]


def _is_pin(quota: Quota) -> bool:
    """Tell whether a quota asks for all of its candidates."""
    return len(set(quota.sites)) == quota.least > 0


def _weighed(kept: Kept, problem: Problem) -> Reduced:
    """Return all columns and rows with the weights, points and limits of a question."""
    open_weights = np.where(problem.covered, 0.0, problem.weights)
    merged = kept.row >= 0
    whole = kept.whole
    points = problem.points if len(problem.points) else np.zeros(problem.candidates)
    return replace(
        whole,
        weights=sum_by(kept.row[merged], open_weights[merged], len(whole.weights)),
        points=points[whole.site],
        new=whole.columns if problem.new is None else min(problem.new, whole.columns),
        budget_yuan=None
        if problem.budget_yuan is None
        else min(problem.budget_yuan, int(problem.cost_yuan.sum())),
        base=float(problem.weights[problem.covered].sum()),
    )


def _sides(problem: Problem, whole: Reduced) -> Sides:
    return sides_of(problem, whole.site, sparse.csr_array((0, len(whole.weights))))


def _left(sides: Sides, taken: Int64, columns: Int64, rows: int) -> Sides:
    return replace(sides.beside(taken, columns), inside=sparse.csr_array((0, rows)))


def _money(money: float, whole: Reduced, columns: Int64) -> int:
    return int(min(money, float(whole.cost_yuan[columns].sum())))


def _cut(reduced: Reduced, plan: list[int]) -> list[int]:
    """Return a plan without the sites that add least, until it is within the limits."""
    plan = list(dict.fromkeys(plan))
    while plan and (len(plan) > reduced.new or money_left(reduced, plan) < 0):
        times = np.zeros(len(reduced.weights))
        for column in plan:
            times[reduced.rows_of(column)] += 1
        alone = np.where(times == 1, reduced.weights, 0.0)
        losses = [float(alone[reduced.rows_of(column)].sum()) for column in plan]
        del plan[int(np.argmin(losses))]
    return plan
