"""Who can really use a station, at noon and at night: seen, listed, flown to, on a phone too."""

import re

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.harness import Server, Witness

pytestmark = pytest.mark.browser

SHUT = "所选时段不开放"


def open_sample(page: Page, server: Server) -> FrameLocator:
    page.goto(f"{server.url}/?project=sample")
    frame = page.frame_locator("iframe[title*='st_folium']")
    frame.locator(".leaflet-container canvas").first.wait_for()
    page.get_by_text("有效覆盖率").first.wait_for()
    return frame


def headline(page: Page) -> float:
    shown = page.locator(".st-key-headline [data-testid=stMetricValue]").inner_text()
    return float(shown.strip().rstrip("%"))


def turn_to(page: Page, window: str) -> None:
    """Move the slider step by step, as a hand does, until it says the window and figures follow."""
    thumb = page.get_by_role("slider").nth(1)
    for _ in range(12):
        if window in (thumb.get_attribute("aria-valuetext") or ""):
            break
        thumb.press("ArrowRight")
        page.wait_for_timeout(300)
    expect(thumb).to_have_attribute("aria-valuetext", re.compile(window))
    page.wait_for_timeout(500)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def test_noon_and_night_differ_and_the_map_stays(
    server: Server, page: Page, witness: Witness
) -> None:
    frame = open_sample(page, server)
    frame.locator(".leaflet-container").evaluate("node => { node.dataset.mark = 'same map' }")
    week = headline(page)
    expect(frame.get_by_text(SHUT)).to_have_count(0)  # over the whole week none is shut throughout
    turn_to(page, "工作日夜间")
    frame.get_by_text(SHUT).wait_for()
    page.wait_for_function(
        "most => parseFloat(document.querySelector("
        "'.st-key-headline [data-testid=stMetricValue]').innerText) < most",
        arg=week / 2,
    )
    bars = page.locator(".ws-fall b").all_inner_texts()
    everybody, out, nominal, *between, verified = (
        int(bar.replace("−", "-").replace(",", "")) for bar in bars
    )
    assert everybody + out == nominal
    assert nominal + sum(between) == verified
    night = frame.locator(".leaflet-ws-gap-pane img").get_attribute("src")
    page.get_by_text("名义盲区").click()
    frame.get_by_text("名义盲区：").wait_for()
    assert night is not None
    expect(frame.locator(".leaflet-ws-gap-pane img")).not_to_have_attribute("src", night)
    # Nominal coverage knows nothing unverified.
    expect(frame.locator(".ws-hatched")).to_have_count(0)
    assert frame.locator(".leaflet-container").get_attribute("data-mark") == "same map"
    assert witness.outside == []
    assert witness.complaints == []


@pytest.mark.parametrize("width", [1440, 390])
def test_a_gap_is_flown_to_and_a_question_opens_its_card(
    server: Server, page: Page, witness: Witness, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 850})
    frame = open_sample(page, server)
    page.get_by_role("tab", name="盲区与核实").click()
    first = page.locator(".st-key-area_0 button")
    first.click()
    page.get_by_text("服务半径内没有驿站").first.wait_for()
    # The map comes to the eye, wherever the list was.
    iframe = page.locator("iframe[title*='st_folium']")
    expect(iframe).to_be_in_viewport(ratio=0.5)
    if width > 640:  # on a phone the legend is folded away
        frame.get_by_text("选中的盲区 1").wait_for()
    page.get_by_text("先核实：").click()
    asked = page.locator(".st-key-questions button").first
    name = asked.inner_text().split("：")[0]
    asked.click()
    card = page.locator(".st-key-picked_point")
    card.get_by_text("问清为好").wait_for()
    expect(card).to_contain_text(name)
    expect(card).to_be_in_viewport()
    page.wait_for_function("w => document.documentElement.scrollWidth <= w", arg=width)
    assert witness.outside == []
    assert witness.complaints == []


@pytest.mark.parametrize("width", [1440, 390])
def test_standards_disagree_on_the_map_and_a_main_street_is_flown_to(
    server: Server, page: Page, witness: Witness, width: int
) -> None:
    open_sample(page, server)
    page.get_by_role("link", name="规则与标准").click()
    expect(page.get_by_text("总览用的标准：")).to_be_visible()
    page.set_viewport_size({"width": width, "height": 850})
    page.get_by_text("两项标准的分歧").click()
    frame = page.frame_locator("iframe[title*='st_folium']")
    frame.locator(".leaflet-container canvas").first.wait_for()
    expect(page.get_by_text("附近有驿站，但不到 2 座")).to_be_visible()
    orange = frame.locator(".leaflet-ws-first-pane img")
    expect(orange).to_have_count(1)
    frame.locator(".leaflet-container").evaluate("node => { node.dataset.mark = 'same map' }")
    page.locator(".st-key-apart_0 button").click()
    iframe = page.locator("iframe[title*='st_folium']")
    expect(iframe).to_be_in_viewport(ratio=0.5)
    page.get_by_text("主干道服务长度", exact=True).click()
    expect(page.get_by_text("主干道服务长度占比")).to_be_visible()
    expect(orange).to_have_count(0)  # another view of the same map
    expect(frame.locator(".leaflet-container")).to_have_attribute("data-mark", "same map")
    page.wait_for_function("w => document.documentElement.scrollWidth <= w", arg=width)
    assert witness.outside == []
    assert witness.complaints == []


def test_on_a_phone_the_figures_stand_above_the_map(
    server: Server, page: Page, witness: Witness
) -> None:
    page.set_viewport_size({"width": 390, "height": 850})
    open_sample(page, server)
    figure = page.locator(".st-key-headline [data-testid=stMetricValue]")
    expect(figure).to_be_in_viewport()
    above = """() => document.querySelector(".st-key-headline").getBoundingClientRect().bottom
      <= document.querySelector("iframe[title*='st_folium']").getBoundingClientRect().top"""
    page.wait_for_function(above)
    assert witness.complaints == []


def test_other_hours_are_tried_on_the_card(server: Server, page: Page, witness: Witness) -> None:
    open_sample(page, server)
    page.get_by_role("tab", name="盲区与核实").click()
    page.get_by_text("先核实：").click()
    page.locator(".st-key-questions button").first.click()
    page.locator(".st-key-picked_point").get_by_text("试一试").click()
    hours = page.get_by_label("开放时间", exact=True)
    hours.fill("每天 6:00-23:00")
    hours.press("Enter")
    expect(page.get_by_text(re.compile("试算：有效覆盖率"))).to_be_visible()
    assert witness.complaints == []
