"""GeoJSON by `json`: GDAL would follow links in it, and open other formats under its name."""

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import shape

from geo.errors import FileRefusedError
from geo.intake.limits import MAX_JSON_BYTES
from geo.intake.raw import RawTable, check_size, frame_of
from geo.intake.text import decode

# Names of longitude and latitude in WGS-84 or CGCS2000; RFC 7946 knows nothing else.
_GEOGRAPHIC: Final = ("CRS84", "4326", "4490")


def read_geojson(data: bytes, name: str) -> RawTable:
    """Return the features' properties as text, and their geometries.

    Raises
    ------
    FileRefusedError
        `intake_damaged`: it is not JSON; `intake_geojson`: it is JSON but no GeoJSON;
        `intake_crs_link`: the reference system is a link; `intake_too_large`,
        `intake_too_many_rows`, `intake_too_many_columns`.
    """
    features, document = _features(data, name)
    keys = list(dict.fromkeys(key for feature in features for key in _properties(feature)))
    if "id" not in keys and any("id" in feature for feature in features):
        keys.insert(0, "id")
    check_size(len(features), len(keys), name)
    columns = [[_cell(_value(feature, key)) for feature in features] for key in keys]
    geometry = np.array([_geometry(feature) for feature in features], dtype=object)
    return RawTable(
        frame_of(columns).reindex(range(len(features))),
        "geojson",
        headings=tuple(_clean(key) for key in keys),
        geometry=geometry,
        crs=_crs(document, name),
    )


def _features(data: bytes, name: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    if len(data) > MAX_JSON_BYTES:
        raise FileRefusedError("intake_too_large", file=name, limit_mib=MAX_JSON_BYTES // 2**20)
    text, _ = decode(data, name)
    try:
        document = json.loads(text, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise FileRefusedError("intake_damaged", file=name) from error
    if isinstance(document, dict) and document.get("type") == "Feature":
        document = {"type": "FeatureCollection", "features": [document]}
    if isinstance(document, dict) and document.get("type") == "FeatureCollection":
        features = document.get("features")
        if isinstance(features, list) and all(isinstance(item, dict) for item in features):
            return features, document
    raise FileRefusedError("intake_geojson", file=name)


def _properties(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _value(feature: Mapping[str, Any], key: str) -> object:
    properties = _properties(feature)
    return properties[key] if key in properties else feature.get(key) if key == "id" else None


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return _clean(";".join(value))
    if isinstance(value, (dict, list)):
        return _clean(json.dumps(value, ensure_ascii=False))
    return _clean(str(value))


def _clean(text: str) -> str:
    """Replace lone surrogates, which JSON can spell and no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _geometry(feature: Mapping[str, Any]) -> shapely.Geometry | None:
    """Return the geometry; None where there is none or it makes no sense: the row will say so."""
    given = feature.get("geometry")
    if not isinstance(given, dict):
        return None
    try:
        return shape(_numbers(given))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return None
    except shapely.errors.ShapelyError:
        return None


def _numbers(value: Any) -> Any:  # noqa: ANN401 -- any JSON
    """Turn the text that stands for NaN and infinities in coordinates back into numbers."""
    if isinstance(value, dict):
        return {key: _numbers(item) if key != "type" else item for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    return float(value) if isinstance(value, str) else value


def _crs(document: Mapping[str, Any], name: str) -> str:
    crs = document.get("crs")
    if not isinstance(crs, dict):
        return ""
    properties = crs.get("properties")
    stated = properties.get("name") if isinstance(properties, dict) else None
    if crs.get("type") != "name" or not isinstance(stated, str):
        raise FileRefusedError("intake_crs_link", file=name)
    code = stated.replace("::", ":").rsplit(":", 1)[-1]
    if code in _GEOGRAPHIC:
        return ""
    if not (code.isdecimal() and code.isascii()):
        raise FileRefusedError("intake_crs_link", file=name)
    return f"EPSG:{code}"
