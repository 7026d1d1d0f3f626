"""Two plans beside each other, or a plan beside what stands: who gains, who loses, at what cost.

Both are computed anew on today's records, whatever they were stored with: a candidate that is gone
since is named and left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from siting import planning
from siting.adding_up import apportion, whole_levels, whole_rows
from siting.costs import costs_yuan
from siting.coverage.effective import EffectiveCoverage, LevelRow
from siting.coverage.levels import Level
from siting.plans.after_plan import effective_after
from siting.results import CoverageResult
from siting.service import Service

By = Literal["town", "group", "window"]


@dataclass(frozen=True, eq=False)
class Option:
    """One of the things that are compared.

    Attributes
    ----------
    sites, closed
        Ids of the candidates that it opens and of the stations that it closes.
    gone
        Ids that it names and the tables no longer have.
    cost_yuan
        Of opening its sites, by today's records.
    effective, nominal
        Coverage with it.
    """

    sites: tuple[str, ...]
    closed: tuple[str, ...]
    gone: tuple[str, ...]
    cost_yuan: int
    effective: EffectiveCoverage
    nominal: CoverageResult

    @property
    def changes_nothing(self) -> bool:
        """Whether it is what stands."""
        return not (self.sites or self.closed)

    def rows(self, by: By) -> tuple[LevelRow, ...]:
        """Return effective coverage by unit, group or window."""
        found = self.effective
        return {"town": found.towns, "group": found.groups, "window": found.windows}[by]


@dataclass(frozen=True)
class Difference:
    """One unit, group or window under both options; whole workers, as every other table has them.

    Attributes
    ----------
    name
        As of `LevelRow`.
    workers
        All of them.
    one, other
        Effectively covered under each, verified; units and groups sum to the district's. Who is
        not touched has the same number under both.
    """

    name: str
    workers: int
    one: int
    other: int

    @property
    def gained(self) -> int:
        """How many more the second option covers; below 0: how many fewer."""
        return self.other - self.one


def option(service: Service, sites: Sequence[str] = (), closed: Sequence[str] = ()) -> Option:
    """Return what opening some candidates and closing some stations leads to.

    Parameters
    ----------
    service
        Of the stations that exist; nothing opened and nothing closed: that is the answer.
    sites, closed
        Ids of candidates and of stations.
    """
    inputs = service.inputs
    opens = inputs.candidates["id"].isin(sites).to_numpy()
    closes = inputs.stations["id"].isin(closed).to_numpy()
    known = {*inputs.candidates["id"][opens], *inputs.stations["id"][closes]}
    effective, _ = effective_after(service, sites, closed)
    mask = service.sites.open_sites(inputs.stations)
    mask[: service.sites.stations] &= ~closes
    mask[service.sites.stations + np.flatnonzero(opens)] = True
    return Option(
        sites=tuple(site for site in sites if site in known),
        closed=tuple(station for station in closed if station in known),
        gone=tuple(name for name in (*sites, *closed) if name not in known),
        cost_yuan=int(costs_yuan(inputs.candidates)[0][opens].sum()),
        effective=effective,
        nominal=planning.covered_by(inputs, service.sites, mask),
    )


def differences(one: Option, other: Option, by: By) -> tuple[Difference, ...]:
    """Return every unit, group or window under both, in the order of their lists.

    Both are of the same demand on the same terms.
    """
    second = {row.name: row for row in other.rows(by)}
    more = [second[row.name].verified - row.verified for row in one.rows(by)]
    gained = list(map(round, more))
    if by != "window":
        totals = [whole_levels(found.effective.total)[Level.VERIFIED] for found in (one, other)]
        gained = apportion(more, totals[1] - totals[0])
    # What stands is told as every other page tells it.
    kept = other if other.changes_nothing else one
    found = []
    for (name, levels), won in zip(_whole(kept, by).items(), gained, strict=True):
        covered = levels[Level.VERIFIED]
        pair = (covered, covered + won) if kept is one else (covered - won, covered)
        found.append(Difference(name, sum(levels), *pair))
    return tuple(found)


def _whole(found: Option, by: By) -> dict[str, list[int]]:
    rows = found.rows(by)
    if by == "window":  # heads of each, which do not add up
        return {row.name: whole_levels(row) for row in rows}
    whole = whole_rows(rows, found.effective.total)
    return {row.name: levels for row, levels in zip(rows, whole, strict=True)}
