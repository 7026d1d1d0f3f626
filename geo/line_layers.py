"""Streets from a layer of plain lines: GeoPackage, GeoJSON, shapefile, KML, GPX."""

from collections.abc import Hashable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import shapely

from geo.datum import normalise_datum, to_wgs84
from geo.errors import FileRefusedError
from geo.intake.datums import stated_datum
from geo.intake.raw import RawTable
from geo.intake.reader import read_features
from geo.intake.sources import read_bytes
from geo.streets import Line, LineRepair, Network, network_from_lines
from geo.streets.lines import DEFAULT_SNAP_M
from geo.streets.network import DEFAULT_ISLAND_BELOW_M
from geo.streets.rules import walk_rules

_LINES: Final = (1, 5)  # shapely's type ids of LineString and MultiLineString
_COLUMNS: Final = {
    "name": ("name", "名称", "道路名称", "路名"),
    "highway": ("highway", "fclass"),
    "foot": ("foot",),
    "access": ("access",),
    "motorroad": ("motorroad",),
    "layer": ("layer", "level"),
    "bridge": ("bridge",),
    "tunnel": ("tunnel",),
}
_JUDGED: Final = ("highway", "foot", "access", "motorroad")
"""Columns that may close a line."""
_ON_THE_GROUND: Final = frozenset({"", "0", "0.0", "f", "no", "false", "nan", "none"})


def read_line_streets(
    source: Path | bytes,
    *,
    name: str = "",
    layer: str | None = None,
    datum: str = "wgs84",
    licence: str = "",
    date: str = "",
    snap_m: float = DEFAULT_SNAP_M,
    island_below_m: float = DEFAULT_ISLAND_BELOW_M,
) -> tuple[Network, LineRepair]:
    """Return the walkable network of a layer of lines, and what was repaired in it.

    Columns `name` (名称), `highway` or `fclass`, `foot`, `access`, `motorroad`, `layer`, `bridge`
    and `tunnel` are used where they are. Lines that the walk rules close, such as motorways, are
    left out; a class that is none of OSM closes nothing. Lines of different levels meet at their
    ends only.

    Parameters
    ----------
    source
        A file of ours to read, or the bytes that somebody sent.
    name
        What messages call the file; empty: the path's own name.
    layer
        Which layer of a file of several.
    datum
        Of the positions, unless the file states a projection.
    licence, date
        As the provider states them: such files do not say. Empty if unknown.
    snap_m, island_below_m
        See `geo.streets.network_from_lines`.

    Raises
    ------
    FileRefusedError
        `streets_lines_none`: no lines in it; or what `geo.intake` and `network_from_lines` refuse.
    """
    shown = name or (source.name if isinstance(source, Path) else "")
    raw = read_features(read_bytes(source, shown), shown, layer)
    if raw.geometry is None or not _is_line(raw).any():
        raise FileRefusedError("streets_lines_none", file=shown)
    stated = stated_datum(raw, normalise_datum(datum), shown)
    drawn = list(_lines(raw, stated))
    open_lines = [line for line in drawn if line is not None]
    net, repair = network_from_lines(
        open_lines,
        source=shown,
        licence=licence,
        date=date,
        snap_m=snap_m,
        island_below_m=island_below_m,
    )
    return net, replace(repair, closed_lines=len(drawn) - len(open_lines))


def _is_line(raw: RawTable) -> np.ndarray:
    return np.isin(shapely.get_type_id(raw.geometry), _LINES)


def _lines(raw: RawTable, datum: str) -> Iterator[Line | None]:
    """Yield every line; None in place of one that is closed to walkers."""
    rules = walk_rules()
    headings = [heading.strip().lower() for heading in raw.headings or ()]
    columns = {
        key: next((headings.index(word) for word in words if word in headings), None)
        for key, words in _COLUMNS.items()
    }
    texts = {
        key: [""] * len(raw.cells) if at is None else raw.cells[at].str.strip().tolist()
        for key, at in columns.items()
    }
    shapes = raw.geometry if raw.geometry is not None else np.zeros(0, dtype=object)
    for row in np.flatnonzero(_is_line(raw)).tolist():
        if rules.left_out({key: texts[key][row].lower() for key in _JUDGED}):
            yield None
            continue
        level = _level(*(texts[key][row] for key in ("layer", "bridge", "tunnel")))
        for part in shapely.get_parts(shapes[row]):
            x, y = shapely.get_coordinates(part).T
            places = np.column_stack(to_wgs84(x, y, datum))
            yield Line(places, texts["name"][row], texts["highway"][row], level)


def _level(*marks: str) -> Hashable:
    return tuple("" if mark.lower() in _ON_THE_GROUND else mark.lower() for mark in marks)
