"""What if the host declines: other hosts nearby that could stand in, ranked.

A spare host is a host, or another candidate whose host is known, within reach on foot; a kind of
host that usually lets in fewer groups than the station's is none. It is worth the workers that it
would keep (those whom the station would newly serve and who reach the spare too, within the same
cut-off) times how reliable such a host is; the nearer comes first of two that are worth the same.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from geo.catchments import Travel, travel
from geo.reference import read_list
from siting.candidates.defaults import host_defaults, lenders
from siting.candidates.drafts import places_of
from siting.candidates.nearness import pairs_within
from siting.candidates.same import plain_name
from siting.candidates.settings import read_settings
from siting.candidates.surroundings import People, people_of
from siting.coverage import counting_stations
from siting.model import Inputs, Parameters
from words import Lang, distance, percent, say

Float64 = NDArray[np.float64]
DEFAULT_WITHIN_M = 300.0
MOST_SPARES = 5
_OUT = ("rejected", "closed")
_HERE_MM = 1000
"""A host so near (<=) of the same name is the station's own, whatever its number."""


@dataclass(frozen=True)
class Spare:
    """One host that could stand in.

    Attributes
    ----------
    id, name, host_type
        Of the host or candidate.
    walk_m
        On foot from the proposed station (x 1.35 in a straight line without streets).
    workers_kept
        Average present workers whom the station newly serves and the spare would too.
    kept_share
        The same as a share (0..1) of what the station newly serves; None: it serves nobody new.
    reliability
        0..1, of its kind: an assumption.
    consent
        What the register knows of it; "".
    """

    id: str
    name: str
    host_type: str
    walk_m: float
    workers_kept: float
    kept_share: float | None
    reliability: float
    consent: str

    def sentence(self, lang: Lang) -> str:
        """Return who it is, how far away, whom it would keep and how reliable it is."""
        hosts = read_list("reference/host_types")
        facts = {
            "name": self.name or hosts.get(self.host_type, {}).get(lang, self.id),
            "walk": distance(round(self.walk_m), lang),
            "kept": "" if self.kept_share is None else percent(self.kept_share, digits=0),
            "reliability": percent(self.reliability, digits=0),
        }
        key = "candidates.spare" if self.kept_share is not None else "candidates.spare_alone"
        return say(key, lang, **facts)

    def as_dict(self) -> dict[str, object]:
        """Return the keys of the command line's JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "host_type": self.host_type,
            "walk_m": self.walk_m,
            "workers_kept": self.workers_kept,
            "kept_share": self.kept_share,
            "reliability": self.reliability,
            "consent": self.consent,
        }


def spares_line(spares: Sequence[Spare], lang: Lang) -> str:
    """Return the sentence about the spare hosts of one station; of none, that there is none."""
    if not spares:
        return say("candidates.no_spare", lang)
    between = say("candidates.joint", lang)
    listed = between.join(spare.sentence(lang) for spare in spares)
    return say("candidates.spares", lang, spares=listed)


def spare_hosts(
    inputs: Inputs,
    parameters: Parameters,
    proposed: Sequence[str],
    *,
    together: bool = True,
    within_m: float = DEFAULT_WITHIN_M,
    most: int = MOST_SPARES,
) -> dict[str, tuple[Spare, ...]]:
    """Return the spare hosts of proposed candidates, the best first.

    Parameters
    ----------
    proposed
        Ids of candidates.
    together
        They are one plan: what another of them serves is not newly served. Else each is alone.
    within_m
        Metres on foot, inclusive.
    most
        At most so many of each.

    Raises
    ------
    KeyError
        There is no such candidate.
    """
    table = inputs.candidates.set_index("id", drop=False)
    sites = table.loc[list(proposed)]
    spares = _standing_in(inputs, proposed)
    near = _walk(inputs, parameters, sites, places_of(spares), within_m)
    # Only hosts that are near anything are worth a search of their own.
    used = np.unique(near.demand)
    numbers = np.searchsorted(used, near.demand)
    spares = spares.iloc[used].reset_index(drop=True)
    kept = _Kept(inputs, parameters, sites, spares, together=together)
    found: dict[str, tuple[Spare, ...]] = {}
    for place, record in enumerate(sites.to_dict("records")):
        part = slice(near.indptr[place], near.indptr[place + 1])
        options = [
            kept.spare(place, int(other), int(mm))
            for other, mm in zip(numbers[part], near.cost_mm[part], strict=True)
            if _can_stand_in(record, spares.iloc[int(other)], int(mm))
        ]
        options.sort(key=lambda s: (-s.workers_kept * s.reliability, s.walk_m, s.id))
        found[str(record["id"])] = tuple(options[:most])
    return found


def _standing_in(inputs: Inputs, proposed: Sequence[str]) -> pd.DataFrame:
    """Return the candidates that are not proposed, and the hosts that nothing stands for."""
    candidates = inputs.candidates
    free = candidates[
        ~candidates["id"].isin(proposed)
        & ~candidates["state"].isin(_OUT)
        & (candidates["host_type"] != "")
        & (candidates["consent"] != "declined")
    ]
    hosts = lenders(inputs.hosts[inputs.hosts["consent"] != "declined"])
    hosts = hosts.assign(host=hosts["id"]).reset_index(drop=True)
    columns = ["id", "name", "lon", "lat", "host_type", "host", "consent"]
    records = pd.concat([inputs.stations[columns], candidates[columns]], ignore_index=True)
    parts = (free[columns], hosts.loc[~_stood_for(hosts, records), columns])
    return pd.concat(parts, ignore_index=True)


def _stood_for(hosts: pd.DataFrame, records: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which hosts a station or candidate stands for already: by number, or by name.

    Two records of one place need not have one position: the same name so near is the same place.
    """
    out = hosts["id"].isin(records["host"]).to_numpy(dtype=bool, copy=True)
    names = [[plain_name(name) for name in table["name"]] for table in (hosts, records)]
    near = pairs_within(places_of(hosts), places_of(records), read_settings().name_m)
    for host, record in zip(near[0].tolist(), near[1].tolist(), strict=True):
        out[host] |= bool(names[0][host]) and names[0][host] == names[1][record]
    return out


def _can_stand_in(station: Mapping[Hashable, object], spare: pd.Series, cost_mm: int) -> bool:
    """Tell whether a spare is somebody else, and usually lets in whom the station's host does."""
    if station["host"] and station["host"] == spare["host"]:
        return False
    same = plain_name(str(station["name"])) == plain_name(str(spare["name"]))
    if same and cost_mm <= _HERE_MM:
        return False
    lets_in = set(host_defaults(str(spare["host_type"])).access)
    wanted = set(host_defaults(str(station["host_type"])).access) or {"public"}
    return "public" in lets_in or wanted <= lets_in


def _walk(
    inputs: Inputs,
    parameters: Parameters,
    sites: pd.DataFrame,
    others: tuple[Float64, Float64],
    cutoff_m: float,
) -> Travel:
    return travel(
        inputs.streets,
        *places_of(sites),
        *others,
        cutoff_m=cutoff_m,
        cap_m=parameters.attach_cap_m,
        alternatives_m=parameters.alternatives_m,
    )


class _Kept:
    """Who would still be served from a spare."""

    def __init__(
        self,
        inputs: Inputs,
        parameters: Parameters,
        sites: pd.DataFrame,
        spares: pd.DataFrame,
        *,
        together: bool,
    ) -> None:
        self._spares = spares
        self._people: People | None = people_of(inputs, parameters)
        if self._people is None:
            return
        reach_m = parameters.cutoff_m
        demand = self._people.demand
        self._workers = demand.point_hours / demand.hours_per_week
        stations = inputs.stations[counting_stations(inputs.stations)]
        served = self._people.reach(places_of(stations), reach_m)
        self._existing = np.asarray(served.sum(axis=0), dtype=np.float64)
        self._sites = self._people.reach(places_of(sites), reach_m)
        self._from_spares = self._people.reach(places_of(spares), reach_m)
        self._all = np.asarray(self._sites.sum(axis=0), dtype=np.float64) if together else None

    def spare(self, place: int, other: int, cost_mm: int) -> Spare:
        """Return what one spare is to one station."""
        row = self._spares.iloc[other]
        kept, share = self._kept(place, other)
        return Spare(
            id=str(row["id"]),
            name=str(row["name"]),
            host_type=str(row["host_type"]),
            walk_m=round(cost_mm / 1000, 1),
            workers_kept=kept,
            kept_share=share,
            reliability=host_defaults(str(row["host_type"])).reliability,
            consent=str(row["consent"]),
        )

    def _kept(self, place: int, other: int) -> tuple[float, float | None]:
        if self._people is None:
            return 0.0, None
        own = _row(self._sites, place)
        mine = np.zeros(len(self._workers), dtype=bool)
        mine[own] = self._existing[own] == 0
        if self._all is not None:
            mine[own] &= self._all[own] == 1  # no other of the plan serves them
        new = float(self._workers[mine].sum())
        if new <= 0:
            return 0.0, None
        theirs = _row(self._from_spares, other)
        kept = float(self._workers[theirs][mine[theirs]].sum())
        return kept, kept / new


def _row(matrix: "sparse.csr_array[np.float64]", number: int) -> NDArray[np.int64]:
    """Return the columns of one row of a sparse matrix."""
    part = matrix.indices[matrix.indptr[number] : matrix.indptr[number + 1]]
    return np.asarray(part, dtype=np.int64)
