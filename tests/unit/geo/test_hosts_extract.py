"""Hosts out of an OSM file: points, areas at their door or street side, what is known of them."""

from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely

from geo.crs import LocalFrame
from geo.errors import FileRefusedError
from geo.hosts import HostsFound, extract_hosts
from geo.hosts.places import Place
from geo.hosts.placing import STEP_M, place_hosts
from geo.hosts.tags import host_rules
from geo.streets import Network, Way, load_streets, network_from_ways

LON, LAT = 116.33, 39.73
FRAME = LocalFrame(LON, LAT)


class Drawing:
    """An OSM file drawn in metres around a place in Daxing."""

    def __init__(self) -> None:
        self.nodes: list[str] = []
        self.others: list[str] = []

    def node(self, x: float, y: float, **tags: str) -> int:
        lon, lat = (float(part) for part in FRAME.to_degrees(x, y))
        number = len(self.nodes) + 1
        self.nodes.append(
            f'<node id="{number}" lon="{lon:.7f}" lat="{lat:.7f}">{_tags(tags)}</node>'
        )
        return number

    def way(self, number: int, nodes: list[int], **tags: str) -> None:
        refs = "".join(f'<nd ref="{node}"/>' for node in nodes)
        self.others.append(f'<way id="{number}">{refs}{_tags(tags)}</way>')

    def square(self, number: int, corner: tuple[float, float], side: float, **tags: str) -> None:
        x, y = corner
        spots = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
        nodes = [self.node(*spot) for spot in spots]
        self.way(number, [*nodes, nodes[0]], **tags)

    def relation(self, number: int, ways: dict[int, str], **tags: str) -> None:
        members = "".join(
            f'<member type="way" ref="{way}" role="{role}"/>' for way, role in ways.items()
        )
        self.others.append(f'<relation id="{number}">{members}{_tags(tags)}</relation>')

    def save(self, path: Path) -> Path:
        body = "".join((*self.nodes, *self.others))
        path.write_text(f'<osm version="0.6">{body}</osm>', encoding="utf-8")
        return path


def _tags(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{key.replace("__", ":")}" v="{tags[key]}"/>' for key in tags)


def at_m(found: HostsFound, host: str) -> tuple[float, float]:
    row = found.frame.set_index("id").loc[host]
    x, y = FRAME.to_m(row["lon"], row["lat"])
    return round(float(x), 1), round(float(y), 1)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> HostsFound:
    """A main street along y = 0, and hosts north of it."""
    draw = Drawing()
    street = [draw.node(x, 0) for x in (-500, 0, 500)]
    draw.way(1, street, highway="secondary", name="兴华大街")
    back = [draw.node(x, 130) for x in (-500, 500)]
    draw.way(2, back, highway="footway")
    draw.node(10, 20, amenity="bank", name="甲银行", opening_hours="Mo-Fr 09:00-17:00")
    draw.node(60, 20, amenity="fuel", name="乙加油站", opening_hours="周一至周五 8点-18点")
    draw.node(90, 20, amenity="fuel", opening_hours="somewhen")
    address = {"addr__district": "大兴区", "addr__street": "兴华大街", "addr__housenumber": "5号"}
    draw.square(10, (100, 30), 80, amenity="hospital", name="丙医院", **address)
    corner = [draw.node(*spot) for spot in ((200, 30), (280, 30), (280, 110), (200, 110))]
    door = draw.node(280, 70, entrance="main")
    draw.node(200, 70, entrance="main")  # not on the outline
    draw.way(11, [*corner[:2], door, *corner[2:], corner[0]], shop="mall", name="丁商场")
    draw.node(240, 70, shop="mall", name="丁商场", opening_hours="10:00-22:00")
    draw.square(12, (300, 30), 80)
    draw.square(13, (320, 50), 20)
    draw.relation(20, {12: "outer", 13: "inner"}, type="multipolygon", amenity="school")
    open_line = [draw.node(x, 40) for x in (400, 410, 420)]
    draw.way(14, open_line, amenity="library", name="线")
    draw.relation(21, {2: "outer"}, type="multipolygon", amenity="school", name="破")
    draw.square(15, (-2000, 4000), 30, office="logistics")
    path = draw.save(tmp_path_factory.mktemp("hosts") / "place.osm")
    return extract_hosts(path, load_streets(path))


def test_every_host_is_there_once(found: HostsFound) -> None:
    assert dict(zip(found.frame["id"], found.frame["host_type"], strict=True)) == {
        "osm-n6": "bank",
        "osm-n7": "fuel",
        "osm-n8": "fuel",
        "osm-w10": "hospital",
        "osm-w11": "mall",
        "osm-w14": "library",
        "osm-w15": "logistics_park",
        "osm-r20": "school",
    }
    assert found.left_out == (21,)
    assert found.doubled == 1
    assert found.as_dict()["by_type"]["fuel"] == 2


def test_areas_stand_at_their_door_or_their_street_side(found: HostsFound) -> None:
    how = dict(zip(found.frame["id"], found.how, strict=True))
    assert how["osm-w11"] == "door"
    assert at_m(found, "osm-w11") == (280.0, 70.0)
    assert how["osm-w10"] == "street_side"
    x, y = at_m(found, "osm-w10")
    assert (100 <= x <= 180, y) == (True, 30.0)  # the footway behind is nearer to no avail
    assert how["osm-r20"] == "street_side"
    assert at_m(found, "osm-r20")[1] == 30.0
    assert how["osm-w15"] == "inside"
    assert at_m(found, "osm-w15") == (-1985.0, 4015.0)
    assert (how["osm-n6"], at_m(found, "osm-n6")) == ("point", (10.0, 20.0))
    assert at_m(found, "osm-w14") == (410.0, 40.0)


def test_what_the_map_knows_is_kept(found: HostsFound) -> None:
    rows = found.frame.set_index("id")
    assert rows.loc["osm-n6", "hours"] == "Mo-Fr 09:00-17:00"
    assert rows.loc["osm-n7", "hours"] == "Mo-Fr 08:00-18:00"
    assert rows.loc["osm-n8", "hours"] == ""
    assert found.hours_unread == 1
    assert rows.loc["osm-w10", "address"] == "大兴区兴华大街5号"
    assert rows.loc["osm-w11", "hours"] == "10:00-22:00"  # from the point inside it
    assert (rows["position_state"] == "given").all()


def test_the_street_side_is_the_nearest_spot_of_the_outline() -> None:
    """Against shapely, over random polygons beside random streets."""
    rng = np.random.default_rng(3)
    ends = rng.uniform(-400, 400, (12, 2, 2))
    net = _network(ends)
    lines = shapely.MultiLineString(list(ends))
    shapes: list[shapely.Polygon] = []
    places: list[Place] = []
    for number in range(150):
        corners = rng.uniform(-400, 400, 2) + rng.uniform(-40, 40, (6, 2))
        hull = shapely.Polygon(shapely.get_exterior_ring(shapely.MultiPoint(corners).convex_hull))
        lon, lat = FRAME.to_degrees(*shapely.get_coordinates(hull).T)
        wkb = shapely.Polygon(np.column_stack((lon, lat))).wkb
        shapes.append(hull)
        places.append(Place("way", number, "school", "", "", "", np.nan, np.nan, wkb))
    placed = place_hosts(tuple(places), net, host_rules().placing)
    x, y = FRAME.to_m(placed.lon, placed.lat)
    nearest = [shape.exterior.distance(lines) for shape in shapes]
    sides = 0
    for row, (shape, far) in enumerate(zip(shapes, nearest, strict=True)):
        spot = shapely.Point(x[row], y[row])
        if placed.how[row] == "inside":
            assert far > host_rules().placing.street_m - 0.1
            assert shape.contains(spot)
            continue
        sides += 1
        assert shape.exterior.distance(spot) < 0.05
        assert far - 0.05 <= spot.distance(lines) <= far + STEP_M / 2 + 0.05
    assert sides > 100


def _network(ends: np.ndarray) -> Network:
    lon, lat = FRAME.to_degrees(*ends.reshape(-1, 2).T)
    ways = [Way((2 * i, 2 * i + 1), {"highway": "residential"}) for i in range(len(ends))]
    return network_from_ways(lon, lat, ways, source="", licence="", date="", island_below_m=0.1)


def test_other_files_are_refused(tmp_path: Path) -> None:
    table = tmp_path / "hosts.csv"
    table.write_text("id,name\n", encoding="utf-8")
    with pytest.raises(FileRefusedError, match="no OSM file"):
        extract_hosts(table, None)
    broken = tmp_path / "broken.osm"
    broken.write_text('<osm version="0.6"><node id="1"', encoding="utf-8")
    with pytest.raises(FileRefusedError, match=r"broken\.osm"):
        extract_hosts(broken, None)


@pytest.mark.full
@pytest.mark.parametrize(
    ("file", "twice"),
    # Drawn twice, as a point and as an area: left out once.
    [("poa.osm.pbf", {}), ("andorra.osm.pbf", {"supermarket": 1})],
)
def test_counts_are_those_of_a_bare_loop(
    outside_data: Path, file: str, twice: dict[str, int]
) -> None:
    """Every object of the file by hand-written conditions."""
    wanted = {
        "bank": {("amenity", "bank")},
        "fuel": {("amenity", "fuel")},
        "hospital": {("amenity", "hospital"), ("healthcare", "hospital")},
        "mall": {("shop", "mall"), ("shop", "department_store")},
        "restaurant": {("amenity", name) for name in ("restaurant", "fast_food", "food_court")},
        "school": {("amenity", name) for name in ("school", "college", "university")},
        "supermarket": {("shop", "supermarket"), ("shop", "convenience")},
    }
    counted = dict.fromkeys(wanted, 0)
    for entry in osmium.FileProcessor(outside_data / file):
        for host_type, pairs in wanted.items():
            counted[host_type] += any((tag.k, tag.v) in pairs for tag in entry.tags)
    found = extract_hosts(outside_data / file, load_streets(outside_data / file))
    types = found.frame["host_type"].value_counts()
    assert {name: int(types.get(name, 0)) + twice.get(name, 0) for name in wanted} == counted
    assert found.doubled == sum(twice.values())


def test_areas_and_stops_come_along(tmp_path: Path) -> None:
    draw = Drawing()
    draw.square(1, (0, 0), 100, shop="mall", building="retail", building__levels="4")
    draw.square(2, (300, 0), 50, amenity="hospital", building__levels="9")
    draw.square(3, (600, 0), 20, shop="mall", building="yes", building__levels="many")
    draw.node(0, 300, shop="mall")
    draw.node(0, 400, highway="bus_stop", name="康庄路口", public_transport="platform")
    draw.node(5, 405, public_transport="stop_position", bus="yes")
    draw.node(0, 500, railway="subway_entrance", name="A 口")
    frame = extract_hosts(draw.save(tmp_path / "venues.osm"), None).frame.set_index("id")
    # Four floors of a building; grounds are no building, however high what stands on them.
    assert frame.loc["osm-w1", "area_m2"] == pytest.approx(40_000, rel=1e-3)
    assert frame.loc["osm-w2", "area_m2"] == pytest.approx(2500, rel=1e-3)
    assert frame.loc["osm-w3", "area_m2"] == pytest.approx(400, rel=1e-3)
    kinds = dict(zip(frame["name"], frame["host_type"], strict=True))
    assert (kinds["康庄路口"], kinds["A 口"]) == ("bus_stop", "metro_entrance")
    assert frame["area_m2"].notna().sum() == 3
    assert len(frame) == 6
