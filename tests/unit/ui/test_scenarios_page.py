"""Two plans beside each other, as a planner compares them."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from register import Register
from register.plan_records import store_plan
from siting.model import Parameters
from siting.plans.proposing import propose
from tests.unit.ui.conftest import WHO, page_of
from ui import keys

Page = Callable[..., AppTest]
PARAMETERS = Parameters(cutoff_m=1000.0)


def draw() -> None:
    from ui import scenarios  # noqa: PLC0415 -- the harness takes the body alone
    from ui.guard import guarded  # noqa: PLC0415 -- as above

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
        metric.value for metric in found.metric if metric.label in {"新增驿站", "New stations"}
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
