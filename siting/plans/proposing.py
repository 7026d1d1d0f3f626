"""Which candidates to open: limits, wishes and rules in; a plan with its proof and reasons out."""

import time
from dataclasses import asdict, replace
from datetime import date
from typing import TypedDict, cast

import numpy as np

from geo.errors import InfeasibleError, InputError
from geo.streets import AttachStatus
from siting.allocation import Problem, Solution
from siting.allocation.again import Again
from siting.allocation.contained import begin as begin_search
from siting.allocation.held import NONE_IN_TIME
from siting.allocation.problem import Float64
from siting.allocation.solve import DEFAULT_TIME_LIMIT_S
from siting.costs import costs_yuan
from siting.model import Inputs, Parameters
from siting.plan_results import PlanResult, SelectedSite
from siting.planning import Evaluation, Rules, covered_by, eligible, scores_of, travel_of
from siting.plans.closing import AfterClosing, closing_of
from siting.plans.evenness import Lifted, lifted
from siting.plans.problem import problem_of
from siting.plans.reasons import Outcome, infeasible_remark, reason, remark, why_infeasible
from siting.plans.stated_need import Deciding, need_rows, without_needs
from siting.plans.under_way import Proposal, Settled, UnderWay, Watch
from siting.plans.wishes import (
    NO_WISHES,
    Wishes,
    called,
    side_constraints,
    with_rule_quotas,
)
from siting.results import CandidateScore, Measure, Method, Stopped, Unattached
from siting.rules import RuleBook, read_rules
from siting.rules.sentences import Terms
from siting.scenario import scenario_hash
from siting.sites import SiteTravel

DEFAULT_TOLERANCE = 0.005
_LEAST_S = 0.1


def propose(  # noqa: PLR0913 - the planner's own settings, each by name
    inputs: Inputs,
    parameters: Parameters,
    *,
    new: int | None = None,
    budget_yuan: int | None = None,
    rules: Rules | None = None,
    tolerance: float = DEFAULT_TOLERANCE,
    wishes: Wishes = NO_WISHES,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    seed: int = 0,
    previous: Evaluation | None = None,
    today: date | None = None,
    watch: Watch | None = None,
) -> PlanResult:
    """Return which candidates to open so that the most workers are newly covered.

    Parameters
    ----------
    new, budget_yuan
        At most so many new stations, at most so much money; one of them or both.
    rules
        A rule file whose points are the second goal; None: coverage alone.
    tolerance
        Share (0..1) of the best coverage that may be given up for more points.
    wishes
        What the plan must keep to besides; nothing by default.
    time_limit_s, seed
        Of the solver.
    today
        The day on which hosts' consents are judged where there are rules; None: none has run out.
    watch
        Shown how good the best plan is while it is looked for; False stops the search, and that
        plan stands.

    Raises
    ------
    InputError
        Tables, parameters, limits or wishes that cannot be used; no candidates.

    Notes
    -----
    Where something is to be built (`new` above 0, or a budget above 0 alone) and no candidate may
    be chosen or paid, the status is `infeasible` and the remark says why. Where nothing is asked
    for (`new` 0, or a budget of 0 alone), building nothing is the best plan. Where no plan keeps to
    all wishes, the status is `infeasible`, too, and the remark names those that cannot be kept to.
    Where the search ended before there was a plan, the status is `time_limit`, nothing is selected,
    and the bound is what all candidates could cover.

    The search runs in a process of its own: the time limit is hard (`siting.allocation.contained`).
    """
    proposal = begin(
        inputs,
        parameters,
        new=new,
        budget_yuan=budget_yuan,
        rules=rules,
        tolerance=tolerance,
        wishes=wishes,
        time_limit_s=time_limit_s,
        seed=seed,
        previous=previous,
        today=today,
    )
    return proposal.result(watch)


def begin(  # noqa: PLR0913 - as `propose`
    inputs: Inputs,
    parameters: Parameters,
    *,
    new: int | None = None,
    budget_yuan: int | None = None,
    rules: Rules | None = None,
    tolerance: float = DEFAULT_TOLERANCE,
    wishes: Wishes = NO_WISHES,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    seed: int = 0,
    previous: Evaluation | None = None,
    today: date | None = None,
    again: Again | None = None,
) -> Proposal:
    """Begin to look for what `propose` returns, and return at once.

    Parameters
    ----------
    again
        Knows the plans and prices of the questions before: a good plan is there at once, and the
        search goes on from it. None: this is the only question.

    Raises
    ------
    InputError
        As `propose`.
    """
    begun = time.monotonic()
    if not 0 <= tolerance < 1:
        raise InputError("siting_plan_tolerance", tolerance=tolerance)
    book = None if rules is None else read_rules(rules)
    wishes = with_rule_quotas(wishes, book)
    sites = travel_of(inputs, parameters, previous)
    scores = None if book is None else scores_of(inputs, parameters, sites, book, today)
    settings = {
        **asdict(parameters),
        "new": new,
        "budget_yuan": budget_yuan,
        "rules": None if book is None else book.name,
        "rules_version": None if book is None else book.version,
        **({} if book is None else edition(book, today)),
        "tolerance": tolerance,
        "time_limit_s": time_limit_s,
        "seed": seed,
        **({"wishes": asdict(wishes)} if wishes else {}),
    }
    settings["scenario"] = scenario_hash(inputs, parameters, plan=settings)
    needs = need_rows(inputs, sites, book)

    def refused(error: InfeasibleError) -> PlanResult:
        return _infeasible(inputs, sites, error, wishes, settings)

    try:
        closing = closing_of(inputs, wishes)
        sides = side_constraints(closing.inputs, sites.demand, wishes, scores)
        problem = problem_of(closing.inputs, sites, new, budget_yuan, scores, sides)
        problem = closing.extended(problem, sites, wishes.spacing_m)
        even = lifted(problem, inputs, sites.demand, wishes, time_limit_s=time_limit_s, seed=seed)
    except InfeasibleError as error:
        return Settled(refused(error))
    asked = even.problem
    if needs is not None:
        asked = needs.added_to(
            asked, closing.columns(sites), sites.open_sites(closing.inputs.stations)
        )
    before_s = time.monotonic() - begun  # a planner waits for distances and rules, too
    search = (begin_search if again is None else again.begin)(
        asked,
        tolerance=0.0 if book is None else tolerance,
        time_limit_s=max(time_limit_s - (time.monotonic() - begun), _LEAST_S),
        seed=seed,
    )

    def found(solution: Solution) -> PlanResult:
        solution = replace(solution, seconds=before_s + solution.seconds)
        plain = solution if needs is None else without_needs(even.problem, asked, solution)
        settled = closing.settled(even.problem, plain, sites)
        decided = None if needs is None else Deciding(needs, solution.status == "optimal")
        return _plan(inputs, sites, settled, scores, wishes, settings, even, decided)

    return UnderWay(
        search,
        found,
        refused,
        unit=sites.demand.present,
        total=float(sites.demand.point_hours.sum()),
    )


def edition(book: RuleBook, today: date | None) -> dict[str, object]:
    """Return what a plan by rules rests on beside their name and version."""
    found: dict[str, object] = {"rules_sha256": book.sha256}
    if book.dated:
        found["rules_dated"] = book.dated
    if today is not None:
        found["today"] = today.isoformat()
    return found


def _plan(
    inputs: Inputs,
    sites: SiteTravel,
    settled: AfterClosing,
    scores: tuple[CandidateScore, ...] | None,
    wishes: Wishes,
    settings: dict[str, object],
    even: Lifted,
    needs: Deciding | None,
) -> PlanResult:
    present = sites.demand.present
    evenness = even.evenness(settled.chosen)
    solution, mask = settled.solution, settled.stay.copy()
    mask[sites.stations + np.array(solution.chosen, dtype=np.int64)] = True
    opened = sites.open_sites(inputs.stations)
    served = None if needs is None else needs.served(opened, mask)
    gained = np.zeros(len(solution.chosen))
    if needs is not None:
        gained = needs.rows.gained(settled.stay, sites.stations + np.array(solution.chosen))
    selected = _selected(inputs, sites, solution, scores, gained)
    names = {
        str(name): told
        for table in (inputs.stations, inputs.candidates)
        for name, told in zip(table["id"], called(table), strict=True)
    }
    outcome = _outcome(inputs, sites, settled.problem, solution)
    outcome = replace(
        outcome,
        wishes=wishes,
        names=names,
        stopped=solution.stopped,
        points_left=solution.points_left and scores is not None,
        closed=tuple((one.name or one.id, one.workers_lost) for one in settled.closed),
        lost=present(settled.lost),
        evenness=evenness,
        stated_need=served,
    )
    return PlanResult(
        selected=selected,
        workers_total=present(float(sites.demand.point_hours.sum())),
        workers_covered_before=present(solution.before),
        workers_covered_after=present(solution.after),
        bound_workers=present(solution.bound),
        # A better plan may be one in which the worst-off are better off.
        status=solution.status if evenness is None or evenness.proved else "time_limit",
        stopped=solution.stopped,
        seconds=solution.seconds,
        after=covered_by(inputs, sites, mask),
        remark_zh=remark(outcome, "zh"),
        remark_en=remark(outcome, "en"),
        closed=settled.closed,
        workers_lost_by_closing=present(settled.lost),
        evenness=evenness,
        stated_need=served,
        **_common(inputs, sites, settings),
    )


def _infeasible(
    inputs: Inputs,
    sites: SiteTravel,
    error: InfeasibleError,
    wishes: Wishes,
    settings: dict[str, object],
) -> PlanResult:
    """Return the plan that builds nothing: nothing can be built, or nothing was found in time."""
    opened = sites.open_sites(inputs.stations)
    now = covered_by(inputs, sites, opened).workers_covered
    in_time = error.code != NONE_IN_TIME  # else nothing is proved but what all could cover
    every = opened.copy()
    every[sites.stations :] |= eligible(inputs, sites)
    off_streets = sites.unattached_candidates(inputs.candidates["id"])
    table = inputs.candidates
    names = dict(zip(table["id"].astype(str), called(table), strict=True))
    return PlanResult(
        selected=(),
        workers_total=sites.demand.present(float(sites.demand.point_hours.sum())),
        workers_covered_before=now,
        workers_covered_after=now,
        bound_workers=now if in_time else covered_by(inputs, sites, every).workers_covered,
        status="infeasible" if in_time else "time_limit",
        stopped=None if in_time else cast("Stopped", error.facts.get("stopped", "time")),
        seconds=0.0 if in_time else cast("float", error.facts["seconds"]),
        remark_zh=infeasible_remark(why_infeasible(error, "zh"), off_streets, wishes, "zh", names),
        remark_en=infeasible_remark(why_infeasible(error, "en"), off_streets, wishes, "en", names),
        **_common(inputs, sites, settings),
    )


class _Common(TypedDict):
    """What a plan says of the question, whatever the answer."""

    method: Method
    rules: str | None
    rules_tolerance: float
    parameters: dict[str, object]
    measure: Measure
    unattached_candidates: dict[str, Unattached]


def _common(inputs: Inputs, sites: SiteTravel, settings: dict[str, object]) -> _Common:
    return {
        "method": sites.matrix.method,
        "rules": None if settings["rules"] is None else str(settings["rules"]),
        "rules_tolerance": float(str(settings["tolerance"])),
        "parameters": settings,
        "measure": sites.demand.measure,
        "unattached_candidates": sites.unattached_candidates(inputs.candidates["id"]),
    }


def _outcome(inputs: Inputs, sites: SiteTravel, problem: Problem, solution: Solution) -> Outcome:
    """Return why every candidate that was not chosen was not."""
    chosen = list(solution.chosen)
    costs, assumed = costs_yuan(inputs.candidates)
    names = called(inputs.candidates)
    on_street = np.equal(sites.candidate_matrix().site_status, AttachStatus.OK)
    left = on_street & problem.allowed
    left[chosen] = False
    gains = problem.gains_beside(solution.chosen)
    money = (
        np.inf if problem.budget_yuan is None else problem.budget_yuan - sum(costs[chosen].tolist())
    )
    too_dear = left & (gains > 0) & (costs > money)
    return Outcome(
        asked=problem.new,
        selected=len(chosen),
        unattached=sites.unattached_candidates(names),
        ruled_out=int((on_street & ~problem.allowed).sum()),
        too_dear=int(too_dear.sum()),
        no_gain=int((left & ~too_dear).sum()),
        assumed=tuple(names.iloc[site] for site in chosen if assumed[site]),
    )


def _selected(
    inputs: Inputs,
    sites: SiteTravel,
    solution: Solution,
    scores: tuple[CandidateScore, ...] | None,
    needs: Float64,
) -> tuple[SelectedSite, ...]:
    costs, assumed = costs_yuan(inputs.candidates)
    terms = Terms(sites.demand.measure, sites.matrix.method)
    picked: list[SelectedSite] = []
    rows = zip(solution.chosen, solution.gains, needs.tolist(), strict=True)
    for order, (site, gain, records) in enumerate(rows, 1):
        gained = sites.demand.present(gain)
        rule_score = None if scores is None else scores[site]
        picked.append(
            SelectedSite(
                id=str(inputs.candidates["id"].iloc[site]),
                order=order,
                workers_gained=gained,
                cost_yuan=int(costs[site]),
                cost_assumed=bool(assumed[site]),
                reason_zh=reason(order, gained, rule_score, terms, "zh", records),
                reason_en=reason(order, gained, rule_score, terms, "en", records),
                needs_gained=records,
            )
        )
    return tuple(picked)
