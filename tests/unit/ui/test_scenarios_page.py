"""Plans and kept scenarios beside each other, as a planner compares them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from register import Register
from register.plan_records import store_plan
from register.scenarios import keep_scenario, scenarios_in
from siting.effective import evaluate_effective
from siting.model import Parameters
from siting.plans.proposing import propose
from siting.plans.variant import Opening, Variant
from siting.plans.wishes import Wishes
from siting.street_changes import AddPath, CloseStreet
from tests.unit.ui.conftest import SOUTH, STEP, WEST, WHO, page_of
from ui import keys
from ui.scenarios.page import STANDARD
from ui.scenarios.saved import take_up
from ui.workbench.coverage import effective_table

Page = Callable[..., AppTest]
PARAMETERS = Parameters(cutoff_m=1000.0)


def draw() -> None:
    from ui.guard import guarded  # noqa: PLC0415 -- as above
    from ui.scenarios import page as scenarios  # noqa: PLC0415 -- the harness takes the body alone

    guarded(scenarios.draw)


@pytest.fixture
def page() -> Page:
    return page_of(draw)


@pytest.fixture
def planned(district: Register) -> Register:
    for new in (1, 2):
        plan = propose(district.inputs(), PARAMETERS, new=new)
        store_plan(district, f"scenario {new}", plan, who=WHO, name=f"方案{new}")
    return district


def test_without_plans_the_page_says_where_to_get_one(district: Register, page: Page) -> None:
    found = page(project="district")
    assert not found.exception
    assert "规划" in found.info[0].value
    del district


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_plans_are_compared(planned: Register, page: Page, lang: str) -> None:
    found = page(lang, project="district")
    assert not found.exception
    assert [box.value for box in found.selectbox] == [0, 2]
    sites = [
        metric.value
        for metric in found.metric
        if metric.label in {"新增驿站（座）", "New stations"}
    ]
    assert sites == ["0", "2"]
    table = found.dataframe[-1].value
    assert (table["gained"] == table["other"] - table["one"]).all()
    assert table["gained"].is_monotonic_decreasing
    both = found.selectbox(key=f"{keys.COMPARED}_one_{lang}").select(2).run()
    assert not both.exception
    assert both.info
    del planned


def test_a_candidate_that_is_gone_is_named(planned: Register, page: Page) -> None:
    site = str(planned.plan(1).result["selected"][0]["id"])
    version = planned.get("candidates", site).version
    planned.remove("candidates", site, version=version, who=WHO)
    found = page(project="district", **{f"{keys.COMPARED}_one": 1})
    assert not found.exception
    assert any(site in warning.value for warning in found.warning)


def test_what_stands_is_told_as_on_the_overview(planned: Register, page: Page) -> None:
    found = page(project="district")
    inputs = planned.inputs()
    now = evaluate_effective(inputs, PARAMETERS)
    there = effective_table(now, "town").set_index("name")
    table = found.dataframe[-1].value.set_index("name")
    assert table["one"].to_dict() == there["verified"].to_dict()
    assert table["workers"].to_dict() == there["workers"].to_dict()


def kept(register: Register, name: str = "甲案") -> str:
    variant = Variant(
        opens=(Opening("c3", (WEST + 3 * STEP, SOUTH + 3 * STEP)),),
        rejects=("c4",),
        parameters=Parameters(cutoff_m=600.0, windows=None),
        season="winter",
        open_share=0.75,
    )
    return keep_scenario(register, name, variant, fingerprint="", who=WHO).id


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_kept_scenario_is_compared_on_its_own_terms(
    district: Register, page: Page, lang: str
) -> None:
    name = kept(district)
    found = page(lang, project="district")
    assert not found.exception
    assert [box.value for box in found.selectbox] == [0, name]
    switch = next(group for group in found.button_group if group.value == STANDARD)
    metres = found.metric[2].value
    switch.set_value("other").run()
    assert not found.exception
    assert found.metric[2].value != metres  # 600 m instead of 1,000, in winter
    assert any("600" in text.value for text in found.caption)


def test_a_candidate_that_moved_since_is_told(district: Register, page: Page) -> None:
    kept(district)
    district.update("candidates", "c3", {"lon": WEST}, version=1, who=WHO)
    found = page(project="district")
    assert not found.exception
    assert any("已经移动" in text.value for text in found.info)


def test_a_kept_scenario_is_renamed_taken_away_and_brought_back(
    district: Register, page: Page
) -> None:
    name = kept(district)
    found = page(project="district")
    found.text_input[0].set_value("乙案")
    next(b for b in found.button if b.label == "保存").click().run()
    assert not found.exception
    assert district.get("scenarios", name)["name"] == "乙案"
    found.button(key=f"forget_{name}").click().run()
    assert not found.exception
    assert scenarios_in(district) == ()
    assert any("已删除方案" in text.value for text in found.success)


def test_a_kept_scenario_opens_with_its_terms_and_wishes(
    district: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(district)
    session: dict[str, Any] = {keys.LANGUAGE: "zh"}
    monkeypatch.setattr(streamlit, "session_state", session)
    (saved,) = scenarios_in(district)
    assert saved.variant is not None
    district.remove("candidates", "c4", version=1, who=WHO)
    variant = replace(saved.variant, streets=(CloseStreet((WEST, SOUTH)),))
    take_up(district, saved.name, variant)
    assert session[keys.STREETS] == (CloseStreet((WEST, SOUTH)),)
    assert session[keys.PLAN_WISHES] == Wishes(require=("c3",))
    assert (session[keys.CUTOFF_M], session[keys.SEASON], session[keys.OPEN_SHARE]) == (
        600,
        "winter",
        0.75,
    )
    assert "甲案" in session[keys.NOTICE].text


def test_what_is_on_the_planners_page_is_kept(district: Register, app: Page) -> None:
    found = app()
    found.session_state[keys.PROJECT] = "district"
    found.session_state[keys.PLAN_WISHES] = Wishes(require=("c2",), forbid=("c5",))
    found.run()
    assert not found.exception
    lists = {area.label.split("，")[0]: area for area in found.text_area}
    middle, north = WEST + STEP / 2, SOUTH + STEP / 2
    lists["封闭的街道"].set_value(f"{middle}，{SOUTH}")
    lists["新增的步行路"].set_value(f"{WEST},{SOUTH} {middle},{north}")
    next(b for b in found.button if b.label == "加入试算").click().run()
    assert not found.exception
    assert any("改了 2 处街道" in text.value for text in found.markdown)
    box = next(box for box in found.text_input if box.label == "方案名称")
    box.set_value("丙案")
    next(b for b in found.button if b.label == "存下").click().run()
    assert not found.exception
    (saved,) = scenarios_in(district)
    assert saved.variant is not None
    assert [opening.id for opening in saved.variant.opens] == ["c2"]
    assert (saved.variant.rejects, saved.variant.season) == (("c5",), "ordinary")
    path = AddPath(((WEST, SOUTH), (middle, north)))
    assert saved.variant.streets == (CloseStreet((middle, SOUTH)), path)
    box = next(box for box in found.text_input if box.label == "方案名称")
    box.set_value("丙案")
    next(b for b in found.button if b.label == "存下").click().run()
    assert any("已经有一个方案" in text.value for text in found.error)
    assert len(scenarios_in(district)) == 1


def test_a_closed_street_costs_those_who_walked_it(district: Register, page: Page) -> None:
    shut = Variant(streets=(CloseStreet((WEST + 0.5 * STEP, SOUTH)),))
    keep_scenario(district, "修路", shut, fingerprint="", who=WHO)
    found = page(project="district")
    assert not found.exception
    assert any("改了 1 处街道" in text.value for text in found.info)
    assert found.metric[2].value != found.metric[7].value  # nominal coverage of both sides
