"""What could be done with all stations, under the plan by distance."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from register import Register
from tests.unit.siting.acting import solved_here
from tests.unit.ui.conftest import SOURCE, WHO, stations
from tests.unit.ui.test_pages import text_of, turn_to
from ui import keys
from words import LANGUAGES, Lang, has

PANEL = Path(__file__).resolve().parents[3] / "ui" / "plan" / "actions.py"


@pytest.fixture(scope="module", autouse=True)
def in_process() -> Iterator[None]:
    """Search here and not in a process of its own, which takes longer than these plans."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "siting.actions.planning.solve_contained",
            solved_here,
        )
        yield


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_of_the_panel_is_there(lang: Lang) -> None:
    asked = re.findall(r'_word\(\s*"([a-z_]+)"', PANEL.read_text(encoding="utf-8"))
    asked += ["gained_workers", "gained_worker_hours"]
    assert len(asked) > 10
    assert [key for key in asked if not has(f"actions.panel.{key}", lang)] == []


def test_stations_are_bettered_beside_new_ones(
    district: Register, app: Callable[..., AppTest]
) -> None:
    door = {"hours": "Mo-Fr 08:00-18:00", "access": "employees", "services": "water"}
    district.put_records("stations", stations().assign(**door), SOURCE, who=WHO)
    page = turn_to(app().run(), "plan")
    before = [part.value for part in page.metric]
    page.number_input(key=keys.PLAN_NEW).set_value(7).run()
    assert "做 7 处" in page.button(key="plan_actions").label
    page.button(key="plan_actions").click().run()
    assert not page.exception
    told = text_of(page)
    assert "对外开放" in told
    assert "新建临街驿站" in told
    assert "已证明没有更好的方案" in told
    assert len(page.metric) == len(before) + 3
    page.number_input(key=keys.PLAN_NEW).set_value(1).run()
    assert "还是按改动前算的" in text_of(page)
    page.pills(key=keys.ACTIONS_MAY).set_value([]).run()
    assert page.button(key="plan_actions").disabled
    assert district.last_plan() is None
