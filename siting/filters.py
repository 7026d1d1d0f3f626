"""What a station must pass to be of use: open in the window, admits the group, offers the need.

Each answer has three values. Blank is not a fact: a record without opening hours, access or
services is unverified, neither passed nor failed.
"""

from datetime import date, time
from enum import IntEnum
from functools import cache, lru_cache

from geo.errors import InputError
from geo.reference import read_list
from geo.tables import split_list
from siting.hours import open_share, open_shares
from siting.windows import Window, window

EVERYBODY = "*"
_ROUNDING = 1e-9

_WHOLE_WEEK = Window("", days=(1, 2, 3, 4, 5, 6, 7), start=time(), end=time())

Need = tuple[tuple[str, ...], ...]
"""Lines that must all be met; a line is met by any one of its services."""


class Passed(IntEnum):
    """Whether a station passes a filter; ordered, so that the least of several is their answer."""

    NO = 0
    UNVERIFIED = 1
    YES = 2


@lru_cache(maxsize=65536)
def opened(hours: str, window_code: str, monday: date, least_share: float) -> tuple[Passed, ...]:
    """Tell, day by day, whether a station is open for at least (>=) a share of a window's hours.

    Parameters
    ----------
    hours
        OSM `opening_hours`; blank, unreadable and unknowable hours are unverified.
    window_code
        Of the list of windows; "": no time is named, and a station need only open at all in the
        week.
    monday
        The first day of the week in which the hours are read.
    least_share
        Share (0..1] of the window's hours on one day.

    Returns
    -------
    tuple of Passed
        One answer per day of the window in that week; one for "".

    Raises
    ------
    InputError
        The window does not occur in that week.
    """
    if not window_code:
        whole = open_share(hours, _WHOLE_WEEK, monday)
        if whole is None:
            return (Passed.UNVERIFIED,)
        return (Passed.YES if whole > 0 else Passed.NO,)
    shares = open_shares(hours, window(window_code), monday)
    if not shares:
        raise InputError("siting_window_not_in_week", window=window_code, monday=monday)
    return tuple(_enough(share, least_share) for share in shares)


def _enough(share: float | None, least_share: float) -> Passed:
    if share is None:
        return Passed.UNVERIFIED
    return Passed.YES if share >= least_share - _ROUNDING else Passed.NO


@lru_cache(maxsize=65536)
def admits(access: str, group: str, *, own_grounds: bool) -> Passed:
    """Tell whether a station admits a group; workers of no named group come in with everybody.

    Parameters
    ----------
    access
        Rights of data/reference/access.toml; blank is unverified.
    own_grounds
        Whether the workers are on the host's own grounds: a right for its employees admits no
        others, whatever their group.

    Raises
    ------
    InputError
        A right that the list of access rights does not have.
    """
    rights = split_list(access)
    if not rights:
        return Passed.UNVERIFIED
    let_in = {name for right in rights for name in _admitted(right, own_grounds=own_grounds)}
    return Passed.YES if EVERYBODY in let_in or (group and group in let_in) else Passed.NO


@cache
def own_grounds_m() -> float:
    """Return how far along streets a host's own grounds reach, metres, inclusive (<=).

    Our assumption, in data/reference/access.toml.
    """
    known = read_list("reference/access").values()
    return max((float(entry.get("within_m", 0.0)) for entry in known), default=0.0)


@lru_cache(maxsize=65536)
def offers(services: str, needed: Need) -> Passed:
    """Tell whether a station offers what is needed."""
    if not needed:
        return Passed.YES
    listed = split_list(services)
    if not listed:
        return Passed.UNVERIFIED
    return Passed.NO if missing(services, needed) else Passed.YES


def missing(services: str, needed: Need) -> tuple[str, ...]:
    """Return the services that would meet what is needed: the first of each line not met."""
    listed = set(split_list(services))
    return tuple(line[0] for line in needed if not listed.intersection(line))


@cache
def need_of(group: str, window_code: str) -> Need:
    """Return what a group must find in a window, from data/reference/group_needs.toml.

    Workers of no named group need what groups need that are not listed.

    Raises
    ------
    InputError
        The list names a service that there is none of.
    """
    needs = read_list("reference/group_needs")
    entry = needs.get(group, needs["default"])
    at = (given["need"] for given in entry.get("at", ()) if window_code in given["windows"])
    lines = next(at, entry["need"])
    unknown = {name for line in lines for name in line} - set(read_list("reference/services"))
    if unknown:
        raise InputError("siting_unknown_service", service=min(unknown), group=group)
    return tuple(tuple(line) for line in lines)


@cache
def _admitted(right: str, *, own_grounds: bool) -> tuple[str, ...]:
    known = read_list("reference/access")
    if right not in known:
        raise InputError("siting_unknown_access", access=right, known="、".join(known))
    entry = known[right]
    return tuple(entry["groups"]) if own_grounds or "within_m" not in entry else ()
