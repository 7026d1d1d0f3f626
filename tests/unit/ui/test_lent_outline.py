"""A district without an outline is drawn on Daxing's, with its credit, if it lies there."""

import pytest
import streamlit as st

from register import Register
from reports.webmap.credit import credits_of
from tests.unit.ui.conftest import SOURCE, WHO, demand, grid
from ui.compute import base_of, read_book


@pytest.fixture(autouse=True)
def _fresh() -> None:
    st.cache_resource.clear()


def drawn(register: Register) -> tuple[bool, bool]:
    """Return whether an outline is drawn, and whether OpenStreetMap is credited for it."""
    inputs = read_book(register).inputs
    script = base_of(register, inputs).javascript
    return '"outline":[]' not in script.replace(" ", ""), any(
        "OpenStreetMap" in credit for credit in credits_of(inputs, "en")
    )


def test_a_blank_district_has_ground_to_tap_on(empty_district: Register) -> None:
    assert drawn(empty_district) == (True, True)


def test_points_in_daxing_lie_on_its_outline(empty_district: Register) -> None:
    empty_district.put_demand(demand(), SOURCE, who=WHO)
    assert drawn(empty_district) == (True, True)


def test_points_elsewhere_do_not(empty_district: Register) -> None:
    away = demand().assign(lon=lambda frame: frame["lon"] + 4)
    empty_district.put_demand(away, SOURCE, who=WHO)
    assert drawn(empty_district) == (False, False)


def test_streets_span_an_area_of_their_own(empty_district: Register) -> None:
    empty_district.put_streets(grid(), SOURCE, who=WHO)
    assert drawn(empty_district) == (False, False)
