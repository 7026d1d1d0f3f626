import numpy as np
import shapely

from geo.datum import from_wgs84
from geo.intake.evidence import datum_evidence
from geo.streets import Network, Way, network_from_ways
from geo.zones import Zones


def grid_of_streets() -> Network:
    lats = 39.70 + 0.0031 * np.arange(20)
    lon = np.tile([116.30, 116.38], len(lats))
    lat = np.repeat(lats, 2)
    ways = [
        Way(nodes=(2 * i, 2 * i + 1), tags={"highway": "residential"}, osm_id=i)
        for i in range(len(lats))
    ]
    return network_from_ways(lon, lat, ways, source="made", licence="", date="")


def test_points_on_streets_speak_for_their_true_datum() -> None:
    lon = np.linspace(116.31, 116.37, 30)
    lat = np.asarray(39.70 + 0.0031 * (np.arange(30) % 20) + 0.00005, dtype=np.float64)
    shifted = from_wgs84(lon, lat, "gcj02")
    judged = datum_evidence(*shifted, "wgs84", streets=grid_of_streets())
    near = {item.datum: item.near_share for item in judged}
    assert near["gcj02"] == 1.0
    assert near["wgs84"] is not None
    assert near["wgs84"] < 0.5
    same = datum_evidence(lon, lat, "gcj02", streets=grid_of_streets())
    assert {item.datum: item.near_share for item in same}["gcj02"] == 1.0


def test_a_boundary_speaks_too() -> None:
    outline = Zones(("",), np.array([shapely.box(116.3, 39.7, 116.31, 39.71)]))
    lon, lat = from_wgs84([116.3001, 116.3099], [39.7001, 39.7099], "bd09")
    inside = {e.datum: e.inside_share for e in datum_evidence(lon, lat, "wgs84", boundary=outline)}
    assert inside["bd09"] == 1.0
    assert inside["wgs84"] == 0.0
    sentence = datum_evidence(lon, lat, "wgs84", boundary=outline)[2].sentence("zh")
    assert sentence == "按百度坐标（BD-09）：100.0% 的点在区界内"


def test_without_anything_to_compare_there_is_no_evidence() -> None:
    nothing = np.array([])
    assert datum_evidence(np.array([116.3]), np.array([39.7]), "wgs84") == ()
    assert datum_evidence(nothing, nothing, "wgs84", streets=grid_of_streets()) == ()
    assert (
        datum_evidence(np.array([1.0]), np.array([1.0]), "EPSG:4548", streets=grid_of_streets())
        == ()
    )
