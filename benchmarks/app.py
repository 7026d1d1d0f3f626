"""The app in a browser: how long people wait, what travels, whether the map stays as it is.

    python -m benchmarks.app [--cells 10000 | --cells 50000] [--stations 9000 | --stations 0]
                             [--rounds 20]

A generated district is put into a home of its own and served on a port of its own; Chromium then
does what a planner does. Seconds are wall clock from the act to the last frame of the answer, with
the figures and the map redrawn; they are worth what the machine is: the load is printed beside
them. Bytes are those of the answer on the WebSocket, uncompressed. The server's CPU is that of its
process, by /proc (Linux only). Every change of hour, radius or place leads to a state that nobody
has seen before. Beside each figure stands what is asked of it, and OVER where it is more. No peer,
no test.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import pandas as pd
from playwright.sync_api import CDPSession, FrameLocator, Page
from playwright.sync_api import TimeoutError as TooLong

from geo.streets import Network, Way, network_from_ways
from geo.tables import empty_table
from register import Home
from siting.model import LayerSource
from tests.browser.harness import IDLE, Server
from tests.chromium import chromium

WEST, SOUTH, EAST, NORTH = 116.21, 39.45, 116.70, 39.82
STREETS = 120
WINDOWS = ("workday_morning", "workday_noon", "workday_afternoon", "workday_evening")
FIRST_STATIONS, CANDIDATES, OWN = 109, 561, 3
SOURCE = LayerSource("x", "generated for a benchmark")
WHO = "benchmark"
PAN_MS = 3000
_RERUNS = 10
_PARTS = ("seconds", "cpu", "sizes")
WAIT_MS = 60_000
UNSEEN_MS = 20_000
MANY_CELLS = 50_000
"""From so many cells on (>=) a change may take longer."""
BOOT_S, WARM_S, COLD_S = 3.0, 3.0, 6.0
CHANGE_S, CHANGE_MANY_S = (0.6, 1.0), (0.8, 1.5)
"""Seconds of a change, median and 95th per cent: of a district, and of many cells."""
CHANGE_KB = 50.0
RERUN_MS = 50.0
FRAMES_PER_S = 30.0
_WATCH = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  window.wsRuns = { ended: 0, at: 0 };
  new MutationObserver(() => {
    if (app.dataset.testScriptState !== "notRunning") return;
    window.wsRuns = { ended: window.wsRuns.ended + 1, at: Date.now() };
  }).observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] });
}"""
_WATCH_MAP = """body => {
  const show = window.WarmMap.show;
  window.wsShown = { count: 0, at: 0 };
  window.WarmMap.show = (data) => {
    show(data);
    const count = window.wsShown.count + 1;
    requestAnimationFrame(() => { window.wsShown = { count: count, at: Date.now() }; });
  };
  body.dataset.same = "yes";
}"""
_PAN = """(body, ms) => new Promise((done) => {
  const map = document.querySelector(".leaflet-container"), box = map.getBoundingClientRect();
  const at = (kind, x) => map.dispatchEvent(new MouseEvent(kind,
    { bubbles: true, clientX: x, clientY: box.top + box.height / 2, button: 0, view: window }));
  const middle = box.left + box.width / 2, begun = performance.now();
  let frames = 0;
  at("mousedown", middle);
  const step = () => {
    const past = performance.now() - begun;
    const x = middle + 180 * Math.sin(past / 300), y = box.top + box.height / 2;
    document.dispatchEvent(new MouseEvent("mousemove", { bubbles: true, clientX: x, clientY: y }));
    frames += 1;
    if (past < ms) requestAnimationFrame(step);
    else {
      document.dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
      done(frames * 1000 / past);
    }
  };
  requestAnimationFrame(step);
})"""


@dataclass
class Wire:
    """Bytes that the server sent."""

    received: int = 0

    def watch(self, page: Page) -> None:
        """Count the frames of every socket of a page."""
        page.on("websocket", lambda socket: socket.on("framereceived", self._add))

    def _add(self, payload: bytes | str) -> None:
        self.received += len(payload)


@dataclass
class Told:
    """Seconds, the server's CPU seconds and bytes of acts of one kind."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


def streets() -> Network:
    """Return a grid of streets over the district, some 350 m apart."""
    lon, lat = np.linspace(WEST, EAST, STREETS), np.linspace(SOUTH, NORTH, STREETS)
    places = [(x, y) for y in lat for x in lon]
    ways = []
    for line in range(STREETS):
        row = [line * STREETS + n for n in range(STREETS)]
        column = [n * STREETS + line for n in range(STREETS)]
        kind = "primary" if line % 10 == 0 else "residential"
        ways += [
            Way(row, {"highway": kind, "name": f"东西{line}街"}, line + 1),
            Way(column, {"highway": kind, "name": f"南北{line}路"}, line + 1000),
        ]
    east, north = [x for x, _ in places], [y for _, y in places]
    return network_from_ways(east, north, ways, source="benchmark", licence="", date="")


def table(name: str, columns: dict[str, Sequence[object]]) -> pd.DataFrame:
    """Return a table of the schema with these columns, the others blank."""
    kinds = empty_table(name).dtypes
    size = len(next(iter(columns.values())))
    blank = {c: "" if str(kind) == "str" else None for c, kind in kinds.items()}
    frame = pd.DataFrame({c: columns[c] if c in columns else [v] * size for c, v in blank.items()})
    return frame.astype(dict(kinds))


def places(draws: np.random.Generator, size: int) -> dict[str, Sequence[object]]:
    """Return positions, denser in the middle, and the unit that each lies in."""
    lon = np.clip(draws.normal((WEST + EAST) / 2, 0.1, size), WEST, EAST)
    lat = np.clip(draws.normal((SOUTH + NORTH) / 2, 0.08, size), SOUTH, NORTH)
    town = [f"第{int(x)}镇" for x in np.floor((lon - WEST) / (EAST - WEST) * 20)]
    return {"lon": lon.tolist(), "lat": lat.tolist(), "town": town}


def fill(home: Path, cells: int, stations: int) -> None:
    """Make a district of so many demand cells and stations."""
    draws = np.random.default_rng(3)
    at = places(draws, cells)
    of_cell = [n for n in range(cells) for _ in WINDOWS]
    workers = draws.integers(1, 60, cells * len(WINDOWS)).tolist()
    demand = table(
        "demand",
        {
            "id": [f"d{n}" for n in of_cell],
            **{name: [values[n] for n in of_cell] for name, values in at.items()},
            "window": list(WINDOWS) * cells,
            "workers": workers,
        },
    )
    hours = ["Mo-Su 07:00-19:00", "Mo-Fr 09:00-17:00", "24/7", ""]
    there = {
        "id": [f"s{n}" for n in range(stations)],
        "name": [f"第{n}暖心驿站" for n in range(stations)],
        **places(draws, stations),
        "kind": ["street_front"] * stations,
        "state": ["open"] * stations,
        "access": ["public"] * stations,
        "hours": [hours[n % len(hours)] for n in range(stations)],
    }
    may = {
        "id": [f"c{n}" for n in range(CANDIDATES)],
        "name": [f"第{n}候选餐馆" for n in range(CANDIDATES)],
        **places(draws, CANDIDATES),
        "kind": ["street_front"] * CANDIDATES,
        "state": ["proposed"] * CANDIDATES,
    }
    with Home(home).create_district("基准区", who=WHO) as register:
        register.put_streets(streets(), SOURCE, who=WHO)
        register.put_demand(demand, SOURCE, who=WHO)
        register.put_records("stations", table("stations", there), SOURCE, who=WHO)
        register.put_records("candidates", table("candidates", may), SOURCE, who=WHO)
        for n in range(OWN):
            register.add_candidate(116.44 + n / 50, 39.63, name=f"自选{n}", who=WHO)


@contextmanager
def served(cells: int, stations: int) -> Iterator[Server]:
    """Serve such a district until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        fill(home, cells, stations)
        server = Server(home=home, log=Path(folder) / "log")
        try:
            yield server
        finally:
            server.stop()


def opened(page: Page, server: Server) -> tuple[float, FrameLocator]:
    """Open the planner's page; return the seconds until its map is drawn, and the map."""
    begun = time.perf_counter()
    page.goto(server.url)
    inside = page.locator("iframe[title*='st_folium']").content_frame
    inside.locator(".ws-legend-body .ws-row").first.wait_for(timeout=WAIT_MS, state="attached")
    page.locator(IDLE).wait_for(timeout=WAIT_MS)
    return time.perf_counter() - begun, inside


def cpu_seconds(server: Server) -> float:
    """Return the CPU time that the server has used."""
    assert server.process is not None
    said = Path(f"/proc/{server.process.pid}/stat").read_text(encoding="ascii")
    user, system = said.rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def timed(
    page: Page, inside: FrameLocator, wire: Wire, act: Callable[[], None]
) -> tuple[float, int]:
    """Do something; return the seconds until figures and map have answered, and the bytes."""
    runs = page.evaluate("window.wsRuns.ended")
    shown = inside.locator("body").evaluate("() => window.wsShown.count")
    before, begun = wire.received, time.time()
    act()
    # A run that is over before the page was painted is never seen to run: its map is then the sign.
    with suppress(TooLong):
        page.wait_for_function(f"window.wsRuns.ended > {runs}", timeout=UNSEEN_MS)
    page.locator(IDLE).wait_for(timeout=WAIT_MS)
    page.wait_for_timeout(250)  # what comes after the answer, and echoes of it
    page.locator(IDLE).wait_for(timeout=WAIT_MS)
    ended = max(begun, page.evaluate("window.wsRuns.at") / 1000)
    drawn = inside.locator("body").evaluate("() => window.wsShown")
    if drawn["count"] > shown:
        ended = max(ended, drawn["at"] / 1000)
    return ended - begun, wire.received - before


def acts(page: Page, inside: FrameLocator) -> dict[str, Callable[[], None]]:
    """Return what a planner does, each act the opposite of the one before of its name."""
    frame = page.locator("iframe[title*='st_folium']")
    turns: dict[str, int] = {}

    def turn(name: str) -> int:
        turns[name] = turns.get(name, -1) + 1
        return turns[name] % 2

    def slide(name: str) -> None:
        page.get_by_role("slider", name=name).press(("ArrowRight", "ArrowLeft")[turn(name)])

    def drag() -> None:
        box = inside.locator(".ws-own:not(.ws-ghost)").first.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        # Never back to where it was: what is known of that state would be shown again.
        step = (12, -11)[turn("drag")] + turns["drag"] // 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + step, y + step, steps=3)
        page.mouse.up()

    def add() -> None:
        inside.locator(".ws-add").click()
        box = frame.bounding_box()
        assert box is not None
        across = (0.3, 0.35)[turn("add")]
        page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * 0.5)

    def gap() -> None:
        page.locator(".st-key-gap_of").get_by_role("radio", checked=False).first.click()

    return {
        "time slider": lambda: slide("什么时段"),
        "radius": lambda: slide("服务半径（步行，米）"),
        "drag": drag,
        "tap for a new one": add,
        "other gap": gap,
    }


def interactive(page: Page, server: Server, rounds: int, asked: tuple[float, float]) -> None:
    """Print what every act takes, and whether the map stayed the same one.

    Parameters
    ----------
    asked
        Seconds of a change: the most that the median, and the 95th per cent, may be.
    """
    wire = Wire()
    wire.watch(page)
    _, inside = opened(page, server)
    page.evaluate(_WATCH)
    inside.locator("body").evaluate(_WATCH_MAP)
    done: dict[str, Told] = {}
    everything = acts(page, inside)
    for name in islice(cycle(everything), rounds):
        cpu = cpu_seconds(server)
        seconds, size = timed(page, inside, wire, everything[name])
        told = done.setdefault(name, Told())
        told.seconds.append(seconds)
        told.cpu.append(cpu_seconds(server) - cpu)
        told.sizes.append(size)
    done["all"] = Told(
        *([item for told in done.values() for item in getattr(told, part)] for part in _PARTS)
    )
    for name, told in done.items():
        print(f"  {name:18} {_summed(told, asked)}")
    same = inside.locator("body").evaluate("body => body.dataset.same")
    print(f"  map mounted anew in {rounds} acts: {'no' if same == 'yes' else 'YES'} (asked: no)")
    cpu = cpu_seconds(server)
    for _ in range(_RERUNS):  # nothing to compute: both have been shown before
        timed(page, inside, wire, everything["other gap"])
    per_run = (cpu_seconds(server) - cpu) / _RERUNS
    spent = beside(per_run * 1000, RERUN_MS, 0)
    print(f"  server CPU of a rerun that computes nothing: {spent} ms")


def beside(found: float, asked: float, digits: int, *, at_least: bool = False) -> str:
    """Return a figure with what is asked of it: at most that, or at least."""
    over = found < asked if at_least else found > asked
    limit = f"asked {'>=' if at_least else '<='} {asked:g}"
    return f"{found:.{digits}f} ({limit}{', OVER' if over else ''})"


def _summed(told: Told, asked: tuple[float, float]) -> str:
    seconds = sorted(told.seconds)
    late = seconds[min(len(seconds) - 1, int(len(seconds) * 0.95))]
    size = statistics.median(told.sizes) / 1000
    return (
        f"{len(seconds):3} times, median {beside(statistics.median(seconds), asked[0], 2)} s, "
        f"p95 {beside(late, asked[1], 2)} s, server CPU {statistics.median(told.cpu):.2f} s, "
        f"median {size:.0f} kB, most {beside(max(told.sizes) / 1000, CHANGE_KB, 0)} kB"
    )


def main_thread_s(told: CDPSession) -> float:
    """Return the CPU seconds of the page's own thread."""
    metrics = told.send("Performance.getMetrics")["metrics"]
    return float(next(item["value"] for item in metrics if item["name"] == "TaskDuration"))


def main() -> None:
    """Serve, open, act, print."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--cells", type=int, default=10_000)
    asked.add_argument("--stations", type=int, default=9000)
    asked.add_argument("--rounds", type=int, default=20)
    given = asked.parse_args()
    with chromium() as browser:
        print(
            f"{given.cells:,} cells, {FIRST_STATIONS} stations, {CANDIDATES} candidates; ", end=""
        )
        print("load", " ".join(f"{load:.1f}" for load in os.getloadavg()))
        with served(given.cells, FIRST_STATIONS) as server:
            begun = time.perf_counter()
            server.start()
            print(f"  boot to healthy {beside(time.perf_counter() - begun, BOOT_S, 1)} s")
            for name, most in (("cold", COLD_S), ("warm", WARM_S)):
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                seconds, _ = opened(page, server)
                print(f"  first map, {name}: {beside(seconds, most, 1)} s")
                page.close()
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            asked_s = CHANGE_MANY_S if given.cells >= MANY_CELLS else CHANGE_S
            interactive(page, server, given.rounds, asked_s)
            page.close()
        if not given.stations:
            return
        print(f"{given.stations:,} stations; load {os.getloadavg()[0]:.1f}")
        with served(1000, given.stations) as server:
            server.start()
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            wire = Wire()
            wire.watch(page)
            seconds, inside = opened(page, server)
            print(f"  first map {seconds:.1f} s, {wire.received / 1000:.0f} kB")
            told = page.context.new_cdp_session(page)
            told.send("Performance.enable", {"timeDomain": "threadTicks"})
            busy = main_thread_s(told)
            frames = [inside.locator("body").evaluate(_PAN, PAN_MS) for _ in range(3)]
            per_frame = (main_thread_s(told) - busy) / (sum(frames) * PAN_MS / 1000)
            print(
                f"  pan: {beside(statistics.median(frames), FRAMES_PER_S, 0, at_least=True)} "
                "frames per second, "
                f"{per_frame * 1000:.1f} ms of the page's thread per frame"
            )


if __name__ == "__main__":
    main()
