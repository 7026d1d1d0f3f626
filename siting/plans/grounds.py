"""What keeps a candidate out of the place of a site: wishes, limits, rules, second goals, time."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from siting.allocation.exchange import Exchange, Limit
from siting.allocation.problem import Problem
from siting.allocation.swaps import Swaps
from siting.planning import NOT_CHOSEN_STATES
from siting.plans.goals.task import Task
from siting.plans.reasons import value_name
from siting.plans.why import Ground
from siting.rules import read_rules
from siting.rules.sentences import Terms, criterion_clause

_EXACT = 1e-9


@dataclass(frozen=True, eq=False)
class Grounds:
    """What a plan was asked, to say what kept somebody out of it.

    Attributes
    ----------
    task
        What the plan was made from.
    problem
        The same as limits on candidates.
    weighed
        Whether rule points were the second goal.
    counts_needs
        Whether stated need decided with the workers.
    """

    task: Task
    problem: Problem
    weighed: bool
    counts_needs: bool

    @cached_property
    def ids(self) -> list[str]:
        """The candidates."""
        found: list[str] = self.task.inputs.candidates["id"].astype(str).tolist()
        return found

    def of(
        self,
        swaps: Exchange | Swaps,
        number: int,
        other: int,
        more: float,
        points: float | None,
    ) -> tuple[Ground, ...]:
        """Return what keeps a candidate out of the place of a site.

        Parameters
        ----------
        number
            The place of the site in the plan.
        more
            By how much the plan would be better with the candidate; average present workers where
            stated need decides.
        points
            How many more rule points it has; None: there are none.
        """
        grounds = [*self._barred(other), *self._limited(swaps, number, other)]
        if not grounds and more > _EXACT:
            grounds = self._decided(swaps.chosen, number, other, more, points)
        return tuple(grounds)

    def _decided(
        self,
        chosen: Sequence[int],
        number: int,
        other: int,
        more: float,
        points: float | None,
    ) -> list[Ground]:
        """Return what let a site stand where another would cover more and nothing forbids it."""
        needs = self.task.needs
        if needs is not None and self.counts_needs:
            places = self.task.sites.stations + np.array(chosen, dtype=np.int64)
            mask = self.task.existing
            mask[places] = True
            with_it = needs.within(mask)
            mask[places[number]], mask[self.task.sites.stations + other] = False, True
            fewer = with_it - needs.within(mask)
            if fewer * needs.rule.workers_each >= more - _EXACT:
                return [Ground("need")]
        weighed = self.weighed and points is not None and points < 0
        return [Ground("points" if weighed else "unproved")]

    def _barred(self, other: int) -> list[Ground]:
        """Return why a candidate may stand in no plan at all."""
        if self.problem.allowed[other]:
            return []
        asked, found = self.task.limits.wishes, self._filters(other)
        if self.task.inputs.candidates["state"].iloc[other] in NOT_CHOSEN_STATES:
            found.append(Ground("ruled_out"))
        if self.ids[other] in asked.forbid:
            found.append(Ground("forbid"))
        elif self.task.sides.left_out[other]:
            found.append(Ground("spacing"))
        return found

    def _filters(self, other: int) -> list[Ground]:
        scores, rules = self.task.scores, self.task.limits.rules
        if scores is None or rules is None:
            return []
        told = {item.name: item for item in scores[other].breakdown}
        spacing_m = read_rules(rules).common.spacing_m
        terms = Terms(self.task.sites.demand.measure, self.task.sites.matrix.method)
        found = []
        for name in scores[other].excluded:
            item = told.get(name)
            if item is None:  # of another area's rule only the criterion's name is known
                found.append(Ground("filter", name))
                continue
            clause = partial(criterion_clause, item, spacing_m, terms)
            found.append(Ground("filter", name, clause("zh"), clause("en")))
        return found

    def required(self, limit: Limit, site: int) -> bool:
        """Tell whether a limit is no more than that somebody asked for this very site."""
        asked = self.task.limits.wishes.require
        if limit.kind != "quota" or limit.number >= len(asked):
            return False
        return self.problem.quotas[limit.number].sites == (site,)

    def _quota(self, number: int, name: str) -> Ground:
        required = self.task.limits.wishes.require
        if number < len(required):
            return Ground("require", required[number], name, name)
        return Ground("quota", name, value_name(name, "zh"), value_name(name, "en"))

    def _limited(self, swaps: Exchange | Swaps, number: int, other: int) -> list[Ground]:
        """Return what the plan keeps to and would not, were this candidate in the site's place."""
        found: list[Ground] = []
        for limit in swaps.limits(number):
            if not limit.broken[other]:
                continue
            if limit.kind == "quota":
                name = self.problem.quotas[limit.number].name
                found.append(self._quota(limit.number, name))
            elif limit.kind == "floor":
                name = self.problem.floors[limit.number].name
                found.append(Ground("floor", name, name, name))
            else:
                found.append(Ground("spacing" if limit.kind == "apart" else "budget"))
        return found
