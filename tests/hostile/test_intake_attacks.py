import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import FileRefusedError
from geo.intake import Intake, read_table
from geo.intake.limits import MAX_COLUMNS, MAX_ZIP_ENTRIES
from tests.hostile.clean import CSV, geopackage, zipped
from words import LANGUAGES

MIB = 2**20
SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]  # one way to read for all
VRT = b"""<OGRVRTDataSource><OGRVRTLayer name="passwd">
<SrcDataSource>CSV:/etc/passwd</SrcDataSource><SrcLayer>passwd</SrcLayer>
</OGRVRTLayer></OGRVRTDataSource>"""
pytestmark = pytest.mark.usefixtures("read_here")


def refused(data: bytes, name: str = "stations.geojson") -> str:
    """Return the code of the refusal, after both of its sentences could be written."""
    with pytest.raises(FileRefusedError) as caught:
        read_table(data, "stations", name=name)
    for lang in LANGUAGES:
        assert name in caught.value.message(lang)
    return caught.value.code


def refused_or_read(data: bytes) -> Intake | None:
    try:
        return read_table(data, "stations", name="upload")
    except FileRefusedError:
        return None


@pytest.mark.parametrize(
    "data",
    [
        VRT,
        b"  \n" + VRT,
        b"\xef\xbb\xbf" + VRT,
        b"<html><body>id,lon,lat</body></html>",
        b"id,lon\x00,lat\n1,2,3\n",
        "id,lon,lat\n".encode("utf-16-le"),
    ],
)
@pytest.mark.parametrize("name", ["stations.geojson", "stations.csv", "../../etc/passwd.xlsx"])
def test_what_we_do_not_read_is_refused_by_content_under_any_name(data: bytes, name: str) -> None:
    assert refused(data, name) == "intake_format"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture"),
        (b"%PDF-1.7\n%...", "pdf"),
        (b"Rar!\x1a\x07\x01\x00", "archive"),
    ],
)
def test_what_people_send_in_place_of_a_table_is_called_by_its_name(data: bytes, kind: str) -> None:
    assert refused(data, "stations.xlsx") == f"intake_foreign_{kind}"


def test_a_document_is_no_archive_and_a_name_no_picture() -> None:
    assert refused(zipped({"word/document.xml": b"<w/>"})) == "intake_foreign_word"
    assert refused_or_read(b"BM,name,lon,lat\n1,a,116.3,39.7\n") is not None


@pytest.mark.parametrize("part", ["stations.vrt", "stations.csv", "inner.zip", "a/b.geojson"])
def test_an_archive_of_anything_else_is_refused(part: str) -> None:
    content = VRT if part.endswith("vrt") else zipped({"s.csv": CSV.encode()})
    assert refused(zipped({part: content})) == "intake_zip_content"


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\x00" * 100, b"\xef\xbb\xbf"])
def test_empty_files(data: bytes) -> None:
    assert refused(data) in {"intake_empty", "intake_columns_missing"}


@pytest.mark.parametrize(
    "word", ["http://127.0.0.1:9/x", "/vsicurl/http://127.0.0.1:9", "CSV:/etc/passwd"]
)
def test_the_name_of_an_upload_is_never_opened(word: str) -> None:
    assert read_table(CSV.encode(), "stations", name=word).imported == 9


def test_a_reference_system_behind_a_link_is_not_followed() -> None:
    link = {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "proj4"}}
    document = {"type": "FeatureCollection", "crs": link, "features": []}
    assert refused(json.dumps(document).encode()) == "intake_crs_link"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"type":"FeatureCollection","features":' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"type":"FeatureCollection","features":[',
        '{"type":"FeatureCollection","features":[1e400',
        '{"a":' + "9" * 5000 + "}",
    ],
)
def test_broken_and_bottomless_json(text: str) -> None:
    assert refused(text.encode()) in {"intake_damaged", "intake_geojson"}


@pytest.mark.parametrize(
    "text", ["[]", "{}", "[1,2]", '{"type":"FeatureCollection"}', '{"type":"Topology"}']
)
def test_json_that_is_no_geojson(text: str) -> None:
    assert refused(text.encode()) == "intake_geojson"


def test_deep_geometry_and_lone_surrogates_cost_a_row_not_the_file() -> None:
    deep = '{"type":"Polygon","coordinates":' + "[" * 400 + "]" * 400 + "}"
    good = '{"type":"Point","coordinates":[116.3,39.7]}'
    text = (
        '{"type":"FeatureCollection","features":['
        f'{{"type":"Feature","properties":{{"id":"a"}},"geometry":{deep}}},'
        f'{{"type":"Feature","properties":{{"id":"b","name":"\\ud800x"}},"geometry":{good}}}]}}'
    )
    intake = read_table(text.encode(), "stations")
    assert intake.frame["name"].tolist() == ["?x"]
    assert intake.rejected == 1


def test_a_zip_bomb_is_refused_from_the_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": bytes(64 * MIB)})
    assert len(bomb) < MIB
    monkeypatch.setattr(zipfile.ZipExtFile, "read", unpacked)
    assert refused(bomb) == "intake_zip_size"


def unpacked(*_: object) -> bytes:
    """Stand in for what unpacks: nobody may."""
    raise AssertionError


def test_a_zip_of_countless_parts_is_refused() -> None:
    parts = {f"xl/{i}": b"" for i in range(MAX_ZIP_ENTRIES + 1)}
    assert refused(zipped(parts)) == "intake_zip_entries"


def test_a_database_with_a_virtual_table_is_refused(tmp_path: Path) -> None:
    geopackage(tmp_path)
    with closing(sqlite3.connect(tmp_path / "clean.gpkg")) as database:
        database.execute("CREATE VIRTUAL TABLE evil USING fts5(a)")
    assert refused((tmp_path / "clean.gpkg").read_bytes()) == "intake_geopackage"


def test_a_database_that_is_none() -> None:
    assert refused(b"SQLite format 3\x00" + bytes(5000)) == "intake_damaged"


def test_an_open_quotation_mark_is_not_swallowed() -> None:
    assert refused(b'id,name,lon,lat\na,"open,116,39\nb,x,117,39\n') == "intake_damaged"


def test_a_line_of_countless_columns_is_refused() -> None:
    assert refused(b"id,lon,lat" + b"," * (MAX_COLUMNS + 1)) == "intake_too_many_columns"


def test_utf8_with_broken_bytes_is_not_read_as_other_characters() -> None:
    data = CSV.encode()
    assert (
        refused(data.replace("暖心驿站3".encode(), "暖心驿站3".encode()[1:])) == "intake_encoding"
    )
    assert refused(data[:-1] + "站".encode()[:2]) == "intake_encoding"


@pytest.mark.parametrize("encoding", ["big5", "shift_jis", "euc-kr", "utf-16-be", "utf-32"])
def test_other_encodings_are_refused_not_guessed(encoding: str) -> None:
    refused("編號,名稱,經度,緯度\n1,站,116,39\n".encode(encoding, "replace"))


def spoilt(place: int, cut: int, put: bytes) -> None:
    """Read a text with some bytes cut out and others put in."""
    data = CSV.encode()
    intake = refused_or_read(data[:place] + put + data[place + cut :])
    if intake is not None:
        errors = {f.row for f in intake.findings if f.severity == "error"}
        assert len(errors) == intake.rejected
        assert intake.imported == len(intake.frame)
        assert intake.frame["lon"].between(-180, 180).all()
        assert intake.frame["id"].is_unique


DAMAGE = {
    "place": st.integers(0, len(CSV.encode()) - 1),
    "cut": st.integers(0, 12),
    "put": st.binary(max_size=12)
    | st.sampled_from([b",", b'"', b"\n", b"\r", b"\xff\xfe", b"nan", b"=1+1"]),
}
FEW = settings(max_examples=40, suppress_health_check=SHARED)
MANY = settings(max_examples=3000, suppress_health_check=SHARED)


@FEW
@given(**DAMAGE)
def test_any_damage_to_a_text_is_refused_or_counted(place: int, cut: int, put: bytes) -> None:
    spoilt(place, cut, put)


@pytest.mark.full
@MANY
@given(**DAMAGE)
def test_any_damage_three_thousand_times(place: int, cut: int, put: bytes) -> None:
    spoilt(place, cut, put)


@FEW
@given(data=st.binary(max_size=400))
def test_any_bytes_are_refused_or_read(data: bytes) -> None:
    refused_or_read(data)


@pytest.mark.full
@MANY
@given(data=st.binary(max_size=4000))
def test_any_bytes_three_thousand_times(data: bytes) -> None:
    refused_or_read(data)
