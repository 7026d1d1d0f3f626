"""The bracket of coverage, against plain loops over stations, points and pieces of street."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from geo.streets import Network, Way, network_from_ways, street_density
from siting.coverage import bracketed, read_demand, thin_rule, workers_per_km2
from siting.coverage.thin import thin_points
from siting.lines import coverage_lines
from siting.model import Inputs, Parameters
from siting.planning import coverage
from siting.results import Bracket, CoverageResult, ThinRule
from tests.unit.siting.tables import METRES_PER_DEGREE_LAT, METRES_PER_DEGREE_LON, place, table

CUTOFF_M = 700.0
BLOCK_M = 100.0
EAST_M = 1500.0
HOURS = {"workday_noon": 15, "weekend_noon": 6}
KM2 = math.pi * 0.5**2
RULE = ThinRule(radius_m=500, street_below_km_per_km2=8, workers_from_per_km2=40)
"""The shipped one but for the workers, who are few here."""


def town_of_two_halves() -> Network:
    """Return a grid of streets every 100 m from x = 0 to 1.5 km, then one road to x = 4 km."""
    xs, ys = np.arange(0.0, EAST_M + 1, BLOCK_M), np.arange(-800.0, 801, BLOCK_M)
    spots = [(x, y) for x in xs for y in ys] + [(4000.0, 0.0)]
    number = {spot: i for i, spot in enumerate(spots)}
    lines = [[number[x, y] for y in ys] for x in xs] + [[number[x, y] for x in xs] for y in ys]
    lines.append([number[EAST_M, 0.0], number[4000.0, 0.0]])
    at = [place(*spot) for spot in spots]
    ways = [Way(tuple(line), {"highway": "residential"}, i) for i, line in enumerate(lines, 1)]
    lon, lat = (np.array([spot[axis] for spot in at]) for axis in ("lon", "lat"))
    return network_from_ways(lon, lat, ways, source="test", licence="", date="")


def district(states: tuple[str, ...] = ("open", "planned", "", "open")) -> Inputs:
    """Return demand in and beside the grid; the last station is far from any street."""
    rng = np.random.default_rng(3)
    spots = rng.uniform((50, -700), (4000, 700), size=(80, 2)).tolist()
    when = ("workday_noon", "weekend_noon")
    demand = [
        {"id": f"d{i}", **place(*spot), "workers": i % 7, "window": name}
        for i, spot in enumerate(spots)
        for name in when[: 1 + i % 2]
    ]
    sites = [(333, 40), (1200, -300), (2500, 10), (3300, 600)]
    stations = [
        {"id": f"s{i}", **place(*spot), "state": state}
        for i, (spot, state) in enumerate(zip(sites, states, strict=False))
    ]
    return Inputs(
        demand=table("demand", demand),
        stations=table("stations", stations),
        streets=town_of_two_halves(),
    )


def asked(inputs: Inputs) -> tuple[CoverageResult, Bracket]:
    result = bracketed(inputs, coverage(inputs, Parameters(cutoff_m=CUTOFF_M)), RULE)
    assert result.bracket is not None
    return result, result.bracket


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): cell for key, cell in row.items()} for row in frame.to_dict("records")]


def by_loops(inputs: Inputs) -> tuple[float, float, set[str]]:
    """Return covered workers by straight line, workers and points with few streets around."""
    geod = Geod(ellps="WGS84")
    open_at = [s for s in records(inputs.stations) if s["state"] in ("open", "")]
    covered = thin = 0.0
    points: set[str] = set()
    for row in records(inputs.demand):
        weight = row["workers"] * HOURS[row["window"]] / sum(HOURS.values())
        ways = [geod.inv(s["lon"], s["lat"], row["lon"], row["lat"])[2] * 1.35 for s in open_at]
        covered += weight if min(ways, default=math.inf) <= CUTOFF_M else 0.0
        here = row["lon"], row["lat"]
        few = street_m(*here) / KM2 / 1000 < RULE.street_below_km_per_km2
        if few and present_within(inputs, *here) / KM2 >= RULE.workers_from_per_km2:
            thin += weight
            points |= {row["id"]} if weight else set()
    return covered, thin, points


def present_within(inputs: Inputs, lon: float, lat: float) -> float:
    """Return the average present workers within 500 m, of all windows."""
    geod = Geod(ellps="WGS84")
    near = (
        row["workers"] * HOURS[row["window"]] / sum(HOURS.values())
        for row in records(inputs.demand)
        if geod.inv(lon, lat, row["lon"], row["lat"])[2] <= 500
    )
    return float(sum(near))


def street_m(lon: float, lat: float) -> float:
    """Return the metres of street within 500 m, counted metre by metre along the grid's lines."""
    x = (lon - place(0, 0)["lon"]) * METRES_PER_DEGREE_LON
    y = (lat - place(0, 0)["lat"]) * METRES_PER_DEGREE_LAT
    along = np.arange(0.5, EAST_M), np.arange(-799.5, 800), np.arange(EAST_M + 0.5, 4000)
    upright = sum(near(at - x, along[1] - y) for at in np.arange(0.0, EAST_M + 1, BLOCK_M))
    level = sum(near(along[0] - x, at - y) for at in np.arange(-800.0, 801, BLOCK_M))
    return upright + level + near(along[2] - x, -y)


def near(x_m: np.ndarray | float, y_m: np.ndarray | float) -> int:
    return int((np.hypot(x_m, y_m) <= 500).sum())


def test_bracket_is_that_of_plain_loops() -> None:
    inputs = district()
    result, bracket = asked(inputs)
    covered, thin, points = by_loops(inputs)
    assert bracket.workers_covered_straight_line == pytest.approx(covered)
    assert bracket.thin_workers == pytest.approx(thin)
    assert set(bracket.thin_demand) == points
    assert 0 < bracket.thin_points < len(result.point_id)
    # The station off the streets reaches somebody in a straight line only.
    assert result.unreachable_stations == ("s3",)
    alone = district(states=("closed", "closed", "closed", "open"))
    assert asked(alone)[1].workers_covered_straight_line > 0
    assert asked(alone)[1].workers_covered_street == 0


def test_sums_agree_with_the_result_that_it_belongs_to() -> None:
    result, bracket = asked(district())
    assert bracket.workers_covered_street == result.workers_covered
    assert bracket.workers_total == result.workers_total
    for workers in (bracket.workers_covered_straight_line, bracket.thin_workers):
        assert 0 < workers < result.workers_total
    share = bracket.workers_covered_straight_line / result.workers_total
    assert bracket.coverage_straight_line == pytest.approx(share)
    assert bracket.thin_share == pytest.approx(bracket.thin_workers / result.workers_total)
    plain = coverage(district(), Parameters(cutoff_m=CUTOFF_M)).as_dict()
    assert plain.pop("bracket") is None
    said = result.as_dict()
    assert said.pop("bracket") == bracket.as_dict()
    assert said == plain


def test_thin_takes_many_workers_and_little_street() -> None:
    """A firm of 1,400 on a lone road; the same in the grid; half of it on the road."""
    inputs = district()
    firm = {"id": "firm", "workers": 1400}
    spots = {"road": (2800, 0), "grid": (750, 0)}
    marked = {}
    for name, spot in spots.items():
        for workers in (1400, 700):
            alone = table("demand", [{**firm, **place(*spot), "workers": workers}])
            result = coverage(replace(inputs, demand=alone), Parameters(cutoff_m=CUTOFF_M))
            found = bracketed(replace(inputs, demand=alone), result).bracket
            assert found is not None
            assert found.thin_rule == thin_rule()
            marked[name, workers] = found.thin_workers
    # 1,400 on 0.785 km2 are 1,783 per km2.
    assert marked == {("road", 1400): 1400, ("road", 700): 0, ("grid", 1400): 0, ("grid", 700): 0}


def test_both_thresholds_are_where_they_are_said_to_be() -> None:
    demand = read_demand(district().demand, Parameters())
    net = town_of_two_halves()
    street = street_density(net, demand.point_lon, demand.point_lat)
    places = demand.point_lon, demand.point_lat
    workers = workers_per_km2(*places, demand, demand.point_hours / demand.hours_per_week, 500)
    i = int(np.argmax(np.where(street < 8, workers, 0)))
    few, many = float(street[i]), float(workers[i])
    assert many > 0
    for below, least, thin in (
        (few, many, False),
        (np.nextafter(few, 9), many, True),
        (np.nextafter(few, 9), np.nextafter(many, 1e9), False),
    ):
        assert thin_points(net, demand, ThinRule(500, below, least))[i] == thin


def test_who_is_asked_for_does_not_change_where_streets_are_thin() -> None:
    inputs = district()
    noon = coverage(inputs, Parameters(cutoff_m=CUTOFF_M, windows=("weekend_noon",)))
    some = bracketed(inputs, noon, RULE).bracket
    everybody = asked(inputs)[1]
    assert some is not None
    assert 0 < some.thin_points < everybody.thin_points
    at_noon = (inputs.demand["window"] == "weekend_noon") & (inputs.demand["workers"] > 0)
    thin = thin_points(town_of_two_halves(), read_demand(inputs.demand, Parameters()), RULE)
    ids = set(np.array(noon.point_id)[thin])
    assert some.thin_points == len(ids & set(inputs.demand["id"][at_noon]))


def test_moved_demand_on_the_same_streets_is_judged_anew() -> None:
    inputs = district()
    before = asked(inputs)[1]
    demand = inputs.demand.assign(**place(750, 0))
    dense = asked(replace(inputs, demand=demand))[1]
    assert (dense.thin_points, dense.thin_workers) == (0, 0)
    assert asked(inputs)[1] == before


def test_no_stations_and_no_demand() -> None:
    inputs = district()
    bare = asked(replace(inputs, stations=inputs.stations.iloc[:0]))[1]
    assert (bare.workers_covered_street, bare.workers_covered_straight_line) == (0, 0)
    assert bare.thin_workers == asked(inputs)[1].thin_workers
    nobody = asked(replace(inputs, demand=inputs.demand.iloc[:0]))[1]
    assert nobody == Bracket(0, 0, 0, 0, (), RULE)
    assert (nobody.coverage_straight_line, nobody.thin_share) == (0, 0)


def test_straight_lines_have_no_bracket() -> None:
    inputs = replace(district(), streets=None)
    result = coverage(inputs, Parameters(cutoff_m=CUTOFF_M))
    assert bracketed(inputs, result) is result
    assert result.bracket is None
    assert not any("× 1.35 计" in line for line in coverage_lines(result, "zh"))


@pytest.mark.parametrize(
    ("lang", "mark"), [("zh", "街道数据稀疏处"), ("en", "street data is thin")]
)
def test_text_has_the_figures(lang: str, mark: str) -> None:
    result = asked(district())[0]
    bracket = Bracket(1000, 300, 412, 250, ("a", "b"), replace(RULE, workers_from_per_km2=1234))
    lines = coverage_lines(replace(result, bracket=bracket), lang)  # type: ignore[arg-type]
    said = [line for line in lines if mark in line]
    assert len(said) == 1
    assert all(figure in said[0] for figure in ("1.35", "41.2%", "250", "25.0%", " 8 ", "1,234"))
    dense = replace(result, bracket=replace(bracket, thin_workers=0, thin_demand=()))
    without = coverage_lines(dense, lang)  # type: ignore[arg-type]
    assert len(without) == len(lines)
    assert not any("25.0%" in line for line in without)
