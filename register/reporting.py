"""What was last reported upwards: the figures of that day, for the next report to be compared to.

A setting like the others (`register.settings`): a change is an event, signed, and can be undone.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from register.layers import Layer
from register.reader import Reader
from register.register import Register
from register.settings import settle, settled
from register.tables import KINDS

REPORTED = "reported"
"""The setting that keeps what was last reported."""

MOST_EVENTS = 5000
"""So many changes since a report are looked at."""


@dataclass(frozen=True)
class Reported:
    """The last report.

    Attributes
    ----------
    made_on
        Its day.
    who
        Who took it.
    revision
        Id of the last event before it.
    figures
        What it said, by name; workers are average present workers.
    """

    made_on: date
    who: str
    revision: int
    figures: Mapping[str, float]


def note_report(
    register: Register, figures: Mapping[str, float], *, made_on: date, who: str
) -> Layer:
    """Keep the figures of a report that is taken now, beside those of the last one of another day.

    Who takes a report twice on one day, as one file and as another, still compares to the last day.

    Raises
    ------
    PlannerError
        The disk or the database refuses.
    """
    told = {
        "made_on": made_on.isoformat(),
        "who": who,
        "revision": register.revision(),
        "figures": dict(figures),
        "earlier": _earlier(register, made_on),
    }
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return settle(register, REPORTED, text, who=who)


def last_report(register: Reader, *, today: date | None = None) -> Reported | None:
    """Return the last report; None: none was noted.

    Parameters
    ----------
    today
        The last report of another day than this goes before the last of all, if there is one.

    Raises
    ------
    PlannerError
        Its file is missing or damaged.
    """
    told = _noted(register)
    if told is None:
        return None
    if today is not None and told["made_on"] == today.isoformat():
        told = told.get("earlier") or told
    return Reported(
        made_on=date.fromisoformat(told["made_on"]),
        who=told["who"],
        revision=told["revision"],
        figures=told["figures"],
    )


def changes_since(register: Reader, reported: Reported) -> Mapping[str, int]:
    """Return how many records of each kind were changed since a report, most first.

    A record that was changed twice is one. Layers, settings and plans are left out; at most
    `MOST_EVENTS` changes are looked at.
    """
    seen = register.events(limit=MOST_EVENTS, since=reported.revision)
    changed = {(event.kind, event.record_id) for event in seen if event.kind in KINDS}
    return dict(Counter(kind for kind, _ in changed).most_common())


def _noted(register: Reader) -> dict[str, Any] | None:
    text = settled(register, REPORTED)
    return None if text is None else dict(json.loads(text))


def _earlier(register: Reader, made_on: date) -> dict[str, Any] | None:
    """Return what the last report of another day left; a note of before it was kept has no key."""
    told = _noted(register)
    if told is None:
        return None
    earlier = told.pop("earlier", None)
    return earlier if told["made_on"] == made_on.isoformat() else told
