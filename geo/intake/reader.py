"""`read_table`: one file, one table, the whole way."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.datum import is_projected, normalise_datum
from geo.errors import InputError
from geo.findings import Finding
from geo.intake.check import check_table
from geo.intake.datums import Stated, StatedBy, state
from geo.intake.formats import WITH_SHAPES, detect
from geo.intake.guarded import read_raw
from geo.intake.headings import Choice, ColumnsMissingError, choices, find_header
from geo.intake.ledger import Ledger, Mask
from geo.intake.meanings import Header
from geo.intake.naming import name_units
from geo.intake.numbers import in_ten_thousands
from geo.intake.places import Expected
from geo.intake.positions import rejoin, split_positions
from geo.intake.raw import RawTable
from geo.intake.rejects import Rejects
from geo.intake.sense import check_sense
from geo.intake.sources import content_of
from geo.intake.spatial.points import tell_shapes, with_positions
from geo.intake.unplaced import Unplaced, set_apart
from geo.intake.wishes import DATUM, Wishes
from geo.tables import columns, has_position, known_by

_TOTALS = frozenset(
    {"合计", "总计", "小计", "共计", "总和", "total", "subtotal", "sum", "grandtotal"}
)
_FOOTERS = ("填表", "制表", "审核", "填报", "复核", "单位负责人", "备注", "说明", "注:")
_EXAMPLES = ("示例", "样例", "example")
_EXAMPLE = r"(?i)(?:示例|样例|example)\s*\d*"  # ids of the rows that show how to fill in a form
_COUNTED = frozenset({"yuan", "person", "record", "person/day"})
NO_WISHES: Final = Wishes()
_FEW: Final = 0.5
MAX_SHEETS_TRIED: Final = 5
"""As many further sheets of a workbook are looked into for the headings."""
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
        Counts of rows; blank rows, totals and footers are neither. Rows without a position count
        as rejected until somebody places them.
    datum
        Of the positions in the file, as declared or as the file states.
    rows
        Number of each kept row in the original file, 1-based.
    columns
        Schema column -> heading in the file.
    choices
        The columns of the file, whether they were used or not.
    stated
        Who says which datum it is, and of which rows.
    row_datums
        Datum of each kept row.
    rejects
        The rows that were left out, as they stand in the file, with their numbers and the reasons.
    doubles
        The rows that were left out only because an earlier row has their id, conforming to the
        schema, and `double_rows`, their numbers: see `geo.intake.duplicates`.
    unplaced
        The rows that only lack a position.
    raw
        The cells, to be read again with other choices (`read_table` takes them for a source).
    """

    frame: pd.DataFrame
    findings: tuple[Finding, ...]
    imported: int
    rejected: int
    datum: str
    rows: NDArray[np.int64]
    columns: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    stated: Stated = field(default_factory=lambda: Stated("wgs84", "declared"))
    row_datums: NDArray[np.object_] = field(default_factory=lambda: np.zeros(0, dtype=object))
    rejects: Rejects = field(default_factory=Rejects)
    doubles: pd.DataFrame = field(default_factory=pd.DataFrame)
    double_rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    unplaced: Unplaced = field(default_factory=Unplaced)
    raw: RawTable | None = None

    @property
    def stated_by(self) -> StatedBy:
        """Who says what datum it is."""
        return self.stated.by


def read_table(
    source: Path | bytes | RawTable,
    table: str,
    *,
    name: str = "",
    datum: str | None = None,
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
    near: tuple[float, float] | None = None,
    wishes: Wishes = NO_WISHES,
) -> Intake:
    """Read one table from strangers' bytes.

    Parameters
    ----------
    source
        A file of ours to read, the bytes that somebody sent, or the cells of an earlier reading.
    table
        One of `geo.tables.TABLES`.
    name
        What findings call the file; it decides nothing. Empty: the path's own name.
    datum
        Of the positions: `wgs84`, `cgcs2000`, `gcj02`, `bd09` or `EPSG:n`. None: as the file itself
        states; where it does not, WGS-84, with `Intake.stated_by` = `nothing`: who keeps the rows
        asks first. A column of datums comes before either.
    sheet
        Sheet or layer; None: the first that holds anything.
    mapping
        Schema column -> heading (or the column's letter), where the headings do not speak for
        themselves; one heading for `lon` and `lat` is a column that holds both, "" is none.
    near
        Longitude and latitude (WGS-84) of the middle of what is known already: points far from it
        are told. None: far from the middle of this table.
    wishes
        Encoding, corrections, rows to leave out, the district, the part of a grid.

    Raises
    ------
    InputError
        The datum or the mapping makes no sense, or the file has no sheets.
    FileRefusedError
        The file as a whole cannot be used; nothing of it was taken.
    """
    shown = name or (source.name if isinstance(source, Path) else "")
    raw, header = open_table(
        source,
        table,
        name=shown,
        sheet=sheet,
        mapping=mapping,
        encoding=wishes.encoding,
        area=wishes.area,
    )
    body, numbers = _body(raw, header)
    ledger = Ledger(numbers, header.heading, shown or None, raw.sheet)
    if header.positions_together:
        body = _rejoin(body, header, ledger)
    cells = {c: _clean(body[place]) for c, place in header.places.items()}
    said = None if header.datum is None else _clean(body[header.datum])
    stated = state(datum, raw, header, said, shown)
    if header.positions_together:
        _split_positions(cells, header, stated.datum, ledger)
    _scale_figures(cells, header, table, ledger)
    stated = _correct(cells, wishes.corrections, stated, numbers)
    _leave_out_totals(body, cells, table, ledger)
    _leave_out_examples(cells, table, ledger)
    if header.row >= 0 and raw.headings is None:
        _tell_extra_cells(body, header, ledger)
    ledger.rejected |= np.isin(numbers, list(wishes.skipped))
    left_out = ledger.rejected.copy()
    tell_shapes(raw, numbers, ledger)
    cut = raw.format == "grid" and wishes.area is not None
    expected = Expected(near, wishes.area if cut else wishes.outline)
    waiting = np.zeros(len(body), dtype=np.bool_)
    if has_position(table):
        waiting = set_apart(cells, table, stated, wishes.town_places, ledger)
    else:  # a unit may be part of the key: before rows are compared
        cells |= name_units(cells, table, wishes.units, ~ledger.rejected, ledger)
    frame = check_table(cells, table, stated, expected, ledger)
    frame = check_sense(frame, table, ledger, expected=expected, units=wishes.units)
    _note_file(raw, header, stated, ledger)
    kept = ~ledger.rejected
    gone = ledger.rejected & ~left_out
    doubled = gone & ledger.doubled
    findings = ledger.findings()
    return Intake(
        frame=frame[kept].reset_index(drop=True),
        findings=findings,
        imported=int(np.count_nonzero(kept)),
        rejected=int(np.count_nonzero(gone)),
        datum=stated.datum,
        rows=numbers[kept],
        columns={column: header.heading(column) for column in header.places},
        choices=choices(raw, header),
        stated=stated,
        row_datums=stated.of_rows(kept),
        rejects=Rejects.of(body, numbers, gone, header.headings, findings),
        doubles=frame[doubled].reset_index(drop=True),
        double_rows=numbers[doubled],
        unplaced=Unplaced(frame[waiting].reset_index(drop=True), numbers[waiting]),
        raw=raw,
    )


def open_table(
    source: Path | bytes | RawTable,
    table: str,
    *,
    name: str = "",
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
    encoding: str | None = None,
    area: shapely.Geometry | None = None,
) -> tuple[RawTable, Header]:
    """Return the cells and their headings; of several sheets, the first that has the headings.

    A workbook often begins with a cover. Where no sheet has them, the first that holds anything is
    the one that people are asked about.

    Raises
    ------
    InputError
        As `read_table`.
    FileRefusedError
        As `read_table`; `ColumnsMissingError` where a required column is not found.
    """
    wanted = mapping or {}
    if isinstance(source, RawTable):
        return source, find_header(source, table, wanted, name)
    data = content_of(source, name)
    raw = open_raw(data, table, name=name, sheet=sheet, encoding=encoding, area=area)
    try:
        return raw, find_header(raw, table, wanted, name)
    except (ColumnsMissingError, InputError):
        others = [other for other in raw.sheets if other != raw.sheet]
        if sheet is not None or raw.format != "spreadsheet":
            raise
        for other in others[:MAX_SHEETS_TRIED]:
            with suppress(ColumnsMissingError, InputError):
                raw = open_raw(data, table, name=name, sheet=other)
                return raw, find_header(raw, table, wanted, name)
        raise


def open_raw(
    source: Path | bytes,
    table: str,
    *,
    name: str = "",
    sheet: str | None = None,
    encoding: str | None = None,
    area: shapely.Geometry | None = None,
) -> RawTable:
    """Return the cells of a file, before anybody knows what they mean.

    Parameters
    ----------
    area
        Of a population grid, the cells whose middle lies in it (WGS-84) and no others.

    Raises
    ------
    InputError
        `intake_no_sheets`: a sheet of a file that has none; `intake_no_encoding`: an encoding of a
        file that is no text.
    FileRefusedError
        The file as a whole cannot be used.
    """
    shown = name or (source.name if isinstance(source, Path) else "")
    data = content_of(source, shown)
    kind = "grid" if isinstance(data, Path) else detect(data, shown)
    raw = read_raw(data, kind, table, shown, layer=sheet, encoding=encoding, area=area)
    return with_positions(raw)


def read_features(data: bytes, name: str, layer: str | None = None) -> RawTable:
    """Return properties and geometries of a file of places, in the file's own reference system.

    A file of another format has no geometry: `RawTable.geometry` is None.

    Raises
    ------
    FileRefusedError
        The file as a whole cannot be used.
    """
    kind = detect(data, name)
    if kind not in WITH_SHAPES:
        return RawTable(pd.DataFrame(), kind)
    return read_raw(data, kind, "stations", name, layer=layer)


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


def _rejoin(body: pd.DataFrame, header: Header, ledger: Ledger) -> pd.DataFrame:
    """Join positions of one column that a CSV without quotes has cut in two."""
    body, joined = rejoin(body, header.places["lon"], header.width)
    if joined.any():
        count = int(np.count_nonzero(joined))
        ledger.note("intake_rejoined", "info", heading=header.heading("lon"), count=count)
    return body


def _tell_extra_cells(body: pd.DataFrame, header: Header, ledger: Ledger) -> None:
    """Tell of rows that have more cells than there are headings: what they hold may be shifted."""
    width = header.width
    extra: Mask = np.zeros(len(body), dtype=np.bool_)
    for place in range(width, body.shape[1]):
        extra |= np.asarray(body[place].str.strip() != "", dtype=np.bool_)
    if 0 < np.count_nonzero(extra) <= _FEW * len(body):
        ledger.warn("intake_extra_cells", extra, None, lambda _: {"width": width})


def _correct(
    cells: dict[str, pd.Series],
    corrections: Mapping[tuple[int, str], str],
    stated: Stated,
    numbers: NDArray[np.int64],
) -> Stated:
    """Put what people corrected in the place of what the file says; return the datum with it."""
    index = {number: i for i, number in enumerate(numbers.tolist())} if corrections else {}
    datums: dict[int, str] = {}
    for (row, column), text in corrections.items():
        if row not in index:
            continue
        if column == DATUM:
            datums[index[row]] = normalise_datum(text)
            continue
        given = cells.get(column, pd.Series([""] * len(numbers), dtype="str"))
        values = given.to_numpy(dtype=object, copy=True)
        values[index[row]] = text.strip()
        cells[column] = pd.Series(values, dtype="str")
    return stated.corrected(datums, len(numbers))


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
        projected=is_projected(datum),
        lat_first=heading.startswith(("lat", "纬")),
    )
    cells["lon"], cells["lat"] = lon, lat
    ledger.note(f"intake_position_{order}", "info", heading=header.heading("lon"))


def _leave_out_totals(
    body: pd.DataFrame, cells: Mapping[str, pd.Series], table: str, ledger: Ledger
) -> None:
    """Leave out totals and footers: rows without what is required that say what they are."""
    required = [c.name for c in columns(table) if c.required]
    blank: Mask = np.zeros(len(body), dtype=np.bool_)
    for column in required[:2]:
        blank |= np.asarray(cells[column] == "", dtype=np.bool_) if column in cells else True
    places = np.flatnonzero(blank)
    for index, row in zip(places.tolist(), body.iloc[places].to_numpy().tolist(), strict=True):
        words = [word for cell in row if (word := "".join(cell.split()).casefold())]
        blank[index] = any(map(_is_total, words)) or _is_footer(words[0])
    ledger.inform("intake_total_row", blank)
    ledger.rejected |= blank


def _leave_out_examples(cells: Mapping[str, pd.Series], table: str, ledger: Ledger) -> None:
    told_by = known_by(table)
    if told_by in cells:
        example = np.asarray(cells[told_by].str.fullmatch(_EXAMPLE), dtype=np.bool_)
        ledger.inform("intake_example_row", example)
        ledger.rejected |= example


def _is_total(word: str) -> bool:
    return word.strip(":：") in _TOTALS


def _is_footer(word: str) -> bool:
    return word.replace("：", ":").startswith(_FOOTERS)


def _note_file(raw: RawTable, header: Header, stated: Stated, ledger: Ledger) -> None:
    if stated.conflict:
        ledger.note(
            "intake_datum_heading", "error", heading=stated.in_headings, declared=stated.datum
        )
    if stated.by == "nothing" and {"lon", "lat"} <= set(header.places) and len(ledger.numbers):
        ledger.note("intake_datum_undeclared", "warning")
    if header.row < 0 and raw.headings is None:
        ledger.note("intake_no_header")
    if header.row > 0:
        ledger.note("intake_header_row", "info", number=header.row + raw.first_row)
    for code, severity, facts in raw.notes:
        ledger.note(code, severity, **facts)
    if raw.encoding not in ("", "utf-8-sig"):
        ledger.note("intake_read_as", "info", encoding=raw.encoding.upper())
    if len(raw.sheets) > 1:
        others = "、".join(name for name in raw.sheets if name != raw.sheet)
        ledger.note("intake_other_sheets", "info", sheet=raw.sheet, others=others)
    if header.unused and (header.row >= 0 or raw.headings is not None):
        ledger.note("intake_columns_unused", "info", headings="、".join(header.unused)[:200])
