"""Who drags a slider over many values interrupts runs: the page must still arrive."""

import pytest
from playwright.sync_api import Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.harness import Server, Witness

pytestmark = pytest.mark.browser

LAST = "周末夜间"
STEPS = 12
PAUSE_MS = 40


def test_a_slider_hurried_back_and_forth_ends_where_it_was_left(
    server: Server, page: Page, witness: Witness
) -> None:
    said: list[str] = []
    page.on("websocket", lambda socket: _listen(socket, said))
    page.goto(server.url)
    page.frame_locator("iframe[title*='st_folium']").locator("canvas").first.wait_for()
    slider = page.locator('[data-testid="stSlider"]').nth(1)
    slider.locator("input").focus()
    figures = page.locator(".st-key-headline_block")
    expect(figures.get_by_text("平均在岗")).to_be_visible()
    before = figures.inner_text()
    page.keyboard.press("ArrowRight")
    expect(figures).not_to_have_text(before, use_inner_text=True)
    page.keyboard.press("ArrowLeft")
    expect(figures).to_have_text(before, use_inner_text=True)
    for key in ("ArrowRight", "ArrowLeft", "ArrowRight"):
        for _ in range(STEPS):
            page.keyboard.press(key)
            page.wait_for_timeout(PAUSE_MS)
    expect(slider).to_contain_text(LAST)
    expect(figures).not_to_have_text(before, use_inner_text=True)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stDialog")).to_have_count(0)
    assert len(said) > STEPS
    # A reference asks the browser for what it may have dropped: then the page stands still.
    assert "ref_hash" not in said
    assert witness.complaints == []


def _listen(socket: WebSocket, said: list[str]) -> None:
    def note(frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            said.append(str(ForwardMsg.FromString(frame).WhichOneof("type")))

    socket.on("framereceived", note)
