"""The page by day and by night: colours to be read, and the choice that a browser keeps."""

import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.unit.reports.test_webmap_palette import SYMBOL, TEXT, contrast
from tests.unit.ui.conftest import page_of
from ui import day_night, keys
from ui.day_night import CHOICES, DAY, NIGHT, PAGE_NIGHT, Choice

CONFIG = Path(__file__).resolve().parents[3] / ".streamlit" / "config.toml"
BARS = ("blue", "orange", "pink", "green", "grey")


def draw() -> None:
    from ui.guard import guarded  # noqa: PLC0415 -- as above
    from ui.settings import page as settings  # noqa: PLC0415 -- the harness takes the body alone

    guarded(settings.draw)


def theme(name: str) -> dict[str, str]:
    found: dict[str, str] = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][name]
    return found


def test_both_sets_have_the_same_names() -> None:
    assert set(DAY) == set(NIGHT)
    assert all(day_night.var(name).startswith("var(--ws-") for name in DAY)
    with pytest.raises(KeyError):
        day_night.var("no such colour")


def test_the_night_is_on_screens_only() -> None:
    day, night = day_night.rules().split("@media screen")
    assert DAY["brand"] in day
    assert NIGHT["brand"] not in day
    assert NIGHT["brand"] in night


def test_what_is_written_and_drawn_is_to_be_read_by_night() -> None:
    dark = theme("dark")
    assert dark["backgroundColor"].lower() == PAGE_NIGHT["ground"] == NIGHT["paper"]
    assert dark["textColor"].lower() == PAGE_NIGHT["text"]
    for ground in (dark["backgroundColor"], dark["secondaryBackgroundColor"]):
        for ink in (dark["textColor"], dark["primaryColor"], NIGHT["soft"], NIGHT["brand"]):
            assert contrast(ink.lower(), ground.lower()) >= TEXT
    assert contrast("#ffffff", dark["primaryColor"].lower()) >= SYMBOL  # ticks
    assert contrast("#06131d", dark["primaryColor"].lower()) >= TEXT  # on buttons: ui/look.py
    for bar in BARS:
        assert contrast(NIGHT[bar], NIGHT["paper"]) >= SYMBOL
    assert contrast(DAY["soft"], DAY["head"]) >= TEXT
    assert contrast(DAY["brand"], DAY["paper"]) >= TEXT


@pytest.mark.parametrize("choice", CHOICES)
def test_a_choice_is_handed_to_the_browser_and_to_nobody_else(choice: Choice) -> None:
    page: AppTest = page_of(draw)("zh", **{keys.PROJECT: "sample", keys.SETTINGS_PART: "look"})
    asked = page.radio(key=keys.LOOK_CHOICE)
    assert asked.value == "system"
    asked.set_value(choice).run()
    assert not page.exception
    scripts = [str(part.proto.body) for part in page.get("html")]
    told = [script for script in scripts if "location.reload" in script]
    assert len(told) == (choice != "system")
    for script in told:
        assert f'"{day_night.COOKIE}", "{choice}"' in script
        assert {"day": '"Light"', "night": '"Dark"'}[choice] in script
