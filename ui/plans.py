"""Plans in the register and back: what was proposed is stored before it is shown."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

import streamlit as st

from register.editions import editions_of
from siting.results import PlanResult, SelectedSite
from ui import keys, projects
from ui.compute import Situation, coverage_with

_COMPUTED = {"after", "selected", "parameters"}


@dataclass(frozen=True, eq=False)
class Shown:
    """A stored plan as pages show it: number in the register, time of storing, and itself."""

    number: int
    when: datetime
    plan: PlanResult


def remember(situation: Situation, plan: PlanResult) -> None:
    """Store a proposal in the register; this session keeps its coverage, too."""
    stored = situation.register.save_plan(
        situation.scenario,
        dict(plan.parameters),
        to_record(plan),
        who=projects.who(),
        editions=editions_of(plan.parameters),
    )
    st.session_state[keys.PLAN] = (str(situation.register.folder), stored.id, plan)


def remembered(situation: Situation) -> Shown | None:
    """Return the plan stored last for this very scenario; another state has no plan yet."""
    stored = situation.register.last_plan(situation.scenario)
    if stored is None:
        return None
    here = (str(situation.register.folder), stored.id)
    folder, number, plan = st.session_state.get(keys.PLAN, ("", 0, None))
    if (folder, number) != here:
        plan = _with_coverage(situation, from_record(stored.result))
        st.session_state[keys.PLAN] = (*here, plan)
    return Shown(stored.id, stored.created_at, plan)


def to_record(plan: PlanResult) -> dict[str, Any]:
    """Return a plan as plain JSON, complete but for the coverage after it."""
    own = {f.name: getattr(plan, f.name) for f in fields(plan) if f.name not in _COMPUTED}
    return {
        **own,
        "selected": [asdict(site) for site in plan.selected],
        "parameters": dict(plan.parameters),
    }


def from_record(record: Mapping[str, Any]) -> PlanResult:
    """Return the plan that `to_record` wrote."""
    own = {name: value for name, value in record.items() if name not in _COMPUTED}
    selected = tuple(SelectedSite(**site) for site in record["selected"])
    return PlanResult(**own, selected=selected, parameters=record["parameters"])


def _with_coverage(situation: Situation, plan: PlanResult) -> PlanResult:
    after = coverage_with(situation, tuple(site.id for site in plan.selected))
    return replace(plan, after=after)
