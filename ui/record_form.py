"""The fields of a candidate or a station, for a new one and for a correction alike."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from geo.reference import read_list
from geo.tables import Column, columns, split_list
from register import Kind
from siting.candidates import evidence_only
from ui.labels import label
from ui.language import current, tell
from words import Lang, say

LONGEST_NAME = 80

_FIELDS: Mapping[Kind, tuple[str, ...]] = {
    "candidates": ("kind", "host_type", "town", "hours", "cost_yuan"),
    "stations": ("kind", "town", "state", "hours", "access", "services"),
}
_HOST = (
    "address",
    "position_state",
    "consent",
    "consent_until",
    "contact_name",
    "contact_phone",
    "sector",
    "responsible",
)
_MORE: Mapping[Kind, tuple[str, ...]] = {
    "candidates": _HOST,
    "stations": (
        "opened_on",
        "closed_on",
        "seats",
        *_HOST,
        "invested_yuan",
        "invested_from",
        "invested_on",
        "sign_ordered_on",
        "sign_installed_on",
        "sign_installed_by",
    ),
}
"""Fields that are folded away: most people do not fill them in at the first go."""
_CODES = {"kind": "kinds", "host_type": "host_types", "state": "states"}
_LISTS = ("access", "services")


def draw_fields(
    kind: Kind,
    values: Mapping[str, object],
    towns: tuple[str, ...],
    *,
    prefix: str,
    name_hint: str,
) -> dict[str, object]:
    """Draw one widget per field, two columns of them; return what stands in them.

    Parameters
    ----------
    kind
        Table of the record.
    values
        What the fields hold at first.
    towns
        Units to choose from.
    prefix
        Of the widgets' keys; another one starts afresh.
    name_hint
        Shown where no name is written.
    """
    # No `max_chars`: Streamlit drops a text pasted over it without a word.
    written = st.text_input(
        tell("point.name"),
        _text(values.get("name")),
        placeholder=name_hint,
        key=f"{prefix}_name",
    )
    told: dict[str, object] = {"name": " ".join(written.split())}
    pair = st.columns(2)
    for number, field in enumerate(_FIELDS[kind]):
        with pair[number % 2]:
            told[field] = _field(field, values.get(field), towns, f"{prefix}_{field}")
    known = {column.name: column for column in columns(kind)}
    with st.expander(tell("point.more")):
        pair = st.columns(2)
        for number, field in enumerate(_MORE[kind]):
            with pair[number % 2]:
                told[field] = _further(known[field], values.get(field), f"{prefix}_{field}")
    return told


def _further(column: Column, value: object, key: str) -> object:
    """Draw the field of a column by its type; what is written is checked by the register."""
    words = column.label(current())
    if column.codes:
        return _choice_of(column.codes, words, _text(value), key)
    if column.type == "integer":
        return st.number_input(words, value=value if isinstance(value, int) else None, key=key)
    hint = tell("point.date_hint") if column.type == "date" else None
    return st.text_input(words, _text(value), placeholder=hint, key=key).strip()


def _field(field: str, value: object, towns: tuple[str, ...], key: str) -> object:
    if field in _CODES:
        return _choice(field, _text(value), key)
    if field in _LISTS:
        return _several(field, _text(value), key)
    if field == "town":
        return _town(_text(value), towns, key)
    if field == "cost_yuan":
        # No bounds: Streamlit tells them in English; the register tells them in words.
        held = value if isinstance(value, int) else None
        return st.number_input(tell("point.cost"), value=held, step=500, key=key)
    return st.text_input(
        tell(f"point.{field}"), _text(value), placeholder="Mo-Fr 08:30-17:30; PH off", key=key
    ).strip()


def _choice(field: str, value: str, key: str) -> str:
    return _choice_of(_CODES[field], tell(f"point.{field}"), value, key)


def _choice_of(codes: str, words: str, value: str, key: str) -> str:
    # A bus stop lends no corner.
    offered = [code for code in read_list(f"reference/{codes}") if code not in evidence_only()]
    options = list(dict.fromkeys(["", *offered, value]))
    return st.selectbox(
        words,
        options,
        index=options.index(value),
        format_func=partial(_code_name, codes, current()),
        key=key,
    )


def _several(field: str, value: str, key: str) -> str:
    held = split_list(value)
    options = list(dict.fromkeys([*read_list(f"reference/{field}"), *held]))
    chosen = st.multiselect(
        tell(f"point.{field}"),
        options,
        held,
        format_func=partial(_code_name, field, current()),
        placeholder=tell("point.unknown"),
        key=key,
    )
    return ";".join(option for option in options if option in chosen)


def _town(value: str, towns: tuple[str, ...], key: str) -> str:
    options = list(dict.fromkeys(["", *towns, value]))
    return st.selectbox(
        tell("point.town"),
        options,
        index=options.index(value),
        format_func=partial(_or_unknown, tell("point.unknown")),
        key=key,
    )


def _code_name(codes: str, lang: Lang, code: str) -> str:
    return label(codes, code, lang) if code else say("ui.point.unknown", lang)


def _or_unknown(unknown: str, town: str) -> str:
    return town or unknown


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
