"""GraphML that OSMnx and we read back."""

from pathlib import Path

import numpy as np
import pytest

from geo.streets import (
    Network,
    Way,
    load_streets,
    network_from_ways,
    save_graphml,
    street_classes,
    street_names,
)
from geo.streets.network import ARRAYS
from geo.streets.rules import Profile

ox = pytest.importorskip("osmnx")


def _net(profile: Profile = "walk") -> Network:
    lon = [116.40, 116.41, 116.41, 116.42, 116.4151234567891]
    lat = [39.70, 39.70, 39.71, 39.70, 39.7051]
    ways = [
        Way([0, 1], {"highway": "primary", "name": "兴华大街", "oneway": "yes"}, 7),
        Way([1, 2, 1], {"highway": "service", "name": "A & B <弄>\x07"}, 8),
        Way([1, 3], {"highway": "residential"}, 9),
        Way([3, 4, 1], {"highway": "footway"}, 10),
    ]
    return network_from_ways(
        lon, lat, ways, source="来源", licence="无", date="2026-01-01", profile=profile
    )


def test_osmnx_reads_lengths_names_and_classes(tmp_path: Path) -> None:
    net = _net()
    save_graphml(net, tmp_path / "streets.graphml")
    graph = ox.load_graphml(tmp_path / "streets.graphml")
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (net.nodes, 2 * net.edges)
    assert graph.graph["crs"] == "epsg:4326"
    every = np.arange(net.edges)
    ours = zip(
        (net.edge_cost_mm / 1000).tolist(),
        (name.replace("\x07", "") for name in street_names(net, every)),
        street_classes(net, every),
        net.edge_osm_way.tolist(),
        strict=True,
    )
    theirs = [
        (facts["length"], facts.get("name", ""), facts["highway"], facts["osmid"])
        for _, _, facts in graph.edges(data=True)
    ]
    assert sorted(theirs) == sorted(2 * list(ours))
    for u, _, facts in graph.edges(data=True):
        first = facts["geometry"].coords[0]
        assert first == (graph.nodes[u]["x"], graph.nodes[u]["y"])
        assert facts["oneway"] is False


def test_what_we_wrote_we_read_back_as_it_was(tmp_path: Path) -> None:
    net = _net()
    save_graphml(net, tmp_path / "streets.graphml")
    back = load_streets(tmp_path / "streets.graphml")
    for name in set(ARRAYS) - {"edge_name", "node_osm"}:
        assert np.array_equal(getattr(net, name), getattr(back, name)), name
    assert back.meta.bbox == net.meta.bbox


def test_only_open_directions_are_written_and_come_back(tmp_path: Path) -> None:
    net = _net("ebike")
    save_graphml(net, tmp_path / "ride.graphml")
    graph = ox.load_graphml(tmp_path / "ride.graphml")
    assert graph.number_of_edges() == len(net.arc_head) == 2 * net.edges - 1
    one_way = [facts for _, _, facts in graph.edges(data=True) if facts["oneway"]]
    assert [facts["osmid"] for facts in one_way] == [7]
    seconds = sorted(facts["travel_time"] for _, _, facts in graph.edges(data=True))
    assert seconds == pytest.approx(sorted((net.arc_cost / 1000).tolist()))
    back = load_streets(tmp_path / "ride.graphml", "ebike")
    assert np.array_equal(np.sort(back.arc_cost), np.sort(net.arc_cost))


def test_nodes_keep_their_osm_ids_where_all_have_one(tmp_path: Path) -> None:
    text = """<osm version="0.6">
      <node id="11" lon="116.40" lat="39.70"/><node id="12" lon="116.41" lat="39.70"/>
      <way id="5"><nd ref="11"/><nd ref="12"/><tag k="highway" v="primary"/></way></osm>"""
    (tmp_path / "a.osm").write_text(text, encoding="utf-8")
    net = load_streets(tmp_path / "a.osm")
    assert sorted(net.node_osm.tolist()) == [11, 12]
    save_graphml(net, tmp_path / "streets.graphml")
    assert set(ox.load_graphml(tmp_path / "streets.graphml").nodes) == {11, 12}
    assert sorted(load_streets(tmp_path / "streets.graphml").node_osm.tolist()) == [11, 12]


@pytest.mark.outside_data
def test_a_real_network_comes_back_as_it_was(outside_data: Path, tmp_path: Path) -> None:
    net = load_streets(outside_data / "shenzhen_futian_osmnx.graphml")
    save_graphml(net, tmp_path / "futian.graphml")
    back = load_streets(tmp_path / "futian.graphml")
    for name in ARRAYS:
        assert np.array_equal(getattr(net, name), getattr(back, name)), name
    graph = ox.load_graphml(tmp_path / "futian.graphml")
    assert any(facts.get("name") == "深南大道" for _, _, facts in graph.edges(data=True))
