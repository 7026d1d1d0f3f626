"""Plans, frozen: what is chosen, what is proved of it, and what it rests on.

Workers are average present workers, as in `siting.results`.
"""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Literal

from siting.results import CoverageResult, Measure, Method, Status, Stopped, Unattached, plain
from words import Lang

if TYPE_CHECKING:  # what it is made of is made of these results
    from siting.plans.after_plan import PlanEffect


@dataclass(frozen=True)
class SelectedSite:
    """One site of a plan; `workers_gained` is marginal, in the plan's order.

    `needs_gained` are records of stated need, no workers, counted in the same way.
    """

    id: str
    order: int
    workers_gained: float
    cost_yuan: int
    cost_assumed: bool
    reason_zh: str
    reason_en: str
    needs_gained: float = field(default=0.0, kw_only=True)

    def as_dict(self, lang: Lang) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "id": self.id,
            "order": self.order,
            "workers_gained": plain(self.workers_gained),
            "cost_yuan": self.cost_yuan,
            "cost_assumed": self.cost_assumed,
            "reason": self.reason_zh if lang == "zh" else self.reason_en,
        }


class Answered:
    """What every plan of new stations says of its answer, whatever it seeks.

    Attributes
    ----------
    selected
        The most gained first.
    status, seconds
        What is proved; wall clock of the search.
    method, measure, rules, parameters
        What the plan rests on.
    unattached_candidates
        Those that could not be chosen because streets do not reach them: id -> why.
    remark_zh, remark_en
        What is to be said of the plan as a whole.
    stopped
        Where the status is `time_limit`: what ended the search; the remark words it.
    """

    selected: tuple[SelectedSite, ...]
    status: Status
    seconds: float
    method: Method
    measure: Measure
    rules: str | None
    parameters: Mapping[str, object]
    unattached_candidates: Mapping[str, Unattached]
    remark_zh: str
    remark_en: str
    stopped: Stopped | None

    @property
    def proved_optimal(self) -> bool:
        """Whether no better plan exists."""
        return self.status == "optimal"

    @property
    def cost_yuan(self) -> int:
        """Cost of all selected sites, yuan."""
        return sum(site.cost_yuan for site in self.selected)

    def answered(self, lang: Lang) -> dict[str, object]:
        """Return these as keys of the command line's JSON."""
        return {
            "selected": [site.as_dict(lang) for site in self.selected],
            "status": self.status,
            "proved_optimal": self.proved_optimal,
            "seconds": self.seconds,
            "stopped": self.stopped,
            "cost_yuan": self.cost_yuan,
            "method": self.method,
            "measure": self.measure,
            "rules": self.rules,
            "remark": self.remark_zh if lang == "zh" else self.remark_en,
            "unattached_candidates": unattached_list(self.unattached_candidates),
            "parameters": dict(self.parameters),
        }


Unit = Literal["stations", "yuan", "metres", "workers"]
"""Of the figure that a plan seeks."""

LEAST: frozenset[str] = frozenset({"stations", "yuan", "metres"})
"""Units of which less is better."""


@dataclass(frozen=True)
class OwnGoal:
    """What a plan sought that is not coverage, what it reached of it, and what is proved.

    Attributes
    ----------
    objective
        As the command line names it: `stations`, `money`, `median`, `center`, `gradual`, `backup`
        or `capacity`.
    unit
        Of the figures; workers are average present workers.
    before, after
        The figure with the stations of today and with the plan; None: there is none, such as a
        longest walk where some have no station to walk to.
    bound
        No such plan is better; None: nothing is known.
    gap
        Share by which a better plan might be better; None: nothing is known.
    target
        Share (0..1) of the workers that was to be covered; None: not asked.
    """

    objective: str
    unit: Unit
    before: float | None
    after: float | None
    bound: float | None
    gap: float | None
    target: float | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        figures = {name: getattr(self, name) for name in ("before", "after", "bound")}
        rounded = {name: None if one is None else plain(one) for name, one in figures.items()}
        return {**asdict(self), **rounded}


@dataclass(frozen=True)
class Evenness:
    """How the worst-off fare in a plan that put them first.

    Attributes
    ----------
    field
        What is compared: `town`, `group` or `window`.
    least_share
        Nominal coverage of the worst-off, 0..1.
    bound
        In no plan it is greater; >= `least_share`.
    lowest
        Names or codes of those who have no more.
    """

    field: Literal["town", "group", "window"]
    least_share: float
    bound: float
    lowest: tuple[str, ...]

    @property
    def proved(self) -> bool:
        """Whether no plan does better for the worst-off."""
        return self.bound <= self.least_share

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {**asdict(self), "lowest": list(self.lowest), "proved_optimal": self.proved}


@dataclass(frozen=True)
class NeedServed:
    """Stated need that decided with the workers; no part of it is in any figure of coverage.

    Attributes
    ----------
    area
        Where it counts, by the rules.
    workers_each
        One record weighed as much as so many workers: an assumption of the rules.
    records, records_before, records_after
        All in the area; with an open station within the cut-off before and after the plan.
    proved_with_them
        Whether no plan has more of workers and records together, weighed so.
    second
        They weighed nothing, and decided among plans that cost no more; proved: no such plan has
        more of them within the cut-off.
    """

    area: str
    workers_each: float
    records: float
    records_before: float
    records_after: float
    proved_with_them: bool
    second: bool = False

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "area": self.area,
            "workers_each": plain(self.workers_each),
            "records": plain(self.records),
            "records_before": plain(self.records_before),
            "records_after": plain(self.records_after),
            "proved_with_them": self.proved_with_them,
            "second": self.second,
        }


@dataclass(frozen=True)
class ClosedStation:
    """An existing station that a plan closes.

    Attributes
    ----------
    asked
        Whether it was to be closed; otherwise the plan chose it.
    workers_lost
        What it would cover more beside the plan, were it open.
    """

    id: str
    name: str
    asked: bool
    workers_lost: float


@dataclass(frozen=True, eq=False)
class PlanResult(Answered):
    """A plan with its proof: `bound_workers` bounds `workers_covered_after`, existing included.

    The remark says what the planner should know of the plan as a whole, such as why it has fewer
    sites than were asked for; empty if there is nothing to say. `unattached_candidates` are those
    that could not be chosen because streets do not reach them: id -> why. `infeasible`: something
    was to be built and nothing could be chosen or paid; nothing is selected then, there is no
    `after`, and what the stations cover now is all that any plan covers. Where the search ended
    before it had a plan, nothing is selected either, but the status is `time_limit` and the bound
    is what all candidates together could cover.

    `closed` are the existing stations that the plan closes; the others, and so those that moved
    away, cover `workers_lost_by_closing` less than all do today. What the new sites gain is counted
    from there: `workers_covered_before` stays today's.

    `goal`: what it sought where that was not coverage, with its own figure and bound; status and
    proof are then of that figure, and `bound_workers` is no more than all workers.

    `given`: people decided it (`siting.plans.given`), nothing was sought, and the bound is all
    workers.

    `stated_need`: requests that weighed in the choice, by the rules; coverage is without them.

    `stopped` says, where the status is `time_limit`, what ended the search: the remark words it.

    All of it is nominal: what a plan maximises. `effective` is what its sites would be of use, open
    to whom and when their records say; None where nobody asked (`siting.plans.after_plan`).
    """

    selected: tuple[SelectedSite, ...]
    workers_total: float
    workers_covered_before: float
    workers_covered_after: float
    bound_workers: float
    status: Status
    seconds: float
    method: Method
    rules: str | None
    rules_tolerance: float
    parameters: Mapping[str, object] = field(default_factory=dict)
    after: CoverageResult | None = None
    remark_zh: str = ""
    remark_en: str = ""
    measure: Measure = "workers"
    unattached_candidates: Mapping[str, Unattached] = field(default_factory=dict)
    effective: "PlanEffect | None" = None
    stopped: Stopped | None = None
    closed: tuple[ClosedStation, ...] = ()
    workers_lost_by_closing: float = 0.0
    evenness: Evenness | None = None
    stated_need: NeedServed | None = None
    goal: OwnGoal | None = None

    @property
    def gap(self) -> float:
        """(bound - after) / bound; 0 where there is nothing to cover."""
        return gap_of(self.workers_covered_after, self.bound_workers)

    @property
    def gap_on_gain(self) -> float:
        """The same gap on what the new stations add to the existing ones."""
        before = self.workers_covered_before
        return gap_of(self.workers_covered_after, self.bound_workers, before)

    @property
    def found(self) -> bool:
        """Whether there is a plan: False where none is possible, or none was found in time."""
        nothing = not (self.selected or self.closed)
        return not (self.status == "infeasible" or (self.status == "time_limit" and nothing))

    def as_dict(self, lang: Lang) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            **self.answered(lang),
            "workers_total": plain(self.workers_total),
            "workers_covered_before": plain(self.workers_covered_before),
            "workers_covered_after": plain(self.workers_covered_after),
            "bound_workers": plain(self.bound_workers),
            "gap": self.gap,
            "gap_on_gain": self.gap_on_gain,
            "rules_tolerance": self.rules_tolerance,
            "effective": None if self.effective is None else self.effective.as_dict(),
            "closed": [
                {**asdict(station), "workers_lost": plain(station.workers_lost)}
                for station in self.closed
            ],
            "workers_lost_by_closing": plain(self.workers_lost_by_closing),
            "evenness": None if self.evenness is None else self.evenness.as_dict(),
            "stated_need": None if self.stated_need is None else self.stated_need.as_dict(),
            **({} if self.goal is None else {"goal": self.goal.as_dict()}),
        }


class ForGoal(Answered):
    """A plan that seeks something else than coverage, and can be kept like one that seeks it.

    Attributes
    ----------
    goal
        Its own figure.
    workers_total, workers_covered_before, workers_covered_after
        Average present workers, within the cut-off (nominal).
    stated_need
        Requests that weighed in the choice, by the rules; no figure is with them.
    """

    workers_total: float
    workers_covered_before: float
    workers_covered_after: float
    stated_need: NeedServed | None

    @property
    @abstractmethod
    def goal(self) -> OwnGoal:
        """What it sought and reached."""

    def as_plan(self) -> "PlanResult":
        """Return it as it is stored, shown and reported: what only its goal tells is left out."""
        names = [one.name for one in fields(SelectedSite)]
        sites = [{name: getattr(site, name) for name in names} for site in self.selected]
        return PlanResult(
            selected=tuple(SelectedSite(**site) for site in sites),
            workers_total=self.workers_total,
            workers_covered_before=self.workers_covered_before,
            workers_covered_after=self.workers_covered_after,
            bound_workers=self.workers_total,
            status=self.status,
            seconds=self.seconds,
            method=self.method,
            rules=self.rules,
            rules_tolerance=0.0 if self.rules is None else _tolerance(self.parameters),
            parameters=self.parameters,
            remark_zh=self.remark_zh,
            remark_en=self.remark_en,
            measure=self.measure,
            unattached_candidates=self.unattached_candidates,
            stopped=self.stopped,
            stated_need=self.stated_need,
            goal=self.goal,
        )


def _tolerance(parameters: Mapping[str, object]) -> float:
    return float(str(parameters.get("tolerance", 0.0)))


def unattached_list(candidates: Mapping[str, Unattached]) -> list[dict[str, str]]:
    """Return the candidates that are not on the streets, as the command line's JSON."""
    return [{"id": name, "why": why} for name, why in candidates.items()]


def gap_of(after: float, bound: float, before: float = 0.0) -> float:
    """Return (bound - after) / (bound - before), >= 0; 0 where there is nothing to gain."""
    most = bound - before
    return max(0.0, (bound - after) / most) if most > 0 else 0.0
