"""Points, weights and ranks: what all criteria say of all candidates, added up.

The points of a candidate are the weighted mean of its area's rule and the common criteria that
apply to it; the rule's own are the weighted mean of its criteria times the rule's weight. Of
several areas the rule that gives most counts, the earlier of equals.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from siting.rules.areas import AreaMap
from siting.rules.book import Common, Criterion, Measure, Rule, RuleBook
from siting.rules.common import COMMON
from siting.rules.measures import MEASURES
from siting.rules.reach import Surroundings
from siting.rules.readings import Reading

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]
Bool = NDArray[np.bool_]
POINT_DIGITS = 1


@dataclass(frozen=True, eq=False)
class Heard:
    """What one criterion says of c candidates.

    Attributes
    ----------
    spoken
        int64[c]: which measure speaks; -1: none, points are those of the unknown.
    figures, codes, subjects, reach_m
        As the measure that speaks has them.
    assumed, applies, passes
        bool[c]: a default of ours stands in; the criterion is asked; no filter is broken.
    points
        float64[c], 0..100.
    """

    criterion: Criterion
    spoken: Int64
    figures: Float64
    codes: tuple[str, ...]
    subjects: tuple[str, ...]
    reach_m: Float64
    assumed: Bool
    applies: Bool
    passes: Bool
    points: Float64

    def measure(self, candidate: int) -> Measure | None:
        """Return the measure that speaks for a candidate."""
        place = int(self.spoken[candidate])
        return self.criterion.measures[place] if place >= 0 else None


def hear_rule(around: Surroundings, rule: Rule, criterion: Criterion) -> Heard:
    """Return what a criterion of an area's rule says of every candidate."""
    readings = [MEASURES[measure.name](around, rule) for measure in criterion.measures]
    found = heard(criterion, readings, len(around.candidates))
    if not criterion.unless:
        return found
    told = np.isfinite(MEASURES[criterion.unless](around, rule).figures)
    return replace(
        found,
        spoken=np.where(told, -1, found.spoken),
        applies=found.applies & ~told,
        passes=found.passes | told,
    )


def hear_common(around: Surroundings, criterion: Criterion) -> Heard:
    """Return what a common criterion says of every candidate."""
    common = around.book.common
    readings = [COMMON[measure.name](around, common) for measure in criterion.measures]
    return heard(criterion, readings, len(around.candidates))


def heard(criterion: Criterion, readings: Sequence[Reading], size: int) -> Heard:
    """Return points: the first measure that speaks gives them, and judges the filters."""
    spoken = np.full(size, -1, dtype=np.int64)
    figures, points = np.full(size, np.nan), np.full(size, criterion.unknown)
    reach_m, assumed = np.zeros(size), np.zeros(size, dtype=bool)
    applies, passes = np.ones(size, dtype=bool), np.ones(size, dtype=bool)
    codes, subjects = [""] * size, [""] * size
    for place, (measure, reading) in enumerate(zip(criterion.measures, readings, strict=True)):
        given, own, kept = _judged(measure, reading, size)
        speaks = (spoken < 0) & own
        spoken[speaks], points[speaks], passes[speaks] = place, given[speaks], kept[speaks]
        figures[speaks], reach_m[speaks] = reading.figures[speaks], reading.reach_m
        if reading.assumed is not None:
            assumed[speaks] = reading.assumed[speaks]
        if reading.applies is not None:
            applies &= reading.applies
        for candidate in np.flatnonzero(speaks).tolist():
            subjects[candidate] = reading.subjects[candidate]
            codes[candidate] = reading.codes[candidate] if reading.codes else ""
    return Heard(
        criterion=criterion,
        spoken=spoken,
        figures=figures,
        codes=tuple(codes),
        subjects=tuple(subjects),
        reach_m=reach_m,
        assumed=assumed,
        applies=applies,
        passes=passes | ~applies,
        points=points,
    )


def _judged(measure: Measure, reading: Reading, size: int) -> tuple[Float64, Bool, Bool]:
    """Return points, where the measure speaks, and where no filter of it is broken."""
    if measure.levels:
        codes = reading.codes or ("",) * size
        points = np.array([measure.levels.get(code, np.nan) for code in codes])
        return points, np.isfinite(points), ~np.isin(codes, measure.must_not)
    speaks = np.isfinite(reading.figures)
    if measure.at_least is not None:
        speaks &= reading.figures >= measure.at_least
    return measure.points(reading.figures), speaks, measure.passes(reading.figures)


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights of all criteria; those of a group sum to 1, or are brought to it.

    Attributes
    ----------
    rules
        float64 per rule: one weight per criterion.
    rule, common
        Of the area's rule, and float64: of each common criterion.
    """

    rules: tuple[Float64, ...]
    rule: float
    common: Float64


@dataclass(frozen=True, eq=False)
class Totals:
    """What weights make of what was heard; c candidates.

    Attributes
    ----------
    by_rule
        float64[rules, c]: points of each rule; NaN where the place is not in its area.
    asked
        float64[rules, c]: share of each rule's weights that is asked of the candidate.
    deciding
        int64[c]: the rule that counts; -1: the place is in no area.
    shared
        float64[c]: sum of the weights that apply to the candidate.
    points
        float64[c], rounded to 0.1; 0 where excluded.
    excluded
        bool[c]: a filter is broken, or streets do not reach the candidate.
    """

    by_rule: Float64
    asked: Float64
    deciding: Int64
    shared: Float64
    points: Float64
    excluded: Bool

    @cached_property
    def keys(self) -> Int64:
        """int64[c]: distinct, the greater ranks before: points, then the order of the table."""
        return rank_keys(self.points, self.excluded)

    @cached_property
    def ranks(self) -> Int64:
        """int64[c]: 1 is the best."""
        ranks = np.empty(len(self.keys), dtype=np.int64)
        ranks[np.argsort(-self.keys, kind="stable")] = np.arange(1, len(ranks) + 1)
        return ranks


def rank_keys(points: Float64, excluded: Bool) -> Int64:
    """Return distinct integers: more points first, excluded last, then the order of the table."""
    size = len(points)
    tenths = np.where(excluded, -1, np.round(points * 10**POINT_DIGITS).astype(np.int64))
    return np.asarray(tenths * max(size, 1) - np.arange(size), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Board:
    """Everything that was heard.

    Attributes
    ----------
    rules
        What each criterion of each rule says.
    common
        What each common criterion says.
    off_streets
        bool[c]: nobody can walk there.
    """

    areas: AreaMap
    rules: tuple[tuple[Heard, ...], ...]
    common: tuple[Heard, ...]
    shares: Common
    off_streets: Bool

    @cached_property
    def weights(self) -> Weights:
        """The weights of the rule file."""
        return Weights(
            tuple(np.array([one.criterion.weight for one in heards]) for heards in self.rules),
            self.shares.rule_weight,
            np.array([one.criterion.weight for one in self.common]),
        )

    @cached_property
    def totals(self) -> Totals:
        """Points by the weights of the rule file."""
        return self.weighed(self.weights)

    def weighed(self, weights: Weights) -> Totals:
        """Return points by some weights."""
        lies = self.areas.lies & ~self.off_streets
        by_rule, asked = np.full(lies.shape, np.nan), np.ones(lies.shape)
        for number, (heards, own) in enumerate(zip(self.rules, weights.rules, strict=True)):
            points, asked[number] = _mean(heards, own / own.sum())
            by_rule[number] = np.where(
                lies[number], points * self.areas.rules[number].weight, np.nan
            )
        ranked = np.where(np.isnan(by_rule), -1.0, by_rule)
        deciding = np.where(lies.any(axis=0), ranked.argmax(axis=0), -1)
        best = np.maximum(ranked.max(axis=0, initial=-1.0), 0.0)
        total, shared = weights.rule * best, np.full(len(best), weights.rule)
        for weight, one in zip(weights.common, self.common, strict=True):
            total += np.where(one.applies, weight * one.points, 0.0)
            shared += np.where(one.applies, weight, 0.0)
        excluded = self._excluded(lies)
        points = np.round(total / shared, POINT_DIGITS)
        return Totals(by_rule, asked, deciding, shared, np.where(excluded, 0.0, points), excluded)

    def reweighed(self, book: RuleBook) -> "Board":
        """Return the board with the weights of other rules that ask the very same.

        Raises
        ------
        ValueError
            They have other areas or criteria.
        """
        pairs = zip(self.rules, book.rules, strict=True)
        rules = tuple(_reweighed(heards, rule.criteria) for heards, rule in pairs)
        common = _reweighed(self.common, book.common.criteria)
        areas = replace(self.areas, rules=book.rules)
        return replace(self, areas=areas, rules=rules, common=common, shares=book.common)

    def _excluded(self, lies: Bool) -> Bool:
        broken = self.off_streets.copy()
        for one in self.common:
            broken |= ~one.passes
        for number, heards in enumerate(self.rules):
            for one in heards:
                broken |= lies[number] & ~one.passes
        return broken

    def heard_again(self, around: Surroundings, measures: frozenset[str]) -> "Board":
        """Return the board with the criteria that use some measures heard again."""
        rules = tuple(
            tuple(
                hear_rule(around, rule, one.criterion) if _uses(one, measures) else one
                for one in heards
            )
            for rule, heards in zip(self.areas.rules, self.rules, strict=True)
        )
        common = tuple(
            hear_common(around, one.criterion) if _uses(one, measures) else one
            for one in self.common
        )
        return replace(self, rules=rules, common=common)


def listen(around: Surroundings) -> Board:
    """Return what all criteria say of all candidates."""
    book = around.book
    return Board(
        areas=around.areas,
        rules=tuple(
            tuple(hear_rule(around, rule, one) for one in rule.criteria) for rule in book.rules
        ),
        common=tuple(hear_common(around, one) for one in book.common.criteria),
        shares=book.common,
        # Whatever lies around it, nobody can walk there.
        off_streets=around.candidates["id"].isin(around.unattached.keys()).to_numpy(dtype=bool),
    )


def _mean(heards: tuple[Heard, ...], shares: Float64) -> tuple[Float64, Float64]:
    """Return the mean of what is asked of each candidate, and the share of it; of nothing: 0."""
    asked, points = np.zeros((2, len(heards[0].points)))
    for share, one in zip(shares, heards, strict=True):
        asked += np.where(one.applies, share, 0.0)
        points += np.where(one.applies, share * one.points, 0.0)
    # Where all is asked nothing is divided, so that rounding is that of the weights alone.
    all_asked = np.all([one.applies for one in heards], axis=0)
    divided = np.divide(points, asked, out=np.zeros_like(points), where=asked > 0)
    return np.where(all_asked, points, divided), np.where(all_asked, 1.0, asked)


def _reweighed(heards: tuple[Heard, ...], criteria: tuple[Criterion, ...]) -> tuple[Heard, ...]:
    pairs = zip(heards, criteria, strict=True)
    return tuple(replace(one, criterion=criterion) for one, criterion in pairs)


def _uses(one: Heard, measures: frozenset[str]) -> bool:
    return any(measure.name in measures for measure in one.criterion.measures)
