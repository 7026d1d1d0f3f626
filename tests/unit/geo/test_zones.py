import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.datum import from_wgs84
from geo.errors import FileRefusedError
from geo.zones import fill_towns, read_zones


def square(west: float, south: float, size: float = 0.125) -> dict[str, Any]:
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    ring = [[west + x * size, south + y * size] for x, y in corners]
    return {"type": "Polygon", "coordinates": [ring]}


def collection(*features: tuple[dict[str, Any], dict[str, Any]]) -> bytes:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": properties, "geometry": geometry}
                for properties, geometry in features
            ],
        },
        ensure_ascii=False,
    ).encode()


TWO = collection(
    ({"name": "兴丰"}, square(116.25, 39.75)),
    ({"镇街": "x", "name": "安定"}, square(116.375, 39.75)),
)


def points(*places: tuple[float, float, str]) -> pd.DataFrame:
    return pd.DataFrame(places, columns=["lon", "lat", "town"]).astype({"town": "str"})


def test_blank_towns_are_filled_and_given_ones_kept() -> None:
    frame = points((116.35, 39.8, ""), (116.45, 39.8, ""), (116.45, 39.8, "亦庄"))
    assert fill_towns(frame, read_zones(TWO))["town"].tolist() == ["兴丰街道", "安定镇", "亦庄"]
    assert frame["town"].tolist() == ["", "", "亦庄"]


def test_a_point_on_the_border_belongs_to_the_first_zone_and_one_outside_to_none() -> None:
    frame = points((116.375, 39.755, ""), (116.9, 39.8, ""))
    assert fill_towns(frame, read_zones(TWO))["town"].tolist() == ["兴丰街道", ""]


def test_no_rows() -> None:
    assert fill_towns(points(), read_zones(TWO)).empty


def test_zones_in_another_datum() -> None:
    ring = np.array(square(116.25, 39.75)["coordinates"])[0]
    moved = np.column_stack(from_wgs84(ring[:, 0], ring[:, 1], "gcj02"))
    shifted = {"type": "Polygon", "coordinates": [moved.tolist()]}
    zones = read_zones(collection(({"name": "兴丰"}, shifted)), datum="gcj02")
    box = shapely.box(116.25, 39.75, 116.375, 39.875)
    assert zones.polygons[0].symmetric_difference(box).area < 1e-12


def test_an_outline_needs_no_name() -> None:
    bare = collection(({}, square(116.25, 39.75)))
    assert read_zones(bare, named=False).names == ("",)
    with pytest.raises(FileRefusedError, match="name"):
        read_zones(bare)


def test_a_bow_tie_is_mended() -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    zones = read_zones(collection(({"name": "a"}, bow)))
    assert zones.polygons[0].is_valid
    assert zones.polygons[0].area == pytest.approx(0.5)


def test_tables_and_points_are_no_zones(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="boundaries"):
        read_zones(b"name,lon,lat\nx,1,2\n")
    file = tmp_path / "points.geojson"
    file.write_bytes(collection(({"name": "a"}, {"type": "Point", "coordinates": [1, 2]})))
    with pytest.raises(FileRefusedError, match=r"points\.geojson"):
        read_zones(file)


@pytest.mark.outside_data
def test_the_polygons_of_daxing(outside_data: Path) -> None:
    zones = read_zones(outside_data / "daxing_towns_22.gpkg")
    assert len(zones.names) == 22
    assert len(set(zones.names)) == 22
