"""The four steps of an import: what is asked, what is told, and what going back keeps."""

import io
from collections.abc import Callable

import numpy as np
import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from geo.datum import from_wgs84
from geo.intake import read_table
from register import Register
from tests.ugly_files import all_ugly, points_of_many_hands, surveyed_points
from tests.unit.ui.conftest import SOURCE, SOUTH, STEP, WEST, WHO, demand, grid, table, walk
from ui import keys
from ui.data.import_form import middle_of
from ui.live_map import MapEvent
from ui.wizard.draft import Draft
from ui.wizard.rejected import left_out_file
from ui.wizard.storing import prepare
from ui.wizard.unplaced import place, unit_middles
from words import LANGUAGES, Lang, has

pytestmark = pytest.mark.usefixtures("read_here")

Page = Callable[..., AppTest]
ROWS = 24


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


def chosen(page: AppTest, data: bytes, name: str, kind: str) -> AppTest:
    page.selectbox(key=keys.TABLE).set_value(kind).run()
    return page.file_uploader[0].upload(name, data, "x/y").run()


def on(page: AppTest) -> AppTest:
    page.button(key="onward").click().run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    parts = [*page.markdown, *page.caption, *page.info, *page.success, *page.warning, *page.error]
    return "\n".join(str(part.value).replace("\\", "") for part in parts)


def on_streets(datum: str) -> bytes:
    """Return stations on streets of the district, their positions as `datum` has them."""
    rng = np.random.default_rng(5)
    lon = WEST + STEP * rng.uniform(0, 6, ROWS)
    lat = SOUTH + STEP * rng.integers(0, 7, ROWS)
    x, y = from_wgs84(lon, lat, datum)
    rows = [f"站{i},{x[i]:.6f},{y[i]:.6f}" for i in range(ROWS)]
    return "\n".join(["名称,经度,纬度", *rows]).encode()


def test_without_a_statement_nobody_goes_on_and_the_evidence_is_told(
    district: Register, page: Page
) -> None:
    opened = on(on(chosen(page(), on_streets("gcj02"), "a.csv", "stations")))
    assert opened.radio[0].value is None
    assert opened.button(key="onward").disabled
    told = said(opened)
    assert "文件没有说明坐标是从哪里来的" in told
    assert "按高德坐标（GCJ-02）：100.0% 的点在道路 30 米内" in told
    assert "证据指向高德" in told
    opened.radio[0].set_value("gcj02").run()
    assert not opened.button(key="onward").disabled
    on(opened).button(key="confirm_import").click().run()
    stored = district.inputs().stations
    assert len(stored) == ROWS + 1
    away = np.abs((stored["lat"][1:] - SOUTH) / STEP - ((stored["lat"][1:] - SOUTH) / STEP).round())
    assert away.max() < 1e-3


def test_a_choice_against_the_evidence_must_be_confirmed_by_itself(
    district: Register, page: Page
) -> None:
    before = district.revision()
    opened = on(on(chosen(page(), on_streets("bd09"), "a.csv", "stations")))
    opened.radio[0].set_value("wgs84").run()
    assert "证据却指向百度" in said(opened)
    assert opened.button(key="onward").disabled
    box = next(b for b in opened.checkbox if str(b.key).startswith("confirm."))
    box.check().run()
    assert not opened.button(key="onward").disabled
    opened.radio[0].set_value("gcj02").run()  # another choice, another confirmation
    assert opened.button(key="onward").disabled
    assert district.revision() == before


def test_going_back_keeps_what_was_chosen(empty_district: Register, page: Page) -> None:
    text = "站点,东,北,高峰\n甲站,116.33,39.73,8点-18点\n"
    opened = chosen(page(), text.encode("gbk"), "a.csv", "stations")
    opened.text_input(key=keys.SOURCE).set_value("兴丰街道总工会").run()
    on(opened)
    for column, heading in (("name", "站点"), ("lon", "东"), ("lat", "北")):
        box = next(b for b in opened.selectbox if str(b.key).endswith(f".{column}"))
        box.set_value(heading).run()
    on(opened).radio[0].set_value("bd09").run()
    for _ in range(2):
        opened.button(key="back").click().run()
    assert opened.text_input(key=keys.SOURCE).value == "兴丰街道总工会"
    assert opened.selectbox(key=keys.TABLE).value == "stations"
    assert "a.csv" in said(opened)
    on(opened)
    assert next(b for b in opened.selectbox if str(b.key).endswith(".lon")).value == "东"
    assert on(opened).radio[0].value == "bd09"
    assert empty_district.revision() == 1
    on(opened).button(key="confirm_import").click().run()
    (layer,) = (source for source in empty_district.inputs().sources if source.layer == "stations")
    assert layer.source == "兴丰街道总工会"


def test_a_survey_is_turned_and_read_in_its_projection(
    empty_district: Register, page: Page
) -> None:
    ugly = surveyed_points()
    opened = on(on(chosen(page(), ugly.data, ugly.name, ugly.table)))
    assert "EPSG:4548" in opened.radio[0].options[0]
    opened.button(key="turn_columns").click().run()
    opened.radio[0].set_value("EPSG:4548").run()
    assert not opened.button(key="onward").disabled
    on(opened)
    opened.button(key="take_8").click().run()  # the zone's number before the easting
    opened.button(key="confirm_import").click().run()
    assert len(empty_district.inputs().demand) == 7
    assert empty_district.inputs().demand["workers"].sum() == 695


def test_rows_are_mended_in_place_and_the_bad_ones_come_back_as_a_file(
    empty_district: Register, page: Page
) -> None:
    ugly = points_of_many_hands()
    opened = walk(chosen(page(), ugly.data, ugly.name, ugly.table))
    assert "可以导入 6 条；4 行有错、不导入；1 行没有坐标、先放着。" in said(opened)
    opened.button(key="repair_all").click().run()
    assert "可以导入 8 条" in said(opened)
    box = next(b for b in opened.selectbox if str(b.key).endswith(".9.datum"))
    box.set_value("wgs84")
    opened.button(key="save_9").click().run()
    assert "可以导入 9 条" in said(opened)
    for axis, text in (("lon", "116.39"), ("lat", "39.6")):
        next(t for t in opened.text_input if str(t.key).endswith(f".6.{axis}")).set_value(text)
    opened.button(key="save_6").click().run()
    assert "可以导入 9 条" in said(opened)  # the row says no datum either
    box = next(b for b in opened.selectbox if str(b.key).endswith(".6.datum"))
    box.set_value("gcj02")
    opened.button(key="save_6").click().run()
    assert "可以导入 10 条；1 行没有坐标、先放着。" in said(opened)
    doubles = [r for r in opened.radio if str(r.key).startswith("double.")]
    next(r for r in doubles if "name" in str(r.key)).set_value("merge").run()
    assert "可以导入 9 条" in said(opened)
    assert empty_district.revision() == 1
    opened.button(key="confirm_import").click().run()
    assert len(empty_district.inputs().stations) == 9
    assert "点“撤销”就全部收回" in said(opened)
    opened.button(key="undo_change").click().run()
    assert empty_district.inputs().stations.empty


def test_taking_corrections_back_reads_the_file_as_it_is(
    empty_district: Register, page: Page
) -> None:
    del empty_district
    ugly = points_of_many_hands()
    opened = walk(chosen(page(), ugly.data, ugly.name, ugly.table))
    opened.button(key="repair_all").click().run()
    opened.button(key="skip_6").click().run()
    assert "1 行已选择不导入" in said(opened)
    opened.button(key="mended_undo").click().run()
    assert "可以导入 6 条；4 行有错" in said(opened)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_file_of_bad_rows_can_be_mended_and_brought_again(lang: Lang) -> None:
    ugly = points_of_many_hands()
    intake = read_table(ugly.data, ugly.table, name=ugly.name)
    book = openpyxl.load_workbook(io.BytesIO(left_out_file(intake.rejects, lang)()))
    sheet = book.worksheets[0]
    rows = {str(row[0].value): row for row in sheet.iter_rows()}
    assert set(map(str, intake.rejects.rows.tolist())) <= set(rows)
    swapped = rows["5"]
    assert ("填反" if lang == "zh" else "swapped") in str(swapped[1].value)
    for cell, text in zip(swapped[4:6], ("116.4440", "39.7570"), strict=True):
        cell.value = text
    changed = io.BytesIO()
    book.save(changed)
    again = read_table(changed.getvalue(), "stations")
    # The second row of id 9 is alone in this file; step 4 tells that the register knows the id.
    assert again.frame["name"].tolist() == ["瀛海驿站", "安定驿站二"]


def test_enterprises_without_positions_stand_at_the_middle_of_their_unit(
    district: Register, page: Page
) -> None:
    text = "企业名称,所属镇街\n丁厂,甲镇\n戊厂,丙镇\n"
    opened = on(on(chosen(page(), text.encode(), "台账.csv", "enterprises")))
    assert "可以导入 0 条；2 行没有坐标、先放着。" in said(opened)
    assert opened.button(key="confirm_import").disabled
    opened.checkbox[0].check().run()
    assert "可以导入 1 条；1 行没有坐标、先放着。" in said(opened)
    opened.button(key="confirm_import").click().run()
    (stored,) = district.records("enterprises")
    assert stored["position_state"] == "town_centroid"
    lon, lat = unit_middles(demand())["甲镇"]
    assert stored["lon"] == pytest.approx(lon, abs=1e-6)
    assert stored["lat"] == pytest.approx(lat, abs=1e-6)


def test_a_tapped_place_is_wgs84_whatever_the_datum_of_the_file(
    empty_district: Register, page: Page
) -> None:
    text = "名称,高德经度,高德纬度\n甲站,116.336,39.734\n乙站,,\n"
    opened = walk(chosen(page(), text.encode(), "a.csv", "stations"))
    draft = opened.session_state[keys.DRAFT]
    with pytest.MonkeyPatch.context() as patch:
        held = {keys.DRAFT: draft}
        patch.setattr("streamlit.session_state", held)
        place(3, MapEvent("add", 1, lon=116.4, lat=39.7))
    opened.session_state[keys.DRAFT] = held[keys.DRAFT]
    opened.run()
    opened.button(key="confirm_import").click().run()
    stored = {record["name"]: record for record in empty_district.records("stations")}
    assert (stored["乙站"]["lon"], stored["乙站"]["lat"]) == (116.4, 39.7)
    assert stored["甲站"]["lon"] == pytest.approx(116.330, abs=1e-3)


def test_known_enterprises_are_compared_and_none_is_stored_twice(
    district: Register, page: Page
) -> None:
    known = {
        "id": "e1",
        "name": "北京甲药业公司",
        "lon": WEST,
        "lat": SOUTH,
        "workers": 1200,
        "credit_code": "91110115MA0000001X",
    }
    district.put_records("enterprises", table("enterprises", [known]), SOURCE, who=WHO)
    text = (
        "企业名称,统一社会信用代码,lon,lat,职工人数,地址\n"
        f"甲药业,91110115MA0000001X,{WEST},{SOUTH},1150,永大路38号\n"
        f"乙公司,,{WEST + STEP},{SOUTH},120,\n"
    )
    opened = walk(chosen(page(), text.encode(), "走访.csv", "enterprises"))
    assert "台账里已有的企业：1 家" in said(opened)
    sides = [r for r in opened.radio if str(r.key).startswith("side.")]
    heads = next(r for r in sides if "workers" in str(r.key))
    assert heads.options == ["台账：1200", "这次的表：1150"]
    heads.set_value("visit").run()
    opened.button(key="confirm_import").click().run()
    stored = {record.id: record for record in district.records("enterprises")}
    assert len(stored) == 2
    assert (stored["e1"]["name"], stored["e1"]["workers"]) == ("北京甲药业公司", 1150)
    assert stored["e1"]["address"] == "永大路38号"


@pytest.mark.parametrize("kind", ["visits", "units", "haves", "inspections", "targets"])
def test_tables_without_positions_skip_the_third_step(
    empty_district: Register, page: Page, kind: str
) -> None:
    from ui.data.template import template_file  # noqa: PLC0415 -- beside its only use

    opened = chosen(page(), template_file(kind, "zh"), "x.xlsx", kind)
    while "onward" in {button.key for button in opened.button}:
        on(opened)
    assert "坐标系" not in "".join(str(part.value) for part in opened.markdown[:4])
    assert opened.button(key="confirm_import").disabled  # examples only
    assert empty_district.revision() == 1


def test_every_ugly_file_reaches_the_last_step_and_stores_nothing(
    empty_district: Register, page: Page
) -> None:
    for ugly in all_ugly():
        if ugly.datum is not None:  # the survey above
            continue
        opened = walk(chosen(page(), ugly.data, ugly.name, ugly.table))
        assert not opened.error
        assert "confirm_import" in {button.key for button in opened.button}
    assert empty_district.revision() == 1


def test_an_enterprise_of_a_known_id_is_that_enterprise(district: Register) -> None:
    known = {"id": "e1", "name": "甲公司", "lon": WEST, "lat": SOUTH}
    district.put_records("enterprises", table("enterprises", [known]), SOURCE, who=WHO)
    text = f"编号,企业名称,lon,lat\ne1,甲公司（新名）,{WEST},{SOUTH}\n"
    draft = Draft("enterprises", text.encode(), "x.csv")
    intake = read_table(draft.data, "enterprises")
    prepared = prepare(draft, intake, district.inputs())
    assert prepared.frame["name"].tolist() == ["甲公司（新名）"]


def test_what_an_import_would_change_is_said_before(district: Register, page: Page) -> None:
    before = district.revision()
    text = f"编号,名称,lon,lat\ns1,二号驿站,{WEST},{SOUTH}\ns2,三号驿站,{WEST + STEP},{SOUTH}\n"
    opened = walk(chosen(page(), text.encode(), "a.csv", "stations"))
    assert "其中 1 条的编号台账里已有" in said(opened)
    assert "编号“s1”在台账里是“一号驿站”" in said(opened)
    next(t for t in opened.text_input if str(t.key).endswith(".2.id")).set_value("s9")
    opened.button(key="save_2").click().run()
    assert "台账里已有" not in said(opened)
    text = f"lon,lat,人数\n{WEST},{SOUTH},300\n"
    opened = walk(chosen(page(), text.encode(), "b.csv", "demand"))
    assert "导入后会替换现有的：职工分布" in said(opened)
    assert district.revision() == before


def test_an_undo_takes_the_box_and_the_rows_left_out_back(
    empty_district: Register, page: Page
) -> None:
    empty_district.put_demand(demand(), SOURCE, who=WHO)
    text = "名称,经度,纬度\n甲站,116.33,39.73\n乙站,0,0\n"
    opened = page()
    assert opened.selectbox(key=keys.TABLE).value == "stations"
    opened.file_uploader[0].upload("a.csv", text.encode(), "x/y").run()
    on(on(opened)).radio[0].set_value("wgs84").run()
    confirm = on(opened).button(key="confirm_import")
    assert confirm.label == "导入 1 条现有驿站"
    confirm.click().run()
    assert len(empty_district.inputs().stations) == 1
    assert keys.LEFT_OUT in opened.session_state
    assert opened.selectbox(key=keys.TABLE).value == "streets"
    opened.button(key="undo_change").click().run()
    assert empty_district.inputs().stations.empty
    assert opened.selectbox(key=keys.TABLE).value == "stations"
    assert keys.LEFT_OUT not in opened.session_state


@pytest.mark.parametrize(
    ("name", "text", "kind", "other"),
    [
        ("现有驿站.csv", "名称,经度,纬度\n甲,116.33,39.73\n", "candidates", "stations"),
        ("a.csv", "大兴区驿站台账,,\n名称,经度,纬度\n甲,116.33,39.73\n", "candidates", "stations"),
        ("a.csv", "驿站名称,经度,纬度\n甲,116.33,39.73\n", "candidates", "stations"),
        ("候选驿站.csv", "名称,经度,纬度\n甲,116.33,39.73\n", "stations", "candidates"),
        ("企业名单.csv", "名称,经度,纬度\n甲,116.33,39.73\n", "hosts", "enterprises"),
        ("候选点.csv", "驿站名称,经度,纬度\n甲,116.33,39.73\n", "candidates", ""),
        ("驿站.csv", "驿站名称,经度,纬度\n甲,116.33,39.73\n", "stations", ""),
        ("a.csv", "名称,经度,纬度\n甲驿站,116.33,39.73\n", "candidates", ""),
    ],
)
@pytest.mark.usefixtures("empty_district")
def test_a_file_that_speaks_of_another_kind_is_asked_about(
    page: Page, name: str, text: str, kind: str, other: str
) -> None:
    opened = chosen(page(), text.encode(), name, kind)
    asked = [button for button in opened.button if button.key == "other_kind_take"]
    assert ("文件像是" in said(opened)) == bool(asked) == bool(other)
    if asked:
        asked[0].click().run()
        assert opened.selectbox(key=keys.TABLE).value == other
        assert "文件像是" not in said(opened)


@pytest.mark.usefixtures("empty_district")
def test_corrections_are_not_thrown_away_without_asking(page: Page) -> None:
    text = "名称,经度,纬度\n甲站,116.33,39.73\n乙站,0,0\n"
    opened = on(on(chosen(page(), text.encode(), "a.csv", "stations")))
    opened.radio[0].set_value("wgs84").run()
    on(opened).button(key="skip_3").click().run()
    opened.button(key="discard_import").click().run()
    assert "都会丢掉" in said(opened)
    opened.button(key="discard_not").click().run()
    opened.button(key="discard_import").click().run()
    opened.button(key="discard_sure").click().run()
    assert keys.DRAFT not in opened.session_state


def test_streets_are_two_steps(empty_district: Register, page: Page, tmp_path: object) -> None:
    from pathlib import Path  # noqa: PLC0415 -- for the type only

    from geo.streets import save_network  # noqa: PLC0415 -- beside its only use

    file = Path(str(tmp_path)) / "n.wsn"
    save_network(grid(), file)
    opened = on(chosen(page(), file.read_bytes(), "大兴.wsn", "streets"))
    assert empty_district.inputs().streets is None
    opened.button(key="confirm_import").click().run()
    assert empty_district.inputs().streets is not None


def test_middle_of_what_is_known(district: Register, empty_district: Register) -> None:
    assert district is empty_district
    lon, lat = middle_of(district.inputs()) or (0.0, 0.0)
    assert (lon, lat) == pytest.approx((WEST + 3 * STEP, SOUTH + 3 * STEP))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_of_the_steps_is_there(lang: Lang) -> None:
    import re  # noqa: PLC0415 -- beside its only use
    from pathlib import Path  # noqa: PLC0415

    root = Path(__file__).resolve().parents[3] / "ui"
    spoken = re.compile(r'word\(\s*"([a-z_0-9]+)"')
    files = [root / "data" / "import_form.py", *(root / "wizard").glob("*.py")]
    asked = {k for file in files for k in spoken.findall(file.read_text(encoding="utf-8"))}
    assert len(asked) > 70
    assert [key for key in sorted(asked) if not has(f"import.{key}", lang)] == []
