"""The way to a district of one's own: what is done, what is next, what works by then."""

from register import Register
from register.settings import STANDARD, settle
from register.shipped_units import put_shipped_units
from tests.unit.ui.conftest import SOURCE, WHO, demand, stations
from ui.beginning import path


def states(register: Register) -> dict[str, str]:
    return {step.name: step.state for step in path.path_of(register, register.inputs())}


def able(register: Register) -> set[str]:
    found = path.abilities(register, register.inputs())
    return {name for name, can in found.items() if can}


def test_the_way_begins_with_workers_and_ends_with_all_steps_done(
    empty_district: Register,
) -> None:
    district = empty_district
    assert states(district) == {
        "units": "optional",
        "streets": "optional",
        "workers": "next",
        "stations": "later",
        "standard": "optional",
    }
    assert able(district) == set()
    district.put_demand(demand(), SOURCE, who=WHO)
    assert states(district)["stations"] == "next"
    assert able(district) == {"map", "coverage", "units", "report"}
    district.put_records("stations", stations(), SOURCE, who=WHO)
    assert "next" not in states(district).values()
    put_shipped_units(district, who=WHO)
    settle(district, STANDARD, "radius_1000m", who=WHO)
    steps = path.path_of(district, district.inputs())
    assert path.done_of(steps) == 4
    assert "progress" in able(district)


def test_a_full_district_can_do_everything_but_targets(district: Register) -> None:
    assert able(district) == {"map", "coverage", "streets", "units", "plan", "report"}
