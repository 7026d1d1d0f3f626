"""Effective coverage while one station comes, moves, goes or changes its record: in milliseconds.

For whoever drags a site over the map or turns a knob of its record. After every change the figures
are what computing everything again gives.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.catchments import StreetSearch, travel
from geo.streets import attach, attached
from siting.coverage.cells import hours_by_cell, read_cells
from siting.coverage.effective import LevelRow
from siting.coverage.levels import Levels, read_supply
from siting.coverage.live import LiveEffective
from siting.coverage.points import Float64
from siting.filters import own_grounds_m
from siting.model import Place
from siting.service import Service

Record = Mapping[str, str]
"""Hours, access, services and kind of a station; what is absent is blank, and unverified."""

COLUMNS = ("hours", "access", "services", "kind")
"""What of a record decides whom a station serves."""
_MM_PER_M = 1000.0


class LiveService:
    """The stations' service, kept exact while single stations change.

    Stations are numbered as in their table; those that come get the numbers after them. Every
    station that comes counts.

    Parameters
    ----------
    service
        At first.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        inputs, sites = service.inputs, service.sites
        # Whoever comes may be open on any day.
        self._cells = read_cells(inputs.demand, service.terms.monday)
        supply = read_supply(inputs.stations, self._cells, service.terms)
        hours = hours_by_cell(service.demand, self._cells)
        self._live = LiveEffective(service.reach, supply.level, hours)
        stations = inputs.stations
        texts = zip(*(stations[name].astype(str) for name in COLUMNS), strict=True)
        self._records: dict[int, Record] = {
            number: dict(zip(COLUMNS, row, strict=True)) for number, row in enumerate(texts)
        }
        places = zip(stations["lon"].tolist(), stations["lat"].tolist(), strict=True)
        self._places: dict[int, Place] = dict(enumerate(places))
        self._search = None
        if sites.streets is not None:
            lon, lat = service.demand.point_lon, service.demand.point_lat
            points = attached(
                sites.streets, lon, lat, cap_m=sites.cap_m, alternatives_m=sites.alternatives_m
            )
            cutoff_m = sites.matrix.cutoff_m
            self._search = StreetSearch(sites.streets, points, cutoff_m=cutoff_m)

    @property
    def total(self) -> LevelRow:
        """All workers by level, now."""
        return self._row(self._live.hours_by_level)

    def add(self, place: Place, record: Record) -> int:
        """Let a station come; return its number."""
        number = self._live.add(*self._near(place), self._level(record))
        self._places[number], self._records[number] = place, dict(record)
        return number

    def remove(self, station: int) -> None:
        """Let a station go."""
        self._live.remove(station)

    def change(self, station: int, record: Record) -> None:
        """Let a station have another record; columns that are absent stay as they are."""
        self._records[station] = {**self._records[station], **record}
        self._live.change(station, self._level(self._records[station]))

    def move(self, station: int, place: Place) -> int:
        """Let a station stand elsewhere; return its number from now on."""
        record = self._records[station]
        self.remove(station)
        return self.add(place, record)

    def tried(
        self,
        record: Record,
        *,
        place: Place | None = None,
        instead_of: int | None = None,
    ) -> LevelRow:
        """Return all workers by level if a station came, or were otherwise; nothing changes.

        Parameters
        ----------
        record
            Of the station that comes. With `instead_of`, columns that are absent are those of the
            station that goes.
        place
            Where it comes; None: where the one that goes stands.
        instead_of
            The station that goes.

        Raises
        ------
        ValueError
            Neither a place nor a station that goes.
        """
        if instead_of is not None:
            record = {**self._records[instead_of], **record}
            place = place or self._places[instead_of]
        if place is None:
            msg = "a station that comes needs a place"
            raise ValueError(msg)
        level = self._level(record)
        return self._row(self._live.tried(*self._near(place), level, instead_of=instead_of))

    def _level(self, record: Record) -> Levels:
        """Return uint8[2, c]: how far a station with this record gets whom it reaches."""
        row = pd.DataFrame([{name: record.get(name, "") for name in COLUMNS}])
        found: Levels = read_supply(row, self._cells, self.service.terms).level[:, 0]
        return found

    def _near(self, place: Place) -> tuple[np.ndarray, np.ndarray]:
        """Return the points within reach of a place in this weather, and which are its own."""
        matrix, weather = self.service.sites.matrix, self.service.terms.weather
        points, cost = self._walk(place)
        near = cost <= round(matrix.cutoff * _MM_PER_M * weather.reach_share)
        own = cost[near] <= round(own_grounds_m() * _MM_PER_M)
        return points[near].astype(np.int64), own.astype(np.uint8)

    def _walk(self, place: Place) -> tuple[np.ndarray, np.ndarray]:
        (lon, lat), sites, demand = place, self.service.sites, self.service.demand
        if self._search is None:
            cutoff_m = sites.matrix.cutoff_m
            ways = travel(None, [lon], [lat], demand.point_lon, demand.point_lat, cutoff_m=cutoff_m)
            return ways.row(0)
        site = attach(
            self._search.net,
            [lon],
            [lat],
            cap_m=sites.cap_m,
            alternatives_m=sites.alternatives_m,
        )
        _, points, cost = self._search.rows(site, threads=1)
        return points, cost

    def _row(self, hours: Float64) -> LevelRow:
        return LevelRow("", tuple((hours / self.service.demand.hours_per_week).tolist()))
