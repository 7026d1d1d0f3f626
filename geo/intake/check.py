"""Values, limits, codes, duplicates: a table of text becomes a frame of the schema and findings."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.cells import read_date, read_flag
from geo.intake.codes import find_code
from geo.intake.datums import Stated
from geo.intake.ledger import Facts, Ledger, Mask
from geo.intake.limits import MAX_CELL_CHARS
from geo.intake.numbers import Numbers, likely_number, read_angles, read_numbers
from geo.intake.places import Expected, place_rows
from geo.tables import DTYPES, Column, columns, has_id, has_position, key, made_ids, split_list

# Unknown codes of these lists change figures, so the row is refused; others are only descriptive.
_DECISIVE_CODES = frozenset({"windows", "states"})
_SAME_POSITION_DEGREE = 1e-7  # about a centimetre
_PLACE_DECIMALS = 7
_SHOWN_CHARS = 40
_CUT_NUMBER = r"\d(?:\.\d+)?[eE]\+\d{2}"  # a long code that a spreadsheet kept as a number


def check_table(
    cells: Mapping[str, pd.Series],
    table: str,
    stated: Stated,
    expected: Expected,
    ledger: Ledger,
) -> pd.DataFrame:
    """Return all rows as a frame of the schema; `ledger` then says which to leave out and why.

    Parameters
    ----------
    cells
        Schema column -> stripped text, one entry per row; absent columns are left out.
    table
        Name of the table.
    stated
        Datum of the positions in the cells; the frame's are WGS-84.
    expected
        Where positions are expected.
    ledger
        Takes the findings and the rejected rows.
    """
    rows = len(ledger.rejected)
    schema = columns(table)
    frame = pd.DataFrame(index=range(rows))
    for column in schema:
        text = cells.get(column.name)
        frame[column.name] = _blank(column, rows) if text is None else _read(column, text, ledger)
    if has_position(table):
        place_rows(frame, stated, expected, ledger)
    for column in schema:
        if column.type in ("number", "integer"):
            _check_limits(column, frame, ledger)
    if has_id(table):
        _check_ids(frame, table, ledger)
    else:
        _check_unique(frame, list(key(table)), "intake_duplicate_key", ledger)
    return frame.astype({column.name: DTYPES[column.type] for column in schema})


def _blank(column: Column, rows: int) -> pd.Series:
    if column.type in ("number", "integer"):
        return pd.Series(np.full(rows, np.nan))
    if column.type == "flag":
        return pd.Series([pd.NA] * rows, dtype="boolean")
    return pd.Series([""] * rows, dtype="str")


def _read(column: Column, text: pd.Series, ledger: Ledger) -> pd.Series:
    if column.type in ("number", "integer"):
        return _read_numbers(column, text, ledger)
    if column.required:
        ledger.reject("intake_missing", np.asarray(text == ""), column.name)
    if column.type == "date":
        days = _read_cells(column, text, "intake_not_a_date", _iso_day, ledger)
        return days.fillna("").astype("str")
    if column.type == "flag":
        return _read_cells(column, text, "intake_not_a_flag", read_flag, ledger).astype("boolean")
    cut = np.asarray(text.str.fullmatch(_CUT_NUMBER), dtype=np.bool_)
    if cut.any():
        shown = text.to_numpy(dtype=object)
        ledger.warn("intake_number_cut", cut, column.name, lambda i: {"value": str(shown[i])})
        text = text.where(~cut, "")
    long = np.asarray(text.str.len() > MAX_CELL_CHARS)
    ledger.warn("intake_text_cut", long, column.name, lambda _: {"limit": MAX_CELL_CHARS})
    if long.any():
        text = text.str.slice(0, MAX_CELL_CHARS)
    return _read_codes(column, text, ledger) if column.codes else text


def _iso_day(text: str) -> str | None:
    day = read_date(text)
    return None if day is None else day.isoformat()


def _read_cells(
    column: Column,
    text: pd.Series,
    code: str,
    read: Callable[[str], object],
    ledger: Ledger,
) -> pd.Series:
    """Return what `read` makes of each cell, None where it makes nothing; those are told."""
    found = {cell: read(cell) for cell in text.unique().tolist() if cell}
    shown = text.to_numpy(dtype=object)
    lost = np.array([bool(cell) and found[cell] is None for cell in shown], dtype=np.bool_)
    tell = ledger.reject if column.required else ledger.warn
    left = "" if column.required else "_left_blank"
    tell(f"{code}{left}", lost, column.name, lambda i: {"value": str(shown[i])[:_SHOWN_CHARS]})
    return pd.Series([found.get(cell) for cell in shown], dtype="object")


def _read_numbers(column: Column, text: pd.Series, ledger: Ledger) -> pd.Series:
    numbers = _figures(column, text, ledger)
    shown = text.to_numpy(dtype=object)

    def value(index: int) -> dict[str, object]:
        return {"value": str(shown[index])[:_SHOWN_CHARS]}

    def proposal(index: int) -> dict[str, str]:
        likely = likely_number(str(shown[index])) if column.unit != "degree" else ""
        return {column.name: likely} if likely else {}

    tell = ledger.reject if column.required else ledger.warn
    if column.required:
        ledger.reject("intake_missing", numbers.blank, column.name)
    left = "" if column.required else "_left_blank"
    tell(f"intake_not_a_number{left}", numbers.unreadable, column.name, value, proposal)
    tell(f"intake_not_finite{left}", numbers.not_finite, column.name, value)
    if column.type == "integer":
        broken = np.isfinite(numbers.value) & (numbers.value != np.round(numbers.value))
        tell(f"intake_not_whole{left}", broken, column.name, value)
        return pd.Series(np.where(broken, np.nan, numbers.value))
    return pd.Series(numbers.value)


def _figures(column: Column, text: pd.Series, ledger: Ledger) -> Numbers:
    if column.unit != "degree":
        return read_numbers(text)
    numbers, minutes = read_angles(text)
    if minutes.any():
        count = int(np.count_nonzero(minutes))
        ledger.note("intake_minutes", "info", heading=ledger.heading(column.name), count=count)
    return numbers


def _read_codes(column: Column, text: pd.Series, ledger: Ledger) -> pd.Series:
    """Return codes instead of names; unknown ones of descriptive lists are left blank and told."""
    found: dict[str, str] = {}
    unknown: dict[str, str] = {}
    for cell in text.unique().tolist():
        items = _items(cell) if column.type == "list" else (cell,) if cell else ()
        codes = {item: find_code(column.codes, item) for item in items}
        found[cell] = ";".join(dict.fromkeys(code for code in codes.values() if code))
        if missing := [item for item, code in codes.items() if code is None]:
            unknown[cell] = "、".join(missing)[:_SHOWN_CHARS]
    if unknown:
        shown = text.to_numpy(dtype=object)
        at = np.asarray(text.isin(list(unknown)))
        decisive = column.required or column.codes in _DECISIVE_CODES
        tell = ledger.reject if decisive else ledger.warn
        code = "intake_unknown_code" if decisive else "intake_unknown_code_left_blank"
        tell(code, at, column.name, lambda i: {"value": unknown[str(shown[i])]})
    return text.map(found).astype("str")


def _items(cell: str) -> tuple[str, ...]:
    """Return the items of a list of codes; none has a comma or a slash: those separate too."""
    for separator in "，,/／|":
        cell = cell.replace(separator, ";")
    return split_list(cell)


def _check_limits(column: Column, frame: pd.DataFrame, ledger: Ledger) -> None:
    value = frame[column.name].to_numpy(dtype=np.float64, copy=True)
    low = -np.inf if column.minimum is None else column.minimum
    high = np.inf if column.maximum is None else column.maximum
    beyond = (value < low) | (value > high)

    def facts(index: int) -> dict[str, object]:
        return {"value": f"{value[index]:g}", "low": f"{low:g}", "high": f"{high:g}"}

    code = "intake_out_of_range" if high < np.inf else "intake_negative"
    if column.required:
        ledger.reject(code, beyond, column.name, facts)
        return
    ledger.warn(f"{code}_left_blank", beyond, column.name, facts)
    frame[column.name] = np.where(beyond, np.nan, value)


def _check_ids(frame: pd.DataFrame, table: str, ledger: Ledger) -> None:
    absent = np.asarray(frame["id"] == "", dtype=np.bool_)
    kept = np.flatnonzero(absent & ~ledger.rejected)
    if len(kept):
        ids = frame["id"].to_numpy(dtype=object, copy=True)
        rows = _told_apart(frame.iloc[kept], table, len(frame), ledger)
        ids[kept] = made_ids(table, rows)
        frame["id"] = pd.Series(ids, dtype="str")
        ledger.note("intake_id_made", "info", count=len(kept))
    if table == "demand":
        _check_windows(frame, ledger)
        _check_moving(frame, ledger)
        _check_unique(frame, ["id", "group", "window"], "intake_duplicate_demand", ledger)
    else:
        _check_unique(frame, ["id"], "intake_duplicate_id", ledger, made=absent)


def _told_apart(frame: pd.DataFrame, table: str, rows: int, ledger: Ledger) -> pd.DataFrame:
    """Tell apart rows that nobody named or numbered: they are points of their own at one place.

    A table without names has nothing else to say that two rows are the same thing, and people in
    them must not be lost. Rows of one place with different groups or windows share an id.
    """
    if "name" in frame.columns or not has_position(table):
        return frame
    # Rows of demand at one place may be of one point; every other row is a record of its own.
    alike = ["lon", "lat", "group", "window"] if table == "demand" else ["lon", "lat"]
    place = frame[alike].round(_PLACE_DECIMALS)
    again = place.groupby(alike, sort=False, dropna=False).cumcount()
    numbers = pd.Series([ledger.number(i) for i in frame.index.tolist()], index=frame.index)
    first = numbers.groupby([place[name] for name in alike], sort=False).transform("first")
    ledger.inform("intake_same_place", _spread(again > 0, rows), lambda i: {"first": int(first[i])})
    return frame.assign(name=["" if n == 0 else f"#{n + 1}" for n in again.tolist()])


def _check_windows(frame: pd.DataFrame, ledger: Ledger) -> None:
    """Reject rows without a window where others have one: heads of different windows do not add."""
    blank = np.asarray(frame["window"] == "", dtype=np.bool_)
    if not blank[~ledger.rejected].all():
        ledger.reject("intake_window_missing", blank, "window")


def _check_moving(frame: pd.DataFrame, ledger: Ledger) -> None:
    """Reject rows of an id that stand apart from its first row; put the others exactly there."""
    kept = frame.loc[~ledger.rejected, ["id", "lon", "lat"]]
    first = kept.groupby("id", sort=False)[["lon", "lat"]].transform("first")
    frame.loc[first.index, ["lon", "lat"]] = first
    apart = ((kept[["lon", "lat"]] - first).abs() > _SAME_POSITION_DEGREE).any(axis=1)
    ledger.reject("intake_position_differs", _spread(apart, len(frame)), "id", _shows(frame))


def _check_unique(
    frame: pd.DataFrame, names: list[str], code: str, ledger: Ledger, made: Mask | None = None
) -> None:
    """Reject rows whose `names` an earlier row has; `made` are those that got their id from us."""
    kept = frame.loc[~ledger.rejected, names]
    again = kept.duplicated(names, keep="first")
    if not again.any():
        return
    numbers = pd.Series([ledger.number(i) for i in kept.index.tolist()], index=kept.index)
    first = numbers.groupby([kept[name] for name in names], sort=False).transform("first")
    shown = _shows(frame, names[0])
    twice = _spread(again, len(frame))

    def facts(index: int) -> dict[str, object]:
        return {**shown(index), "first": int(first[index])}

    if made is not None and "name" in frame.columns:
        called = frame["name"].to_numpy(dtype=object)  # rows of tables without names differ
        ledger.reject(
            "intake_duplicate_name",
            twice & made,
            "name",
            lambda i: {"name": str(called[i])[:_SHOWN_CHARS], "first": int(first[i])},
        )
    ledger.reject(code, twice, names[0], facts)


def _spread(at: pd.Series, rows: int) -> Mask:
    mask: NDArray[np.bool_] = np.zeros(rows, dtype=np.bool_)
    mask[at.index[at.to_numpy(dtype=np.bool_)]] = True
    return mask


def _shows(frame: pd.DataFrame, column: str = "id") -> Facts:
    ids = frame[column].to_numpy(dtype=object)
    return lambda index: {"id": str(ids[index])[:_SHOWN_CHARS]}
