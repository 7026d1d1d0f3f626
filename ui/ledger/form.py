"""One widget per column of a record, by its type, for every kind of records."""

from collections.abc import Mapping, Sequence

import streamlit as st

from geo.intake.hours import plain_hours
from geo.intake.shifts import plain_shift
from geo.reference import read_list
from geo.tables import Column, split_list
from register import Kind, Register
from siting import district_time
from siting.hours_words import hours_in_words, shift_in_words
from ui.labels import label
from ui.language import current, tell
from ui.ledger.columns import groups, states_of
from ui.ledger.words import spoken, word

MOST_NAMED = 1000
"""Most records that a field offers by name; where there are more, their id is typed."""

_FLAGS: tuple[bool | None, ...] = (None, True, False)
_POSITION_FORMAT = "%.6f"


def draw_form(
    register: Register,
    kind: Kind,
    values: Mapping[str, object],
    *,
    prefix: str,
    fixed: Sequence[str] = (),
) -> dict[str, object]:
    """Draw the columns of a kind in their groups, the first open, the others folded away.

    Parameters
    ----------
    register
        Names what columns refer to.
    kind
        Of the record.
    values
        What the fields hold at first.
    prefix
        Of the widgets' keys; another one starts afresh.
    fixed
        Columns that are left out: what a record is known by.

    Returns
    -------
    dict of str to object
        What stands in every field.
    """
    told: dict[str, object] = {}
    for group in groups(kind):
        asked = [column for column in group.columns if column.name not in fixed]
        if not asked:
            continue
        if group.name == "basic":
            told |= draw_columns(register, kind, asked, values, prefix=prefix)
        else:
            with st.expander(word(f"group.{group.name}")):
                told |= draw_columns(register, kind, asked, values, prefix=prefix)
    return told


def draw_columns(
    register: Register,
    kind: Kind,
    asked: Sequence[Column],
    values: Mapping[str, object],
    *,
    prefix: str,
) -> dict[str, object]:
    """Draw some columns, two beside each other, row by row; return what stands in them."""
    told: dict[str, object] = {}
    for number in range(0, len(asked), 2):
        # Row by row: one above the other on a phone, they keep their order.
        for column, place in zip(asked[number : number + 2], st.columns(2), strict=False):
            with place:
                told[column.name] = draw_column(
                    register, kind, column, values.get(column.name), f"{prefix}_{column.name}"
                )
    return told


def draw_column(register: Register, kind: Kind, column: Column, value: object, key: str) -> object:
    """Draw the field of one column; what is written is checked by the register."""
    words = column.label(current()) + (" *" if column.required else "")
    if column.type == "flag":
        return st.selectbox(
            words,
            _FLAGS,
            index=_FLAGS.index(_flag(value)),
            format_func=spoken(_FLAGS, _flag_name),
            key=key,
        )
    if column.type in {"number", "integer"}:
        return _number(column, words, value, key)
    text = value if isinstance(value, str) else ""
    if column.codes:
        codes = states_of(kind) if column.codes == "states" else ()
        return _codes(column, codes, words, text, key)
    if column.name == "town" or column.refers not in {"", "photos"}:
        return _named(register, column, words, text, key)
    return _words(column, words, text, key)


def draw_day(words: str, key: str | None, *, today: bool = False) -> str:
    """Draw the field of a day: typed, because a calendar covers the button below it on a phone."""
    held = district_time.today().isoformat() if today else ""
    return st.text_input(words, held, placeholder=tell("point.date_hint"), key=key).strip()


def _words(column: Column, words: str, value: str, key: str) -> str:
    if column.name == "hours":
        return _hours(words, value, key)
    if column.name == "shift":
        return _shift(words, value, key)
    hint = tell("point.date_hint") if column.type == "date" else None
    return st.text_input(words, value, placeholder=hint, key=key).strip()


def _hours(words: str, value: str, key: str) -> str:
    """Draw opening hours in words; what is written in words is stored as the register keeps it."""
    shown = hours_in_words(value, current())
    written = st.text_input(words, shown, placeholder=word("form.hours_hint"), key=key).strip()
    return value if written == shown else plain_hours(written) or written


def _shift(words: str, value: str, key: str) -> str:
    """Draw how an enterprise works, in words; what can be read is stored as the import keeps it."""
    shown = shift_in_words(value, current())
    written = st.text_input(words, shown, placeholder=word("form.shift_hint"), key=key).strip()
    return value if written == shown else plain_shift(written) or written


def _number(column: Column, words: str, value: object, key: str) -> object:
    # No bounds: Streamlit tells them in English; the register tells them in words.
    if column.type == "integer":
        held = value if isinstance(value, int) else None
        return st.number_input(words, value=held, step=1, key=key)
    exact = float(value) if isinstance(value, int | float) else None
    form = _POSITION_FORMAT if column.unit == "degree" else None
    return st.number_input(words, value=exact, format=form, key=key)


def _codes(column: Column, codes: Sequence[str], words: str, value: str, key: str) -> str:
    known = codes or tuple(read_list(f"reference/{column.codes}"))
    lang, unknown = current(), tell("point.unknown")

    def name(code: str) -> str:
        return label(column.codes, code, lang) if code else unknown

    if column.type == "list":
        held = split_list(value)
        options = list(dict.fromkeys([*known, *held]))
        chosen = st.multiselect(
            words, options, held, format_func=name, placeholder=tell("point.unknown"), key=key
        )
        if set(chosen) == set(held):
            return value  # in the order in which it is stored: nothing was changed
        return ";".join(option for option in options if option in chosen)
    options = list(dict.fromkeys(["", *known, value]))
    return st.selectbox(words, options, index=options.index(value), format_func=name, key=key)


def _named(register: Register, column: Column, words: str, value: str, key: str) -> str:
    if column.name == "town":
        names: Mapping[str, str] | None = {unit: unit for unit in unit_names(register)}
    else:
        names = named_records(register, column.refers)
    if names is None:
        return st.text_input(words, value, placeholder=word("form.id_hint"), key=key).strip()
    options = list(dict.fromkeys(["", *names, value]))
    return st.selectbox(
        words,
        options,
        index=options.index(value),
        format_func=spoken(options, lambda named: _record_name(names, named)),
        key=key,
    )


def named_records(register: Register, kind: str) -> Mapping[str, str] | None:
    """Return the names of the records of a kind by their ids; None: there are too many to offer."""
    return _named_records(str(register.folder), register.revision(), kind, register)


def unit_names(register: Register) -> tuple[str, ...]:
    """Return the units: those on record, and those that stations and candidates name."""
    return _unit_names(str(register.folder), register.revision(), register)


@st.cache_resource(max_entries=24, show_spinner=False)
def _named_records(
    folder: str, revision: int, kind: str, _register: Register
) -> Mapping[str, str] | None:
    del folder, revision
    table = next(known for known in _KINDS_OFFERED if known == kind)
    page = _register.page(table, sort="name", limit=MOST_NAMED)
    if page.total > MOST_NAMED:
        return None
    return {record.id: str(record.fields.get("name") or record.id) for record in page.records}


_KINDS_OFFERED: tuple[Kind, ...] = ("stations", "candidates", "hosts", "enterprises", "units")


@st.cache_resource(max_entries=6, show_spinner=False)
def _unit_names(folder: str, revision: int, _register: Register) -> tuple[str, ...]:
    del folder, revision
    listed = [record.id for record in _register.records("units")]
    named = {
        unit
        for kind in _KINDS_OFFERED[:2]
        for unit in _register.page(kind, limit=1).by_unit
        if unit
    }
    return tuple(dict.fromkeys([*listed, *sorted(named)]))


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _flag_name(value: bool | None) -> str:  # noqa: FBT001 -- an option of a list, not a switch
    return tell("point.unknown") if value is None else word("yes" if value else "no")


def _record_name(names: Mapping[str, str], record_id: str) -> str:
    return names.get(record_id, record_id) or tell("point.unknown")
