"""Who drags a slider over many values interrupts runs: the page must still arrive."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import Server, Witness

pytestmark = pytest.mark.browser

LAST = "周末夜间"
STEPS = 12
PAUSE_MS = 40


def test_a_slider_hurried_back_and_forth_ends_where_it_was_left(
    server: Server, page: Page, witness: Witness
) -> None:
    page.goto(server.url)
    page.frame_locator("iframe[title*='st_folium']").locator("canvas").first.wait_for()
    slider = page.locator('[data-testid="stSlider"]').nth(1)
    slider.locator("input").focus()
    figures = page.locator(".st-key-headline_block")
    expect(figures.get_by_text("平均在岗")).to_be_visible()
    before = figures.inner_text()
    for key in ("ArrowRight", "ArrowLeft", "ArrowRight"):
        for _ in range(STEPS):
            page.keyboard.press(key)
            page.wait_for_timeout(PAUSE_MS)
    expect(slider).to_contain_text(LAST)
    expect(figures).not_to_have_text(before, use_inner_text=True)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stDialog")).to_have_count(0)
    assert witness.complaints == []
