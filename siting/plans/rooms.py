"""Who is present in each window, and how many seats there are for them.

Seats are the record's, else the fewest that the kind usually has (kinds.toml: assumptions). In each
window a station has its seats for the share of it that the station is open (in the ordinary week of
weeks.toml); a candidate's blank hours are those usual for its host, and hours that nobody knows
count as open.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from geo.errors import InputError
from geo.reference import read_list
from siting.allocation.capacity import CapacityProblem
from siting.allocation.problem import Bools, Float64, Int64, Problem
from siting.allocation.seats.seating import MOST_UNITS, seat, sums
from siting.costs import kind_of
from siting.coverage.levels import week_of
from siting.hours import open_share
from siting.plans.after_plan import with_defaults
from siting.plans.goals.task import Task
from siting.windows import window, windows

_ROUNDING = 1e-6

UNITS = (1000, 100, 10, 1)
"""Workers are counted in thousandths, or in coarser parts where there are very many."""


def seats_of(table: pd.DataFrame) -> tuple[Int64, Bools]:
    """Return int64[n] seats, and bool[n]: the record gives none, its kind's fewest stand in."""
    own = table["seats"]
    assumed = own.isna().to_numpy(dtype=bool)
    kinds = read_list("reference/kinds")
    usual = [
        int(kinds[kind_of(kind, host)]["seats"][0])
        for kind, host in zip(table["kind"], table["host_type"], strict=True)
    ]
    known = own.to_numpy(dtype=float, na_value=0.0)
    return np.where(assumed, usual, known).astype(np.int64), assumed


@dataclass(frozen=True, eq=False)
class Room:
    """Demand in t windows at d points, and seats of e stations and s candidates.

    Attributes
    ----------
    task
        The question.
    at_once
        Share of those present that sits down at one time.
    codes, hours
        Of the windows that count ("" where there are none), and their hours in a week.
    unit
        Units in which one worker is counted.
    heads
        int64[d, t] units present.
    seats, assumed
        int64[e + s], bool[e + s]: of all stations, then all candidates.
    open_shares
        float64[e + s, t]: of each window (0..1); NaN where the hours are not known.
    stations
        e.
    """

    task: Task
    at_once: float
    codes: tuple[str, ...]
    hours: Float64
    unit: int
    heads: Int64
    seats: Int64
    assumed: Bools
    open_shares: Float64
    stations: int

    @classmethod
    def of(cls, task: Task, at_once: float) -> "Room":
        """Read the tables.

        Raises
        ------
        InputError
            More workers in a window, or seats, than can be counted.
        """
        codes, workers = _present(task)
        hours = np.array([window(code).hours_per_week if code else 1.0 for code in codes])
        stations, candidates = task.inputs.stations, with_defaults(task.inputs.candidates)[0]
        (one, of_one), (two, of_two) = seats_of(stations), seats_of(candidates)
        seats, assumed = np.concatenate([one, two]), np.concatenate([of_one, of_two])
        most = max(float(workers.sum(axis=0).max(initial=0.0)), float(seats.sum()) / at_once)
        unit = next((unit for unit in UNITS if most * unit < MOST_UNITS), None)
        if unit is None:
            raise InputError("siting_capacity_units", name="workers", most=MOST_UNITS)
        return cls(
            task=task,
            at_once=at_once,
            codes=codes,
            hours=hours,
            unit=unit,
            heads=np.rint(workers * unit).astype(np.int64),
            seats=seats,
            assumed=assumed,
            open_shares=_open_shares([*stations["hours"], *candidates["hours"]], codes),
            stations=len(stations),
        )

    @property
    def open_seats(self) -> Float64:
        """float64[e + s, t]: seats times the share of the window that they are there."""
        shares = np.where(np.isnan(self.open_shares), 1.0, self.open_shares)
        there: Float64 = self.seats.astype(np.float64)[:, None] * shares
        return there

    @property
    def served(self) -> Int64:
        """int64[e + s, t]: units present whom the seats of each serve."""
        exact = self.open_seats * (self.unit / self.at_once)
        # 6 seats at a share of 0.05 serve 120 workers, not 119.999: rounding may not cost one.
        return np.floor(exact + _ROUNDING).astype(np.int64)

    @property
    def open_stations(self) -> Int64:
        """int64[]: the stations that count, by number."""
        return np.flatnonzero(self.task.existing)

    def problem(self, base: Problem) -> CapacityProblem:
        """Return the problem."""
        served, old = self.served, self.open_stations
        return CapacityProblem(
            base=base,
            heads=self.heads,
            hours=self.hours,
            station_reach=self.reach(old),
            station_seats=served[old],
            seats=served[self.stations :],
        )

    def reach(self, sites: Int64) -> sparse.csr_array:
        """Return sparse bool[n, d]: who is within the cut-off of some sites."""
        rows = self.task.sites.matrix.take(sites)
        ones = np.ones(len(rows.demand), dtype=bool)
        return sparse.csr_array((ones, rows.demand, rows.indptr), shape=(len(sites), rows.points))

    def seated(self, sites: Int64) -> tuple[Int64, Int64]:
        """Return int64[n, t] and int64[d, t]: units seated by some sites, by site and by point."""
        reach, served = self.reach(sites), self.served[sites]
        flows = seat(reach, self.heads, served, by_row=True).flows
        return sums(flows, len(sites), len(self.heads))


def _open_shares(texts: Sequence[str], codes: Sequence[str]) -> Float64:
    """Return float64[n, t]: the share of each window that a place with these hours is open."""
    monday = week_of("ordinary")
    shares = np.full((len(texts), len(codes)), np.nan)
    for at, code in enumerate(codes):
        if code:
            found = [open_share(str(text), window(code), monday) for text in texts]
            shares[:, at] = [np.nan if share is None else share for share in found]
    return shares


def _present(task: Task) -> tuple[tuple[str, ...], Float64]:
    """Return the windows that count, in the order of the list, and float64[d, t] workers."""
    demand, table = task.sites.demand, task.inputs.demand
    column = table["window"].to_numpy(dtype=object)
    there = set(column[demand.row_counts].tolist())
    codes = tuple(code for code in ("", *windows()) if code in there)
    workers = np.where(demand.row_counts, table["workers"].to_numpy(dtype=float), 0.0)
    parts = [demand.sum_points(np.where(column == code, workers, 0.0)) for code in codes]
    return codes, np.stack(parts, axis=1) if parts else np.empty((demand.points, 0))
