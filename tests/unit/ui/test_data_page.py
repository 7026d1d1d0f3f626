"""数据: what was taken in is said where people are, and every step has a plain way back."""

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from geo.intake.streets import read_streets
from register import Register
from register.reporting import REPORTED, note_report
from register.task_steps import Request, ask
from register.users import Actor
from tests.unit.ui.conftest import SOURCE, WHO, demand, stations, table, walk
from ui import keys
from ui.wizard.storing import Ready, provenance_of
from words import Lang, say

Page = Callable[..., AppTest]
STATIONS = "名称,经度,纬度\n甲站,116.33,39.73\n乙站,116.34,39.74\n"
DEMAND = "经度,纬度,人数\n116.33,39.73,300\n"


def _draw() -> None:
    from ui.data import page as data_page  # noqa: PLC0415 -- the harness runs this as a script of its own

    data_page.draw()


@pytest.fixture
def page() -> Page:
    def start(lang: str = "zh") -> AppTest:
        driven = AppTest.from_function(_draw, default_timeout=60)
        driven.query_params["lang"] = lang
        return driven.run()

    return start


def take_in(page: AppTest, text: str) -> AppTest:
    page.file_uploader[0].upload("a.csv", text.encode(), "text/csv").run()
    return walk(page).button(key="confirm_import").click().run()


def told(page: AppTest) -> list[str]:
    assert not page.exception
    return [str(box.value).replace("\\", "") for box in page.success]


def test_the_form_asks_for_what_is_missing_also_after_a_reload(
    empty_district: Register, page: Page
) -> None:
    assert page().selectbox(key=keys.TABLE).value == "demand"
    empty_district.put_demand(demand(), SOURCE, who=WHO)
    assert page().selectbox(key=keys.TABLE).value == "stations"
    opened = take_in(page(), STATIONS)
    assert opened.selectbox(key=keys.TABLE).value == "streets"
    assert page().selectbox(key=keys.TABLE).value == "streets"


@pytest.mark.usefixtures("empty_district")
def test_an_import_says_what_came_in_until_the_next_action(page: Page) -> None:
    opened = take_in(page(), DEMAND)
    assert "已导入职工分布：1 个点，300 人。" in told(opened)
    assert [str(box.value).replace("\\", "") for box in opened.toast] == told(opened)
    opened.selectbox(key=keys.TABLE).set_value("stations").run()
    assert told(opened) == []


def test_an_earlier_import_is_undone_past_a_task(empty_district: Register, page: Page) -> None:
    units = table("units", [{"name": "甲镇"}])
    empty_district.put_records("units", units, SOURCE, who=WHO)
    empty_district.put_records("stations", stations(), SOURCE, who=WHO)
    empty_district.put_demand(demand(), SOURCE, who=WHO)
    ask(empty_district, Request("propose_site", "甲镇"), actor=Actor("区里", "planner"))
    opened = page()
    undo = opened.button(key="undo_last")
    assert undo.label.replace("\\", "") == "撤销导入：职工分布（需求点）"
    which = next(box for box in opened.selectbox if str(box.key).startswith("undo_which"))
    assert [str(name).split(" · ", 1)[1] for name in which.options] == [
        "导入：职工分布（需求点）",
        "导入：现有驿站（新增 1 条）",
        "导入：镇街、产业基地（新增 1 条）",
    ]
    which.select_index(1).run()
    opened.button(key="undo_last").click().run()
    assert empty_district.inputs().stations.empty
    assert not empty_district.inputs().demand.empty
    which = next(box for box in opened.selectbox if str(box.key).startswith("undo_which"))
    which.select_index(0).run()
    redo = opened.button(key="undo_last")
    assert redo.label.replace("\\", "") == "重做导入：现有驿站（新增 1 条）"
    assert "已重做导入：现有驿站（新增 1 条）。" in told(redo.click().run())
    assert len(empty_district.inputs().stations) == 1


def test_undo_says_what_it_undoes_and_another_import_counts_anew(
    empty_district: Register, page: Page
) -> None:
    opened = page()
    opened.selectbox(key=keys.TABLE).set_value("stations").run()
    assert "已导入现有驿站：新增 2，更新 0，未变 0。" in told(take_in(opened, STATIONS))
    undo = opened.button(key="undo_last")
    assert undo.label.replace("\\", "") == "撤销导入：现有驿站（新增 2 条）"
    assert "已撤销导入：现有驿站（新增 2 条）。" in told(undo.click().run())
    assert empty_district.inputs().stations.empty
    opened.selectbox(key=keys.TABLE).set_value("stations").run()
    assert "已导入现有驿站：新增 2，更新 0，未变 0。" in told(take_in(opened, STATIONS))
    assert len(empty_district.inputs().stations) == 2


@pytest.mark.usefixtures("empty_district")
def test_taking_demand_back_is_called_so(page: Page) -> None:
    opened = take_in(page(), DEMAND)
    undo = opened.button(key="undo_last")
    assert undo.label.replace("\\", "") == "撤销导入：职工分布（需求点）"
    undo.click().run()
    changes = [str(row) for frame in opened.dataframe for row in frame.value.to_numpy().tolist()]
    assert any("撤销导入：职工分布" in row for row in changes)
    assert not any("启用" in row for row in changes)


OSM = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="test">
 <node id="1" version="1" timestamp="2026-10-01T00:00:00Z" lat="39.7" lon="116.3"/>
 <node id="2" version="1" timestamp="2026-10-01T00:00:00Z" lat="39.7" lon="116.301"/>
 <way id="1" version="1" timestamp="2026-10-01T00:00:00Z">
  <nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/>
 </way>
</osm>
"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_that_was_taken_stands_in_the_history(
    empty_district: Register, page: Page, lang: Lang
) -> None:
    note_report(empty_district, {"effective": 0.5}, made_on=date(2026, 1, 2), who=WHO)
    opened = page(lang)
    assert not opened.exception
    assert not opened.error
    assert say(f"ui.data.set_{REPORTED}", lang) in {
        str(told) for frame in opened.dataframe for told in frame.value.to_numpy().ravel()
    }


def test_openstreetmap_is_credited_without_anybody_typing_it() -> None:
    network = read_streets(OSM.encode(), "大兴.osm")
    source = provenance_of(Ready("streets", network, "大兴.osm", "k"), " ")
    assert source.source == "OpenStreetMap (大兴.osm)"
    assert "© OpenStreetMap contributors" in source.licence


@pytest.mark.usefixtures("empty_district")
def test_the_date_of_the_data_is_not_the_day_of_the_import(page: Page) -> None:
    opened = take_in(page(), DEMAND)
    table = next(f.value for f in opened.dataframe if "imported_on" in f.value.columns)
    row = table[table["layer"] == "职工分布（需求点）"].iloc[0]
    assert row["date"] == ""
    assert len(row["imported_on"]) == len("2026-11-22")
