"""Plans in the register and back: what was proposed is stored before it is shown."""

from dataclasses import dataclass, replace
from datetime import datetime

import streamlit as st

from register.plan_records import from_record, store_plan
from siting.plan_results import PlanResult
from ui import identity, keys, projects
from ui.compute import Situation, coverage_with


@dataclass(frozen=True, eq=False)
class Shown:
    """A stored plan as pages show it: number in the register, time of storing, and itself."""

    number: int
    when: datetime
    plan: PlanResult


def may_store(situation: Situation) -> bool:
    """Tell whether this session may store a plan, which is the district's as a whole."""
    who = identity.actor(situation.register)
    return who is not None and who.writes_for("")


def remember(situation: Situation, plan: PlanResult) -> None:
    """Store a proposal, and the years to build it in; this session keeps its coverage, too."""
    rules = situation.book.rules
    years = st.session_state.get(keys.PLAN_YEARS)
    if years is not None and years > 1:
        plan = replace(plan, parameters={**plan.parameters, "years": int(years)})
    stored = store_plan(
        situation.register, situation.scenario, plan, who=projects.who(), rules=rules
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


def _with_coverage(situation: Situation, plan: PlanResult) -> PlanResult:
    after = coverage_with(situation, tuple(site.id for site in plan.selected))
    return replace(plan, after=after)
