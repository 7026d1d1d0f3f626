"""Files as clerks have them, through the four steps in a real browser, on a desk and on a phone."""

import io
import re

import openpyxl
import pytest
from playwright.sync_api import FilePayload, Page, expect

from register import Home
from tests.browser.harness import IDLE, Server, Witness, choose_option
from tests.ugly_files import Ugly, all_ugly, points_of_many_hands, survey_of_stations
from words import Lang, say

pytestmark = pytest.mark.browser


def settle(page: Page) -> None:
    """Wait until the page has answered."""
    page.wait_for_timeout(500)
    page.locator(IDLE).wait_for()
    page.wait_for_timeout(400)


def choose(page: Page, server: Server, ugly: Ugly, lang: Lang = "zh") -> None:
    page.goto(f"{server.url}/?lang={lang}")
    page.locator(".st-key-go_import button").click()
    page.locator(".st-key-import").wait_for()
    settle(page)
    choose_option(page, "import_table", say(f"ui.data.table_{ugly.table}", lang), exact=True)
    settle(page)
    file = FilePayload(name=ugly.name, mimeType="application/octet-stream", buffer=ugly.data)
    page.locator("input[type=file]").first.set_input_files([file])
    page.get_by_text(ugly.name).last.wait_for()
    page.locator(".st-key-onward button:enabled").wait_for()
    settle(page)


def onward(page: Page) -> None:
    page.locator(".st-key-onward button:enabled").click()
    settle(page)


def fits(page: Page) -> bool:
    """Tell whether nothing makes the page wider than the screen."""
    wide = page.evaluate(
        "() => { const m = document.querySelector('.stMain');"
        " return m.scrollWidth - m.clientWidth; }"
    )
    return bool(wide <= 1)


@pytest.mark.parametrize(("width", "lang"), [(1440, "zh"), (390, "en")])
def test_every_ugly_file_can_be_read_to_the_end_of_its_steps(
    server: Server, page: Page, witness: Witness, width: int, lang: Lang
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    with Home(server.home).create_district("测试区", who="张三") as district:
        for ugly in all_ugly():
            choose(page, server, ugly, lang)
            while page.locator(".st-key-onward").count():
                assert fits(page), ugly.name
                turn = page.locator(".st-key-turn_columns button")
                if turn.count():
                    turn.click()
                    settle(page)
                if page.locator(".st-key-onward button:enabled").count() == 0:
                    page.locator('.st-key-import [data-testid="stRadio"] label').nth(1).click()
                    settle(page)
                onward(page)
            page.locator(".st-key-confirm_import").wait_for()
            assert fits(page), ugly.name
        assert district.revision() == 1
    assert witness.outside == []
    assert witness.complaints == []


def test_a_row_is_placed_by_a_tap_and_the_import_is_taken_back(
    server: Server, page: Page, witness: Witness
) -> None:
    with Home(server.home).create_district("测试区", who="张三") as district:
        choose(page, server, survey_of_stations())
        onward(page)
        onward(page)
        page.get_by_text("表头写着：高德").wait_for()
        pictures = page.locator('.st-key-import [data-testid="stImage"] img')
        expect(pictures).to_have_count(3)
        onward(page)
        page.get_by_text("可以导入 5 条；1 行没有坐标、先放着。").wait_for()
        page.get_by_text("在地图上点位置").click()
        frame = page.frame_locator("iframe[title*='st_folium']")
        frame.get_by_role("button", name="点这里放位置").click()
        frame.locator(".leaflet-container").click(position={"x": 330, "y": 260})
        page.get_by_text("可以导入 6 条。").wait_for()
        assert district.revision() == 1
        page.get_by_role("button", name="导入 6 条").click()
        page.get_by_text("已导入现有驿站：新增 6").first.wait_for()
        stored = {record["name"]: record for record in district.records("stations")}
        assert stored["富强西里暖心驿站"]["lon"] == pytest.approx(116.3301, abs=1e-5)
        assert 116 < float(str(stored["瀛海镇流动驿站"]["lon"])) < 117
        page.locator(".st-key-undo_change button").click()
        settle(page)
        assert district.records("stations") == ()
    assert witness.outside == []
    assert witness.complaints == []


def test_the_rows_that_did_not_come_in_are_a_file_to_mend(server: Server, page: Page) -> None:
    with Home(server.home).create_district("测试区", who="张三") as district:
        choose(page, server, points_of_many_hands())
        for _ in range(3):
            onward(page)
        page.locator(".st-key-take_5 button").click()
        page.get_by_text("可以导入 7 条").wait_for()
        page.get_by_role("button", name=re.compile("^导入 7 条")).click()
        page.get_by_text("有 4 行没有导入").wait_for()
        with page.expect_download() as waiting:
            page.locator(".st-key-left_out_after button").click()
        book = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
        numbers = [row[0].value for row in book.worksheets[0].iter_rows()]
        assert [number for number in numbers if isinstance(number, (int, float))] == [
            6,
            8,
            9,
            12,
        ]
        assert len(district.records("stations")) == 7
