"""Asking for new stations, and the plan that comes back with its proof."""

import streamlit as st

from geo.errors import PlannerError
from reports.webmap import candidate_names
from siting.lines import effect_lines
from siting.plan_results import PlanResult, SelectedSite
from siting.plans.after_plan import PlanEffect
from siting.plans.wishes import Wishes
from siting.results import Measure
from ui import edits, keys, plan_search
from ui.compute import Situation, effect_of
from ui.filters import counted_words
from ui.guard import show_error
from ui.language import current, tell
from ui.plan_curve import draw_curve, draw_years
from ui.plan_spares import spares_of
from ui.plan_why import draw_prices, draw_why, explainable
from ui.plan_wishes import draw_wishes, still_asked, wishes_of
from ui.plans import Shown, may_store, remember, remembered
from ui.safe import plain
from words import count, percent, points, round_up, say, yuan

_DEFAULT_NEW = 5
_MOST_NEW = 200
_DEFAULT_BUDGET_YUAN = 50_000
_LEAST_BUDGET_YUAN = 1000
_MOST_BUDGET_YUAN = 1_000_000_000


def draw_plan(situation: Situation) -> None:
    """Draw the question, and the plan of this scenario if there is one."""
    if situation.inputs.candidates.empty:
        st.info(tell("plan.no_candidates"))
        return
    st.caption(tell("plan.kind"))
    part = counted_words(situation.parameters)
    if part:  # the filter was set for looking around: who plans must not overlook it
        st.warning(tell("plan.part", what=part), icon=":material/filter_alt:")
    new, budget_yuan = _question()
    problem = _problem(new, budget_yuan)
    found = remembered(situation)
    wishes = wishes_of(situation, found)
    draw_wishes(situation, wishes)
    if problem is not None:
        st.warning(problem, icon=":material/warning:")
    if not may_store(situation):
        st.info(tell("plan.not_yours"), icon=":material/lock:")
    elif st.button(
        tell("plan.propose") if problem else _button(new, budget_yuan),
        type="primary",
        icon=":material/add_location_alt:",
        disabled=problem is not None,
    ):
        _work_out(situation, new, budget_yuan, wishes)
    elif st.session_state.pop(keys.PLAN_AGAIN, False) and found is not None:
        held = found.plan.parameters
        _work_out(situation, _whole(held["new"]), _whole(held["budget_yuan"]), wishes)
    _take_up(situation)
    if found is None:
        earlier = situation.register.last_plan() is not None
        st.caption(tell("plan.stale" if earlier else "plan.none"))
        return
    if not still_asked(situation, found):
        st.info(tell("wishes.changed"), icon=":material/rule:")
    draw_result(situation, found, effect_of(situation, found.plan))


def _whole(held: object) -> int | None:
    return None if held is None else int(str(held))


def _work_out(
    situation: Situation, new: int | None, budget_yuan: int | None, wishes: Wishes
) -> None:
    edits.forget_notice()
    try:
        with st.spinner(tell("plan.working"), show_time=True):
            plan_search.begin(situation, new=new, budget_yuan=budget_yuan, wishes=wishes)
    except PlannerError as error:  # told here, so that the map stays
        show_error(error)


def _take_up(situation: Situation) -> None:
    """Store the plan of a search that has ended; draw how far one is that has not."""
    plan = plan_search.ended(situation)
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
        st.metric(
            tell("plan.coverage"),
            f"{percent(before)} → {percent(after)}",
            points(before, after, lang),
            width="content",
        )
        gained = plan.workers_covered_after - plan.workers_covered_before
        st.metric(tell(f"plan.gained_{measure}"), count(gained, lang), width="content")
        st.metric(tell("plan.cost"), yuan(plan.cost_yuan, lang), width="content")
    st.markdown(plain("  ".join(effect_lines(effect, lang))))
    st.caption(proof(plan))
    remark = plan.remark_zh if lang == "zh" else plan.remark_en
    if remark:
        st.warning(plain(remark))
    when = f"{shown.when.astimezone():%Y-%m-%d %H:%M}"
    st.caption(tell("plan.stored", number=shown.number, when=when))
    explained = explainable(plan)
    if explained:
        draw_prices(situation, shown)
        draw_curve(situation, shown)
        draw_years(situation, shown)
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


def _problem(new: int | None, budget_yuan: int | None) -> str | None:
    """Say in our own words what Streamlit would refuse in English, keeping the last figure."""
    asked, least, most = (
        (budget_yuan, _LEAST_BUDGET_YUAN, _MOST_BUDGET_YUAN) if new is None else (new, 1, _MOST_NEW)
    )
    if asked is not None and least <= asked <= most:
        return None
    return tell(
        "plan.range_new" if new is not None else "plan.range_budget",
        least=f"{least:,}",
        most=f"{most:,}",
    )


def _question() -> tuple[int | None, int | None]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.segmented_control(
            tell("plan.by"),
            ("new", "budget"),
            default="new",
            required=True,
            key=keys.PLAN_BY,
            persist_state="session",
            format_func={way: tell(f"plan.by_{way}") for way in ("new", "budget")}.__getitem__,
        )
        if by == "budget":
            budget = st.number_input(
                tell("plan.budget"),
                value=_DEFAULT_BUDGET_YUAN,
                step=5000,
                key=keys.PLAN_BUDGET,
                persist_state="session",
            )
            return None, int(budget)
        new = st.number_input(
            tell("plan.new"),
            value=_DEFAULT_NEW,
            step=1,
            key=keys.PLAN_NEW,
            persist_state="session",
        )
        return int(new), None


def _button(new: int | None, budget_yuan: int | None) -> str:
    if new is not None:
        return tell("plan.propose_new", new=new)
    return tell("plan.propose_budget", budget=yuan(budget_yuan or 0, current()))
