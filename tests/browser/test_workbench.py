"""Beside the planner's map: an area counted, a candidate taken back, a scenario kept."""

import re

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.harness import IDLE, Server, Witness

pytestmark = pytest.mark.browser

OPEN_MS = 60_000


def tap(page: Page, frame: Locator, across: float, down: float) -> None:
    box = frame.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)


def corners(inside: FrameLocator, number: int) -> None:
    expect(inside.locator(".ws-corner:not(.ws-between)")).to_have_count(number)


def test_a_planner_counts_takes_back_and_keeps(
    server: Server, page: Page, witness: Witness
) -> None:
    page.goto(f"{server.url}/?project=sample")
    frame = page.locator("iframe[title*='st_folium']")
    inside = frame.content_frame
    count = inside.get_by_role("button", name="圈选统计")
    expect(count).to_be_visible(timeout=OPEN_MS)
    page.locator(IDLE).wait_for()
    mounted = inside.locator("body").evaluate("body => (body.dataset.mark = 'same')")
    assert mounted == "same"

    count.click()
    for number, (across, down) in enumerate(((0.2, 0.3), (0.5, 0.3), (0.5, 0.5)), 1):
        tap(page, frame, across, down)
        corners(inside, number)
    inside.get_by_role("button", name="完成").click()
    panel = page.locator(".st-key-lasso")
    expect(panel).to_contain_text("个职工分布点，平均在岗")
    before = panel.inner_text()
    inside.locator(".ws-corner:not(.ws-between)").first.click()  # three corners stay three
    corners(inside, 3)
    page.locator(IDLE).wait_for()  # an answer draws the corners anew, also the one in hand
    inside.locator(".ws-between").first.drag_to(inside.get_by_role("button", name="全区"))
    corners(inside, 4)
    expect(panel).not_to_have_text(before)
    page.get_by_role("button", name="清除圈选").click()
    expect(panel).to_have_count(0)
    corners(inside, 0)

    inside.get_by_role("button", name="加候选点").click()
    tap(page, frame, 0.35, 0.5)
    page.get_by_role("button", name="保存").click()
    undo = page.get_by_role("button", name="撤销：添加“自选候选点 1”")
    undo.click()
    expect(page.get_by_text("已撤销：添加“自选候选点 1”。")).to_be_visible()
    redo = page.get_by_role("button", name="重做：添加“自选候选点 1”")
    redo.click()
    expect(undo).to_be_visible()
    undo.focus()
    page.keyboard.press("Control+z")
    expect(redo).to_be_visible()
    inside.locator(".leaflet-container").focus()  # a frame hears its own keyboard
    page.keyboard.press("Control+Shift+z")
    expect(undo).to_be_visible()

    page.get_by_text("存为方案").click()
    page.get_by_label("方案名称").fill("先记下口径")
    page.get_by_role("button", name="存下").click()
    expect(page.get_by_text("已存为方案“先记下口径”")).to_be_visible()
    assert inside.locator("body").evaluate("body => body.dataset.mark") == "same"

    page.get_by_role("link", name="方案", exact=True).click()
    expect(page.get_by_role("combobox", name="方案乙")).to_have_value(
        re.compile("先记下口径"), timeout=OPEN_MS
    )
    page.get_by_role("button", name="在“规划”页打开").click()
    expect(page.get_by_text("已打开方案“先记下口径”")).to_be_visible()
    assert witness.outside == []
