"""A street closed, a path added: the same as if the streets had always been so."""

from dataclasses import replace

import numpy as np
import pytest

from geo.errors import InputError
from geo.streets import Network, Way, network_from_ways
from siting.lines import street_change_text
from siting.model import Inputs, LayerSource, Parameters
from siting.planning import coverage, evaluate
from siting.scenario import scenario_hash
from siting.street_changes import (
    AddPath,
    CloseStreet,
    changes_text,
    read_changes,
    with_street_changes,
)
from tests.unit.siting.tables import main_street_town, place, table

PARAMETERS = Parameters(cutoff_m=700)


def town() -> Inputs:
    return Inputs(
        demand=table(
            "demand",
            [
                {"id": "lane", **place(500, 390), "workers": 7},
                {"id": "east", **place(890, 0), "workers": 5},
            ],
        ),
        stations=table("stations", [{"id": "s", **place(200, 0)}]),
        streets=main_street_town(),
        sources=(LayerSource("streets", "测图", sha256="old"),),
    )


def at(x_m: float, y_m: float) -> tuple[float, float]:
    spot = place(x_m, y_m)
    return spot["lon"], spot["lat"]


def covered(inputs: Inputs) -> float:
    return coverage(inputs, PARAMETERS).workers_covered


def test_a_closed_street_is_not_walked_along() -> None:
    """The lane is 690 m off, and so is the east, which lies on the street that is closed."""
    assert covered(town()) == 12
    closed = with_street_changes(town(), [CloseStreet(at(800, 5))])
    assert covered(closed) == 7
    (fact,) = closed.street_changes
    assert (fact.kind, fact.street) == ("closed", "兴丰大街")
    assert fact.length_m == pytest.approx(500, abs=0.5)
    assert coverage(closed, PARAMETERS).unsnapped_demand == ("east",)


def test_what_a_closed_street_leaves_behind_may_be_an_island() -> None:
    """Without the lane, 1 km of main street leads nowhere: station and demand are not covered."""
    closed = with_street_changes(town(), [CloseStreet(at(495, 200))])
    result = coverage(closed, PARAMETERS)
    assert result.workers_covered == 0
    assert result.unreachable_stations == ("s",)
    assert result.unsnapped_demand == ("east",)  # the lane's goes on to the north, 2 km


def test_an_added_path_is_walked_along_and_met_where_it_crosses() -> None:
    """From the station straight to the lane's end: 492 m in place of 700."""
    path = (at(200, 5), at(500, 395))
    inputs = with_street_changes(town(), [AddPath(path, name="便道")])
    assert covered(inputs) == 12
    short = Parameters(cutoff_m=510)
    assert (coverage(town(), short).workers_covered, coverage(inputs, short).workers_covered) == (
        0,
        7,
    )
    (fact,) = inputs.street_changes
    assert (fact.kind, fact.street, fact.places) == ("added", "便道", path)
    # The line itself, and its start led on to the street 5 m off; its end is on the lane.
    assert fact.length_m == pytest.approx(492 + 5, abs=0.5)


def test_a_bridge_meets_streets_at_its_ends_only() -> None:
    over = (at(520, 200), at(520, -200), at(100, -200), at(100, -10))
    crossing, bridge = (
        with_street_changes(town(), [AddPath(over, bridge=flag)]).streets for flag in (False, True)
    )
    assert isinstance(crossing, Network)
    assert isinstance(bridge, Network)
    assert crossing.nodes - bridge.nodes == 1


def test_it_is_the_network_that_was_built_so() -> None:
    spots = [(0, 0), (500, 0), (1000, 0), (500, 400), (500, 2400)]
    lon, lat = (np.array([at(*spot)[k] for spot in spots]) for k in (0, 1))
    streets = [[0, 1, 2], [3, 4], [1, 4]]
    ways = [Way(nodes, {"highway": "residential"}) for nodes in streets]
    built = network_from_ways(lon, lat, ways, source="", licence="", date="")
    made = with_street_changes(
        town(), [CloseStreet(at(500, 100)), AddPath((at(500, 0), at(500, 2400)))]
    )
    wide = Parameters(cutoff_m=3000)
    expected = evaluate(replace(town(), streets=built), wide).travel.matrix
    got = evaluate(made, wide).travel.matrix
    assert got.demand.tolist() == expected.demand.tolist()
    assert np.abs(got.cost_mm - expected.cost_mm).max() <= 2


def test_the_scenario_is_another_one_and_nothing_stays_what_it_is() -> None:
    before = town()
    after = with_street_changes(before, [CloseStreet(at(495, 200))])
    assert scenario_hash(before, PARAMETERS) != scenario_hash(after, PARAMETERS)
    assert after.sources[0].source == "测图"
    assert after.sources[0].sha256 not in ("old", "")
    assert before.street_changes == ()
    assert with_street_changes(before, []) is before
    twice = with_street_changes(after, [CloseStreet(at(250, 0))])
    assert [change.street for change in twice.street_changes] == ["富强巷", "兴丰大街"]


def test_changes_are_read_as_people_write_them() -> None:
    closed = " 116.3294,39.7240\n\n116.33，39.72"
    assert read_changes(closed, "116.3,39.7  116.31,39.71\n") == (
        CloseStreet((116.3294, 39.7240)),
        CloseStreet((116.33, 39.72)),
        AddPath(((116.3, 39.7), (116.31, 39.71))),
    )
    assert read_changes("", " \n") == ()
    path = AddPath(((116.3, 39.7), (116.31, 39.71), (116.3112345, 39.7)))
    both = (CloseStreet((116.3294, 39.7240)), CloseStreet((116.33, 39.72)), path)
    assert read_changes(*changes_text(both)) == both


@pytest.mark.parametrize(
    ("closed", "paths"),
    [
        ("兴丰大街", ""),
        ("116.3", ""),
        ("116.3,39.7,0", ""),
        ("39.7,116.3", ""),
        ("nan,39.7", ""),
        ("116.3,39.7 116.31,39.71", ""),
        ("", "116.3,39.7"),
    ],
)
def test_what_is_no_place_is_said(closed: str, paths: str) -> None:
    with pytest.raises(InputError) as caught:
        read_changes(closed, paths)
    assert caught.value.code == "siting_changes_places"
    assert (closed + paths) in caught.value.message("zh")


def test_what_cannot_be_done_is_said() -> None:
    bare = replace(town(), streets=None)
    nowhere = CloseStreet(at(5000, 5000))
    lonely, one = AddPath((at(5000, 5000), at(5100, 5000))), AddPath((at(0, 0),))
    motorway = AddPath((at(200, 5), at(500, 395)), highway="motorway")
    for inputs, change, code in (
        (bare, nowhere, "siting_changes_no_streets"),
        (town(), nowhere, "siting_changes_no_street"),
        (town(), lonely, "siting_changes_path"),
        (town(), one, "siting_changes_path"),
        (town(), motorway, "siting_changes_path"),
    ):
        with pytest.raises(InputError) as caught:
            with_street_changes(inputs, [change])
        assert caught.value.code == code
    lon, lat = (np.array([at(0, 0)[k], at(500, 0)[k]]) for k in (0, 1))
    way = Way([0, 1], {"highway": "path"})
    last = network_from_ways(lon, lat, [way], source="", licence="", date="")
    with pytest.raises(InputError) as caught:
        with_street_changes(replace(town(), streets=last), [CloseStreet(at(100, 0))])
    assert caught.value.code == "siting_changes_last_street"


def test_it_is_said_in_words() -> None:
    path = AddPath((at(200, 5), at(500, 395)))
    inputs = with_street_changes(town(), [CloseStreet(at(800, 0)), path])
    assert [street_change_text(change, "zh") for change in inputs.street_changes] == [
        "方案：封闭街道“兴丰大街”一段，500 米",
        "方案：新增步行路，497 米",
    ]
    assert street_change_text(inputs.street_changes[1], "en") == "Scenario: path added, 497 m"
