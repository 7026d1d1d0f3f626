"""The files of one export, written to a folder: each appears whole or not at all."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from geo.errors import InputError
from reports.report import Report
from reports.workbook import workbook_bytes
from words import Lang

DEFAULT_FORMATS: Final = ("xlsx",)


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
            code = "reports_pdf_later" if name == "pdf" else "reports_format_unknown"
            raise InputError(code, format=name, known=", ".join(WRITERS))
    report = report.in_language(lang)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in formats:
        file_name, write = WRITERS[name]
        paths.append(_replace(folder / file_name, write(report)))
    return paths


def _replace(path: Path, content: bytes) -> Path:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_bytes(content)
    return part.replace(path)


WRITERS: Final[dict[str, tuple[str, Callable[[Report], bytes]]]] = {
    "xlsx": ("annex.xlsx", workbook_bytes),
}
"""Format -> name of the file, and what makes its bytes."""
