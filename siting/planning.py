"""The use cases that the doors call: coverage, scores, plans; frozen inputs in, frozen results out.

`previous` takes an earlier evaluation of nearly the same inputs: distances of sites that have not
moved are taken from it, so that adding one candidate costs one row.
"""

import math
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError
from geo.streets import AttachStatus
from siting.allocation import Problem, Solution, solve
from siting.allocation.solve import DEFAULT_TIME_LIMIT_S
from siting.costs import costs_yuan
from siting.coverage import nominal_coverage
from siting.model import Inputs, Parameters
from siting.reasons import reason, remark
from siting.results import CandidateScore, CoverageResult, PlanResult, SelectedSite
from siting.rules import RuleBook, read_rules, score_candidates
from siting.rules.reach import surroundings
from siting.scenario import scenario_hash
from siting.sites import SiteTravel, site_travel

BUILT_IN_RULES = "daxing"
DEFAULT_TOLERANCE = 0.005
# A planner has ruled these candidates out.
NOT_CHOSEN_STATES = ("rejected", "closed")

Rules = str | Path


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Coverage of the stations, scores of the candidates, and the distances they rest on."""

    coverage: CoverageResult
    scores: tuple[CandidateScore, ...]
    travel: SiteTravel


def coverage(
    inputs: Inputs, parameters: Parameters, *, previous: Evaluation | None = None
) -> CoverageResult:
    """Return nominal coverage: who has an existing station within the cut-off.

    Raises
    ------
    InputError
        Tables or parameters that cannot be used; the sentence says which.
    """
    sites = _sites(inputs, parameters, previous)
    return _covered_by(inputs, sites, sites.open_sites(inputs.stations))


def evaluate(
    inputs: Inputs,
    parameters: Parameters,
    *,
    rules: Rules = BUILT_IN_RULES,
    previous: Evaluation | None = None,
) -> Evaluation:
    """Return coverage and the score of every candidate.

    Parameters
    ----------
    rules
        A built-in rule file's name or a path.

    Raises
    ------
    InputError
        Tables, parameters or rules that cannot be used; the sentence says which.
    """
    book = read_rules(rules)
    sites = _sites(inputs, parameters, previous)
    result = _covered_by(inputs, sites, sites.open_sites(inputs.stations))
    return Evaluation(result, _scores(inputs, parameters, sites, book), sites)


def score(
    inputs: Inputs, parameters: Parameters, *, rules: Rules = BUILT_IN_RULES
) -> tuple[CandidateScore, ...]:
    """Return what the siting rules say of every candidate, in the order of the table.

    Raises
    ------
    InputError
        As `evaluate`.
    """
    return evaluate(inputs, parameters, rules=rules).scores


def propose(  # noqa: PLR0913 - the planner's own settings, each by name
    inputs: Inputs,
    parameters: Parameters,
    *,
    new: int | None = None,
    budget_yuan: int | None = None,
    rules: Rules | None = None,
    tolerance: float = DEFAULT_TOLERANCE,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    seed: int = 0,
    previous: Evaluation | None = None,
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
    time_limit_s, seed
        Of the solver.

    Raises
    ------
    InputError
        Tables, parameters or limits that cannot be used; no candidates.
    InfeasibleError
        Streets reach no candidate, or the budget pays for none.
    """
    if not 0 <= tolerance < 1:
        raise InputError("siting_plan_tolerance", tolerance=tolerance)
    book = None if rules is None else read_rules(rules)
    sites = _sites(inputs, parameters, previous)
    scores = None if book is None else _scores(inputs, parameters, sites, book)
    problem = _problem(inputs, sites, new, budget_yuan, scores)
    solution = solve(
        problem,
        tolerance=0.0 if book is None else tolerance,
        time_limit_s=time_limit_s,
        seed=seed,
    )
    settings = {
        **asdict(parameters),
        "new": new,
        "budget_yuan": budget_yuan,
        "rules": None if book is None else book.name,
        "rules_version": None if book is None else book.version,
        "tolerance": tolerance,
        "time_limit_s": time_limit_s,
        "seed": seed,
    }
    settings["scenario"] = scenario_hash(inputs, parameters, plan=settings)
    return _plan(inputs, sites, solution, scores, settings)


def _sites(inputs: Inputs, parameters: Parameters, previous: Evaluation | None) -> SiteTravel:
    for name in ("cutoff_m", "attach_cap_m"):
        metres = getattr(parameters, name)
        if not (math.isfinite(metres) and metres > 0):
            raise InputError("siting_metres", name=name, metres=metres)
    return site_travel(inputs, parameters, None if previous is None else previous.travel)


def _covered_by(inputs: Inputs, sites: SiteTravel, mask: NDArray[np.bool_]) -> CoverageResult:
    ids = np.array([*inputs.stations["id"], *inputs.candidates["id"]], dtype=object)
    return nominal_coverage(inputs.demand, sites.demand, sites.matrix, mask, ids)


def _scores(
    inputs: Inputs, parameters: Parameters, sites: SiteTravel, book: RuleBook
) -> tuple[CandidateScore, ...]:
    covered = sites.matrix.covered(sites.open_sites(inputs.stations))
    walk = sites.candidate_matrix()
    return score_candidates(surroundings(inputs, parameters, sites.demand, book, walk, covered))


def _problem(
    inputs: Inputs,
    sites: SiteTravel,
    new: int | None,
    budget_yuan: int | None,
    scores: tuple[CandidateScore, ...] | None,
) -> Problem:
    walk = sites.candidate_matrix()
    attached = np.equal(walk.site_status, AttachStatus.OK)
    ruled_out = inputs.candidates["state"].isin(NOT_CHOSEN_STATES).to_numpy()
    return Problem(
        weights=sites.demand.point_hours,
        covered=sites.matrix.covered(sites.open_sites(inputs.stations)),
        indptr=walk.indptr,
        demand=walk.demand,
        cost_yuan=costs_yuan(inputs.candidates)[0],
        allowed=attached & ~ruled_out,
        new=new,
        budget_yuan=budget_yuan,
        points=np.array([item.points for item in scores or ()]),
    )


def _plan(
    inputs: Inputs,
    sites: SiteTravel,
    solution: Solution,
    scores: tuple[CandidateScore, ...] | None,
    settings: dict[str, object],
) -> PlanResult:
    present = sites.demand.present
    mask = sites.open_sites(inputs.stations)
    mask[sites.stations + np.array(solution.chosen, dtype=np.int64)] = True
    new = settings["new"]
    asked = new if isinstance(new, int) else None
    count, with_budget = len(solution.chosen), settings["budget_yuan"] is not None
    return PlanResult(
        selected=_selected(inputs, sites, solution, scores),
        workers_total=present(float(sites.demand.point_hours.sum())),
        workers_covered_before=present(solution.before),
        workers_covered_after=present(solution.after),
        bound_workers=present(solution.bound),
        status=solution.status,
        seconds=solution.seconds,
        method=sites.matrix.method,
        rules=None if settings["rules"] is None else str(settings["rules"]),
        rules_tolerance=float(str(settings["tolerance"])),
        parameters=settings,
        after=_covered_by(inputs, sites, mask),
        remark_zh=remark(asked, count, "zh", with_budget=with_budget),
        remark_en=remark(asked, count, "en", with_budget=with_budget),
    )


def _selected(
    inputs: Inputs,
    sites: SiteTravel,
    solution: Solution,
    scores: tuple[CandidateScore, ...] | None,
) -> tuple[SelectedSite, ...]:
    costs, assumed = costs_yuan(inputs.candidates)
    picked: list[SelectedSite] = []
    for order, (site, gain) in enumerate(zip(solution.chosen, solution.gains, strict=True), 1):
        gained = sites.demand.present(gain)
        rule_score = None if scores is None else scores[site]
        picked.append(
            SelectedSite(
                id=str(inputs.candidates["id"].iloc[site]),
                order=order,
                workers_gained=gained,
                cost_yuan=int(costs[site]),
                cost_assumed=bool(assumed[site]),
                reason_zh=reason(order, gained, rule_score, "zh"),
                reason_en=reason(order, gained, rule_score, "en"),
            )
        )
    return tuple(picked)
