"""Whoever picks a point sees the streets that it reaches; closing its card takes them away."""

import pytest
from playwright.sync_api import Page

from register import Home
from tests.browser.harness import Server, Witness
from tests.browser.test_main_job import map_of

pytestmark = pytest.mark.browser

# Blue of the reached streets, on the canvas that draws nothing else.
COUNT = """canvas => {
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let n = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] > 200) n++;
  return n;
}"""


def test_the_picked_point_shows_what_it_reaches(
    server: Server, page: Page, witness: Witness
) -> None:
    with Home(server.home).open_sample() as sample:
        station = sample.inputs().stations.iloc[0]
        sample.add_candidate(float(station["lon"]), float(station["lat"]), name="甲", who="张三")
    page.goto(server.url)
    frame = map_of(page)
    canvas = frame.locator(".leaflet-ws-reach-pane canvas")
    canvas.wait_for(state="attached")
    assert canvas.evaluate(COUNT) == 0
    frame.locator("[aria-label='甲']").click()
    frame.get_by_text("选中点沿街步行 1,000 米内可达").wait_for()
    assert canvas.evaluate(COUNT) > 50
    frame.get_by_role("button", name="关闭").click()
    assert canvas.evaluate(COUNT) == 0
    assert witness.outside == []
    assert witness.complaints == []
