"""The first look around: shown once, ended for good, brought back by a button."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from ui import keys
from ui.beginning import tour
from words import LANGUAGES, Lang, has


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_card_has_its_words(lang: Lang) -> None:
    asked = [f"path.tour.{card}.{part}" for card in tour.CARDS for part in ("title", "text")]
    assert [key for key in asked if not has(key, lang)] == []


def draw() -> None:
    from ui.beginning import tour  # noqa: PLC0415 -- the harness takes the body alone

    tour.draw_help()
    tour.draw_tour("workbench")


def test_the_cards_are_turned_ended_and_brought_back(
    page_of_tour: Callable[[], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[str] = []
    monkeypatch.setattr("ui.pages.go", gone.append)
    page = page_of_tour()
    assert "1/6" in page.markdown[0].value
    page.button(key="tour_onward").click().run()
    assert gone == ["workbench"]
    assert "2/6" in page.markdown[0].value
    page.button(key="tour_skip").click().run()
    assert not page.exception
    assert page.session_state[keys.TOUR] == -1
    page.button(key="tour_again").click().run()
    assert "1/6" in page.markdown[0].value


@pytest.fixture
def page_of_tour() -> Callable[[], AppTest]:
    return lambda: AppTest.from_function(draw, default_timeout=30).run()
