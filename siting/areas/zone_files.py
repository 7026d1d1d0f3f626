"""Zones from files: polygons that say in which areas of the siting rules places lie."""

from pathlib import Path

import numpy as np
import shapely

from geo.datum import normalise_datum, to_wgs84
from geo.errors import FileRefusedError
from geo.intake.datums import stated_datum
from geo.intake.reader import read_features
from geo.intake.sources import read_bytes
from geo.reference import read_list
from geo.tables import split_list
from siting.areas.zones import AreaZones

_AREAS = (3, 6)  # shapely's type ids of Polygon and MultiPolygon
_NAME_HEADINGS = ("name", "名称", "片区", "区域名称")
_AREA_HEADINGS = ("area", "area_type", "area_types", "区域类型", "类型", "区域")


def read_area_zones(source: Path | bytes, *, name: str = "", datum: str = "wgs84") -> AreaZones:
    """Read zones from GeoJSON or a GeoPackage: a column says the areas, another may say the name.

    Areas are written as codes or as they are called (企业聚集区), several separated by `;` or `、`.

    Parameters
    ----------
    source
        A file of ours to read, or the bytes that somebody sent.
    name
        What messages call the file; empty: the path's own name.
    datum
        Of the corners, unless the file states a projection.

    Raises
    ------
    FileRefusedError
        `area_zones_format`: no polygons with a column of areas; `area_zones_unknown`: an area that
        there is none of; or what `geo.intake` refuses.
    """
    shown = name or (source.name if isinstance(source, Path) else "")
    raw = read_features(read_bytes(source, shown), shown)
    if raw.geometry is None or raw.headings is None:
        raise FileRefusedError("area_zones_format", file=shown)
    headings = [str(heading).strip().casefold() for heading in raw.headings]
    kind = _first(headings, _AREA_HEADINGS)
    polygons = np.isin(shapely.get_type_id(raw.geometry), _AREAS)
    if kind is None or not polygons.any():
        raise FileRefusedError("area_zones_format", file=shown)
    called = _first(headings, _NAME_HEADINGS)
    rows = np.flatnonzero(polygons).tolist()
    names = [""] * len(raw.geometry) if called is None else raw.cells[called].tolist()
    written = raw.cells[kind].tolist()
    stated = stated_datum(raw, normalise_datum(datum), shown)
    corners = shapely.transform(
        raw.geometry[polygons],
        lambda xy: np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], stated)),
    )
    return AreaZones(
        names=tuple(str(names[row]).strip() for row in rows),
        areas=tuple(_areas(str(written[row]), shown, row + 1) for row in rows),
        polygons=shapely.make_valid(corners),
    )


def _first(headings: list[str], wanted: tuple[str, ...]) -> int | None:
    return next((headings.index(name) for name in wanted if name in headings), None)


def _areas(written: str, file: str, row: int) -> tuple[str, ...]:
    codes = {
        str(called).casefold(): code
        for code, entry in read_list("reference/area_types").items()
        for called in (code, entry["zh"], entry["en"])
    }
    named = [part.strip() for part in split_list(written)]
    unknown = [part for part in named if part.casefold() not in codes]
    if unknown or not named:
        known = "、".join(entry["zh"] for entry in read_list("reference/area_types").values())
        given = unknown[0] if unknown else ""
        raise FileRefusedError("area_zones_unknown", file=file, row=row, given=given, known=known)
    return tuple(dict.fromkeys(codes[part.casefold()] for part in named))
