"""Earlier reports: when, by whom, on which state; what has moved since; checked by one click."""

import streamlit as st

from register import Register
from register.reporting import Reported, changes_since, reports_taken
from siting.coverage.levels import Terms
from siting.model import Parameters
from ui import keys
from ui.compute import Book, situation
from ui.language import current, tell
from ui.ledger.words import kind_name
from ui.look import table_height
from ui.overview.since import figures_of, since_table
from ui.overview.year_so_far import year_so_far
from ui.report.asked import ALWAYS, format_name
from ui.report.check import draw_kept
from ui.report.words import word
from ui.safe import plain
from ui.standards.setting import in_force
from ui.workbench.downloads import TYPES
from words import day, percent

_FIRST = 8
_LISTS = 8


def draw_earlier(register: Register, book: Book) -> None:
    """Draw the list, newest first; the one that is opened is compared to today."""
    found = _taken(str(register.folder), register.revision(), register)
    if not found:
        st.info(word("earlier.none"), icon=":material/info:")
        return
    st.caption(word("earlier.help"))
    whole = st.session_state.get(keys.REPORT_ALL, False)
    for number, one in enumerate(found if whole else found[:_FIRST]):
        key = f"{one.revision}_{len(found) - number}"
        card = st.expander(_line(one), key=f"earlier_{key}_{current()}", on_change="rerun")
        if card.open:
            with card:
                _draw_one(register, book, one, key)
    if len(found) > _FIRST and not whole:
        st.button(word("earlier.more", count=len(found) - _FIRST), key="all_reports", on_click=_all)


@st.cache_resource(max_entries=_LISTS, show_spinner=False)
def _taken(folder: str, revision: int, _register: Register) -> tuple[Reported, ...]:
    del folder, revision
    return reports_taken(_register)


def _all() -> None:
    st.session_state[keys.REPORT_ALL] = True


def _line(one: Reported) -> str:
    lang = current()
    parts = [f"**{day(one.made_on, lang)}**", plain(one.who)]
    if one.kept:
        parts.append(word("earlier.scenario", name=plain(one.kept)))
    else:
        parts.append(word("earlier.plan", plan=one.plan) if one.plan else word("earlier.no_plan"))
    share = one.figures.get("effective")
    if share is not None:
        parts.append(word("earlier.share", share=percent(share)))
    return " · ".join(parts)


def _draw_one(register: Register, book: Book, one: Reported, key: str) -> None:
    lang = current()
    between = "、" if lang == "zh" else ", "
    if one.scenario:
        files = between.join(format_name(name, lang) for name in one.formats)
        st.caption(word("earlier.facts", hash=one.scenario[:12], files=files))
    norm = in_force(register)
    parameters = Parameters(cutoff_m=norm.cutoff_m, standard=norm.name)
    now = situation(register, book, parameters, Terms())
    today = figures_of(now, year_so_far(register, now.today))
    table = since_table(one.figures, today)
    names = {name: tell_since(name) for name in table.columns}
    st.dataframe(table.rename(columns=names), hide_index=True, height=table_height(len(table)))
    changed = changes_since(register, one)
    told = [word("earlier.changed", kind=kind_name(k), count=n) for k, n in changed.items()]
    st.caption(word("earlier.moved", kinds=between.join(told)) if told else word("earlier.unmoved"))
    replay = one.replay
    if replay is None:
        st.caption(word("earlier.no_replay"))
        return
    name = f"{register.name}{tell('download.file')}-{one.made_on:%Y%m%d}.json"
    st.download_button(
        word("earlier.replay"),
        data=replay,
        file_name=name,
        mime=TYPES[ALWAYS],
        key=f"replay_{key}",
        icon=":material/download:",
        on_click="ignore",
    )
    draw_kept(replay, name, key)


def tell_since(name: str) -> str:
    """Return the heading of a column of the comparison, as on the overview."""
    return word(f"earlier.column_{name}")
