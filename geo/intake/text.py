"""CSV and TSV: which encoding, which separator, which cells."""

import csv
import io
import re
from itertools import islice
from typing import Final

import pandas as pd

from geo.errors import FileRefusedError
from geo.intake.formats import UTF16_MARKS
from geo.intake.headings import best_match
from geo.intake.limits import HEADER_SEARCH_ROWS, MAX_COLUMNS, MAX_FILE_BYTES
from geo.intake.raw import RawTable, check_size

_DAMAGED_SHARE: Final = 0.2
_FOREIGN: Final = re.compile(r"[\u0080-\ufffc]+")
_SEPARATORS: Final = (",", "\t", ";", "|")
# Strict decoders in the order of trust; GB18030 contains GBK and GB2312.
_ENCODINGS: Final = ("utf-8-sig", "gb18030")


def read_text(data: bytes, table: str, name: str) -> RawTable:
    """Return the cells of a CSV or TSV file; rows count as a spreadsheet counts them.

    Raises
    ------
    FileRefusedError
        `intake_encoding`, `intake_format` (not a text), `intake_damaged` (an open quotation mark),
        `intake_too_many_rows`, `intake_too_many_columns`.
    """
    text, encoding = decode(data, name)
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


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text of `data` and the name of its encoding.

    Raises
    ------
    FileRefusedError
        `intake_encoding`: none of the encodings fits; `intake_format`: it is not a text.
    """
    if _is_damaged_utf8(data):
        raise FileRefusedError("intake_encoding", file=name)
    encodings = ("utf-16",) if data.startswith(UTF16_MARKS) else _ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise FileRefusedError("intake_format", file=name)
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
