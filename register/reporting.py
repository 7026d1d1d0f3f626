"""What was reported upwards: the figures of those days, for the next report to be compared to.

A setting like the others (`register.settings`): a change is an event, signed, and can be undone. A
note of a report holds its replay file, so that its figures can be checked without the paper.
"""

import base64
import gzip
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from register.layers import SETTINGS, Layer
from register.reader import Reader
from register.register import Register
from register.settings import settle, settled
from register.tables import KINDS

REPORTED = "reported"
"""The setting that keeps what was last reported."""

PEOPLE = "report_people"
"""The setting that keeps who compiles and reviews reports, and to whom they go."""

MOST_EVENTS = 5000
"""So many changes since a report are looked at."""

MOST_REPORTS = 50
"""So many earlier reports are listed."""


@dataclass(frozen=True)
class Reported:
    """A report that was taken.

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
    scenario
        Its scenario hash, in hex; "" where none was noted.
    plan
        Number of the plan in it; None: it told what stands.
    formats
        Its files, by their endings; empty where none were noted.
    kept
        Name of the kept scenario that it is about; "": none.
    """

    made_on: date
    who: str
    revision: int
    figures: Mapping[str, float]
    scenario: str = ""
    plan: int | None = None
    formats: tuple[str, ...] = ()
    packed: str = field(default="", repr=False)
    kept: str = ""

    @property
    def replay(self) -> bytes | None:
        """Its replay file; None: it was not kept."""
        return gzip.decompress(base64.b64decode(self.packed)) if self.packed else None


@dataclass(frozen=True)
class Taken:
    """What is noted of a report beside its figures; see `Reported`."""

    scenario: str = ""
    plan: int | None = None
    formats: tuple[str, ...] = ()
    replay: bytes | None = None
    kept: str = ""


NOTHING_TAKEN = Taken()


def note_report(
    register: Register,
    figures: Mapping[str, float],
    *,
    made_on: date,
    who: str,
    taken: Taken = NOTHING_TAKEN,
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
        "scenario": taken.scenario,
        "plan": taken.plan,
        "formats": list(taken.formats),
        "kept": taken.kept,
        "replay": "" if taken.replay is None else _packed(taken.replay),
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
    return _reported(told)


def reports_taken(register: Reader, limit: int = MOST_REPORTS) -> tuple[Reported, ...]:
    """Return the reports that were noted, newest first; a note that was undone is left out.

    Raises
    ------
    PlannerError
        The file of one is missing or damaged.
    """
    noted = [layer for layer in register.layers() if layer.kind == SETTINGS + REPORTED]
    used = max((layer.id for layer in noted if layer.active), default=0)
    kept = [layer for layer in noted if layer.id <= used]
    kept.sort(key=lambda layer: -layer.id)
    files = (register.file_of(layer.id) for layer in kept[:limit])
    return tuple(_reported(json.loads(file.read_text(encoding="utf-8"))) for file in files)


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
    told.pop("replay", None)  # its own note has it
    return earlier if told["made_on"] == made_on.isoformat() else told


def _reported(told: Mapping[str, Any]) -> Reported:
    """Return what a note says; one of earlier has fewer facts."""
    return Reported(
        made_on=date.fromisoformat(told["made_on"]),
        who=told["who"],
        revision=told["revision"],
        figures=told["figures"],
        scenario=told.get("scenario", ""),
        plan=told.get("plan"),
        formats=tuple(told.get("formats", ())),
        packed=told.get("replay", ""),
        kept=told.get("kept", ""),
    )


def _packed(replay: bytes) -> str:
    """Return a replay file as text: pressed together, the same file to the same text."""
    return base64.b64encode(gzip.compress(replay, mtime=0)).decode("ascii")
