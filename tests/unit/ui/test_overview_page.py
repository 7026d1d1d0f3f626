"""The manager's page: one figure, the units, what has moved since the last report."""

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from register import Register
from register.reporting import last_report, note_report
from register.targets import progress
from siting import district_time
from siting.adding_up import whole_levels
from siting.coverage.levels import Level, Terms
from siting.model import Parameters
from tests.unit.ui.conftest import WHO, page_of
from ui import compute
from ui.overview import since as overview_since
from ui.overview import units as overview_units
from ui.overview.year_so_far import year_so_far

Page = Callable[..., AppTest]


def draw() -> None:
    from ui.guard import guarded  # noqa: PLC0415 -- as above
    from ui.overview import page as overview  # noqa: PLC0415 -- the harness takes the body alone

    guarded(overview.draw)


@pytest.fixture
def page() -> Page:
    return page_of(draw)


@pytest.fixture
def staffed(district: Register) -> Register:
    for unit in ("甲镇", "乙街道", "丙镇", "的士职工之家"):
        district.add("units", {"name": unit}, who=WHO)
    year = district_time.today().year
    district.add("targets", {"unit": "甲镇", "year": year, "target": 4}, who=WHO)
    return district


def now_of(register: Register) -> compute.Situation:
    book = compute.read_book(register)
    return compute.situation(register, book, Parameters(cutoff_m=1000.0), Terms())


def test_units_add_up_to_the_district(staffed: Register) -> None:
    now = now_of(staffed)
    rows = progress(staffed, now.today.year, today=now.today)
    table = overview_units.unit_table(now, rows).set_index("unit")
    assert list(table.index[:2]) == ["乙街道", "甲镇"]
    levels = whole_levels(now.effective.effective.total)
    assert table["workers"].sum() == sum(levels)
    assert table["unverified"].sum() == levels[Level.UNVERIFIED]
    assert table["uncovered"].sum() == sum(levels[: Level.UNVERIFIED])
    own = table[["target", "built", "open_now"]].to_dict("index")["甲镇"]
    assert own == {"target": 4, "built": 0, "open_now": 1}
    assert "丙镇" not in set(table.dropna(subset=["workers"]).index)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_says_what_has_moved(staffed: Register, page: Page, lang: str) -> None:
    first = page(lang, project="district")
    assert not first.exception
    figures = {metric.value for metric in first.metric}
    said = {"1 座", "不详／4 座"} if lang == "zh" else {"1", "not known / 4"}
    assert said <= figures
    note_report(
        staffed,
        {"effective": 0.5, "stations": 3, "gone": 1.0},
        made_on=date(2026, 1, 2),
        who="王某",
    )
    second = page(lang, project="district")
    assert not second.exception
    table = second.dataframe[-1].value
    assert table["then"].tolist() == ["50.0%", "3"]
    assert table["change"].tolist()[1] == "-2"


def test_who_takes_a_report_leaves_its_figures(staffed: Register) -> None:
    now = now_of(staffed)
    year = year_so_far(staffed, now.today)
    overview_since.noted(lambda: b"report", now, year, keeps=False)()
    assert last_report(staffed) is None
    assert overview_since.noted(lambda: b"report", now, year, keeps=True)() == b"report"
    kept = last_report(staffed)
    assert kept is not None
    assert kept.figures == overview_since.figures_of(now, year)
    assert kept.figures["stations"] == 1
