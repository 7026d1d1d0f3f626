"""Candidates at hosts, gates, main streets and as containers; their kinds and spare hosts."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from geo.crs import geodesic_m
from geo.errors import InputError
from geo.reference import read_list
from geo.streets import Network, Way, attach, network_from_ways, street_names
from geo.tables import columns
from geo.zones import Zones
from siting.candidates import (
    ORIGINS,
    Generated,
    generate,
    host_defaults,
    read_settings,
    recommend,
    spare_hosts,
)
from siting.candidates.defaults import evidence_only
from siting.candidates.kinds import kind_rules
from siting.candidates.mobile import _greedy
from siting.model import Inputs, Parameters
from tests.unit.siting.tables import place, table

PARAMETERS = Parameters(cutoff_m=500.0)


def town() -> Network:
    """Return two main streets of 3 km that cross, and lanes beside them."""
    ends = [(-1500, 0), (0, 0), (1500, 0), (0, -1500), (0, 1500), (-1500, 200), (1500, 200)]
    at = [place(*spot) for spot in ends]
    ways = [
        Way((0, 1, 2), {"highway": "primary", "name": "兴华大街"}),
        Way((3, 1, 4), {"highway": "secondary", "name": "清源路"}),
        Way((5, 6), {"highway": "residential", "name": "后巷"}),
    ]
    lon, lat = ([spot[axis] for spot in at] for axis in ("lon", "lat"))
    return network_from_ways(
        lon, lat, ways, source="test", licence="", date="", island_below_m=100.0
    )


def demand_rows(x: float, y: float, name: str, **workers: float) -> list[dict[str, Any]]:
    """Return rows of some groups at a place, the same on every working day's four windows."""
    windows = ("workday_morning", "workday_noon", "workday_afternoon", "workday_evening")
    return [
        {"id": name, **place(x, y), "workers": heads, "group": group, "window": window}
        for group, heads in workers.items()
        for window in windows
    ]


def inputs(**tables: list[dict[str, Any]]) -> Inputs:
    layers = ("demand", "stations", "candidates", "enterprises", "hosts")
    demand, stations, candidates, enterprises, hosts = (
        table(layer, tables.get(layer, [])) for layer in layers
    )
    return Inputs(demand, stations, candidates, enterprises, hosts, streets=town())


def ids(found: Generated, origin: str) -> list[str]:
    return [
        str(name)
        for name, of in zip(found.frame["id"], found.drafts.origins, strict=True)
        if of == origin
    ]


def test_hosts_bring_what_is_known_and_nothing_else() -> None:
    given = inputs(
        hosts=[
            {"id": "H1", "name": "甲银行", **place(10, 10), "host_type": "bank"}
            | {"hours": "Mo-Fr 09:00-17:00", "address": "1号", "town": "兴丰街道"},
            {"id": "H2", "name": "乙超市", **place(300, 10), "host_type": "supermarket"},
            {"id": "H3", **place(600, 10), "host_type": "school", "consent": "declined"},
        ]
    )
    found = generate(given, PARAMETERS, origins=("host",))
    frame = found.frame.set_index("id")
    assert list(frame.index) == ["host-H1", "host-H2"]
    first = frame.loc["host-H1"]
    assert (first["host"], first["hours"], first["address"]) == ("H1", "Mo-Fr 09:00-17:00", "1号")
    assert (frame.loc["host-H2", "hours"], first["state"]) == ("", "proposed")
    assert frame["cost_yuan"].isna().all()  # the kind's default, flagged wherever it is shown
    told = found.as_dict()["candidates"][1]
    assert told["default_hours"] == host_defaults("supermarket").hours
    assert {"hours", "cost_yuan", "reliability"} <= set(told["assumed"])
    assert list(found.frame.columns) == [column.name for column in columns("candidates")]


def test_fronts_keep_their_spacing_and_leave_no_free_stretch() -> None:
    given = inputs(hosts=[{"id": "H1", "name": "甲", **place(700, 5), "host_type": "bank"}])
    settings = read_settings()
    found = generate(given, PARAMETERS, origins=("front",))
    lon, lat = (found.frame[axis].to_numpy(dtype=float) for axis in ("lon", "lat"))
    size = len(lon)
    a, b = np.triu_indices(size, 1)
    assert geodesic_m(lon[a], lat[a], lon[b], lat[b]).min() >= settings.front_spacing_m
    host = place(700, 5)
    to_host = geodesic_m(lon, lat, np.full(size, host["lon"]), np.full(size, host["lat"]))
    assert to_host.min() > settings.front_host_within_m
    # Every spot of the main streets is near a front or near the host, whoever looks.
    for along in np.arange(-1490, 1490, 10.0):
        for spot in (place(along, 0), place(0, along)):
            here = np.full(size, spot["lon"]), np.full(size, spot["lat"])
            far = geodesic_m(*here, lon, lat).min()
            beside = float(geodesic_m(*place(700, 5).values(), *spot.values()))
            # Spots are looked at every 25 m.
            near_host = beside <= settings.front_host_within_m + 12.5
            assert far < settings.front_spacing_m + 12.5 or near_host
    assert found.frame["name"].str.contains("临街点").all()
    placed = attach(town(), lon, lat)
    assert placed.leg_mm.max() <= 20
    assert set(street_names(town(), placed.edge)) == {"兴华大街", "清源路"}


def test_fronts_need_people_where_people_are_known() -> None:
    rows = demand_rows(-1000, 10, "p", enterprise=40)
    found = generate(inputs(demand=rows), PARAMETERS, origins=("front",))
    assert 1 <= len(found.frame) <= 2
    away = geodesic_m(
        found.frame["lon"],
        found.frame["lat"],
        *(np.full(len(found.frame), v) for v in place(-1000, 10).values()),
    )
    assert away.max() <= read_settings().front_workers_within_m
    assert "40" in found.why(0, "zh")


def test_gates_of_large_firms_without_a_station() -> None:
    given = inputs(
        enterprises=[
            {"id": "E1", "name": "甲厂", **place(400, 60), "workers": 100},
            {"id": "E2", "name": "乙厂", **place(800, 60), "workers": 99},
            {"id": "E3", "name": "丙厂", **place(-400, 60), "workers": 900},
            {"id": "E4", "name": "丁厂", **place(-900, 60), "workers": 500, "path_on_way": True},
        ],
        stations=[{"id": "S1", **place(-400, 160), "state": "open"}],
    )
    found = generate(given, PARAMETERS, origins=("gate",))
    frame = found.frame.set_index("id")
    assert list(frame.index) == ["gate-E1", "gate-E4"]
    on_street, surveyed = place(400, 0), place(-900, 60)
    assert frame.loc["gate-E1", "lat"] == pytest.approx(on_street["lat"], abs=2e-7)
    assert frame.loc["gate-E4", "lat"] == pytest.approx(surveyed["lat"], abs=1e-7)
    assert set(frame["kind"]) == {"enterprise"}
    assert "100 人" in found.why(0, "zh")


def test_containers_stand_where_outdoor_work_is_hard_and_long() -> None:
    rows = demand_rows(900, 10, "much", sweeper=60) + demand_rows(600, 10, "near", courier=5)
    rows += demand_rows(-1200, 10, "served", sweeper=60) + demand_rows(0, 900, "few", sweeper=3)
    rows += demand_rows(0, -1200, "indoors", enterprise=500)
    host = {"id": "H1", "name": "甲", **place(-1200, 20), "host_type": "bank"}
    found = generate(inputs(demand=rows, hosts=[host]), PARAMETERS, origins=("host", "hard"))
    (name,) = ids(found, "hard")
    record = found.frame.set_index("id").loc[name]
    assert (record["kind"], record["host_type"]) == ("mobile", "public_land")
    assert record["name"] == "兴华大街流动驿站"
    # 65 workers x 14 hours x 5 days, all of them out for 70 hours a week.
    assert ("4,550 人时" in found.why(1, "zh"), "70 小时" in found.why(1, "zh")) == (True, True)


def test_without_hours_nobody_knows_hard_work() -> None:
    rows = [{"id": "p", **place(0, 0), "workers": 500, "group": "sweeper"}]
    found = generate(inputs(demand=rows), PARAMETERS, origins=("hard",))
    assert found.lacking == {"hard": "windows"}
    bare = generate(Inputs(table("demand", []), table("stations", [])), PARAMETERS)
    assert bare.lacking == {
        "host": "hosts",
        "gate": "enterprises",
        "front": "streets",
        "hard": "demand",
        "scattered": "demand",
    }
    assert (len(bare.frame), set(bare.found)) == (0, set(ORIGINS))


def test_a_round_where_outdoor_workers_are_few_and_scattered() -> None:
    rows = [row for i in range(9) for row in demand_rows(-1400 + 300 * i, 5, f"g{i}", guard=2)]
    found = generate(inputs(demand=rows), PARAMETERS, origins=("scattered",))
    assert len(found.frame) == 1
    assert found.drafts.facts[0]["places"] == 9
    crowded = [row for i in range(9) for row in demand_rows(-1400 + 300 * i, 5, f"g{i}", guard=11)]
    assert generate(inputs(demand=crowded), PARAMETERS, origins=("scattered",)).frame.empty


def test_the_greedy_choice_is_that_of_counting_anew() -> None:
    rng = np.random.default_rng(2)
    from scipy import sparse  # noqa: PLC0415 -- of this test only

    for _ in range(30):
        dense = rng.random((12, 12)) < 0.25
        dense |= dense.T | np.eye(12, dtype=bool)
        amount = rng.integers(0, 9, 12).astype(float)
        allowed = rng.random(12) < 0.8
        got = _greedy(sparse.csr_array(dense.astype(float)), amount, 5.0, allowed)
        left, wanted = amount.copy(), []
        while True:
            gains = [float(left[dense[i]].sum()) if allowed[i] else 0.0 for i in range(12)]
            best = int(np.argmax(gains))
            if gains[best] < 5.0:
                break
            wanted.append((best, gains[best]))
            left[dense[best]] = 0.0
        assert got == wanted


@pytest.mark.parametrize(
    ("host_type", "workers", "kind"),
    [
        ("hospital", {}, "hospital_rack"),
        ("logistics_park", {}, "truck_drivers"),
        ("fuel", {"truck_driver": 30}, "truck_drivers"),
        ("fuel", {"truck_driver": 29}, "street_front"),
        ("mall", {"food_rider": 20, "courier": 10}, "riders"),
        ("mall", {"food_rider": 29}, "street_front"),
        ("sorting_centre", {}, "sorting_centre"),
        ("enterprise", {}, "enterprise"),
        ("public_land", {"sweeper": 40}, "mobile"),
        ("bank", {"food_rider": 500}, "street_front"),
        ("", {}, "street_front"),
    ],
)
def test_the_kind_that_suits(host_type: str, workers: dict[str, float], kind: str) -> None:
    rows = demand_rows(0, 50, "p", **workers)
    given = inputs(demand=rows, hosts=[{"id": "H", **place(0, 5), "host_type": host_type}])
    found = generate(given, PARAMETERS, origins=("host",))
    (item,) = found.recommendations
    entry = read_list("reference/kinds")[kind]
    assert item.kind == kind
    assert set(entry["services"]) <= set(item.services)
    assert entry["seats"][0] <= item.seats <= entry["seats"][1]
    assert found.frame.loc[0, "kind"] == kind
    assert f"{item.cost_yuan:,}" in item.reason_zh
    assert f"{item.cost_yuan:,}" in item.reason_en
    if item.by_groups:
        assert f"{sum(workers.values()):g}" in item.reason_zh


def test_every_kind_and_every_host_has_a_rule() -> None:
    rules = kind_rules()
    assert {rule.kind for rule in rules} == set(read_list("reference/kinds"))
    always = {code for rule in rules if not rule.groups for code in rule.host_types}
    assert always == {*read_list("reference/host_types"), ""} - evidence_only()
    assert all("[" in rule.reason for rule in rules)


def test_a_bus_stop_lends_no_corner() -> None:
    rows = [{"id": "stop", "name": "康庄路口", "host_type": "bus_stop", **place(0, 0)}]
    found = generate(inputs(hosts=rows), PARAMETERS, origins=("host",))
    assert found.frame.empty
    assert found.lacking == {"host": "hosts"}


def test_seats_follow_the_people_within_the_limits_of_the_kind() -> None:
    for heads, seats in ((0, 2), (41, 3), (200, 10), (5000, 12)):
        rows = demand_rows(0, 50, "p", enterprise=heads)
        given = inputs(demand=rows, hosts=[{"id": "H", **place(0, 5), "host_type": "bank"}])
        assert generate(given, PARAMETERS, origins=("host",)).recommendations[0].seats == seats
    frame = table("candidates", [{"id": "c", **place(0, 0), "host_type": "mall"}])
    (alone,) = recommend(frame, None)
    assert (alone.kind, alone.seats, alone.workers) == ("street_front", 2, None)


def plan_inputs() -> Inputs:
    """Return a bank with workers on both sides of it, and hosts that could stand in."""
    rows = demand_rows(300, 5, "east", enterprise=60) + demand_rows(-300, 5, "west", enterprise=40)
    rows += demand_rows(-450, 5, "old", enterprise=1000)
    return inputs(
        demand=rows,
        stations=[{"id": "S1", "name": "老站", **place(-520, 5), "state": "open"}],
        candidates=[
            {"id": "C1", "name": "银行", **place(0, 0), "host_type": "bank", "host": "H1"},
            {"id": "C2", "name": "餐馆", **place(250, 0), "host_type": "restaurant"},
            {"id": "C3", "name": "否", **place(50, 0), "host_type": "bank", "state": "rejected"},
            {"id": "C4", "name": "无主临街点", **place(60, 0)},
        ],
        hosts=[
            {"id": "H1", "name": "银行", **place(0, 1), "host_type": "bank"},
            {"id": "H6", "name": "银 行", **place(60, 90), "host_type": "bank"},
            {"id": "H2", "name": "社区", **place(-250, 0), "host_type": "community"},
            {"id": "H3", "name": "工厂", **place(40, 0), "host_type": "enterprise"},
            {"id": "H4", "name": "远", **place(320, 0), "host_type": "bank"},
            {
                "id": "H5",
                "name": "婉拒",
                **place(20, 0),
                "host_type": "bank",
                "consent": "declined",
            },
        ],
    )


def test_spare_hosts_are_ranked_by_whom_they_keep() -> None:
    """By hand: the bank newly serves east (60); west is the old station's, 220 m away."""
    spares = spare_hosts(plan_inputs(), PARAMETERS, ["C1"])["C1"]
    assert [spare.id for spare in spares] == ["C2", "H2"]
    first, second = spares
    assert first.walk_m == pytest.approx(250, abs=0.5)
    assert (first.workers_kept, first.kept_share) == (60.0, 1.0)
    assert (second.workers_kept, second.kept_share) == (0.0, 0.0)
    assert second.reliability == host_defaults("community").reliability


def test_what_another_of_the_plan_serves_is_not_newly_served() -> None:
    given = plan_inputs()
    together = spare_hosts(given, PARAMETERS, ["C1", "C2"])
    assert [spare.id for spare in together["C1"]] == ["H2"]
    assert together["C1"][0].kept_share is None
    alone = spare_hosts(given, PARAMETERS, ["C1", "C2"], together=False)
    assert alone["C1"][0].kept_share == 0.0
    assert "H4" in [spare.id for spare in alone["C2"]]


def test_nonsense_is_refused() -> None:
    with pytest.raises(InputError, match="ufo"):
        generate(inputs(), PARAMETERS, origins=("ufo",))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="front_spacing_m"):
        replace(read_settings(), front_spacing_m=0.0)


def test_polygons_say_the_unit_where_no_source_does() -> None:
    sparse = [
        {**row, "town": "甲镇"}
        for name, x in (("a", -1200), ("b", 1200))
        for row in demand_rows(x, 20, name, courier=400)
    ]
    firms = [{"id": "f", **place(-400, 300), "workers": 900, "name": "厂", "town": "甲镇"}]
    given = inputs(demand=sparse, enterprises=firms)
    corners = [place(*at) for at in ((0, -2000), (2000, -2000), (2000, 2000), (0, 2000))]
    east = shapely.Polygon([(spot["lon"], spot["lat"]) for spot in corners])
    zones = Zones(("乙镇",), np.array([east], dtype=object))
    nearest, around = generate(given, PARAMETERS), generate(given, PARAMETERS, zones=zones)
    assert set(nearest.frame["town"]) == {"甲镇"}
    assert around.frame["id"].tolist() == nearest.frame["id"].tolist()
    for origin, unit, lon in zip(
        around.drafts.origins, around.frame["town"], around.frame["lon"], strict=True
    ):
        if origin == "gate":
            assert unit == "甲镇"
        else:
            assert unit == ("乙镇" if lon > place(0, 0)["lon"] else "")
    assert {"gate", "front"} <= set(around.drafts.origins)
