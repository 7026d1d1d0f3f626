"""Files in: four steps, nothing stored before the last, taken in as one change, taken back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
import streamlit
from streamlit.testing.v1 import AppTest

from geo.errors import FileRefusedError
from geo.intake import read_table
from geo.intake.streets import read_streets
from geo.streets import save_network
from register import Register
from siting.model import LayerSource
from tests.unit.ui.conftest import grid, walk
from ui import edits, keys
from ui.wizard.check import findings_table, preview
from ui.wizard.draft import Draft
from ui.wizard.reading import open_cells
from ui.wizard.storing import Ready, prepare, take_in

App = Callable[..., AppTest]
SOURCE = LayerSource("", "各镇街报送")
DEMAND = "名称,经度,纬度,镇街,人数\n甲,116.33,39.73,黄村镇,300\n乙,116.34,99,黄村镇,200\n"


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    held: dict[str, Any] = {keys.LANGUAGE: "zh"}
    monkeypatch.setattr(streamlit, "session_state", held)
    return held


def ready(register: Register, table: str, text: str) -> Ready:
    draft = Draft(table, text.encode("gb18030"), "../../evil.csv", datum="wgs84")
    intake = read_table(draft.data, table, name=draft.name, datum=draft.declared)
    prepared = prepare(draft, intake, register.inputs())
    return Ready(table, prepared.frame, draft.name, draft.key, prepared.size, intake.rejects)


def test_good_rows_of_demand_become_a_layer_that_can_be_undone(
    empty_district: Register, session: dict[str, Any]
) -> None:
    take_in(empty_district, ready(empty_district, "demand", DEMAND), SOURCE)
    assert list(empty_district.inputs().demand["workers"]) == [300]
    edits.undo(empty_district, session[keys.NOTICE].event)
    assert empty_district.inputs().demand.empty


def test_stations_twice_are_stations_once(
    empty_district: Register, session: dict[str, Any]
) -> None:
    text = "名称,经度,纬度\n甲站,116.33,39.73\n乙站,116.34,39.74\n"
    found = ready(empty_district, "stations", text)
    for _ in range(2):
        take_in(empty_district, found, SOURCE)
    assert len(empty_district.records("stations")) == 2
    edits.undo(empty_district, session[keys.NOTICE].event)
    assert empty_district.records("stations") == ()


def test_streets_are_read_in_a_process_of_their_own(
    empty_district: Register, session: dict[str, Any], tmp_path: Path
) -> None:
    save_network(grid(), tmp_path / "n.wsn")
    network = read_streets((tmp_path / "n.wsn").read_bytes(), "x.wsn")
    assert network.edges == grid().edges
    assert not network.edge_cost_mm.flags.writeable
    take_in(empty_district, Ready("streets", network, "x.wsn", "k"), SOURCE)
    assert session[keys.NOTICE].kind == "done"
    assert empty_district.inputs().streets is not None


@pytest.mark.usefixtures("session", "read_here")
def test_of_a_population_grid_the_cells_of_the_district_are_read() -> None:
    data = (Path(__file__).parents[1] / "geo" / "grids" / "plain.tif").read_bytes()
    area = shapely.box(116.2, 39.86, 116.23, 39.9)
    whole = open_cells(Draft("demand", data, "人口.tif"))
    part = open_cells(Draft("demand", data, "人口.tif", area=area))
    assert len(part.cells) == 9
    assert len(whole.cells) == 25


def test_what_is_no_street_file_is_refused_by_the_name_that_people_know() -> None:
    with pytest.raises(FileRefusedError) as refused:
        read_streets(b"no streets", "街道.osm.pbf")
    assert "街道.osm.pbf" in refused.value.message("zh")


def test_findings_name_the_row_of_the_file(session: dict[str, Any]) -> None:
    del session
    found = read_table(DEMAND.encode(), "demand")
    table = findings_table(found.findings, "zh")
    left_out = table[table["severity"] == "不导入"]
    assert list(left_out["row"]) == ["3"]
    assert table["severity"].iloc[0] == "不导入"


def test_the_preview_has_the_rows_of_the_file_and_names_codes(
    empty_district: Register, session: dict[str, Any]
) -> None:
    del session
    text = "台账\n站名,经度,纬度,类型,座位\n甲站,116.33,39.73,临街驿站,\n"
    draft = Draft("stations", text.encode(), "x.csv")
    intake = read_table(draft.data, "stations", datum="wgs84", mapping={"name": "站名"})
    prepared = prepare(draft, intake, empty_district.inputs())
    shown = dict(preview(prepared, "stations", intake, "en").iloc[0])
    assert shown["kind of station"] == "street-front station"
    assert (shown["原表行号"], shown["name"], shown["seats"]) == ("3", "甲站", "")
    assert (shown["longitude"], shown["latitude"]) == ("116.330000", "39.730000")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_file_is_shown_before_it_is_taken_in(
    empty_district: Register, app: App, lang: str
) -> None:
    page = app(lang).run().button(key="go_import").click().run()
    page.file_uploader[0].upload("![](http://evil.example/x.csv", DEMAND.encode(), "text/csv").run()
    assert not page.exception
    assert not page.error
    assert empty_district.inputs().demand.empty
    walk(page)
    assert empty_district.inputs().demand.empty
    assert page.button(key="confirm_import").label in {
        "导入 1 条职工分布（需求点）",
        "Import 1 records: Workers (demand points)",
    }
    page.button(key="confirm_import").click().run()
    assert not page.exception
    assert len(empty_district.inputs().demand) == 1
    page.button(key="undo_last").click().run()
    assert empty_district.inputs().demand.empty


ODD = '单位,位置,规模\n甲,"116.33,39.73",300\n乙,"116.34,39.74",200\n'


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_columns_without_known_headings_are_asked_for_and_remembered(
    empty_district: Register, app: App, lang: str
) -> None:
    page = app(lang).run().button(key="go_import").click().run()
    page.file_uploader[0].upload("a.csv", ODD.encode("gb18030"), "text/csv").run()
    page.button(key="onward").click().run()
    assert len(page.warning) == 1
    assert {"zh": "职工人数", "en": "workers"}[lang] in page.warning[0].value
    assert page.button(key="onward").disabled

    def ask(column: str, heading: str) -> None:
        box = next(b for b in page.selectbox if str(b.key).endswith(f".{column}"))
        assert {"zh": "规模（例：300）", "en": "规模 (e.g. 300)"}[lang] in box.options
        box.set_value(heading).run()

    ask("lon", "位置")
    ask("lat", "位置")
    ask("workers", "规模")
    assert not page.exception
    assert not page.warning
    page.button(key="back").click().run()
    walk(page)
    assert empty_district.inputs().demand.empty
    page.button(key="confirm_import").click().run()
    assert not page.exception
    stored = empty_district.inputs().demand
    assert stored[["lon", "lat", "workers"]].to_numpy().tolist() == [
        [116.33, 39.73, 300.0],
        [116.34, 39.74, 200.0],
    ]


def test_a_wrong_guess_can_be_corrected(empty_district: Register, app: App) -> None:
    page = app().run().button(key="go_import").click().run()
    text = "经度,纬度,人数,高峰人数\n116.33,39.73,300,500\n"
    page.file_uploader[0].upload("a.csv", text.encode(), "text/csv").run()
    page.button(key="onward").click().run()
    box = next(b for b in page.selectbox if str(b.key).endswith(".workers"))
    assert box.value == "人数"
    box.set_value("高峰人数").run()
    walk(page)
    page.button(key="confirm_import").click().run()
    assert list(empty_district.inputs().demand["workers"]) == [500.0]


def test_a_file_that_cannot_be_read_is_refused_in_words(empty_district: Register, app: App) -> None:
    page = app().run().button(key="go_import").click().run()
    page.file_uploader[0].upload("![](http://evil.example/x)", b"PK\x03\x04 no zip", "x/y").run()
    assert not page.exception
    assert len(page.error) == 1
    assert "![](" not in page.error[0].value
    assert page.button(key="onward").disabled
    assert empty_district.revision() == 1
