"""The manager's way: shown around once, a report made, kept, and checked figure by figure."""

import io
import json
import re
import zipfile

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.harness import IDLE, Server, Witness
from tests.browser.test_main_job import downloaded
from tests.chromium import WAIT_MS

pytestmark = pytest.mark.browser

OPEN_MS = 60_000


def test_a_report_is_made_taken_and_checked(server: Server, page: Page, witness: Witness) -> None:
    page.goto(server.url)  # under a page's own address Streamlit first asks for files in vain
    page.get_by_role("link", name="报告", exact=True).click()
    first_page = page.locator(".st-key-report_preview img")
    expect(first_page).to_be_visible(timeout=OPEN_MS)
    page.locator(IDLE).wait_for()
    for name in ("PDF 报告", "Word 报告"):  # the annex alone: the others have tests of their own
        page.get_by_role("button", name=name).click()
        page.locator(IDLE).wait_for()
    page.locator(".st-key-make_report button").click()
    expect(page.locator(".st-key-made_zip button")).to_be_visible(timeout=OPEN_MS)
    page.locator(IDLE).wait_for()
    with zipfile.ZipFile(io.BytesIO(downloaded(page, "全部打包下载"))) as archive:
        assert sorted(archive.namelist()) == ["annex.xlsx", "replay.json"]
        hashed = json.loads(archive.read("replay.json"))["scenario_hash"]

    page.get_by_role("radio", name="以前的报告").or_(
        page.get_by_role("button", name="以前的报告")
    ).first.click()
    page.locator("[class*=st-key-earlier_] summary").first.click()
    expect(page.get_by_text(hashed[:12])).to_be_visible(timeout=OPEN_MS)
    page.get_by_role("button", name="逐项核对").click()
    expect(page.get_by_text(re.compile("项逐一核对，全部一致"))).to_be_visible(timeout=OPEN_MS)
    assert witness.outside == []
    assert witness.complaints == []


def test_who_comes_first_is_shown_around_once(server: Server, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.goto(server.url)
    figure = page.locator(".st-key-headline")
    expect(figure).to_be_visible(timeout=OPEN_MS)
    card = page.locator(".st-key-tour")
    expect(card).to_contain_text("1/6", timeout=OPEN_MS)
    page.locator(".st-key-tour_onward button").click()
    expect(card).to_contain_text("2/6")
    page.locator(".st-key-tour_skip button").click()
    expect(page.get_by_role("button", name="一分钟导览")).to_be_visible()
    expect(card).to_have_count(0)
    expect(figure).to_be_visible(timeout=OPEN_MS)
    page.goto(server.url)
    expect(page.get_by_role("button", name="一分钟导览")).to_be_visible(timeout=OPEN_MS)
    expect(card).to_have_count(0)
    context.close()
