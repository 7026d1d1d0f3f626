"""Short walks: so many new stations that the mean walk, or the longest one, is least.

p-median and p-center: `siting.allocation.median` and `siting.allocation.center` say how. Walks are
followed beyond the cut-off, up to `walk_m`; whoever has no open station within it counts, in means,
as walking so far, and is listed. For the longest walk those whom no site reaches are left out and
listed; if so many sites cannot reach all others, there is no plan, and unless `walk_m` was given
walks are followed twice as far.
"""

import time
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from geo.catchments import ABSENT, k_nearest
from geo.errors import InfeasibleError, InputError
from siting.allocation import (
    CenterPlan,
    MedianPlan,
    WalkProblem,
    p_center,
    p_median,
)
from siting.allocation.held import NONE_IN_TIME, Keeper, Watch
from siting.allocation.median import DEFAULT_TIME_LIMIT_S
from siting.allocation.problem import Bools, Float64, Int64
from siting.costs import costs_yuan
from siting.model import Inputs, Parameters
from siting.planning import Evaluation, Rules, travel_of
from siting.plans.goals.by_points import FIRST_SHARE, ByPoints, counts
from siting.plans.goals.choice import Choice, by_gain, choice_of
from siting.plans.goals.task import Limits
from siting.plans.goals.walking_result import Farthest, Shortened, WalkingPlan, WalkingSite
from siting.plans.goals.walking_ways import Ways, enough_sites, median_points
from siting.plans.proposing import DEFAULT_TOLERANCE
from siting.plans.reasons import Outcome, infeasible_remark, remark
from siting.plans.wishes import NO_WISHES, Wishes, called
from siting.results import Status, Stopped
from siting.rules.sentences import Terms
from siting.sites import SiteTravel
from words import LANGUAGES, Lang, count, distance, say

WALK_M = 5000.0
"""Walks are followed so far unless told otherwise, metres; a longer cut-off counts instead."""

NOT_IN_TIME = frozenset({"siting_walk_center_no_plan", NONE_IN_TIME})
"""No plan was met, and none was ruled out."""

TOO_FEW = "siting_walk_center_too_few"
"""So many sites cannot bring everybody within reach."""

MOST_WAYS = 10_000_000
"""With fewer ways between sites and demand points, walks may be followed twice as far."""

LONGEST_WALK_M = 40_000.0
"""Farther than that nobody walks to a station."""

TRY_SHARE = 0.25
"""Share of the time in which so many sites must be seen to be enough, or walks go on farther."""

_MM = 1000.0


def shortest_walks(  # noqa: PLR0913 - the planner's own settings, each by name
    inputs: Inputs,
    parameters: Parameters,
    *,
    shortened: Shortened,
    new: int,
    walk_m: float | None = None,
    rules: Rules | None = None,
    wishes: Wishes = NO_WISHES,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    seed: int = 0,
    previous: Evaluation | None = None,
    today: date | None = None,
    looked_at: Watch | None = None,
    tolerance: float = DEFAULT_TOLERANCE,
) -> WalkingPlan:
    """Return where `new` stations go so that walks are short.

    Parameters
    ----------
    shortened
        The mean walk, or the longest.
    new
        So many new stations at most, those asked for by name included.
    walk_m
        Walks are followed so far, metres, at least the cut-off; None: `WALK_M`.
    rules
        A rule file whose filters keep candidates out; its points are the second goal of the mean
        walk, and decide nothing for the longest.
    wishes
        Candidates asked for and forbidden; nothing else.
    time_limit_s, seed
        Of the search.
    previous, today
        As for `siting.plans.proposing.propose`.
    looked_at
        As of `siting.plans.goals.task.Limits`.
    tolerance
        Share (0..1) of the mean walk that may be given up for more points.

    Raises
    ------
    InputError
        As `choice_of`; a `walk_m` below the cut-off; more sites asked for by name than `new`; no
        station is open and none is to be.
    """
    first = max(WALK_M, parameters.cutoff_m) if walk_m is None else walk_m
    if first < parameters.cutoff_m:
        raise InputError("siting_walk_short", walk_m=first, cutoff_m=parameters.cutoff_m)
    asked: dict[str, Any] = {
        "rules": rules,
        "wishes": wishes,
        "today": today,
        "previous": previous,
        "objective": shortened,
        "new": new,
        "time_limit_s": time_limit_s,
        "seed": seed,
        "tolerance": tolerance if shortened == "median" else 0.0,
    }
    limits = Limits(tolerance=asked["tolerance"], seed=seed, looked_at=looked_at)
    deadline = time.monotonic() + time_limit_s
    while True:
        choice = choice_of(inputs, parameters, walk_m=first, **asked)
        required = int(choice.required.sum())
        if new < required:
            raise InputError("siting_walk_required_many", new=new, required=required)
        walks = travel_of(inputs, replace(parameters, cutoff_m=first), None)
        keeper = Keeper(looked_at)
        case = _Case(inputs, choice, walks, shortened, new, first, wishes, keeper, limits)
        left_s = deadline - time.monotonic()
        if walk_m is not None or shortened == "median" or not case.may_go_farther:
            return case.solved(left_s, seed, 1.0)
        plan = case.solved(left_s, seed, TRY_SHARE)
        if plan.bound_m is not None or plan.stopped == "cancelled":
            return plan
        first *= 2


@dataclass(frozen=True, eq=False)
class _Case:
    """One question, and what its answer is made from; `walks` reach up to `walk_m`."""

    inputs: Inputs
    choice: Choice
    walks: SiteTravel
    shortened: Shortened
    new: int
    walk_m: float
    wishes: Wishes
    keeper: Keeper
    limits: Limits

    @property
    def weights(self) -> Float64:
        return self.walks.demand.point_hours

    def opened(self, chosen: Int64) -> Bools:
        """Return bool[sites]: existing stations, and candidates by number."""
        mask = self.walks.open_sites(self.inputs.stations)
        mask[self.walks.stations + chosen] = True
        return mask

    @property
    def may_go_farther(self) -> bool:
        """Whether walks twice as far are still walks, and not too many."""
        return self.walk_m < LONGEST_WALK_M and len(self.walks.matrix.cost) < MOST_WAYS

    def solved(self, time_limit_s: float, seed: int, first_share: float) -> WalkingPlan:
        """Return the plan, or the one that opens nothing and says why.

        `first_share` of the time is there to see whether so many sites are enough.
        """
        required = np.flatnonzero(self.choice.required)
        stations = np.zeros(self.walks.stations, dtype=bool)
        problem = WalkProblem(
            travel=self.walks.matrix,
            weights=self.weights,
            existing=self.opened(required),
            allowed=np.concatenate([stations, self.choice.allowed]),
            new=self.new - len(required),
            penalty=round(self.walk_m * _MM),
        )
        try:
            if self.shortened == "median":
                return self._median(problem, required, time_limit_s)
            center = self.keeper.run(
                p_center,
                problem,
                unreachable="leave_out",
                time_limit_s=time_limit_s,
                first_share=first_share,
                seed=seed,
            )
        except InfeasibleError as error:
            return self._without(error)
        return self._plan(center, center.bound / _MM, required)

    def _median(self, problem: WalkProblem, required: Int64, time_limit_s: float) -> WalkingPlan:
        """Return the plan with the least mean walk, or one nearly as good with more points."""
        deadline = time.monotonic() + time_limit_s
        weighed = counts(self.choice.scores, self.limits)
        median: MedianPlan = self.keeper.run(
            p_median,
            problem,
            time_limit_s=time_limit_s * (FIRST_SHARE if weighed else 1.0),
            seed=self.limits.seed,
        )
        if not weighed:
            return self._plan(median, self._mean_of(median.bound), required)
        points = median_points(
            self.walks, self.choice, problem, median, self.limits, deadline - time.monotonic()
        )
        chosen = tuple(self.walks.stations + site for site in points.chosen)
        found = replace(median, chosen=chosen, status=points.status(median.status))
        return self._plan(found, self._mean_of(median.bound), required, points)

    def _mean_of(self, total: float) -> float:
        """Return weight x millimetres as a mean walk in metres; 0 without demand."""
        return total / (self.choice.total or 1.0) / _MM

    def _plan(
        self,
        found: MedianPlan | CenterPlan,
        bound_m: float,
        required: Int64,
        points: ByPoints | None = None,
    ) -> WalkingPlan:
        new = np.array(found.chosen, dtype=np.int64) - self.walks.stations
        chosen = np.concatenate([required, new])
        costs, assumed = costs_yuan(self.inputs.candidates)
        ids, names = self.inputs.candidates["id"].astype(str), called(self.inputs.candidates)
        outcome = Outcome(
            asked=0,
            selected=len(chosen),
            unattached=self.walks.unattached_candidates(ids),
            assumed=tuple(names.iloc[site] for site in chosen.tolist() if assumed[site]),
            names=dict(zip(ids, names, strict=True)),
            wishes=self.wishes,
            stopped=self._stopped(found.status),
        )
        said = {lang: self._remark(outcome, lang, points) for lang in LANGUAGES}
        selected = self._selected(chosen, costs, assumed)
        return self._made(
            chosen, selected, bound_m, found.status, found.seconds, (said["zh"], said["en"])
        )

    def _stopped(self, status: Status) -> Stopped | None:
        return (self.keeper.stopped or "time") if status == "time_limit" else None

    def _remark(self, outcome: Outcome, lang: Lang, points: ByPoints | None) -> str:
        fewer = outcome.selected < self.new
        facts = {"new": self.new, "selected": outcome.selected}
        told = say(f"siting.walk.fewer_{self.shortened}", lang, **facts) if fewer else ""
        took = "" if points is None else points.said(lang)
        parts = (took, told, remark(outcome, lang))
        return (" " if lang == "en" else "").join(part for part in parts if part)

    def _without(self, error: InfeasibleError) -> WalkingPlan:
        off_streets = self.walks.unattached_candidates(self.inputs.candidates["id"])
        table = self.inputs.candidates
        names = dict(zip(table["id"].astype(str), called(table), strict=True))
        said = [
            infeasible_remark(why, off_streets, self.wishes, lang, names)
            for lang, why in self._why_none(error)
        ]
        status: Status = "time_limit" if error.code in NOT_IN_TIME else "infeasible"
        nothing = np.empty(0, dtype=np.int64)
        return self._made(nothing, (), None, status, 0.0, (said[0], said[1]))

    def _why_none(self, error: InfeasibleError) -> list[tuple[Lang, str]]:
        """Return why there is no plan, and how many sites there would have to be, in words."""
        told: dict[Lang, str] = {lang: error.message(lang) for lang in LANGUAGES}
        least = None
        if error.code == TOO_FEW:
            opened = self.opened(np.flatnonzero(self.choice.required))
            least = enough_sites(self.walks, self.choice, opened, self.keeper, self.limits.seed)
        if least is not None:
            for lang in LANGUAGES:
                facts = {"new": least, "walk": distance(self.walk_m, lang)}
                told[lang] += (" " if lang == "en" else "") + say(
                    "siting.walk.enough", lang, **facts
                )
        return list(told.items())

    def _made(
        self,
        chosen: Int64,
        selected: tuple[WalkingSite, ...],
        bound_m: float | None,
        status: Status,
        seconds: float,
        remarks: tuple[str, str],
    ) -> WalkingPlan:
        before, after = (self._ways(sites) for sites in (chosen[:0], chosen))
        present, reachable = self.walks.demand.present, self._reachable()
        beyond = np.flatnonzero((after.near == ABSENT) & (self.weights > 0))
        beyond = beyond[np.argsort(-self.weights[beyond], kind="stable")]
        return WalkingPlan(
            shortened=self.shortened,
            new=self.new,
            walk_m=self.walk_m,
            selected=selected,
            mean_walk_m_before=before.mean_m,
            mean_walk_m_after=after.mean_m,
            worst_walk_m_before=before.worst_m(reachable),
            worst_walk_m_after=after.worst_m(reachable) if bound_m is not None else None,
            bound_m=bound_m,
            workers_total=present(self.choice.total),
            workers_covered_before=present(before.covered),
            workers_covered_after=present(after.covered),
            workers_unreached_before=present(before.unreached),
            workers_unreached_after=present(after.unreached),
            farthest=tuple(self._point(at, after.near) for at in after.farthest(reachable)),
            unreached=tuple(self._point(at, after.near) for at in beyond.tolist()),
            out_of_reach=tuple(
                str(self.walks.demand.point_id[at]) for at in beyond.tolist() if not reachable[at]
            ),
            status=status,
            seconds=seconds,
            stopped=self._stopped(status),
            method=self.walks.matrix.method,
            measure=self.walks.demand.measure,
            rules=self.choice.rules,
            parameters=self.choice.settings,
            unattached_candidates=self.walks.unattached_candidates(self.inputs.candidates["id"]),
            remark_zh=remarks[0],
            remark_en=remarks[1],
        )

    def _ways(self, chosen: Int64) -> Ways:
        return Ways(self.walks, self.choice, self.walk_m, self.opened(chosen))

    def _reachable(self) -> Bools:
        """Return bool[points]: within `walk_m` of a station or of what may be opened."""
        return self.walks.matrix.covered(self.opened(np.flatnonzero(self.choice.allowed)))

    def _point(self, at: int, near: Int64) -> Farthest:
        workers = self.walks.demand.present(float(self.weights[at]))
        walk_m = None if near[at] == ABSENT else float(near[at]) / _MM
        return Farthest(str(self.walks.demand.point_id[at]), workers, walk_m)

    def _selected(self, chosen: Int64, costs: Int64, assumed: Bools) -> tuple[WalkingSite, ...]:
        """Return the sites, the one that shortens the mean walk the most first."""
        present, matrix = self.walks.demand.present, self.walks.matrix
        begun = self._ways(chosen[:0]).counted
        order, wins = by_gain(self.walks.candidate_matrix(), self.weights, begun, chosen)
        gained = self._covered_by_each(order)
        opened = np.flatnonzero(self.opened(chosen))
        nearest, walk = (part[:, 0] for part in k_nearest(matrix.take(opened), 1))
        terms = Terms(self.walks.demand.measure, matrix.method)
        ids = self.inputs.candidates["id"].astype(str)
        picked = []
        for place, (site, win) in enumerate(zip(order.tolist(), wins.tolist(), strict=True), 1):
            at = int(np.searchsorted(opened, self.walks.stations + site))
            mine = (nearest == at) & (self.weights > 0)
            row = WalkingSite(
                id=ids.iloc[site],
                order=place,
                workers_gained=present(gained[place - 1]),
                cost_yuan=int(costs[site]),
                cost_assumed=bool(assumed[site]),
                reason_zh="",
                reason_en="",
                mean_saved_m=self._mean_of(win),
                workers_nearest=present(float(self.weights[mine].sum())),
                farthest_m=float(walk[mine].max(initial=0)) / _MM,
            )
            said = {lang: _reason(row, terms, lang) for lang in ("zh", "en")}
            picked.append(replace(row, reason_zh=said["zh"], reason_en=said["en"]))
        return tuple(picked)

    def _covered_by_each(self, order: Int64) -> list[float]:
        """Return the weight that each site brings within the cut-off, beside those before it."""
        near = self.choice.sites.matrix.covered(self.opened(order[:0]))
        values = [float(self.weights[near].sum())]
        for site in (self.walks.stations + order).tolist():
            near[self.choice.sites.matrix.row(site)[0]] = True
            values.append(float(self.weights[near].sum()))
        return np.diff(values).tolist()


def _reason(site: WalkingSite, terms: Terms, lang: Lang) -> str:
    return say(
        "siting.walk.reason" if site.workers_nearest > 0 else "siting.walk.reason_nobody",
        lang,
        order=site.order,
        saved=distance(round(site.mean_saved_m, 1), lang),
        who=terms.who(lang),
        nearest=count(site.workers_nearest, lang),
        farthest=distance(round(site.farthest_m), lang),
        gained=count(site.workers_gained, lang),
    )
