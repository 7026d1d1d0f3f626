"""What was last reported upwards: the figures of that day, for the next report to be compared to.

A setting like the others (`register.settings`): a change is an event, signed, and can be undone.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

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
    """Keep the figures of a report that is taken now.

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
    }
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return settle(register, REPORTED, text, who=who)


def last_report(register: Reader) -> Reported | None:
    """Return the last report; None: none was noted.

    Raises
    ------
    PlannerError
        Its file is missing or damaged.
    """
    text = settled(register, REPORTED)
    if text is None:
        return None
    told = json.loads(text)
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
