"""A base map from outside: asked for by browsers only when it is on, shifted for the eye only."""

import base64
import math
import re

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Frame, FrameLocator, Page, expect

from geo.datum import from_wgs84, to_wgs84
from register import Home, Register
from register.settings_installation import Installation, settle_installation
from tests.browser.harness import IDLE, Server, Witness

pytestmark = pytest.mark.browser

NAME = "高德上点的候选点"
OWN = "自绘底图（默认，不联网）"
TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mOsqK//DwAFgAKbuQIUSwAAAABJRU5ErkJggg=="
)
OF_AMAP = re.compile(r"https://webrd0[1-4]\.is\.autonavi\.com/appmaptile\?")
METRES = 111_320.0
CORNERS = """() => {
  addEventListener("click", (e) => { window.tapped = [e.clientX, e.clientY]; }, true);
  const points = [[116.21, 39.43], [116.72, 39.83], [116.34, 39.73], [73, 1], [140, 50]];
  return points.map((p) => {
    const crs = L.CRS.Gcj02.projection, shifted = crs.project(L.latLng(p[1], p[0]));
    const plain = L.Projection.SphericalMercator.unproject(shifted), back = crs.unproject(shifted);
    return [p[0], p[1], plain.lng, plain.lat, back.lng, back.lat];
  });
}"""
TILE_UNDER = """() => {
  const [x, y] = window.tapped;
  for (const tile of document.querySelectorAll(".leaflet-tile")) {
    const box = tile.getBoundingClientRect(), at = new URL(tile.src).searchParams;
    if (x >= box.left && x < box.right && y >= box.top && y < box.bottom)
      return [+at.get("z"), +at.get("x") + (x - box.left) / box.width,
              +at.get("y") + (y - box.top) / box.height];
  }
}"""


def switch_off(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/settings")
    page.locator(IDLE).wait_for()
    expect(page.get_by_text("会联网")).to_be_visible()
    page.get_by_test_id("stRadio").get_by_text(OWN).click()
    expect(page.get_by_text("会联网")).to_be_hidden()
    page.get_by_role("button", name="保存底图设置").click()
    expect(page.get_by_text(f"已保存：{OWN}")).to_be_visible()


def open_map(page: Page, server: Server) -> tuple[FrameLocator, Frame]:
    page.goto(server.url)
    shown = page.frame_locator("iframe[title*='st_folium']")
    shown.locator(".ws-add").wait_for()
    page.locator(IDLE).wait_for()
    return shown, next(frame for frame in page.frames if "folium" in frame.url)


def on_tiles(lon: float, lat: float, zoom: float) -> tuple[float, float]:
    """Return where a WGS-84 place is on tiles that are shifted, in tiles of a zoom."""
    x, y = (float(value) for value in from_wgs84(lon, lat, "gcj02"))
    rows = (1 - math.asinh(math.tan(math.radians(y))) / math.pi) / 2
    return (x + 180) / 360 * 2**zoom, rows * 2**zoom


def place_of(district: Register) -> tuple[float, float]:
    (made,) = district.records("candidates")
    return float(str(made["lon"])), float(str(made["lat"]))


def test_a_place_tapped_on_shifted_tiles_is_stored_where_it_is(
    server: Server, context: BrowserContext, page: Page, witness: Witness
) -> None:
    context.route(OF_AMAP, lambda route: route.fulfill(body=TILE, content_type="image/png"))
    settle_installation(server.home, Installation(basemap="amap"), seen=0)
    district = Home(server.home).create_district("测试区", who="建")  # without data: quickly drawn
    shown, frame = open_map(page, server)
    expect(shown.locator(".leaflet-tile-loaded").first).to_be_attached()
    expect(shown.locator(".ws-credit")).to_have_text("© 高德地图")

    # The page's arithmetic is that of geo.datum, and its way back is exact.
    found = np.array(frame.evaluate(CORNERS))
    shifted = np.column_stack(from_wgs84(found[:, 0], found[:, 1], "gcj02"))
    assert np.abs(found[:, 2:4] - shifted).max() * METRES < 1e-3
    assert np.abs(found[:, 4:] - found[:, :2]).max() * METRES < 1e-3

    shown.get_by_role("button", name="加候选点").click()
    shown.locator(".leaflet-container").click(position={"x": 300, "y": 430})
    zoom, column, row = frame.evaluate(TILE_UNDER)
    page.get_by_label("名称", exact=True).fill(NAME)
    page.get_by_role("button", name="保存候选点").click()
    expect(page.get_by_text("已保存").first).to_be_visible()
    at_lon = column / 2**zoom * 360 - 180
    at_lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**zoom))))
    lon, lat = (float(value) for value in to_wgs84(at_lon, at_lat, "gcj02"))
    stored = place_of(district)
    assert math.hypot(stored[0] - lon, stored[1] - lat) * METRES < 0.01
    assert math.hypot(stored[0] - at_lon, stored[1] - at_lat) * METRES > 400

    # What is dragged moves by as much on the tiles; its marker sits on whole pixels.
    marker = shown.locator(f"[aria-label^='{NAME}']")
    box = marker.bounding_box()
    assert box is not None
    start = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 60, start[1] + 40, steps=6)
    page.mouse.up()
    expect(page.get_by_text("已移动").first).to_be_visible()
    before, after = on_tiles(*stored, zoom), on_tiles(*place_of(district), zoom)
    moved = [256 * (new - old) for new, old in zip(after, before, strict=True)]
    assert moved == pytest.approx([60, 40], abs=1.5)

    asked = len(witness.outside)
    assert asked > 0
    assert [url for url in witness.outside if not OF_AMAP.match(url)] == []
    switch_off(page, server)
    shown, _ = open_map(page, server)
    expect(shown.locator(".leaflet-container canvas").first).to_be_attached()
    expect(shown.locator(".ws-credit")).to_be_hidden()
    assert len(witness.outside) == asked
    # Streamlit's own page looks for its server under the address of a page first: 404, harmless.
    assert [said for said in witness.complaints if "404" not in said] == []
