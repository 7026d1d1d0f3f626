"""Street files of every kind, told apart by content; OSM XML, GraphML, and the real extracts."""

import bz2
import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from geo.errors import FileRefusedError
from geo.streets import load, load_streets, street_classes, street_names, summary
from geo.streets.graphml import as_list
from geo.streets.rules import WalkRules, walk_rules

OSM_XML = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="1" lat="39.70" lon="116.40"/><node id="2" lat="39.70" lon="116.41"/>
 <node id="3" lat="39.71" lon="116.41"/><node id="5" lat="39.71" lon="116.42"/>
 <way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/>
  <tag k="highway" v="residential"/><tag k="name" v="兴华大街"/><tag k="oneway" v="yes"/></way>
 <way id="11"><nd ref="2"/><nd ref="5"/><nd ref="4"/><tag k="highway" v="footway"/></way>
 <way id="12"><nd ref="3"/><nd ref="5"/><tag k="highway" v="motorway"/></way>
</osm>
"""

GRAPHML = """<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d9" for="edge" attr.name="osmid" attr.type="string"/>
<key id="d8" for="edge" attr.name="geometry" attr.type="string"/>
<key id="d7" for="edge" attr.name="highway" attr.type="string"/>
<key id="d6" for="edge" attr.name="name" attr.type="string"/>
<key id="d5" for="node" attr.name="x" attr.type="string"/>
<key id="d4" for="node" attr.name="y" attr.type="string"/>
<key id="d2" for="graph" attr.name="crs" attr.type="string"/>
<key id="d0" for="graph" attr.name="created_date" attr.type="string"/>
<graph edgedefault="directed"><data key="d0">2023-05-25 21:45:25</data><data key="d2">{crs}</data>
<node id="1"><data key="d4">39.70</data><data key="d5">116.40</data></node>
<node id="2"><data key="d4">39.70</data><data key="d5">116.41</data></node>
{edges}
</graph></graphml>
"""

BEND = "LINESTRING (116.40 39.70, 116.405 39.71, 116.41 39.70)"
BEND_BACK = "LINESTRING (116.41 39.70, 116.405 39.71, 116.40 39.70)"


def _edge(source: int, target: int, **facts: str) -> str:
    keys = {"osmid": "d9", "geometry": "d8", "highway": "d7", "name": "d6"}
    data = "".join(f'<data key="{keys[name]}">{text}</data>' for name, text in facts.items())
    return f'<edge source="{source}" target="{target}" id="0">{data}</edge>'


def _write(folder: Path, content: str | bytes, name: str = "streets.dat") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress], ids=["xml", "gz", "bz2"])
def test_osm_xml_is_known_by_its_content(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    net = load_streets(_write(tmp_path, pack(OSM_XML.encode())))
    # Node 4 is not in the file: its way ends at node 5.
    assert (net.nodes, net.edges) == (4, 3)
    names = dict(zip(net.edge_osm_way.tolist(), street_names(net, np.arange(3)), strict=True))
    assert names == {10: "兴华大街", 11: ""}
    assert sorted(street_classes(net, np.arange(3))) == ["footway", "residential", "residential"]
    assert "OpenStreetMap" in net.meta.licence


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "streets_format_unknown"),
        ("id,lon,lat\n1,116.4,39.7\n", "streets_format_unknown"),
        ("<html></html>", "streets_format_unknown"),
        (gzip.compress(b"id,lon,lat"), "streets_format_unknown"),
        (b"\x1f\x8bnothing packed", "streets_format_unknown"),
        (OSM_XML[:300], "streets_osm_damaged"),
        ('<osm version="0.6"></osm>', "streets_no_edges"),
        (b"\0\0\0\x0d\x0a\x09OSMHeader\x18\x7c rubbish", "streets_osm_damaged"),
    ],
    ids=["empty", "csv", "html", "gz csv", "no gz", "cut xml", "no ways", "cut pbf"],
)
def test_what_is_no_street_file_is_refused_with_a_sentence(
    tmp_path: Path, content: str | bytes, code: str
) -> None:
    with pytest.raises(FileRefusedError) as caught:
        load_streets(_write(tmp_path, content))
    assert caught.value.code == code
    for lang in ("zh", "en"):
        assert "streets.dat" in caught.value.message(lang)


def test_swapped_coordinates_are_refused(tmp_path: Path) -> None:
    swapped = OSM_XML.replace('lat="39', 'lat="139')
    with pytest.raises(FileRefusedError, match="longitude and latitude"):
        load_streets(_write(tmp_path, swapped))


def test_a_missing_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="no street file"):
        load_streets(tmp_path / "none.osm.pbf")


def test_both_directions_of_an_osmnx_street_are_one_edge(tmp_path: Path) -> None:
    edges = [
        _edge(1, 2, osmid="7", highway="primary", name="['兴华大街', '黄村西大街']"),
        _edge(2, 1, osmid="7", highway="primary", name="['兴华大街', '黄村西大街']"),
        _edge(1, 2, osmid="[8, 9]", highway="footway", geometry=BEND),
        _edge(2, 1, osmid="[9, 8]", highway="footway", geometry=BEND_BACK),
        _edge(1, 1, osmid="5", highway="service", geometry=BEND.replace("116.41 ", "116.40 ")),
        _edge(2, 1, osmid="4", highway="['residential', 'motorway_link']"),
    ]
    text = GRAPHML.format(crs="epsg:4326", edges="\n".join(edges))
    net = load_streets(_write(tmp_path, text))
    assert sorted(net.edge_osm_way.tolist()) == [5, 7, 8]
    assert set(street_names(net, np.arange(3))) == {"兴华大街", ""}
    assert net.meta.date == "2023-05-25"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (GRAPHML.format(crs="epsg:32650", edges=""), "streets_graphml_projected"),
        (GRAPHML.format(crs="epsg:4326", edges=""), "streets_no_edges"),
        (
            GRAPHML.format(crs="epsg:4326", edges=_edge(1, 9, highway="path")),
            "streets_graphml_damaged",
        ),
        (
            GRAPHML.format(crs="epsg:4326", edges=_edge(1, 2, highway="path", geometry="LINE (0")),
            "streets_graphml_damaged",
        ),
        (GRAPHML.format(crs="epsg:4326", edges="")[:-20], "streets_graphml_damaged"),
        (
            GRAPHML.format(crs="epsg:4326", edges="").replace("116.40", "east"),
            "streets_graphml_damaged",
        ),
        (
            GRAPHML.format(crs="epsg:4326", edges="").replace(
                "<graphml", '<!DOCTYPE g [<!ENTITY a "aaaa">]>\n<graphml', 1
            ),
            "streets_graphml_doctype",
        ),
    ],
    ids=["projected", "no edges", "no node", "bad line", "cut", "bad number", "doctype"],
)
def test_a_spoilt_graphml_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(FileRefusedError) as caught:
        load_streets(_write(tmp_path, text))
    assert caught.value.code == code
    assert "streets.dat" in caught.value.message("zh")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("residential", ["residential"]),
        ("['a', 'b']", ["a", "b"]),
        ("[1, 2]", ["1", "2"]),
        ("[not python]", ["[not python]"]),
        ("[]", [""]),
    ],
)
def test_osmnx_lists_are_read_as_python_wrote_them(text: str, values: list[str]) -> None:
    assert as_list(text) == values


@pytest.mark.outside_data
def test_the_published_size_of_porto_alegre_comes_out_under_its_own_rules(
    outside_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The published count takes access=private and access=no as walkable; ours does not.
    ours = walk_rules()
    theirs = WalkRules(
        version="published",
        highways=ours.highways,
        with_permission=frozenset(),
        refuses={key: frozenset() for key in ours.refuses}
        | {"foot": frozenset({"no"}), "area": frozenset({"yes"})},
        foot_allows=frozenset(),
    )
    strict = summary(load_streets(outside_data / "poa.osm.pbf"))
    monkeypatch.setattr(load, "travel_rules", lambda _: theirs)
    net = load_streets(outside_data / "poa.osm.pbf")
    assert len(net.geom_lon) - net.edges == 47_730
    assert summary(net).street_km == pytest.approx(1957, abs=1)
    assert summary(net).largest_component_share == pytest.approx(0.989, abs=0.003)
    assert strict.street_km == pytest.approx(1835, abs=1)
    assert strict.islands == 55


@pytest.mark.outside_data
def test_the_other_towns_of_andorra_are_not_islands(outside_data: Path) -> None:
    told = summary(load_streets(outside_data / "andorra.osm.pbf"))
    assert told.largest_component_share == pytest.approx(0.816, abs=0.001)
    assert told.components - told.islands == 5


@pytest.mark.outside_data
def test_an_osmnx_network_with_chinese_names_is_read(outside_data: Path) -> None:
    net = load_streets(outside_data / "shenzhen_futian_osmnx.graphml")
    told = summary(net)
    assert told.nodes == pytest.approx(1751, rel=0.03)
    assert "深南大道" in net.names
    assert not any(name.startswith("[") for name in (*net.names, *net.classes))
