"""Opening hours in OpenStreetMap's syntax, told in plain words; the syntax itself stays stored.

Only what clerks write is told: weekdays, times, public holidays, `24/7`. Any other text is shown as
it is rather than told half.
"""

import re

from geo.intake.shifts import SEPARATOR
from geo.reference import read_list
from words import Lang, say

_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY = rf"(?:{'|'.join(_WEEKDAYS)})"
_SPAN = rf"(?:{_DAY}-{_DAY}|{_DAY}|PH)"
_TIME = r"(?:[01]?\d|2[0-4]):[0-5]\d"
_HOURS = rf"{_TIME}-{_TIME}"
_RULE = re.compile(
    rf"(?:(?P<days>{_SPAN}(?:,{_SPAN})*)\s*)?(?P<hours>{_HOURS}(?:,{_HOURS})*|off|closed)?"
)
_ALWAYS = "24/7"


def hours_in_words(text: str, lang: Lang) -> str:
    """Return `Mo-Fr 08:30-17:30; PH off` as 周一至周五 08:30-17:30；节假日休息, say.

    Parameters
    ----------
    text
        OSM `opening_hours`, or whatever somebody wrote instead.
    lang
        Of the words.

    Returns
    -------
    str
        The text itself where a part of it has no words here.
    """
    if text.strip() == _ALWAYS:
        return say("hours.always", lang)
    told = [_rule(rule, lang) for rule in text.split(";") if rule.strip()]
    known = [rule for rule in told if rule is not None]
    if not known or len(known) < len(told):
        return text
    return say("hours.next_rule", lang).join(known)


def shift_in_words(text: str, lang: Lang) -> str:
    """Return a kind of shift, or the times of each shift, as people say it; "" stays as it is."""
    listed = read_list("reference/shifts").get(text)
    if listed is not None:
        return str(listed[lang])
    parts = [hours_in_words(part.strip(), lang) for part in text.split(SEPARATOR)]
    return f" {SEPARATOR} ".join(parts)


def day_in_words(day: int, lang: Lang) -> str:
    """Return the name of a weekday, 1 = Monday .. 7 = Sunday."""
    return say(f"hours.{_WEEKDAYS[day - 1]}", lang)


def _rule(rule: str, lang: Lang) -> str | None:
    packed = re.sub(r"\s*([,-])\s*", r"\1", rule.strip())
    found = _RULE.fullmatch(packed)
    if found is None or not packed:
        return None
    days = [_span(span, lang) for span in (found["days"] or "").split(",") if span]
    return _joined(days, found["hours"], lang)


def _joined(days: list[str], hours: str | None, lang: Lang) -> str:
    listed = say("hours.and", lang).join(days)
    if hours in {"off", "closed"}:
        return say("hours.off", lang, days=listed).strip()
    if hours is None:
        return say("hours.whole_day", lang, days=listed)
    times = say("hours.and", lang).join(hours.replace("-", "–").split(","))
    return f"{listed} {times}".strip()


def _span(span: str, lang: Lang) -> str:
    if span == "PH":
        return say("hours.holidays", lang)
    if span == "Mo-Su":
        return say("hours.daily", lang)
    first, _, last = span.partition("-")
    if not last:
        return say(f"hours.{first}", lang)
    names = {"first": say(f"hours.{first}", lang), "last": say(f"hours.{last}", lang)}
    return say("hours.span", lang, **names)
