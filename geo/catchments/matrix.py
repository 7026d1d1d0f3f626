"""The travel matrix between sites and demand points, and what follows from it."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.catchments.graph import Direction
from geo.catchments.straight import straight_rows
from geo.catchments.street import limit_mm, street_rows
from geo.rows import take_rows
from geo.streets import AttachStatus, Network, attached
from geo.streets.attachment import DEFAULT_CAP_M, positions
from geo.streets.network import Int32, Int64
from geo.streets.rules import CostUnit

ABSENT = -1
"""In `nearest`: no selected site within the cut-off."""


@dataclass(frozen=True, eq=False)
class Travel:
    """Sparse costs between sites and demand points, up to the cut-off (inclusive).

    What is not reached has no entry. Rows are sorted by demand point. Names with a unit (`cost_mm`,
    `cutoff_s`) raise a ValueError where costs have the other one: nobody takes seconds for metres.

    Attributes
    ----------
    indptr
        int64[sites + 1]; the entries of site i are indptr[i] .. indptr[i + 1].
    demand
        int32 per entry: number of the demand point.
    cost
        int32 per entry, in `cost_unit`, at most the cut-off.
    method
        `street`: access leg + along streets + access leg; `straight_line`: geodesic x 1.35.
    site_status, demand_status
        uint8 of `geo.streets.AttachStatus` per point; without streets all are OK.
    cutoff
        Metres where costs are millimetres, seconds where they are milliseconds.
    cost_unit
        `mm`: of a walk or a straight line; `ms`: of a timed profile.
    """

    indptr: Int64
    demand: Int32
    cost: Int32
    method: Literal["street", "straight_line"]
    site_status: NDArray[np.uint8]
    demand_status: NDArray[np.uint8]
    cutoff: float
    cost_unit: CostUnit = "mm"

    @property
    def sites(self) -> int:
        """Number of sites, attached or not."""
        return len(self.site_status)

    @property
    def points(self) -> int:
        """Number of demand points, attached or not."""
        return len(self.demand_status)

    @property
    def cost_mm(self) -> Int32:
        """Costs in millimetres."""
        return self._in_unit("mm").cost

    @property
    def cost_ms(self) -> Int32:
        """Costs in milliseconds."""
        return self._in_unit("ms").cost

    @property
    def cutoff_m(self) -> float:
        """The cut-off in metres."""
        return self._in_unit("mm").cutoff

    @property
    def cutoff_s(self) -> float:
        """The cut-off in seconds."""
        return self._in_unit("ms").cutoff

    def row(self, site: int) -> tuple[Int32, Int32]:
        """Return the demand points within the cut-off of one site, and their costs."""
        part = slice(self.indptr[site], self.indptr[site + 1])
        return self.demand[part], self.cost[part]

    def covered(self, sites: ArrayLike) -> NDArray[np.bool_]:
        """Return bool[points]: within the cut-off of any selected site.

        Parameters
        ----------
        sites
            bool[sites]: the selected ones.
        """
        out = np.zeros(self.points, dtype=bool)
        out[self.demand[self._entries(sites)]] = True
        return out

    def nearest_mm(self, sites: ArrayLike) -> Int32:
        """Return what `nearest` does, in millimetres."""
        return self._in_unit("mm").nearest(sites)

    def nearest_ms(self, sites: ArrayLike) -> Int32:
        """Return what `nearest` does, in milliseconds."""
        return self._in_unit("ms").nearest(sites)

    def nearest(self, sites: ArrayLike) -> Int32:
        """Return int32[points]: cost to the nearest selected site, -1 where none is within reach.

        Parameters
        ----------
        sites
            bool[sites]: the selected ones.
        """
        entries = self._entries(sites)
        far = np.iinfo(np.int32).max
        out = np.full(self.points, far, dtype=np.int32)
        np.minimum.at(out, self.demand[entries], self.cost[entries])
        out[out == far] = ABSENT
        return out

    def take(self, sites: ArrayLike) -> "Travel":
        """Return the rows of the sites numbered in `sites`, in that order."""
        index = np.asarray(sites, dtype=np.int64)
        indptr, entry = take_rows(self.indptr, index)
        return replace(
            self,
            indptr=indptr,
            demand=self.demand[entry],
            cost=self.cost[entry],
            site_status=self.site_status[index],
        )

    def _in_unit(self, unit: CostUnit) -> "Travel":
        if self.cost_unit != unit:
            msg = f"costs are in {self.cost_unit}, not in {unit}"
            raise ValueError(msg)
        return self

    def _entries(self, sites: ArrayLike) -> NDArray[np.bool_]:
        chosen = np.asarray(sites)
        if chosen.dtype != np.bool_ or chosen.shape != (self.sites,):
            msg = f"expected bool[{self.sites}], got {chosen.dtype}{list(chosen.shape)}"
            raise ValueError(msg)
        return np.repeat(chosen, np.diff(self.indptr))


def travel(  # noqa: PLR0913 - two places of two coordinates, then settings by name
    streets: Network | None,
    site_lon: ArrayLike,
    site_lat: ArrayLike,
    demand_lon: ArrayLike,
    demand_lat: ArrayLike,
    *,
    cutoff_m: float | None = None,
    cutoff_s: float | None = None,
    cap_m: float = DEFAULT_CAP_M,
    alternatives_m: float = 0.0,
    direction: Direction = "to_site",
) -> Travel:
    """Return the costs between sites and demand points, in the unit of the streets' profile.

    Parameters
    ----------
    streets
        The network; None: straight lines x 1.35, and `method` says so.
    site_lon, site_lat, demand_lon, demand_lat
        WGS-84 degrees.
    cutoff_m, cutoff_s
        Highest cost, inclusive (<=), after rounding to millimetres or milliseconds: metres on foot
        and in straight lines, seconds in a timed profile. Exactly one of them.
    cap_m
        Longest access leg, metres, inclusive; without streets it has no effect.
    alternatives_m
        Let sites and demand points use every street whose leg is at most that of their nearest
        plus this, metres, inclusive; the best way counts. Without streets it has no effect.
    direction
        Who travels; on foot and in straight lines it makes no difference.

    Raises
    ------
    ValueError
        A position is not finite, a setting is negative or not finite, or the cut-off is not one of
        this profile.
    """
    site, point = positions(site_lon, site_lat), positions(demand_lon, demand_lat)
    cutoff = cutoff_s if cutoff_m is None else cutoff_m
    if cutoff is None or None not in (cutoff_m, cutoff_s):
        msg = "a travel matrix needs cutoff_m or cutoff_s"
        raise ValueError(msg)
    if streets is None:
        if cutoff_m is None:
            msg = "straight lines have no pace: they need cutoff_m"
            raise ValueError(msg)
        indptr, demand, cost = straight_rows(site, point, limit_mm(cutoff_m))
        status = [np.full(len(p[0]), AttachStatus.OK, dtype=np.uint8) for p in (site, point)]
    else:
        sites, points = (
            attached(streets, *p, cap_m=cap_m, alternatives_m=alternatives_m) for p in (site, point)
        )
        indptr, demand, cost = street_rows(
            streets, sites, points, cutoff_m=cutoff_m, cutoff_s=cutoff_s, direction=direction
        )
        # The first row of a point is that of its nearest street.
        status = [p.status[np.flatnonzero(np.diff(p.point, prepend=-1))] for p in (sites, points)]
    return Travel(
        indptr=indptr,
        demand=demand,
        cost=cost,
        method="straight_line" if streets is None else "street",
        site_status=status[0],
        demand_status=status[1],
        cutoff=cutoff,
        cost_unit="mm" if streets is None else streets.meta.cost_unit,
    )
