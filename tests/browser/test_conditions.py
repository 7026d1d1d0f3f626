"""Asking for more of a plan, reading why a site is in it, and swapping one by one tap."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import IDLE, Server, Witness

pytestmark = pytest.mark.browser

PLAN_MS = 90_000


def test_a_wish_is_kept_to_explained_and_swapped(
    server: Server, page: Page, witness: Witness
) -> None:
    page.goto(server.url)
    page.get_by_role("tab", name="新增驿站").click()
    panel = page.locator(".st-key-plan_wishes_open")
    panel.get_by_text("另有要求").click()
    panel.get_by_text("间距", exact=True).click()
    form = page.locator(".st-key-wish_spacing_m")
    expect(form).to_be_visible()
    page.get_by_role("button", name="加上", exact=True).click()
    asked = page.locator(".st-key-plan_asked")
    expect(asked).to_contain_text("与其他驿站直线相距不少于 500 米")

    page.locator(IDLE).wait_for()
    page.get_by_role("button", name="推荐新增 5 座").click()
    expect(page.locator(".st-key-plan_figures")).to_be_visible(timeout=PLAN_MS)
    expect(page.get_by_text("方案已存入台账（编号 1，")).to_be_visible(timeout=PLAN_MS)

    page.locator(IDLE).wait_for()
    page.get_by_text("为什么选它").first.click()
    swap = page.get_by_role("button", name=re.compile("换成“.*”，重新推荐"))
    expect(swap).to_be_visible()
    page.locator(IDLE).wait_for()
    swap.click()
    expect(asked).to_contain_text("必选", timeout=PLAN_MS)
    expect(asked).to_contain_text("不选")
    expect(page.get_by_text("方案已存入台账（编号 2，")).to_be_visible(timeout=PLAN_MS)

    page.locator(IDLE).wait_for()
    page.get_by_text("每项条件的代价").click()
    expect(page.locator(".st-key-plan_prices")).to_contain_text("再多建 1 座", timeout=PLAN_MS)
    assert witness.outside == []
    assert witness.complaints == []
