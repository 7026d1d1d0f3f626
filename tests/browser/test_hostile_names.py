"""Names that would like to be programs, in every table, on every page, in both languages."""

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from geo.tables import DTYPES, ColumnType, columns
from register import DECIDED_ON, Home
from siting.model import LayerSource
from tests.browser.harness import Server, Witness

pytestmark = pytest.mark.browser

SAY = "window.top.hacked=(window.top.hacked||0)+1"
NAMES = (
    f"<img src=x onerror='{SAY}'>",
    f'"><script>{SAY}</script>',
    f"${{{SAY}}}",
    f"`+({SAY})+`",
    f"</script><script>{SAY}</script>",
    f"javascript:{SAY}",
    "![](http://evil.example/beacon.png)",
    "[a](http://evil.example) <http://evil.example> http://evil.example",
    f"{{{{ {SAY} }}}}",
    f"\\u003cimg src=x onerror={SAY}\\u003e",
)


TAME: dict[ColumnType, object] = {"number": 100, "integer": 100, "date": "2026-11-20", "flag": True}


def table(name: str, west: float = 116.3) -> pd.DataFrame:
    rows = []
    for number, text in enumerate(NAMES):
        row = {column.name: TAME.get(column.type, text) for column in columns(name)}
        known = (
            "group",
            "window",
            "hours",
            "state",
            "access",
        )  # others are refused by every way in
        row |= {column: "" for column in known if column in row}
        place = {"lon": west + number * 0.004, "lat": 39.7 + number * 0.003}
        rows.append({**row, **place, "id": f"{name}{number}"})
    return pd.DataFrame(rows).astype({c.name: DTYPES[c.type] for c in columns(name)})


@pytest.fixture
def hostile(server: Server) -> Home:
    home = Home(server.home)
    source = LayerSource("", NAMES[0], NAMES[6])
    with home.create_district(NAMES[0], who="x") as district:
        district.put_demand(table("demand"), source, who="x")
        for kind in DECIDED_ON:
            west = 116.2 if kind == "stations" else 116.3  # out of reach: leaves work to do
            district.put_records(kind, table(kind, west), source, who="x")
        for number, name in enumerate(NAMES):
            district.add_candidate(116.31 + number * 0.004, 39.7, name=name, who=name)
    return home


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_runs_and_nothing_is_fetched(
    server: Server, page: Page, witness: Witness, lang: str
) -> None:
    page.goto(f"{server.url}/?lang={lang}")
    frame = page.frame_locator("iframe[title*='st_folium']")
    markers = frame.locator(".ws-own[aria-label]")
    markers.first.wait_for(state="attached")
    expect(markers).to_have_count(len(NAMES))
    for number in range(len(NAMES)):
        markers.nth(number).dispatch_event("click")
        page.wait_for_timeout(400)
    for tab in (1, 3):  # the gaps by name, then new stations
        page.get_by_role("tab").nth(tab).click()
        page.wait_for_timeout(400)
    page.get_by_test_id("stBaseButton-primary").filter(has_text="5").click()
    page.locator(".st-key-plan_figures").wait_for()
    page.get_by_role("link", name={"zh": "数据", "en": "Data"}[lang]).click()
    page.wait_for_url("**/data*")
    page.wait_for_timeout(1500)
    assert page.evaluate("window.hacked") is None
    assert page.locator("a[href*='evil']").count() == 0
    assert page.locator("img[src*='evil'], img[src='x']").count() == 0
    assert witness.outside == []
