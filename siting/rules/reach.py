"""Who and what is within reach of each candidate."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.catchments import Travel, travel
from geo.reference import read_list
from siting.coverage import Demand, counting_stations
from siting.coverage.levels import week_of
from siting.model import Inputs, Parameters
from siting.results import Unattached
from siting.rules.areas import AreaMap, classify
from siting.rules.book import RuleBook
from siting.rules.places import Ground, Places
from siting.sums import sum_by

Float64 = NDArray[np.float64]
_MM_PER_M = 1000


@dataclass(frozen=True, eq=False)
class Pairs:
    """Candidates and what they reach: one entry per pair, candidates ascending.

    Attributes
    ----------
    candidate, other
        int64[n]: indices of both.
    cost_mm
        int32[n]: walking distance.
    candidates
        Number of candidates.
    """

    candidate: NDArray[np.int64]
    other: NDArray[np.int32]
    cost_mm: NDArray[np.int32]
    candidates: int

    def sums(self, values: Float64, reach_m: float) -> Float64:
        """Return float64[candidates]: values of everything within `reach_m` (<=), summed."""
        near = self.cost_mm <= reach_m * _MM_PER_M
        return sum_by(self.candidate[near], values[self.other[near]], self.candidates)

    def greatest(self, values: Float64) -> NDArray[np.int64]:
        """Return int64[candidates]: the greatest in value, the nearest of equals; -1: none."""
        order = np.lexsort((self.other, self.cost_mm, -values[self.other], self.candidate))
        owners, first = np.unique(self.candidate[order], return_index=True)
        best = np.full(self.candidates, -1, dtype=np.int64)
        best[owners] = self.other[order][first]
        return best

    def nearest(self) -> tuple[NDArray[np.int64], Float64]:
        """Return what is nearest to each candidate, and the way, metres; -1 and NaN: nothing."""
        nearest = self.greatest(np.zeros(int(self.other.max(initial=-1)) + 1))
        metres = np.full(self.candidates, np.nan)
        order = np.argsort(-self.cost_mm, kind="stable")
        # The last written stays: the shortest.
        metres[self.candidate[order]] = self.cost_mm[order] / _MM_PER_M
        return nearest, metres

    def only(self, wanted: NDArray[np.bool_]) -> "Pairs":
        """Return the pairs whose `other` is wanted: one boolean per other."""
        kept = wanted[self.other]
        return Pairs(self.candidate[kept], self.other[kept], self.cost_mm[kept], self.candidates)


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What measures look at; c candidates, p demand points.

    Attributes
    ----------
    inputs, parameters, demand, book
        As given.
    walk
        Candidates and the demand points within the cut-off.
    uncovered
        float64[p]: average present workers without a station within the cut-off.
    areas
        Where the candidates lie.
    unattached
        Candidates that are not on the streets: id -> why.
    today
        The day on which consents are judged; None: none has run out.
    monday
        First day of the week in which opening hours are read.
    found
        What was searched for already, by what was asked; positions do not change.
    """

    inputs: Inputs
    parameters: Parameters
    demand: Demand
    book: RuleBook
    walk: Pairs
    uncovered: Float64
    areas: AreaMap
    unattached: Mapping[str, Unattached]
    today: date | None = None
    monday: date = field(default_factory=lambda: week_of("ordinary"))
    found: dict[tuple[object, ...], Any] = field(default_factory=dict)

    @property
    def candidates(self) -> pd.DataFrame:
        """The candidate table."""
        return self.inputs.candidates

    @property
    def workers(self) -> Float64:
        """float64[p]: average present workers."""
        return self.demand.point_hours / self.demand.hours_per_week

    @property
    def gained(self) -> Float64:
        """float64[c]: average present workers newly reached within the cut-off."""
        return self.walk.sums(self.uncovered, self.parameters.cutoff_m)

    def group_hours(self, codes: set[str]) -> Float64:
        """Return float64[p]: worker-hours per week (heads without windows) of some groups."""
        hours = np.where(self._of_groups(codes), self.demand.row_hours, 0.0)
        return self.demand.sum_points(hours)

    def window_hours(self, codes: set[str] | None = None) -> dict[str, Float64]:
        """Return window -> float64[p]: worker-hours per week of some groups, or of all."""
        row_window, windows = self._once("windows", lambda: pd.factorize(self._column("window")))
        hours = self.demand.row_hours
        if codes is not None:
            hours = np.where(self._of_groups(codes), hours, 0.0)
        cell = self.demand.row_point * len(windows) + row_window
        table = sum_by(cell, hours, self.demand.points * len(windows))
        table = table.reshape(self.demand.points, len(windows))
        return {str(code): table[:, place] for place, code in enumerate(windows)}

    def _of_groups(self, codes: set[str]) -> NDArray[np.bool_]:
        key = f"groups {sorted(codes)}"
        found: NDArray[np.bool_] = self._once(
            key, lambda: self._column("group").isin(codes).to_numpy()
        )
        return found

    def _column(self, name: str) -> pd.Series:
        column: pd.Series = self.inputs.demand[name]
        return column

    def _once(self, key: str, find: Callable[[], Any]) -> Any:  # noqa: ANN401 -- whatever it finds
        """Return what `find` finds, which rests on codes and positions alone."""
        if (key,) not in self.found:
            self.found[key,] = find()
        return self.found[key,]

    def reach_m(self, asked_m: float) -> float:
        """Return how far a look at demand goes: not beyond the cut-off."""
        return min(asked_m, self.parameters.cutoff_m)

    def pairs_to(self, layer: str, reach_m: float) -> Pairs:
        """Return candidates and the rows of a layer within `reach_m` of them on foot.

        Of stations only those that count are there.
        """
        key = (layer, reach_m)
        if key not in self.found:
            self.found[key] = self._pairs(layer, reach_m)
        known: Pairs = self.found[key]
        return known

    def _pairs(self, layer: str, reach_m: float) -> Pairs:
        table = getattr(self.inputs, layer)
        pairs = pairs_of(
            travel(
                self.inputs.streets,
                *positions(self.candidates),
                *positions(table),
                cutoff_m=reach_m,
                cap_m=self.parameters.attach_cap_m,
                alternatives_m=self.parameters.alternatives_m,
            )
        )
        return pairs.only(counting_stations(table)) if layer == "stations" else pairs

    def with_tables(
        self,
        *,
        candidates: pd.DataFrame | None = None,
        enterprises: pd.DataFrame | None = None,
        hosts: pd.DataFrame | None = None,
        needs: pd.DataFrame | None = None,
    ) -> "Surroundings":
        """Return the same with other columns in some tables; rows and positions stay."""
        now = self.inputs
        inputs = replace(
            now,
            candidates=now.candidates if candidates is None else candidates,
            enterprises=now.enterprises if enterprises is None else enterprises,
            hosts=now.hosts if hosts is None else hosts,
            needs=now.needs if needs is None else needs,
        )
        return replace(self, inputs=inputs)


def surroundings(
    inputs: Inputs,
    parameters: Parameters,
    demand: Demand,
    book: RuleBook,
    walk: Travel,
    covered: NDArray[np.bool_],
    unattached: Mapping[str, Unattached],
    *,
    today: date | None = None,
) -> Surroundings:
    """Return what measures look at.

    Parameters
    ----------
    walk
        From the candidates, in their order, to the points of `demand`.
    covered
        bool[p]: points that existing stations cover.
    unattached
        Candidates that are not on the streets: id -> why.
    today
        The day on which consents are judged; None: none has run out.
    """
    ground = Ground(inputs, demand, book)
    table = inputs.candidates
    places = Places(*positions(table), tuple(table["host_type"]))
    return Surroundings(
        inputs=inputs,
        parameters=parameters,
        demand=demand,
        book=book,
        walk=pairs_of(walk),
        uncovered=np.where(covered, 0.0, ground.workers),
        areas=classify(ground, places, inputs.area_zones),
        unattached=unattached,
        today=today,
    )


def demand_areas(inputs: Inputs, demand: Demand, book: RuleBook) -> AreaMap:
    """Return the areas of the demand points."""
    return areas_of(inputs, demand, book, demand.point_lon, demand.point_lat)


def areas_of(inputs: Inputs, demand: Demand, book: RuleBook, lon: Float64, lat: Float64) -> AreaMap:
    """Return the areas of places (WGS-84 degrees) that are no hosts."""
    places = Places(lon, lat, ("",) * len(lon))
    return classify(Ground(inputs, demand, book), places, inputs.area_zones)


def pairs_of(walk: Travel) -> Pairs:
    """Return the entries of a travel matrix as pairs."""
    sites = len(walk.indptr) - 1
    owners = np.repeat(np.arange(sites), np.diff(walk.indptr))
    return Pairs(owners, walk.demand, walk.cost_mm, sites)


def positions(table: pd.DataFrame) -> tuple[Float64, Float64]:
    """Return longitudes and latitudes, WGS-84 degrees."""
    return table["lon"].to_numpy(dtype=float), table["lat"].to_numpy(dtype=float)


def codes_where(list_name: str, flag: str) -> set[str]:
    """Return the codes of a reference list whose `flag` is true."""
    return {code for code, entry in read_list(f"reference/{list_name}").items() if entry[flag]}
