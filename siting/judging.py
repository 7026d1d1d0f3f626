"""Several standards at once: nominal and effective coverage under each, who passes, who disagrees.

The stations, the demand and the terms are the same for all standards; only reach differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.catchments import STRAIGHT_LINE_FACTOR, Travel, travel
from geo.streets import Network
from siting.coverage import counting_stations, read_demand, workers_per_km2
from siting.coverage.cells import Cells, hours_by_cell, read_cells
from siting.coverage.effective import EffectiveCoverage, LevelRow, effective_coverage
from siting.coverage.levels import Level, Levels, Terms, read_supply
from siting.coverage.points import Demand, Float64
from siting.coverage.weighted import weighted
from siting.filters import own_grounds_m
from siting.model import Inputs, Parameters
from siting.results import plain
from siting.standards import Standard, standard
from siting.weather import MILD
from siting.within import Ways, asks_for, group_rules, reach_within

Verdict = Literal["pass", "unverified", "fail", "nobody"]
Rides = Literal["network", "estimated"]
_ROUNDING = 1e-9
_DENSITIES: dict[float, tuple[Demand, Float64]] = {}
"""Per radius: the demand that was asked for last, and the answer. Stations do not change it."""

TOLD_POINTS = 20
"""How many points of a disagreement the command line tells."""


@dataclass(frozen=True, eq=False)
class Judged:
    """What one standard says.

    Attributes
    ----------
    coverage
        Levels under this standard, in the weather of the terms.
    nominal
        Levels in no weather; `OUT_OF_REACH` is nominally uncovered. Heat and cold change nothing
        in it: only who is out of reach and who is not is read from it.
    rides
        Whether rides are along a riding network, or estimated along walking streets at the pace of
        the standard; None: it has no rides.
    """

    standard: Standard
    coverage: EffectiveCoverage
    nominal: EffectiveCoverage
    rides: Rides | None

    def verdict(self, row: LevelRow) -> Verdict:
        """Tell whether the effectively covered share reaches what the standard asks (>=).

        `unverified`: only if blank records turn out well. `nobody`: no workers, nothing to judge.
        """
        return self._verdict(row.verified, row.verified + row.unverified, row.workers)

    def nominal_verdict(self, row: LevelRow) -> Verdict:
        """Tell the same of distance alone; `row` is one of `nominal`."""
        return self._verdict(row.nominal, row.nominal, row.workers)

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        norm, total = self.standard, self.coverage.total
        return {
            "name": norm.name,
            "zh": norm.zh,
            "en": norm.en,
            "source": norm.source,
            "assumed": list(norm.assumed),
            "least_stations": norm.least_stations,
            "pass_share": norm.pass_share,
            "rides": self.rides,
            **self._row(total, self.nominal.total),
            "causes": total.figures()["causes"],
            "towns": [
                {"town": row.name, **self._row(row, plain_row)}
                for row, plain_row in zip(self.coverage.towns, self.nominal.towns, strict=True)
            ],
        }

    def _row(self, row: LevelRow, nominal: LevelRow) -> dict[str, object]:
        return {
            "workers": plain(row.workers),
            "nominal_coverage": nominal.nominal_coverage,
            "coverage": row.coverage,
            "unverified": plain(row.unverified),
            "nominal_verdict": self.nominal_verdict(nominal),
            "verdict": self.verdict(row),
        }

    def _verdict(self, sure: float, hoped: float, workers: float) -> Verdict:
        if workers <= 0:
            return "nobody"
        asked = self.standard.pass_share * workers - _ROUNDING * workers
        if sure >= asked:
            return "pass"
        return "unverified" if hoped >= asked else "fail"


@dataclass(frozen=True, eq=False)
class Disagreement:
    """Where two standards do not say the same of somebody, by distance alone.

    Attributes
    ----------
    first, second
        Names of the standards.
    only_first, only_second
        float64[p]: average present workers of each demand point whom only this one calls covered.
    verified_only_first, verified_only_second
        Average present workers whom only this one calls effectively covered, in all.
    """

    first: str
    second: str
    only_first: Float64
    only_second: Float64
    verified_only_first: float
    verified_only_second: float


@dataclass(frozen=True, eq=False)
class Judgement:
    """What several standards say of the same stations and demand.

    Attributes
    ----------
    demand
        In no weather: what nominal coverage counts.
    cells
        The groups and windows, and their days.
    hours
        float64[p, c]: worker-hours per week, as `hours_by_cell` has them, in no weather.
    weighted, weighted_hours
        The same in the weather of the terms.
    """

    demand: Demand
    cells: Cells
    hours: Float64
    weighted: Demand
    weighted_hours: Float64
    judged: tuple[Judged, ...]

    def disagreements(self) -> tuple[Disagreement, ...]:
        """Return every pair of standards, in their order, also those that agree."""
        return tuple(self._between(*pair) for pair in combinations(self.judged, 2))

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "standards": [item.as_dict() for item in self.judged],
            "disagreements": [self._told(item) for item in self.disagreements()],
        }

    def _between(self, one: Judged, other: Judged) -> Disagreement:
        first, second = one.nominal.level, other.nominal.level
        out = Level.OUT_OF_REACH
        served, also = (item.coverage.level == Level.VERIFIED for item in (one, other))
        return Disagreement(
            first=one.standard.name,
            second=other.standard.name,
            only_first=self.workers((first > out) & (second == out)),
            only_second=self.workers((second > out) & (first == out)),
            verified_only_first=self._verified(served & ~also),
            verified_only_second=self._verified(also & ~served),
        )

    def _verified(self, chosen: NDArray[np.bool_]) -> float:
        return self.weighted.present(float(self.weighted_hours[chosen].sum()))

    def workers(self, chosen: NDArray[np.bool_]) -> Float64:
        """Return float64[p]: average present workers of some points and cells, bool[p, c].

        As nominal coverage counts them, in no weather.
        """
        found: Float64 = np.where(chosen, self.hours, 0.0).sum(axis=1) / self.demand.hours_per_week
        return found

    def _told(self, item: Disagreement) -> dict[str, object]:
        apart = item.only_first + item.only_second
        most = np.argsort(-apart, kind="stable")[:TOLD_POINTS]
        return {
            "first": item.first,
            "second": item.second,
            "workers_only_first": plain(item.only_first.sum()),
            "workers_only_second": plain(item.only_second.sum()),
            "verified_only_first": plain(item.verified_only_first),
            "verified_only_second": plain(item.verified_only_second),
            "points": int((apart > 0).sum()),
            "most": [
                {
                    "id": self.demand.point_id[point],
                    "lon": float(self.demand.point_lon[point]),
                    "lat": float(self.demand.point_lat[point]),
                    "only_first": plain(item.only_first[point]),
                    "only_second": plain(item.only_second[point]),
                }
                for point in most.tolist()
                if apart[point] > 0
            ],
        }


def judge(
    inputs: Inputs,
    parameters: Parameters,
    names: Sequence[str],
    terms: Terms | None = None,
    *,
    ride: Network | None = None,
) -> Judgement:
    """Return what the standards `names` say of the stations that count, in their order.

    Parameters
    ----------
    parameters
        Which windows and groups count, and how points come to streets; not its cut-off.
    terms
        As for effective coverage; weather shortens every limit alike, nominal coverage stays.
    ride
        Streets of the profile `ebike`; None: rides are estimated along the walking streets.

    Raises
    ------
    InputError
        An unknown standard, or tables that cannot be used; the sentence says which.
    """
    norms = tuple(standard(name) for name in dict.fromkeys(names))
    return judge_norms(inputs, parameters, norms, terms, ride=ride)


def judge_norms(
    inputs: Inputs,
    parameters: Parameters,
    norms: tuple[Standard, ...],
    terms: Terms | None = None,
    *,
    ride: Network | None = None,
) -> Judgement:
    """Return the same of standards that need not be files.

    Raises
    ------
    InputError
        Tables that cannot be used; the sentence says which.
    """
    terms = terms or Terms()
    cells = read_cells(inputs.demand, terms.monday, inputs.stations["hours"])
    demand = read_demand(inputs.demand, parameters)
    heavy = weighted(demand, cells, parameters, terms.weather)
    ways = _ways(inputs, parameters, norms, demand, ride)
    return judge_ways(inputs, norms, (demand, cells), ways, terms, heavy=heavy)


def judge_ways(
    inputs: Inputs,
    norms: tuple[Standard, ...],
    workers: tuple[Demand, Cells],
    ways: Ways,
    terms: Terms,
    *,
    heavy: Demand | None = None,
) -> Judgement:
    """Return the same from travel matrices, which must go as far as the standards ask.

    Parameters
    ----------
    heavy
        The demand as the weather of the terms weighs it; None: it does not.
    """
    demand, cells = workers
    heavy = demand if heavy is None else heavy
    hours = hours_by_cell(demand, cells)
    heavy_hours = hours if heavy is demand else hours_by_cell(heavy, cells)
    level, mild = read_supply(inputs.stations, cells, terms).level, replace(terms, weather=MILD)
    counting = counting_stations(inputs.stations)
    densities = {
        radius: _density(inputs.demand, radius)
        for radius in {norm.density_radius_m for norm in norms if norm.by_density}
    }
    nothing = np.zeros(demand.points)
    judged = []
    for norm in norms:
        density = densities[norm.density_radius_m] if norm.by_density else nothing
        best = _best(norm, (level, counting), cells, ways, density, terms)
        found = nominal = effective_coverage(heavy, cells, heavy_hours, best, terms)
        if terms != mild:
            best = _best(norm, (level, counting), cells, ways, density, mild)
            nominal = effective_coverage(demand, cells, hours, best, mild)
        judged.append(Judged(norm, found, nominal, _rides(norm, ways)))
    return Judgement(demand, cells, hours, heavy, heavy_hours, tuple(judged))


def _best(
    norm: Standard,
    stations: tuple[Levels, NDArray[np.bool_]],
    cells: Cells,
    ways: Ways,
    density: Float64,
    terms: Terms,
) -> Levels:
    """Return uint8[p, c]: the level to which enough stations within the standard get."""
    level, counting = stations
    best = np.zeros((ways.walk.points, cells.size), dtype=np.uint8)
    for rules, groups in group_rules(norm, cells.groups).items():
        reach = reach_within(
            rules, ways, counting, density, own_grounds_m(), terms.weather.reach_share
        )
        of_groups = cells.of_groups(groups)
        best[:, of_groups] = reach.best(level[:, :, of_groups], norm.least_stations)
    return best


def _ways(
    inputs: Inputs,
    parameters: Parameters,
    norms: tuple[Standard, ...],
    demand: Demand,
    ride: Network | None,
) -> Ways:
    """Return the matrices as far as any of the standards asks."""
    ends = [inputs.stations[name].to_numpy(dtype=float) for name in ("lon", "lat")]
    ends += [demand.point_lon, demand.point_lat]
    cap_m, more_m = parameters.attach_cap_m, parameters.alternatives_m
    rides_m = asks_for(norms, "ebike") if ride is None else 0.0
    walk_m = max(asks_for(norms, "walk"), rides_m, own_grounds_m())
    circle_m = asks_for(norms, "circle") * STRAIGHT_LINE_FACTOR
    seconds = max((norm.farthest_s() for norm in norms), default=0.0)
    by_ride: Travel | None = None
    if ride is not None and seconds:
        by_ride = travel(ride, *ends, cutoff_s=seconds, cap_m=cap_m, alternatives_m=more_m)
    return Ways(
        walk=travel(inputs.streets, *ends, cutoff_m=walk_m, cap_m=cap_m, alternatives_m=more_m),
        circle=travel(None, *ends, cutoff_m=circle_m) if circle_m else None,
        ride=by_ride,
    )


def _density(table: pd.DataFrame, radius_m: float) -> Float64:
    """Return float64[p]: average present workers per km2, all groups and windows together."""
    everybody = read_demand(table, Parameters())
    known = _DENSITIES.get(radius_m)
    if known is None or not _alike(known[0], everybody):
        workers = everybody.point_hours / everybody.hours_per_week
        lon, lat = everybody.point_lon, everybody.point_lat
        known = (everybody, workers_per_km2(lon, lat, everybody, workers, radius_m))
        _DENSITIES[radius_m] = known
    return known[1]


def _alike(one: Demand, other: Demand) -> bool:
    return one.hours_per_week == other.hours_per_week and all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("point_lon", "point_lat", "point_hours")
    )


def _rides(norm: Standard, ways: Ways) -> Rides | None:
    if not norm.farthest_s():
        return None
    return "estimated" if ways.ride is None else "network"
