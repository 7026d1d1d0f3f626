"""What if a host of the plan declines: its spare hosts, worked out once per plan."""

import streamlit as st

from siting.candidates import Spare, spare_hosts, spares_line
from siting.model import Inputs, Parameters
from siting.plan_results import PlanResult
from ui.compute import Situation
from ui.language import current
from ui.safe import plain

_SHOWN = 3
_PLANS = 24


def spares_of(situation: Situation, plan: PlanResult) -> dict[str, str]:
    """Return a line about spare hosts per selected site, as Markdown; sites gone have none."""
    ranked = spares_found(situation, plan)
    return {name: plain(spares_line(spares[:_SHOWN], current())) for name, spares in ranked.items()}


def spares_found(situation: Situation, plan: PlanResult) -> dict[str, tuple[Spare, ...]]:
    """Return the spare hosts per selected site, the best first; sites gone have none."""
    held = set(situation.inputs.candidates["id"])
    ids = tuple(site.id for site in plan.selected if site.id in held)
    return _ranked(situation.scenario, ids, situation.inputs, situation.parameters)


@st.cache_resource(max_entries=_PLANS, show_spinner=False)
def _ranked(
    scenario: str, ids: tuple[str, ...], _inputs: Inputs, _parameters: Parameters
) -> dict[str, tuple[Spare, ...]]:
    del scenario
    return spare_hosts(_inputs, _parameters, ids)
