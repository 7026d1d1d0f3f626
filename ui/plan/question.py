"""What a plan is asked: how many stations, how much money, a target, short walks; in plain words.

What experts call by other names stands behind 高级.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import streamlit as st

from siting.plans.goals.for_goal import Objective, PlanAsked
from ui import keys
from ui.compute import Situation
from ui.language import current, tell
from words import yuan

By = Literal["new", "budget", "target", "near"]
_WAYS: tuple[By, ...] = get_args(By)
_DEFAULT_NEW = 5
_MOST_NEW = 200
_DEFAULT_BUDGET_YUAN = 50_000
_LEAST_BUDGET_YUAN = 1000
_MOST_BUDGET_YUAN = 1_000_000_000
_STEP_PERCENT = 5

GOALS: dict[By, tuple[Objective, ...]] = {
    "new": ("coverage", "gradual", "backup", "capacity"),
    "budget": ("coverage", "gradual", "backup", "capacity"),
    "target": ("stations", "money"),
    "near": ("median", "center"),
}
"""What may be sought for each way to ask; the first is the usual one."""

_PLAIN: frozenset[By] = frozenset({"target"})
"""Ways whose choice of what is sought needs no expert."""


@dataclass(frozen=True)
class Question:
    """What is asked, and what is wrong with it; None: nothing."""

    asked: PlanAsked
    problem: str | None

    @property
    def button(self) -> str:
        """What the button that asks it says."""
        asked, lang = self.asked, current()
        if self.problem is not None:
            return tell("plan.propose")
        if asked.target is not None:
            return tell("goal.propose_target", target=f"{asked.target * 100:g}")
        if asked.budget_yuan is not None:
            return tell("plan.propose_budget", budget=yuan(asked.budget_yuan, lang))
        key = "goal.propose_near" if asked.objective in GOALS["near"] else "plan.propose_new"
        return tell(key, new=asked.new)


def draw_question(situation: Situation) -> Question:
    """Draw the question, and return it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by: By = st.segmented_control(
            tell("plan.by"),
            _WAYS,
            default="new",
            required=True,
            key=keys.PLAN_BY,
            persist_state="session",
            format_func={way: tell(f"plan.by_{way}") for way in _WAYS}.__getitem__,
        )
        question = _ASK[by](situation)
    st.caption(tell(f"goal.help_{question.asked.objective}"))
    return question


def _new(situation: Situation) -> Question:
    del situation
    new = int(_number("plan.new", _DEFAULT_NEW, 1, keys.PLAN_NEW))
    asked = PlanAsked(_sought("new"), new=new)
    return Question(asked, _outside("plan.range_new", new, 1, _MOST_NEW))


def _budget(situation: Situation) -> Question:
    del situation
    budget = int(_number("plan.budget", _DEFAULT_BUDGET_YUAN, 5000, keys.PLAN_BUDGET))
    asked = PlanAsked(_sought("budget"), budget_yuan=budget)
    wrong = _outside("plan.range_budget", budget, _LEAST_BUDGET_YUAN, _MOST_BUDGET_YUAN)
    return Question(asked, wrong)


def _target(situation: Situation) -> Question:
    now = int(situation.coverage.coverage * 100)
    usual = min((now // _STEP_PERCENT + 2) * _STEP_PERCENT, 100)
    share = _number("goal.target", usual, _STEP_PERCENT, keys.PLAN_TARGET)
    asked = PlanAsked(_sought("target"), target=share / 100)
    return Question(asked, _outside("goal.range_target", share, 1, 100))


def _near(situation: Situation) -> Question:
    del situation
    new = int(_number("plan.new", _DEFAULT_NEW, 1, keys.PLAN_NEW))
    asked = PlanAsked(_sought("near"), new=new)
    return Question(asked, _outside("plan.range_new", new, 1, _MOST_NEW))


_ASK: dict[By, Callable[[Situation], Question]] = {
    "new": _new,
    "budget": _budget,
    "target": _target,
    "near": _near,
}


def _number(label: str, usual: int, step: int, key: str) -> float:
    return st.number_input(tell(label), value=usual, step=step, key=key, persist_state="session")


def _sought(by: By) -> Objective:
    """Draw what is sought in this way of asking: in the open, or behind 高级; return it."""
    names = {goal: tell(f"goal.name_{goal}") for goal in GOALS[by]}
    key = f"{keys.PLAN_GOAL}_{by}"
    if by in _PLAIN:
        return st.segmented_control(
            tell("goal.least"),
            GOALS[by],
            default=GOALS[by][0],
            required=True,
            key=key,
            persist_state="session",
            format_func=names.__getitem__,
        )
    with st.popover(tell("goal.advanced"), icon=":material/tune:"):
        return st.radio(
            tell("goal.sought"),
            GOALS[by],
            key=key,
            persist_state="session",
            format_func=names.__getitem__,
            captions=[tell(f"goal.expert_{goal}") for goal in GOALS[by]],
        )


def _outside(key: str, asked: float, least: int, most: int) -> str | None:
    """Say in our own words what Streamlit would refuse in English, keeping the last figure."""
    if least <= asked <= most:
        return None
    return tell(key, least=f"{least:,}", most=f"{most:,}")
