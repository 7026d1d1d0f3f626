"""A small district of one's own, and the app as a test drives it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from geo.streets import Network, Way, network_from_ways
from geo.tables import empty_table
from register import Home, Register
from siting.model import LayerSource
from ui import projects
from ui.data import backups
from ui.plan import search as plan_search

ROOT = Path(__file__).resolve().parents[3]
SOURCE = LayerSource("x", "made for tests")
WHO = "tester"
WEST, SOUTH, STEP = 116.30, 39.70, 0.005


def table(name: str, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    kinds = empty_table(name).dtypes
    blank = {column: "" if str(kind) == "str" else None for column, kind in kinds.items()}
    frame = pd.DataFrame([{**blank, **row} for row in rows])
    return frame[list(kinds.index)].astype(dict(kinds))


def grid(size: int = 7) -> Network:
    """Return streets every 0.005 degrees: some 430 m by 555 m."""
    places = [(x, y) for y in range(size) for x in range(size)]
    lon = [WEST + x * STEP for x, _ in places]
    lat = [SOUTH + y * STEP for _, y in places]
    ways = []
    for line in range(size):
        row = [line * size + x for x in range(size)]
        column = [y * size + line for y in range(size)]
        tags = {"highway": "primary", "name": f"{line}街"}
        ways += [Way(row, tags, line + 1), Way(column, {"highway": "residential"}, line + 100)]
    return network_from_ways(lon, lat, ways, source="test", licence="", date="")


def demand() -> pd.DataFrame:
    rows = [
        {
            "id": f"d{x}{y}",
            "lon": WEST + x * STEP,
            "lat": SOUTH + y * STEP,
            "town": "甲镇" if x < 3 else "乙街道",
            "workers": 100 + 10 * x,
        }
        for x in range(7)
        for y in range(7)
    ]
    return table("demand", rows)


def stations() -> pd.DataFrame:
    place = {"lon": WEST, "lat": SOUTH, "town": "甲镇", "kind": "street_front", "state": "open"}
    return table("stations", [{"id": "s1", "name": "一号驿站", **place}])


def candidates() -> pd.DataFrame:
    rows = [
        {
            "id": f"c{x}",
            "name": f"候选点{x}",
            "lon": WEST + x * STEP,
            "lat": SOUTH + x * STEP,
            "town": "乙街道",
            "kind": "street_front",
            "host_type": "restaurant",
            "state": "proposed",
        }
        for x in range(1, 7)
    ]
    return table("candidates", rows)


def walk(page: AppTest, datum: str = "wgs84") -> AppTest:
    """Go on to the last step of an import, stating `datum` where the file states none."""
    while "onward" in {button.key for button in page.button}:
        for box in page.radio:
            if box.value is None:
                box.set_value(datum).run()
        assert not page.exception
        assert not page.button(key="onward").disabled, [text.value for text in page.warning]
        page.button(key="onward").click().run()
    assert not page.exception
    return page


@pytest.fixture(scope="session", autouse=True)
def packages_read_once() -> Iterator[None]:
    """Let Streamlit look once for components in what is installed, and not for every page."""
    found = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda: list(found))
        yield


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("WARM_STATION_HOME", str(tmp_path))
    yield Home(tmp_path)
    # The app keeps its registers open, and looks after its backups, for as long as it runs.
    backups.kept(str(tmp_path)).stop()
    for held in projects._opened(str(tmp_path)).values():
        held.close()


@pytest.fixture
def empty_district(home: Home) -> Iterator[Register]:
    with home.create_district("测试区", who=WHO) as created:
        yield created


@pytest.fixture
def district(empty_district: Register) -> Register:
    empty_district.put_streets(grid(), SOURCE, who=WHO)
    empty_district.put_demand(demand(), SOURCE, who=WHO)
    empty_district.put_records("stations", stations(), SOURCE, who=WHO)
    empty_district.put_records("candidates", candidates(), SOURCE, who=WHO)
    return empty_district


@pytest.fixture
def app() -> Callable[..., AppTest]:
    def start(lang: str = "zh") -> AppTest:
        driven = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
        driven.query_params["lang"] = lang
        return driven

    return start


def page_of(draw: Callable[[], None], **first: object) -> Callable[..., AppTest]:
    """Return what opens a page in a language, with `first` and more in the session."""

    def start(lang: str = "zh", **state: object) -> AppTest:
        driven = AppTest.from_function(draw, default_timeout=60)
        driven.query_params["lang"] = lang
        for name, value in {**first, **state}.items():
            driven.session_state[name] = value
        return driven.run()

    return start


@pytest.fixture(autouse=True)
def searches_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a plan however busy the machine is; `test_plan_search` looks at one under way."""
    monkeypatch.setattr(plan_search, "PATIENCE_S", 60.0)
