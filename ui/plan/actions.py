"""What could be done with all stations, not new ones alone: a plan of effective coverage.

Under the plan by distance and for the same number or money: doors, hours, services, containers.
Looked at, not stored.
"""

from dataclasses import dataclass

import streamlit as st

from geo.errors import PlannerError
from reports.webmap import candidate_names
from siting.actions.bundles import ACTIONS, ActionKind
from siting.actions.lines import done_text, proof_text, step_text
from siting.actions.planning import plan_actions
from siting.actions.results import ActionPlan, ChosenAction
from siting.plans.goals.task import Limits
from siting.plans.reasons import wish_sentences
from siting.plans.wishes import Wishes, with_rule_quotas
from ui import edits, keys
from ui.compute import Situation, effect_of
from ui.guard import show_error
from ui.language import current
from ui.plan.stored import remembered
from ui.plan.wishes import wishes_of
from ui.safe import plain
from ui.settings import installed
from words import count, percent, points, say, yuan

_KEPT = 12
_FIRST_NEW = 5
_FIRST_BUDGET_YUAN = 50_000


@dataclass(frozen=True)
class _Question:
    """What a plan is asked; the same question has the same answer."""

    scenario: str
    terms: str
    new: int | None
    budget_yuan: int | None
    actions: tuple[ActionKind, ...]
    wishes: Wishes

    @property
    def usable(self) -> bool:
        """Whether it asks for anything."""
        return bool(self.actions) and (self.new or self.budget_yuan or 0) > 0


def draw_actions(now: Situation) -> None:
    """Draw the question, and the plan if this session has asked for it."""
    held: _Question | None = st.session_state.get(keys.ACTIONS_ASKED)
    with st.expander(
        _word("title"),
        icon=":material/construction:",
        expanded=held is not None,
        key="actions_panel",
    ):
        st.caption(_word("help"))
        asked = _question(now)
        if asked.wishes:
            names, lang = candidate_names(now.inputs.candidates, current()), current()
            told = say("siting.wish.joint", lang).join(wish_sentences(asked.wishes, lang, names))
            st.caption(plain(_word("wishes", wishes=told)))
        st.button(
            _button(asked),
            icon=":material/handyman:",
            key="plan_actions",
            disabled=not asked.usable,
            on_click=_ask,
            args=(asked,),
        )
        if held is None:
            return
        if (held.scenario, held.terms) != (asked.scenario, asked.terms):
            st.caption(_word("stale"))
            return
        if held != asked:
            st.info(_word("changed"), icon=":material/rule:")
        try:
            with st.spinner(_word("working"), show_time=True):
                found = _found(held, now)
        except PlannerError as error:
            show_error(error)
            return
        _draw_plan(now, found)


def _ask(question: _Question) -> None:
    edits.forget_notice()
    st.session_state[keys.ACTIONS_ASKED] = question


def _question(now: Situation) -> _Question:
    lang = current()
    names = {action: say(f"actions.kind.{action}", lang) for action in ACTIONS}
    chosen = st.pills(
        _word("may"),
        ACTIONS,
        selection_mode="multi",
        default=ACTIONS,
        format_func=names.__getitem__,
        key=keys.ACTIONS_MAY,
        persist_state="session",
    )
    by_money = st.session_state.get(keys.PLAN_BY) == "budget"
    new = int(st.session_state.get(keys.PLAN_NEW) or _FIRST_NEW)
    budget = int(st.session_state.get(keys.PLAN_BUDGET) or _FIRST_BUDGET_YUAN)
    return _Question(
        scenario=now.scenario,
        terms=repr(now.terms),
        new=None if by_money else new,
        budget_yuan=budget if by_money else None,
        actions=tuple(action for action in ACTIONS if action in chosen),
        wishes=with_rule_quotas(wishes_of(now, remembered(now)), now.book.rules),
    )


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _found(question: _Question, _now: Situation) -> ActionPlan:
    return plan_actions(
        _now.inputs,
        _now.parameters,
        _now.terms,
        limits=Limits(
            new=question.new,
            budget_yuan=question.budget_yuan,
            rules=_now.book.rules,
            wishes=question.wishes,
            time_limit_s=installed.in_force().plan_seconds,
            today=_now.today,
        ),
        actions=question.actions,
        previous=_now.evaluation,
    )


def _draw_plan(now: Situation, plan: ActionPlan) -> None:
    lang = current()
    remark = plan.remark_zh if lang == "zh" else plan.remark_en
    if plan.status == "infeasible":
        st.error(plain(remark))
        return
    if not plan.selected:
        st.info(plain(remark))
        return
    before, after = plan.before.total.coverage, plan.after.total.coverage
    with st.container(key="actions_figures", horizontal=True, gap="medium"):
        st.metric(
            _word("coverage"),
            f"{percent(before)} → {percent(after)}",
            points(before, after, lang),
            width="content",
        )
        gained = plan.workers_after - plan.workers_before
        st.metric(_word(f"gained_{plan.measure}"), count(gained, lang), width="content")
        st.metric(_word("cost"), yuan(plan.cost_yuan, lang), width="content")
    st.markdown(plain(say("actions.line.kinds", lang, kinds=done_text(plan.selected, lang))))
    _draw_comparison(now, plan)
    st.caption(plain(proof_text(plan, lang)))
    if remark:
        st.warning(plain(remark))
    for item in plan.selected:
        with st.container(border=True, gap="xxsmall"):
            _draw_item(item)


def _draw_comparison(now: Situation, plan: ActionPlan) -> None:
    """Say what the plan by distance above brings, where it was asked the same."""
    shown = remembered(now)
    if shown is None or any(
        shown.plan.parameters.get(name) != plan.parameters[name] for name in ("new", "budget_yuan")
    ):
        return
    effect, lang = effect_of(now, shown.plan), current()
    said = _word(
        "beside",
        gained=count(effect.gained, lang),
        after=percent(effect.after.coverage),
        cost=yuan(shown.plan.cost_yuan, lang),
    )
    st.markdown(plain(said))


def _draw_item(item: ChosenAction) -> None:
    lang = current()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{item.order}　{plain(item.name)}**", width="stretch")
        st.button(
            say("ui.plan.show", lang),
            key=f"show_action_{item.order}",
            icon=":material/my_location:",
            type="tertiary",
            on_click=edits.fly_to,
            args=(item.to_id or item.id,),  # where a container goes to
        )
    done = say("actions.joint", lang).join(step_text(step, item, lang) for step in item.steps)
    st.markdown(plain(done))
    st.caption(plain(item.reason_zh if lang == "zh" else item.reason_en))


def _button(asked: _Question) -> str:
    if asked.new is not None:
        return _word("propose_new", new=asked.new)
    return _word("propose_budget", budget=yuan(asked.budget_yuan or 0, current()))


def _word(key: str, /, **facts: object) -> str:
    return say(f"actions.panel.{key}", current(), **facts)
