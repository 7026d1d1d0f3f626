"""A plan of actions, frozen: what is done where, what it costs, whom it wins, its proof."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from siting.actions.bundles import Record, Step
from siting.coverage.effective import EffectiveCoverage, LevelRow
from siting.coverage.levels import Filter
from siting.model import Inputs, Place
from siting.plan_results import gap_of, unattached_list
from siting.results import CoverageResult, Measure, Method, Status, Stopped, Unattached, plain

Shares = tuple[tuple[str, float], ...]
"""Names and the workers gained by each, the most first."""

BY = ("town", "group", "window")


@dataclass(frozen=True)
class ChosenAction:
    """What is done at one station or candidate.

    Attributes
    ----------
    id, name, town
        Of the station or candidate; its name is its id where it has none.
    steps
        The things done there, together.
    before, after
        Its record as it is (None: a new station) and as it then is.
    to_id, to_name, to_place
        The candidate's place that a station moves to; "" and None where nothing moves.
    workers_gained
        Average present workers newly covered, effectively and verified, beside what comes before.
    gained_by
        `town`, `group`, `window` -> the same by each; within one window in its heads.
    assumed
        What is blank in the record and was taken to be usual.
    """

    id: str
    name: str
    town: str
    order: int
    steps: tuple[Step, ...]
    before: Record | None
    after: Record
    to_id: str
    to_name: str
    to_place: Place | None
    workers_gained: float
    gained_by: Mapping[str, Shares]
    assumed: tuple[Filter, ...]
    reason_zh: str = ""
    reason_en: str = ""

    @property
    def action(self) -> str:
        """What is done, in one word: `open`, `hours+access`."""
        return "+".join(step.action for step in self.steps)

    @property
    def cost_yuan(self) -> int:
        """All steps together."""
        return sum(step.cost_yuan for step in self.steps)

    @property
    def cost_assumed(self) -> bool:
        """Whether any of it is our assumption."""
        return any(step.cost_assumed for step in self.steps)

    def as_dict(self, lang: Literal["zh", "en"]) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "id": self.id,
            "order": self.order,
            "workers_gained": plain(self.workers_gained),
            "cost_yuan": self.cost_yuan,
            "cost_assumed": self.cost_assumed,
            "reason": self.reason_zh if lang == "zh" else self.reason_en,
            "action": self.action,
            "name": self.name,
            "town": self.town,
            "steps": [
                {
                    "action": step.action,
                    "detail": list(step.detail),
                    "cost_yuan": step.cost_yuan,
                    "cost_assumed": step.cost_assumed,
                }
                for step in self.steps
            ],
            "changes": self._changes(),
            "assumed": list(self.assumed),
            **{
                f"gained_by_{by}": [{by: name, "workers": plain(n)} for name, n in shares]
                for by, shares in self.gained_by.items()
            },
        }

    def _changes(self) -> dict[str, object]:
        """Return what of the record is otherwise, and where the station stands."""
        columns = ("kind", "hours", "access", "services")
        told: dict[str, object] = {}
        for name in columns:
            was = None if self.before is None else getattr(self.before, name)
            then = getattr(self.after, name)
            if was != then:
                told[name] = {"from": was, "to": then}
        if self.to_place is not None:
            lon, lat = self.to_place
            told["place"] = {"to": self.to_id, "lon": lon, "lat": lat}
        return told


@dataclass(frozen=True, eq=False)
class ActionPlan:
    """What to do, with its proof: `bound_workers` bounds what any plan covers, verified.

    All `workers` are effective: within reach, open, admitted and served by what is on record or
    taken as usual; average present workers.

    Attributes
    ----------
    selected
        The greatest marginal gain first; the gains sum to after - before.
    before, after
        Effective coverage, computed from the tables as they are and as the plan makes them.
    nominal_before, nominal_after
        Coverage by distance alone of the same tables.
    tables
        The inputs as the plan makes them.
    considered
        How many bundles were weighed; those that win nobody, or as much for more money, are not.
    unattached_candidates
        Those that could not be chosen because streets do not reach them: id -> why.
    status, stopped, seconds
        As of any plan.
    """

    selected: tuple[ChosenAction, ...]
    before: EffectiveCoverage
    after: EffectiveCoverage
    nominal_before: CoverageResult
    nominal_after: CoverageResult
    bound_workers: float
    status: Status
    stopped: Stopped | None
    seconds: float
    considered: int
    tables: Inputs
    unattached_candidates: Mapping[str, Unattached]
    remark_zh: str = ""
    remark_en: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def workers_before(self) -> float:
        """Average present workers effectively covered now."""
        return self.before.total.verified

    @property
    def workers_after(self) -> float:
        """The same after the plan."""
        return self.after.total.verified

    @property
    def gap(self) -> float:
        """(bound - after) / bound; 0 where there is nothing to cover."""
        return gap_of(self.workers_after, self.bound_workers)

    @property
    def gap_on_gain(self) -> float:
        """The same gap on what the plan adds."""
        return gap_of(self.workers_after, self.bound_workers, self.workers_before)

    @property
    def proved_optimal(self) -> bool:
        """Whether no better plan exists."""
        return self.status == "optimal"

    @property
    def cost_yuan(self) -> int:
        """Cost of all that is done, yuan."""
        return sum(item.cost_yuan for item in self.selected)

    @property
    def measure(self) -> Measure:
        """What workers are counted in."""
        return self.before.measure

    @property
    def method(self) -> Method:
        """How distances were measured."""
        return self.nominal_before.method

    def rows(self, by: str) -> list[tuple[LevelRow, LevelRow]]:
        """Return the rows by town, group or window, before and after."""
        name = f"{by}s"
        before: tuple[LevelRow, ...] = getattr(self.before, name)
        after: tuple[LevelRow, ...] = getattr(self.after, name)
        found = {row.name: row for row in after}
        return [(row, found[row.name]) for row in before]

    def as_dict(self, lang: Literal["zh", "en"]) -> dict[str, object]:
        """Return the command line's JSON."""
        terms = self.before.terms
        return {
            "objective": "effective",
            "selected": [item.as_dict(lang) for item in self.selected],
            "workers_total": plain(self.before.total.workers),
            "workers_covered_before": plain(self.workers_before),
            "workers_covered_after": plain(self.workers_after),
            "bound_workers": plain(self.bound_workers),
            "gap": self.gap,
            "gap_on_gain": self.gap_on_gain,
            "status": self.status,
            "stopped": self.stopped,
            "proved_optimal": self.proved_optimal,
            "seconds": self.seconds,
            "method": self.method,
            "measure": self.measure,
            "remark": self.remark_zh if lang == "zh" else self.remark_en,
            "cost_yuan": self.cost_yuan,
            "considered": self.considered,
            "rules": self.parameters["rules"],
            "unattached_candidates": unattached_list(self.unattached_candidates),
            "parameters": dict(self.parameters),
            "effective": {
                "workers": plain(self.before.total.workers),
                "verified_before": plain(self.workers_before),
                "verified_after": plain(self.workers_after),
                "unverified_before": plain(self.before.total.unverified),
                "unverified_after": plain(self.after.total.unverified),
                "coverage_before": self.before.total.coverage,
                "coverage_after": self.after.total.coverage,
                "gained": plain(self.workers_after - self.workers_before),
                "monday": terms.monday.isoformat(),
                "open_share": terms.open_share,
                "assumed": [
                    {"id": item.id, "blanks": list(item.assumed)}
                    for item in self.selected
                    if item.assumed
                ],
            },
            "nominal": {
                "workers_covered_before": plain(self.nominal_before.workers_covered),
                "workers_covered_after": plain(self.nominal_after.workers_covered),
                "coverage_before": self.nominal_before.coverage,
                "coverage_after": self.nominal_after.coverage,
            },
            **{f"{by}s": self._rows_dict(by) for by in BY},
        }

    def _rows_dict(self, by: str) -> list[dict[str, object]]:
        return [
            {
                by: before.name,
                "workers": plain(before.workers),
                "verified_before": plain(before.verified),
                "verified_after": plain(after.verified),
            }
            for before, after in self.rows(by)
        ]
