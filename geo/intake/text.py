"""CSV and TSV: which encoding, which separator, which cells."""

import csv
import io
import re
from itertools import islice
from typing import Final

import pandas as pd

from geo.errors import FileRefusedError, InputError
from geo.intake.formats import UTF16_MARKS
from geo.intake.headings import best_match
from geo.intake.limits import HEADER_SEARCH_ROWS, MAX_COLUMNS, MAX_FILE_BYTES
from geo.intake.raw import RawTable, check_size

_DAMAGED_SHARE: Final = 0.2
_FOREIGN: Final = re.compile(r"[\u0080-\ufffc]+")
_SEPARATORS: Final = (",", "\t", ";", "|")
# Strict decoders in the order of trust; GB18030 contains GBK and GB2312.
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
CHOICES: Final = ("utf-8", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be")
"""Encodings that people may choose where the one that was found gives wrong characters."""
_OTHER_NAMES: Final = {"utf8": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "utf16": "utf-16"}
# Big5 and Shift_JIS can often be read as GB18030 too, and give characters that no list of a union
# has: 46 % and 4 % of them are among the 7,445 of GB 2312; of simplified Chinese over 90 % are.
_COMMON_SHARE: Final = 0.6
_FEWEST_TO_JUDGE, _MOST_TO_JUDGE = 8, 100_000


def read_text(data: bytes, table: str, name: str, wanted: str | None = None) -> RawTable:
    """Return the cells of a CSV or TSV file; rows count as a spreadsheet counts them.

    Parameters
    ----------
    wanted
        The encoding that a person chose, one of `CHOICES`; None: the one that fits.

    Raises
    ------
    FileRefusedError
        What `decode` raises; `intake_damaged` (an open quotation mark), `intake_too_many_rows`,
        `intake_too_many_columns`.
    """
    text, encoding = decode(data, name, wanted)
    separator = _separator(text, table)
    if "\n" not in text:  # line ends of old Macs
        text = text.replace("\r", "\n")
    body = text.encode()
    del text  # a quarter of a large file's memory
    mark = separator.encode()
    width = max((line.count(mark) for line in io.BytesIO(body)), default=0) + 1
    check_size(body.count(b"\n"), width, name)
    try:
        cells = pd.read_csv(
            io.BytesIO(body),
            sep=separator,
            header=None,
            names=range(width),
            dtype="str",
            na_filter=False,
            skip_blank_lines=False,
            skipinitialspace=True,
            index_col=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise FileRefusedError("intake_damaged", file=name) from error
    return RawTable(cells.fillna(""), "text", encoding=encoding)


def decode(data: bytes, name: str, wanted: str | None = None) -> tuple[str, str]:
    """Return the text of `data` and the name of its encoding.

    Parameters
    ----------
    wanted
        The encoding that a person chose, one of `CHOICES`; None: the first that fits.

    Raises
    ------
    InputError
        `intake_encoding_name`: no encoding that may be chosen.
    FileRefusedError
        `intake_encoding`: none of the encodings fits; `intake_encoding_chosen`: the chosen one does
        not; `intake_format`: it is not a text.
    """
    text, encoding = _chosen(data, name, wanted) if wanted is not None else _found(data, name)
    if "\x00" in text:
        raise FileRefusedError("intake_format", file=name)
    return text, encoding


def codec_of(wanted: str) -> str:
    """Return our name of an encoding that a person chose.

    Raises
    ------
    InputError
        `intake_encoding_name`.
    """
    plain = wanted.strip().lower().replace("_", "-")
    codec = _OTHER_NAMES.get(plain, plain)
    if codec not in CHOICES:
        known = "、".join(choice.upper() for choice in CHOICES)
        raise InputError("intake_encoding_name", encoding=wanted, known=known)
    return codec


def looks_chinese(text: str) -> bool:
    """Tell whether text read as GB18030 is such text, and not Big5 or Shift_JIS taken for it."""
    foreign = "".join(_FOREIGN.findall(text))[:_MOST_TO_JUDGE]
    if len(foreign) < _FEWEST_TO_JUDGE:
        return True
    common = len(foreign.encode("gb2312", "ignore")) / 2
    return common >= _COMMON_SHARE * len(foreign)


def _chosen(data: bytes, name: str, wanted: str) -> tuple[str, str]:
    codec = codec_of(wanted)
    try:
        return data.decode("utf-8-sig" if codec == "utf-8" else codec).removeprefix("\ufeff"), codec
    except UnicodeDecodeError as error:
        raise FileRefusedError(
            "intake_encoding_chosen", file=name, encoding=codec.upper()
        ) from error


def _found(data: bytes, name: str) -> tuple[str, str]:
    if _is_damaged_utf8(data):
        raise FileRefusedError("intake_encoding", file=name)
    encodings = ("utf-16",) if data.startswith(UTF16_MARKS) else _ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "gb18030" or looks_chinese(text):
            return text, encoding
    raise FileRefusedError("intake_encoding", file=name)


def _is_damaged_utf8(data: bytes) -> bool:
    """Tell UTF-8 with a few broken bytes, which GB18030 would read as other text, silently."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    foreign = sum(map(len, _FOREIGN.findall(text)))
    return 0 < broken <= _DAMAGED_SHARE * foreign


def _separator(text: str, table: str) -> str:
    """Return the separator that gives the first rows the most headings, then the most cells."""
    csv.field_size_limit(MAX_FILE_BYTES)

    def worth(separator: str) -> tuple[int, int]:
        lines = csv.reader(io.StringIO(text), delimiter=separator)
        try:
            rows = list(islice(lines, HEADER_SEARCH_ROWS))
        except csv.Error:
            return (0, 0)
        rows = [row[:MAX_COLUMNS] for row in rows]
        return best_match(rows, table).score, max((len(row) for row in rows), default=0)

    return max(_SEPARATORS, key=worth)
