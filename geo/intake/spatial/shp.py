"""The geometries of a Shapefile (ESRI Shapefile Technical Description, 1998), heights left out."""

import struct
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import FileRefusedError
from geo.intake.limits import MAX_ROWS

Places = NDArray[np.float64]

_HEAD_BYTES, _RECORD_HEAD_BYTES = 100, 8
_FILE_CODE: Final = 9994
_POINT, _LINE, _AREA, _POINTS = 1, 3, 5, 8
# Types of one kind with heights and measures: 11, 13, 15, 18 and 21, 23, 25, 28.
_KINDS: Final = {
    kind + more: kind for kind in (_POINT, _LINE, _AREA, _POINTS) for more in (0, 10, 20)
}
_BOX_BYTES = 32


def read_shp(data: bytes, name: str) -> NDArray[np.object_]:
    """Return the geometry of every record; None: it has none, or it makes no sense.

    Raises
    ------
    FileRefusedError
        `intake_damaged`: it is no .shp file, or cut short; `intake_too_many_rows`.
    """
    if len(data) < _HEAD_BYTES or struct.unpack_from(">i", data)[0] != _FILE_CODE:
        raise FileRefusedError("intake_damaged", file=name)
    return np.array([_geometry(record) for record in _records(data, name)], dtype=object)


def _records(data: bytes, name: str) -> list[memoryview]:
    """Return the content of every record, as far as each says it goes."""
    view, at, records = memoryview(data), _HEAD_BYTES, []
    while at < len(data):
        end_of_head = at + _RECORD_HEAD_BYTES
        words = struct.unpack_from(">i", data, at + 4)[0] if end_of_head <= len(data) else -1
        end = end_of_head + 2 * words
        if words < 2 or end > len(data):
            raise FileRefusedError("intake_damaged", file=name)
        records.append(view[end_of_head:end])
        at = end
        if len(records) > MAX_ROWS:
            raise FileRefusedError("intake_too_many_rows", file=name, limit=MAX_ROWS)
    return records


def _geometry(record: memoryview) -> shapely.Geometry | None:
    kind = _KINDS.get(struct.unpack_from("<i", record)[0])
    try:
        if kind == _POINT:
            return shapely.Point(struct.unpack_from("<2d", record, 4))
        if kind == _POINTS:
            return shapely.MultiPoint(_places(record, 4 + _BOX_BYTES, 4 + _BOX_BYTES + 4))
        if kind is not None:
            return _of_parts(kind, _parts(record))
    except (struct.error, ValueError, shapely.errors.ShapelyError):
        return None
    return None


def _of_parts(kind: int, parts: list[Places]) -> shapely.Geometry:
    if kind == _LINE:
        lines = [shapely.LineString(part) for part in parts]
        return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)
    # Rings within rings are holes, and islands in them: even-odd, whichever way they turn.
    rings = [shapely.LinearRing(part) for part in parts]
    return shapely.build_area(shapely.GeometryCollection(rings))


def _parts(record: memoryview) -> list[Places]:
    count = _count(record, 4 + _BOX_BYTES)
    first = 4 + _BOX_BYTES + 8
    starts = np.frombuffer(record, "<i4", count, first)
    places = _places(record, 4 + _BOX_BYTES + 4, first + 4 * count)
    if starts[0] != 0 or starts[-1] >= len(places) or np.any(np.diff(starts) <= 0):
        raise ValueError(count)
    return np.split(places, starts[1:])


def _places(record: memoryview, count_at: int, first: int) -> Places:
    count = _count(record, count_at)
    return np.frombuffer(record, "<f8", 2 * count, first).reshape(-1, 2)


def _count(record: memoryview, at: int) -> int:
    count = int(struct.unpack_from("<i", record, at)[0])
    if count < 1:
        raise ValueError(count)
    return count
