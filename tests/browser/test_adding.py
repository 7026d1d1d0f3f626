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
