import io
import sqlite3
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from geo.errors import FileRefusedError, InputError
from geo.intake import Intake, read_table
from geo.intake.formats import detect
from geo.intake.guarded import parse
from geo.intake.spatial.geopackage import read_geopackage
from geo.intake.spatial.gpx import read_gpx
from geo.intake.spatial.kml import read_kml
from geo.intake.spatial.layers import LayersError
from geo.intake.spatial.points import with_positions
from geo.intake.spatial.shapefile import read_shapefile
from geo.zones import read_zones

pytestmark = pytest.mark.usefixtures("read_here")
PLACES = [shapely.Point(116.338, 39.727), shapely.Point(116.5, 39.62)]
NAMES = ["兴丰驿站", "安定"]
SQUARE = shapely.box(116.3, 39.7, 116.4, 39.8)
HOOK = shapely.Polygon([(0, 0), (4, 0), (4, 4), (3, 4), (3, 1), (0, 1)])
LINE = shapely.LineString([(116.3, 39.7), (116.4, 39.7)])

KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>全部</name>
<Folder><name>城区</name>
 <Placemark><name>兴丰驿站</name><description><![CDATA[<b>临街</b>]]></description>
  <ExtendedData><Data name="座位"><value>12</value></Data>
   <SchemaData><SimpleData name="所属镇街">兴丰街道</SimpleData></SchemaData></ExtendedData>
  <Point><coordinates>116.338,39.727,0</coordinates></Point></Placemark>
</Folder>
<Folder><name>南部</name>
 <Placemark><name>安定</name><MultiGeometry>
   <Point><coordinates>116.5,39.62</coordinates></Point>
   <Polygon><outerBoundaryIs><LinearRing><coordinates>
     116.49,39.61 116.51,39.61 116.51,39.63 116.49,39.61</coordinates></LinearRing>
   </outerBoundaryIs></Polygon></MultiGeometry></Placemark>
 <Placemark><name>路</name><LineString><coordinates>116,39 117,39</coordinates></LineString>
 </Placemark>
</Folder></Document></kml>"""
GPX = """<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="39.727" lon="116.338"><name>兴丰驿站</name><cmt>看过</cmt>
 <extensions><座位>12</座位></extensions></wpt>
<wpt lat="39.62" lon="116.5"><name>安定</name></wpt>
<trk><name>走访</name><trkseg><trkpt lat="39.7" lon="116.3"/><trkpt lat="39.8" lon="116.3"/>
</trkseg></trk></gpx>"""


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def shapefile(
    folder: Path,
    shapes: Sequence[shapely.Geometry] = PLACES,
    crs: str | None = "EPSG:4326",
    encoding: str = "UTF-8",
    **columns: list[Any],
) -> dict[str, bytes]:
    """Return the parts of a Shapefile that GDAL wrote, by suffix."""
    columns = columns or {"name": NAMES}
    frame = geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")
    frame = frame.to_crs(crs) if crs else frame
    frame.to_file(folder / "made.shp", driver="ESRI Shapefile", encoding=encoding)
    return {file.suffix: file.read_bytes() for file in folder.glob("made.*")}


def packed(parts: dict[str, bytes], stem: str = "驿站", but: str = "") -> bytes:
    return zipped({f"{stem}{suffix}": part for suffix, part in parts.items() if suffix != but})


def take(
    data: bytes, sheet: str | None = None, datum: str | None = None, table: str = "stations"
) -> Intake:
    """Read a file as `read_table` does, without a process of its own."""
    raw = parse(data, detect(data, "upload"), table, "upload", sheet, None)
    return read_table(with_positions(raw), table, datum=datum)


def codes(intake: Intake) -> set[str]:
    return {finding.code for finding in intake.findings}


def positions(intake: Intake) -> list[tuple[float, float]]:
    return list(zip(intake.frame["lon"].tolist(), intake.frame["lat"].tolist(), strict=True))


@pytest.mark.parametrize("suffix", [".kml", ".kmz"])
def test_kml_and_kmz(suffix: str) -> None:
    data = KML.encode()
    if suffix == ".kmz":
        data = zipped({"files/icon.png": b"x", "files/other.kml": b"<kml/>", "doc.kml": data})
    assert detect(data, "upload") == "kml"
    intake = read_table(data, "stations")
    assert intake.frame["name"].tolist() == NAMES
    assert positions(intake) == [(116.338, 39.727), (116.5, 39.62)]
    assert intake.frame["seats"].tolist()[0] == 12
    assert intake.frame["town"].tolist()[0] == "兴丰街道"
    assert intake.stated_by == "file"
    (error,) = (finding for finding in intake.findings if finding.severity == "error")
    assert (error.code, error.row) == ("intake_line", 3)


def test_a_folder_of_a_kml() -> None:
    raw = read_kml(KML.encode(), "a.kml", "南部")
    assert raw.sheet == "南部"
    assert raw.sheets == ("城区", "南部")
    assert len(raw.cells) == 2
    with pytest.raises(FileRefusedError, match="城区、南部"):
        read_kml(KML.encode(), "a.kml", "北部")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("reader", ["kml", "gpx"])
def test_xml_in_the_encodings_of_chinese_programs(encoding: str, reader: str) -> None:
    declared = {"utf-8-sig": "UTF-8", "gb18030": "GB18030"}.get(encoding, encoding)
    text = KML if reader == "kml" else GPX
    data = text.replace("UTF-8", declared).encode(encoding)
    assert detect(data, "upload") == reader
    raw = read_kml(data, "a") if reader == "kml" else read_gpx(data, "a")
    assert raw.cells[0].tolist()[:2] == NAMES


def test_gbk_in_a_kml_that_says_utf8_is_read_and_told() -> None:
    intake = take(KML.encode("gbk"))
    assert intake.frame["name"].tolist() == NAMES
    assert "intake_read_as" in codes(intake)


def test_a_kml_of_links_only_is_refused_and_other_links_are_told() -> None:
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"
    with pytest.raises(FileRefusedError) as caught:
        read_kml(f"<kml><Document>{link}</Document></kml>".encode(), "a.kml")
    assert caught.value.code == "intake_links_only"
    intake = take(KML.replace("<Document>", f"<Document>{link}").encode())
    assert "intake_links_ignored" in codes(intake)
    assert intake.imported == 2


def test_waypoints_of_a_gpx_before_its_tracks() -> None:
    intake = take(GPX.encode())
    assert intake.frame["name"].tolist() == NAMES
    assert positions(intake) == [(116.338, 39.727), (116.5, 39.62)]
    assert "intake_other_sheets" in codes(intake)
    assert read_gpx(GPX.encode(), "a", "tracks").cells[0].tolist() == ["走访"]
    assert take(GPX.encode(), sheet="tracks").imported == 0
    with pytest.raises(FileRefusedError, match="waypoints、tracks"):
        read_gpx(GPX.encode(), "a", "routes")


def test_kml_and_gpx_that_gdal_wrote(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame({"name": NAMES}, geometry=PLACES, crs="EPSG:4326")
    for driver in ("KML", "GPX"):
        file = tmp_path / f"made.{driver.lower()}"
        frame.to_file(file, driver=driver)
        intake = take(file.read_bytes())
        assert intake.frame["name"].tolist() == NAMES
        assert np.allclose(positions(intake), [(p.x, p.y) for p in PLACES], atol=1e-9)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490", "EPSG:4548", "EPSG:4527", "EPSG:32650"])
def test_a_shapefile_in_whatever_projection(crs: str, tmp_path: Path) -> None:
    intake = take(packed(shapefile(tmp_path, crs=crs)))
    assert intake.frame["name"].tolist() == NAMES
    assert np.allclose(positions(intake), [(p.x, p.y) for p in PLACES], atol=1e-8)
    assert intake.stated_by == "file"
    assert intake.datum == ("wgs84" if crs in ("EPSG:4326", "EPSG:4490") else crs)


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK", "GB18030", "BIG5"])
@pytest.mark.parametrize("but", ["", ".cpg"])
def test_the_encoding_of_a_dbf_is_found_or_asked_for(
    encoding: str, but: str, tmp_path: Path
) -> None:
    names = ["興豐大街暖心驛站", "大興區總工會"] if encoding == "BIG5" else NAMES
    place = "town" if encoding == "BIG5" else "镇街"
    towns = ["甲", "乙"] if encoding == "BIG5" else ["兴丰", "安定"]
    columns: dict[str, Any] = {"name": names, place: towns}
    parts = shapefile(tmp_path, encoding=encoding, **columns)
    if but:  # GDAL also notes the language in the table itself
        parts[".dbf"] = parts[".dbf"][:29] + b"\x00" + parts[".dbf"][30:]
    data = packed(parts, but=but)
    if encoding == "BIG5":
        if but:
            with pytest.raises(FileRefusedError, match="neither UTF-8 nor GB18030"):
                read_shapefile(data, "a.zip")
        raw = read_shapefile(data, "a.zip", encoding="big5")
    else:
        raw = read_shapefile(data, "a.zip")
    assert raw.cells[0].tolist() == names
    assert raw.encoding == {"UTF-8": "utf-8", "BIG5": "big5"}.get(encoding, "gb18030")
    assert raw.headings == ("name", place)


def test_a_cpg_that_lies_is_not_believed(tmp_path: Path) -> None:
    parts = shapefile(tmp_path, encoding="GBK", name=["兴丰大街暖心驿站", "安定镇驿站"])
    raw = read_shapefile(packed({**parts, ".cpg": b"UTF-8"}), "a.zip")
    assert raw.cells[0].tolist() == ["兴丰大街暖心驿站", "安定镇驿站"]
    assert raw.encoding == "gb18030"


def test_an_encoding_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    data = packed(shapefile(tmp_path, encoding="GBK"))
    with pytest.raises(FileRefusedError) as caught:
        read_shapefile(data, "a.zip", encoding="utf-8")
    assert caught.value.code == "intake_encoding_chosen"
    with pytest.raises(InputError) as unknown:
        read_shapefile(data, "a.zip", encoding="klingon")
    assert unknown.value.code == "intake_encoding_name"


def test_text_that_a_field_cut_within_a_character(tmp_path: Path) -> None:
    long = "驿" * 100  # 300 bytes of UTF-8 in a field of 254
    with pytest.warns(RuntimeWarning, match="truncated"):
        parts = shapefile(tmp_path, name=[long, "短"])
    assert read_shapefile(packed(parts), "a.zip").cells[0].tolist() == ["驿" * 84, "短"]


def test_long_ids_dates_and_blanks_of_a_dbf(tmp_path: Path) -> None:
    ids = [110115199001011234, 7]
    parts = shapefile(tmp_path, id=ids, 人数=[12.5, np.nan], 日期=["20260102", "2026"])
    head = parts[".dbf"].index("日期".encode())
    parts[".dbf"] = parts[".dbf"][: head + 11] + b"D" + parts[".dbf"][head + 12 :]
    cells = read_shapefile(packed(parts), "a.zip").cells
    assert cells[0].tolist() == ["110115199001011234", "7"]
    assert (float(cells[1][0]), cells[1][1]) == (12.5, "")
    assert cells[2].tolist() == ["2026-01-02", ""]


def test_a_shapefile_without_prj_says_so_and_nothing_states_its_datum(tmp_path: Path) -> None:
    intake = take(packed(shapefile(tmp_path), but=".prj"))
    assert intake.stated_by == "nothing"
    assert {"intake_crs_missing", "intake_datum_undeclared"} <= codes(intake)
    shifted = take(packed(shapefile(tmp_path), but=".prj"), datum="gcj02")
    assert positions(shifted)[0] != (116.338, 39.727)


def test_metres_without_prj_are_told_with_the_zone_to_declare(tmp_path: Path) -> None:
    data = packed(shapefile(tmp_path, crs="EPSG:4548"), but=".prj")
    intake = take(data)
    assert (intake.imported, intake.rejected) == (0, 2)
    told = " ".join(finding.message("zh") for finding in intake.findings)
    assert "EPSG:4548" in told
    declared = take(data, datum="EPSG:4548")
    assert np.allclose(positions(declared), [(p.x, p.y) for p in PLACES], atol=1e-8)


def test_an_unknown_system_is_refused_with_its_name(tmp_path: Path) -> None:
    local = 'PROJCS["Beijing_Local",GEOGCS["GCS_Local",DATUM["D_Local",SPHEROID["Bessel",6377397,'
    local += '299.15]],PRIMEM["Greenwich",0],UNIT["Degree",0.017453]],PROJECTION["Gauss_Kruger"],'
    local += 'PARAMETER["Central_Meridian",116.35],UNIT["Meter",1]]'
    for prj in (local, "rubbish"):
        parts = {**shapefile(tmp_path), ".prj": prj.encode()}
        with pytest.raises(FileRefusedError) as caught:
            read_shapefile(packed(parts), "a.zip")
        assert caught.value.code == "intake_crs_unknown"
        assert caught.value.facts["crs"] == ("rubbish" if prj == "rubbish" else "Beijing_Local")


def test_folders_cases_and_gbk_names_within_the_zip(tmp_path: Path) -> None:
    parts = shapefile(tmp_path)
    odd = {f"导出/2026/驿站{s.upper()}": part for s, part in parts.items()}
    odd["__MACOSX/导出/2026/._驿站.shp"] = b"x"
    assert take(zipped(odd)).frame["name"].tolist() == NAMES
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for suffix, part in parts.items():
            archive.writestr(f"xxxx{suffix}", part)
    data = out.getvalue().replace(b"xxxx.", "驿站.".encode("gbk"))
    raw = read_shapefile(data, "a.zip")
    assert raw.sheet == "驿站"


def test_several_layers_are_asked_for(tmp_path: Path) -> None:
    parts = shapefile(tmp_path)
    both = {f"{n}{s}": part for n in ("站点", "子/道路", "子/站点") for s, part in parts.items()}
    with pytest.raises(LayersError) as caught:
        take(zipped(both))
    assert caught.value.layers == ("站点", "道路", "子/站点")
    assert "站点、道路、子/站点" in caught.value.message("zh")
    assert take(zipped(both), sheet="子/站点").imported == 2


def test_areas_with_holes_and_islands_are_those_that_were_written(tmp_path: Path) -> None:
    ring = shapely.box(0, 0, 9, 9).difference(shapely.box(1, 1, 8, 8))
    shapes = [SQUARE, HOOK, ring.union(shapely.box(3, 3, 5, 5)), ring]
    parts = shapefile(tmp_path, shapes, name=["a", "b", "c", "d"])
    raw = read_shapefile(packed(parts), "a.zip")
    assert raw.geometry is not None
    assert all(shapely.equals(raw.geometry, shapes))
    intake = take(packed(parts))
    assert all(shapely.intersects(shapes, shapely.points(positions(intake))))
    assert "intake_areas" in codes(intake)
    zones = read_zones(packed(parts))
    assert zones.names == ("a", "b", "c", "d")


def test_lines_points_with_heights_and_several_points(tmp_path: Path) -> None:
    high = shapely.points([[116.3, 39.7, 50.0], [116.4, 39.8, 60.0]])
    raw = read_shapefile(packed(shapefile(tmp_path, list(high))), "a.zip")
    assert raw.geometry is not None
    assert [(p.x, p.y) for p in raw.geometry] == [(116.3, 39.7), (116.4, 39.8)]
    groups = [shapely.MultiPoint([(116, 39), (117, 40)]), shapely.MultiPoint([(116.2, 39.2)])]
    intake = take(packed(shapefile(tmp_path, groups)))
    assert positions(intake) == [(116.5, 39.5), (116.2, 39.2)]
    lines = take(packed(shapefile(tmp_path, [LINE, LINE])))
    assert (lines.imported, lines.rejected) == (0, 2)
    assert "intake_line" in codes(lines)


def test_parts_that_do_not_belong_together(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    one = shapefile(tmp_path / "b", PLACES[:1], name=["一"])
    with pytest.raises(FileRefusedError) as caught:
        read_shapefile(packed({**shapefile(tmp_path), ".dbf": one[".dbf"]}), "a.zip")
    assert caught.value.code == "intake_shapefile_differs"
    assert take(packed(shapefile(tmp_path), but=".dbf")).imported == 2


def test_deleted_records_are_left_out(tmp_path: Path) -> None:
    parts = shapefile(tmp_path)
    start = int.from_bytes(parts[".dbf"][8:10], "little")
    table = parts[".dbf"][:start] + b"*" + parts[".dbf"][start + 1 :]
    intake = take(packed({**parts, ".dbf": table}))
    assert intake.frame["name"].tolist() == NAMES[1:]


def test_a_geopackage_written_with_a_log_and_styles_beside_its_layer(tmp_path: Path) -> None:
    file = tmp_path / "made.gpkg"
    frame = geopandas.GeoDataFrame({"name": NAMES}, geometry=PLACES, crs="EPSG:4548")
    frame.set_crs("EPSG:4326", allow_override=True).to_file(file, layer="驿站", driver="GPKG")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, style TEXT)")
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier)"
            " VALUES ('layer_styles', 'attributes', 'layer_styles')"
        )
        database.execute("PRAGMA journal_mode = WAL")
    raw = read_geopackage(file.read_bytes(), "a.gpkg")
    assert raw.sheets == ("驿站",)
    assert raw.headings == ("name",)
    assert raw.cells[0].tolist() == NAMES


def test_a_geopackage_without_a_system_or_with_one_by_definition(tmp_path: Path) -> None:
    file = tmp_path / "made.gpkg"
    frame = geopandas.GeoDataFrame({"name": NAMES}, geometry=PLACES, crs="EPSG:4548")
    frame.to_file(file, driver="GPKG")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(
            "UPDATE gpkg_spatial_ref_sys SET organization = 'none' WHERE srs_id = 4548"
        )
    assert read_geopackage(file.read_bytes(), "a.gpkg").crs == "EPSG:4548"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE gpkg_geometry_columns SET srs_id = 0")
    raw = read_geopackage(file.read_bytes(), "a.gpkg")
    assert (raw.crs, [note[0] for note in raw.notes]) == ("", ["intake_crs_missing"])
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE gpkg_geometry_columns SET srs_id = 77")
    with pytest.raises(FileRefusedError, match="no EPSG code"):
        read_geopackage(file.read_bytes(), "a.gpkg")


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4548", "OGC:CRS84"])
def test_a_geoparquet_in_whatever_projection(crs: str, tmp_path: Path) -> None:
    file = tmp_path / "made.parquet"
    frame = geopandas.GeoDataFrame({"name": NAMES}, geometry=PLACES, crs="EPSG:4326")
    frame.to_crs(crs).to_parquet(file)
    intake = take(file.read_bytes())
    assert np.allclose(positions(intake), [(p.x, p.y) for p in PLACES], atol=1e-8)
    assert intake.stated_by == "file"


def test_a_geoparquet_of_no_system_or_of_one_without_a_code(tmp_path: Path) -> None:
    file = tmp_path / "made.parquet"
    frame = geopandas.GeoDataFrame({"name": NAMES}, geometry=PLACES)
    frame.to_parquet(file)
    assert take(file.read_bytes()).stated_by == "nothing"
    frame.set_crs("+proj=aea +lat_1=25 +lat_2=47 +lon_0=105").to_parquet(file)
    with pytest.raises(FileRefusedError, match="no EPSG code"):
        take(file.read_bytes())


def test_shapes_that_make_no_sense_have_no_position_or_one_inside() -> None:
    bow = '{"type":"Polygon","coordinates":[[[116,39],[117,40],[117,39],[116,40],[116,39]]]}'
    nowhere = '{"type":"Polygon","coordinates":[[[116,39],[NaN,40],[117,39],[116,39]]]}'
    endless = '{"type":"Point","coordinates":[1e999,39]}'
    features = [
        f'{{"type":"Feature","properties":{{"name":"n{i}"}},"geometry":{shape}}}'
        for i, shape in enumerate((bow, nowhere, endless))
    ]
    text = f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'
    intake = take(text.encode())
    assert intake.frame["name"].tolist() == ["n0"]
    ((lon, lat),) = positions(intake)
    assert 116 <= lon <= 117
    assert 39 <= lat <= 40
    assert intake.rejected == 2
