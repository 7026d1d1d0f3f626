"""Who is how far from which candidate: what the search and the proof of a p-center ask of walks.

Costs start at 0, which a sparse matrix would lose: 1 is added to all of them in here.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.catchments import ABSENT
from siting.allocation.cover.dominance import Cover
from siting.allocation.problem import Bools, Float64, Int64
from siting.allocation.walking.walks import WalkProblem

FAR = np.iinfo(np.int64).max
"""The walk of whoever has no open site within the cut-off."""


class CenterWays:
    """Walks between k columns (candidates that may be opened) and d demand points.

    Attributes
    ----------
    site
        int64[k]: the candidate of each column, ascending.
    already
        int64[d]: the walk to the nearest site that is open already; `FAR` without one.
    nearest
        int64[d]: the walk with everything open; `FAR` for whom nothing reaches.
    counted
        bool[d]: points with weight that something reaches.
    """

    def __init__(self, problem: WalkProblem) -> None:
        """Sort the walks of a problem by candidate and by demand point."""
        travel, choice = problem.travel, problem.choice
        self.site = np.flatnonzero(choice)
        ways = travel if choice.all() else travel.take(self.site)
        shape = (len(self.site), travel.points)
        self.by_site = sparse.csr_array((ways.cost + 1, ways.demand, ways.indptr), shape)
        self.by_point = sparse.csr_array(self.by_site.T)
        already = travel.nearest(problem.existing).astype(np.int64)
        self.already = np.where(already == ABSENT, FAR, already)
        some = np.diff(self.by_point.indptr) > 0
        self.nearest = self.already.copy()
        if some.any():
            least = np.minimum.reduceat(self.by_point.data, self.by_point.indptr[:-1][some])
            self.nearest[some] = np.minimum(self.already[some], least.astype(np.int64) - 1)
        self.counted: Bools = (problem.weights > 0) & (self.nearest < FAR)

    @property
    def last(self) -> int:
        """The longest walk there is; 0 without any."""
        open_now = self.already[self.counted & (self.already < FAR)]
        return max(int(self.by_site.data.max(initial=1)) - 1, int(open_now.max(initial=0)))

    def longer(self, radius: int) -> int:
        """Return the shortest walk that is longer; there is none: more than the last."""
        costs = self.by_site.data
        none = self.last + 1
        new = int(costs.min(initial=none + 1, where=costs > radius + 1)) - 1
        open_now = self.already[self.counted]
        return min(new, int(open_now.min(initial=none, where=open_now > radius)))

    def walked(self, columns: Int64) -> Int64:
        """Return int64[d]: the walk of every point with these columns open; `FAR` without one."""
        near = self.already.copy()
        for column in columns.tolist():
            part = slice(self.by_site.indptr[column], self.by_site.indptr[column + 1])
            points = self.by_site.indices[part]
            near[points] = np.minimum(near[points], self.by_site.data[part].astype(np.int64) - 1)
        return near


class Within:
    """What a radius allows.

    Attributes
    ----------
    radius
        In the unit of the costs, inclusive.
    open
        bool[d]: points that count and that what is open already leaves farther.
    """

    def __init__(self, ways: CenterWays, radius: int) -> None:
        """Take the walks up to `radius`."""
        self.ways, self.radius = ways, radius
        self.open: Bools = ways.counted & (ways.already > radius)
        self._points: dict[int, NDArray[np.int32]] = {}

    def points_of(self, column: int) -> NDArray[np.int32]:
        """Return the open points within the radius of a column."""
        if column not in self._points:
            by_site = self.ways.by_site
            part = slice(by_site.indptr[column], by_site.indptr[column + 1])
            points = by_site.indices[part][by_site.data[part] <= self.radius + 1]
            self._points[column] = points[self.open[points]]
        return self._points[column]

    def columns_of(self, points: Int64) -> sparse.csr_array:
        """Return sparse float64[points, k]: 1 where a column is within the radius of a point."""
        near = sparse.csr_array(self.ways.by_point[points])
        near.data = (near.data <= self.radius + 1).astype(float)
        near.eliminate_zeros()
        return near

    def cover(self, points: Int64) -> Cover:
        """Return the covering of these points, each with a column within the radius."""
        by_site = sparse.csr_array(self.columns_of(points).T)
        by_site.sort_indices()
        columns = by_site.shape[0]
        return Cover(np.arange(columns), by_site, np.ones(columns, dtype=np.int64))

    def missing(self, opened: Float64) -> Float64:
        """Return float64[d]: what columns opened in parts (float64[k]) leave of each open point."""
        left = self.open.astype(float)
        for column in np.flatnonzero(opened).tolist():
            left[self.points_of(column)] -= opened[column]
        return left

    def apart(self, points: Int64, among: Bools, *, often: int, most: int) -> Int64:
        """Return some of these points, the first ones first, spread over the columns.

        Parameters
        ----------
        points
            What to choose from, in the order in which it is wanted.
        among
            bool[k]: no point is taken of which one of these columns has `often` taken ones.
        often, most
            Points for each column, and in all.
        """
        taken: list[int] = []
        times = np.zeros(len(self.ways.site), dtype=np.int64)
        near = self.columns_of(points[: most * _LOOKED_AT])
        for at, point in enumerate(points[: most * _LOOKED_AT].tolist()):
            columns = near.indices[near.indptr[at] : near.indptr[at + 1]]
            columns = columns[among[columns]]
            if not len(columns) or times[columns].max() < often:
                taken.append(point)
                times[columns] += 1
            if len(taken) == most:
                break
        return np.asarray(taken, dtype=np.int64)


_LOOKED_AT = 20
"""Points looked at for each one taken."""
