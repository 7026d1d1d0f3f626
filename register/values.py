"""What a record may hold, checked; canonical JSON; ids for records that came without one."""

import json
import math
import uuid
from collections.abc import Iterable, Mapping
from functools import cache

import pandas as pd

from geo.cells import date_of, read_flag
from geo.errors import InputError
from geo.reference import read_list
from geo.tables import (
    DTYPES,
    LIST_SEPARATORS,
    MAX_TEXT,
    Column,
    columns,
    has_id,
    key,
    made_id,
    split_list,
)
from register.tables import Kind

Value = str | float | int | bool | None
Values = dict[str, Value]


def canonical(facts: object) -> str:
    """Return the one JSON text of `facts`: sorted keys, no spaces, no NaN."""
    return json.dumps(
        facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def new_id(kind: Kind) -> str:
    """Return an id that no other record has, here or in another register."""
    return f"{kind[0]}-{uuid.uuid4().hex[:12]}"


def id_of(kind: Kind, given: Mapping[str, object], values: Values) -> str:
    """Return the id of a new record that one person fills in: given, its key, or one of its own.

    Parameters
    ----------
    kind
        Which table.
    given
        What the person gave, maybe with an `id`.
    values
        The same, as `complete` returned it.

    Raises
    ------
    InputError
        The id cannot be stored.
    """
    if not has_id(kind):
        return made_id(kind, values)
    return str(check(kind, {"id": given.get("id")})["id"]) or new_id(kind)


def check_changes(kind: Kind, given: Mapping[str, object]) -> Values:
    """Return changes of a record as the database holds them.

    Raises
    ------
    InputError
        As `check`, or what a record is known by would change.
    """
    new = check(kind, given)
    if "id" in new or (not has_id(kind) and new.keys() & set(key(kind))):
        raise InputError("register_id_fixed")
    return new


def check(kind: Kind, given: Mapping[str, object], *, codes: bool = True) -> Values:
    """Return the given columns as the database holds them; the others are not mentioned.

    Parameters
    ----------
    kind
        Which table.
    given
        By column name; missing is None, NaN or "". Lists may be sequences of codes.
    codes
        Whether a code must be on its reference list; rows of a file were checked at intake and keep
        what the file said.

    Raises
    ------
    InputError
        A column that the table does not have, a value that the column cannot hold, or nothing where
        the column must have a value.
    """
    known = {column.name: column for column in columns(kind)}
    checked: Values = {}
    for name, value in given.items():
        if name not in known:
            raise InputError("register_unknown_column", column=name, table=kind)
        checked[name] = _value(known[name], value, codes=codes)
        if known[name].required and checked[name] in {None, ""}:
            raise InputError("register_missing_value", column=name, table=kind)
    return checked


def complete(kind: Kind, given: Mapping[str, object], *, codes: bool = True) -> Values:
    """Return all columns of a new record but its id; what is missing is "" or None.

    Raises
    ------
    InputError
        As `check`, or a required column is missing.
    """
    checked = check(kind, given, codes=codes)
    whole: Values = {}
    for column in columns(kind):
        if column.required and column.name not in checked:
            raise InputError("register_missing_value", column=column.name, table=kind)
        whole[column.name] = checked.get(column.name, "" if column.words else None)
    whole.pop("id", None)
    return whole


def rows(kind: Kind, frame: pd.DataFrame) -> list[tuple[str, Values]]:
    """Return (id, values) of each row of a frame; rows without an id get the one of `made_id`.

    Raises
    ------
    InputError
        As `complete`, with the row (1-based); or one id stands in two rows.
    """
    found: list[tuple[str, Values]] = []
    seen: set[str] = set()
    names = [str(name) for name in frame.columns]
    for number, cells in enumerate(frame.itertuples(index=False, name=None), start=1):
        given = dict(zip(names, cells, strict=True))
        try:
            values = complete(kind, given, codes=False)
            record_id = str(text_of(given.get("id", "")))
        except InputError as error:
            raise InputError("register_row", row=number, problem=error) from error
        if not record_id:
            record_id = (
                _unused(made_id(kind, values), seen) if has_id(kind) else made_id(kind, values)
            )
        if record_id in seen:
            raise InputError("register_duplicate_id", id=record_id, row=number)
        seen.add(record_id)
        found.append((record_id, values))
    return found


def frame_of(table: str, found: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Return a frame that conforms to the schema of `table`, in the order given."""
    wanted = columns(table)
    listed = list(found)
    data = {c.name: [row.get(c.name) for row in listed] for c in wanted}
    return pd.DataFrame(
        {c.name: pd.Series(data[c.name], dtype=DTYPES[c.type]) for c in wanted},
        index=pd.RangeIndex(len(listed)),
    )


def conform(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` with exactly the columns of `table`, in their types and order.

    Raises
    ------
    InputError
        A required column is absent or has an empty or infinite cell.
    """
    given = frame.reset_index(drop=True)
    result: dict[str, pd.Series] = {}
    for column in columns(table):
        if column.name in given:
            series = given[column.name]
        else:
            series = pd.Series([None] * len(given), dtype="object")
        if column.words:
            series = series.astype("object").where(series.notna(), "").map(str)
        series = pd.Series(series, dtype=DTYPES[column.type])
        if column.required and not _all_finite(series):
            raise InputError("register_missing_value", column=column.name, table=table)
        result[column.name] = series
    return pd.DataFrame(result, index=pd.RangeIndex(len(given)))


def _all_finite(series: pd.Series) -> bool:
    return bool(series.map(lambda cell: not _missing(cell) and math.isfinite(cell)).all())


def _unused(wanted: str, seen: set[str]) -> str:
    """Tell apart rows of one file with one name in one place: none of them is dropped."""
    candidate, number = wanted, 1
    while candidate in seen:
        number += 1
        candidate = f"{wanted}-{number}"
    return candidate


def _missing(value: object) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def _value(column: Column, value: object, *, codes: bool) -> Value:
    if column.type in {"text", "list"}:
        text = _list(column, value) if column.type == "list" else text_of(value, column.most_chars)
        if codes and column.codes:
            _check_codes(column, text)
        return text
    empty = _missing(value) or value == ""
    if column.type == "date":
        return "" if empty else _date(column, value)
    if empty:
        return None
    return _flag(column, value) if column.type == "flag" else _number(column, value)


def _date(column: Column, value: object) -> str:
    day = date_of(value)
    if day is None:
        raise InputError("register_not_a_date", column=column.name, value=value)
    return day.isoformat()


def _flag(column: Column, value: object) -> bool:
    flag = read_flag(str(value))
    if flag is None:
        raise InputError("register_not_a_flag", column=column.name, value=value)
    return flag


def text_of(value: object, most_chars: int = MAX_TEXT) -> str:
    """Return a text as the database holds it: no blanks around it; missing is "".

    Raises
    ------
    InputError
        It is longer than `most_chars`, or holds what some database cannot store.
    """
    if _missing(value):
        return ""
    text = str(value).strip()
    if len(text) > most_chars:
        raise InputError("register_text_too_long", length=len(text), limit=most_chars)
    # A NUL or half a surrogate pair cannot be stored in every database, nor written to a report.
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise InputError("register_text_unreadable")
    return text


def _list(column: Column, value: object) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        value = LIST_SEPARATORS[0].join(str(item) for item in value)
    return ";".join(split_list(text_of(value, column.most_chars)))


def _number(column: Column, value: object) -> Value:
    try:
        number = float(str(value))
    except ValueError:
        raise InputError("register_not_a_number", column=column.name, value=value) from None
    low = -math.inf if column.minimum is None else column.minimum
    high = math.inf if column.maximum is None else column.maximum
    if not math.isfinite(number) or not low <= number <= high:
        raise InputError("register_out_of_range", column=column.name, value=value)
    if column.type == "number":
        return number + 0.0  # never -0.0, which SQLite would give back as 0.0
    if not number.is_integer():
        raise InputError("register_not_whole", column=column.name, value=value)
    return int(number)


def _check_codes(column: Column, text: str) -> None:
    for code in split_list(text):
        if code not in _codes(column.codes):
            raise InputError("register_unknown_code", column=column.name, value=code)


@cache
def _codes(name: str) -> frozenset[str]:
    return frozenset(read_list(f"reference/{name}"))
