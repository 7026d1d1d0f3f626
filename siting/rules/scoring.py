"""Area types, evidence, points, rank, reasons and changes of every candidate."""

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from siting.results import CandidateScore, Evidence
from siting.rules.board import Board, Heard, listen
from siting.rules.book import Rule
from siting.rules.changes import what_ifs
from siting.rules.reach import Surroundings
from siting.rules.sentences import YES_OR_NO, Said, Terms
from siting.score_parts import AreaFound, CriterionScore, WhatIf

ZONE = "zone"
"""What evidence is called that is a zone's word, not a figure's."""


class Scoring:
    """Scores of the candidates, each worked out where somebody asks for it.

    See `siting.rules.board`. Ranks follow points, then the order of the table; who breaks a filter
    comes last.

    Parameters
    ----------
    look
        Returns what is around the candidates; called once, with the first score.
    """

    def __init__(self, look: Callable[[], Surroundings]) -> None:
        self._look = look

    @cached_property
    def around(self) -> Surroundings:
        """What is around the candidates."""
        return self._look()

    @cached_property
    def board(self) -> Board:
        """What all criteria say of all candidates."""
        return listen(self.around)

    @cached_property
    def all(self) -> tuple[CandidateScore, ...]:
        """A score per candidate, in the order of the table."""
        return tuple(self._score(one, name) for one, name in enumerate(self._ids))

    def of(self, candidate_id: str) -> CandidateScore | None:
        """Return the score of one candidate; None: there is no such candidate."""
        one = self._rows.get(candidate_id)
        return None if one is None else self._score(one, candidate_id)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {name: one for one, name in enumerate(self._ids)}

    @cached_property
    def _ids(self) -> tuple[str, ...]:
        return tuple(map(str, self.around.candidates["id"]))

    @cached_property
    def _changes(self) -> tuple[tuple[WhatIf, ...], ...]:
        return what_ifs(self.around, self.board)

    @cached_property
    def _gained(self) -> NDArray[np.float64]:
        return self.around.gained

    def _score(self, one: int, name: str) -> CandidateScore:
        around, board = self.around, self.board
        totals, changes = board.totals, self._changes[one]
        unattached = around.unattached.get(name)
        order = _order(board, one)
        areas = tuple(board.areas.found_by(number, one) for number in order)
        evidence = tuple(
            item
            for number, area in zip(order, areas, strict=True)
            for item in _evidence(board, number, area, one)
        )
        criteria = _criteria(board, one)
        deciding = int(totals.deciding[one])
        said = Said(
            evidence=evidence,
            points=float(totals.points[one]),
            rank=int(totals.ranks[one]),
            gained=float(self._gained[one]),
            cutoff_m=around.parameters.cutoff_m,
            terms=Terms(
                around.demand.measure,
                "straight_line" if around.inputs.streets is None else "street",
            ),
            unattached=unattached,
            area=areas[0] if areas else None,
            rule_points=_rounded(totals.by_rule[deciding, one]) if areas else None,
            criteria=criteria,
            spacing_m=around.book.common.spacing_m,
            excluded=_broken(board, one),
            changes=changes,
        )
        return CandidateScore(
            id=name,
            area_types=tuple(area.area_type for area in areas),
            evidence=evidence,
            criteria={item.name: item.points for item in criteria},
            points=said.points,
            rank=said.rank,
            says=said,
            workers_gained=said.gained,
            unattached=unattached,
            rules=around.book.name,
            rules_version=around.book.version,
            rules_dated=around.book.dated,
            areas=areas,
            breakdown=criteria,
            what_if=changes,
            excluded=said.excluded,
        )


def _order(board: Board, one: int) -> list[int]:
    """Return the rules whose areas hold a candidate, the one that decides first."""
    points = board.totals.by_rule[:, one]
    held = np.flatnonzero(np.isfinite(points))
    return [int(number) for number in held[np.argsort(-points[held], kind="stable")]]


def _evidence(board: Board, number: int, area: AreaFound, one: int) -> list[Evidence]:
    """Return the figures that speak for a rule, then what is a yes or a no.

    If no figure speaks, why the place is in its area comes first.
    """
    rule = board.areas.rules[number]
    spoken = [_fact(rule, heard, one) for heard in board.rules[number]]
    told = [fact for fact in spoken if fact is not None]
    figures = [fact for fact in told if fact.measure not in YES_OR_NO]
    answers = [fact for fact in told if fact.measure in YES_OR_NO]
    return [*(figures or _why(rule, area)), *answers]


def _why(rule: Rule, area: AreaFound) -> list[Evidence]:
    """Return why a place is in an area, as evidence."""
    if area.by == "zone":
        return [Evidence(rule.area_type, ZONE, 1.0, "", subject=area.zone)]
    return [
        Evidence(
            rule.area_type, fact.figure, fact.value, fact.unit, fact.subject, reach_m=fact.radius_m
        )
        for fact in area.facts
    ]


def _fact(rule: Rule, heard: Heard, one: int) -> Evidence | None:
    measure = heard.measure(one)
    if measure is None:
        return None
    value = float(heard.figures[one])
    tagged = measure.name == "host_workers" and rule.tag_workers is not None
    return Evidence(
        area_type=rule.area_type,
        measure=measure.name,
        value=value,
        unit=measure.unit,
        subject=heard.subjects[one],
        proxy=measure.proxy,
        reach_m=float(heard.reach_m[one]),
        tag=rule.tag_workers if tagged and value >= (rule.tag_workers or 0.0) else None,
    )


def _criteria(board: Board, one: int) -> tuple[CriterionScore, ...]:
    """Return what each criterion of the deciding rule and each common one gives."""
    totals, weights = board.totals, board.weights
    if board.off_streets[one]:
        return ()
    shared, deciding = float(totals.shared[one]), int(totals.deciding[one])
    told: list[CriterionScore] = []
    if deciding >= 0:
        rule = board.areas.rules[deciding]
        share = weights.rule / shared / float(totals.asked[deciding, one])
        told += [
            _criterion(heard, one, share * heard.criterion.weight, rule)
            for heard in board.rules[deciding]
            if heard.applies[one]
        ]
    told += [
        _criterion(heard, one, heard.criterion.weight / shared, None)
        for heard in board.common
        if heard.applies[one]
    ]
    return tuple(told)


def _criterion(heard: Heard, one: int, weight: float, rule: Rule | None) -> CriterionScore:
    measure = heard.measure(one)
    points = float(heard.points[one])
    value = float(heard.figures[one])
    return CriterionScore(
        name=heard.criterion.name,
        area_type=None if rule is None else rule.area_type,
        asked=heard.criterion.measures[0].name,
        measure="" if measure is None else measure.name,
        value=None if np.isnan(value) else value,
        unit="" if measure is None else measure.unit,
        code=heard.codes[one],
        subject=heard.subjects[one],
        reach_m=float(heard.reach_m[one]),
        proxy=measure is not None and measure.proxy,
        assumed=bool(heard.assumed[one]),
        points=_rounded(points),
        weight=weight,
        contribution=weight * points * (1.0 if rule is None else rule.weight),
    )


def _broken(board: Board, one: int) -> tuple[str, ...]:
    """Return the criteria whose filter a candidate breaks."""
    lies = board.areas.lies[:, one]
    in_area = [
        heard for held, heards in zip(lies, board.rules, strict=True) if held for heard in heards
    ]
    return tuple(
        heard.criterion.name for heard in (*in_area, *board.common) if not heard.passes[one]
    )


def _rounded(points: float) -> float:
    return round(float(points), 1)
