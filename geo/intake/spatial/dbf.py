"""The attributes of a Shapefile (dBASE III): cells as text, in the encoding that fits them all.

Figures stand in the file as text and stay text: an id of 18 digits keeps every one. What the file
says of its encoding is only believed when all its text can be read that way.
"""

import codecs
import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.errors import FileRefusedError
from geo.intake.raw import cell_text
from geo.intake.text import codec_of, looks_chinese

_HEAD_BYTES, _FIELD_BYTES, _END_OF_FIELDS = 32, 32, 0x0D
_MOST_FIELDS = 255
_DELETED = b"*"
_TYPES = b"CNFDL"  # text, two kinds of figures, date, yes or no: the types that are text
# Language drivers that Chinese programs write; the many others do not say what the text is.
_LANGUAGES: Final = {0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5", 0x78: "big5"}
_FIGURES = b"NF"
_GUESSES: Final = ("utf-8", "gb18030")
_DATE: Final = re.compile(rb"(\d{4})(\d{2})(\d{2})")
_YES: Final = {b"T": "true", b"t": "true", b"Y": "true", b"y": "true"}
_NO: Final = {b"F": "false", b"f": "false", b"N": "false", b"n": "false"}


class Attributes(NamedTuple):
    """Cells of all records, deleted ones included.

    `kept` says which records are not deleted; `encoding` is "" where all text is ASCII.
    """

    headings: list[str]
    columns: list[list[str]]
    kept: NDArray[np.bool_]
    encoding: str


class _Field(NamedTuple):
    name: bytes
    type: bytes
    start: int
    width: int


def read_dbf(data: bytes, name: str, stated: str, wanted: str | None) -> Attributes:
    """Return the attributes in `data`.

    Parameters
    ----------
    stated
        What the .cpg file beside it says; "" for none.
    wanted
        The encoding that a person chose; None: the stated one if it fits, or else UTF-8 or
        GB18030, whichever fits.

    Raises
    ------
    FileRefusedError
        `intake_damaged`; `intake_encoding_chosen`: the chosen one does not fit;
        `intake_encoding_dbf`: none does.
    """
    count, start, width = _sizes(data, name)
    fields = _fields(data[:start], width)
    cells = [
        np.frombuffer(data, _column(field, width), count, start)["cell"].tolist()
        for field in fields
    ]
    marks = np.frombuffer(data, _column(_Field(b"", b"", 0, 1), width), count, start)["cell"]
    words = [
        cell
        for field, column in zip(fields, cells, strict=True)
        for cell in column
        if field.type == b"C"
    ]
    texts = [*(field.name for field in fields), *words]
    encoding = _encoding(texts, name, (stated, data[29]), wanted)
    return Attributes(
        [_decode(field.name, encoding or "ascii") for field in fields],
        [
            _texts(field, column, encoding or "ascii")
            for field, column in zip(fields, cells, strict=True)
        ],
        np.asarray(marks != _DELETED, dtype=np.bool_),
        encoding,
    )


def _sizes(data: bytes, name: str) -> tuple[int, int, int]:
    """Return how many records there are, where they start and how long one is."""
    count = int.from_bytes(data[4:8], "little")
    start = int.from_bytes(data[8:10], "little")
    width = int.from_bytes(data[10:12], "little")
    if start <= _HEAD_BYTES or width < 1 or start + count * width > len(data):
        raise FileRefusedError("intake_damaged", file=name)
    return count, start, width


def _fields(head: bytes, width: int) -> list[_Field]:
    """Return the fields whose content is text; others (memos, binary figures) are left out."""
    fields: list[_Field] = []
    at = 1
    for place in range(_HEAD_BYTES, len(head) - 1, _FIELD_BYTES):
        entry = head[place : place + _FIELD_BYTES]
        if entry[0] == _END_OF_FIELDS or len(entry) < _FIELD_BYTES or len(fields) >= _MOST_FIELDS:
            break
        field = _Field(entry[:11].partition(b"\x00")[0].strip(), entry[11:12], at, entry[16])
        at += field.width
        if at > width:
            break
        if field.type in _TYPES and field.width:
            fields.append(field)
    return fields


def _column(field: _Field, width: int) -> "np.dtype[np.void]":
    return np.dtype(
        {
            "names": ["cell"],
            "formats": [f"S{field.width}"],
            "offsets": [field.start],
            "itemsize": width,
        }
    )


def _encoding(
    texts: Sequence[bytes], name: str, stated: tuple[str, int], wanted: str | None
) -> str:
    foreign = {text for text in texts if not text.isascii()}
    if wanted is not None:
        if not _fits(foreign, codec_of(wanted)):
            raise FileRefusedError("intake_encoding_chosen", file=name, encoding=wanted.upper())
        return codec_of(wanted)
    if not foreign:
        return ""
    cpg, language = stated
    for encoding in (_known(cpg), _LANGUAGES.get(language), *_GUESSES):
        if encoding and _fits(foreign, encoding):
            return encoding
    raise FileRefusedError("intake_encoding_dbf", file=name)


def _known(cpg: str) -> str:
    """Return our name of what a .cpg file states: `UTF-8`, `GBK`, `936`, `ANSI 936`, `big5` …."""
    plain = cpg.strip().lower().replace("-", "").replace("_", "").replace(" ", "")
    if plain in ("utf8", "65001"):
        return "utf-8"
    if plain in ("gbk", "gb2312", "gb18030", "936", "ansi936", "cp936", "54936"):
        return "gb18030"
    return "big5" if plain in ("big5", "950", "ansi950", "cp950") else ""


def _fits(texts: Iterable[bytes], encoding: str) -> bool:
    try:
        decoded = [_decode(text, encoding) for text in texts]
    except UnicodeDecodeError:
        return False
    return encoding != "gb18030" or looks_chinese("".join(decoded))


def _decode(text: bytes, encoding: str) -> str:
    """Decode a cell; a character that the field's width cut in half at its end is left out."""
    return codecs.getincrementaldecoder(encoding)("strict").decode(text.strip(b" \x00"))


def _texts(field: _Field, cells: list[bytes], encoding: str) -> list[str]:
    if field.type == b"D":
        return [_date(cell) for cell in cells]
    if field.type == b"L":
        return [{**_YES, **_NO}.get(cell, "") for cell in cells]
    known: dict[bytes, str] = {}
    for cell in cells:
        if cell not in known:
            none = field.type in _FIGURES and not cell.strip(b" *")  # stars: no figure fits
            known[cell] = "" if none else cell_text(_decode(cell, encoding))
    return [known[cell] for cell in cells]


def _date(cell: bytes) -> str:
    match = _DATE.fullmatch(cell.strip())
    return "-".join(part.decode() for part in match.groups()) if match else ""
