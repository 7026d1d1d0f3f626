"""How an enterprise works, as clerks write it -> a code of the list, or the times of its shifts.

Shifts are separated by a slash, the parts of one by a comma: 8:00-20:00/20:00-8:00 are two shifts,
8:00-12:00、13:00-17:00 is one with a break. Each is an OpenStreetMap `opening_hours`.
"""

import re
from typing import Final

from geo.intake.codes import find_code
from geo.intake.hours import plain_hours

CODES: Final = "shifts"
SEPARATOR: Final = "/"
MOST_SHIFTS: Final = 6

_NAMES: Final = re.compile(
    r"[一二三四五两单双]班[一二三四五两]?(?:运转|倒)?制?|[早中晚夜白]班|倒班|轮班|班制|[:：](?!\d)|[()（）]"
)
_BETWEEN: Final = re.compile(r"[/／;；\n]+")
_TIMES: Final = re.compile(r"\d{2}:\d{2}-\d{2}:\d{2}(?:,\d{2}:\d{2}-\d{2}:\d{2})*")
_DAYS: Final = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:-(?:Mo|Tu|We|Th|Fr|Sa|Su))?"
_ONE: Final = re.compile(rf"(?:(?P<days>{_DAYS}(?:,{_DAYS})*) )?(?P<times>{_TIMES.pattern})")
_WHOLE_WEEK: Final = "Mo-Su"
_WORKING_DAYS: Final = "Mo-Fr"


def plain_shift(text: str) -> str | None:
    """Return a code of the list of shifts, or `DAYS TIMES` of each shift, joined by a slash.

    Days that one shift names hold for all that name none. Where none does: Monday to Friday for a
    single shift, every day for several (our assumption). None: nobody can tell what was meant.
    """
    parts = [part for part in _BETWEEN.split(_NAMES.sub(" ", text)) if part.strip()]
    read = [match for part in parts if (match := _one(part)) is not None]
    if not 0 < len(parts) <= MOST_SHIFTS or len(read) < len(parts):
        return find_code(CODES, text)
    named = next((match["days"] for match in read if match["days"]), "")
    usual = named or (_WORKING_DAYS if len(read) == 1 else _WHOLE_WEEK)
    return SEPARATOR.join(f"{match['days'] or usual} {match['times']}" for match in read)


def _one(text: str) -> re.Match[str] | None:
    """Return the days and times of one shift; None: it is none."""
    spaced = _padded(text.strip())
    hours = plain_hours(spaced)
    return None if hours is None else _ONE.fullmatch(_padded(hours))


def _padded(text: str) -> str:
    """Return times with two digits for the hour: 8:00 -> 08:00."""
    return re.sub(r"(?<!\d)(\d):(\d{2})", r"0\1:\2", text)
