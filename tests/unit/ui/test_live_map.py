import math
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import chromium
from ui.live_map import MapEvent, parse_event


def sent(**event: object) -> dict[str, object]:
    return {"ev": {"seq": 5, **event}}


def test_an_added_place() -> None:
    event = parse_event(sent(type="add", lat=39.7, lng=116.3), 4)
    assert event == MapEvent("add", 5, lon=116.3, lat=39.7)


def test_a_moved_candidate() -> None:
    event = parse_event(sent(type="move", id="c1", version=3, lat=39, lng=116), 4)
    assert event == MapEvent("move", 5, id="c1", version=3, lon=116.0, lat=39.0)


@pytest.mark.parametrize("kind", ["station", "candidate"])
def test_a_point_held_elsewhere(kind: str) -> None:
    event = parse_event(sent(type="try", id="c1", kind=kind, lat=39, lng=116), 4)
    assert event is not None
    assert (event.type, event.id, event.kind, event.lon) == ("try", "c1", kind, 116.0)


@pytest.mark.parametrize("kind", ["station", "candidate", "plan"])
def test_a_picked_point(kind: str) -> None:
    event = parse_event(sent(type="pick", id="s1", kind=kind), 4)
    assert event is not None
    assert (event.type, event.id, event.kind) == ("pick", "s1", kind)
    assert math.isnan(event.lon)


def test_a_drawn_zone() -> None:
    corners = [[116.3, 39.7], [116.4, 39.7], [116.4, 39.8]]
    event = parse_event(sent(type="zone", corners=corners), 4)
    assert event == MapEvent("zone", 5, corners=((116.3, 39.7), (116.4, 39.7), (116.4, 39.8)))


@pytest.mark.parametrize(
    "corners",
    [
        None,
        [],
        "116,39",
        [[116.3, 39.7], None],
        [[116.3, 39.7], [116.3]],
        [[116.3, 39.7], [116.3, 91]],
        [[116.3, 39.7], [116.3, "39"]],
        [[116.3, math.nan]],
        [[116.3, 39.7]] * 201,
    ],
)
def test_corners_that_are_none_are_no_event(corners: object) -> None:
    assert parse_event(sent(type="zone", corners=corners), 4) is None


def test_a_street_that_is_closed_and_one_that_is_drawn() -> None:
    event = parse_event(sent(type="close", lat=39.7, lng=116.3), 4)
    assert event == MapEvent("close", 5, lon=116.3, lat=39.7)
    places = [[116.3, 39.7], [116.4, 39.7]]
    event = parse_event(sent(type="path", corners=places), 4)
    assert event == MapEvent("path", 5, corners=((116.3, 39.7), (116.4, 39.7)))
    assert parse_event(sent(type="path", corners=places[:1]), 4) is None


@pytest.mark.parametrize("way", ["undo", "redo"])
def test_keys_that_were_pressed(way: str) -> None:
    event = parse_event(sent(type=way), 4)
    assert event is not None
    assert (event.type, event.seq) == (way, 5)


def test_a_page_that_lacks_a_part() -> None:
    assert parse_event(sent(type="lost"), 4) == MapEvent("lost", 5)
    assert parse_event(sent(type="want", id="density"), 4) == MapEvent("want", 5, id="density")
    assert parse_event(sent(type="want", id="__proto__"), 4) is None
    assert parse_event(sent(type="want", id=["density"]), 4) is None


@pytest.mark.parametrize("last", [5, 6])
def test_an_echo_is_no_event(last: int) -> None:
    assert parse_event(sent(type="add", lat=39.7, lng=116.3), last) is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        "ev",
        {"ev": None},
        {"ev": [1]},
        {"ev": {"type": "add", "lat": 1.0, "lng": 1.0}},
        sent(type="add", lat="39.7", lng=116.3),
        sent(type="add", lat=math.nan, lng=116.3),
        sent(type="add", lat=math.inf, lng=116.3),
        sent(type="add", lat=91, lng=116.3),
        sent(type="add", lat=True, lng=116.3),
        sent(type="add", lng=116.3),
        sent(type="add", seq=True, lat=39.7, lng=116.3),
        sent(type="add", seq=5.5, lat=39.7, lng=116.3),
        sent(type="move", id="c1", lat=39.7, lng=116.3),
        sent(type="move", id=7, version=1, lat=39.7, lng=116.3),
        sent(type="move", id="c1", version="1", lat=39.7, lng=116.3),
        sent(type="try", id="c1", kind="plan", lat=39.7, lng=116.3),
        sent(type="try", id="c1", kind="station", lat=None, lng=116.3),
        sent(type="pick", id="s1", kind="unit"),
        sent(type="pick", kind="station"),
        sent(type="drop", id="s1"),
        sent(type=["add"], lat=1, lng=1),
    ],
)
def test_what_is_malformed_is_no_event(value: object) -> None:
    assert parse_event(value, 0) is None


# ------------------------------------------------------------------ in Chromium, under Streamlit

ROOT = Path(__file__).resolve().parents[3]
PAGE = """
import streamlit as st

from reports.webmap import MapPoint, MapScene, base_layer
from ui.live_map import show_map

st.set_page_config(layout="wide")
state = st.session_state
state.setdefault("mine", {})
state.setdefault("events", [])


def apply(event):
    state.events.append(event.type)
    if event.type == "add":
        state.mine[f"m{len(state.mine)}"] = (event.lon, event.lat, 1)
    if event.type == "move":
        state.mine[event.id] = (event.lon, event.lat, event.version + 1)
    if event.type == "pick":
        state.picked = event.id


lang = "en" if st.toggle("English") else "zh"
fixed = MapPoint("c1", "固定点", 116.30, 39.70, detail=("详情",))
own = [MapPoint(key, "我的点", x, y, version=v) for key, (x, y, v) in state.mine.items()]
scene = MapScene(
    base=base_layer(None, bounds=(116.2, 39.6, 116.4, 39.8)),
    lang=lang,
    candidates=(fixed, *own),
    can_add=True,
    picked=state.get("picked"),
)
show_map(scene, key="map", on_event=apply)
st.text("events: " + " ".join(state.events))
"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "page.py").write_text(PAGE, encoding="utf-8")
    (tmp_path / "static").symlink_to(ROOT / "static")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    options += ["--server.enableStaticServing=true", "--browser.gatherUsageStats=false"]
    with (tmp_path / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "page.py", *options],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for_port(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait(timeout=20)


def wait_for_port(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not start in 60 s")


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        opened = browser.new_page(viewport={"width": 1280, "height": 800})
        opened.set_default_timeout(30_000)
        yield opened


@pytest.mark.browser
def test_events_arrive_and_the_map_stays(page: Page, address: str) -> None:
    outside: list[str] = []
    errors: list[str] = []
    inside = (address, address.replace("http", "ws"), "data:", "blob:")
    page.on(
        "request", lambda sent: None if sent.url.startswith(inside) else outside.append(sent.url)
    )
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(address)
    shown = page.frame_locator("iframe")
    shown.locator(".ws-add").wait_for()
    frame = next(frame for frame in page.frames if "folium" in frame.url)
    frame.evaluate("window.sameMap = true; map.setView([39.71, 116.31], 14, {animate: false})")
    events = page.get_by_test_id("stText")
    area = shown.locator("#map_div").bounding_box()
    assert area is not None

    # A tap while adding is off does nothing; while it is on, it adds one candidate and goes off.
    page.mouse.click(area["x"] + 300, area["y"] + 200)
    shown.locator(".ws-add").click()
    page.mouse.click(area["x"] + 300, area["y"] + 200)
    own = shown.locator(".ws-own:not(.ws-ghost)")
    own.wait_for()
    page.mouse.click(area["x"] + 500, area["y"] + 420)
    expect(events).to_have_text("events: add")

    # Dragging moves it, and it stays where it was dropped.
    box = own.bounding_box()
    assert box is not None
    start = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 60, start[1] + 40, steps=6)
    page.mouse.up()
    expect(events).to_have_text("events: add move")
    moved = own.bounding_box()
    assert moved is not None
    assert abs(moved["x"] - box["x"] - 60) <= 2
    assert abs(moved["y"] - box["y"] - 40) <= 2

    # A tap on a point picks it while adding is off, and its details arrive. (While adding is on
    # every tap adds: tests/browser/test_adding.py.)
    spot = frame.evaluate(
        "(() => { const p = map.latLngToContainerPoint([39.70, 116.30]); return [p.x, p.y]; })()"
    )
    page.mouse.click(area["x"] + spot[0], area["y"] + spot[1])
    expect(events).to_have_text("events: add move pick")
    expect(shown.locator(".ws-card")).to_contain_text("详情")

    # Another language: the same map, the same view.
    view = frame.evaluate("[map.getZoom(), map.getCenter().lat, map.getCenter().lng]")
    page.get_by_text("English").click()
    expect(shown.locator(".ws-legend-head")).to_have_text("Legend and layers")
    assert frame.evaluate("window.sameMap") is True
    assert frame.evaluate("[map.getZoom(), map.getCenter().lat, map.getCenter().lng]") == view

    # A map that comes up anew lacks what it was sent before: it asks, and is whole again.
    frame.evaluate("delete window.sameMap; location.reload()")
    expect(own).to_have_count(1)

    # Another visit in the same tab: the view is where people left it.
    page.reload()
    shown.locator(".ws-add").wait_for()
    frame = next(frame for frame in page.frames if "folium" in frame.url)
    assert frame.evaluate("[map.getZoom(), map.getCenter().lat, map.getCenter().lng]") == (
        pytest.approx(view, abs=1e-4)
    )
    assert outside == []
    assert errors == []
