"""By night nothing vanishes and the map follows, not mounted anew; paper is of the day."""

import pytest
from playwright.sync_api import Frame, Page, expect

from reports.webmap.palette import DAY, NIGHT
from tests.browser.harness import IDLE, Server, Witness
from ui.day_night import COOKIE, PAGE_NIGHT

pytestmark = pytest.mark.browser

OPEN_MS = 90_000
READ = 4.5
"""WCAG 2.2, 1.4.3: contrast of text that is not large."""

# [contrast, text] of whatever is written in a page, with what lies under it, laid over each other.
CONTRASTS = """() => {
  const parts = (said) => (said.match(/[\\d.]+/g) || []).map(Number);
  const parse = (said) => {
    const n = parts(said), unit = said.startsWith("color(") ? 255 : 1;
    return n.length < 3 ? [0, 0, 0, 0] : [n[0] * unit, n[1] * unit, n[2] * unit, n[3] ?? 1];
  };
  const lay = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3]));
  const light = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    const under = node.parentElement ? ground(node.parentElement) : [255, 255, 255];
    return lay(parse(getComputedStyle(node).backgroundColor), under);
  };
  const found = [];
  document.querySelectorAll("body *").forEach((node) => {
    if (node.closest("canvas, svg, script, style, [disabled], [aria-disabled=true]")) return;
    if (node.closest("[data-testid=stSliderThumbValue]")) return; // above its knob, not on it
    const own = [...node.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE)
      .map((n) => n.textContent.trim()).join(" ").trim();
    const box = node.getBoundingClientRect();
    if (!own || box.width < 2 || !node.checkVisibility({ visibilityProperty: true })) return;
    const under = ground(node), ink = lay(parse(getComputedStyle(node).color), under);
    const [high, low] = [light(ink), light(under)].sort((a, b) => b - a);
    found.push([(high + 0.05) / (low + 0.05), own]);
  });
  return found;
}"""
# A pixel of the map's own ground, in the middle of the district.
GROUND = """() => {
  const sheet = document.querySelector(".leaflet-ws-base-pane canvas");
  const at = [sheet.width, sheet.height].map((side) => Math.round(side / 2));
  return [...sheet.getContext("2d").getImageData(at[0] - 120, at[1], 1, 1).data].slice(0, 3);
}"""


def rgb(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def map_frame(page: Page) -> Frame:
    frame = page.locator("iframe[title*='st_folium']")
    expect(frame).to_be_visible(timeout=OPEN_MS)
    expect(
        page.frame_locator("iframe[title*='st_folium']").locator(".ws-legend-body")
    ).to_be_visible(timeout=OPEN_MS)
    found = frame.element_handle().content_frame()
    assert found is not None
    return found


def unread(page: Page | Frame) -> list[object]:
    told = page.evaluate(CONTRASTS)
    assert len(told) > 10
    return [one for one in told if one[0] < READ]


def test_nothing_vanishes_by_night_and_paper_is_of_the_day(
    server: Server, page: Page, witness: Witness
) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(server.url)
    frame = map_frame(page)
    page.locator(IDLE).wait_for()
    root = page.locator("html")
    expect(root).to_have_attribute("data-ws-look", "night")
    app = page.get_by_test_id("stApp")
    expect(app).to_have_css("background-color", f"rgb{tuple(rgb(PAGE_NIGHT['ground']))}")
    drawn = page.frame_locator("iframe[title*='st_folium']").locator("html")
    expect(drawn).to_have_class("ws-night ws-framed")
    assert unread(page) == []
    assert unread(frame) == []
    assert frame.evaluate(GROUND) == rgb(NIGHT["land"])

    # On paper it is day, without buttons; the screen is dark again when the paper is out.
    page.emulate_media(color_scheme="dark", media="print")
    expect(app).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator(".ws-paper-head")).to_be_visible()
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    expect(page.locator(".stMain button:visible").filter(has_text="撤销")).to_have_count(0)
    expect(drawn).to_have_class("ws-framed")
    assert frame.evaluate(GROUND) == rgb(DAY["land"])
    page.emulate_media(color_scheme="dark", media="screen")
    expect(drawn).to_have_class("ws-framed ws-night")

    # Day breaks: the same map, in other colours.
    frame.evaluate("window.sameMap = true")
    page.emulate_media(color_scheme="light")
    expect(root).to_have_attribute("data-ws-look", "day")
    expect(drawn).to_have_class("ws-framed")
    assert frame.evaluate("window.sameMap") is True
    assert frame.evaluate(GROUND) == rgb(DAY["land"])

    # Somebody chooses the night: it is kept, on every page.
    page.get_by_role("link", name="设置").click()
    page.get_by_role("radio", name="外观").click()
    page.locator(IDLE).wait_for()
    with page.expect_navigation():
        page.get_by_text("深色", exact=True).click()
    expect(root).to_have_attribute("data-ws-look", "night", timeout=OPEN_MS)
    page.goto(server.url)
    expect(root).to_have_attribute("data-ws-look", "night", timeout=OPEN_MS)
    kept = {one["name"]: one["value"] for one in page.context.cookies()}
    assert kept[COOKIE] == "night"
    assert witness.outside == []
