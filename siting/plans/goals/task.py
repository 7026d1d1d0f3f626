"""What plans for softer goals are made from: distances, rules, wishes and limits, read once."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

import numpy as np

from geo.errors import InputError
from siting.allocation import Problem, Solution
from siting.allocation.gradual import Band
from siting.allocation.held import Watch
from siting.allocation.problem import Bools
from siting.allocation.solve import DEFAULT_TIME_LIMIT_S
from siting.model import Inputs, Parameters
from siting.plan_results import PlanResult
from siting.planning import Evaluation, Rules, scores_of, travel_of
from siting.plans.closing import closing_of
from siting.plans.problem import problem_of
from siting.plans.proposing import DEFAULT_TOLERANCE, edition
from siting.plans.stated_need import NeedRows, Weighed, need_rows
from siting.plans.wishes import (
    NO_WISHES,
    SideConstraints,
    Wishes,
    side_constraints,
    with_rule_quotas,
)
from siting.results import CandidateScore
from siting.rules import read_rules
from siting.scenario import scenario_hash
from siting.sites import SiteTravel


@dataclass(frozen=True)
class Limits:
    """What a planner sets of any plan.

    Attributes
    ----------
    new, budget_yuan
        At most so many new stations, at most so much money; one of them or both.
    rules
        A rule file; None: none.
    tolerance
        Share (0..1) of the best that may be given up for more points, where points decide with it.
    wishes
        What the plan must keep to besides; nothing by default.
    time_limit_s, seed
        Of the solver.
    today
        The day on which hosts' consents are judged where there are rules; None: none has run out.
    looked_at
        Shown the search while it is under way; once it returns False the best so far stands. None:
        nobody looks.
    """

    new: int | None = None
    budget_yuan: int | None = None
    rules: Rules | None = None
    tolerance: float = DEFAULT_TOLERANCE
    wishes: Wishes = NO_WISHES
    time_limit_s: float = DEFAULT_TIME_LIMIT_S
    seed: int = 0
    today: date | None = None
    looked_at: Watch | None = None


@dataclass(frozen=True, eq=False)
class Task:
    """The inputs of one plan, read.

    Attributes
    ----------
    sites
        Distances from all stations and candidates.
    scores
        Of the candidates by the rules; None: there are none.
    sides
        The wishes, for these candidates and demand points.
    settings
        All parameters of the plan, with the hash of the scenario.
    needs
        Stated need that decides with the workers by the rules; None: none does. `problem` is
        without.
    """

    inputs: Inputs
    limits: Limits
    sites: SiteTravel
    scores: tuple[CandidateScore, ...] | None
    sides: SideConstraints
    settings: Mapping[str, object]
    needs: NeedRows | None = None

    def problem(self) -> Problem:
        """Return maximal covering within the cut-off, with these limits and wishes.

        Raises
        ------
        InputError, InfeasibleError
            As `Problem`.
        """
        limits = self.limits
        return problem_of(
            self.inputs, self.sites, limits.new, limits.budget_yuan, self.scores, self.sides
        )

    def weighed(
        self, search: Callable[..., Solution], bands: tuple[Band, ...] | None = None
    ) -> Weighed | None:
        """Return a search of maximal covering that weighs stated need in; None: none decides."""
        if self.needs is None:
            return None
        columns = self.sites.stations + np.arange(len(self.inputs.candidates))
        return Weighed(self.needs, columns, self.existing, search, bands)

    @property
    def existing(self) -> Bools:
        """bool[sites]: the stations that count."""
        return self.sites.open_sites(self.inputs.stations)

    def places(self, plan: PlanResult) -> tuple[int, ...]:
        """Return which candidates a plan opens, by their place in the table, in its order."""
        place = {str(name): at for at, name in enumerate(self.inputs.candidates["id"])}
        return tuple(place[site.id] for site in plan.selected)

    def ids(self, chosen: tuple[int, ...]) -> tuple[str, ...]:
        """Return the ids of candidates."""
        names = self.inputs.candidates["id"]
        return tuple(str(names.iloc[site]) for site in chosen)

    def open_with(self, chosen: tuple[int, ...]) -> Bools:
        """Return bool[sites]: the stations that count, and the candidates `chosen`."""
        mask = self.existing
        mask[self.sites.stations + np.array(chosen, dtype=np.int64)] = True
        return mask


def task_of(
    inputs: Inputs,
    parameters: Parameters,
    limits: Limits,
    *,
    previous: Evaluation | None = None,
    **more: object,
) -> Task:
    """Return what a plan is made from.

    Parameters
    ----------
    previous
        An earlier evaluation of nearly the same inputs: its distances are taken.
    more
        Settings of this kind of plan, kept with the others.

    Raises
    ------
    InputError
        Tables, parameters, rules or wishes that cannot be used.
    """
    if not 0 <= limits.tolerance < 1:
        raise InputError("siting_plan_tolerance", tolerance=limits.tolerance)
    book = None if limits.rules is None else read_rules(limits.rules)
    limits = replace(limits, wishes=with_rule_quotas(limits.wishes, book))
    sites = travel_of(inputs, parameters, previous)
    scores = None if book is None else scores_of(inputs, parameters, sites, book, limits.today)
    settings = {
        **asdict(parameters),
        "new": limits.new,
        "budget_yuan": limits.budget_yuan,
        "rules": None if book is None else book.name,
        "rules_version": None if book is None else book.version,
        **({} if book is None else edition(book, limits.today)),
        "tolerance": limits.tolerance,
        "time_limit_s": limits.time_limit_s,
        "seed": limits.seed,
        **({"wishes": asdict(limits.wishes)} if limits.wishes else {}),
        **more,
    }
    settings["scenario"] = scenario_hash(inputs, parameters, plan=settings)
    closing = closing_of(inputs, limits.wishes)
    if limits.wishes.alone:
        raise InputError("siting_plan_closing_only")
    inputs = closing.inputs
    sides = side_constraints(inputs, sites.demand, limits.wishes, scores)
    return Task(inputs, limits, sites, scores, sides, settings, need_rows(inputs, sites, book))
