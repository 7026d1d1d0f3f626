"""A scenario as it is kept: what is written can be read, and counts as what it says."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from siting.model import Inputs, Parameters
from siting.plans.comparing import option
from siting.plans.variant import (
    Opening,
    Variant,
    moved,
    read,
    variant_option,
    with_variant,
    written,
)
from siting.service import service_of
from siting.street_changes import AddPath, CloseStreet
from siting.weather import weather_of
from tests.unit.ui.conftest import SOUTH, STEP, WEST, candidates, demand, grid, stations

PARAMETERS = Parameters(cutoff_m=1000.0)
NAMES = st.text(min_size=1, max_size=8)
PLACES = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


def inputs() -> Inputs:
    return Inputs(demand(), stations(), candidates(), streets=grid())


@given(
    st.lists(st.builds(Opening, NAMES, PLACES), max_size=3).map(tuple),
    st.lists(NAMES, max_size=2).map(tuple),
    st.lists(
        st.builds(CloseStreet, PLACES)
        | st.builds(AddPath, st.lists(PLACES, min_size=2, max_size=3).map(tuple), NAMES),
        max_size=2,
    ).map(tuple),
    st.none() | st.integers(1, 99),
    st.none() | st.lists(NAMES, min_size=1, max_size=2).map(tuple),
    st.sampled_from(["ordinary", "winter", "summer"]),
)
def test_what_is_written_can_be_read(
    opens: tuple[Opening, ...],
    names: tuple[str, ...],
    streets: tuple[CloseStreet | AddPath, ...],
    plan: int | None,
    windows: tuple[str, ...] | None,
    season: str,
) -> None:
    held = Parameters(cutoff_m=750.0, standard="x", windows=windows, groups=None)
    sites = (opens, names, names[::-1], streets)
    variant = Variant(*sites, plan, held, season, 0.75, kind_defaults=True)
    assert read(*written(variant)) == variant


@pytest.mark.parametrize(
    ("changes", "settings"),
    [
        ("{", "{}"),
        ('[{"later": 1}]', "{}"),
        ('[{"open": "c1"}]', "{}"),
        ("[1]", "{}"),
        ("[]", '{"cutoff_m": "far"}'),
    ],
)
def test_what_is_something_else_is_refused(changes: str, settings: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read(changes, settings)


def test_nothing_written_is_nothing_changed() -> None:
    here = inputs()
    blank = read("", "")
    assert blank == Variant()
    assert with_variant(here, blank) is here
    assert blank.terms.weather == weather_of("ordinary")
    assert blank.changes == 0


def test_a_candidate_stands_where_it_stood() -> None:
    here = inputs()
    place = (WEST + 5 * STEP, SOUTH + 5 * STEP)
    variant = Variant((Opening("c1", place), Opening("c2", (WEST + 2 * STEP, SOUTH + 2 * STEP))))
    assert moved(here, variant) == ("c1",)
    then = with_variant(here, variant)
    found = variant_option(service_of(then, PARAMETERS), variant)
    table = here.candidates.copy()
    table.loc[table["id"] == "c1", ["lon", "lat"]] = place
    same = option(service_of(replace(here, candidates=table), PARAMETERS), ("c1", "c2"))
    assert found.nominal.workers_covered == pytest.approx(same.nominal.workers_covered)
    assert found.sites == ("c1", "c2")
    assert here.candidates.loc[0, "lon"] == WEST + STEP


def test_a_closed_street_and_a_closed_station_cost_coverage() -> None:
    here = inputs()
    closed = Variant(closes=("s1",))
    assert variant_option(service_of(here, PARAMETERS), closed).nominal.workers_covered == 0
    shut = Variant(streets=(CloseStreet((WEST + 0.5 * STEP, SOUTH)),))
    then = with_variant(here, shut)
    assert len(then.street_changes) == 1
    before = variant_option(service_of(here, PARAMETERS), Variant()).nominal
    after = variant_option(service_of(then, PARAMETERS), shut).nominal
    assert after.workers_covered < before.workers_covered
