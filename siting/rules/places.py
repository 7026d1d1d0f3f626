"""Figures of any place, as the crow flies: what tells in which area it lies.

Counts are of what is known: 0 where a table is empty. Other figures are NaN where the data for them
are not there: a test on them then does not hold.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.crs import LocalFrame
from geo.reference import read_list
from geo.streets import Network
from siting.circles import Circle, circle
from siting.coverage import Demand, workers_per_km2
from siting.model import Inputs
from siting.rules.book import RuleBook, Test

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]
SAMPLE_M = 10.0
"""Main streets are looked at in steps at most this long."""

_SPOT_DIGITS = 4
# Degrees: about ten metres are one place.

LOOK_M = 20_000.0
"""A crowd or a main street farther away than this is not looked for, metres."""


@dataclass(frozen=True, eq=False)
class Places:
    """Places whose area is asked; n of them.

    Attributes
    ----------
    lon, lat
        float64[n], WGS-84 degrees.
    host_type
        What stands there itself; "" where nothing is known, and at demand points.
    """

    lon: Float64
    lat: Float64
    host_type: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of places."""
        return len(self.lon)


@dataclass(frozen=True, eq=False)
class Ground:
    """What figures of places rest on."""

    inputs: Inputs
    demand: Demand
    book: RuleBook

    @property
    def workers(self) -> Float64:
        """float64[p]: average present workers of each demand point."""
        return self.demand.point_hours / self.demand.hours_per_week

    def group_hours(self, codes: set[str]) -> Float64:
        """Return float64[p]: worker-hours per week (heads without windows) of some groups."""
        of_group = self.inputs.demand["group"].isin(codes).to_numpy()
        return self.demand.sum_points(np.where(of_group, self.demand.row_hours, 0.0))

    @cached_property
    def main_street(self) -> tuple[Float64, Float64, Float64]:
        """Middles of equal parts of main streets: lon, lat, and the metres that each stands for."""
        net, rule = self.inputs.streets, self.book.rule("central_urban")
        if net is None or rule is None:
            return np.empty(0), np.empty(0), np.empty(0)
        return _parts(net, rule.street_classes)

    def around(self, places: Places, lon: Float64, lat: Float64, radius_m: float) -> Circle:
        """Return what of some positions lies within `radius_m` (<=) of the places."""
        return circle(places.lon, places.lat, lon, lat, radius_m)


Figure = tuple[Float64, tuple[str, ...]]
"""float64[n] and what each belongs to, "" where there is nothing to name."""


def enterprise_workers(ground: Ground, places: Places, test: Test) -> Figure:
    """Return head counts of enterprises around, summed, and the largest of them."""
    table = ground.inputs.enterprises
    heads = table["workers"].to_numpy(dtype=float, na_value=0.0)
    near = ground.around(places, *_positions(table), test.radius_m)
    return near.sums(heads), _names(table, near.greatest(heads)[1])


def enterprises(ground: Ground, places: Places, test: Test) -> Figure:
    """Return how many enterprises are around."""
    table = ground.inputs.enterprises
    near = ground.around(places, *_positions(table), test.radius_m)
    return near.sums(np.ones(len(table))), _unnamed(places)


def enterprise_group_workers(ground: Ground, places: Places, test: Test) -> Figure:
    """Return average present workers of the group `enterprise` around."""
    return _of_demand(ground, places, test, {"enterprise"})


def group_workers(ground: Ground, places: Places, test: Test) -> Figure:
    """Return average present workers of the test's groups around."""
    return _of_demand(ground, places, test, set(test.groups))


def main_street_m(ground: Ground, places: Places, test: Test) -> Figure:
    """Return metres of main street around, every carriageway."""
    lon, lat, metres = ground.main_street
    if not len(lon):
        return _nothing(places)
    return ground.around(places, lon, lat, test.radius_m).sums(metres), _unnamed(places)


def main_street_distance_m(ground: Ground, places: Places, test: Test) -> Figure:
    """Return metres to the nearest main street, to half of `SAMPLE_M`; NaN beyond the radius."""
    lon, lat, _ = ground.main_street
    near = ground.around(places, lon, lat, test.radius_m)
    return near.nearest(), _unnamed(places)


def front_hosts(ground: Ground, places: Places, test: Test) -> Figure:
    """Return how many hosts of street-front kinds around are within `front_m` of a main street.

    Hosts, and what stations and candidates are hosted by; at one place they are one.
    """
    rule = ground.book.rule("central_urban")
    lon, lat, _ = ground.main_street
    at = _street_front(ground.inputs)
    if rule is None:
        return _nothing(places)
    beside = np.isfinite(circle(*at, lon, lat, max(rule.front_m, SAMPLE_M)).nearest())
    near = ground.around(places, *at, test.radius_m)
    return near.sums(beside.astype(np.float64)), _unnamed(places)


def hosts(ground: Ground, places: Places, test: Test) -> Figure:
    """Return how many hosts of the test's types are around, and the nearest of them."""
    table = ground.inputs.hosts
    table = table.loc[table["host_type"].isin(test.host_types)]
    near = ground.around(places, *_positions(table), test.radius_m)
    _, best = near.greatest(np.ones(len(table)))
    return near.sums(np.ones(len(table))), _names(table, best)


def venue_visits(ground: Ground, places: Places, test: Test) -> Figure:
    """Return visits per day of the busiest of the test's hosts around."""
    table = ground.inputs.hosts
    visits = table["visits_per_day"].to_numpy(dtype=float)
    counted = table["host_type"].isin(test.host_types).to_numpy() & np.isfinite(visits)
    if not counted.any():
        return _nothing(places)
    table, visits = table.loc[counted], visits[counted]
    near = ground.around(places, *_positions(table), test.radius_m)
    figures, best = near.greatest(visits)
    return figures, _names(table, best)


def own_host(_ground: Ground, places: Places, test: Test) -> Figure:
    """Return 1 where one of the test's host types stands there itself, else 0."""
    own = [float(host in test.host_types) for host in places.host_type]
    return np.array(own), _unnamed(places)


def density(ground: Ground, places: Places, test: Test) -> Figure:
    """Return average present workers per km2 around."""
    found = workers_per_km2(places.lon, places.lat, ground.demand, ground.workers, test.radius_m)
    return found, _unnamed(places)


def remoteness_m(ground: Ground, places: Places, test: Test) -> Figure:
    """Return metres to the nearest demand point with a crowd around it; none: `LOOK_M`."""
    demand = ground.demand
    around = workers_per_km2(
        demand.point_lon, demand.point_lat, demand, ground.workers, test.radius_m
    )
    crowd = around >= test.crowd_per_km2
    if not crowd.any():
        return np.full(places.size, LOOK_M), _unnamed(places)
    lon, lat = demand.point_lon[crowd], demand.point_lat[crowd]
    return np.fmin(_to_nearest(places, lon, lat), LOOK_M), _unnamed(places)


def outdoor_worker_hours(ground: Ground, places: Places, test: Test) -> Figure:
    """Return worker-hours per week of outdoor groups around; unknown without windows."""
    if ground.demand.measure == "workers":
        return _nothing(places)
    listed = read_list("reference/groups")
    hours = ground.group_hours({code for code, entry in listed.items() if entry["outdoor"]})
    near = ground.around(places, ground.demand.point_lon, ground.demand.point_lat, test.radius_m)
    return near.sums(hours), _unnamed(places)


FIGURES_OF_PLACES: dict[str, Callable[[Ground, Places, Test], Figure]] = {
    "enterprise_workers": enterprise_workers,
    "enterprises": enterprises,
    "enterprise_group_workers": enterprise_group_workers,
    "main_street_m": main_street_m,
    "main_street_distance_m": main_street_distance_m,
    "front_hosts": front_hosts,
    "hosts": hosts,
    "venue_visits": venue_visits,
    "own_host": own_host,
    "workers_per_km2": density,
    "remoteness_m": remoteness_m,
    "outdoor_worker_hours": outdoor_worker_hours,
    "group_workers": group_workers,
}

FIGURE_UNITS = {
    "enterprise_workers": "person",
    "enterprises": "enterprise",
    "enterprise_group_workers": "person",
    "main_street_m": "m",
    "main_street_distance_m": "m",
    "front_hosts": "host",
    "hosts": "host",
    "venue_visits": "person/day",
    "own_host": "",
    "workers_per_km2": "person/km2",
    "remoteness_m": "m",
    "outdoor_worker_hours": "person*h/week",
    "group_workers": "person",
}


def _of_demand(ground: Ground, places: Places, test: Test, groups: set[str]) -> Figure:
    present = ground.group_hours(groups) / ground.demand.hours_per_week
    if not present.any():
        return _nothing(places)
    near = ground.around(places, ground.demand.point_lon, ground.demand.point_lat, test.radius_m)
    return near.sums(present), _unnamed(places)


def _to_nearest(places: Places, lon: Float64, lat: Float64) -> Float64:
    """Return metres to the nearest of many positions, to within 0.3 % some 20 km off."""
    frame = LocalFrame(float(lon.mean()), float(lat.mean()))
    tree = cKDTree(np.column_stack(frame.to_m(lon, lat)))
    return np.asarray(tree.query(np.column_stack(frame.to_m(places.lon, places.lat)))[0])


@lru_cache(maxsize=2)
def _parts(net: Network, classes: tuple[str, ...]) -> tuple[Float64, Float64, Float64]:
    """Return the middles of equal parts of the edges of some classes."""
    codes = [code for code, name in enumerate(net.classes) if name in classes]
    edges = np.flatnonzero(np.isin(net.edge_class, codes))
    lons, lats, metres = [np.empty(0)], [np.empty(0)], [np.empty(0)]
    for edge in edges.tolist():
        line = slice(net.geom_ptr[edge], net.geom_ptr[edge + 1])
        along, length = net.geom_mm[line], int(net.edge_cost_mm[edge])
        count = max(1, -(-length // round(SAMPLE_M * 1000)))
        at = (np.arange(count) + 0.5) * length / count
        lons.append(np.interp(at, along, net.geom_lon[line]))
        lats.append(np.interp(at, along, net.geom_lat[line]))
        metres.append(np.full(count, length / 1000 / count))
    return np.concatenate(lons), np.concatenate(lats), np.concatenate(metres)


def _street_front(inputs: Inputs) -> tuple[Float64, Float64]:
    """Return where hosts stand whose stations usually open onto a street, each place once."""
    kinds, types = read_list("reference/kinds"), read_list("reference/host_types")
    front = {code for code, entry in types.items() if kinds[entry["kind"]]["street_front"]}
    tables = (inputs.hosts, inputs.stations, inputs.candidates)
    rows = [table.loc[table["host_type"].isin(front), ["lon", "lat"]] for table in tables]
    spots = pd.concat(rows).to_numpy(dtype=float)
    _, first = np.unique(np.round(spots, _SPOT_DIGITS), axis=0, return_index=True)
    return spots[np.sort(first), 0], spots[np.sort(first), 1]


def _positions(table: pd.DataFrame) -> tuple[Float64, Float64]:
    return table["lon"].to_numpy(dtype=float), table["lat"].to_numpy(dtype=float)


def _names(table: pd.DataFrame, rows: Int64) -> tuple[str, ...]:
    names = [*table["name"], ""]
    return tuple(str(names[row]) for row in rows)


def _nothing(places: Places) -> Figure:
    return np.full(places.size, np.nan), _unnamed(places)


def _unnamed(places: Places) -> tuple[str, ...]:
    return ("",) * places.size
