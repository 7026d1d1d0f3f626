"""Somebody else's change in the meantime: shown, and the map goes back to what is stored."""

import pytest
from playwright.sync_api import FrameLocator, Locator, Page

from register import Home
from tests.browser.harness import Server, Witness

pytestmark = pytest.mark.browser


def drag(page: Page, marker: Locator, right_px: int) -> None:
    box = marker.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right_px, y, steps=6)
    page.mouse.up()


def place_of(marker: Locator) -> tuple[int, int]:
    box = marker.bounding_box()
    assert box is not None
    return round(box["x"]), round(box["y"])


def open_map(page: Page, server: Server) -> FrameLocator:
    page.goto(server.url)
    frame = page.frame_locator("iframe[title*='st_folium']")
    frame.locator(".leaflet-container canvas").first.wait_for()
    return frame


def test_a_drag_is_stored_and_a_late_one_is_refused(
    server: Server, page: Page, witness: Witness
) -> None:
    with Home(server.home).open_sample() as sample:
        own = sample.add_candidate(116.45, 39.55, name="拖动点", who="张三").id
        frame = open_map(page, server)
        marker = frame.locator("[aria-label='拖动点']")
        marker.wait_for()
        page.wait_for_timeout(1000)
        drag(page, marker, 40)
        page.get_by_text("已移动").wait_for()
        moved = sample.get("candidates", own)
        assert moved.version == 2
        assert float(str(moved["lon"])) > 116.46
        page.wait_for_timeout(1000)
        stored = place_of(marker)

        sample.update("candidates", own, {"name": "拖动点"}, version=2, who="李四")
        sample.update("candidates", own, {"seats": 4}, version=2, who="李四")
        drag(page, marker, 60)
        page.get_by_text("李四").first.wait_for()
        page.wait_for_timeout(1000)
        assert place_of(marker) == stored
        assert sample.get("candidates", own)["lon"] == moved["lon"]
    assert witness.outside == []
    assert witness.complaints == []
