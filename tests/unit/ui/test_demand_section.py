"""需求来源 on the page of data: what the demand is made of, and another made and taken back."""

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from register import Register
from register.demand_layers import PRESENCE, demand_made_of, head_layers, own_profile
from siting.demand.build import HeadSource, Made, build
from siting.demand.presence import Profile, Share, shipped_profile
from siting.demand.sources import NEED_PREFIX
from siting.model import LayerSource
from siting.windows import windows
from tests.unit.ui.conftest import SOUTH, WEST, WHO, table
from ui import keys
from ui.data.demand import facts_in_force
from ui.data.demand_profile import file_table

HERE = {"lon": WEST, "lat": SOUTH, "town": "甲镇"}


def _draw() -> None:
    from ui.data import page as data_page  # noqa: PLC0415 -- the harness runs this as a script of its own

    data_page.draw()


@pytest.fixture
def full_district(district: Register) -> Register:
    """Return a district of 49 cells with 6,370 heads, two firms, need and an official total."""
    firms = [
        {"id": "E1", "name": "甲厂", **HERE, "workers": 60, "shift": "three_shift"},
        {"id": "E2", "name": "乙厂", **HERE, "workers": 500},
    ]
    district.put_records(
        "enterprises", table("enterprises", firms), LayerSource("x", "台账"), who=WHO
    )
    said = [{"id": "N1", **HERE, "topic": "water", "group": "courier", "records": 2}]
    district.put_records("needs", table("needs", said), LayerSource("x", "12345"), who=WHO)
    totals = pd.DataFrame([{"town": "甲镇", "workers": 9000.0, "date": "", "source": "年鉴"}])
    district.put_records("totals", totals, LayerSource("x", "年鉴"), who=WHO)
    return district


def test_demand_is_made_of_several_sources_told_and_taken_back(full_district: Register) -> None:
    (cells,) = head_layers(full_district)
    before = full_district.inputs().demand
    page = AppTest.from_function(_draw, default_timeout=60).run()
    page.multiselect(key=keys.DEMAND_TABLES).set_value([cells.layer.id]).run()
    page.number_input(key=keys.DEMAND_NEED).set_value(3.0).run()
    page.checkbox(key=keys.DEMAND_TOTALS).check().run()
    assert not page.exception
    assert any("甲镇" in str(box.value) for box in page.warning)  # 2,310 heads against 9,000
    page.button(key="take_demand").click().run()
    assert not page.exception
    assert any("已采用新的需求" in str(box.value) for box in page.success)
    made = demand_made_of(full_district)
    assert made is not None
    firms, heads, need = made.sources
    # The cell that both firms stand in had 100 heads: it has nobody else.
    assert (firms.given, heads.given, heads.twice, need.heads) == (560, 6370, 100, 6)
    assert {factor.town: factor.after for factor in made.factors}["甲镇"] == 9000
    demand = full_district.inputs().demand
    assert demand["id"].str.startswith(NEED_PREFIX).any()
    assert set(demand["window"]) <= set(windows())
    # What was made is no source of the next one; what it was made of still is.
    assert [one.layer.id for one in head_layers(full_district)] == [cells.layer.id]
    page.button(key="undo_change").click().run()
    assert full_district.inputs().demand.equals(before)
    assert demand_made_of(full_district) is None


def test_what_was_brought_in_whole_says_so(district: Register) -> None:
    (facts,) = facts_in_force(district.inputs(), None)
    assert (facts.points, facts.heads, facts.worker_hours) == (49, 6370, 0)
    assert facts.presence_assumed != facts.presence_assumed  # nobody says
    made = Made(
        build(
            [HeadSource("x", "heads", district.inputs().demand.assign(group="guard"))]
        ).made.sources
    )
    assert facts_in_force(district.inputs(), made) == made.sources


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_presence_of_the_district_is_stored_read_and_taken_back(
    district: Register, tmp_path: Path, lang: str
) -> None:
    page = AppTest.from_function(_draw, default_timeout=60)
    page.query_params["lang"] = lang
    page.run()
    own = Profile({**shipped_profile().group, "guard": Share((0.5,) * 12, "实地计数")}, {})
    page.session_state["lang"] = lang
    sent = tmp_path / "own.csv"
    full = Profile(own.group, shipped_profile().shift)
    sent.write_bytes(file_table(full).to_csv(index=False).encode("utf-8-sig"))
    page.file_uploader(key=keys.PROFILE_FILE).upload("own.csv", sent.read_bytes(), "text/csv").run()
    page.button(key="profile_take_file").click().run()
    assert not page.exception
    assert own_profile(district) == full
    assert any(layer.kind == PRESENCE and layer.active for layer in district.layers())
    page.button(key="profile_restore").click().run()
    assert own_profile(district) is None
    broken = sent.read_bytes().replace(b"0.5", b"5.0", 1)
    page.file_uploader(key=keys.PROFILE_FILE).upload("own.csv", broken, "text/csv").run()
    assert any("5" in str(box.value) for box in page.error)
    assert "profile_take_file" not in {button.key for button in page.button}
