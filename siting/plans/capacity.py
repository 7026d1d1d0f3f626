"""The plan with which the most workers find a seat, in every window.

Everybody who is present in a window looks for a seat at an open station within the cut-off; of them
a share sits down at one time (data/reference/kind_rules.toml, `at_once`: an assumption), so that a
seat serves several. Where the record gives no seats, the fewest count that the kind usually has
(kinds.toml: assumptions). Opening hours are not looked at, as in every nominal figure.
`siting.allocation.capacity` says how.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from geo.errors import InfeasibleError, InputError
from geo.reference import read_list
from siting.allocation.capacity import CapacityPlan, CapacityProblem, solve_capacity
from siting.allocation.problem import Bools, Float64, Int64, Problem
from siting.allocation.seating import MOST_UNITS, seat
from siting.costs import kind_of
from siting.model import Inputs, Parameters
from siting.planning import Evaluation
from siting.plans.soft_common import LANGS, Beside, Chosen, beside, nothing_built, told
from siting.plans.soft_result import (
    CapacityProposal,
    SoftSite,
    Standing,
    StationSeats,
    WindowSeats,
)
from siting.plans.task import Limits, Task, task_of
from siting.windows import window, windows
from words import Lang, percent, say

_ROUNDING = 1e-6

UNITS = (1000, 100, 10, 1)
"""Workers are counted in thousandths, or in coarser parts where there are very many."""


def usual_at_once() -> float:
    """Return the share of those present that sits down at one time: an assumption."""
    return float(read_list("reference/kind_rules")["at_once"])


def propose_capacity(
    inputs: Inputs,
    parameters: Parameters,
    limits: Limits,
    *,
    at_once: float | None = None,
    previous: Evaluation | None = None,
) -> CapacityProposal:
    """Return which candidates to open so that the most workers find a seat.

    Parameters
    ----------
    limits
        With rules, their filters keep candidates out; their points decide nothing here.
    at_once
        Share (0 < share <= 1) of those present that sits down at one time; None: the product's own.

    Raises
    ------
    InputError
        Tables, parameters, limits or wishes that cannot be used; no candidates; another share.
    """
    share = usual_at_once() if at_once is None else at_once
    if not 0 < share <= 1:
        raise InputError("siting_capacity_at_once", share=share)
    asked = {"objective": "capacity", "at_once": share}
    task = task_of(inputs, parameters, limits, previous=previous, **asked)
    room = _Room.of(task, share)
    try:
        found = solve_capacity(
            room.problem(task.problem()), time_limit_s=limits.time_limit_s, seed=limits.seed
        )
    except InfeasibleError as error:
        return _proposal(task, room, nothing_built(task, error), None)

    def tell(site: SoftSite, number: int, lang: Lang) -> str:
        key = (
            "reason_capacity_assumed" if room.assumed[room.stations + number] else "reason_capacity"
        )
        seats = int(room.seats[room.stations + number])
        return told(key, task, site, lang, seats=seats)

    said = [say("siting.soft.at_once", lang, share=percent(share)) for lang in LANGS]
    gains = tuple(gain / room.unit for gain in found.gains)
    chosen = Chosen(found.chosen, gains, found.status, found.seconds)
    fields = beside(task, "capacity", chosen, tell, [(said[0], said[1])])
    return _proposal(task, room, fields, found)


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
class _Room:
    """Who is present when, and how many seats there are.

    Attributes
    ----------
    task
        The question.
    at_once
        Share of those present that sits down at one time.
    codes, hours
        Of the t windows that count ("" where there are none), and their hours in a week.
    unit
        Units in which one worker is counted.
    heads
        int64[d, t] units present.
    seats, assumed
        int64[e + s], bool[e + s]: of all stations, then all candidates.
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
    stations: int

    @classmethod
    def of(cls, task: Task, at_once: float) -> "_Room":
        """Read the tables.

        Raises
        ------
        InputError
            More workers in a window, or seats, than can be counted.
        """
        codes, workers = _present(task)
        hours = np.array([window(code).hours_per_week if code else 1.0 for code in codes])
        tables = (task.inputs.stations, task.inputs.candidates)
        (one, of_one), (two, of_two) = (seats_of(table) for table in tables)
        seats, assumed = np.concatenate([one, two]), np.concatenate([of_one, of_two])
        most = max(float(workers.sum(axis=0).max(initial=0.0)), float(seats.sum()) / at_once)
        unit = next((unit for unit in UNITS if most * unit < MOST_UNITS), None)
        if unit is None:
            raise InputError("siting_capacity_units", name="workers", most=MOST_UNITS)
        heads = np.rint(workers * unit).astype(np.int64)
        return cls(task, at_once, codes, hours, unit, heads, seats, assumed, len(tables[0]))

    @property
    def served(self) -> Int64:
        """int64[e + s]: units present whom the seats of each serve."""
        exact = self.seats * (self.unit / self.at_once)
        # 6 seats at a share of 0.05 serve 120 workers, not 119.999: rounding may not cost one.
        return np.floor(exact + _ROUNDING).astype(np.int64)

    @property
    def open_stations(self) -> Int64:
        """int64[]: the stations that count, by number."""
        return np.flatnonzero(self.task.existing)

    def problem(self, base: Problem) -> CapacityProblem:
        """Return the problem; a station seats as many in every window."""
        served = np.repeat(self.served[:, None], len(self.codes), axis=1)
        return CapacityProblem(
            base=base,
            heads=self.heads,
            hours=self.hours,
            station_reach=self.reach(self.open_stations),
            station_seats=served[self.open_stations],
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
        flows = [seat(reach, heads, served).flow for heads in self.heads.T]
        loads = np.stack([flow.sum(axis=1) for flow in flows], axis=1)
        return loads, np.stack([flow.sum(axis=0) for flow in flows], axis=1)


def _present(task: Task) -> tuple[tuple[str, ...], Float64]:
    """Return the windows that count, in the order of the list, and float64[d, t] workers."""
    demand, table = task.sites.demand, task.inputs.demand
    column = table["window"].to_numpy(dtype=object)
    there = set(column[demand.row_counts].tolist())
    codes = tuple(code for code in ("", *windows()) if code in there)
    workers = np.where(demand.row_counts, table["workers"].to_numpy(dtype=float), 0.0)
    parts = [demand.sum_points(np.where(column == code, workers, 0.0)) for code in codes]
    return codes, np.stack(parts, axis=1) if parts else np.empty((demand.points, 0))


def _proposal(
    task: Task, room: _Room, fields: Beside, found: CapacityPlan | None
) -> CapacityProposal:
    present, old = task.sites.demand.present, room.open_stations
    chosen = () if found is None else found.chosen
    opened = np.concatenate([old, room.stations + np.array(chosen, dtype=np.int64)])
    _, before = room.seated(old)
    loads, after = room.seated(opened)
    now = present(float((before.sum(axis=0) * room.hours).sum()) / room.unit)
    return CapacityProposal(
        counted_before=now if found is None else present(found.before / room.unit),
        counted_after=now if found is None else present(found.after / room.unit),
        counted_bound=now if found is None else present(found.bound / room.unit),
        at_once=room.at_once,
        stations=tuple(_stations(task, room, opened, loads)),
        windows=tuple(_windows(task, room, before, after, opened)),
        standing=tuple(_standing(task, room, after, opened)),
        **fields,
    )


def _stations(task: Task, room: _Room, opened: Int64, loads: Int64) -> list[StationSeats]:
    ids = [*task.inputs.stations["id"].astype(str), *task.inputs.candidates["id"].astype(str)]
    names = [code or "all" for code in room.codes]
    return [
        StationSeats(
            id=ids[site],
            new=site >= room.stations,
            seats=int(room.seats[site]),
            assumed=bool(room.assumed[site]),
            used=dict(zip(names, (row * room.at_once / room.unit).tolist(), strict=True)),
        )
        for site, row in zip(opened.tolist(), loads, strict=True)
    ]


def _windows(
    task: Task, room: _Room, before: Int64, after: Int64, opened: Int64
) -> list[WindowSeats]:
    near = _near(task, opened)
    rows = []
    for number, code in enumerate(room.codes):
        heads, seated = room.heads[:, number], after[:, number]
        parts = (
            heads.sum(),
            before[:, number].sum(),
            seated.sum(),
            (heads - seated)[near].sum(),
            heads[~near].sum(),
        )
        rows.append(WindowSeats(code or "all", *(int(part) / room.unit for part in parts)))
    return rows


def _standing(task: Task, room: _Room, after: Int64, opened: Int64) -> list[Standing]:
    """Return whoever finds no seat, point by point."""
    near, present = _near(task, opened), task.sites.demand.present
    left = ((room.heads - after) * room.hours).sum(axis=1) / room.unit
    order = np.argsort(-left, kind="stable")
    return [
        Standing(task.sites.demand.point_id[at], present(float(left[at])), bool(near[at]))
        for at in order[left[order] > 0].tolist()
    ]


def _near(task: Task, opened: Int64) -> Bools:
    mask = np.zeros(task.sites.matrix.sites, dtype=bool)
    mask[opened] = True
    return task.sites.matrix.covered(mask)
