"""The server as people start it, and a witness of everything that the browser asks and says."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import TimeoutError as TooLong

ROOT = Path(__file__).resolve().parents[2]
BOOT_S = 60.0
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
# A page that answers while a list is open closes the list, as it does under a person's hand.
LOOKS_AT_A_LIST = 8
LOCAL = {"127.0.0.1", "localhost"}
INSIDE = {"data", "blob", "about"}


@dataclass
class Server:
    """The app as people start it; `restart` keeps the port and the home."""

    home: Path
    log: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.port = self.port or _free_port()
        command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
        options = [f"--server.port={self.port}", "--server.headless=true"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command + options,
                cwd=ROOT,
                env={**os.environ, "WARM_STATION_HOME": str(self.home)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait()

    def stop(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=20)
            self.process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def _wait(self) -> None:
        end = time.monotonic() + BOOT_S
        health = f"{self.url}/_stcore/health"
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(health, timeout=2):  # noqa: S310 - our own server
                    return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        pytest.fail(f"the server did not answer in {BOOT_S} s:\n{self.log.read_text()}")


@dataclass
class Witness:
    """Every request and every complaint of the browser."""

    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    requests: int = 0

    def watch(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self._request(request.url))
        context.on("page", self._page)

    def _page(self, page: Page) -> None:
        page.on("websocket", lambda socket: self._request(socket.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )

    def _request(self, url: str) -> None:
        self.requests += 1
        parts = urlsplit(url)
        if parts.scheme not in INSIDE and parts.hostname not in LOCAL:
            self.outside.append(url)


def choose_option(page: Page, key: str, name: str, *, exact: bool = False) -> None:
    """Open the list of the widget `key` and take one of its names, as a person who looks does.

    :raises playwright.sync_api.TimeoutError: when the list never shows the name.
    """
    option = page.get_by_role("option", name=name, exact=exact).first
    for _ in range(LOOKS_AT_A_LIST):
        page.locator(IDLE).wait_for()
        if not option.is_visible():
            page.locator(f".st-key-{key} input").click()
        try:
            option.click(timeout=4000)
        except TooLong:
            page.keyboard.press("Escape")
        else:
            return
    option.click()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
