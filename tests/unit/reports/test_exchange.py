"""GeoJSON, KML and CSV, read again by others: names are text, credits are there, few are hidden."""

import csv
import io
import json
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from dataclasses import replace

import openpyxl
import pyogrio
import pytest

from reports.exchange import KML, csv_bytes, geojson_bytes, kml_bytes
from reports.report import Report
from reports.workbook import workbook_bytes

HOSTILE = "=cmd|' /C calc'!A0</name><script>alert(1)</script>]]>\x00&amp;"
CLEAN = HOSTILE.replace("\x00", "")
Make = Callable[..., Report]


def hostile(report: Report) -> Report:
    """Return the report with a hostile name on its first station and candidate."""
    stations, candidates = report.inputs.stations.copy(), report.inputs.candidates.copy()
    stations.loc[0, "name"] = candidates.loc[0, "name"] = HOSTILE
    inputs = replace(report.inputs, stations=stations, candidates=candidates)
    return replace(report, inputs=inputs)


def opened_csv(report: Report) -> dict[str, list[list[str]]]:
    with zipfile.ZipFile(io.BytesIO(csv_bytes(report))) as archive:
        texts = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    assert all(text.startswith("\ufeff") for text in texts.values())
    return {
        name.partition("-")[2]: list(csv.reader(io.StringIO(text[1:], newline="")))
        for name, text in texts.items()
    }


def test_kml_has_four_folders_and_names_that_are_text(district: Make) -> None:
    root = ET.fromstring(kml_bytes(hostile(district())))  # noqa: S314 -- our own
    space = {"k": KML}
    folders = root.findall(".//k:Folder", space)
    assert [folder.get("id") for folder in folders] == [
        *("layer-stations", "layer-candidates", "layer-plan", "layer-gap_areas"),
    ]
    counts = [len(folder.findall("k:Placemark", space)) for folder in folders]
    assert counts == [9, 30, 5, 2]
    names = [item.text for item in root.findall(".//k:Placemark/k:name", space)]
    assert names.count(CLEAN) == 3  # the candidate is in the plan, too
    lon, lat = root.findall(".//k:coordinates", space)[0].text.split(",")  # type: ignore[union-attr]
    assert 116 < float(lon) < 117
    assert 39 < float(lat) < 40
    about = root.find("./k:Document/k:description", space)
    assert about is not None
    for credit in district().credits:
        assert credit.source in str(about.text)
    assert "内部工作用图" in str(about.text)


def test_gdal_reads_what_we_wrote(district: Make) -> None:
    report = hostile(district())
    content = json.loads(geojson_bytes(report))
    told = [feature["properties"] for feature in content["features"]]
    assert {row["layer"] for row in told} == {
        *("demand", "stations", "candidates", "plan", "gap_areas", "gap_points", "enterprises"),
    }
    assert sum(row.get("name") == CLEAN for row in told) == 3
    assert [row["source"] for row in content["credits"]][:1] == ["来源demand（合成示例数据）"]
    frame = pyogrio.read_dataframe(io.BytesIO(geojson_bytes(report)))  # noqa: TID251 -- our own
    assert len(frame) == len(told)


def test_few_workers_and_persons_are_in_neither(district: Make) -> None:
    report = district(smallest_shown=200.0)
    told = [feature["properties"] for feature in json.loads(geojson_bytes(report))["features"]]
    demand = [row for row in told if row["layer"] == "demand"]
    assert not any(row["workers"] is not None and 0 < row["workers"] < 200 for row in demand)
    assert not any("contact" in name for row in told for name in row)


def test_csv_is_the_annex_without_its_totals(district: Make) -> None:
    report = hostile(district())
    files = opened_csv(report)
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(report)))
    assert [name.removesuffix(".csv") for name in files if name.endswith(".csv")] == book.sheetnames
    head, *rows = files["驿站台账.csv"]
    assert rows[0][head.index("名称")] == f"'{CLEAN}"
    assert [row[head.index("序号")] for row in rows] == [str(number) for number in range(1, 10)]
    assert not any(row[0] == "合计" for found in files.values() for row in found if row)
    about = "\n".join(line for row in files["说明.txt"] for line in row)
    assert "来源stations" in about


@pytest.mark.parametrize("write", [csv_bytes, geojson_bytes, kml_bytes])
def test_same_report_same_bytes(district: Make, write: Callable[[Report], bytes]) -> None:
    assert write(district()) == write(district())
