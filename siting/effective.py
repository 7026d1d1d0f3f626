"""The use case of effective coverage: who can really use a station, and what would mend the rest.

`previous` takes an earlier nominal evaluation of nearly the same inputs, as in `planning`.
"""

from dataclasses import dataclass

import numpy as np

from siting import planning
from siting.coverage.cells import read_cells
from siting.coverage.effective import EffectiveCoverage, effective_coverage
from siting.coverage.levels import UNCOVERED, Level, Terms, read_supply
from siting.coverage.mends import (
    Mend,
    Question,
    mends,
    new_stations,
    questions,
    worker_hours_at,
    worker_hours_in_reach,
)
from siting.coverage.reach import Reach, read_reach
from siting.model import Inputs, Parameters
from siting.planning import Evaluation
from siting.results import CoverageResult, plain

TOLD = 20
"""How many mends and questions the command line tells; the figures count them all."""


@dataclass(frozen=True, eq=False)
class EffectiveEvaluation:
    """Nominal and effective coverage of the stations, what to ask, and what would mend the gap.

    Attributes
    ----------
    station_ids, candidate_ids
        What `site` of a mend or a question is a place in: candidates for mends of kind `new`.
    counting
        Number of stations that count; `questions` is about some of them.
    """

    nominal: CoverageResult
    effective: EffectiveCoverage
    reach: Reach
    station_ids: tuple[str, ...]
    candidate_ids: tuple[str, ...]
    counting: int
    questions: tuple[Question, ...]
    mends: tuple[Mend, ...]

    def site_id(self, mend: Mend) -> str:
        """Return the id of the station or candidate that a mend is about."""
        return (self.candidate_ids if mend.kind == "new" else self.station_ids)[mend.site]

    def as_dict(self) -> dict[str, object]:
        """Return the `effective` block of the command line's JSON."""
        return {
            **self.effective.as_dict(),
            "stations": self.counting,
            "stations_unverified": len(self.questions),
            "questions": [
                {
                    "id": self.station_ids[item.site],
                    "blanks": list(item.blanks),
                    "workers": plain(item.workers),
                }
                for item in self.questions[:TOLD]
            ],
            "mends_total": len(self.mends),
            "mends": [
                {
                    "kind": mend.kind,
                    "id": self.site_id(mend),
                    "workers": plain(mend.workers),
                    "windows": list(mend.windows),
                    "groups": list(mend.groups),
                    "services": list(mend.services),
                }
                for mend in self.mends[:TOLD]
            ],
        }


def evaluate_effective(
    inputs: Inputs,
    parameters: Parameters,
    terms: Terms | None = None,
    *,
    previous: Evaluation | None = None,
) -> EffectiveEvaluation:
    """Return who is effectively covered by the stations that count, and the mends of the gap.

    Parameters
    ----------
    terms
        Week, least open share, defaults; None: an ordinary week and half of each window.

    Raises
    ------
    InputError
        Tables or parameters that cannot be used; the sentence says which.
    """
    terms = terms or Terms()
    sites, nominal = planning.covered_now(inputs, parameters, previous)
    demand, cells = sites.demand, read_cells(inputs.demand)
    chosen = sites.open_sites(inputs.stations)
    reach = read_reach(sites.matrix.take(np.arange(sites.stations)), chosen[: sites.stations])
    supply = read_supply(inputs.stations, cells, terms)
    best = reach.best(supply.level)
    gap = worker_hours_at(demand, cells, best, UNCOVERED)
    unknown = worker_hours_at(demand, cells, best, (Level.UNVERIFIED,))
    candidates = sites.candidate_matrix()
    by_candidate = read_reach(candidates, planning.eligible(inputs, sites))
    found = (
        *mends(inputs.stations, supply, worker_hours_in_reach(reach, gap), demand, cells),
        *new_stations(
            read_supply(inputs.candidates, cells, terms),
            worker_hours_in_reach(by_candidate, gap),
            demand,
            cells,
        ),
    )
    return EffectiveEvaluation(
        nominal=nominal,
        effective=effective_coverage(demand, cells, best, terms),
        reach=reach,
        station_ids=tuple(inputs.stations["id"].astype(str)),
        candidate_ids=tuple(inputs.candidates["id"].astype(str)),
        counting=int(chosen.sum()),
        questions=questions(supply, worker_hours_in_reach(reach, unknown), demand),
        mends=tuple(sorted(found, key=lambda mend: -mend.workers)),
    )
