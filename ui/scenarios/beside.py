"""方案对比: whether more stations are worth it, and what is built in which year, of one side."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from register.plan_records import from_record
from siting.model import Parameters
from siting.plan_results import PlanResult
from ui.compute import Situation, situation
from ui.plan.curve import draw_curve, draw_years
from ui.plan.stored import Shown
from ui.plan.why import explainable
from ui.safe import plain
from ui.scenarios.sides import Choice, Shelf, word


def draw_beside(base: Situation, shelf: Shelf, choices: tuple[Choice, Choice]) -> None:
    """Draw the curve and the years of the second side's plan, else of the first side's.

    They are worked out for what the plan was made from: where the records are others now, a new
    proposal has to be asked for.
    """
    held = [(choice, shelf.plan_behind(choice)) for choice in reversed(choices)]
    stored = next(((choice, plan) for choice, plan in held if plan is not None), None)
    if stored is None:
        st.caption(word("curve"))
        return
    choice, plan = stored
    result = from_record(plan.result)
    st.markdown(f"**{word('beside', name=plain(shelf.called(choice)))}**")
    now = _situation_of(base, result)
    if now.scenario != plan.scenario:
        st.caption(word("beside_changed", number=plan.id))
        return
    if not result.selected or not explainable(result):
        st.caption(word("beside_alone"))
        return
    shown = Shown(plan.id, plan.created_at, result)
    for draw, column in zip((draw_curve, draw_years), st.columns(2, gap="medium"), strict=True):
        with column:
            draw(now, shown)


def _situation_of(base: Situation, plan: PlanResult) -> Situation:
    """Return today's situation by the parameters that a plan was made with."""
    held: Mapping[str, Any] = plan.parameters
    windows, groups = held.get("windows"), held.get("groups")
    asked = Parameters(
        cutoff_m=float(held["cutoff_m"]),
        attach_cap_m=float(held.get("attach_cap_m", base.parameters.attach_cap_m)),
        alternatives_m=float(held.get("alternatives_m", 0.0)),
        standard=held.get("standard"),
        windows=None if windows is None else tuple(windows),
        groups=None if groups is None else tuple(groups),
    )
    return (
        base if asked == base.parameters else situation(base.register, base.book, asked, base.terms)
    )
