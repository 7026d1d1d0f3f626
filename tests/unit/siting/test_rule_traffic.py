"""Proxies for foot traffic: asked only where nobody counted, and each of them said to be one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from geo.errors import InputError
from siting.model import Inputs, Parameters
from siting.planning import score
from siting.results import CandidateScore
from siting.rules import read_rules, read_rules_text
from tests.unit.siting.tables import main_street_town, place, table

Rows = Sequence[Mapping[str, object]]
SHIPPED = read_rules("daxing")
VENUES = replace(SHIPPED, rules=tuple(r for r in SHIPPED.rules if r.area_type == "function_zone"))
MALL = {"id": "mall", "name": "兴丰商场", "host_type": "mall", **place(490, 0)}
COUNTED = {**MALL, "visits_per_day": 3000}
STOPS: Rows = [
    {"id": "b1", "name": "富强巷口", "host_type": "bus_stop", **place(520, 0)},
    {"id": "b2", "host_type": "bus_stop", **place(600, 0)},
    {"id": "m", "name": "A 口", "host_type": "metro_entrance", **place(400, 0)},
    {"id": "far", "host_type": "bus_stop", **place(700, 0)},
]
PEOPLE: Rows = [
    {"id": "west", **place(90, 0), "workers": 40},
    {"id": "middle", **place(480, 0), "workers": 60},
    {"id": "east", **place(990, 0), "workers": 10},
]


def one(hosts: Rows, *, demand: Rows = PEOPLE, x_m: float = 500) -> CandidateScore:
    inputs = Inputs(
        demand=table("demand", demand),
        stations=table("stations", []),
        candidates=table("candidates", [{"id": "c", "host_type": "mall", **place(x_m, 10)}]),
        hosts=table("hosts", hosts),
        streets=main_street_town(),
    )
    (found,) = score(inputs, Parameters(), rules=VENUES)
    return found


def told(found: CandidateScore) -> dict[str, float]:
    return {
        item.measure: item.value for item in found.evidence if item.area_type == "function_zone"
    }


def proxies(found: CandidateScore) -> set[str]:
    return {item.measure for item in found.evidence if item.proxy}


def test_where_visits_are_counted_no_proxy_is_asked() -> None:
    without = one([COUNTED])
    found = one([COUNTED, *STOPS])
    assert set(told(found)) == {"venue_visits", "venue_way"}
    assert found.points == without.points
    assert found.criteria == without.criteria
    rule = [item for item in found.breakdown if item.area_type == "function_zone"]
    assert [item.name for item in rule] == ["foot_traffic", "at_the_spot"]
    # 75 and 25 of 100, as if the others were not in the file.
    assert rule[0].weight / rule[1].weight == pytest.approx(3)
    assert sum(item.contribution for item in found.breakdown) == pytest.approx(
        found.points, abs=0.05
    )


def test_stops_count_by_their_weights_within_their_way() -> None:
    found = one([MALL, *STOPS])
    # Two bus stops and an entrance of the metro; the stop 200 m away is too far.
    assert told(found)["stop_density"] == 1 + 1 + 3
    assert {"stop_density", "street_betweenness"} <= proxies(found)
    for text in (found.sentence_zh, found.sentence_en):
        assert "富强巷口" in text


def test_where_no_stop_is_recorded_stops_are_not_asked() -> None:
    found = one([MALL])
    assert "stop_density" not in told(found)
    assert "stops" not in found.criteria
    assert "through_street" in found.criteria
    far = [{"id": "far", "host_type": "bus_stop", **place(500, 2000)}]
    assert told(one([MALL, *far]))["stop_density"] == 0


@pytest.mark.parametrize(
    ("x_m", "below_m"),
    [
        # On 2.4 km of lanes and at both ends of the street nobody walks: 2,500 m. From 90 to 480 m
        # 88 people do (40, and 60 x 40 / 50 of those in the middle), from there to 990 m 22.
        (440, 2500 + 510),
        (560, 2500),
        # At the corner, whose nearest street is the lane.
        (500, 2500),
    ],
)
def test_the_rank_of_the_busiest_street_beside(x_m: float, below_m: float) -> None:
    found = one([MALL], x_m=x_m)
    assert told(found)["street_betweenness"] == pytest.approx(below_m / 3400, abs=0.002)
    assert "兴丰大街" in found.sentence_zh


def test_without_streets_nobody_asks_how_busy_they_are() -> None:
    inputs = Inputs(
        demand=table("demand", PEOPLE),
        stations=table("stations", []),
        candidates=table("candidates", [{"id": "c", "host_type": "mall", **place(500, 10)}]),
        hosts=table("hosts", [MALL]),
    )
    (straight,) = score(inputs, Parameters(), rules=VENUES)
    assert "through_street" not in straight.criteria


def test_the_kind_stands_in_for_the_size_of_a_venue_where_nothing_else_speaks() -> None:
    nobody = [{"id": "few", **place(500, 2300), "workers": 5}]
    found = one([MALL], demand=nobody)
    assert told(found)["usual_venue_size"] == 40_000
    assert "usual_venue_size" in proxies(found)


def test_the_area_of_the_largest_venue_speaks_where_it_is_known() -> None:
    wide = {"id": "w", "name": "宽", "host_type": "hospital", "area_m2": 9000, **place(550, 0)}
    found = one([MALL, {**MALL, "id": "small", "area_m2": 800}, wide])
    assert told(found)["venue_size"] == 9000
    assert "venue_size" in proxies(found)
    for text in (found.sentence_zh, found.sentence_en):
        assert "9,000" in text
    assert "venue_size" not in told(one([{**COUNTED, "area_m2": 800}, wide]))


@pytest.mark.parametrize(
    ("spot", "passed"), [((400, 0), 400.0), ((200, 0), 400.0), ((300, 100), None)]
)
def test_workers_of_firms_are_taken_to_walk_to_stops_and_meals(
    spot: tuple[float, float], passed: float | None
) -> None:
    firm = {"id": "e", "name": "富思特", "workers": 400, **place(300, 0)}
    hosts: Rows = [
        {"id": "stop", "host_type": "bus_stop", **place(440, 0)},
        {"id": "canteen", "host_type": "canteen", **place(160, 0)},
    ]
    inputs = Inputs(
        demand=table("demand", PEOPLE),
        stations=table("stations", []),
        candidates=table("candidates", [{"id": "c", **place(*spot)}]),
        enterprises=table("enterprises", [firm]),
        hosts=table("hosts", hosts),
        streets=main_street_town(),
    )
    (found,) = score(inputs, Parameters())
    way = {item.measure: item for item in found.evidence}.get("passing_gates")
    assert (None if way is None else way.value) == passed
    assert way is None or way.proxy


def test_a_street_that_nobody_is_near_is_passed_by_nobody() -> None:
    far = [{"id": "p", **place(500, 2400), "workers": 9}]
    found = one([MALL, *STOPS], demand=far)
    assert "passing_workers" not in told(found)


@pytest.mark.parametrize(
    "key",
    ["stop_reach_m", "stop_weights", "through_reach_m", "through_origins", "through_beside_m"],
)
def test_a_file_that_asks_for_stops_says_how_far_and_what_they_count(key: str) -> None:
    lines = [line for line in SHIPPED.text.splitlines() if not line.startswith(f"{key} =")]
    with pytest.raises(InputError) as refused:
        read_rules_text("\n".join(lines), "own.toml")
    assert refused.value.facts["key"] == f"function_zone.{key}"


def test_only_the_rule_of_an_area_has_an_unless() -> None:
    text = SHIPPED.text.replace('name = "money"\n', 'name = "money"\nunless = "venue_visits"\n')
    with pytest.raises(InputError) as refused:
        read_rules_text(text, "own.toml")
    assert refused.value.code == "rules_unknown_key"
