"""总览: the manager's home. One figure, one table of the units, the worst gaps, what has moved."""

from datetime import date

import streamlit as st

from register import Register
from register.targets import Progress, progress
from register.tasks import list_tasks
from siting.adding_up import printed_shares
from siting.coverage.levels import Level, Terms
from siting.effective_lines import gap_line, one_window
from siting.model import Parameters
from ui import keys, pages, projects, task_edits
from ui.areas_panel import area_id, choose
from ui.compute import Situation, read_book, situation
from ui.identity import actor
from ui.language import current, tell
from ui.overview_since import draw_export, draw_since
from ui.overview_units import draw_trend, draw_units
from ui.overview_words import word
from ui.project_bar import draw_empty, draw_project_bar
from ui.safe import plain
from ui.standard_setting import in_force
from ui.standards_words import name_of
from words import percent

_GAPS = 5


def draw() -> None:
    """Draw the page: by the standard in force, an ordinary week, all workers."""
    register = projects.register()
    draw_project_bar(register)
    book = read_book(register)
    if book.inputs.demand.empty:
        draw_empty()
        return
    norm = in_force(register)
    st.caption(word("intro", standard=plain(name_of(norm))))
    parameters = Parameters(cutoff_m=norm.cutoff_m, standard=norm.name)
    with st.spinner(tell("coverage.working")):
        now = situation(register, book, parameters, Terms())
    rows = progress(register, now.today.year, today=now.today)
    _draw_figures(now, rows)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        draw_units(now, rows)
    with right:
        draw_export(now, rows)
        _draw_gaps(now)
        draw_trend(register, rows, now.today)
        draw_since(now, rows)


def _draw_figures(now: Situation, rows: tuple[Progress, ...]) -> None:
    total = now.effective.effective.total
    shares = printed_shares(total)
    built, target = sum(row.built for row in rows), _target(rows)
    with st.container(horizontal=True, gap="medium", key="overview"):
        with st.container(key="headline", width="content"):
            st.metric(word("effective"), percent(total.coverage), help=word("effective_help"))
        with st.container(key="figures", horizontal=True, gap="medium", width="content"):
            st.metric(word("nominal"), percent(now.coverage.coverage), width="content")
            st.metric(word("unverified"), percent(shares[Level.UNVERIFIED]), width="content")
            st.metric(
                word("built", year=now.today.year),
                built,
                word("no_target") if target is None else word("built_of", target=target),
                delta_color="off",
                delta_arrow="off",
                width="content",
            )
            st.metric(word("open_now"), sum(row.open_now for row in rows), width="content")
            overdue = sum(row.overdue for row in rows)
            if overdue:
                st.metric(word("overdue"), overdue, width="content")
            _draw_tasks(now.register, now.today)


def _draw_tasks(register: Register, today: date) -> None:
    found = task_edits.count_tasks(list_tasks(register), actor(register), today)
    if found.open:
        late = word("tasks_overdue", count=found.overdue) if found.overdue else None
        st.metric(
            word("tasks"),
            found.open,
            late,
            delta_color="off",
            delta_arrow="off",
            width="content",
        )


def _target(rows: tuple[Progress, ...]) -> int | None:
    """Return the sum of the units' targets; None: none has one."""
    targets = [row.target for row in rows if row.target is not None]
    return sum(targets) if targets else None


def _draw_gaps(now: Situation) -> None:
    found = now.effective
    st.markdown(f"**{word('gaps.title')}**")
    if not found.gap_areas:
        st.caption(word("gaps.none"))
        return
    with st.container(key="areas", gap="xxsmall"):
        for number, area in enumerate(found.gap_areas[:_GAPS]):
            clicked = st.button(
                plain(gap_line(area, number + 1, current(), one_window=one_window(found))),
                key=f"gap_{number}",
                type="tertiary",
                icon=":material/location_on:",
                help=word("gaps.go"),
                width="stretch",
            )
            if clicked:
                if st.session_state.get(keys.AREA) != area_id(found, area):
                    choose(area_id(found, area))
                st.session_state[keys.TAB] = "areas"
                pages.go("workbench")
