"""How firmly a plan stands where demand, and the weights of the rules, are not known exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from siting.allocation.held import Keeper
from siting.allocation.problem import Float64
from siting.allocation.stability import DRAWS, SPREAD, stability
from siting.model import Inputs, Parameters
from siting.plan_results import PlanResult
from siting.planning import Evaluation, Rules, board_of
from siting.plans.goals.task import Task
from siting.results import plain
from siting.rules import read_rules
from siting.rules.ranges import shaken_weights

SEEN = 0.05
"""Candidates outside the plan are told from this share of the draws on."""

_HIGH = 95


@dataclass(frozen=True)
class Chosen:
    """In which share (0..1) of the draws a candidate is chosen."""

    id: str
    share: float
    in_plan: bool

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {"id": self.id, "share": self.share, "in_plan": self.in_plan}


@dataclass(frozen=True)
class StablePlan:
    """A plan under shaken demand.

    Attributes
    ----------
    draws, spread, seed
        How many were made, how far the logarithms of factors spread, and with which seed.
    rules_shaken
        Whether the weights of the rules were shaken, too.
    sites
        Those of the plan, in its order, then others that are chosen often.
    regret_mean, regret_high, regret_most
        What the best plan found covers more than this one, as a share (0..1) of all workers of the
        draw: mean, 95th percentile, greatest.
    bound_mean, bound_high
        The same for the bound: no plan of the draw covers more.
    """

    draws: int
    spread: float
    seed: int
    rules_shaken: bool
    sites: tuple[Chosen, ...]
    regret_mean: float
    regret_high: float
    regret_most: float
    bound_mean: float
    bound_high: float

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "draws": self.draws,
            "spread": self.spread,
            "seed": self.seed,
            "rules_shaken": self.rules_shaken,
            "sites": [site.as_dict() for site in self.sites],
            "regret_mean": plain(self.regret_mean),
            "regret_high": plain(self.regret_high),
            "regret_most": plain(self.regret_most),
            "regret_bound_mean": plain(self.bound_mean),
            "regret_bound_high": plain(self.bound_high),
        }


def stability_from(
    task: Task,
    plan: PlanResult,
    *,
    draws: int = DRAWS,
    spread: float = SPREAD,
    points: Sequence[Float64] = (),
) -> StablePlan:
    """Return how often each candidate is chosen under shaken demand, and what the plan loses.

    Parameters
    ----------
    spread
        Of the logarithm of the factor of each demand point.
    points
        Rule points for each draw (`shaken_points`); none: points do not decide with it.
    """
    limits, chosen = task.limits, task.places(plan)
    found = Keeper(limits.looked_at).run(
        stability,
        task.problem(),
        chosen,
        draws=draws,
        spread=spread,
        points=points,
        tolerance=limits.tolerance,
        time_limit_s=2 * limits.time_limit_s,
        seed=limits.seed,
    )
    often = np.argsort(-found.chosen_share, kind="stable")
    others = [
        int(site) for site in often if found.chosen_share[site] >= SEEN and site not in chosen
    ]
    whole = np.where(found.total > 0, found.total, 1.0)
    regret, bound = found.regret / whole, found.regret_bound / whole
    return StablePlan(
        draws=found.draws,
        spread=spread,
        seed=limits.seed,
        rules_shaken=bool(len(points)),
        sites=tuple(
            Chosen(task.ids((site,))[0], float(found.chosen_share[site]), site in chosen)
            for site in (*chosen, *others)
        ),
        regret_mean=_mean(regret),
        regret_high=_high(regret),
        regret_most=float(regret.max(initial=0.0)),
        bound_mean=_mean(bound),
        bound_high=_high(bound),
    )


def shaken_points(
    inputs: Inputs,
    parameters: Parameters,
    known: Evaluation,
    *,
    rules: Rules,
    today: date | None,
    draws: int,
    seed: int,
) -> tuple[Float64, ...]:
    """Return the rule points of all candidates for each draw of the rules' weights.

    Parameters
    ----------
    known
        Of the same inputs and parameters.
    """
    board = board_of(inputs, parameters, known, rules=rules, today=today)
    spread = read_rules(rules).shaking.weight_spread
    random = np.random.default_rng(seed)
    return tuple(
        board.weighed(shaken_weights(board.weights, random, spread)).points for _ in range(draws)
    )


def _mean(values: Float64) -> float:
    return float(values.mean()) if len(values) else 0.0


def _high(values: Float64) -> float:
    return float(np.percentile(values, _HIGH)) if len(values) else 0.0
