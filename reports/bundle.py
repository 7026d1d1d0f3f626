"""The files of one export, written to a folder: each appears whole or not at all."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from geo.errors import InputError
from geo.whole import whole_file
from reports.layers import layers_bytes
from reports.replay import replay_bytes
from reports.report import Report
from reports.webmap import (
    base_layer,
    effective_surfaces,
    scene_from,
    serving_of,
    standalone_html,
)
from reports.workbook import workbook_bytes
from words import Lang

DEFAULT_FORMATS: Final = ("docx", "xlsx", "pdf", "gpkg", "json", "html")


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
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in formats:
        file_name, write = WRITERS[name]
        paths.append(_replace(folder / file_name, write(report)))
    return paths


def map_bytes(report: Report) -> bytes:
    """Return map.html, which needs no other file and no other host.

    Its gap is that of effective coverage: stations shut in every window and those whose hours are
    not on record are drawn apart, the worst gap areas carry the numbers of the list.

    Raises
    ------
    InputError
        There is nothing to draw.
    """
    extent = _extent(report)
    if report.base is None and report.inputs.streets is None and extent is None:
        raise InputError("reports_nothing_to_draw")
    base = report.base or base_layer(report.inputs.streets, bounds=extent)
    found = report.effective
    windows = tuple(row.name for row in found.effective.windows if row.name)
    scene = scene_from(
        base,
        report.inputs,
        report.coverage,
        report.scores,
        report.plan,
        lang=report.lang,
        ready_surfaces=effective_surfaces(found),
        gap_of="effective",
        serving=serving_of(found, windows),
    )
    return standalone_html(scene).encode()


def _extent(report: Report) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of demand, stations and candidates; None without any."""
    inputs = report.inputs
    frames = (inputs.demand, inputs.stations, inputs.candidates)
    lon = [value for frame in frames for value in frame["lon"]]
    lat = [value for frame in frames for value in frame["lat"]]
    return (min(lon), min(lat), max(lon), max(lat)) if lon else None


def _document(report: Report) -> bytes:
    # Late: the app must not load the word processor when it starts.
    from reports.document import document_bytes  # noqa: PLC0415

    return document_bytes(report)


def _pdf(report: Report) -> bytes:
    # Late, too: the app must not load the typesetter when it starts.
    from reports.pdf import pdf_bytes  # noqa: PLC0415

    return pdf_bytes(report)


def _replace(path: Path, content: bytes) -> Path:
    with whole_file(path) as file:
        file.write(content)
    return path


WRITERS: Final[dict[str, tuple[str, Callable[[Report], bytes]]]] = {
    "docx": ("report.docx", _document),
    "xlsx": ("annex.xlsx", workbook_bytes),
    "pdf": ("report.pdf", _pdf),
    "gpkg": ("layers.gpkg", layers_bytes),
    "json": ("replay.json", replay_bytes),
    "html": ("map.html", map_bytes),
}
"""Format -> name of the file, and what makes its bytes."""
