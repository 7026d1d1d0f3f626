"""A plan that takes its time: the page stays free, and stops the search when told to."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from geo.streets import Way, network_from_ways
from geo.tables import empty_table
from register import Home
from siting.model import LayerSource
from tests.browser.harness import Server, Witness

pytestmark = pytest.mark.browser

WEST, SOUTH, STEP, SIZE = 116.30, 39.70, 0.002, 40
SOURCE = LayerSource("x", "made for tests")
WHO = "tester"
BEGUN_MS = 60_000


def _table(name: str, places: list[tuple[float, float]]) -> pd.DataFrame:
    kinds = empty_table(name).dtypes
    blank: dict[str, object] = {
        str(column): "" if str(kind) == "str" else None for column, kind in kinds.items()
    }
    known = {"town": "甲镇", "kind": "street_front", "host_type": "restaurant"}
    state = {"stations": "open", "candidates": "proposed"}.get(name, "")
    every: dict[str, object] = {**blank, **known, "state": state, "workers": 1}
    rows = [
        {**every, "id": f"{name}{at}", "name": f"{at}号", "lon": lon, "lat": lat}
        for at, (lon, lat) in enumerate(places)
    ]
    return pd.DataFrame(rows)[list(kinds.index)].astype(dict(kinds))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Serve a district in which 40 new stations keep the solver busy for half a minute."""
    home = tmp_path / "home"
    home.mkdir()
    made = np.random.default_rng(1)

    def thrown(count: int) -> list[tuple[float, float]]:
        spread = made.uniform(0, (SIZE - 1) * STEP, (count, 2))
        return [(WEST + x, SOUTH + y) for x, y in spread.tolist()]

    with Home(home).create_district("测试区", who=WHO) as register:
        lines = [[row * SIZE + x for x in range(SIZE)] for row in range(SIZE)]
        lines += [[y * SIZE + column for y in range(SIZE)] for column in range(SIZE)]
        ways = [Way(line, {"highway": "primary"}, number) for number, line in enumerate(lines)]
        lon = [WEST + x * STEP for _ in range(SIZE) for x in range(SIZE)]
        lat = [SOUTH + y * STEP for y in range(SIZE) for _ in range(SIZE)]
        streets = network_from_ways(lon, lat, ways, source="test", licence="", date="")
        register.put_streets(streets, SOURCE, who=WHO)
        for name, count in (("demand", 3000), ("candidates", 500)):
            frame = _table(name, thrown(count))
            if name == "demand":
                register.put_demand(
                    frame.assign(workers=made.integers(1, 9, count)), SOURCE, who=WHO
                )
            else:
                register.put_records("candidates", frame, SOURCE, who=WHO)
        register.put_records("stations", _table("stations", [(WEST, SOUTH)]), SOURCE, who=WHO)
    running = Server(home=home, log=tmp_path / "server.log")
    running.start()
    yield running
    running.stop()


def test_a_search_is_watched_and_stopped(server: Server, page: Page, witness: Witness) -> None:
    page.goto(server.url)
    drawn = page.frame_locator("iframe[title*='st_folium']").locator(".leaflet-container canvas")
    expect(drawn.first).to_be_visible(timeout=BEGUN_MS)
    page.get_by_role("tab", name="新增驿站").click()
    number = page.locator(".st-key-plan_new input")
    number.fill("40")
    number.press("Enter")
    page.get_by_role("button", name="推荐新增 40 座").click()
    box = page.locator(".st-key-plan_search")
    expect(box).to_contain_text("距理论最优至多还差", timeout=BEGUN_MS)
    said = box.inner_text()
    expect(box).not_to_have_text(said)  # it looks again by itself
    page.get_by_role("button", name="停止，用目前最好的").click()
    expect(page.get_by_text("方案已存入台账").first).to_be_visible(timeout=BEGUN_MS)
    expect(page.get_by_text("按要求提前停止").first).to_be_visible()
    expect(box).to_have_count(0)
    assert not witness.outside
