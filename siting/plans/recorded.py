"""A plan as plain JSON, complete but for the coverage after it, and read again."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from siting.plan_results import (
    ClosedStation,
    Evenness,
    NeedServed,
    OwnGoal,
    PlanResult,
    SelectedSite,
)

_COMPUTED = {
    "after",
    "effective",
    "selected",
    "closed",
    "evenness",
    "stated_need",
    "goal",
    "parameters",
}


def to_record(plan: PlanResult) -> dict[str, Any]:
    """Return a plan as plain JSON, complete but for the coverage after it."""
    own = {f.name: getattr(plan, f.name) for f in fields(plan) if f.name not in _COMPUTED}
    return {
        **own,
        "selected": [asdict(site) for site in plan.selected],
        "closed": [asdict(station) for station in plan.closed],
        "evenness": None if plan.evenness is None else asdict(plan.evenness),
        "stated_need": None if plan.stated_need is None else asdict(plan.stated_need),
        "goal": None if plan.goal is None else asdict(plan.goal),
        "parameters": dict(plan.parameters),
    }


def from_record(record: Mapping[str, Any]) -> PlanResult:
    """Return the plan that `to_record` wrote."""
    own = {name: value for name, value in record.items() if name not in _COMPUTED}
    selected = tuple(SelectedSite(**site) for site in record["selected"])
    # Plans of earlier versions closed nothing.
    closed = tuple(ClosedStation(**station) for station in record.get("closed", ()))
    held = record.get("evenness")
    even = None if held is None else Evenness(**{**held, "lowest": tuple(held["lowest"])})
    need, goal = record.get("stated_need"), record.get("goal")
    return PlanResult(
        **own,
        selected=selected,
        closed=closed,
        evenness=even,
        stated_need=None if need is None else NeedServed(**need),
        goal=None if goal is None else OwnGoal(**goal),
        parameters=record["parameters"],
    )
