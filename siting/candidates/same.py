"""One place only once: proposals within 30 m of each other, or of one name, are one.

Proposals are taken in the order of how good they are: those at hosts before those where none is
known, then by the host's reliability, named ones, those whose hours are known, and their ids. One
is taken unless a station, a candidate that is held already or a proposal taken before it is the
same place. So of a row of shops the best stays, and the next that is more than 30 m away: places
are not chained into one. What is left out stays on as a spare host (`siting.candidates.spares`).
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from geo.crs import geodesic_m
from siting.candidates.defaults import host_defaults
from siting.candidates.drafts import ORIGINS, Drafts, places_of
from siting.candidates.nearness import pairs_within
from siting.candidates.settings import Settings

Reason = Literal["near", "name", "host"]
_STATION_WORDS = ("户外劳动者暖心驿站", "暖心驿站", "工会驿站", "驿站")


@dataclass(frozen=True)
class Dropped:
    """A proposal that is the same place as another.

    Attributes
    ----------
    id, name
        Of it.
    kept, kept_name
        Of the station, candidate or proposal that stays.
    reason
        `host`: the same host; `near`: so near each other; `name`: of one name and kind.
    apart_m
        Metres between them, in a straight line.
    """

    id: str
    name: str
    kept: str
    kept_name: str
    reason: Reason
    apart_m: float


def distinct(
    drafts: Drafts, known: Iterable[pd.DataFrame], settings: Settings
) -> tuple[Drafts, tuple[Dropped, ...]]:
    """Return the proposals that are places of their own, in their order, and the others.

    Parameters
    ----------
    known
        Tables of stations and candidates that are held already; they always stay.
    """
    held = pd.concat([_told(frame) for frame in known], ignore_index=True)
    every = pd.concat([held, _told(drafts.frame)], ignore_index=True)
    first = len(held)
    order = [*range(first), *(first + row for row in _by_worth(drafts))]
    rank = np.empty(len(every), dtype=np.int64)
    rank[order] = np.arange(len(every))
    likes = _likes(every, settings)
    kept = np.zeros(len(every), dtype=bool)
    dropped: dict[int, Dropped] = {}
    for row in order:
        found = [like for like in likes.get(row, ()) if kept[like.other]]
        if row < first or not found:
            kept[row] = True
            continue
        best = min(found, key=lambda like: (_REASONS[like.reason], like.metres, rank[like.other]))
        dropped[row] = _dropped(every, row, best)
    told = tuple(dropped[row] for row in sorted(dropped))
    return drafts.take(kept[first:]), told


@dataclass(frozen=True)
class _Like:
    other: int
    reason: Reason
    metres: float


_REASONS: dict[Reason, int] = {"host": 0, "near": 1, "name": 2}


def plain_name(name: str) -> str:
    """Return a name without case, width, spaces and the words for a station at its end."""
    plain = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    bare = (plain.removesuffix(words) for words in _STATION_WORDS if plain.endswith(words))
    return plain if plain in _STATION_WORDS else next(bare, plain)


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[["id", "name", "lon", "lat", "host_type", "host"]]


def _by_worth(drafts: Drafts) -> list[int]:
    """Return the rows, the best first."""
    frame = drafts.frame
    keys = zip(
        (ORIGINS.index(origin) for origin in drafts.origins),
        (-host_defaults(host_type).reliability for host_type in frame["host_type"]),
        frame["name"] == "",
        frame["hours"] == "",
        frame["id"],
        strict=True,
    )
    return [row for row, _ in sorted(enumerate(keys), key=lambda item: item[1])]


def _likes(every: pd.DataFrame, settings: Settings) -> dict[int, list[_Like]]:
    """Return, for each row, the rows that are the same place, both ways."""
    likes: dict[int, list[_Like]] = {}
    places = places_of(every)
    names = [plain_name(name) for name in every["name"]]
    types, hosts = every["host_type"].tolist(), every["host"].tolist()
    reach_m = max(settings.near_m, settings.name_m)
    for one, other, metres in zip(*pairs_within(places, places, reach_m), strict=True):
        if one == other:
            continue
        reason: Reason | None = None
        if metres <= settings.near_m:
            reason = "near"
        elif metres <= settings.name_m and names[one] and names[one] == names[other]:
            alike = types[one] == types[other] or not (types[one] and types[other])
            reason = "name" if alike else None
        if reason is not None:
            likes.setdefault(int(one), []).append(_Like(int(other), reason, float(metres)))
    for one, other in _of_one_host(hosts):
        likes.setdefault(one, []).append(_Like(other, "host", 0.0))
    return likes


def _of_one_host(hosts: list[str]) -> Iterable[tuple[int, int]]:
    rows: dict[str, list[int]] = {}
    for row, host in enumerate(hosts):
        if host:
            rows.setdefault(host, []).append(row)
    return ((a, b) for group in rows.values() for a in group for b in group if a != b)


def _dropped(every: pd.DataFrame, row: int, like: _Like) -> Dropped:
    gone, stays = every.iloc[row], every.iloc[like.other]
    apart_m = geodesic_m(gone["lon"], gone["lat"], stays["lon"], stays["lat"])
    return Dropped(
        id=str(gone["id"]),
        name=str(gone["name"]),
        kept=str(stays["id"]),
        kept_name=str(stays["name"]),
        reason=like.reason,
        apart_m=round(float(apart_m), 1),
    )
