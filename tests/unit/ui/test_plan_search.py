"""A plan that takes its time: how far it is, and the button that takes the best so far."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from register import Home, Register
from register.settings_installation import Installation, settle_installation
from siting.allocation import contained
from tests.unit.ui.hanging import hang
from ui import keys
from ui.plan import search as plan_search
from ui.plan.turns import line

STOP = {"zh": "停止，用目前最好的", "en": "Stop and take the best so far"}
ASK = {"zh": "推荐新增 2 座", "en": "Propose 2 new stations"}


@pytest.fixture
def asked(
    district: Register, app: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], AppTest]:
    """Return what asks for two stations of a search that never ends."""

    def ask(lang: str) -> AppTest:
        assert district.last_plan() is None
        monkeypatch.setattr(contained, "_search", hang)
        monkeypatch.setattr(plan_search, "PATIENCE_S", 0.0)
        page = app(lang)
        page.session_state[keys.TAB] = "plan"
        page.session_state[keys.PLAN_NEW] = 2
        page.run()
        next(button for button in page.button if button.label == ASK[lang]).click()
        page.run()
        assert not page.exception
        return page

    return ask


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "距理论最优至多还差"), ("en", "below the best possible")],
)
def test_a_search_under_way_says_how_far_it_is_and_is_stopped(
    lang: str, words: str, asked: Callable[[str], AppTest], district: Register
) -> None:
    page = asked(lang)
    assert any(words in text.value for text in page.markdown)
    stop = page.button(key="stop_plan")
    assert stop.label == STOP[lang]
    assert district.last_plan() is None
    stop.click().run()
    assert not page.exception
    stored = district.last_plan()
    assert stored is not None
    assert stored.result["status"] in {"optimal", "time_limit"}  # its bound may meet it
    assert stored.result["selected"]
    assert "stop_plan" not in {button.key for button in page.button}
    assert keys.PLAN_SEARCH not in page.session_state


def test_another_state_of_the_register_gives_the_search_up(
    asked: Callable[[str], AppTest], district: Register
) -> None:
    page = asked("zh")
    process = page.session_state[keys.PLAN_SEARCH].proposal
    page.session_state[keys.CUTOFF_M] = 800
    page.run()
    assert not page.exception
    assert process.over()
    assert "stop_plan" not in {button.key for button in page.button}
    assert district.last_plan() is None


def test_a_planner_waits_for_a_turn_and_begins_by_themselves(
    asked: Callable[[str], AppTest], home: Home
) -> None:
    settle_installation(home.folder, Installation(searches=1), seen=0)
    other = line().join()
    assert line().begins(other, most=1, lasting_s=600.0)
    page = asked("zh")
    assert any("正在排队：已有 1 个方案在推算，您是下一位" in t.value for t in page.markdown)
    assert page.session_state[keys.PLAN_SEARCH].proposal is None
    page.run()
    assert "stop_plan" not in {button.key for button in page.button}
    line().leave(other)
    page.run()
    assert not page.exception
    page.button(key="stop_plan").click().run()
    assert keys.PLAN_SEARCH not in page.session_state


def test_whoever_does_not_want_to_wait_leaves_the_line(
    asked: Callable[[str], AppTest], home: Home, district: Register
) -> None:
    settle_installation(home.folder, Installation(searches=1), seen=0)
    other = line().join()
    assert line().begins(other, most=1, lasting_s=600.0)
    page = asked("en")
    page.button(key="leave_line").click().run()
    assert not page.exception
    assert keys.PLAN_SEARCH not in page.session_state
    line().leave(other)
    assert district.last_plan() is None
