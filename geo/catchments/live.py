"""Who covers each demand point and who is nearest, kept exact while sites come, move and go."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# ruff: noqa: ANN001, ANN202

import numpy as np
from numpy.typing import ArrayLike

from geo.catchments.matrix import ABSENT, Travel
from geo.streets.compiled import kernel
from geo.streets.network import Int32

NEXT, SITE, COST = 0, 1, 2
_ROOM = 1024


class LiveCoverage:
    """The sites that reach each demand point, and the nearest of them, as they come and go.

    Adding a site costs time for the entries of its row; removing one, for those of the sites that
    reach the same points.

    Attributes
    ----------
    covers
        int32[points]: number of sites that reach the point.
    nearest
        int32[points]: lowest cost, in the unit of the rows; `ABSENT` (-1) where no site reaches it.
    owner
        int32[points]: site with the lowest cost, of equal ones the lowest number; or `ABSENT`.
    """

    def __init__(self, points: int) -> None:
        self.covers = np.zeros(points, dtype=np.int32)
        self.nearest = np.full(points, ABSENT, dtype=np.int32)
        self.owner = np.full(points, ABSENT, dtype=np.int32)
        # Per point a chain of entries, the latest first.
        self._head = np.full(points, -1, dtype=np.int32)
        self._entry = np.empty((_ROOM, 3), dtype=np.int32)
        self._free = np.arange(_ROOM, dtype=np.int32)
        self._unused = _ROOM
        self._rows: dict[int, Int32] = {}

    @classmethod
    def from_travel(cls, travel: Travel) -> "LiveCoverage":
        """Return the coverage by all sites of `travel`, under their numbers."""
        live = cls(travel.points)
        for site in range(travel.sites):
            live.add(site, *travel.row(site))
        return live

    @property
    def sites(self) -> tuple[int, ...]:
        """Numbers of the sites, ascending."""
        return tuple(sorted(self._rows))

    def add(self, site: int, demand: ArrayLike, cost: ArrayLike) -> Int32:
        """Add a site by its row; return the points whose nearest site or cost changed.

        Parameters
        ----------
        site
            Its number, not yet taken.
        demand, cost
            Its row, as `Travel.row` or `StreetSearch.rows` give it: each point once.

        Raises
        ------
        ValueError
            The number is taken.
        """
        if site in self._rows:
            msg = f"site {site} is there already"
            raise ValueError(msg)
        points, costs = (np.array(part, dtype=np.int32) for part in (demand, cost))
        self._make_room(len(points))
        changed: Int32
        changed, self._unused = _add(
            site, points, costs, self._head, self._entry, self._free, self._unused, self._views
        )
        self._rows[site] = points
        return changed

    def remove(self, site: int) -> Int32:
        """Remove a site; return the points whose nearest site or cost changed.

        Raises
        ------
        KeyError
            There is no such site.
        """
        points = self._rows.pop(site)
        changed: Int32
        changed, self._unused = _remove(
            site, points, self._head, self._entry, self._free, self._unused, self._views
        )
        return changed

    def move(self, site: int, demand: ArrayLike, cost: ArrayLike) -> Int32:
        """Give a site another row; return the points whose nearest site or cost may have changed.

        Raises
        ------
        KeyError
            There is no such site.
        """
        before = self.remove(site)
        return np.union1d(before, self.add(site, demand, cost)).astype(np.int32)

    @property
    def _views(self) -> tuple[Int32, Int32, Int32]:
        return self.covers, self.nearest, self.owner

    def _make_room(self, entries: int) -> None:
        while self._unused < entries:
            room, unused = len(self._entry), self._unused
            self._entry = np.concatenate((self._entry, np.empty_like(self._entry)))
            free = np.empty(2 * room, dtype=np.int32)
            free[:unused] = self._free[:unused]
            free[unused : unused + room] = np.arange(room, 2 * room)
            self._free, self._unused = free, unused + room


@kernel
def _add(site, points, costs, head, entry, free, unused, views):
    """Put a row into the chains; return the points where it is nearest, and the entries unused."""
    covers, nearest, owner = views
    changed = np.empty(len(points), np.int32)
    count = 0
    for k in range(len(points)):
        point, cost = points[k], costs[k]
        unused -= 1
        new = free[unused]
        entry[new, NEXT], entry[new, SITE], entry[new, COST] = head[point], site, cost
        head[point] = new
        covers[point] += 1
        known = nearest[point]
        if known == ABSENT or cost < known or (cost == known and site < owner[point]):
            nearest[point], owner[point] = cost, site
            changed[count] = point
            count += 1
    return changed[:count], unused


@kernel
def _remove(site, points, head, entry, free, unused, views):
    """Take a row out of the chains; return the points where it was nearest, and the unused."""
    covers, nearest, owner = views
    changed = np.empty(len(points), np.int32)
    count = 0
    for k in range(len(points)):
        point = points[k]
        before, old = -1, head[point]
        while entry[old, SITE] != site:
            before, old = old, entry[old, NEXT]
        free[unused] = old
        unused += 1
        covers[point] -= 1
        if before >= 0:
            entry[before, NEXT] = entry[old, NEXT]
        else:
            head[point] = entry[old, NEXT]
        if owner[point] != site:
            continue
        changed[count] = point
        count += 1
        nearest[point], owner[point] = ABSENT, ABSENT
        other = head[point]
        while other >= 0:
            cost, known = entry[other, COST], nearest[point]
            if known < 0 or cost < known or (cost == known and entry[other, SITE] < owner[point]):
                nearest[point], owner[point] = cost, entry[other, SITE]
            other = entry[other, NEXT]
    return changed[:count], unused
