"""Credits are assembled from the layers in use: whichever of them is missing, an export fails."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from pypdf import PdfReader

from reports.bundle import WRITERS
from reports.report import Report, credits_of, make_report
from siting.model import LayerSource

LAYERS = ("demand", "stations", "candidates", "enterprises")


def credited(report: Report) -> Report:
    """Return a report whose layers in use each name a source of their own."""
    sources = tuple(LayerSource(layer, f"Source-{layer}", f"L-{layer}") for layer in LAYERS)
    inputs = replace(report.inputs, sources=sources)
    return make_report(
        inputs,
        report.parameters,
        report.effective,
        report.scores,
        report.plan,
        title=report.title,
        made_on=report.made_on,
    )


def _docx(content: bytes) -> str:
    document: Any = docx.Document(io.BytesIO(content))
    return " ".join(c.text for table in document.tables for row in table.rows for c in row.cells)


def _xlsx(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return " ".join(str(cell) for row in book["数据来源"].values for cell in row)


def _pdf(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def _gpkg(content: bytes) -> str:
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(content)
        return " ".join(source for (source,) in database.execute("select source from credits"))


def _csv(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(archive.namelist()[-1]).decode()


def _plain(content: bytes) -> str:
    return content.decode()


READ: dict[str, Callable[[bytes], str]] = {
    "docx": _docx,
    "xlsx": _xlsx,
    "pdf": _pdf,
    "gpkg": _gpkg,
    "csv": _csv,
    **dict.fromkeys(("json", "geojson", "kml", "html"), _plain),
}


def test_every_format_is_looked_at() -> None:
    assert set(READ) == set(WRITERS)


@pytest.mark.parametrize("name", list(READ))
def test_every_layer_in_use_is_credited(
    district: Callable[..., Report], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Word and PDF credit in a table; their map, which takes long, has the credits of the page.
    monkeypatch.setattr("reports.document.scene_of", lambda _: None)
    said = READ[name](WRITERS[name][1](credited(district())))
    assert [layer for layer in LAYERS if f"Source-{layer}" not in said] == []


def test_a_layer_without_a_source_is_told_as_one(district: Callable[..., Report]) -> None:
    report = district()
    unnamed = replace(report.inputs, sources=report.inputs.sources[:1])
    assert [credit.layer for credit in credits_of(unnamed)] == list(LAYERS)
    told = replace(report, inputs=unnamed, credits=credits_of(unnamed))
    content = json.loads(WRITERS["geojson"][1](told))
    assert [row["source"] for row in content["credits"]][1:] == ["来源未注明"] * 3


def test_nothing_reads_the_disk_of_whoever_wrote_it(district: Callable[..., Report]) -> None:
    for name in ("json", "geojson", "kml"):
        assert str(Path.cwd()) not in _plain(WRITERS[name][1](district()))
