"""The button that makes a report, how far it is, and the files that came out."""

from pathlib import Path

import streamlit as st

from geo.errors import PlannerError
from register import Plan
from register.reporting import Taken, note_report
from siting.coverage.levels import Terms
from siting.model import Parameters
from ui import keys
from ui.compute import Situation, read_book, situation
from ui.guard import show_error
from ui.identity import actor, may_settle, sign_for_district
from ui.language import current, tell
from ui.overview.since import figures_of
from ui.overview.year_so_far import year_so_far
from ui.plan.stored import Shown
from ui.report.asked import ALWAYS, Asked, format_name, remember_people
from ui.report.making import Made, archive, file_of, make
from ui.report.words import word
from ui.sign_in import ways as sign_in_ways
from ui.standards.setting import in_force
from ui.workbench.downloads import TYPES, UNKNOWN_TYPE


def draw_make(now: Situation, shown: Shown | None, stored: Plan | None, asked: Asked) -> None:
    """Draw the button, make the report when it is pressed, and draw what was made last."""
    pressed = st.button(
        word("make.button"),
        key="make_report",
        type="primary",
        icon=":material/description:",
        disabled=not asked.formats,
        width="stretch",
    )
    if not asked.formats:
        st.caption(word("make.nothing"))
    keeps = may_settle(now.register)
    st.caption(word("make.recorded" if keeps else "make.not_recorded"))
    if pressed:
        _make(now, shown, stored, asked)
    made: Made | None = st.session_state.get(keys.REPORT_MADE)
    if made is not None:
        _draw_made(made, asked, now)


def draw_file(name: str, content: bytes, title: str, *, key: str, primary: bool = False) -> None:
    """Draw the button that takes one file; `name` is its format, or `zip`."""
    lang = current()
    label = word("make.zip") if name == "zip" else format_name(name, lang)
    ending = ".zip" if name == "zip" else Path(file_of(name)).suffix
    size = word("make.size", size=f"{max(1, round(len(content) / 1024)):,}")
    st.download_button(
        f"{label} {size}",
        data=content,
        file_name=f"{title}{ending}",
        mime=TYPES.get(ending.removeprefix("."), UNKNOWN_TYPE),
        key=key,
        icon=":material/folder_zip:" if name == "zip" else ":material/download:",
        type="primary" if primary else "secondary",
        on_click="ignore",
    )


def _make(now: Situation, shown: Shown | None, stored: Plan | None, asked: Asked) -> None:
    """Make the files before the eyes of who asked, and note the report where they may."""
    st.session_state.pop(keys.REPORT_MADE, None)
    bar = st.progress(0.0)

    def told(step: str, share: float) -> None:
        key = f"make.step_{step}"
        known = step in {"beside", "bundle"}
        what = word(key) if known else word("make.step", what=format_name(step, current()))
        bar.progress(share, what)

    try:
        made = make(now, shown, stored, asked, told)
        _note(now, stored, made)
    except PlannerError as error:
        bar.empty()
        show_error(error)
        return
    bar.empty()
    st.session_state[keys.REPORT_MADE] = made


def _note(now: Situation, stored: Plan | None, made: Made) -> None:
    """Leave today's figures for the next report: by the standard in force, as the overview does."""
    register = now.register
    who = actor(register)
    formats = tuple(made.files)
    sign_in_ways.note(
        "report",
        register=register.name,
        who="" if who is None else who.who,
        scenario=made.scenario,
        files=" ".join((*formats, *made.layers)),
    )
    if not may_settle(register):
        return
    remember_people(register, made.asked.people)
    norm = in_force(register)
    usual = Parameters(cutoff_m=norm.cutoff_m, standard=norm.name)
    figures = figures_of(
        situation(register, read_book(register), usual, Terms()),
        year_so_far(register, now.today),
    )
    taken = Taken(
        made.scenario,
        None if stored is None else stored.id,
        formats,
        made.files[ALWAYS],
        "" if made.asked.scenario is None else made.asked.scenario.name,
    )
    note_report(register, figures, made_on=now.today, who=sign_for_district(register), taken=taken)


def _draw_made(made: Made, asked: Asked, now: Situation) -> None:
    title = f"{made.title}{tell('download.file')}-{made.when:%Y%m%d}"
    with st.container(key="report_made", border=True, gap="small"):
        st.markdown(f":material/check_circle: **{word('make.done', when=f'{made.when:%H:%M}')}**")
        if made.asked != asked or made.scenario != now.scenario:
            st.caption(f":material/history: {word('make.stale')}")
        with st.container(horizontal=True, gap="small"):
            draw_file("zip", archive(made), title, key="made_zip", primary=True)
            for name, content in made.files.items():
                draw_file(name, content, title, key=f"made_{name}")
        st.caption(word("make.hash", hash=made.scenario[:12]), help=word("make.hash_help"))
        if made.layers:
            st.caption(f":material/lock: {word('make.bundled', count=len(made.layers))}")
