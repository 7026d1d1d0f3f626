"""One function per measure of the common criteria: what is asked of every candidate."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.reference import read_list
from geo.tables import split_list
from siting.costs import costs_yuan
from siting.filters import Passed, need_of, offers
from siting.hours import open_share
from siting.rules.book import Common
from siting.rules.measures import kinds_of
from siting.rules.reach import Surroundings
from siting.rules.readings import Float64, Reading, silent, unnamed
from siting.windows import window

NOT_ASKED, EXPIRED, AGREED = "not_asked", "expired", "agreed"
"""Codes of consent beside those of data/reference/consents.toml: nobody asked; it has run out."""

_CLOCK = r"(?:[01]?\d|2[0-4]):[0-5]\d"
# The last span of times of a rule.
_TIMES = re.compile(rf"({_CLOCK})-({_CLOCK})(?!.*\d:\d)")


def host_reliability(around: Surroundings, _common: Common) -> Reading:
    """Return how reliable hosts of the candidate's type are, 0..1 (data/reference/host_types)."""
    hosts = read_list("reference/host_types")
    figures = [
        float(hosts.get(host, {}).get("reliability", np.nan))
        for host in around.candidates["host_type"]
    ]
    known = np.array(figures, dtype=np.float64)
    names = tuple(map(str, around.candidates["host_type"]))
    return Reading(known, names, assumed=np.isfinite(known))


def host_type(around: Surroundings, _common: Common) -> Reading:
    """Return the code of the candidate's host type."""
    codes = tuple(map(str, around.candidates["host_type"]))
    return Reading(np.full(len(codes), np.nan), ("",) * len(codes), codes=codes)


def hours_match(around: Surroundings, _common: Common) -> Reading:
    """Return the share (0..1) of worker-hours within reach during which the candidate is open.

    Of a blank text the usual hours of its host type, marked as assumed. It says nothing without
    time windows, without anybody within reach, and of hours that cannot be read.
    """
    size = len(around.candidates)
    if around.demand.measure == "workers":
        return silent(size)
    texts, assumed = usual_hours(around)
    in_reach = _hours_in_reach(around)
    total = np.sum(list(in_reach.values()), axis=0, initial=0.0) + np.zeros(size)
    opened = np.zeros(size)
    for code, hours in in_reach.items():
        shares = [_share(text, code, around.monday) for text in texts]
        opened += np.array(shares, dtype=np.float64) * hours
    match = np.divide(opened, total, out=np.full(size, np.nan), where=total > 0)
    return unnamed(match, around.parameters.cutoff_m, assumed=assumed)


def cost(around: Surroundings, _common: Common) -> Reading:
    """Return what a station there costs, yuan; its kind's default is marked as assumed."""
    yuan, assumed = costs_yuan(around.candidates)
    return unnamed(yuan.astype(np.float64), assumed=assumed)


def expired_consents(candidates: pd.DataFrame, today: date) -> tuple[str, ...]:
    """Return the candidates whose host's consent has run out before a day (<)."""
    last = candidates["consent_until"].astype(str)
    gone = (candidates["consent"] == AGREED) & (last != "") & (last < today.isoformat())
    return tuple(candidates.loc[gone, "id"].astype(str))


def consent(around: Surroundings, _common: Common) -> Reading:
    """Return what the host says: a code of consents, `not_asked`, or `expired`.

    A consent has run out where its last day is before today (<). The subject is that last day.
    """
    table = around.candidates
    today = "" if around.today is None else around.today.isoformat()
    until = tuple(map(str, table["consent_until"]))
    codes = tuple(
        EXPIRED if code == AGREED and last and last < today else str(code) or NOT_ASKED
        for code, last in zip(table["consent"], until, strict=True)
    )
    return Reading(np.full(len(codes), np.nan), until, codes=codes)


def spacing(around: Surroundings, common: Common) -> Reading:
    """Return metres on foot to the nearest existing station; none within the look: the look."""
    nearest, metres = around.pairs_to("stations", common.spacing_m).nearest()
    names = [*around.inputs.stations["name"], ""]
    figures = np.where(np.isfinite(metres), metres, common.spacing_m)
    return Reading(figures, tuple(str(names[row]) for row in nearest), common.spacing_m)


def haves_ready(around: Surroundings, _common: Common) -> Reading:
    """Return how many of the seven haves that can be there before opening are, as a share (0..1).

    A place to sit (有场地), something in it (有设施), and what every group needs (有服务), by the
    record; nothing where the record says nothing of them. It is asked only of kinds that the seven
    haves bind.
    """
    kinds = read_list("reference/kinds")
    binds = np.array([bool(kinds[kind]["seven_haves"]) for kind in kinds_of(around.candidates)])
    seats = around.candidates["seats"].to_numpy(dtype=float, na_value=np.nan).tolist()
    rows = zip(seats, around.candidates["services"], strict=True)
    known = [_haves(number, str(services)) for number, services in rows]
    figures = np.array(known, dtype=np.float64)
    return Reading(figures, ("",) * len(known), applies=binds.astype(np.bool_))


COMMON: dict[str, Callable[[Surroundings, Common], Reading]] = {
    measure.__name__: measure
    for measure in (host_reliability, host_type, hours_match, cost, consent, spacing, haves_ready)
}


def usual_hours(around: Surroundings) -> tuple[tuple[str, ...], NDArray[np.bool_]]:
    """Return opening hours, of blank ones those usual for the host type; bool[c]: such ones."""
    hosts = read_list("reference/host_types")
    own = tuple(map(str, around.candidates["hours"]))
    types = around.candidates["host_type"]
    texts = tuple(
        text.strip() or str(hosts.get(host, {}).get("hours", ""))
        for text, host in zip(own, types, strict=True)
    )
    blank = np.array([not text.strip() for text in own], dtype=np.bool_)
    return texts, blank & np.array([bool(text) for text in texts], dtype=np.bool_)


def open_until(hours: str, until: str) -> str:
    """Return opening hours with the last closing time of each day moved to `until`, if earlier.

    "Mo-Fr 08:30-12:00,14:30-18:00; PH off", "21:00" -> "Mo-Fr 08:30-12:00,14:30-21:00; PH off".
    Hours past midnight and texts without times stay as they are.
    """
    rules = hours.split(";")
    return ";".join(_TIMES.sub(lambda found: _later(found, until), rule) for rule in rules)


def _later(found: re.Match[str], until: str) -> str:
    start, end = found[1].zfill(5), found[2].zfill(5)
    return f"{found[1]}-{until if start < end < until else found[2]}"


def _hours_in_reach(around: Surroundings) -> dict[str, Float64]:
    """Return window -> float64[c]: worker-hours per week within the cut-off."""
    reach_m = around.parameters.cutoff_m
    return {
        code: around.walk.sums(hours, reach_m)
        for code, hours in around.window_hours().items()
        if hours.any()
    }


@lru_cache(maxsize=65536)
def _share(text: str, code: str, monday: date) -> float:
    share = open_share(text, window(code), monday)
    return np.nan if share is None else share


def _haves(seats: float, services: str) -> float:
    """Return the share of the three that are there; NaN where the record says nothing.

    Sign, publicity, rules and results come with and after opening.
    """
    listed = split_list(services)
    if np.isnan(seats) and not listed:
        return np.nan
    service = offers(services, need_of("", "")) == Passed.YES
    met = (seats > 0, bool(listed), service)
    return sum(met) / len(met)
