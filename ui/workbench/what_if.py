"""On the card of a point: effective coverage if it were otherwise. Nothing is stored."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from geo.errors import PlannerError
from geo.intake.hours import plain_hours
from geo.reference import read_list
from geo.tables import split_list
from siting.what_if import Site, WhatIf, at_best, what_if
from ui.compute import Situation, live_of
from ui.guard import show_error
from ui.labels import label
from ui.language import current, tell
from ui.safe import plain
from ui.standards.words import word
from words import count, percent, points

_KEPT = 64
_LISTS = ("access", "services")

Changes = tuple[tuple[str, str], ...]


def draw_what_if(now: Situation, table: Site, row: Mapping[str, Any]) -> None:
    """Draw what opening a candidate as it is would bring, and the knobs that change a record.

    Parameters
    ----------
    now
        What it is compared with.
    table, row
        The record of the card.
    """
    record_id = str(row["id"])
    if not now.coverage.point_id:
        return
    told = st.container()
    with st.expander(word("what_if.title"), icon=":material/tune:", key=f"what_if_{record_id}"):
        st.caption(word(f"what_if.help_{table}"))
        changes = _knobs(record_id, row)
        if changes is None:
            st.warning(word("what_if.unreadable"), icon=":material/help:")
            return
    if not changes and table == "stations":
        return
    try:
        found = _found(now.scenario, repr(now.terms), table, record_id, changes, now)
    except PlannerError as error:
        show_error(error)
        return
    with told:
        key = "what_if.said_changed" if changes else "what_if.said_opened"
        st.info(plain(word(key) + sentence(found)), icon=":material/calculate:")
        if table == "candidates" and not changes and found.unverified >= 1:
            st.caption(word("what_if.blank"))


def best_at(now: Situation, lon: float, lat: float) -> str:
    """Say how much a station at a place (WGS-84 degrees) could win at most; "" without workers."""
    if not now.coverage.point_id:
        return ""
    found = at_best(live_of(now), (lon, lat))
    return word(
        "what_if.at_best",
        workers=count(round(found.then.verified) - round(found.now.verified), current()),
        after=percent(found.then.coverage),
    )


def sentence(found: WhatIf) -> str:
    """Say in words how effective coverage moves: what is printed adds up."""
    lang = current()
    before, after = found.now, found.then
    verified = round(after.verified) - round(before.verified)
    unverified = round(after.unverified) - round(before.unverified)
    return word(
        "what_if.moved",
        before=percent(before.coverage),
        after=percent(after.coverage),
        points=points(before.coverage, after.coverage, lang),
        verified=_signed(verified),
        unverified=_signed(unverified),
    )


def _knobs(record_id: str, row: Mapping[str, Any]) -> Changes | None:
    """Draw the knobs; return what differs from the record, None: the hours cannot be read."""
    held = {field: str(row[field] or "") for field in ("hours", *_LISTS)}
    prefix = f"what_if_{record_id}"
    written = st.text_input(
        tell("point.hours"),
        held["hours"],
        placeholder=word("what_if.hours_hint"),
        key=f"{prefix}_hours",
    ).strip()
    hours = plain_hours(written) if written and written != held["hours"] else written
    if hours is None:
        return None
    given = {"hours": hours}
    for field in _LISTS:
        given[field] = _several(field, held[field], f"{prefix}_{field}")
    return tuple((field, value) for field, value in given.items() if value != held[field])


def _several(field: str, held: str, key: str) -> str:
    known, lang = split_list(held), current()
    options = list(dict.fromkeys([*read_list(f"reference/{field}"), *known]))
    names = {option: label(field, option, lang) for option in options}
    chosen = st.multiselect(
        tell(f"point.{field}"),
        options,
        known,
        format_func=lambda code: names.get(code, str(code)),
        placeholder=tell("point.unknown"),
        key=key,
    )
    if set(chosen) == set(known):
        return held
    return ";".join(option for option in options if option in chosen)


def _signed(number: int) -> str:
    sign = "+" if number > 0 else "−" if number < 0 else "±"
    return sign + count(abs(number), current())


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _found(
    scenario: str, terms: str, table: Site, record_id: str, changes: Changes, _now: Situation
) -> WhatIf:
    del scenario, terms
    return what_if(live_of(_now), (table, record_id), dict(changes))
