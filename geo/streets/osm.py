""".osm.pbf and OSM XML by pyosmium, straight into arrays."""

import os
from array import array
from pathlib import Path

import numpy as np
import osmium
from osmium.filter import KeyFilter

from geo.errors import FileRefusedError
from geo.streets.build import Edges, build_network
from geo.streets.network import DEFAULT_ISLAND_BELOW_M, Float64, Int64, Network
from geo.streets.rules import TravelRules
from geo.streets.ways import Lines, cut_at_junctions, network_meta, street_name

OSM_LICENCE = "ODbL 1.0, © OpenStreetMap contributors"
OSM_UNITS_PER_DEGREE = 10_000_000
"""OSM keeps positions as whole numbers of 1e-7 degree."""

_NO_POSITION = 2**31 - 1
_NAMES = ("name", "name:zh")


def read_osm(
    path: Path,
    form: str,
    rules: TravelRules,
    *,
    island_below_m: float = DEFAULT_ISLAND_BELOW_M,
) -> Network:
    """Return the network of an OSM file.

    Parameters
    ----------
    path
        The file.
    form
        osmium's name of its format: `pbf`, `osm`, `osm.gz` or `osm.bz2`.
    rules
        Choose the ways.
    island_below_m
        A component with less street is an island, metres.

    Raises
    ------
    FileRefusedError
        The file is damaged, or no way in it is open.
    """
    edges, date = _edges(path, form, rules)
    provider = f"OpenStreetMap ({path.name})"
    meta = network_meta(rules, provider, OSM_LICENCE, date[:10], island_below_m)
    return build_network(edges, meta)


def _edges(path: Path, form: str, rules: TravelRules) -> tuple[Edges, str]:
    """Return the edges and the date; all ways and the index of all nodes are let go here."""
    reader = _WayReader(rules)
    try:
        file = osmium.io.File(os.fspath(path), form)
        source = osmium.FileProcessor(file).with_locations().with_filter(KeyFilter("highway"))
        date = source.header.get("osmosis_replication_timestamp", "")
        for entry in source:
            if isinstance(entry, osmium.osm.Way):
                reader.add(entry)
    except RuntimeError as error:
        raise FileRefusedError("streets_osm_damaged", file=path.name) from error
    del source
    lines, lon, lat = reader.finish()
    del reader
    return cut_at_junctions(lon, lat, lines), date


class _WayReader:
    """Collects chosen ways in flat arrays: a nation's vertices as objects would not fit."""

    def __init__(self, rules: TravelRules) -> None:
        self.rules = rules
        self.tags = (*rules.tags_read, *_NAMES)
        self.refs, self.x, self.y = array("q"), array("i"), array("i")
        self.size, self.way_id, self.kmh = array("q"), array("q"), array("d")
        self.name: list[str] = []
        self.highway: list[str] = []

    def add(self, way: "osmium.osm.Way") -> None:
        tags = {key: value for key in self.tags if (value := way.tags.get(key)) is not None}
        speeds = self.rules.speeds_kmh(tags)
        if speeds is None:
            return
        self.kmh.extend(speeds)
        nodes = list(way.nodes)
        self.refs.extend([node.ref for node in nodes])
        self.x.extend([node.x for node in nodes])
        self.y.extend([node.y for node in nodes])
        self.size.append(len(nodes))
        self.way_id.append(way.id)
        self.name.append(street_name(tags))
        self.highway.append(tags["highway"])

    def finish(self) -> tuple[Lines, Float64, Float64]:
        ids, first, nodes = np.unique(
            np.frombuffer(self.refs, dtype=np.int64), return_index=True, return_inverse=True
        )
        lon, lat = (self._degrees(part, first) for part in (self.x, self.y))
        size = np.frombuffer(self.size, dtype=np.int64)
        lines = Lines(
            nodes=nodes.astype(np.int64),
            way=np.repeat(np.arange(len(size)), size),
            name=self.name,
            highway=self.highway,
            osm_way=np.frombuffer(self.way_id, dtype=np.int64),
            kmh=np.frombuffer(self.kmh, dtype=np.float64).reshape(-1, 2),
            node_osm=ids,
        )
        return lines, lon, lat

    @staticmethod
    def _degrees(units: "array[int]", chosen: Int64) -> Float64:
        whole = np.frombuffer(units, dtype=np.int32)[chosen]
        return np.where(whole == _NO_POSITION, np.nan, whole / OSM_UNITS_PER_DEGREE)
