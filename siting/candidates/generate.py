"""The use case: candidates at hosts, gates, main streets and as containers, each place once."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from geo.errors import InputError
from geo.zones import Zones, fill_towns
from siting.candidates.defaults import host_defaults, lenders
from siting.candidates.drafts import ORIGINS, Collector, Drafts, Origin, joined, places_of
from siting.candidates.fronts import along_fronts
from siting.candidates.kinds import Recommendation, recommend
from siting.candidates.mobile import where_hard, where_scattered
from siting.candidates.nearness import Places
from siting.candidates.same import Dropped, distinct
from siting.candidates.settings import Settings, read_settings
from siting.candidates.sources import at_gates, at_hosts
from siting.candidates.surroundings import People, people_of
from siting.coverage import counting_stations
from siting.model import Inputs, Parameters
from words import Lang, count, distance, say

_OF_SOURCES: tuple[Origin, ...] = ("host", "gate")
"""Origins whose tables name the unit."""

Lack = Literal["hosts", "enterprises", "streets", "demand", "windows"]


@dataclass(frozen=True, eq=False)
class Generated:
    """Proposed candidates, each place once.

    Attributes
    ----------
    frame
        As the schema's `candidates`, `proposed`: kind, access, services and seats are those that
        are recommended; hours and address are what is known, blank where nothing is; so is the
        cost, whose default is its kind's.
    drafts
        Where each row comes from, and why.
    recommendations
        Per row.
    dropped
        Proposals that are the same place as another.
    found
        How many each origin gave before places were told apart.
    lacking
        Origins that gave nothing because data are missing: origin -> which.
    """

    frame: pd.DataFrame
    drafts: Drafts
    recommendations: tuple[Recommendation, ...]
    dropped: tuple[Dropped, ...]
    found: Mapping[Origin, int]
    lacking: Mapping[Origin, Lack]

    def why(self, row: int, lang: Lang) -> str:
        """Return why there is a candidate at all."""
        return why(self.drafts.origins[row], self.drafts.facts[row], lang)

    def as_dict(self) -> dict[str, Any]:
        """Return the keys of the command line's JSON."""
        kept = Counter(self.drafts.origins)
        return {
            "candidates": [self._row(row) for row in range(len(self.frame))],
            "by_origin": {
                origin: {"found": number, "kept": kept[origin]}
                for origin, number in self.found.items()
            },
            "by_kind": dict(Counter(item.kind for item in self.recommendations)),
            "lacking": dict(self.lacking),
            "dropped": [vars(item) for item in self.dropped],
        }

    def _row(self, row: int) -> dict[str, Any]:
        record = self.frame.iloc[row]
        item = self.recommendations[row]
        assumed = host_defaults(record["host_type"])
        return {
            **{name: record[name] for name in ("id", "name", "lon", "lat", "town", "host_type")},
            "origin": self.drafts.origins[row],
            "why_zh": self.why(row, "zh"),
            "why_en": self.why(row, "en"),
            "kind": item.kind,
            "kind_reason_zh": item.reason_zh,
            "kind_reason_en": item.reason_en,
            "cost_yuan": item.cost_yuan,
            "services": list(item.services),
            "seats": item.seats,
            "hours": record["hours"],
            "default_hours": "" if record["hours"] else assumed.hours,
            "reliability": assumed.reliability,
            "assumed": [
                *(["hours"] if not record["hours"] and assumed.hours else []),
                *("cost_yuan", "services", "seats", "reliability"),
            ],
        }


def generate(
    inputs: Inputs,
    parameters: Parameters,
    *,
    origins: Sequence[Origin] = ORIGINS,
    settings: Settings | None = None,
    zones: Zones | None = None,
    lang: Lang = "zh",
) -> Generated:
    """Return candidates for what the inputs hold.

    Hosts come first, then gates; then fronts where neither is near; then containers where nothing
    of all that is within reach. Stations and candidates that are held already stay and block.

    Parameters
    ----------
    origins
        Which to look for.
    settings
        None: data/reference/candidates.toml.
    zones
        Polygons of the units: where there are no hosts or firms whose unit is known, a candidate
        belongs to the one around it. None: to the unit of the nearest demand.
    lang
        Of the names that are made up.

    Raises
    ------
    InputError
        `candidates_origin`; or what the demand table raises.
    """
    for origin in origins:
        if origin not in ORIGINS:
            raise InputError("candidates_origin", given=origin, known="、".join(ORIGINS))
    work = _Work(inputs, parameters, settings or read_settings(), lang)
    for origin in ORIGINS:
        if origin in origins:
            work.look(origin)
    drafts, dropped = work.drafts(), tuple(work.dropped)
    if zones is not None:
        drafts = replace(drafts, frame=_in_units(drafts, zones))
    found = recommend(drafts.frame, work.people)
    return Generated(
        frame=_completed(drafts.frame, found),
        drafts=drafts,
        recommendations=found,
        dropped=dropped,
        found=work.found,
        lacking=work.lacking,
    )


def why(origin: Origin, facts: Mapping[str, object], lang: Lang) -> str:
    """Return why a candidate of an origin is proposed, with the figures that speak for it."""
    told = {
        name: count(value, lang) if isinstance(value, int) else value
        for name, value in facts.items()
    }
    if isinstance(facts.get("reach_m"), float):
        told["reach"] = distance(float(str(facts["reach_m"])), lang)
    key = f"candidates.why.{origin}"
    if origin == "front" and "workers" not in told:
        key = "candidates.why.front_alone"
    return say(key, lang, **told)


class _Work:
    """Takes origins one after another; each sees what those before it gave."""

    def __init__(
        self, inputs: Inputs, parameters: Parameters, settings: Settings, lang: Lang
    ) -> None:
        self.inputs, self.parameters = inputs, parameters
        self.settings, self.lang = settings, lang
        self.people: People | None = people_of(inputs, parameters)
        self.parts: list[Drafts] = []
        self.dropped: list[Dropped] = []
        self.found: dict[Origin, int] = {}
        self.lacking: dict[Origin, Lack] = {}

    def look(self, origin: Origin) -> None:
        lack = self._lack(origin)
        if lack is not None:
            self.lacking[origin] = lack
        ways: dict[Origin, Callable[[], Drafts]] = {
            "host": lambda: at_hosts(self.inputs.hosts),
            "gate": self._gates,
            "front": self._fronts,
            "hard": lambda: self._containers(where_hard),
            "scattered": lambda: self._containers(where_scattered),
        }
        fresh = ways[origin]() if lack is None else Collector(origin).drafts()
        self.found[origin] = len(fresh.origins)
        known = (self.inputs.stations, self.inputs.candidates, *(p.frame for p in self.parts))
        kept, dropped = distinct(fresh, known, self.settings)
        self.parts.append(kept)
        self.dropped += dropped

    def drafts(self) -> Drafts:
        return joined(self.parts) if self.parts else Collector("host").drafts()

    def _lack(self, origin: Origin) -> Lack | None:
        if origin == "host":
            return "hosts" if lenders(self.inputs.hosts).empty else None
        if origin == "gate":
            return "enterprises" if self.inputs.enterprises.empty else None
        if origin == "front":
            return "streets" if self.inputs.streets is None else None
        if self.people is None:
            return "demand"
        return "windows" if origin == "hard" and not self.people.has_hours else None

    def _gates(self) -> Drafts:
        inputs, cap_m = self.inputs, self.parameters.attach_cap_m
        stations = places_of(inputs.stations)
        return at_gates(inputs.enterprises, stations, inputs.streets, self.settings, cap_m)

    def _fronts(self) -> Drafts:
        net = self.inputs.streets
        if net is None:
            return Collector("front").drafts()
        hosts = lenders(self.inputs.hosts)
        taken = self._places(self.inputs.stations, self.inputs.candidates, hosts)
        return along_fronts(net, taken, self.people, self.settings, self.lang)

    def _containers(self, way: Callable[[People, Places, Settings, Lang], Drafts]) -> Drafts:
        if self.people is None:
            return Collector("hard").drafts()
        stations = self.inputs.stations[counting_stations(self.inputs.stations)]
        served = self._places(stations, self.inputs.candidates)
        return way(self.people, served, self.settings, self.lang)

    def _places(self, *frames: pd.DataFrame) -> Places:
        """Return the positions of tables and of what was found so far."""
        every = [places_of(frame) for frame in (*frames, *(part.frame for part in self.parts))]
        lon, lat = (np.concatenate(part) for part in zip(*every, strict=True))
        return lon, lat


def _in_units(drafts: Drafts, zones: Zones) -> pd.DataFrame:
    """Return the places with the units around them, but for those whose source names its unit."""
    named = np.isin(drafts.origins, _OF_SOURCES)
    return fill_towns(drafts.frame.assign(town=drafts.frame["town"].where(named, "")), zones)


def _completed(frame: pd.DataFrame, found: Sequence[Recommendation]) -> pd.DataFrame:
    return frame.assign(
        kind=pd.Series([item.kind for item in found], dtype="str"),
        access=pd.Series([";".join(item.access) for item in found], dtype="str"),
        services=pd.Series([";".join(item.services) for item in found], dtype="str"),
        seats=pd.Series([item.seats for item in found], dtype="Int64"),
    )
