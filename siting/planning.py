"""The use cases that the doors call: coverage and scores; frozen inputs in, frozen results out.

`previous` takes an earlier evaluation of nearly the same inputs: distances of sites that have not
moved are taken from it, so that adding one candidate costs one row.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from geo.streets import AttachStatus
from siting.coverage import nominal_coverage, read_demand
from siting.model import Inputs, Parameters
from siting.results import AreaRow, CandidateScore, CoverageResult
from siting.rules import RuleBook, Scoring, read_rules
from siting.rules.board import Board, listen
from siting.rules.common import expired_consents
from siting.rules.ranges import rank_ranges
from siting.rules.reach import Surroundings, demand_areas, surroundings
from siting.scenario import scenario_hash
from siting.sites import SiteTravel, site_travel

BUILT_IN_RULES = "daxing"
# A planner has ruled these candidates out.
NOT_CHOSEN_STATES = ("rejected", "closed")

Rules = str | Path | RuleBook


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Coverage of the stations, the distances it rests on, scores of the candidates if asked.

    Attributes
    ----------
    scoring
        Works out scores where somebody reads them; None: nobody asked for any.
    of
        The inputs and parameters that it is of; None: nobody keeps them.
    """

    coverage: CoverageResult
    travel: SiteTravel
    scoring: Scoring | None = None
    of: tuple[Inputs, Parameters] | None = None

    @property
    def scores(self) -> tuple[CandidateScore, ...]:
        """The scores of all candidates, in the order of the table; () where nobody asked."""
        return () if self.scoring is None else self.scoring.all

    def score_of(self, candidate_id: str) -> CandidateScore | None:
        """Return the score of one candidate, without looking at each of the others."""
        return None if self.scoring is None else self.scoring.of(candidate_id)

    def is_of(self, inputs: Inputs, parameters: Parameters) -> bool:
        """Tell whether it is of these very inputs, on the same parameters."""
        return self.of is not None and self.of[0] is inputs and self.of[1] == parameters


def coverage(
    inputs: Inputs, parameters: Parameters, *, previous: Evaluation | None = None
) -> CoverageResult:
    """Return nominal coverage: who has an existing station within the cut-off.

    Raises
    ------
    InputError
        Tables or parameters that cannot be used; the sentence says which.
    """
    return covered_now(inputs, parameters, previous)[1]


def covered_now(
    inputs: Inputs, parameters: Parameters, previous: Evaluation | None = None
) -> tuple[SiteTravel, CoverageResult]:
    """Return the distances of all sites, and what `coverage` returns.

    Raises
    ------
    InputError
        As `coverage`.
    """
    if previous is not None and previous.is_of(inputs, parameters):
        return previous.travel, previous.coverage
    sites = travel_of(inputs, parameters, previous)
    return sites, covered_by(inputs, sites, sites.open_sites(inputs.stations))


def walked(
    inputs: Inputs, parameters: Parameters, *, previous: Evaluation | None = None
) -> Evaluation:
    """Return coverage and the distances it rests on, without scores: a `previous` for the rest.

    Raises
    ------
    InputError
        As `coverage`.
    """
    sites, result = covered_now(inputs, parameters, previous)
    return Evaluation(result, sites, of=(inputs, parameters))


def eligible(inputs: Inputs, sites: SiteTravel) -> NDArray[np.bool_]:
    """Return bool[candidates]: on the streets, and not ruled out by anybody."""
    attached = np.equal(sites.candidate_matrix().site_status, AttachStatus.OK)
    ruled_out = inputs.candidates["state"].isin(NOT_CHOSEN_STATES).to_numpy()
    return attached & ~ruled_out


def evaluate(
    inputs: Inputs,
    parameters: Parameters,
    *,
    rules: Rules = BUILT_IN_RULES,
    previous: Evaluation | None = None,
    today: date | None = None,
) -> Evaluation:
    """Return coverage and the score of every candidate.

    Parameters
    ----------
    rules
        A built-in rule file's name or a path.
    today
        The day on which hosts' consents are judged; None: none has run out.

    Raises
    ------
    InputError
        Tables, parameters or rules that cannot be used; the sentence says which.
    """
    book = read_rules(rules)
    sites, result = covered_now(inputs, parameters, previous)
    scoring = scoring_of(inputs, parameters, sites, book, today)
    return Evaluation(result, sites, scoring, (inputs, parameters))


def score(
    inputs: Inputs, parameters: Parameters, *, rules: Rules = BUILT_IN_RULES
) -> tuple[CandidateScore, ...]:
    """Return what the siting rules say of every candidate, in the order of the table.

    Raises
    ------
    InputError
        As `evaluate`.
    """
    return evaluate(inputs, parameters, rules=rules).scores


def with_rank_ranges(
    inputs: Inputs,
    parameters: Parameters,
    evaluation: Evaluation,
    *,
    rules: Rules = BUILT_IN_RULES,
    today: date | None = None,
    draws: int | None = None,
    seed: int = 0,
) -> tuple[CandidateScore, ...]:
    """Return the scores of an evaluation with the rank range of every candidate.

    Parameters
    ----------
    evaluation
        Of the same inputs, parameters, rules and day.
    draws, seed
        How often weights and demand are shaken (None: as the rule file says), and how.

    Raises
    ------
    InputError
        As `evaluate`.
    """
    around = _surroundings(inputs, parameters, evaluation.travel, read_rules(rules), today)
    ranges = rank_ranges(around, draws=draws, seed=seed)
    return tuple(
        replace(item, rank_range=found)
        for item, found in zip(evaluation.scores, ranges, strict=True)
    )


def board_of(
    inputs: Inputs,
    parameters: Parameters,
    evaluation: Evaluation,
    *,
    rules: Rules,
    today: date | None,
) -> Board:
    """Return what every criterion says of every candidate: to weigh it anew, `Board.reweighed`.

    Parameters
    ----------
    evaluation
        Of the same inputs, parameters, rules and day.

    Raises
    ------
    InputError
        As `evaluate`.
    """
    return listen(_surroundings(inputs, parameters, evaluation.travel, read_rules(rules), today))


def demand_by_area(
    inputs: Inputs, parameters: Parameters, *, rules: Rules = BUILT_IN_RULES
) -> tuple[AreaRow, ...]:
    """Return how much of the demand lies in each area, in the order of the rules.

    A point may lie in several; who is in none is a row of its own, the last.

    Raises
    ------
    InputError
        As `evaluate`.
    """
    demand, book = read_demand(inputs.demand, parameters), read_rules(rules)
    lies = demand_areas(inputs, demand, book).lies
    present = demand.point_hours / demand.hours_per_week
    found = [
        AreaRow(rule.area_type, int(held.sum()), float(present[held].sum()))
        for rule, held in zip(book.rules, lies, strict=True)
    ]
    nowhere = ~lies.any(axis=0)
    return (*found, AreaRow("", int(nowhere.sum()), float(present[nowhere].sum())))


def rules_mark(rules: Rules | None) -> str | None:
    """Return what tells rules apart in the hash of a scenario; the shipped ones by their name."""
    if rules is None:
        return None
    book = read_rules(rules)
    return book.sha256 if book.name != BUILT_IN_RULES else book.name


def scenario_of(
    inputs: Inputs,
    parameters: Parameters,
    rules: Rules | None,
    today: date,
    *,
    digest: Callable[[pd.DataFrame], str] | None = None,
) -> str:
    """Return the hash of a decision by rules on a day: another once a host's consent runs out.

    Parameters
    ----------
    digest
        As of `scenario_hash`.
    """
    gone = expired_consents(inputs.candidates, today) if rules is not None else ()
    more = {"expired": gone} if gone else {}
    return scenario_hash(inputs, parameters, digest=digest, rules=rules_mark(rules), **more)


def travel_of(inputs: Inputs, parameters: Parameters, previous: Evaluation | None) -> SiteTravel:
    """Return the distances of all sites.

    Raises
    ------
    InputError
        A cut-off or cap that is no distance.
    """
    for name in ("cutoff_m", "attach_cap_m"):
        metres = getattr(parameters, name)
        if not (math.isfinite(metres) and metres > 0):
            raise InputError("siting_metres", name=name, metres=metres)
    more_m = parameters.alternatives_m
    if not (math.isfinite(more_m) and more_m >= 0):
        raise InputError("siting_metres_negative", name="alternatives_m", metres=more_m)
    return site_travel(inputs, parameters, None if previous is None else previous.travel)


def covered_by(inputs: Inputs, sites: SiteTravel, mask: NDArray[np.bool_]) -> CoverageResult:
    """Return nominal coverage by the sites of `mask` (bool[sites])."""
    ids = np.array([*inputs.stations["id"], *inputs.candidates["id"]], dtype=object)
    return nominal_coverage(inputs.demand, sites.demand, sites.matrix, mask, ids)


def scoring_of(
    inputs: Inputs,
    parameters: Parameters,
    sites: SiteTravel,
    book: RuleBook,
    today: date | None = None,
) -> Scoring:
    """Return what works out the scores of the candidates by a rule book."""
    return Scoring(partial(_surroundings, inputs, parameters, sites, book, today))


def scores_of(
    inputs: Inputs,
    parameters: Parameters,
    sites: SiteTravel,
    book: RuleBook,
    today: date | None = None,
) -> tuple[CandidateScore, ...]:
    """Return the scores of the candidates by a rule book, in the order of the table."""
    return scoring_of(inputs, parameters, sites, book, today).all


def _surroundings(
    inputs: Inputs,
    parameters: Parameters,
    sites: SiteTravel,
    book: RuleBook,
    today: date | None,
) -> Surroundings:
    covered = sites.matrix.covered(sites.open_sites(inputs.stations))
    walk = sites.candidate_matrix()
    off_streets = sites.unattached_candidates(inputs.candidates["id"])
    return surroundings(
        inputs, parameters, sites.demand, book, walk, covered, off_streets, today=today
    )
