"""The format of a file, decided by its first bytes and, for zip files, by its directory."""

import io
import zipfile
from typing import Final, Literal

from geo.errors import FileRefusedError
from geo.intake.limits import (
    MAX_FILE_BYTES,
    MAX_UNZIPPED_BYTES,
    MAX_ZIP_ENTRIES,
    MAX_ZIP_RATIO,
    ZIP_RATIO_FROM_BYTES,
)

Format = Literal["spreadsheet", "text", "geojson", "geopackage", "parquet"]

UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"
_ZIP = b"PK\x03\x04"
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SQLITE = b"SQLite format 3\x00"
_PARQUET = b"PAR1"
# Parts that every workbook of these formats has: Office Open XML, its binary form, OpenDocument.
_WORKBOOK_PARTS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})


def detect(data: bytes, name: str) -> Format:
    """Return the format of `data`; `name` only serves the message.

    Raises
    ------
    FileRefusedError
        `intake_empty`, `intake_too_large`, `intake_format` (nothing we read), or what
        `check_zip` raises.
    """
    if len(data) > MAX_FILE_BYTES:
        raise FileRefusedError("intake_too_large", file=name, limit_mib=MAX_FILE_BYTES // 2**20)
    if not data.strip(b"\x00\t\r\n "):
        raise FileRefusedError("intake_empty", file=name)
    if data.startswith(_ZIP):
        return _zip_format(data, name)
    if data.startswith(_OLE2):
        return "spreadsheet"
    if data.startswith(_SQLITE):
        return "geopackage"
    if data.startswith(_PARQUET) and data.endswith(_PARQUET):
        return "parquet"
    return _text_format(data, name)


def check_zip(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse a zip file by what its directory says, before anything is unpacked.

    Raises
    ------
    FileRefusedError
        `intake_zip_entries` or `intake_zip_size`.
    """
    entries = archive.infolist()
    if len(entries) > MAX_ZIP_ENTRIES:
        raise FileRefusedError("intake_zip_entries", file=name, limit=MAX_ZIP_ENTRIES)
    bomb = any(
        entry.file_size > ZIP_RATIO_FROM_BYTES
        and entry.file_size > MAX_ZIP_RATIO * entry.compress_size
        for entry in entries
    )
    if bomb or sum(entry.file_size for entry in entries) > MAX_UNZIPPED_BYTES:
        limit_mib = MAX_UNZIPPED_BYTES // 2**20
        raise FileRefusedError("intake_zip_size", file=name, limit_mib=limit_mib)


def _zip_format(data: bytes, name: str) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_zip(archive, name)
            parts = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        if isinstance(error, FileRefusedError):
            raise
        raise FileRefusedError("intake_damaged", file=name) from error
    if parts & _WORKBOOK_PARTS:
        return "spreadsheet"
    raise FileRefusedError("intake_format", file=name)


def _text_format(data: bytes, name: str) -> Format:
    if data.startswith(UTF16_MARKS):
        return "text"
    head = data[:4096].removeprefix(_UTF8_MARK).lstrip()
    if b"\x00" in head or head.startswith((b"<", b"%PDF", b"\x89PNG", b"\xff\xd8")):
        raise FileRefusedError("intake_format", file=name)
    return "geojson" if head.startswith((b"{", b"[")) else "text"
