"""How much of main streets is served, where it is known and against points set along them."""

from pathlib import Path

import numpy as np
import pytest

from geo.catchments import travel
from geo.streets import Network
from siting.files import InputFiles, read_inputs
from siting.model import Inputs, Parameters
from siting.street_service import StreetService, street_service
from tests.unit.siting.tables import place, table
from tests.unit.siting.test_rule_streets import carriageways, streets

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"
REACH = Parameters(cutoff_m=500.0)


def served(net: Network, *stations: dict[str, object]) -> StreetService:
    inputs = Inputs(table("demand", []), table("stations", stations), streets=net)
    found = street_service(inputs, REACH)
    assert found is not None
    return found


def front(name: str, x: float, y: float, **more: object) -> dict[str, object]:
    return {"id": name, **place(x, y), "kind": "street_front", **more}


def test_a_street_is_served_as_far_as_one_walks_along_it() -> None:
    net = streets(
        ([(-900, 0), (900, 0)], "primary", "兴丰大街"),
        ([(900, 0), (900, 600)], "secondary", "清源路"),
        ([(0, 0), (0, 300)], "residential", "富强巷"),
    )
    found = served(net, front("a", 600, -20))
    by_name = {row.name: row for row in found.streets}
    assert set(by_name) == {"兴丰大街", "清源路"}
    # 480 m west and 300 m east of it, then 180 m up the next street.
    assert by_name["兴丰大街"].served_m == pytest.approx(480 + 300, rel=2e-3)
    assert by_name["兴丰大街"].share == pytest.approx(780 / 1800, rel=2e-3)
    assert by_name["清源路"].served_m == pytest.approx(180, rel=1e-2)
    assert [(row.name, round(row.length_m, -1)) for row in found.classes] == [
        ("primary", 1800),
        ("secondary", 600),
    ]
    assert found.total.served_m == pytest.approx(sum(row.served_m for row in found.streets))


def test_two_stations_serve_a_stretch_once() -> None:
    net = streets(([(-900, 0), (900, 0)], "primary", "兴丰大街"))
    once = served(net, front("a", 0, 0)).total.served_m
    twice = served(net, front("a", 0, 0), front("b", 100, 0)).total.served_m
    assert [once, twice] == pytest.approx([1000, 1100], rel=2e-3)


def test_carriageways_are_one_street_served_from_either() -> None:
    joined = served(carriageways(joined=True), front("a", 0, -10)).total
    assert joined.length_m == pytest.approx(1800, abs=10)
    assert joined.served_m == pytest.approx(980, abs=10)
    # Only the far one is reached, from the side of it: the street is served all the same.
    apart = served(carriageways(joined=False), front("a", 300, 40)).total
    assert apart.served_m == pytest.approx(980, abs=10)


@pytest.mark.parametrize(
    ("station", "counted"),
    [
        (front("a", 0, 0, kind="mobile"), 0),
        (front("a", 0, 0, state="closed"), 0),
        (front("a", 0, 0, kind=""), 1),
        (front("a", 0, 300, kind=""), 0),
        (front("a", 0, 300), 1),
    ],
)
def test_which_stations_are_street_front(station: dict[str, object], counted: int) -> None:
    net = streets(
        ([(-900, 0), (0, 0), (900, 0)], "primary", "兴丰大街"),
        ([(0, 0), (0, 300)], "residential", ""),
    )
    found = served(net, station)
    assert found.stations == counted
    assert (found.total.served_m > 0) == bool(counted)


def test_no_stations_no_main_streets_no_streets() -> None:
    net = streets(([(-900, 0), (900, 0)], "primary", "兴丰大街"))
    assert served(net).total.served_m == 0
    lane = streets(([(-900, 0), (900, 0)], "residential", "富强巷"))
    assert served(lane, front("a", 0, 0)).total.share == 0
    inputs = Inputs(table("demand", []), table("stations", []))
    assert street_service(inputs, REACH) is None


def test_heat_shortens_what_is_served() -> None:
    net = streets(([(-900, 0), (900, 0)], "primary", "兴丰大街"))
    inputs = Inputs(table("demand", []), table("stations", [front("a", 0, 0)]), streets=net)
    found = street_service(inputs, REACH, share=0.8)
    assert found is not None
    assert found.total.served_m == pytest.approx(800, rel=2e-3)


def test_the_sample_is_served_as_points_along_its_streets_say() -> None:
    files = {name: SAMPLE / f"{name}.csv" for name in ("stations",)}
    files["demand"] = SAMPLE / "demand.parquet"
    inputs, _ = read_inputs(InputFiles(tables=files, streets=SAMPLE / "streets.wsn"))
    net = inputs.streets
    found = street_service(inputs, Parameters())
    assert net is not None
    assert found is not None
    fronts = inputs.stations[inputs.stations["kind"] == "street_front"]
    code = net.classes.index("primary")
    random = np.random.default_rng(5)
    edges = np.flatnonzero((net.edge_class == code) & net.edge_open)
    # Places at random along primary roads; the walk to them by the travel matrix.
    weight = net.edge_cost_mm[edges] / net.edge_cost_mm[edges].sum()
    chosen = random.choice(edges, 4000, p=weight)
    lon, lat = np.empty(4000), np.empty(4000)
    for number, edge in enumerate(chosen.tolist()):
        line = slice(net.geom_ptr[edge], net.geom_ptr[edge + 1])
        at = random.uniform(0, net.edge_cost_mm[edge])
        lon[number] = np.interp(at, net.geom_mm[line], net.geom_lon[line])
        lat[number] = np.interp(at, net.geom_mm[line], net.geom_lat[line])
    ways = travel(
        net,
        fronts["lon"].to_numpy(dtype=float),
        fronts["lat"].to_numpy(dtype=float),
        lon,
        lat,
        cutoff_m=1000.0,
    )
    share = float(ways.covered(np.ones(len(fronts), dtype=bool)).mean())
    (primary,) = (row for row in found.classes if row.name == "primary")
    assert primary.share == pytest.approx(share, abs=0.02)
