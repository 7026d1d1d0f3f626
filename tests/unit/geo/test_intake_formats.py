import io
import json
import sqlite3
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from geo.errors import FileRefusedError
from geo.intake import read_table
from geo.intake.formats import detect
from geo.intake.spatial.layers import LayersError

pytestmark = pytest.mark.usefixtures("read_here")
ROWS: list[list[object]] = [
    ["编号", "名称", "经度", "纬度"],
    ["s1", "兴丰驿站", 116.338, 39.727],
    ["s2", "安定", 116.5, 39.62],
]
TEXT = "\n".join(",".join(map(str, row)) for row in ROWS)


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def point(lon: object, lat: object, **properties: object) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def geojson(*features: object, **more: object) -> bytes:
    document = {"type": "FeatureCollection", "features": features, **more}
    return json.dumps(document, ensure_ascii=False).encode()


def geopackage(
    tmp_path: Path, crs: str = "EPSG:4326", **layers: Sequence[shapely.Geometry]
) -> bytes:
    file = tmp_path / "made.gpkg"
    for layer, shapes in layers.items():
        names = [f"n{i}" for i in range(len(shapes))]
        ids = [110115199001011234 + i for i in range(len(shapes))]
        frame = geopandas.GeoDataFrame({"id": ids, "name": names}, geometry=shapes, crs="EPSG:4326")
        frame.to_crs(crs).to_file(file, layer=layer, driver="GPKG")
    return file.read_bytes()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_texts_in_every_encoding_and_with_every_separator(encoding: str, separator: str) -> None:
    intake = read_table(TEXT.replace(",", separator).encode(encoding), "stations")
    assert intake.frame["name"].tolist() == ["兴丰驿站", "安定"]
    assert intake.frame["lat"].tolist() == [39.727, 39.62]


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_every_kind_of_line_end(newline: str) -> None:
    assert read_table(TEXT.replace("\n", newline).encode(), "stations").imported == 2


def test_quoted_cells_may_hold_separators_and_line_ends() -> None:
    intake = read_table(b'id,name,lon,lat\ns1,"a, b\nc",116,39\ns2,d,x,39\n', "stations")
    assert intake.frame["name"].tolist() == ["a, b c"]
    assert [finding.row for finding in intake.findings] == [3]


def test_ragged_rows_are_read_as_far_as_they_go() -> None:
    intake = read_table(b"id,lon,lat\ns1,116,39,more,still more\ns2,116\n", "stations")
    assert (intake.imported, intake.rejected) == (1, 1)


def test_a_workbook() -> None:
    intake = read_table(workbook(("驿站", ROWS)), "stations", name="upload", datum="wgs84")
    assert intake.frame["id"].tolist() == ["s1", "s2"]
    assert intake.rows.tolist() == [2, 3]
    assert intake.findings == ()


def test_an_open_document_workbook() -> None:
    text = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
            "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in ROWS
    )
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "manifest")
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    parts = {
        "mimetype": kind,
        "content.xml": f"<office:document-content{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="驿站">{text}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>",
        "META-INF/manifest.xml": f"<manifest:manifest{spaces}>"
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    intake = read_table(out.getvalue(), "stations")
    assert intake.frame["name"].tolist() == ["兴丰驿站", "安定"]
    assert intake.frame["lon"].tolist() == [116.338, 116.5]


def test_numbers_and_dates_of_a_workbook_as_people_see_them() -> None:
    rows: list[list[object]] = [
        ["编号", "名称", "经度", "纬度", "座位"],
        [13812345678, 7.0, "116.338°", 39.727, 4.0],
        [True, pd.Timestamp("2026-01-02").to_pydatetime(), 116.4, 39.7, None],
    ]
    frame = read_table(workbook(("a", rows)), "stations").frame
    assert frame["id"].tolist() == ["13812345678", "true"]
    assert frame["name"].tolist() == ["7", "2026-01-02"]
    assert frame["seats"].tolist()[0] == 4


def test_the_first_sheet_that_holds_anything_or_the_one_asked_for() -> None:
    book = workbook(("空", []), ("甲", ROWS), ("乙", [ROWS[0], ["s9", "丙", 116.1, 39.6]]))
    first = read_table(book, "stations", datum="wgs84")
    assert first.frame["id"].tolist() == ["s1", "s2"]
    assert [finding.code for finding in first.findings] == ["intake_other_sheets"]
    assert read_table(book, "stations", sheet="乙").frame["id"].tolist() == ["s9"]
    with pytest.raises(FileRefusedError, match="空、甲、乙"):
        read_table(book, "stations", sheet="丁")


def test_row_numbers_of_a_workbook_whose_first_rows_are_empty() -> None:
    intake = read_table(workbook(("a", [[], [], *ROWS, [], ["s3", "x", "?", 39]])), "stations")
    assert intake.rows.tolist() == [4, 5]
    assert [finding.row for finding in intake.findings if finding.severity == "error"] == [7]


def test_geojson_points_and_areas() -> None:
    area = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]}
    cell = {"type": "Feature", "id": "c9", "properties": {"workers": 5}, "geometry": area}
    intake = read_table(geojson(point(116.3, 39.7, workers=7, id=12), cell), "demand")
    assert intake.frame["id"].tolist() == ["12", "c9"]
    assert intake.frame["lon"].tolist() == [116.3, 1.0]
    assert intake.frame["workers"].tolist() == [7.0, 5.0]
    assert intake.rows.tolist() == [1, 2]


def test_a_geojson_geometry_comes_before_columns_of_the_same_name() -> None:
    feature = point(116.3, 39.7, services=["water", "seat"])
    feature["properties"] = {"lon": 1, "纬度": 2, **feature["properties"]}
    intake = read_table(geojson(feature), "stations")
    assert intake.frame["lon"].tolist() == [116.3]
    assert intake.frame["services"].tolist() == ["water;seat"]


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": ["a", "b"]},
        {"type": "Dragon", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": [[[1, 2]]]},
        {"type": "Point"},
        {"type": "Point", "coordinates": ["NaN", 39.7]},
    ],
)
def test_a_feature_without_a_sound_geometry_is_rejected(geometry: object) -> None:
    broken = {"type": "Feature", "properties": {"id": "b"}, "geometry": geometry}
    intake = read_table(geojson(point(116.3, 39.7, id="a"), broken), "stations")
    assert intake.frame["id"].tolist() == ["a"]
    assert {finding.row for finding in intake.findings} == {2}


def test_a_geojson_that_states_its_projection() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4548"}}
    data = geojson(point(500_000.0, 4_400_000.0, id="a"), crs=crs)
    intake = read_table(data, "stations")
    assert intake.datum == "EPSG:4548"
    assert intake.frame["lon"].tolist() == pytest.approx([117.0])
    with pytest.raises(FileRefusedError, match="EPSG:4548"):
        read_table(data, "stations", datum="gcj02")


def test_an_empty_collection() -> None:
    assert read_table(geojson(), "stations").imported == 0


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4548"])
def test_a_geopackage_in_whatever_projection(crs: str, tmp_path: Path) -> None:
    places = [shapely.Point(116.3, 39.7), shapely.Point(116.5, 39.6)]
    intake = read_table(geopackage(tmp_path, crs, stations=places), "stations")
    assert intake.frame["id"].tolist() == ["110115199001011234", "110115199001011235"]
    assert np.allclose(intake.frame["lon"], [116.3, 116.5], atol=1e-9)
    assert intake.datum == ("wgs84" if crs == "EPSG:4326" else crs)


def test_whole_numbers_of_a_geopackage_stay_whole_beside_blanks(tmp_path: Path) -> None:
    ids = pd.array([110115199001011234, None], dtype="Int64")
    shapes = shapely.points([[116.3, 39.7], [116.4, 39.8]])
    frame = geopandas.GeoDataFrame({"id": ids}, geometry=shapes, crs="EPSG:4326")
    frame.to_file(tmp_path / "made.gpkg", driver="GPKG")
    found = read_table(tmp_path / "made.gpkg", "stations").frame["id"].tolist()
    assert found[0] == "110115199001011234"
    assert found[1].startswith("wsp-")


def test_the_layers_of_a_geopackage(tmp_path: Path) -> None:
    data = geopackage(tmp_path, a=[shapely.Point(1, 2)], b=[shapely.box(3, 3, 5, 5)])
    assert read_table(data, "stations", sheet="b").frame["lon"].tolist() == [4.0]
    with pytest.raises(LayersError, match="several layers: a, b") as caught:
        read_table(data, "stations")
    assert caught.value.layers == ("a", "b")
    assert "a、b" in caught.value.message("zh")


def test_a_geopackage_with_views_or_without_layers_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "made.gpkg"
    geopackage(tmp_path, stations=[shapely.Point(1, 2)])
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE gpkg_contents SET table_name = 'v'")
        database.execute("CREATE VIEW v AS SELECT * FROM stations")
    with pytest.raises(FileRefusedError, match="plain GeoPackage"):
        read_table(file, "stations")
    bare = tmp_path / "bare.sqlite"
    with closing(sqlite3.connect(bare)) as database, database:
        database.execute("CREATE TABLE t (a)")
    with pytest.raises(FileRefusedError, match="plain GeoPackage"):
        read_table(bare, "stations")


def test_parquet_and_geoparquet(tmp_path: Path) -> None:
    file = tmp_path / "demand.parquet"
    frame = pd.DataFrame(
        {"id": ["a", "b"], "lon": [116.3, 116.4], "lat": [39.7, 39.8], "workers": [1, 2]}
    )
    frame.to_parquet(file)
    assert read_table(file, "demand").frame["workers"].tolist() == [1.0, 2.0]
    shapes = shapely.points([[116.3, 39.7], [116.4, 39.8]])
    geopandas.GeoDataFrame({"id": ["a", "b"]}, geometry=shapes, crs="EPSG:4326").to_parquet(file)
    assert read_table(file, "stations").frame["lat"].tolist() == [39.7, 39.8]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"id,lon,lat\n", "text"),
        (b"\xef\xbb\xbf {}", "geojson"),
        (b"[]", "geojson"),
        ("编号".encode("utf-16"), "text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "spreadsheet"),
        (b"SQLite format 3\x00....", "geopackage"),
        (b"PAR1....PAR1", "parquet"),
        (workbook(("a", [])), "spreadsheet"),
    ],
)
def test_the_content_decides_never_the_name(data: bytes, kind: str) -> None:
    assert detect(data, "picture.png") == kind


@pytest.mark.outside_data
def test_a_real_table_of_cells(outside_data: Path) -> None:
    file = outside_data / "poa_hexgrid.csv"
    intake = read_table(file, "demand", mapping={"workers": "jobs"})
    assert (intake.imported, intake.rejected) == (1222, 5)
    assert intake.frame["workers"].sum() == 337_921
    assert {f.row for f in intake.findings if f.severity == "error"} == {71, 226, 412, 431, 780}
