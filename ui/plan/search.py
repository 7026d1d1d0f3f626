"""A plan that is being looked for: how good it is so far, and the button that takes it as it is.

The search runs in a process of its own and is held by the session: the page stays free, and the
process ends with the session that asked, or with its time limit. Where as many searches are under
way as may be, it waits for its turn (`ui.plan.turns`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st

from geo.errors import PlannerError
from siting.allocation.again import Again
from siting.allocation.held import Glance
from siting.plan_results import PlanResult
from siting.plans.goals.for_goal import PlanAsked
from siting.plans.under_way import Proposal, SoFar
from siting.plans.wishes import Wishes
from ui import keys
from ui.compute import Situation, begin_plan
from ui.language import current, tell
from ui.plan.turns import Turn, line
from ui.settings import installed
from ui.settings.words import word
from words import count, percent, percent_up, round_up

PATIENCE_S: Final = 1.5
"""A search that ends so soon is not worth a picture of how far it is."""

_LOOK_S = 1.0
_TELLING_GAP = 0.5
"""A bound so far off says nothing yet."""


@dataclass
class Search:
    """A search, and the state of the register and the settings that it is for.

    Attributes
    ----------
    scenario
        Names that state.
    ask
        Begins to look.
    turn
        Its place in the line.
    proposal
        What is under way; None: it waits.
    """

    scenario: str
    ask: Callable[[], Proposal]
    turn: Turn
    proposal: Proposal | None = None

    def begin(self) -> None:
        """Begin where it is its turn; what has begun goes on.

        Raises
        ------
        PlannerError
            What is asked for cannot be.
        """
        if self.proposal is None and self.is_next():
            self.proposal = self.ask()

    def is_next(self) -> bool:
        """Tell whether it is its turn, which is then kept for it."""
        limits = installed.in_force()
        return line().begins(self.turn, most=limits.searches, lasting_s=limits.plan_seconds)


def begin(situation: Situation, asked: PlanAsked, wishes: Wishes) -> None:
    """Begin to look for a plan in place of any search before, and wait a moment for it.

    Raises
    ------
    PlannerError
        What is asked for cannot be.
    """
    forget()
    known: Again = st.session_state.setdefault(keys.PLAN_KNOWN, Again())
    ask = partial(begin_plan, situation, asked, wishes=wishes, again=known)
    search = Search(situation.scenario, ask, line().join())
    search.begin()
    if search.proposal is not None:
        search.proposal.over(PATIENCE_S)
    st.session_state[keys.PLAN_SEARCH] = search


def ended(situation: Situation) -> PlanResult | None:
    """Return the plan of a search that has ended, once.

    A search for another state of the register, or other settings, is given up.

    Raises
    ------
    PlannerError
        What is asked for cannot be.
    """
    search: Search | None = st.session_state.get(keys.PLAN_SEARCH)
    if search is None:
        return None
    if search.scenario != situation.scenario:
        forget()
        return None
    try:
        search.begin()
    except PlannerError:
        forget()
        raise
    if search.proposal is None or not search.proposal.over():
        return None
    st.session_state.pop(keys.PLAN_SEARCH)
    line().leave(search.turn)
    return search.proposal.result()


def draw() -> None:
    """Draw how far the search is, if there is one; the rest of the page is not drawn again."""
    search: Search | None = st.session_state.get(keys.PLAN_SEARCH)
    if search is not None:
        draw_it = _draw_line if search.proposal is None else _draw_search
        st.fragment(run_every=_LOOK_S)(partial(draw_it, search))()


def forget() -> None:
    """Give up the search, if there is one."""
    search: Search | None = st.session_state.pop(keys.PLAN_SEARCH, None)
    if search is not None:
        line().leave(search.turn)
        if search.proposal is not None:
            search.proposal.stop()


def _draw_line(search: Search) -> None:
    """Draw who comes first; the page goes on once it is this session's turn."""
    if search.is_next():
        st.rerun()
    ahead = line().ahead(search.turn)
    with st.container(border=True, key="plan_line", gap="small"):
        key = "waiting" if ahead.waiting else "next"
        told = word(f"turn.{key}", running=ahead.running, ahead=ahead.waiting)
        st.markdown(f":material/hourglass_top: {told}")
        if st.button(word("turn.leave"), key="leave_line", icon=":material/close:"):
            forget()
            st.rerun()


def _draw_search(search: Search) -> None:
    proposal = search.proposal
    if proposal is None:
        return
    so_far, over = proposal.so_far(), proposal.over()
    if so_far is not None:
        with st.container(border=True, key="plan_search", gap="small"):
            doing = tell("plan.searching", seconds=f"{so_far.seconds:.0f}")
            st.markdown(f":material/search: {tell('plan.finishing') if over else doing}")
            st.markdown(_said(so_far))
            if not over:
                st.button(
                    tell("plan.stop"),
                    key="stop_plan",
                    icon=":material/stop:",
                    on_click=proposal.stop,
                )
    if over:  # what there is has been said: the page takes its time
        st.rerun()


def _said(so_far: SoFar | Glance) -> str:
    """Say in plain words how good the best plan so far is."""
    if isinstance(so_far, Glance):
        if so_far.gap is None or so_far.gap > _TELLING_GAP:
            return tell("goal.so_far_unknown")
        return tell("goal.so_far", gap=percent_up(so_far.gap))
    total = so_far.workers_total or 1.0
    missing = max(0.0, so_far.bound_workers - so_far.workers_covered)
    return tell(
        "plan.so_far",
        coverage=percent(so_far.workers_covered / total),
        points=f"{round_up(so_far.short * 100, 1):.1f}",
        workers=count(round_up(missing), current()),
    )
