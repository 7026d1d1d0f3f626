"""When a station is shut in the week that counts, on its card."""

from collections.abc import Collection
from datetime import date, timedelta

from siting.hours import open_share
from siting.windows import windows
from ui.labels import label
from words import Lang, percent, say


def shut_windows(hours: str, codes: Collection[str] | None, today: date, lang: Lang) -> str:
    """Name the time windows of a week in which a place is shut, wholly or in part.

    Parameters
    ----------
    hours
        OSM `opening_hours`; blank or unreadable hours are unverified, never taken as open.
    codes
        The windows counted; None: all.
    today
        Any day of the week in question, which runs from Monday; its public holidays and make-up
        days count.
    lang
        Of the sentence.
    """
    monday = today - timedelta(days=today.weekday())
    shares = {
        code: open_share(hours, window, monday)
        for code, window in windows().items()
        if codes is None or code in codes
    }
    known = {code: share for code, share in shares.items() if share is not None}
    if not known:
        return say("ui.point.hours_unverified", lang)
    between = say("ui.point.hours_between", lang)
    shut = [label("windows", code, lang) for code, share in known.items() if share == 0]
    part = [
        f"{label('windows', code, lang)} {percent(share, digits=0)}"
        for code, share in known.items()
        if 0 < share < 1
    ]
    told = [
        say(f"ui.point.hours_{key}", lang, windows=between.join(names))
        for key, names in (("shut", shut), ("part", part))
        if names
    ]
    if not told:
        return say("ui.point.hours_all", lang)
    gap = "" if lang == "zh" else " "
    return gap.join([*told, say("ui.point.hours_counts", lang)])
