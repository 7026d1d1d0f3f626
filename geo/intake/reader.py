"""`read_table`: one file, one table, the whole way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.datum import normalise_datum
from geo.errors import FileRefusedError
from geo.findings import Finding
from geo.intake.check import check_table
from geo.intake.formats import detect
from geo.intake.geojson import read_geojson
from geo.intake.guarded import read_geopackage, read_parquet, read_spreadsheet
from geo.intake.headings import Choice, Header, choices, find_header
from geo.intake.ledger import Ledger, Mask
from geo.intake.limits import MAX_FILE_BYTES
from geo.intake.numbers import in_ten_thousands
from geo.intake.positions import split_positions
from geo.intake.raw import RawTable
from geo.intake.sense import check_sense
from geo.intake.text import read_text
from geo.tables import columns

_TOTALS = frozenset(
    {"合计", "总计", "小计", "共计", "总和", "total", "subtotal", "sum", "grandtotal"}
)
_FOOTERS = ("填表", "制表", "审核", "填报", "复核", "单位负责人", "备注", "说明", "注:")
_EXAMPLE = r"(?i)(?:示例|样例|example)\s*\d*"  # ids of the rows that show how to fill in a form
_COUNTED = frozenset({"yuan", "person", "record", "person/day"})
_CONTROL = r"[\x00-\x1f\x7f\x{2028}\x{2029}\x{feff}]+"
# CSV that we write puts an apostrophe before what a spreadsheet would take for a formula.
_APOSTROPHE = r"^'[=+\-@＝\t\r]"


@dataclass(frozen=True, eq=False)
class Intake:
    """What came of one file.

    Attributes
    ----------
    frame
        The rows that were kept, conforming to the schema; positions are WGS-84.
    findings
        Everything to tell, by row; at most `limits.MAX_FINDINGS`.
    imported, rejected
        Counts of rows; blank rows, totals and footers are neither.
    datum
        Of the positions in the file, as declared or as the file states.
    rows
        Number of each kept row in the original file, 1-based.
    columns
        Schema column -> heading in the file.
    choices
        The columns of the file, whether they were used or not.
    """

    frame: pd.DataFrame
    findings: tuple[Finding, ...]
    imported: int
    rejected: int
    datum: str
    rows: NDArray[np.int64]
    columns: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()


def read_table(
    source: Path | bytes,
    table: str,
    *,
    name: str = "",
    datum: str = "wgs84",
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
    near: tuple[float, float] | None = None,
) -> Intake:
    """Read one table from strangers' bytes.

    Parameters
    ----------
    source
        A file of ours to read, or the bytes that somebody sent.
    table
        One of `geo.tables.TABLES`.
    name
        What findings call the file; it decides nothing. Empty: the path's own name.
    datum
        Of the positions: `wgs84`, `cgcs2000`, `gcj02`, `bd09` or `EPSG:n`.
    sheet
        Sheet or layer; None: the first that holds anything.
    mapping
        Schema column -> heading (or the column's letter), where the headings do not speak for
        themselves; one heading for `lon` and `lat` is a column that holds both, "" is none.
    near
        Longitude and latitude (WGS-84) of the middle of what is known already: points far from it
        are told. None: far from the middle of this table.

    Raises
    ------
    InputError
        The datum or the mapping makes no sense.
    FileRefusedError
        The file as a whole cannot be used; nothing of it was taken.
    """
    declared = normalise_datum(datum)
    shown = name or (source.name if isinstance(source, Path) else "")
    raw = _read_raw(read_bytes(source, shown), table, shown, sheet)
    header = find_header(raw, table, mapping or {}, shown)
    stated = stated_datum(raw, declared, shown)
    body, numbers = _body(raw, header)
    ledger = Ledger(numbers, header.heading, shown or None, raw.sheet)
    cells = {c: _clean(body[place]) for c, place in header.places.items()}
    if header.positions_together:
        _split_positions(cells, header, stated, ledger)
    _scale_figures(cells, header, table, ledger)
    _leave_out_totals(body, cells, table, ledger)
    _leave_out_examples(cells, ledger)
    left_out = ledger.rejected.copy()
    frame = check_table(cells, table, len(body), stated, ledger)
    frame = check_sense(frame, ledger, near=near)
    _note_file(raw, header, ledger)
    kept = ~ledger.rejected
    rejected = int(np.count_nonzero(ledger.rejected & ~left_out))
    return Intake(
        frame=frame[kept].reset_index(drop=True),
        findings=ledger.findings(),
        imported=int(np.count_nonzero(kept)),
        rejected=rejected,
        datum=stated,
        rows=numbers[kept],
        columns={column: header.heading(column) for column in header.places},
        choices=choices(raw, header),
    )


def read_features(data: bytes, name: str, layer: str | None = None) -> RawTable:
    """Return properties and geometries of a GeoJSON or GeoPackage file.

    A file of another format has no geometry: `RawTable.geometry` is None.

    Raises
    ------
    FileRefusedError
        The file as a whole cannot be used.
    """
    kind = detect(data, name)
    if kind == "geopackage":
        return read_geopackage(data, name, layer)
    if kind == "geojson":
        return read_geojson(data, name)
    return RawTable(pd.DataFrame(), kind)


def read_bytes(source: Path | bytes, name: str) -> bytes:
    """Return the bytes of a file of at most `limits.MAX_FILE_BYTES`.

    Raises
    ------
    FileRefusedError
        `intake_not_readable` or `intake_too_large`.
    """
    if isinstance(source, bytes):
        return source
    try:
        if source.stat().st_size > MAX_FILE_BYTES:
            raise FileRefusedError("intake_too_large", file=name, limit_mib=MAX_FILE_BYTES // 2**20)
        return source.read_bytes()
    except OSError as error:
        raise FileRefusedError("intake_not_readable", file=name) from error


def stated_datum(raw: RawTable, declared: str, name: str) -> str:
    """Return the datum of a file's positions: what it states itself, or else what was declared.

    Raises
    ------
    FileRefusedError
        `intake_crs_conflict`: it states a projection, and another datum was declared.
    """
    if not raw.crs:
        return declared
    stated = normalise_datum(raw.crs) if raw.crs.upper().startswith("EPSG:") else ""
    if stated in ("EPSG:4326", "EPSG:4490"):
        return declared
    if not stated or declared not in ("wgs84", stated):
        raise FileRefusedError("intake_crs_conflict", file=name, crs=raw.crs[:80], datum=declared)
    return stated


def _read_raw(data: bytes, table: str, name: str, sheet: str | None) -> RawTable:
    kind = detect(data, name)
    if kind == "spreadsheet":
        return read_spreadsheet(data, name, sheet)
    if kind == "geopackage":
        return _with_positions(read_geopackage(data, name, sheet))
    if kind == "parquet":
        return _with_positions(read_parquet(data, name))
    if kind == "geojson":
        return _with_positions(read_geojson(data, name))
    return read_text(data, table, name)


def _with_positions(raw: RawTable) -> RawTable:
    """Turn geometries into two columns: the point itself, or the centroid of an area or a line."""
    if raw.geometry is None or raw.headings is None:
        return raw
    shapes = raw.geometry.copy()
    shapes[shapely.is_empty(shapes)] = None  # an empty geometry is none
    points = shapely.centroid(shapes)
    # The geometry comes before properties of the same name.
    own = ("lon", "lat")
    names = [f"properties.{h}" if h.strip().casefold() in own else h for h in raw.headings]
    cells = raw.cells.copy()
    for place, axis in enumerate((shapely.get_x(points), shapely.get_y(points)), len(names)):
        text = [repr(value) if not np.isnan(value) else "" for value in axis.tolist()]
        cells[place] = pd.Series(text, dtype="str")
    return RawTable(
        cells=cells,
        format=raw.format,
        headings=(*names, *own),
        sheet=raw.sheet,
        sheets=raw.sheets,
        crs=raw.crs,
    )


def _body(raw: RawTable, header: Header) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the rows below the headings that hold anything, and their numbers in the file."""
    start = header.row + 1
    body = raw.cells.iloc[start:]
    filled = np.zeros(len(body), dtype=np.bool_)
    for place in body.columns:
        filled |= np.asarray(body[place].str.strip() != "", dtype=np.bool_)
    numbers = np.arange(len(body), dtype=np.int64) + start + raw.first_row
    return body[filled].reset_index(drop=True), numbers[filled]


def _clean(cells: pd.Series) -> pd.Series:
    text = cells.str.replace(_CONTROL, " ", regex=True).str.strip()
    quoted = np.asarray(text.str.match(_APOSTROPHE), dtype=np.bool_)
    return text.where(~quoted, text.str.slice(1)) if quoted.any() else text


def _scale_figures(cells: dict[str, pd.Series], header: Header, table: str, ledger: Ledger) -> None:
    """Take figures under a heading like 投入（万元） times 10,000."""
    for column in columns(table):
        if column.unit in _COUNTED and column.name in cells and "万" in header.heading(column.name):
            cells[column.name] = in_ten_thousands(cells[column.name])
            ledger.note("intake_ten_thousands", "info", heading=header.heading(column.name))


def _split_positions(
    cells: dict[str, pd.Series], header: Header, datum: str, ledger: Ledger
) -> None:
    heading = header.heading("lon").casefold()
    lon, lat, order = split_positions(
        cells["lon"],
        projected=datum.startswith("EPSG:"),
        lat_first=heading.startswith(("lat", "纬")),
    )
    cells["lon"], cells["lat"] = lon, lat
    ledger.note(f"intake_position_{order}", "info", heading=header.heading("lon"))


def _leave_out_totals(
    body: pd.DataFrame, cells: Mapping[str, pd.Series], table: str, ledger: Ledger
) -> None:
    """Leave out totals and footers: rows without what is required that say what they are."""
    required = [c.name for c in columns(table) if c.required and c.name in cells]
    blank: Mask = np.zeros(len(body), dtype=np.bool_)
    for column in required[:2]:
        blank |= np.asarray(cells[column] == "", dtype=np.bool_)
    places = np.flatnonzero(blank)
    for index, row in zip(places.tolist(), body.iloc[places].to_numpy().tolist(), strict=True):
        words = [word for cell in row if (word := "".join(cell.split()).casefold())]
        blank[index] = any(map(_is_total, words)) or _is_footer(words[0])
    ledger.inform("intake_total_row", blank)
    ledger.rejected |= blank


def _leave_out_examples(cells: Mapping[str, pd.Series], ledger: Ledger) -> None:
    if "id" in cells:
        example = np.asarray(cells["id"].str.fullmatch(_EXAMPLE), dtype=np.bool_)
        ledger.inform("intake_example_row", example)
        ledger.rejected |= example


def _is_total(word: str) -> bool:
    return word.strip(":：") in _TOTALS


def _is_footer(word: str) -> bool:
    return word.replace("：", ":").startswith(_FOOTERS)


def _note_file(raw: RawTable, header: Header, ledger: Ledger) -> None:
    if header.row < 0 and raw.headings is None:
        ledger.note("intake_no_header")
    if header.row > 0:
        ledger.note("intake_header_row", "info", number=header.row + raw.first_row)
    if raw.encoding not in ("", "utf-8-sig"):
        ledger.note("intake_read_as", "info", encoding=raw.encoding.upper())
    if len(raw.sheets) > 1:
        others = "、".join(name for name in raw.sheets if name != raw.sheet)
        ledger.note("intake_other_sheets", "info", sheet=raw.sheet, others=others)
    if header.unused and (header.row >= 0 or raw.headings is not None):
        ledger.note("intake_columns_unused", "info", headings="、".join(header.unused)[:200])
