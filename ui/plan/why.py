"""Why a plan is as it is: a card per site, its runner-up one tap away, and what each wish costs."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from siting.plan_results import PlanResult
from siting.plans.asked import limits_in, wishes_in
from siting.plans.explaining import explain_sites
from siting.plans.goals.case import GoalCase
from siting.plans.goals.pricing import price_goal
from siting.plans.goals.task import Task
from siting.plans.pricing import PRICE_LIMIT_S, Price, price_plan
from siting.plans.stated_need import need_rows
from siting.plans.why import Rival, SiteWhy
from siting.plans.why_lines import price_lines, site_sentences
from siting.plans.wishes import called, side_constraints
from ui import keys
from ui.compute import Situation
from ui.language import current, tell
from ui.plan.stored import Shown, may_store
from ui.plan.wishes import ask, swapped, wishes_of
from ui.safe import plain
from words import say

_PLANS = 12


def explainable(plan: PlanResult) -> bool:
    """Tell whether a plan is one of new stations beside all that are there.

    One that closes stations, or puts the worst-off first, comes from the command line and stands
    alone.
    """
    asked = wishes_in(plan.parameters)
    return not (asked.alone or asked.close)


def case_for(situation: Situation, plan: PlanResult) -> GoalCase:
    """Return what a plan of this situation that does not seek coverage was made from."""
    limits = limits_in(plan, rules=situation.book.rules, today=situation.today)
    limits = replace(limits, time_limit_s=min(limits.time_limit_s, PRICE_LIMIT_S))
    return GoalCase(situation.inputs, situation.parameters, plan, limits, situation.evaluation)


def task_for(situation: Situation, plan: PlanResult) -> Task:
    """Return what a plan of this situation was made from."""
    limits = limits_in(plan, rules=situation.book.rules, today=situation.today)
    travel = situation.evaluation.travel
    scores = None if plan.rules is None else situation.evaluation.scores
    sides = side_constraints(situation.inputs, travel.demand, limits.wishes, scores)
    book = None if plan.rules is None else situation.book.rules
    needs = need_rows(situation.inputs, travel, book)
    return Task(situation.inputs, limits, travel, scores, sides, plan.parameters, needs)


def sites_why(situation: Situation, shown: Shown) -> Mapping[str, SiteWhy]:
    """Return why each site of a stored plan is there, by id; worked out once."""
    key = (str(situation.register.folder), shown.number)
    return {site.id: site for site in _sites(key, situation, shown.plan)}


def prices_of(situation: Situation, shown: Shown) -> tuple[Price, ...]:
    """Return what each limit, wish and rule costs a stored plan; worked out once."""
    key = (str(situation.register.folder), shown.number)
    return _prices(key, situation, shown.plan)


def draw_why(situation: Situation, shown: Shown, site: str, order: int) -> None:
    """Draw why one site is in the plan, and the button that swaps it for its runner-up."""
    card = st.expander(
        tell("why.title"),
        key=f"why_{shown.number}_{order}",
        icon=":material/help:",
        type="compact",
        on_change="rerun",
    )
    if not card.open:
        return
    with card:
        with st.spinner(tell("curve.working"), show_time=True):
            why = sites_why(situation, shown)[site]
        told = [plain(said) for said in site_sentences(why, current()) if said]
        st.markdown("\n".join(f"- {said}" for said in told))
        for rival in _rivals(why) if may_store(situation) else ():
            st.button(
                tell("why.swap", name=plain(rival.name)),
                key=f"swap_{order}_{rival.id}",
                icon=":material/swap_horiz:",
                on_click=_swap,
                args=(situation, shown, site, rival.id),
            )


def draw_prices(situation: Situation, shown: Shown) -> None:
    """Draw what each limit, wish and rule costs: solved where somebody looks."""
    card = st.expander(
        tell("why.prices"), key="plan_prices", icon=":material/balance:", on_change="rerun"
    )
    if not card.open:
        return
    with card:
        with st.spinner(tell("why.prices_working"), show_time=True):
            prices = prices_of(situation, shown)
        table = situation.inputs.candidates
        names = dict(zip(table["id"].astype(str), called(table), strict=True))
        told = [plain(said) for said in price_lines(prices, current(), names)[1:]]
        st.markdown("\n".join(f"- {said}" for said in told))
        own = shown.plan.goal is not None
        st.caption(say("plan_goals.prices_help", current()) if own else tell("why.prices_help"))


def _rivals(why: SiteWhy) -> list[Rival]:
    """Return who may be put in a site's place: the runner-up."""
    return [] if why.runner_up is None else [why.runner_up]


def _swap(situation: Situation, shown: Shown, site: str, other: str) -> None:
    ask(swapped(wishes_of(situation, shown), site, other))
    st.session_state[keys.PLAN_AGAIN] = True


@st.cache_resource(max_entries=_PLANS, show_spinner=False)
def _sites(key: tuple[str, int], _situation: Situation, _plan: PlanResult) -> tuple[SiteWhy, ...]:
    del key
    if _plan.goal is not None:
        case = case_for(_situation, _plan)
        return explain_sites(case.task, _plan, case.stick)
    return explain_sites(task_for(_situation, _plan), _plan)


@st.cache_resource(max_entries=_PLANS, show_spinner=False)
def _prices(key: tuple[str, int], _situation: Situation, _plan: PlanResult) -> tuple[Price, ...]:
    del key
    if _plan.goal is not None:
        return price_goal(case_for(_situation, _plan))
    return price_plan(task_for(_situation, _plan), _plan)
