"""Two goals at once, for those who plan: what coverage costs of walks, money, points, evenness."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from geo.errors import PlannerError
from siting.costs import costs_yuan
from siting.plan_results import PlanResult
from siting.plans.goals.task import Task
from siting.plans.pareto import Front, SecondGoal, front_from
from ui.compute import Situation
from ui.exporting import Exported, draw_export
from ui.guard import show_error
from ui.language import current, tell
from ui.plan.stored import Shown
from ui.plan.why import case_for, task_for
from ui.report.words import word as export_word
from words import Lang, count, distance, percent, say, yuan

SEARCH_S = 5.0
"""Seconds for a quarter of a front."""

_PLANS = 12
_OF: frozenset[str] = frozenset({"coverage", "median"})
"""Goals between which, and money, points or evenness, there is something to weigh."""


def draw_front(situation: Situation, shown: Shown) -> None:
    """Draw what coverage costs of a second goal: worked out where somebody looks."""
    goals = _goals(shown.plan)
    if not goals:
        return
    card = st.expander(
        say("plan_goals.front.title", current()),
        key="plan_front",
        icon=":material/tune:",
        on_change="rerun",
    )
    if not card.open:
        return
    with card:
        names = {goal: say(f"plan_goals.front.name_{goal}", current()) for goal in goals}
        goal: SecondGoal = st.segmented_control(
            say("plan_goals.front.other", current()),
            goals,
            default=goals[0],
            required=True,
            key=f"front_{shown.number}",
            format_func=names.__getitem__,
        )
        try:
            with st.spinner(tell("curve.working"), show_time=True):
                front = front_of(situation, shown, goal)
        except PlannerError as error:
            show_error(error)
            return
        table = front_table(situation, shown.plan, front, current())
        st.table(table)
        draw_export(Exported(table.reset_index(), export_word("tables.curve")), key="export_front")
        st.caption(say(f"plan_goals.front.help_{goal}", current()))


def front_of(situation: Situation, shown: Shown, goal: SecondGoal) -> Front:
    """Return the front around a stored plan; worked out once.

    Raises
    ------
    PlannerError
        The plan's wishes or its size do not go with this goal.
    """
    return _front((str(situation.register.folder), shown.number), goal, situation, shown.plan)


def front_table(situation: Situation, plan: PlanResult, front: Front, lang: Lang) -> pd.DataFrame:
    """Return a row per plan of a front, the most covered first; this plan is marked."""
    table = situation.inputs.candidates
    costs = dict(zip(table["id"].astype(str), costs_yuan(table)[0].tolist(), strict=True))
    own = {site.id for site in plan.selected}
    rows = []
    for number, point in enumerate(reversed(front.points), 1):
        mark = say("plan_goals.front.this", lang) if set(point.sites) == own else ""
        cost = sum(costs[site] for site in point.sites)
        proof = "proved" if point.proved else "open"
        rows.append(
            {
                say("plan_goals.front.number", lang): f"{number}{mark}",
                say("ui.curve.share", lang): percent(point.coverage),
                say("plan_goals.front.covered", lang): count(point.workers_covered, lang),
                **_other(front, point.other, lang),
                say("ui.curve.cost", lang): yuan(cost, lang),
                say("ui.curve.sure", lang): say(f"plan_goals.front.{proof}", lang),
            }
        )
    return pd.DataFrame(rows).set_index(say("plan_goals.front.number", lang))


def _other(front: Front, value: float, lang: Lang) -> dict[str, str]:
    """Return the column of the second goal; money has one already."""
    told = {
        "walk": lambda: distance(round(value), lang),
        "points": lambda: f"{value:.1f}",
        "towns": lambda: percent(value),
    }
    if front.goal not in told:
        return {}
    return {say(f"plan_goals.front.name_{front.goal}", lang): told[front.goal]()}


def _goals(plan: PlanResult) -> tuple[SecondGoal, ...]:
    """Return what may be weighed against coverage; nothing for other plans."""
    if str(plan.parameters.get("objective", "coverage")) not in _OF or not plan.selected:
        return ()
    by_number = plan.parameters.get("new") is not None
    walk: tuple[SecondGoal, ...] = (
        ("walk",) if by_number and plan.parameters.get("budget_yuan") is None else ()
    )
    points: tuple[SecondGoal, ...] = () if plan.rules is None else ("points",)
    return (*walk, "money", "towns", *points)


def _task(situation: Situation, plan: PlanResult) -> Task:
    task = task_for(situation, plan) if plan.goal is None else case_for(situation, plan).task
    limits = replace(task.limits, time_limit_s=min(task.limits.time_limit_s, SEARCH_S))
    return replace(task, limits=limits)


@st.cache_resource(max_entries=_PLANS, show_spinner=False)
def _front(
    key: tuple[str, int], goal: SecondGoal, _situation: Situation, _plan: PlanResult
) -> Front:
    del key
    return front_from(_task(_situation, _plan), goal, _situation.parameters)
