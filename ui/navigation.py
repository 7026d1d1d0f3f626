"""The pages of the app, in the order of the bar at the top."""

from importlib import import_module
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from ui import pages
from ui.guard import guarded
from ui.language import current, tell
from ui.ledger import words as ledger_words
from ui.overview import words as overview_words
from ui.report import words as report_words
from ui.settings import words as settings_words
from words import say

Room = Literal[
    "overview",
    "workbench",
    "scenarios",
    "ledger",
    "standards",
    "report",
    "data",
    "settings",
]
"""Room of a page; its module `page` has `draw`."""

_FIRST = "workbench"
"""Where whoever opens the bare address arrives."""


def every_page() -> list[StreamlitPage]:
    """Return the pages, each behind the outermost handler; buttons find them by `pages.go`."""
    found = {
        "overview": _page("overview", overview_words.word("page"), "monitoring", "overview"),
        "workbench": _page("workbench", tell("page.workbench"), "map", "workbench"),
        "scenarios": _page("scenarios", say("scenarios.page", current()), "compare", "scenarios"),
        "records": _page("ledger", ledger_words.word("page"), "list_alt", "records"),
        "standards": _page("standards", tell("page.standards"), "rule", "standards"),
        "reports": _page("report", report_words.word("page"), "description", "reports"),
        "data": _page("data", tell("page.data"), "database", "data"),
        "settings": _page("settings", settings_words.word("page"), "settings", "settings"),
    }
    pages.know(found)
    return list(found.values())


def _page(room: Room, title: str, icon: str, path: str) -> StreamlitPage:
    return st.Page(
        lambda: guarded(lambda: _draw(room)),
        title=title,
        icon=f":material/{icon}:",
        url_path=path,
        default=path == _FIRST,
    )


def _draw(room: Room) -> None:
    """Draw a page; it is read in where somebody first opens it: nobody waits for eight pages."""
    import_module(f"ui.{room}.page").draw()
