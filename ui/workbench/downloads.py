"""The files that are taken from beside the map: nothing is written before somebody clicks."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from reports.beside import NOTHING_BESIDE
from reports.webmap import MapScene, standalone_html
from ui import pages
from ui.compute import Situation
from ui.identity import check_reader
from ui.language import current, tell
from ui.plan.curve import beside_of, years_asked
from ui.plan.stored import Shown
from ui.report.asked import people_of
from ui.report.making import report_for
from ui.report.words import word

FORMATS = ("docx", "pdf", "xlsx")
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "gpkg": "application/geopackage+sqlite3",
    "json": "application/json",
    "html": "text/html",
    "kml": "application/vnd.google-earth.kml+xml",
    "csv": "text/csv",
    "zip": "application/zip",
}
UNKNOWN_TYPE = "application/octet-stream"
_ALONE = ("gpkg", "json")
"""Formats without what stands beside a plan: no time is spent on it."""


def draw_downloads(situation: Situation, shown: Shown | None, scene: MapScene | None) -> None:
    """Draw a button per file that planners ask for most, and the way to the page of reports."""
    st.caption(tell("download.intro"))
    st.caption(tell("download.without_plan" if shown is None else "download.with_plan"))
    builders: dict[str, Callable[[], bytes | str]] = {
        name: report_of(situation, shown, name) for name in FORMATS
    }
    if scene is not None:
        builders["html"] = partial(standalone_html, scene)
    for name, build in builders.items():
        st.download_button(
            tell(f"download.{name}"),
            data=build,
            file_name=f"{tell('download.file')}.{name}",
            mime=TYPES[name],
            key=f"download_{name}",
            icon=":material/download:",
            on_click="ignore",
            width="stretch",
        )
    st.caption(word("link.help"))
    if st.button(word("link.button"), key="to_reports", icon=":material/description:"):
        pages.go("reports")


def report_of(situation: Situation, shown: Shown | None, name: str) -> Callable[[], bytes]:
    """Return what builds a report as a file of a format, once somebody clicks."""
    check_reader(situation.register)
    lang, people, years = current(), people_of(situation.register), years_asked(shown)

    def build() -> bytes:
        # Late: Word and GeoPackage writers are not needed to start the app.
        from reports.bundle import WRITERS  # noqa: PLC0415

        beside = NOTHING_BESIDE if name in _ALONE else beside_of(situation, shown, years)
        return WRITERS[name][1](
            report_for(situation, shown, lang=lang, people=people, beside=beside)
        )

    return build
