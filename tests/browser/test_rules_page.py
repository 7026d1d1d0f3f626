"""The district's own rules: a weight moved, a quota set, kept; a zone drawn, changed, deleted."""

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.harness import IDLE, Server, Witness, choose_option

pytestmark = pytest.mark.browser

NAME = "试画的片区"


def open_rules(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/?project=sample")
    page.get_by_role("link", name="规则与标准").click()
    expect(page.get_by_text("总览用的标准：")).to_be_visible()
    page.get_by_text("选址规则", exact=True).click()
    expect(page.get_by_text("现行：大兴区总工会布点规则")).to_be_visible()
    page.locator(IDLE).wait_for()


def corners(frame: FrameLocator, number: int) -> None:
    """Wait until the draft has so many corners; between them there are as many dots."""
    expect(frame.locator(".ws-corner:not(.ws-between)")).to_have_count(number)


def test_a_district_keeps_its_own_weights_and_quotas(
    server: Server, page: Page, witness: Witness
) -> None:
    open_rules(page, server)
    expect(page.get_by_role("cell", name="所在企业职工", exact=True)).to_be_visible()
    page.get_by_text("调整权重").click()
    page.locator(IDLE).wait_for()
    thumb = page.get_by_role("slider", name="所在企业职工")
    expect(thumb).to_have_value("85")
    thumb.press("ArrowLeft")
    expect(page.get_by_text("个候选点名次有变化")).to_be_visible()
    expect(page.get_by_role("slider", name="是否在必经之路上")).to_have_value("16")
    page.get_by_text("名额：哪类区域").click()
    choose_option(page, "quota_of", "人员稀少区")
    least = page.get_by_label("至少（座）")
    least.fill("2")
    least.press("Enter")
    page.get_by_role("button", name="设这个名额").click()
    expect(page.get_by_text("人员稀少区：至少 2 座")).to_be_visible()
    page.get_by_role("button", name="存为本区规则").click()
    expect(page.get_by_text("已改用本区自定规则（第 1 版")).to_be_visible()
    expect(page.get_by_text("现行：大兴区总工会布点规则，本区自定规则（第 1 版")).to_be_visible()
    expect(page.get_by_text("名额　人员稀少区：至少 2 座")).to_be_visible()
    expect(page.get_by_role("cell", name="50.4%", exact=True)).to_be_visible()  # 84 % of 60 %
    page.get_by_role("button", name="恢复随附规则").click()
    expect(page.get_by_text("现行：大兴区总工会布点规则，规则文件 daxing")).to_be_visible()
    assert witness.outside == []
    assert witness.complaints == []


@pytest.mark.parametrize("width", [1440, 390])
def test_a_zone_is_drawn_changed_and_deleted(
    server: Server, page: Page, witness: Witness, width: int
) -> None:
    open_rules(page, server)
    page.set_viewport_size({"width": width, "height": 850})
    page.get_by_text("区域在哪里").click()
    frame = page.frame_locator("iframe[title*='st_folium']")
    frame.get_by_role("button", name="＋ 划片区").click()
    ground = frame.locator(".leaflet-ws-areas-pane img")
    by_data = ground.get_attribute("src")
    assert by_data is not None
    box = frame.locator(".leaflet-container").bounding_box()
    assert box is not None
    for number, (right, down) in enumerate([(0.3, 0.4), (0.5, 0.4), (0.5, 0.6), (0.3, 0.6)]):
        at = {"x": box["width"] * right, "y": box["height"] * down}
        frame.locator(".leaflet-container").click(position={"x": at["x"], "y": at["y"]})
        corners(frame, number + 1)
    frame.get_by_role("button", name="完成").click()
    form = page.locator(".st-key-zone_form")
    expect(form.get_by_text("请至少选一种区域类型。")).to_be_visible()
    name = form.get_by_label("片区", exact=True)
    name.fill(NAME)
    name.press("Enter")
    form.get_by_role("button", name="中心城区").click()
    form.get_by_role("button", name="保存片区").click()
    expect(page.get_by_text("片区已保存")).to_be_visible()
    expect(ground).not_to_have_attribute("src", by_data)
    corners(frame, 0)
    choose_option(page, "zone_chosen", f"1. {NAME}")
    page.get_by_role("button", name="改这个片区").click()
    corners(frame, 4)
    frame.locator(".ws-corner:not(.ws-between)").first.click()
    corners(frame, 3)
    form.get_by_role("button", name="保存片区").click()
    expect(form).to_have_count(0)
    corners(frame, 0)
    page.wait_for_function("w => document.documentElement.scrollWidth <= w", arg=width)
    choose_option(page, "zone_chosen", f"1. {NAME}")
    page.get_by_role("button", name="删去").click()
    expect(page.get_by_text(f"已删去片区“{NAME}”")).to_be_visible()
    expect(ground).to_have_attribute("src", by_data)
    assert witness.outside == []
    assert witness.complaints == []
