"""总览: the manager's home. One figure, one table of the units, the worst gaps, what has moved."""

from datetime import date

import streamlit as st

from register import Register
from register.tasks import list_tasks
from siting.adding_up import printed_shares
from siting.coverage.levels import Level
from siting.effective_lines import gap_line, one_window
from ui import keys, pages, projects
from ui.compute import Situation
from ui.exporting import draw_export as draw_export_button
from ui.identity import actor
from ui.language import current
from ui.ledger import task_edits
from ui.opening import begin, ordinary
from ui.overview.since import draw_export, draw_since
from ui.overview.trend import draw_trend
from ui.overview.units import draw_units
from ui.overview.words import word
from ui.overview.year_so_far import YearSoFar, year_so_far
from ui.safe import plain
from ui.workbench.areas import area_id, choose
from ui.workbench.gaps_export import gaps_exported
from words import count, percent

_GAPS = 5


def draw() -> None:
    """Draw the page: by the standard in force, an ordinary week, all workers."""
    register = projects.register()
    book = begin(register)
    if book is None:
        return
    now = ordinary(register, book, lambda name: word("intro", standard=name))
    year = year_so_far(register, now.today)
    _draw_figures(now, year)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        draw_units(now, year.units)
    with right:
        draw_export(now, year)
        _draw_gaps(now)
        draw_trend(year)
        draw_since(now, year)


def _draw_figures(now: Situation, year: YearSoFar) -> None:
    total = now.effective.effective.total
    shares = printed_shares(total)
    with st.container(horizontal=True, gap="medium", key="overview"):
        with st.container(key="headline", width="content"):
            st.metric(word("effective"), percent(total.coverage), help=word("effective_help"))
        with st.container(key="figures", horizontal=True, gap="medium", width="content"):
            st.metric(word("nominal"), percent(now.coverage.coverage), width="content")
            st.metric(word("unverified"), percent(shares[Level.UNVERIFIED]), width="content")
            st.metric(
                word("built", year=year.year),
                _built(year),
                _against_target(year),
                delta_color="off",
                delta_arrow="off",
                width="content",
                help=word("built_help"),
            )
            st.metric(word("open_now"), _places(year.open_now), width="content")
            if year.overdue:
                overdue = _places(year.overdue)
                st.metric(word("overdue"), overdue, width="content", help=word("overdue_help"))
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


def _places(number: int) -> str:
    return word("places", count=count(number, current()))


def _built(year: YearSoFar) -> str:
    built = word("built_unknown") if year.built is None else count(year.built, current())
    if year.target is None:
        return built if year.built is None else word("built_alone", built=built)
    return word("built_of", built=built, target=year.target)


def _against_target(year: YearSoFar) -> str:
    if year.built is None:
        return word("built_undated")
    if year.missing is None:
        return word("no_target")
    return word("missing", missing=year.missing) if year.missing else word("met")


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
    draw_export_button(gaps_exported(found), key="export_gaps", listed=True)
