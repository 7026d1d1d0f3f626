"""The pages of the app, in the order of the bar at the top."""

from collections.abc import Callable

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from ui import (
    data_page,
    ledger,
    ledger_words,
    overview,
    overview_words,
    pages,
    report_page,
    report_words,
    scenarios,
    scenarios_sides,
    settings,
    settings_words,
    standards,
    workbench,
)
from ui.guard import guarded
from ui.language import tell

_FIRST = "workbench"
"""Where whoever opens the bare address arrives."""


def every_page() -> list[StreamlitPage]:
    """Return the pages, each behind the outermost handler; buttons find them by `pages.go`."""
    found = {
        "overview": _page(overview.draw, overview_words.word("page"), "monitoring", "overview"),
        "workbench": _page(workbench.draw, tell("page.workbench"), "map", "workbench"),
        "scenarios": _page(scenarios.draw, scenarios_sides.word("page"), "compare", "scenarios"),
        "records": _page(ledger.draw, ledger_words.word("page"), "list_alt", "records"),
        "standards": _page(standards.draw, tell("page.standards"), "rule", "standards"),
        "reports": _page(report_page.draw, report_words.word("page"), "description", "reports"),
        "data": _page(data_page.draw, tell("page.data"), "database", "data"),
        "settings": _page(settings.draw, settings_words.word("page"), "settings", "settings"),
    }
    pages.know(found)
    return list(found.values())


def _page(draw: Callable[[], None], title: str, icon: str, path: str) -> StreamlitPage:
    return st.Page(
        lambda: guarded(draw),
        title=title,
        icon=f":material/{icon}:",
        url_path=path,
        default=path == _FIRST,
    )
