"""The format of a file, decided by its first bytes and, for zip files, by its directory."""

import io
import lzma
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Final, Literal

from geo.errors import FileRefusedError
from geo.intake.limits import (
    MAX_FILE_BYTES,
    MAX_UNZIPPED_BYTES,
    MAX_ZIP_DIRECTORY_BYTES,
    MAX_ZIP_ENTRIES,
    MAX_ZIP_RATIO,
    ZIP_RATIO_FROM_BYTES,
)
from geo.plain_xml import HEAD_BYTES, DocumentTypeError, NotPlainXmlError, root_name

Format = Literal[
    "spreadsheet", "text", "geojson", "geopackage", "parquet", "kml", "gpx", "shapefile", "grid"
]

WITH_SHAPES: Final[frozenset[Format]] = frozenset({"geojson", "kml", "shapefile", "geopackage"})
"""Formats that may hold areas."""

WGS84_BY_DEFINITION: Final[frozenset[Format]] = frozenset({"geojson", "kml", "gpx"})
"""Formats whose standards know WGS-84 only; positions in them may be shifted all the same."""

UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
ZIP_MARK: Final = b"PK\x03\x04"
_UTF8_MARK = b"\xef\xbb\xbf"
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SQLITE = b"SQLite format 3\x00"
_PARQUET = b"PAR1"
_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
# Parts that every workbook of these formats has: Office Open XML, its binary form, OpenDocument.
_WORKBOOK_PARTS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})
_PDF: Final = b"%PDF"
# What people send in place of a table, by its first bytes, and the error that says so.
_FOREIGN: Final = (
    (_PDF, "intake_foreign_pdf"),
    (b"\x89PNG", "intake_foreign_picture"),
    (b"\xff\xd8\xff", "intake_foreign_picture"),
    (b"GIF8", "intake_foreign_picture"),
    (b"BM", "intake_foreign_picture"),
    (b"Rar!", "intake_foreign_archive"),
    (b"7z\xbc\xaf", "intake_foreign_archive"),
)
# Folders in a zip that is a document.
_FOREIGN_PARTS: Final = (
    ("word/", "intake_foreign_word"),
    ("ppt/", "intake_foreign_slides"),
)
_XML_FORMATS: Final[dict[str, Format]] = {"kml": "kml", "gpx": "gpx"}
# The end of a zip's directory: 22 bytes and a remark of at most 65,535; before it, in large
# archives, a locator (20 bytes) of a second end (56 bytes) with wider fields.
_END, _END_BYTES, _REMARK_BYTES = b"PK\x05\x06", 22, 65_535
_WIDE_LOCATOR, _WIDE_BYTES = b"PK\x06\x07", 20 + 56
_LOCKED, _UTF8_NAME = 0x1, 0x800
_ZIP_ERRORS = (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError)
_MAC_FOLDER = "__MACOSX"


def is_raster(head: bytes) -> bool:
    """Tell whether a file begins as TIFF and BigTIFF do."""
    return head.startswith(_TIFF)


def detect(data: bytes, name: str) -> Format:
    """Return the format of `data`; `name` only serves the message.

    Raises
    ------
    FileRefusedError
        `intake_empty`, `intake_too_large`, `intake_format` (nothing we read), `intake_foreign_…`
        (a document, a picture, slides or an archive that we do not read), `intake_xml` (a document
        type), or what `open_zip` raises.
    """
    if len(data) > MAX_FILE_BYTES:
        raise FileRefusedError("intake_too_large", file=name, limit_mib=MAX_FILE_BYTES // 2**20)
    if not data.strip(b"\x00\t\r\n "):
        raise FileRefusedError("intake_empty", file=name)
    if data.startswith(ZIP_MARK):
        return _zip_format(data, name)
    if data.startswith(_OLE2):
        return "spreadsheet"
    if data.startswith(_SQLITE):
        return "geopackage"
    if data.startswith(_PARQUET) and data.endswith(_PARQUET):
        return "parquet"
    if is_raster(data):
        return "grid"
    return _text_format(data, name)


def open_zip(data: bytes, name: str) -> zipfile.ZipFile:
    """Open a zip file after its directory was judged; nothing is unpacked.

    Raises
    ------
    FileRefusedError
        `intake_damaged`, `intake_zip_entries`, `intake_zip_size`, `intake_zip_locked` (it asks for
        a password).
    """
    if _directory_bytes(data) > MAX_ZIP_DIRECTORY_BYTES:
        raise FileRefusedError("intake_zip_entries", file=name, limit=MAX_ZIP_ENTRIES)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _ZIP_ERRORS as error:
        raise FileRefusedError("intake_damaged", file=name) from error
    _check_entries(archive.infolist(), name)
    return archive


def unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """Return the content of one entry: never more than its directory says.

    Raises
    ------
    FileRefusedError
        `intake_damaged`.
    """
    try:
        return archive.read(entry)
    except (*_ZIP_ERRORS, OSError, RuntimeError, zlib.error, lzma.LZMAError) as error:
        raise FileRefusedError("intake_damaged", file=name) from error


def entry_path(entry: zipfile.ZipInfo) -> PurePosixPath:
    """Return the path of an entry as people see it: programs in China pack names as GBK.

    It is only compared and shown; nothing is ever written under it.
    """
    shown = entry.filename
    if not entry.flag_bits & _UTF8_NAME:  # then zipfile has read the name as code page 437
        raw = shown.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                shown = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return PurePosixPath(shown.replace("\\", "/"))


def entries_with(archive: zipfile.ZipFile, suffix: str) -> list[zipfile.ZipInfo]:
    """Return the entries whose name ends with `suffix`, in any case and any folder.

    What macOS adds (`__MACOSX/._name`) is left out.
    """
    return [
        entry
        for entry in archive.infolist()
        if entry.filename.lower().endswith(suffix)
        and _MAC_FOLDER not in entry_path(entry).parts
        and not entry_path(entry).name.startswith("._")
    ]


def _directory_bytes(data: bytes) -> int:
    """Return how long a zip's directory says it is; 0 where there is no end of one."""
    at = data.rfind(_END, max(0, len(data) - _END_BYTES - _REMARK_BYTES))
    if at < 0:
        return 0
    size = int.from_bytes(data[at + 12 : at + 16], "little")
    if at >= _WIDE_BYTES and data[at - 20 : at].startswith(_WIDE_LOCATOR):
        size = int.from_bytes(data[at - _WIDE_BYTES + 40 : at - _WIDE_BYTES + 48], "little")
    return size


def _check_entries(entries: list[zipfile.ZipInfo], name: str) -> None:
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
    if any(entry.flag_bits & _LOCKED for entry in entries):
        raise FileRefusedError("intake_zip_locked", file=name)


def _zip_format(data: bytes, name: str) -> Format:
    with open_zip(data, name) as archive:
        if set(archive.namelist()) & _WORKBOOK_PARTS:
            return "spreadsheet"
        if entries_with(archive, ".shp"):
            return "shapefile"
        if entries_with(archive, ".kml"):
            return "kml"
        for part, code in _FOREIGN_PARTS:
            if any(entry.startswith(part) for entry in archive.namelist()):
                raise FileRefusedError(code, file=name)
    raise FileRefusedError("intake_zip_content", file=name)


def _text_format(data: bytes, name: str) -> Format:
    wide = next((mark for mark in UTF16_MARKS if data.startswith(mark)), None)
    head = data[:4096]
    if wide is not None:
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    head = head.removeprefix(_UTF8_MARK).lstrip()
    if head.startswith(b"<"):
        return _xml_format(data, name)
    if wide is not None:
        return "text"
    for mark, code in _FOREIGN:
        if head.startswith(mark) and (mark == _PDF or not _reads_as_text(head)):
            raise FileRefusedError(code, file=name)
    if b"\x00" in head:
        raise FileRefusedError("intake_format", file=name)
    return "geojson" if head.startswith((b"{", b"[")) else "text"


def _reads_as_text(head: bytes) -> bool:
    """Tell whether a file that begins as a picture may be a text after all: BMW, GIF8 as a name."""
    return b"\x00" not in head and not any(byte < ord("\t") for byte in head)


def _xml_format(data: bytes, name: str) -> Format:
    """Return the format that the root element says; expat reads no GBK by itself."""
    for head in (data[:HEAD_BYTES], data[:HEAD_BYTES].decode("gb18030", "replace")):
        try:
            root = root_name(head)
        except DocumentTypeError as error:
            raise FileRefusedError("intake_xml", file=name) from error
        except NotPlainXmlError:
            continue
        if root in _XML_FORMATS:
            return _XML_FORMATS[root]
        break
    raise FileRefusedError("intake_format", file=name)
