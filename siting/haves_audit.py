"""The seven haves 七有: coverage with the stations that fail them, and without.

They bind the kinds that data/reference/kinds.toml says; a station without a kind is bound. Of each
item the latest check that says anything counts; an item that nobody checked is not a fact.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from geo.reference import read_list
from siting.coverage import counting_stations
from siting.coverage.effective import LevelRow
from siting.service import Service

Standing = Literal["free", "passes", "fails", "unverified"]


@dataclass(frozen=True)
class StationHaves:
    """One station that counts and its haves.

    Attributes
    ----------
    standing
        `free`: its kind is not bound; `passes`: all seven are met; `fails`: one is not;
        `unverified`: none is known to fail, and some were never checked.
    missing, unchecked
        Codes of the haves that are not met, and of those nobody checked, in their order.
    """

    station: str
    standing: Standing
    missing: tuple[str, ...]
    unchecked: tuple[str, ...]


@dataclass(frozen=True)
class HavesAudit:
    """Effective coverage with all stations, without those that fail, with sure ones alone.

    Attributes
    ----------
    stations
        Those that count, in the order of the table.
    every, without_failing, without_doubtful
        All workers by level; `without_doubtful` leaves the unverified out as well. Kinds that are
        not bound stay in all three.
    """

    stations: tuple[StationHaves, ...]
    every: LevelRow
    without_failing: LevelRow
    without_doubtful: LevelRow

    def of(self, standing: Standing) -> tuple[StationHaves, ...]:
        """Return the stations of one standing."""
        return tuple(item for item in self.stations if item.standing == standing)

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        standings: tuple[Standing, ...] = ("free", "passes", "fails", "unverified")
        return {
            "stations": {name: len(self.of(name)) for name in standings},
            "failing": [
                {"id": item.station, "missing": list(item.missing)} for item in self.of("fails")
            ],
            "unverified": [
                {"id": item.station, "unchecked": list(item.unchecked)}
                for item in self.of("unverified")
            ],
            "all": self.every.figures(),
            "without_failing": self.without_failing.figures(),
            "without_doubtful": self.without_doubtful.figures(),
        }


def bound_kinds() -> frozenset[str]:
    """Return the kinds that the seven haves bind as long as a district says nothing else."""
    kinds = read_list("reference/kinds").items()
    return frozenset(code for code, entry in kinds if entry["seven_haves"])


def haves_audit(
    service: Service, haves: pd.DataFrame, bound: Collection[str] | None = None
) -> HavesAudit:
    """Return the audit.

    Parameters
    ----------
    haves
        The table `haves`: one row per station, item and day.
    bound
        Codes of the kinds that the seven haves bind; None: as data/reference/kinds.toml says. A
        kind that the file does not know is bound.
    """
    stations = service.inputs.stations
    places = np.flatnonzero(service.counting)
    found = station_haves(stations, haves, bound)
    fails, doubtful = np.zeros((2, len(stations)), dtype=bool)
    for row, item in zip(places.tolist(), found, strict=True):
        fails[row] = item.standing == "fails"
        doubtful[row] = item.standing in ("fails", "unverified")
    return HavesAudit(
        stations=found,
        every=service.effective.total,
        without_failing=service.without(fails).total,
        without_doubtful=service.without(doubtful).total,
    )


def station_haves(
    stations: pd.DataFrame, haves: pd.DataFrame, bound: Collection[str] | None = None
) -> tuple[StationHaves, ...]:
    """Return the stations that count with their haves, in the order of the table.

    `haves` and `bound` are those of `haves_audit`.
    """
    free = frozenset(read_list("reference/kinds")) - frozenset(
        bound_kinds() if bound is None else bound
    )
    latest = _latest(haves)
    counting = stations[counting_stations(stations)]
    return tuple(
        _station(str(identity), latest, free=kind in free)
        for identity, kind in zip(counting["id"], counting["kind"], strict=True)
    )


def _latest(haves: pd.DataFrame) -> Mapping[tuple[str, str], bool]:
    """Return (station, item) -> what the latest check that says anything says."""
    said = haves[haves["met"].notna()].sort_values("date", kind="stable")
    rows = zip(said["station"], said["item"], said["met"], strict=True)
    return {(str(station), str(item)): bool(met) for station, item, met in rows}


def _station(station: str, latest: Mapping[tuple[str, str], bool], *, free: bool) -> StationHaves:
    if free:
        return StationHaves(station, "free", (), ())
    answers = {item: latest.get((station, item)) for item in read_list("reference/haves")}
    missing = tuple(item for item, met in answers.items() if met is False)
    unchecked = tuple(item for item, met in answers.items() if met is None)
    standing: Standing = "fails" if missing else "unverified" if unchecked else "passes"
    return StationHaves(station, standing, missing, unchecked)
