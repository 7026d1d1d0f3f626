"""What could be done with all stations: asked for under the plan, seen on the map."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import IDLE, Server, Witness

pytestmark = pytest.mark.browser

PLAN_MS = 90_000


def test_stations_are_bettered_and_shown_on_the_map(
    server: Server, page: Page, witness: Witness
) -> None:
    page.goto(server.url)
    map_frame = page.locator("iframe[title*='st_folium']")
    expect(map_frame).to_be_visible(timeout=PLAN_MS)  # its first word runs the page again
    page.locator(IDLE).wait_for()
    page.get_by_role("tab", name="新增驿站").click()
    page.locator(IDLE).wait_for()
    panel = page.locator(".st-key-actions_panel")
    panel.locator("summary").click()
    page.locator(IDLE).wait_for()
    new_ones = panel.get_by_role("button", name="新建", exact=True)
    new_ones.click()
    expect(new_ones).to_have_attribute("aria-pressed", "false")
    page.locator(IDLE).wait_for()
    page.locator(".st-key-plan_actions button").click()
    done = panel.get_by_text("要做的事：")
    expect(done).to_contain_text("对外开放", timeout=PLAN_MS)
    expect(done).not_to_contain_text("新建")
    expect(panel.get_by_text("已证明没有更好的方案")).to_be_visible()
    expect(panel.locator("[class*=st-key-show_action_]")).to_have_count(5)
    page.locator(".st-key-show_action_1 button").click()
    card = page.locator(".st-key-point_card")
    expect(card.get_by_text("驿站").first).to_be_visible()
    assert witness.outside == []
    assert witness.complaints == []
