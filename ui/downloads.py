"""Reports to take away: nothing is written before somebody clicks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from reports.beside import NOTHING_BESIDE
from reports.origin import Origin, RegisterState
from reports.report import make_report
from reports.webmap import MapScene, standalone_html
from siting.plan_results import PlanResult
from ui.compute import Situation, base_of, effect_of
from ui.identity import check_reader
from ui.language import current, tell
from ui.plan_curve import beside_of, years_asked
from ui.plan_spares import spares_found
from ui.plans import Shown

FORMATS = ("docx", "pdf", "xlsx", "gpkg", "json")
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "gpkg": "application/geopackage+sqlite3",
    "json": "application/json",
    "html": "text/html",
}
_ALONE = ("gpkg", "json")
"""Formats without what stands beside a plan: no time is spent on it."""


def draw_downloads(situation: Situation, shown: Shown | None, scene: MapScene | None) -> None:
    """Draw one button per file; the map of `scene` too, if there is one."""
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


def report_of(situation: Situation, shown: Shown | None, name: str) -> Callable[[], bytes]:
    """Return what builds a report as a file of a format, once somebody clicks."""
    check_reader(situation.register)
    lang, plan, years = current(), _plan(situation, shown), years_asked(shown)

    def build() -> bytes:
        # Late: Word and GeoPackage writers are not needed to start the app.
        from reports.bundle import WRITERS  # noqa: PLC0415

        report = make_report(
            situation.inputs,
            situation.parameters,
            situation.effective,
            situation.evaluation.scores,
            plan,
            title=situation.register.name,
            made_on=datetime.now(UTC).astimezone().date(),
            lang=lang,
            scenario_hash=situation.scenario,
            highlight_ids=tuple(situation.book.own),
            spares=None if plan is None else spares_found(situation, plan),
            base=base_of(situation.register, situation.inputs),
            beside=NOTHING_BESIDE if name in _ALONE else beside_of(situation, shown, years),
            origin=_origin(situation),
        )
        return WRITERS[name][1](report)

    return build


def _origin(situation: Situation) -> Origin:
    """Return the state of the register that everything rests on, for the replay file."""
    register, book = situation.register, situation.book
    state = RegisterState(register.name, book.revision, register.synthetic)
    return Origin(rules=book.rules, today=situation.today, register=state)


def _plan(situation: Situation, shown: Shown | None) -> PlanResult | None:
    """Return the plan with what it brings of effective coverage, as beside the map."""
    if shown is None:
        return None
    return replace(shown.plan, effective=effect_of(situation, shown.plan))
