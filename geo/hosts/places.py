"""Places of an OSM file that the rules take for hosts, by pyosmium: points, and areas as outlines.

A place is a node, a closed way or a multipolygon. A way that is not closed, or that says `area=no`,
stands at its middle vertex. A relation that closes no area is left out and counted.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import osmium
import shapely
from numpy.typing import NDArray
from osmium.filter import KeyFilter

from geo.errors import FileRefusedError
from geo.hosts.tags import HostRules, place_name

Float64 = NDArray[np.float64]
Shape = Literal["node", "way", "relation"]

_DOOR_KEYS = ("entrance", "barrier")
_CLOSED_TO_WALKERS = frozenset({"no", "private"})
_ADDRESS = (
    *("addr:province", "addr:city", "addr:district", "addr:subdistrict"),
    *("addr:street", "addr:place", "addr:housenumber", "addr:housename"),
)

MOST_FLOORS = 200.0
"""More floors than any building has are a slip of the pen."""

_NUMBER = re.compile(r"\d{1,3}(?:\.\d+)?")
_CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Door:
    """A door or gate on the outline of an area: how good a door it is (0 the best), WGS-84."""

    rank: int
    lon: float
    lat: float


@dataclass(frozen=True)
class Place:
    """One place that may be a host.

    Attributes
    ----------
    shape, osm_id
        What it is in OpenStreetMap.
    host_type
        As the rules say.
    name, hours, address
        As OpenStreetMap says; "" where it does not.
    lon, lat
        Of a node, or of the middle vertex of a line; NaN for an area.
    outline
        WKB of the outer rings of an area, WGS-84 degrees; b"" for others.
    floors
        Of a building, as `building:levels` counts them above ground; 1 where it does not say.
    doors
        On the outline.
    """

    shape: Shape
    osm_id: int
    host_type: str
    name: str
    hours: str
    address: str
    lon: float
    lat: float
    outline: bytes = b""
    doors: tuple[Door, ...] = ()
    floors: float = 1.0


@dataclass(frozen=True)
class PlacesFound:
    """The places of one file.

    Attributes
    ----------
    places
        Nodes, then ways and relations, each by its number.
    left_out
        Relations that the rules take and that close no area, by their number.
    date
        Of the file, as its header states it; "".
    """

    places: tuple[Place, ...]
    left_out: tuple[int, ...] = ()
    date: str = ""


@dataclass
class _Reader:
    rules: HostRules
    places: dict[tuple[Shape, int], Place] = field(default_factory=dict)
    doors: dict[int, Door] = field(default_factory=dict)
    waiting: dict[tuple[Shape, int], Place | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.wkb = osmium.geom.WKBFactory()

    def node(self, node: "osmium.osm.Node") -> None:
        tags = dict(node.tags)
        lon, lat = node.location.lon, node.location.lat
        rank = self._door_rank(tags)
        if rank is not None:
            self.doors[node.id] = Door(rank, lon, lat)
        host_type = self.rules.host_type(tags)
        if host_type is not None:
            self.places["node", node.id] = _place("node", node.id, host_type, tags, (lon, lat))

    def way(self, way: "osmium.osm.Way") -> None:
        """Keep a line for the case that no area is made of it."""
        tags = dict(way.tags)
        host_type = self.rules.host_type(tags)
        spots = [node.location for node in way.nodes if node.location.valid()]
        if host_type is None or not spots:
            return
        middle = spots[len(spots) // 2]
        at = (middle.lon, middle.lat)
        self.waiting["way", way.id] = _place("way", way.id, host_type, tags, at)

    def relation(self, relation: "osmium.osm.Relation") -> None:
        if self.rules.host_type(dict(relation.tags)) is not None:
            self.waiting["relation", relation.id] = None

    def area(self, area: "osmium.osm.Area") -> None:
        tags = dict(area.tags)
        host_type = self.rules.host_type(tags)
        if host_type is None:
            return
        shape: Shape = "way" if area.from_way() else "relation"
        try:
            outline = bytes.fromhex(self.wkb.create_multipolygon(area))
        except RuntimeError:
            return  # stays waiting: a line, or left out
        found = {
            self.doors[node.ref]
            for ring in area.outer_rings()
            for node in ring
            if node.ref in self.doors
        }
        doors = tuple(sorted(found, key=lambda door: (door.rank, door.lon, door.lat)))
        nowhere = (np.nan, np.nan)
        place = _place(shape, area.orig_id(), host_type, tags, nowhere, outline, doors)
        self.places[shape, area.orig_id()] = place

    def found(self, date: str) -> PlacesFound:
        lines = {
            key: place
            for key, place in self.waiting.items()
            if place is not None and key not in self.places
        }
        lost = [
            number
            for (shape, number), place in self.waiting.items()
            if place is None and (shape, number) not in self.places
        ]
        every = {**self.places, **lines}
        order = sorted(every, key=lambda key: (_SHAPES.index(key[0]), key[1]))
        return PlacesFound(tuple(every[key] for key in order), tuple(sorted(lost)), date)

    def _door_rank(self, tags: Mapping[str, str]) -> int | None:
        """Return how good a door a node is; None: it is none that people come in by."""
        if {tags.get("access"), tags.get("foot")} & _CLOSED_TO_WALKERS:
            return None
        placing = self.rules.placing
        if tags.get("entrance") in placing.entrances:
            return placing.entrances.index(tags["entrance"])
        if tags.get("barrier") in placing.gates:
            return len(placing.entrances) + placing.gates.index(tags["barrier"])
        return None


_SHAPES: tuple[Shape, ...] = ("node", "way", "relation")


def read_places(path: Path, form: str, rules: HostRules) -> PlacesFound:
    """Return the places of an OSM file that `rules` take for hosts.

    Parameters
    ----------
    form
        osmium's name of its format: `pbf`, `osm`, `osm.gz` or `osm.bz2`.

    Raises
    ------
    FileRefusedError
        `streets_osm_damaged`.
    """
    reader = _Reader(rules)
    keys = (*rules.keys, *_DOOR_KEYS)
    try:
        file = osmium.io.File(os.fspath(path), form)
        # No filter on what areas are made of: the ways of a multipolygon have no tags of their own.
        source = osmium.FileProcessor(file).with_areas().with_filter(KeyFilter(*keys))
        date = source.header.get("osmosis_replication_timestamp", "")[:10]
        for entry in source:
            if isinstance(entry, osmium.osm.Node):
                reader.node(entry)
            elif isinstance(entry, osmium.osm.Way):
                reader.way(entry)
            elif isinstance(entry, osmium.osm.Relation):
                reader.relation(entry)
            elif isinstance(entry, osmium.osm.Area):
                reader.area(entry)
    except RuntimeError as error:
        raise FileRefusedError("streets_osm_damaged", file=path.name) from error
    return reader.found(date)


def outlines_of(places: tuple[Place, ...]) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Return the numbers of the places that are areas, and their polygons."""
    rows = np.array([row for row, place in enumerate(places) if place.outline], dtype=np.int64)
    return rows, shapely.from_wkb([places[row].outline for row in rows.tolist()])


def _place(
    shape: Shape,
    osm_id: int,
    host_type: str,
    tags: Mapping[str, str],
    at: tuple[float, float],
    outline: bytes = b"",
    doors: tuple[Door, ...] = (),
) -> Place:
    return Place(
        shape=shape,
        osm_id=osm_id,
        host_type=host_type,
        name=place_name(tags),
        hours=tags.get("opening_hours", "").strip(),
        address=_address(tags),
        lon=at[0],
        lat=at[1],
        outline=outline,
        doors=doors,
        floors=_floors(tags),
    )


def _floors(tags: Mapping[str, str]) -> float:
    """Return how many floors a building has; grounds with buildings on them are no building."""
    levels = _NUMBER.fullmatch(tags.get("building:levels", "").strip())
    if levels is None or "building" not in tags:
        return 1.0
    return min(max(float(levels[0]), 1.0), MOST_FLOORS)


def _address(tags: Mapping[str, str]) -> str:
    """Return the address from the large to the small; Chinese parts without spaces between them."""
    if tags.get("addr:full", "").strip():
        return tags["addr:full"].strip()
    parts = [tags[key].strip() for key in _ADDRESS if tags.get(key, "").strip()]
    return ("" if _CHINESE.search("".join(parts)) else " ").join(parts)
