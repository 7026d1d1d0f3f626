"""Adding by tap where symbols crowd: each tap places a candidate, none is swallowed."""

import pytest
from playwright.sync_api import FrameLocator, Page

from register import Home
from tests.browser.harness import Server, Witness

pytestmark = pytest.mark.browser

OWN = (116.45, 39.55)


def open_map(page: Page, server: Server, lang: str = "zh") -> FrameLocator:
    page.goto(f"{server.url}/?lang={lang}")
    frame = page.frame_locator("iframe[title*='st_folium']")
    frame.locator(".leaflet-container canvas").first.wait_for()
    page.wait_for_timeout(800)
    return frame


def test_while_adding_every_tap_places_a_candidate(
    server: Server, page: Page, witness: Witness
) -> None:
    with Home(server.home).open_sample() as sample:
        sample.add_candidate(*OWN, name="旧点", who="张三")
    frame = open_map(page, server)
    box = frame.locator("[aria-label='旧点']").bounding_box()
    assert box is not None
    frame.get_by_role("button", name="加候选点").click()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.get_by_role("button", name="保存候选点").wait_for()
    page.get_by_text("东经 116.4").wait_for()
    page.get_by_role("button", name="取消", exact=True).click()
    page.get_by_role("button", name="保存候选点").wait_for(state="hidden")
    # A row of the table flies to its candidate: it is then in the middle of the map.
    page.get_by_role("tab", name="候选点").click()
    page.get_by_text("按选址规则得分排序").wait_for()
    page.wait_for_timeout(1000)
    table = page.get_by_test_id("stDataFrame").last.bounding_box()
    assert table is not None
    page.mouse.click(table["x"] + 15, table["y"] + 90)
    page.locator(".st-key-picked_point").wait_for()
    page.wait_for_timeout(1500)
    frame.get_by_role("button", name="加候选点").click()
    whole = frame.locator(".leaflet-container").bounding_box()
    assert whole is not None
    page.mouse.click(whole["x"] + whole["width"] / 2, whole["y"] + whole["height"] / 2)
    page.get_by_role("button", name="保存候选点").wait_for()
    assert witness.outside == []
    assert witness.complaints == []


def test_the_map_fits_the_window_and_a_phone_shows_the_form(server: Server, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    frame = open_map(page, server)
    page.wait_for_timeout(1500)
    for control in (".ws-add", ".leaflet-control-scale", ".ws-badges"):
        box = frame.locator(control).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 720, control
    legend = frame.locator(".ws-legend").bounding_box()
    add = frame.locator(".ws-add").bounding_box()
    assert legend is not None
    assert add is not None
    assert legend["y"] + legend["height"] <= add["y"]

    page.set_viewport_size({"width": 390, "height": 844})
    frame = open_map(page, server)
    frame.get_by_role("button", name="加候选点").click()
    whole = frame.locator(".leaflet-container").bounding_box()
    assert whole is not None
    page.mouse.click(whole["x"] + 160, whole["y"] + 200)
    name = page.get_by_label("名称", exact=True)
    name.wait_for()
    page.wait_for_timeout(1500)
    box = name.bounding_box()
    assert box is not None
    assert 0 < box["y"] < 844 - box["height"]


def test_a_district_without_any_data_takes_a_candidate(
    server: Server, page: Page, witness: Witness
) -> None:
    with Home(server.home).create_district("空区", who="张三") as district:
        frame = open_map(page, server)
        page.get_by_text("空白底图").wait_for()
        frame.get_by_role("button", name="加候选点").click()
        frame.locator(".leaflet-container").click(position={"x": 300, "y": 300})
        page.get_by_role("button", name="保存候选点").click()
        page.get_by_text("已保存：自选候选点 1").wait_for()
        (stored,) = district.records("candidates")
        assert 116 < float(str(stored["lon"])) < 117
    assert witness.outside == []
    assert witness.complaints == []


def test_language_and_reload_keep_tab_and_project(server: Server, page: Page) -> None:
    Home(server.home).create_district("空区", who="张三").close()
    page.goto(f"{server.url}/?project=sample")
    page.get_by_role("tab", name="新增驿站").click()
    page.get_by_role("button", name="推荐新增 5 座").wait_for()
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Propose 5 new stations").wait_for()
    page.get_by_role("button", name="中文").click()
    page.get_by_role("button", name="推荐新增 5 座").wait_for()
    page.reload()
    page.get_by_text("合成示例数据").filter(visible=True).first.wait_for()
    assert "project=sample" in page.url
