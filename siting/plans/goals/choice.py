"""What plans that seek something else than the most coverage are chosen from, and their order.

A plan that seeks the least (stations, money, walks) keeps to the rules' filters, and opens or
leaves out candidates by name; quotas, floors and spacing belong to plans that seek coverage.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date

import numpy as np

from geo.catchments import Travel
from geo.errors import InputError
from siting.allocation.problem import Bools, Float64, Int64
from siting.model import Inputs, Parameters
from siting.planning import Evaluation, Rules, eligible, scores_of, travel_of
from siting.plans.problem import passing_rules
from siting.plans.proposing import edition
from siting.plans.wishes import Wishes, side_constraints, with_rule_quotas
from siting.results import CandidateScore
from siting.rules import read_rules
from siting.scenario import scenario_hash
from siting.sites import SiteTravel
from siting.sums import sum_by


@dataclass(frozen=True, eq=False)
class Choice:
    """Which candidates may be opened, and which must be.

    Attributes
    ----------
    sites
        Distances up to the cut-off.
    allowed
        bool[candidates]: on the streets, not ruled out, let through by the rules, not forbidden.
    required
        bool[candidates]: asked for; all of them are allowed.
    rules
        Name of the rule file; None: without rules.
    settings
        What the plan was asked, with the hash of the scenario.
    scores
        Of the candidates by the rules; None: there are none.
    """

    sites: SiteTravel
    allowed: Bools
    required: Bools
    rules: str | None
    settings: dict[str, object]
    scores: tuple[CandidateScore, ...] | None = None

    @property
    def total(self) -> float:
        """All weight: worker-hours, or heads."""
        return float(self.sites.demand.point_hours.sum())


def choice_of(
    inputs: Inputs,
    parameters: Parameters,
    *,
    rules: Rules | None,
    wishes: Wishes,
    today: date | None,
    previous: Evaluation | None,
    **asked: object,
) -> Choice:
    """Return what may be chosen.

    Parameters
    ----------
    asked
        What else the plan was asked, for its settings.

    Raises
    ------
    InputError
        Tables, parameters or rules that cannot be used; no candidates; wishes that only plans for
        coverage keep to; a candidate that is asked for and may not be opened.
    """
    book = None if rules is None else read_rules(rules)
    if replace(with_rule_quotas(wishes, book), require=(), forbid=(), keep=()):
        raise InputError("siting_plan_wish_of_coverage")
    if not len(inputs.candidates):
        raise InputError("siting_plan_no_candidates")
    sites = travel_of(inputs, parameters, previous)
    scores = None if book is None else scores_of(inputs, parameters, sites, book, today)
    allowed = eligible(inputs, sites) & passing_rules(len(inputs.candidates), scores)
    allowed &= ~side_constraints(inputs, sites.demand, wishes).left_out
    ids = inputs.candidates["id"].astype(str)
    required = ids.isin(wishes.require).to_numpy()
    for name in ids[required & ~allowed]:
        raise InputError("siting_plan_required_out", id=name)
    settings = {
        **asdict(parameters),
        **asked,
        "rules": None if book is None else book.name,
        "rules_version": None if book is None else book.version,
        **({} if book is None else edition(book, today)),
        **({"wishes": asdict(wishes)} if wishes else {}),
    }
    settings["scenario"] = scenario_hash(inputs, parameters, plan=settings)
    by = None if book is None else book.name
    return Choice(sites, allowed, required, by, settings, scores)


def by_gain(
    travel: Travel, weights: Float64, near: Float64, chosen: Int64
) -> tuple[Int64, Float64]:
    """Return chosen sites, the one that wins the most beside those before it first, and their wins.

    Parameters
    ----------
    travel
        Costs between sites and p demand points.
    weights
        float64[p].
    near
        float64[p]: what each point costs before any of `chosen` is open; a site wins what it is
        nearer, times the weight.
    chosen
        int64[]: sites; of equals the first one comes first.
    """
    rows = travel.take(chosen)
    owner, cost = np.repeat(np.arange(len(chosen)), np.diff(rows.indptr)), rows.cost.astype(float)
    near, left = near.copy(), np.ones(len(chosen), dtype=bool)
    order, wins = [], []
    for _ in range(len(chosen)):
        won = weights[rows.demand] * np.maximum(near[rows.demand] - cost, 0.0)
        gains = np.where(left, sum_by(owner, won, len(chosen)), -1.0)
        best = int(np.argmax(gains))
        part = slice(rows.indptr[best], rows.indptr[best + 1])
        near[rows.demand[part]] = np.minimum(near[rows.demand[part]], cost[part])
        left[best] = False
        order.append(best)
        wins.append(float(gains[best]))
    return chosen[np.array(order, dtype=np.int64)], np.array(wins)


def only_by(travel: Travel, weights: Float64, opened: Bools) -> Float64:
    """Return float64[sites]: the weight that a site reaches, and no other of `opened`."""
    owner = np.repeat(np.arange(travel.sites), np.diff(travel.indptr))
    entries = opened[owner]
    times = np.bincount(travel.demand[entries], minlength=travel.points)
    alone = np.where(entries & (times[travel.demand] == 1), weights[travel.demand], 0.0)
    return sum_by(owner, alone, travel.sites)
