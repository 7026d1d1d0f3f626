"""Two stored plans beside each other: the maps move as one, the table says who gains."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from register import Home
from register.plan_records import store_plan
from siting.model import Parameters
from siting.plans.proposing import propose
from tests.browser.harness import IDLE, Server, Witness, choose_option
from tests.unit.ui.conftest import SOURCE, WHO, candidates, demand, grid, stations

pytestmark = pytest.mark.browser

OPEN_MS = 60_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Serve a small district with a plan of one station and a plan of three."""
    home = tmp_path / "home"
    home.mkdir()
    with Home(home).create_district("测试区", who=WHO) as register:
        register.put_streets(grid(), SOURCE, who=WHO)
        register.put_demand(demand(), SOURCE, who=WHO)
        register.put_records("stations", stations(), SOURCE, who=WHO)
        register.put_records("candidates", candidates(), SOURCE, who=WHO)
        for name, new in (("小方案", 1), ("大方案", 3)):
            plan = propose(register.inputs(), Parameters(cutoff_m=1000.0), new=new)
            store_plan(register, name, plan, who=WHO, name=name)
    running = Server(home=home, log=tmp_path / "server.log")
    running.start()
    yield running
    running.stop()


def test_two_plans_are_seen_side_by_side(server: Server, page: Page, witness: Witness) -> None:
    page.goto(server.url)
    page.get_by_role("link", name="方案", exact=True).click()
    frames = page.locator("iframe[title*='st_folium']")
    expect(frames).to_have_count(2, timeout=OPEN_MS)
    choose_option(page, "compared_one_zh", "小方案")
    expect(page.get_by_text("方案乙比方案甲多覆盖")).to_be_visible()
    expect(page.locator(".st-key-figures_one")).to_contain_text("新增驿站")

    maps = [frames.nth(side).content_frame for side in (0, 1)]
    scales = [shown.locator(".leaflet-control-scale-line") for shown in maps]
    for shown in maps:
        expect(shown.locator(".leaflet-container canvas").first).to_be_visible(timeout=OPEN_MS)
    page.locator(IDLE).wait_for()
    before = scales[1].inner_text()
    maps[0].locator(".leaflet-control-zoom-in").click()
    expect(scales[0]).not_to_have_text(before)
    expect(scales[1]).not_to_have_text(before)
    expect(scales[1]).to_have_text(scales[0].inner_text())

    expect(page.get_by_text(re.compile("得到最多：.*乙街道 \\+"))).to_be_visible()
    expect(page.get_by_text("没有谁因为换成方案乙而失去驿站。")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame").locator("canvas").first).to_be_visible()
    page.get_by_role("button", name="English").click()
    first = page.get_by_role("combobox", name="Plan A")
    expect(first).to_have_value("小方案 (no. 1, 1 new)")
    assert witness.outside == []
    assert witness.complaints == []
