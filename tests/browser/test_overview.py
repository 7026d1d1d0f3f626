"""The manager's page: the worst gap is one click from the map, and a report leaves its figures."""

import re
from io import BytesIO

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import IDLE, Server, Witness
from tests.browser.test_main_job import downloaded, map_of

pytestmark = pytest.mark.browser

OPEN_MS = 60_000


def open_overview(page: Page, server: Server) -> None:
    page.goto(server.url)  # under a page's own address Streamlit first asks for files in vain
    page.get_by_role("link", name="总览").click()
    expect(page.locator(".st-key-headline")).to_be_visible(timeout=OPEN_MS)
    expect(page.locator(".st-key-areas button").first).to_be_visible(timeout=OPEN_MS)
    page.locator(IDLE).wait_for()


def test_the_worst_gap_is_shown_and_a_report_is_compared_to(
    server: Server, page: Page, witness: Witness
) -> None:
    open_overview(page, server)
    figure = page.locator(".st-key-headline [data-testid=stMetricValue]")
    expect(figure).to_have_text(re.compile(r"^\d+\.\d%$"))
    said = figure.inner_text().strip()
    expect(page.get_by_text("还没有记过报告")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_have_count(1)

    annex = openpyxl.load_workbook(BytesIO(downloaded(page, "Excel 附表")))
    first = [str(row[0]) for row in annex.worksheets[0].iter_rows(values_only=True)]
    assert any(f"有效覆盖率 {said}" in line for line in first)

    open_overview(page, server)
    expect(page.get_by_text("与上次报告相比")).to_be_visible()
    expect(page.get_by_text("此后没有改动过记录")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_have_count(2)
    expect(figure).to_have_text(said)

    page.locator(IDLE).wait_for()
    page.locator(".st-key-areas").get_by_role("button", name=re.compile("1\\. ")).click()
    expect(map_of(page).get_by_text("选中的盲区 1 及其职工分布点")).to_be_visible(timeout=OPEN_MS)
    expect(page.get_by_role("tab", name="盲区与核实")).to_have_attribute("aria-selected", "true")
    assert witness.outside == []
    assert witness.complaints == []
