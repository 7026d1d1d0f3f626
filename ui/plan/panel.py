"""Asking for new stations, and the plan that comes back with its proof."""

import streamlit as st

from geo.errors import PlannerError
from reports.webmap import candidate_names
from siting import district_time
from siting.lines import effect_lines
from siting.plan_results import PlanResult, SelectedSite
from siting.plans.after_plan import PlanEffect
from siting.plans.asked import goal_in
from siting.plans.goals.for_goal import PlanAsked
from siting.plans.goals.lines import effect_key, goal_figure, goal_name, goal_sentence
from siting.plans.wishes import Wishes
from siting.results import Measure
from ui import edits, keys
from ui.compute import Situation, effect_of
from ui.guard import show_error
from ui.language import current, tell
from ui.onward import draw_onward
from ui.plan import search as plan_search
from ui.plan.curve import draw_sizes
from ui.plan.front import draw_front
from ui.plan.question import draw_question
from ui.plan.spares import spares_of
from ui.plan.stored import Shown, may_store, remember, remembered
from ui.plan.why import draw_prices, draw_why, explainable
from ui.plan.wishes import draw_wishes, still_asked, wishes_of
from ui.safe import plain
from ui.workbench.filters import counted_words
from words import count, percent, points, round_up, say, yuan


def draw_plan(situation: Situation) -> None:
    """Draw the question, and the plan of this scenario if there is one."""
    if situation.inputs.candidates.empty:
        draw_onward(tell("plan.no_candidates"), "data", key="plan")
        return
    part = counted_words(situation.parameters)
    if part:  # the filter was set for looking around: who plans must not overlook it
        st.warning(tell("plan.part", what=part), icon=":material/filter_alt:")
    question = draw_question(situation)
    problem = question.problem
    found = remembered(situation)
    wishes = wishes_of(situation, found)
    draw_wishes(situation, wishes)
    if problem is not None:
        st.warning(problem, icon=":material/warning:")
    if not may_store(situation):
        st.info(tell("plan.not_yours"), icon=":material/lock:")
    elif st.button(
        question.button,
        type="primary",
        icon=":material/add_location_alt:",
        disabled=problem is not None,
    ):
        _work_out(situation, question.asked, wishes)
    elif st.session_state.pop(keys.PLAN_AGAIN, False) and found is not None:
        _work_out(situation, goal_in(found.plan), wishes)
    _take_up(situation)
    if found is None:
        earlier = situation.register.last_plan() is not None
        st.caption(tell("plan.stale" if earlier else "plan.none"))
        return
    if not still_asked(situation, found):
        st.info(tell("wishes.changed"), icon=":material/rule:")
    draw_result(situation, found, effect_of(situation, found.plan))


def _work_out(situation: Situation, asked: PlanAsked, wishes: Wishes) -> None:
    edits.forget_notice()
    try:
        with st.spinner(tell("plan.working"), show_time=True):
            plan_search.begin(situation, asked, wishes)
    except PlannerError as error:  # told here, so that the map stays
        show_error(error)


def _take_up(situation: Situation) -> None:
    """Store the plan of a search that has ended; draw how far one is that has not."""
    try:
        plan = plan_search.ended(situation)
    except PlannerError as error:  # the plan before it stays
        show_error(error)
        return
    if plan is None:
        plan_search.draw()
        return
    if not plan.found:  # the plan before it stays
        st.error(plain(plan.remark_zh if current() == "zh" else plan.remark_en))
        return
    remember(situation, plan)
    edits.close_card()
    st.rerun()


def draw_result(situation: Situation, shown: Shown, effect: PlanEffect) -> None:
    """Draw what a plan reaches and serves, how far from the best it can be, its sites in order.

    Parameters
    ----------
    effect
        What it brings of effective coverage.
    """
    plan = shown.plan
    if not plan.selected:
        st.warning(tell("plan.nothing_selected"))
        return
    lang = current()
    one_window = len(situation.parameters.windows or ()) == 1  # in heads: no average
    measure: Measure = "workers" if one_window else situation.coverage.measure
    before, after = _shares(plan)
    with st.container(key="plan_figures", horizontal=True, gap="medium"):
        if plan.goal is not None:
            name, figure = goal_name(plan.goal, lang), goal_figure(plan.goal, lang)
            st.metric(name, figure, width="content")
        st.metric(
            tell("plan.coverage"),
            f"{percent(before)} → {percent(after)}",
            points(before, after, lang),
            width="content",
        )
        gained = plan.workers_covered_after - plan.workers_covered_before
        st.metric(tell(f"plan.gained_{measure}"), count(gained, lang), width="content")
        st.metric(tell("plan.cost"), yuan(plan.cost_yuan, lang), width="content")
    st.markdown(plain("  ".join(effect_lines(effect, lang, said=effect_key(plan)))))
    st.caption(proof(plan) if plan.goal is None else goal_sentence(plan, plan.goal, lang))
    remark = plan.remark_zh if lang == "zh" else plan.remark_en
    if remark:
        st.warning(plain(remark))
    when = district_time.to_the_minute(shown.when)
    st.caption(tell("plan.stored", number=shown.number, when=when))
    explained = explainable(plan)
    if explained:
        draw_prices(situation, shown)
        draw_sizes(situation, shown)
        draw_front(situation, shown)
    names = candidate_names(situation.inputs.candidates, lang)
    spares = spares_of(situation, plan)
    for site in plan.selected:
        with st.container(border=True, gap="xxsmall"):
            _draw_site(site, names.get(site.id, site.id), measure, spares.get(site.id, ""))
            if explained:
                draw_why(situation, shown, site.id, site.order)


def _draw_site(site: SelectedSite, name: str, measure: Measure, spares: str) -> None:
    lang = current()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{site.order}　{plain(name)}**", width="stretch")
        st.button(
            tell("plan.show"),
            key=f"show_planned_{site.order}",
            icon=":material/my_location:",
            type="tertiary",
            on_click=edits.fly_to,
            args=(site.id,),
        )
    gained, cost = count(site.workers_gained, lang), yuan(site.cost_yuan, lang)
    if site.cost_assumed:
        cost = say("siting.plan.assumed_mark", lang, cost=cost)
    st.markdown(tell(f"plan.site_{measure}", gained=gained, cost=cost))
    st.caption(plain(site.reason_zh if lang == "zh" else site.reason_en))
    if spares:
        st.caption(spares)


def proof(plan: PlanResult) -> str:
    """Say in plain words how far the plan can be from the best one."""
    missing = max(0.0, plan.bound_workers - plan.workers_covered_after)
    share = missing / plan.workers_total if plan.workers_total else 0.0
    key = "plan.proved" if plan.proved_optimal else "plan.within"
    said = tell(
        key,
        points=f"{round_up(share * 100, 1):.1f}",  # as in the report
        workers=count(round_up(missing), current()),
        seconds=f"{plan.seconds:.1f}",
    )
    if plan.proved_optimal or plan.rules is None or plan.rules_tolerance <= 0:
        return said
    return said + tell("plan.tolerance", tolerance=f"{plan.rules_tolerance * 100:g}")


def _shares(plan: PlanResult) -> tuple[float, float]:
    total = plan.workers_total or 1.0
    return plan.workers_covered_before / total, plan.workers_covered_after / total
