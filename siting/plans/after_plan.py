"""Effective coverage after a plan: what its sites will really be of use, once they are open.

A plan maximises nominal coverage. What it brings of effective coverage is computed beside it: the
chosen candidates are taken as open stations, on the same terms as the stations that exist.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.reference import read_list
from geo.tables import split_list
from siting.costs import kind_of
from siting.coverage.cells import hours_by_cell, read_cells
from siting.coverage.effective import EffectiveCoverage, LevelRow, effective_coverage
from siting.coverage.levels import FILTERS, Filter, Terms, read_supply
from siting.coverage.reach import read_reach
from siting.plan_results import PlanResult
from siting.results import plain
from siting.service import Service, nearer


@dataclass(frozen=True)
class PlanEffect:
    """Effective coverage now and with some candidates open, all workers by level.

    Attributes
    ----------
    before, after
        Average present workers.
    terms
        On which both were computed.
    assumed
        Candidate -> what is blank in its record and was taken to be usual for its kind and host;
        only those with something assumed.
    """

    before: LevelRow
    after: LevelRow
    terms: Terms
    assumed: Mapping[str, tuple[Filter, ...]]

    @property
    def gained(self) -> float:
        """Average present workers who become effectively covered, verified."""
        return self.after.verified - self.before.verified

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "workers": plain(self.before.workers),
            "verified_before": plain(self.before.verified),
            "verified_after": plain(self.after.verified),
            "unverified_before": plain(self.before.unverified),
            "unverified_after": plain(self.after.unverified),
            "coverage_before": self.before.coverage,
            "coverage_after": self.after.coverage,
            "gained": plain(self.gained),
            "monday": self.terms.monday.isoformat(),
            "open_share": self.terms.open_share,
            "assumed": [
                {"id": name, "blanks": list(blanks)} for name, blanks in self.assumed.items()
            ],
        }


def plan_effect(service: Service, chosen: Sequence[str], closed: Sequence[str] = ()) -> PlanEffect:
    """Return effective coverage before and after some candidates open and some stations close.

    Parameters
    ----------
    service, chosen, closed
        As of `effective_after`.
    """
    after, assumed = effective_after(service, chosen, closed)
    return PlanEffect(service.effective.total, after.total, service.terms, assumed)


def effective_after(
    service: Service, chosen: Sequence[str], closed: Sequence[str] = ()
) -> tuple[EffectiveCoverage, dict[str, tuple[Filter, ...]]]:
    """Return effective coverage with a plan, and by candidate which blanks were filled in as usual.

    Parameters
    ----------
    service
        Of the stations that exist.
    chosen
        Ids of candidates that open; others than the table's are left out.
    closed
        Ids of stations that are closed.
    """
    candidates, stations = service.inputs.candidates, service.inputs.stations
    rows = np.flatnonzero(candidates["id"].isin(chosen).to_numpy())
    opened, assumed = with_defaults(candidates.iloc[rows])
    columns = ["hours", "access", "services", "kind"]
    both = pd.concat([stations[columns], opened[columns]], ignore_index=True)
    # Days are cut anew: what is usual for a host may be other hours than any on record.
    cells = read_cells(service.inputs.demand, service.terms.monday, both["hours"])
    places = np.concatenate([np.arange(service.sites.stations), service.sites.stations + rows])
    near = nearer(service.sites.matrix.take(places), service.terms.weather.reach_share)
    stays = service.counting & ~stations["id"].isin(closed).to_numpy()
    counting = np.concatenate([stays, np.ones(len(rows), dtype=bool)])
    best = read_reach(near, counting).best(read_supply(both, cells, service.terms).level)
    hours = hours_by_cell(service.demand, cells)
    return effective_coverage(service.demand, cells, hours, best, service.terms), assumed


def opened_and_closed(plan: PlanResult) -> tuple[list[str], list[str]]:
    """Return the ids of the candidates that a plan opens and of the stations that it closes."""
    return [site.id for site in plan.selected], [station.id for station in plan.closed]


def with_defaults(
    candidates: pd.DataFrame,
) -> tuple[pd.DataFrame, dict[str, tuple[Filter, ...]]]:
    """Return candidates with what is blank filled in as usual, and by id what was filled in.

    Hours are those usual for the host, access is that of the kind, services are those of the kind
    and of the host: data/reference/kinds.toml and host_types.toml, all of them assumptions. What
    they do not say either stays blank, and unverified.
    """
    told: dict[Filter, list[str]] = {name: [] for name in FILTERS}
    assumed: dict[str, tuple[Filter, ...]] = {}
    for record in candidates.to_dict("records"):
        usual = _usual(str(record["kind"]), str(record["host_type"]))
        blanks = tuple(n for n in FILTERS if not split_list(str(record[n])) and usual[n])
        for name in FILTERS:
            told[name].append(usual[name] if name in blanks else str(record[name]))
        if blanks:
            assumed[str(record["id"])] = blanks
    columns = {
        name: pd.Series(cells, candidates.index, dtype="str") for name, cells in told.items()
    }
    return candidates.assign(**columns), assumed


def _usual(kind: str, host_type: str) -> dict[Filter, str]:
    host = read_list("reference/host_types").get(host_type, {})
    entry = read_list("reference/kinds")[kind_of(kind, host_type)]
    services = dict.fromkeys([*entry.get("services", ()), *host.get("services", ())])
    return {
        "hours": str(host.get("hours", "")),
        "access": ";".join(entry["access"]),
        "services": ";".join(services),
    }
