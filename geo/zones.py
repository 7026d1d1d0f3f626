"""Named areas (镇街、产业基地) from a file, and the unit of every point that states none."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.datum import normalise_datum, to_wgs84
from geo.errors import FileRefusedError
from geo.intake.datums import stated_datum
from geo.intake.meanings import match
from geo.intake.reader import read_features
from geo.intake.sources import read_bytes
from geo.intake.units import in_daxing, unit_name

_AREAS: Final = (3, 6)  # shapely's type ids of Polygon and MultiPolygon


@dataclass(frozen=True, eq=False)
class Zones:
    """Named polygons in WGS-84, in the order of their file; several may bear one name."""

    names: tuple[str, ...]
    polygons: NDArray[np.object_]


def read_zones(
    source: Path | bytes, *, name: str = "", datum: str = "wgs84", named: bool = True
) -> Zones:
    """Read polygons, named in a column `name` or `town`, from GeoJSON or a GeoPackage.

    Parameters
    ----------
    source
        A file of ours to read, or the bytes that somebody sent.
    name
        What messages call the file; empty: the path's own name.
    datum
        Of the corners, unless the file states a projection.
    named
        Whether the polygons must bear names; an outline need not.

    Raises
    ------
    FileRefusedError
        `intake_zones_format`: no GeoJSON or GeoPackage; `intake_zones_empty`: no named polygon;
        or what `geo.intake` refuses.
    """
    shown = name or (source.name if isinstance(source, Path) else "")
    raw = read_features(read_bytes(source, shown), shown)
    if raw.geometry is None or raw.headings is None:
        raise FileRefusedError("intake_zones_format", file=shown)
    stated = stated_datum(raw, normalise_datum(datum), shown)
    places = match(raw.headings, "stations", {}, row=-1).places
    place = places.get("name", places.get("town"))
    area = np.isin(shapely.get_type_id(raw.geometry), _AREAS)
    if not area.any() or (named and place is None):
        raise FileRefusedError("intake_zones_empty", file=shown)
    names = [""] * int(area.sum()) if place is None else raw.cells[place][area].str.strip()
    corners = shapely.transform(
        raw.geometry[area],
        lambda xy: np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], stated)),
    )
    return Zones(tuple(str(name) for name in names), shapely.make_valid(corners))


def fill_towns(frame: pd.DataFrame, zones: Zones) -> pd.DataFrame:
    """Return a copy of `frame` whose blank `town` cells hold the name of the zone around the point.

    A point on a border counts as inside; of several zones the first in their order wins. Points in
    no zone stay blank: they are "outside all units" in every table.
    """
    blank = np.flatnonzero(np.asarray(frame["town"] == "", dtype=np.bool_))
    lon, lat = (frame[axis].to_numpy(dtype=np.float64)[blank] for axis in ("lon", "lat"))
    points = shapely.points(lon, lat)
    point, zone = shapely.STRtree(zones.polygons).query(points, predicate="intersects")
    first = np.full(len(blank), len(zones.names), dtype=np.int64)
    np.minimum.at(first, point, zone)
    names: tuple[str, ...] = zones.names
    if in_daxing(lon, lat):  # one unit is one row of every table, however a map spells it
        names = tuple(unit_name(name) or name for name in names)
    found = np.array([*names, ""], dtype=object)[first]
    town = frame["town"].to_numpy(dtype=object, copy=True)
    town[blank] = found
    return frame.assign(town=pd.Series(town, index=frame.index, dtype="str"))
