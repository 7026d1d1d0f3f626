"""Networks for those who work with OSMnx: GraphML that its `load_graphml` reads."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from xml.sax.saxutils import escape

import numpy as np
import shapely

from geo.streets.network import Int64, Network, street_classes, street_names
from geo.whole import whole_file

UNKNOWN_CLASS = "road"
"""OSM's `highway` value for a street of unknown class."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = """<?xml version="1.0" encoding="utf-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
"""
# What OSMnx calls an attribute, of what it is, and its type in GraphML: OSMnx keeps all as text.
_KEYS = {
    "crs": "graph",
    "created_date": "graph",
    "created_with": "graph",
    "x": "node",
    "y": "node",
    "osmid": "edge",
    "name": "edge",
    "highway": "edge",
    "oneway": "edge",
    "reversed": "edge",
    "length": "edge",
    "travel_time": "edge",
    "geometry": "edge",
}
_NUMBER = {name: f"d{i}" for i, name in enumerate(_KEYS)}


def save_graphml(net: Network, path: str | os.PathLike[str]) -> None:
    """Write `net` as OSMnx writes a graph; a reader sees the old file or the whole new one.

    Every open direction of an edge is an edge of its own, with `length` in metres, the full
    `geometry`, the `osmid` of its way, and in a timed profile `travel_time` in seconds. Nodes
    carry their OSM ids where all have one, numbers from 0 otherwise. A street without a class
    becomes `highway=road`. Read it with `osmnx.load_graphml(path)` or with `load_streets(path)`.
    """
    with whole_file(path) as file:
        for text in _parts(net):
            file.write(text.encode())


def _parts(net: Network) -> Iterator[str]:
    yield _HEAD
    for name, kind in _KEYS.items():
        key = f'id="{_NUMBER[name]}" for="{kind}"'
        yield f'<key {key} attr.name="{name}" attr.type="string"/>\n'
    yield '<graph edgedefault="directed">\n'
    about = {
        "crs": "epsg:4326",
        "created_date": net.meta.date,
        "created_with": f"{net.meta.source}; {net.meta.licence}",
    }
    yield _data(about)
    ids = _node_ids(net)
    places = zip(ids.tolist(), net.node_lon.tolist(), net.node_lat.tolist(), strict=True)
    for number, lon, lat in places:
        yield f'<node id="{number}">{_data({"x": repr(lon), "y": repr(lat)})}</node>\n'
    yield from _edges(net, ids)
    yield "</graph>\n</graphml>\n"


def _node_ids(net: Network) -> Int64:
    known = len(np.unique(net.node_osm)) == net.nodes and bool((net.node_osm != 0).all())
    return net.node_osm if known else np.arange(net.nodes)


def _edges(net: Network, ids: Int64) -> Iterator[str]:
    every = np.arange(net.edges)
    labels = zip(street_names(net, every), street_classes(net, every), strict=True)
    ends = zip(ids[net.edge_u].tolist(), ids[net.edge_v].tolist(), strict=True)
    keys: Counter[tuple[int, int]] = Counter()
    for edge, ((u, v), (name, highway)) in enumerate(zip(ends, labels, strict=True)):
        line = _line(net, edge)
        costs = (int(net.edge_forward[edge]), int(net.edge_backward[edge]))
        facts = {
            "osmid": str(net.edge_osm_way[edge]),
            "name": name,
            "highway": highway or UNKNOWN_CLASS,
            "oneway": str(min(costs) < 0),
            "length": repr(int(net.edge_cost_mm[edge]) / 1000),
        }
        directions = ((u, v, line, costs[0]), (v, u, line[::-1], costs[1]))
        for back, (tail, head, way, cost) in enumerate(directions):
            if cost < 0:
                continue
            # OSMnx calls a one-way street that was drawn against its direction reversed as well.
            facts["reversed"] = str(bool(back))
            facts["travel_time"] = repr(cost / 1000) if net.meta.cost_unit == "ms" else ""
            facts["geometry"] = shapely.LineString(way).wkt
            key = keys[tail, head]
            keys[tail, head] += 1
            yield f'<edge source="{tail}" target="{head}" id="{key}">{_data(facts)}</edge>\n'


def _line(net: Network, edge: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    part = slice(net.geom_ptr[edge], net.geom_ptr[edge + 1])
    return np.column_stack((net.geom_lon[part], net.geom_lat[part]))


def _data(facts: dict[str, str]) -> str:
    """Return the elements of attributes, empty ones left out."""
    return "".join(
        f'<data key="{_NUMBER[name]}">{escape(_FORBIDDEN.sub("", text))}</data>'
        for name, text in facts.items()
        if text
    )
