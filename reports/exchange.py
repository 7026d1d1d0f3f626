"""What other programs read: one GeoJSON, one KML, and the annex as CSV files.

All positions are WGS-84. What people wrote is text in each: no formula, no markup, no control
character.
"""

import io
import json
import math
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from geo.tables import csv_bytes as csv_table
from reports import figures, served
from reports.layers import credit_rows, point_layers
from reports.report import Report
from reports.shown import small_cells_sentence
from reports.tables import Cell, Sheet, Value, clean_text
from reports.workbook import annex_sheets
from words import day

KML: Final = "http://www.opengis.net/kml/2.2"
_ON_KML: Final = ("stations", "candidates", "plan", "gap_areas")
# aabbggrr: green, blue, orange and vermilion of Okabe and Ito.
_COLOURS: Final = {
    "stations": "ff739e00",
    "candidates": "ffb27200",
    "plan": "ff009fe6",
    "gap_areas": "ff005ed5",
}
_DIGITS = 6  # of a degree: 0.1 m
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def geojson_bytes(report: Report) -> bytes:
    """Return layers.geojson (RFC 7946); the same report has the same bytes.

    One collection of all points: demand, stations, candidates, plan, gap areas and their points,
    enterprises, hosts and needs, told apart by the property `layer`; its member `credits` lists
    the sources. Streets are in the GeoPackage alone. Few workers are null (`reports.shown`).
    """
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [_degrees(lon), _degrees(lat)]},
            "properties": {"layer": name, **row},
        }
        for name, frame in point_layers(report)
        for lon, lat, row in _rows(frame)
    ]
    content = {
        "type": "FeatureCollection",
        "name": clean_text(report.heading),
        "notes": _notes(report),
        "credits": [dict(row) for row in credit_rows(report)],
        "features": features,
    }
    return (json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n").encode()


def kml_bytes(report: Report) -> bytes:
    """Return layers.kml: stations, candidates, plan and gap areas, a folder each."""
    ET.register_namespace("", KML)
    root = ET.Element(_tag("kml"))
    document = ET.SubElement(root, _tag("Document"))
    _text(document, "name", report.heading)
    _text(document, "description", "\n".join(_told(report)))
    for name, colour in _COLOURS.items():
        style = ET.SubElement(document, _tag("Style"), id=name)
        _text(ET.SubElement(style, _tag("IconStyle")), "color", colour)
    layers = dict(point_layers(report))
    for name in _ON_KML:
        if name in layers:
            _folder(document, report, name, layers[name])
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def csv_bytes(report: Report) -> bytes:
    """Return annex-csv.zip: every sheet of the annex as a CSV file that a spreadsheet opens.

    UTF-8 with a mark; text that a spreadsheet would take for a formula begins with an apostrophe;
    shares are fractions; a row of totals would be counted again, and is left out. A text file says
    what the figures mean.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, sheet in enumerate(annex_sheets(report), 1):
            name = f"{number:02d}-{_file_name(sheet.name)}.csv"
            _add(archive, name, _sheet_csv(sheet))
        notes = "\r\n".join([*_told(report), ""]).encode("utf-8-sig")
        _add(archive, f"00-{_file_name(report.say('layers.export'))}.txt", notes)
    return buffer.getvalue()


def _sheet_csv(sheet: Sheet) -> bytes:
    headings = [clean_text(column.heading) for column in sheet.columns]
    rows = [[_plain(cell) for cell in row] for row in sheet.rows]
    return csv_table(pd.DataFrame(rows, columns=headings, dtype="object"))


def _plain(cell: Value | Cell) -> str | float | int:
    """Return a cell as CSV has it: whole numbers without a point, nothing where it is missing."""
    value = cell.value if isinstance(cell, Cell) else cell
    if isinstance(value, str):
        return clean_text(value)
    if value is None or not math.isfinite(value):
        return ""
    return int(value) if float(value).is_integer() else value


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    archive.writestr(info, content, compress_type=zipfile.ZIP_DEFLATED)


def _file_name(text: str) -> str:
    return "".join("_" if sign in '\\/:*?"<>|' or sign < " " else sign for sign in text)


def _folder(parent: ET.Element, report: Report, name: str, frame: pd.DataFrame) -> None:
    folder = ET.SubElement(parent, _tag("Folder"), id=f"layer-{name}")
    _text(folder, "name", figures.layer_name(report, name))
    for lon, lat, row in _rows(frame):
        placemark = ET.SubElement(folder, _tag("Placemark"))
        _text(placemark, "name", str(row.get("name") or row.get("place") or row.get("id") or ""))
        told = row.get("reason") or row.get("sentence") or row.get("mends") or row.get("hours")
        _text(placemark, "description", str(told or ""))
        _text(placemark, "styleUrl", f"#{name}")
        data = ET.SubElement(placemark, _tag("ExtendedData"))
        for key, value in row.items():
            if value not in (None, ""):
                _text(ET.SubElement(data, _tag("Data"), name=key), "value", str(value))
        point = ET.SubElement(placemark, _tag("Point"))
        _text(point, "coordinates", f"{_degrees(lon)},{_degrees(lat)}")


def _rows(frame: pd.DataFrame) -> Iterator[tuple[float, float, dict[str, Any]]]:
    """Yield longitude, latitude and the other columns of each row as plain JSON."""
    plain = frame.astype(object).where(frame.notna(), None)
    for row in plain.to_dict("records"):
        lon, lat = float(row.pop("lon")), float(row.pop("lat"))
        yield lon, lat, {str(name): _json(value) for name, value in row.items()}


def _json(value: Any) -> Any:  # noqa: ANN401 -- a cell
    item = getattr(value, "item", None)
    return value if item is None else item()


def _notes(report: Report) -> list[str]:
    label = [report.say("synthetic")] if report.synthetic else []
    return [
        *label,
        report.say("made_on", day=day(report.made_on, report.lang)),
        report.say("wgs84"),
        figures.method_sentence(report),
        served.terms_sentence(report),
        small_cells_sentence(report),
        report.say("map_use", use=report.internal).strip(),
        f"{figures.item_name(report, 'hash')} {report.scenario_hash}",
    ]


def _told(report: Report) -> list[str]:
    """Return the notes and the sources as lines of text."""
    sources = [
        " · ".join(
            filter(
                None,
                (
                    figures.layer_name(report, credit.layer),
                    figures.source_text(report, credit),
                    figures.licence_text(report, credit),
                    credit.date,
                ),
            )
        )
        for credit in report.credits
    ]
    return [clean_text(line) for line in (report.heading, *_notes(report), *sources)]


def _degrees(value: float) -> float:
    return round(value, _DIGITS)


def _tag(name: str) -> str:
    return f"{{{KML}}}{name}"


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _tag(name)).text = clean_text(text)
