"""The one way in which tests start a browser."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# What a page shows is waited for as long as anything else: a busy machine is no fault of the page.
WAIT_MS = 30_000
expect.set_options(timeout=WAIT_MS)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, or the one that CHROMIUM names; without one skip, in CI fail."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        missing = "no Chromium: install Debian's `chromium` or name one in CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()
