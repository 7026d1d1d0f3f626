"""A real server with a home of its own, and a browser whose every request is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.harness import Server, Witness
from tests.chromium import WAIT_MS, chromium
from ui.beginning.tour import COOKIE, SEEN


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(home=tmp_path / "home", log=tmp_path / "server.log")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def witness() -> Witness:
    return Witness()


@pytest.fixture
def context(browser: Browser, witness: Witness) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    opened.set_default_timeout(WAIT_MS)
    # Somebody who has been here before: the first look around has a test of its own.
    opened.add_cookies([{"name": COOKIE, "value": SEEN, "domain": "127.0.0.1", "path": "/"}])
    witness.watch(opened)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
