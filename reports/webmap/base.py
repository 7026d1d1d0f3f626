"""The map's own base layer: outline, streets by class and labels as one compact script.

The script is content-addressed (`static/base/<sha256>.js`): browsers keep it for good, and the
map needs no tiles and no other host. Positions are WGS-84 degrees x 1e5 as integers, each line
delta-encoded: at most 0.6 m of rounding, about a screen pixel at the closest zoom.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.streets import Network, iter_street_lines
from reports.webmap.payload import script_json

SCALE = 100_000
_RANKS: dict[str, int] = {
    "motorway": 0,
    "trunk": 0,
    "primary": 1,
    "secondary": 2,
    "tertiary": 3,
    "residential": 4,
    "unclassified": 4,
    "living_street": 4,
    "road": 4,
    "service": 5,
    "pedestrian": 5,
}
_SMALLEST_RANK = 6
_LABEL_RANKS: dict[str, int] = {"unit": 0, "town": 0, "district": 0, "venue": 1, "poi": 1}
_PLAIN_LABEL_RANK = 2
_STREET_LABEL = "street"

Point = tuple[int, int]


@dataclass(frozen=True)
class Label:
    """One place name, WGS-84 degrees; `kind` as in labels.csv (`unit` comes first)."""

    name: str
    lon: float
    lat: float
    kind: str


@dataclass(frozen=True)
class BaseLayer:
    """The script that draws the base layer, and what it spans.

    Attributes
    ----------
    sha256
        Of the script, in hex; also its file name.
    javascript
        `window.WS_BASE=...;`
    bounds
        (west, south, east, north), WGS-84 degrees.
    """

    sha256: str
    javascript: str
    bounds: tuple[float, float, float, float]


def base_layer(
    network: Network | None,
    outline: Mapping[str, Any] | None = None,
    labels: Sequence[Label] = (),
    bounds: tuple[float, float, float, float] | None = None,
) -> BaseLayer:
    """Make the base layer; callers keep it per network, since 100,000 edges take some seconds.

    Parameters
    ----------
    network
        Streets to draw; None: no streets.
    outline
        Any GeoJSON object of polygons, WGS-84.
    labels
        Place names; street names come with the network.
    bounds
        (west, south, east, north) to show where neither outline nor streets span an area.

    Raises
    ------
    ValueError
        Nothing spans an area: no outline, no streets, no labels and no bounds.
    """
    javascript = base_layer_js(network, outline, labels)
    return BaseLayer(
        sha256=hashlib.sha256(javascript.encode()).hexdigest(),
        javascript=javascript,
        bounds=_bounds(network, outline, labels) or _given(bounds),
    )


def base_layer_js(
    network: Network | None,
    outline: Mapping[str, Any] | None,
    labels: Sequence[Label],
) -> str:
    """Return `window.WS_BASE=...;`: names, outline, streets by rank (0 widest, 6 paths), labels."""
    names: dict[str, int] = {"": 0}
    streets: dict[int, list[list[int]]] = defaultdict(list)
    for (rank, name), pieces in sorted(_pieces(network).items()):
        number = names.setdefault(name, len(names))
        streets[rank] += [[number, *_deltas(line)] for line in joined(pieces)]
    content = {
        "scale": SCALE,
        "names": list(names),
        "outline": [_deltas(_points(*zip(*ring, strict=True))) for ring in _rings(outline)],
        "streets": [streets.get(rank, []) for rank in range(_SMALLEST_RANK + 1)],
        "labels": [
            [
                round(label.lon * SCALE),
                round(label.lat * SCALE),
                _LABEL_RANKS.get(label.kind, _PLAIN_LABEL_RANK),
                label.name,
            ]
            for label in labels
            if network is None or label.kind != _STREET_LABEL  # streets carry their own names
        ],
    }
    return f"window.WS_BASE={script_json(content)};\n"


def labels_from(frame: pd.DataFrame) -> tuple[Label, ...]:
    """Return the labels of a table with columns name, lon, lat, kind."""
    rows = zip(frame["name"], frame["lon"], frame["lat"], frame["kind"], strict=True)
    return tuple(
        Label(str(name), float(lon), float(lat), str(kind)) for name, lon, lat, kind in rows
    )


def read_outline(path: Path) -> dict[str, Any]:
    """Return one of our own GeoJSON files; strangers' files enter through geo.intake."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def joined(pieces: Iterable[Sequence[Point]]) -> list[list[Point]]:
    """Join pieces of one street end to end into longer lines, each once, in a stable order."""
    parts = [list(piece) for piece in pieces]
    ends: dict[Point, list[int]] = defaultdict(list)
    for number, part in enumerate(parts):
        ends[part[0]].append(number)
        ends[part[-1]].append(number)
    used = [False] * len(parts)
    lines = []
    for number, part in enumerate(parts):
        if used[number]:
            continue
        used[number] = True
        tail = _extended(part, parts, ends, used)
        lines.append(_extended(tail[::-1], parts, ends, used))
    return lines


def _extended(
    line: list[Point], parts: list[list[Point]], ends: dict[Point, list[int]], used: list[bool]
) -> list[Point]:
    line = list(line)
    while (number := next((n for n in ends[line[-1]] if not used[n]), None)) is not None:
        used[number] = True
        part = parts[number]
        line += part[1:] if part[0] == line[-1] else part[-2::-1]
    return line


def _pieces(network: Network | None) -> dict[tuple[int, str], list[list[Point]]]:
    pieces: dict[tuple[int, str], list[list[Point]]] = defaultdict(list)
    if network is None:
        return pieces
    for line in iter_street_lines(network):
        rank = _RANKS.get(line.highway.removesuffix("_link"), _SMALLEST_RANK)
        points = _points(line.lon, line.lat)
        if len(points) > 1:
            pieces[rank, line.name].append(points)
    return pieces


def packed_line(lon: Iterable[float], lat: Iterable[float]) -> list[int]:
    """Return a line as the page's script reads it: steps of 1 / SCALE degrees, from 0, 0 on."""
    return _deltas(_points(lon, lat))


def _points(lon: Iterable[float], lat: Iterable[float]) -> list[Point]:
    # Neighbouring points that round to the same place are one: a line never stands still.
    x = np.rint(np.asarray(lon, dtype=np.float64) * SCALE).astype(np.int64)
    y = np.rint(np.asarray(lat, dtype=np.float64) * SCALE).astype(np.int64)
    keep = np.ones(len(x), dtype=bool)
    keep[1:] = (np.diff(x) != 0) | (np.diff(y) != 0)
    return list(zip(x[keep].tolist(), y[keep].tolist(), strict=True))


def _deltas(points: Sequence[Point]) -> list[int]:
    flat: list[int] = []
    last_x = last_y = 0
    for x, y in points:
        flat += (x - last_x, y - last_y)
        last_x, last_y = x, y
    return flat


def _rings(geojson: Mapping[str, Any] | None) -> Iterator[list[tuple[float, float]]]:
    if geojson is None:
        return
    kind = geojson["type"]
    if kind == "FeatureCollection":
        for feature in geojson["features"]:
            yield from _rings(feature)
    elif kind == "Feature":
        yield from _rings(geojson["geometry"])
    elif kind == "Polygon":
        yield from ([(p[0], p[1]) for p in ring] for ring in geojson["coordinates"])
    elif kind == "MultiPolygon":
        for polygon in geojson["coordinates"]:
            yield from ([(p[0], p[1]) for p in ring] for ring in polygon)


def _bounds(
    network: Network | None, outline: Mapping[str, Any] | None, labels: Sequence[Label]
) -> tuple[float, float, float, float] | None:
    points = [point for ring in _rings(outline) for point in ring]
    if not points and network is not None and len(network.geom_lon):
        x, y = network.geom_lon, network.geom_lat
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())
    points = points or [(label.lon, label.lat) for label in labels]
    if not points:
        return None
    lon, lat = zip(*points, strict=True)
    return (min(lon), min(lat), max(lon), max(lat))


def _given(bounds: tuple[float, float, float, float] | None) -> tuple[float, float, float, float]:
    if bounds is None:
        message = "nothing spans an area: no outline, no streets, no labels and no bounds"
        raise ValueError(message)
    return bounds
