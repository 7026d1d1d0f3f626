"""Networks that OSMnx users already have, as GraphML, without importing OSMnx."""

import ast
import itertools
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import FileRefusedError
from geo.plain_xml import DocumentTypeError, NotPlainXmlError, root_name
from geo.streets.build import Edges, build_network
from geo.streets.network import DEFAULT_ISLAND_BELOW_M, Network
from geo.streets.osm import OSM_LICENCE
from geo.streets.rules import TravelRules
from geo.streets.ways import network_meta, street_name

WGS84_NAMES = frozenset({"epsg:4326", "wgs84", "wgs 84", "ogc:crs84"})

_SPACE = "{http://graphml.graphdrawing.org/xmlns}"


def read_graphml(
    path: Path,
    head: bytes,
    rules: TravelRules,
    *,
    island_below_m: float = DEFAULT_ISLAND_BELOW_M,
) -> Network:
    """Return the network of an OSMnx GraphML file.

    OSMnx stores both directions of a street: edges between the same nodes along the same line are
    one. Edges along different lines stay apart. Lengths are geodesic, from the geometry. An edge
    merged from several ways is open when all of them are, at the speed of the slowest. In a
    directed profile a direction is open when the file has it: OSMnx drops what `oneway` closes,
    save in its walking networks, which say nothing about direction.

    Parameters
    ----------
    path
        The file.
    head
        Its first bytes, up to the root element at least.
    rules
        Choose the streets.
    island_below_m
        A component with less street is an island, metres.

    Raises
    ------
    FileRefusedError
        Not well-formed, with a document type, in projected coordinates, incomplete, or without an
        open street.
    """
    _require_plain(head, path.name)
    collected = StreetCollector(rules)
    date = ""
    try:
        for kind, key, facts in _elements(path):
            if kind == "graph":
                _require_degrees(facts.get("crs", "epsg:4326"), path.name)
                date = facts.get("created_date", "")[:10]
            elif kind == "node":
                collected.add_node(key[0], float(facts["x"]), float(facts["y"]))
            else:
                collected.add_edge(key[0], key[1], facts)
        edges = collected.finish()
    except (ET.ParseError, KeyError, ValueError, SyntaxError, shapely.GEOSException) as error:
        if isinstance(error, FileRefusedError):
            raise
        raise FileRefusedError(
            "streets_graphml_damaged", file=path.name, reason=str(error)
        ) from error
    meta = network_meta(rules, f"OSMnx ({path.name})", OSM_LICENCE, date, island_below_m)
    return build_network(edges, meta)


@dataclass
class StreetCollector:
    """Collects open streets from directed edges that may come once per direction."""

    rules: TravelRules
    number: dict[str, int] = field(default_factory=dict)
    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    osm_id: list[int] = field(default_factory=list)
    streets: list[tuple[str, str, Mapping[str, str], tuple[float, float]]] = field(
        default_factory=list
    )

    def add_node(self, key: str, lon: float, lat: float) -> None:
        """Keep a node; WGS-84 degrees."""
        if not (np.isfinite(lon) and np.isfinite(lat)):
            raise ValueError(key)
        self.number[key] = len(self.lon)
        self.lon.append(lon)
        self.lat.append(lat)
        self.osm_id.append(int(key) if key.lstrip("-").isdecimal() else 0)

    def add_edge(self, u: str, v: str, facts: Mapping[str, str]) -> None:
        """Keep an edge if it is open; `facts` are its OSMnx attributes as text."""
        speeds = [self.rules.speeds_kmh(tags) for tags in _merged_ways(facts, self.rules.tags_read)]
        ways = [speed for speed in speeds if speed]
        if len(ways) == len(speeds):
            slowest = (min(along for along, _ in ways), min(against for _, against in ways))
            self.streets.append((u, v, facts, slowest))

    def finish(self) -> Edges:
        """Return the streets, each once.

        Raises
        ------
        KeyError
            An edge names a node that is not there.
        """
        place: dict[tuple[int, int, bytes], int] = {}
        ends: list[tuple[int, int]] = []
        kmh: list[list[float]] = []
        lines, kept = [], []
        for u, v, facts, (along, against) in self.streets:
            a, b = self.number[u], self.number[v]
            line = self._line(a, b, facts)
            forward, backward = (a, b, line.tobytes()), (b, a, line[::-1].tobytes())
            if backward in place:
                known = kmh[place[backward]]
                known[:] = max(known[0], against), max(known[1], along)
            elif forward not in place:
                place[forward] = len(ends)
                ends.append((a, b))
                lines.append(line)
                kept.append(facts)
                kmh.append([along, against])
        speeds = np.array(kmh, dtype=np.float64).reshape(-1, 2)
        return replace(
            self._edges(ends, lines, kept), forward_kmh=speeds[:, 0], backward_kmh=speeds[:, 1]
        )

    def _line(self, a: int, b: int, facts: Mapping[str, str]) -> NDArray[np.float64]:
        if facts.get("geometry"):
            return np.ascontiguousarray(
                shapely.get_coordinates(shapely.from_wkt(facts["geometry"]))
            )
        return np.array([[self.lon[a], self.lat[a]], [self.lon[b], self.lat[b]]])

    def _edges(
        self,
        ends: list[tuple[int, int]],
        lines: list[NDArray[np.float64]],
        facts: list[Mapping[str, str]],
    ) -> Edges:
        pairs = np.array(ends, dtype=np.int64).reshape(-1, 2)
        points = np.concatenate(lines) if lines else np.zeros((0, 2))
        ptr = np.zeros(len(lines) + 1, dtype=np.int64)
        np.cumsum([len(line) for line in lines], out=ptr[1:])
        return Edges(
            node_lon=np.array(self.lon),
            node_lat=np.array(self.lat),
            u=pairs[:, 0],
            v=pairs[:, 1],
            geom_ptr=ptr,
            geom_lon=points[:, 0],
            geom_lat=points[:, 1],
            name=[street_name({"name": _first(entry.get("name", ""))}) for entry in facts],
            highway=[_first(entry["highway"]) for entry in facts],
            osm_way=np.array([int(_first(entry.get("osmid", "0"))) for entry in facts], dtype=int),
            node_osm=np.array(self.osm_id, dtype=np.int64),
        )


def _merged_ways(facts: Mapping[str, str], read: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Yield every combination of tags that the ways merged into an edge may have had."""
    keys = [key for key in read if key in facts]
    for values in itertools.product(*(as_list(facts[key]) for key in keys)):
        tags = dict(zip(keys, values, strict=True))
        if "oneway" in tags:
            # OSMnx has turned the line into its direction, and writes True or False.
            tags["oneway"] = tags["oneway"].lower()
        yield tags


def as_list(text: str) -> list[str]:
    """Return the values of an OSMnx attribute: a list is written as Python writes it."""
    if not (text.startswith("[") and text.endswith("]")):
        return [text]
    try:
        values = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):  # the last two: too deep
        return [text]
    return [str(value) for value in values] or [""]


def _first(text: str) -> str:
    return as_list(text)[0]


def _require_plain(head: bytes, name: str) -> None:
    """Refuse a document type, which may declare entities."""
    try:
        root_name(head)
    except DocumentTypeError as error:
        raise FileRefusedError("streets_graphml_doctype", file=name) from error
    except NotPlainXmlError as error:
        raise FileRefusedError("streets_graphml_damaged", file=name, reason=str(error)) from error


def _require_degrees(crs: str, name: str) -> None:
    if crs.strip().lower() not in WGS84_NAMES:
        raise FileRefusedError("streets_graphml_projected", file=name, crs=crs[:80])


def _elements(path: Path) -> Iterator[tuple[str, tuple[str, ...], dict[str, str]]]:
    """Yield graph, node and edge elements: kind, ids, attributes by their names."""
    keys: dict[str, str] = {}
    graph: dict[str, str] = {}
    told = False
    for _, element in ET.iterparse(path):  # noqa: S314 - no entities, see _require_plain
        tag = element.tag.removeprefix(_SPACE)
        if tag == "key":
            keys[element.attrib["id"]] = element.attrib["attr.name"]
        elif tag == "data" and element.attrib["key"] in keys:
            graph[keys[element.attrib["key"]]] = element.text or ""
        elif tag in {"node", "edge"}:
            if not told:
                told = True
                yield "graph", (), graph
            yield tag, _ids(tag, element), _facts(element, keys)
            element.clear()


def _ids(tag: str, element: "ET.Element") -> tuple[str, ...]:
    if tag == "node":
        return (element.attrib["id"],)
    return element.attrib["source"], element.attrib["target"]


def _facts(element: "ET.Element", keys: Mapping[str, str]) -> dict[str, str]:
    return {
        keys[data.attrib["key"]]: data.text or ""
        for data in element.iter(f"{_SPACE}data")
        if data.attrib.get("key") in keys
    }
