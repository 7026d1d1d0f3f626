"""The sentences of the records' pages, and what is told after a change."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

import streamlit as st

from geo.errors import PlannerError
from geo.findings import Finding
from geo.intake.hours import plain_hours
from siting import district_time
from ui import edits, keys
from ui.labels import refusal
from ui.language import current
from words import Lang, say

T = TypeVar("T")


def word(key: str, /, **facts: object) -> str:
    """Return the sentence `ledger.<key>` in the language of this session."""
    return say(f"ledger.{key}", current(), **facts)


def kind_name(kind: str) -> str:
    """Return what a kind of records is called."""
    return word(f"kind.{kind}")


def spoken(options: Iterable[T], name: Callable[[T], str]) -> Callable[[T], str]:
    """Return what options are called in the language of now, whenever it is asked."""
    names = {option: name(option) for option in options}
    return lambda option: names.get(option, str(option))


def done(key: str, event: int | None = None, /, **facts: object) -> None:
    """Leave the notice `ledger.<key>`; `event` is what its button undoes."""
    words: Callable[[Lang], str] = partial(say, f"ledger.{key}", **facts)
    st.session_state[keys.NOTICE] = edits.Notice("done", words, event)


def doubt_hours(values: Mapping[str, object]) -> None:
    """Add to the notice of what was stored that nobody can read its opening hours."""
    given = values.get("hours")
    notice: edits.Notice | None = st.session_state.get(keys.NOTICE)
    if notice is None or notice.kind != "done" or not isinstance(given, str) or not given:
        return
    if plain_hours(given) is None:
        finding = Finding("intake_hours_unreadable", "warning", facts={"given": given[:40]})
        st.session_state[keys.NOTICE] = replace(notice, doubt=finding.message)


def refused(error: PlannerError) -> None:
    """Leave the sentence of a refusal."""
    st.session_state[keys.NOTICE] = edits.Notice("error", refusal(error))


def warn(key: str, /, **facts: object) -> None:
    """Leave the sentence `ledger.<key>`: why nothing was stored."""
    words: Callable[[Lang], str] = partial(say, f"ledger.{key}", **facts)
    st.session_state[keys.NOTICE] = edits.Notice("error", words)


def event_time(when: object) -> str:
    """Return a time of the ledger as people read it, in the district's time."""
    return district_time.to_the_minute(when) if isinstance(when, datetime) else ""
