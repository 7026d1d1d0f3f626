"""The files of one export, written to a folder: each appears whole or not at all."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from geo.errors import InputError
from geo.whole import whole_file
from reports.document import document_bytes, pdf_bytes
from reports.drawn import scene_of, with_base
from reports.exchange import csv_bytes, geojson_bytes, kml_bytes
from reports.layers import layers_bytes
from reports.replay import replay_bytes
from reports.report import Report
from reports.webmap import standalone_html
from reports.workbook import workbook_bytes
from words import Lang

DEFAULT_FORMATS: Final = ("docx", "xlsx", "pdf", "gpkg", "json", "html")

_WITH_MAP: Final = frozenset({"docx", "html", "pdf"})


def write_bundle(
    report: Report,
    folder: Path,
    formats: Sequence[str] = DEFAULT_FORMATS,
    lang: Lang | None = None,
) -> list[Path]:
    """Write the files of one report and return their paths, in the order of `formats`.

    Parameters
    ----------
    report
        What is exported.
    folder
        Made if it is missing; files of the same name are replaced, each in one step.
    formats
        Keys of `WRITERS`.
    lang
        Another language than the report's.

    Raises
    ------
    InputError
        `formats` names a format that is not written; nothing was written then.
    """
    for name in formats:
        if name not in WRITERS:
            raise InputError("reports_format_unknown", format=name, known=", ".join(WRITERS))
    report = report.in_language(lang)
    if _WITH_MAP.intersection(formats):
        report = with_base(report)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in formats:
        file_name, write = WRITERS[name]
        paths.append(_replace(folder / file_name, write(report)))
    return paths


def map_bytes(report: Report) -> bytes:
    """Return map.html, which needs no other file and no other host; it shows `drawn.scene_of`.

    Raises
    ------
    InputError
        There is nothing to draw.
    """
    scene = scene_of(report)
    if scene is None:
        raise InputError("reports_nothing_to_draw")
    return standalone_html(scene).encode()


def _replace(path: Path, content: bytes) -> Path:
    with whole_file(path) as file:
        file.write(content)
    return path


WRITERS: Final[dict[str, tuple[str, Callable[[Report], bytes]]]] = {
    "docx": ("report.docx", document_bytes),
    "xlsx": ("annex.xlsx", workbook_bytes),
    "pdf": ("report.pdf", pdf_bytes),
    "gpkg": ("layers.gpkg", layers_bytes),
    "geojson": ("layers.geojson", geojson_bytes),
    "kml": ("layers.kml", kml_bytes),
    "csv": ("annex-csv.zip", csv_bytes),
    "json": ("replay.json", replay_bytes),
    "html": ("map.html", map_bytes),
}
"""Format -> name of the file, and what makes its bytes."""
