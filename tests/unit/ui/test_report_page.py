"""The page of reports: what is asked for is made, kept, and checked figure by figure."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit
from docx import Document
from PIL import Image
from streamlit.testing.v1 import AppTest

from geo.errors import InputError
from register import Register
from register.reporting import reports_taken
from register.settings import TEMPLATE, settled_file
from reports.bundle import WRITERS
from reports.template import SHIPPED
from siting.coverage.levels import Terms
from siting.model import Parameters
from siting.plans.goals.for_goal import PlanAsked
from tests.unit.ui.conftest import WHO, page_of
from ui import compute, keys
from ui.plan.stored import remember
from ui.report import check as report_check
from ui.report import making as report_making
from ui.report.asked import ALWAYS, UNSIGNED, Asked, People, format_name
from ui.report.template import drop_template, keep_template
from ui.workbench.downloads import report_of
from words import LANGUAGES, Lang, has, say

Page = Callable[..., AppTest]


def draw() -> None:
    from ui.guard import guarded  # noqa: PLC0415 -- as above
    from ui.report import page as report_page  # noqa: PLC0415 -- the harness takes the body alone

    guarded(report_page.draw)


def nobody_hears(step: str, share: float) -> None:
    del step, share


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    """Open the page with a blank first page: setting one is looked at where it is made."""
    picture = io.BytesIO()
    Image.new("RGB", (21, 30)).save(picture, "png")
    monkeypatch.setattr("ui.report.page.preview", lambda *_: picture.getvalue())
    return page_of(draw, **{keys.REPORT_FORMATS: ("xlsx",)})


def now_of(register: Register) -> compute.Situation:
    book = compute.read_book(register)
    return compute.situation(register, book, Parameters(cutoff_m=1000.0), Terms())


def asked_of(now: compute.Situation, **changed: Any) -> Asked:  # noqa: ANN401 - fields by their names
    first = Asked(
        parameters=now.parameters,
        terms=now.terms,
        plan=0,
        beside=True,
        lang="zh",
        people=UNSIGNED,
        formats=("xlsx",),
        bundle=False,
    )
    return replace(first, **changed)


def test_a_report_is_made_kept_and_checked(district: Register, page: Page) -> None:
    shown = page(project="district")
    assert not shown.exception
    shown.text_input(key=f"{keys.REPORT_PEOPLE}_compiled_by").set_value("王某").run()
    shown.button(key="make_report").click().run()
    assert not shown.exception
    made: report_making.Made = shown.session_state[keys.REPORT_MADE]
    assert set(made.files) == {"xlsx", ALWAYS}
    assert made.asked.people == People("王某")
    (kept,) = reports_taken(district)
    assert kept.scenario == made.scenario
    assert kept.replay == made.files[ALWAYS]
    listed = page("en", project="district", **{keys.REPORT_VIEW: "earlier"})
    assert not listed.exception
    assert len(listed.expander) == 1
    found = report_check.check(made.files[ALWAYS], "replay.json", district)
    assert found.agrees
    assert found.comparison.compared > 100


def test_another_figure_is_found(district: Register) -> None:
    now = now_of(district)
    made = report_making.make(now, None, None, asked_of(now), nobody_hears)
    told = json.loads(made.files[ALWAYS])
    told["coverage"]["workers_total"] += 7
    found = report_check.check(json.dumps(told).encode(), "replay.json", district)
    assert [item.path for item in found.comparison.differences] == ["coverage.workers_total"]
    assert not found.agrees


def test_a_file_of_tables_is_sent_to_the_command_line(district: Register) -> None:
    now = now_of(district)
    made = report_making.make(now, None, None, asked_of(now), nobody_hears)
    told = json.loads(made.files[ALWAYS])
    told["made_from"]["register"] = None
    with pytest.raises(InputError) as refused:
        report_check.check(json.dumps(told).encode(), "x.json", district)
    assert refused.value.code == "replay_of_files"
    with pytest.raises(InputError) as refused:
        report_check.check(b"[]", "x.json", district)
    assert refused.value.facts["file"] == "x.json"


def test_the_archive_has_every_file_and_the_layers(
    district: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamlit.session_state", {"lang": "zh"})
    monkeypatch.setattr("ui.projects.who", lambda: WHO)
    now = now_of(district)
    remember(now, compute.begin_plan(now, PlanAsked("coverage", new=2)).result())
    stored = district.last_plan(now.scenario)
    shown = report_making.shown_plan(now, stored)
    assert shown is not None
    steps: list[tuple[str, float]] = []
    asked = asked_of(now, plan=shown.number, formats=("xlsx", "html"), bundle=True)
    made = report_making.make(now, shown, stored, asked, lambda *told: steps.append(told))
    assert [name for name, _ in steps] == ["beside", "xlsx", "html", ALWAYS, "bundle"]
    assert [share for _, share in steps] == sorted(share for _, share in steps)
    with zipfile.ZipFile(io.BytesIO(report_making.archive(made))) as archive:
        names = {Path(name).name for name in archive.namelist()}
    assert {"annex.xlsx", "map.html", "replay.json"} <= names
    assert sum(name.endswith((".parquet", ".wsn")) for name in names) == len(made.layers)
    assert json.loads(made.files[ALWAYS])["chosen"] == [s.id for s in shown.plan.selected]
    assert report_making.archive(made) == report_making.archive(made)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_file_has_a_name(lang: Lang) -> None:
    assert [name for name in WRITERS if not has(f"report_page.format.{name}", lang)] == []
    assert format_name("docx", lang) != "DOCX"


def test_a_file_that_waits_for_a_click_asks_nothing_of_the_session(
    district: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamlit.session_state", {"lang": "en"})
    build = report_of(now_of(district), None, ALWAYS)
    monkeypatch.setattr("streamlit.session_state", None)  # Streamlit writes it in another thread
    assert json.loads(build())["lang"] == "en"


def test_word_follows_the_template_of_the_district(district: Register) -> None:
    now = now_of(district)
    ours = report_making.make(now, None, None, asked_of(now, formats=("docx",)), nobody_hears)
    document = Document(str(SHIPPED["zh"]))
    document.sections[0].footer.paragraphs[0].text = "本区工会"
    own = io.BytesIO()
    document.save(own)
    keep_template(district, own.getvalue(), "本区.docx")
    made = report_making.make(now, None, None, asked_of(now, formats=("docx",)), nobody_hears)
    footers = [
        Document(io.BytesIO(files["docx"])).sections[0].footer.paragraphs[0].text
        for files in (ours.files, made.files)
    ]
    assert (footers[0] == "本区工会", footers[1]) == (False, "本区工会")
    drop_template(district)
    assert settled_file(district, TEMPLATE) is None


def test_what_is_no_template_is_refused_and_told(
    district: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: dict[str, Any] = {}
    monkeypatch.setattr(streamlit, "session_state", held)
    keep_template(district, b"no word file", "本区.docx")
    assert held[keys.NOTICE].kind == "error"
    assert settled_file(district, TEMPLATE) is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_template_in_force_is_named(district: Register, page: Page, lang: Lang) -> None:
    def names() -> list[str]:
        shown = page(lang, project="district")
        assert not shown.exception
        return [block.label for block in shown.expander]

    assert say("report_page.template.ours", lang) in names()
    keep_template(district, SHIPPED["zh"].read_bytes(), "本区.docx")
    assert say("report_page.template.own", lang) in names()
