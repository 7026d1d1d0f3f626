"""The use case of effective coverage: who can really use a station, and what would mend the rest.

`previous` takes an earlier nominal evaluation of nearly the same inputs, as in `planning`.
"""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from siting import planning
from siting.coverage.effective import EffectiveCoverage, LevelRow
from siting.coverage.levels import Level, Terms, read_supply
from siting.coverage.mends import TO_OPEN, Mend, Question, missed, questions
from siting.coverage.reach import read_reach
from siting.filters import Passed
from siting.gap_areas import GapArea, Ground, area_causes, gap_areas
from siting.model import Inputs, Parameters
from siting.planning import Evaluation
from siting.results import CoverageResult, ShareRow, plain
from siting.service import Service, nearer, service_of

BY = ("town", "group", "window", "cause")
TOLD = 20
"""How many mends and questions the command line tells; the figures count them all."""


@dataclass(frozen=True, eq=False)
class EffectiveEvaluation:
    """Nominal and effective coverage of the stations, what to ask, and what would mend the gap.

    Attributes
    ----------
    stations, candidates
        What `site` of a mend or a question is a row of: candidates for mends of kind `new`.
    counting
        Number of stations that count; `questions` is about some of them.
    ground
        What mends and gap areas are worked out from.
    service
        What all of it was computed from: utilisation, audits and sensitivity go on from there.
    """

    nominal: CoverageResult
    effective: EffectiveCoverage
    stations: pd.DataFrame
    candidates: pd.DataFrame
    counting: int
    questions: tuple[Question, ...]
    ground: Ground
    service: Service

    @cached_property
    def mends(self) -> tuple[Mend, ...]:
        """What would mend the gap, the most workers first; worked out where somebody looks."""
        return self.ground.mends()

    @cached_property
    def gap_areas(self) -> tuple[GapArea, ...]:
        """Where the uncovered are, the most first; worked out where somebody looks."""
        return gap_areas(self.ground)

    @property
    def station_ids(self) -> list[str]:
        """The stations' ids."""
        return self.stations["id"].astype(str).tolist()

    @property
    def station_names(self) -> list[str]:
        """The stations' names, their ids where they have none."""
        return _names(self.stations)

    def site_id(self, mend: Mend) -> str:
        """Return the id of the station or candidate that a mend is about."""
        return str(self._table(mend)["id"].iloc[mend.site])

    def site_name(self, mend: Mend) -> str:
        """Return its name, its id where it has none."""
        return _names(self._table(mend).iloc[[mend.site]])[0]

    def site_access(self, mend: Mend) -> str:
        """Return who may enter it by its record; "" where nobody said."""
        return str(self._table(mend)["access"].iloc[mend.site])

    @property
    def stations_unverified(self) -> int:
        """Number of stations that count whose hours, access or services are not all on record."""
        blank = (self.service.supply.passed == Passed.UNVERIFIED).any(axis=(0, 1, 3))
        return int((blank & self.service.counting).sum())

    @property
    def door_shut(self) -> float | None:
        """Share (0..1) of the verified worker-hours that find the door shut, at most.

        None where no time is named, or nobody is verified.
        """
        verified = self.effective.total.verified
        if not verified or not any(row.name for row in self.effective.windows):
            return None
        return max(0.0, 1 - self.service.at_open_door / verified)

    def _table(self, mend: Mend) -> pd.DataFrame:
        return self.candidates if mend.kind == "new" else self.stations

    def as_dict(self) -> dict[str, object]:
        """Return the `effective` block of the command line's JSON."""
        ids = self.station_ids
        return {
            **self.effective.as_dict(),
            **self.figures(self.effective.total),
            "towns": self.rows_by("town"),
            "verified_at_open_door": plain(self.service.at_open_door),
            "stations": self.counting,
            "stations_unverified": self.stations_unverified,
            "questions": [
                {
                    "id": ids[item.site],
                    "blanks": list(item.blanks),
                    "workers": plain(item.workers),
                }
                for item in self.questions[:TOLD]
            ],
            "mends_total": len(self.mends),
            "mends": [self._mend_dict(mend) for mend in self.mends[:TOLD]],
            "gaps": [self._gap_dict(area) for area in self.gap_areas],
        }

    def rows_by(self, by: str) -> list[dict[str, object]]:
        """Return one row of figures per unit, group, window or cause.

        Raises
        ------
        KeyError
            `by` is none of `BY`.
        """
        if by == "cause":
            by_level = self.effective.total.by_level
            return [{by: level.name.lower(), "workers": plain(by_level[level])} for level in Level]
        return [{by: row.name, **self.figures(row, by)} for row in self.rows(by)]

    def figures(self, row: LevelRow, by: str = "") -> dict[str, object]:
        """Return the figures of all workers, or of a row by unit, group or window, for JSON.

        Nominal coverage is by distance alone in every weather. In heat and cold fewer are in reach,
        and hours weigh otherwise: those figures are then told as `in_reach`, `in_reach_coverage`.
        """
        told = row.figures()
        if self.effective.terms.weather.mild:
            return told
        found = self.nominal
        rows: dict[str, tuple[ShareRow, ...]] = {
            "": (ShareRow("", found.workers_total, found.workers_covered),),
            "town": found.towns,
            "group": found.groups,
            "window": found.windows,
        }
        nominal = next(item for item in rows[by] if item.name == row.name)
        return {
            **told,
            "nominal": plain(nominal.covered),
            "nominal_coverage": nominal.coverage,
            "in_reach": told["nominal"],
            "in_reach_coverage": told["nominal_coverage"],
        }

    def rows(self, by: str) -> tuple[LevelRow, ...]:
        """Return the rows by `town`, `group` or `window`."""
        found = {
            "town": self.effective.towns,
            "group": self.effective.groups,
            "window": self.effective.windows,
        }
        return found[by]

    def _mend_dict(self, mend: Mend) -> dict[str, object]:
        return {
            "kind": mend.kind,
            "id": self.site_id(mend),
            "workers": plain(mend.workers),
            "made_sure": plain(mend.made_sure),
            "windows": list(mend.windows),
            "weekdays": {code: list(days) for code, days in mend.weekdays.items()},
            "groups": list(mend.groups),
            "services": list(mend.services),
            "assumed": list(mend.assumed),
        }

    def _gap_dict(self, area: GapArea) -> dict[str, object]:
        gap, place = area.gap, area.place
        return {
            "lon": gap.lon,
            "lat": gap.lat,
            "points": len(gap.points),
            "workers": plain(gap.workers),
            "causes": {name: plain(workers) for name, workers in area_causes(gap).items()},
            "group": gap.group,
            "window": gap.window,
            "heads": plain(gap.heads),
            "street": place.street,
            "part": place.part,
            "venue": place.venue,
            "town": place.town,
            "mends": [
                {
                    **self._mend_dict(item.mend),
                    "cost_yuan": item.cost_yuan,
                    "cost_assumed": item.cost_assumed,
                }
                for item in area.mends
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
    held = service_of(inputs, parameters, terms, previous=previous)
    demand, cells, hours, best = held.demand, held.cells, held.hours, held.best
    weather = held.terms.weather
    candidates = nearer(held.sites.candidate_matrix(), weather.reach_share)
    new = read_supply(inputs.candidates, cells, held.terms)
    idle = inputs.stations["state"].isin(TO_OPEN).to_numpy()
    ground = Ground(
        inputs=inputs,
        demand=demand,
        cells=cells,
        hours=hours,
        best=best,
        point_hours=held.effective.point_hours,
        stations=(held.reach, held.supply),
        idle=held.reach_of(idle),
        candidates=(read_reach(candidates, planning.eligible(inputs, held.sites)), new),
        weather=weather,
    )
    return EffectiveEvaluation(
        nominal=held.nominal,
        effective=held.effective,
        stations=inputs.stations,
        candidates=inputs.candidates,
        counting=int(held.counting.sum()),
        questions=questions(held.supply, missed(held.reach, hours, best), demand),
        ground=ground,
        service=held,
    )


def _names(table: pd.DataFrame) -> list[str]:
    return table["name"].where(table["name"] != "", table["id"]).astype(str).tolist()
