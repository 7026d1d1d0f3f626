"""Where two standards do not say the same of people, who they are, and why.

By distance alone, as everywhere that standards are compared. Why a standard leaves somebody out is
found by loosening it: the first of its demands without which it would count them is the reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from siting.coverage.gaps import Gap, gaps
from siting.coverage.levels import Level, Terms
from siting.coverage.points import Demand
from siting.gap_places import GapPlace, named_places
from siting.judging import Disagreement, Judged, Judgement, judge_norms
from siting.model import Inputs, Parameters
from siting.standards import Rule, Standard, Way
from siting.weather import MILD

Why = Literal["few", "dense", "walk", "circle", "detour", "slower", "far"]
"""`few`: stations are in reach, but not enough of them. `dense`: a shorter limit holds where
workers are dense. `walk`, `circle`: this one of several limits is missed. `detour`: near enough as
the crow flies, too far along streets. `slower`: near enough by e-bike, too far on foot. `far`:
beyond it."""

MOST_AREAS = 10
"""How many places of a disagreement are told."""


@dataclass(frozen=True)
class Reason:
    """Why a standard leaves people out whom another one counts.

    Attributes
    ----------
    workers
        Average present workers; the reasons of one standard sum to all whom it leaves out.
    """

    why: Why
    workers: float


@dataclass(frozen=True, eq=False)
class ApartArea:
    """A place where two standards disagree.

    Attributes
    ----------
    only_first, only_second
        Average present workers there whom only this one counts.
    """

    gap: Gap
    place: GapPlace
    only_first: float
    only_second: float


@dataclass(frozen=True, eq=False)
class Apart:
    """What two standards make of the same people.

    Attributes
    ----------
    first, second
        The two.
    between
        Whom only one of them counts, point by point.
    why_not_second
        Why the second leaves out those whom only the first counts, most workers first.
    why_not_first
        The other way round.
    areas
        Where they disagree, most workers first; who is scattered is in none.
    """

    demand: Demand
    first: Judged
    second: Judged
    between: Disagreement
    why_not_second: tuple[Reason, ...]
    why_not_first: tuple[Reason, ...]
    areas: tuple[ApartArea, ...]


def apart(
    inputs: Inputs,
    parameters: Parameters,
    norms: tuple[Standard, Standard],
    terms: Terms | None = None,
) -> Apart:
    """Return where two standards disagree, and why.

    Parameters
    ----------
    inputs, parameters, terms
        As for `judging.judge`.
    norms
        The two; they may be alike.

    Raises
    ------
    InputError
        Tables that cannot be used; the sentence says which.
    """
    looser = [list(_looser(norm)) for norm in norms]
    every = (*norms, *(norm for ways in looser for _, norm in ways))
    found = judge_norms(inputs, parameters, every, terms)
    first, second, *others = found.judged
    of_first, of_second = others[: len(looser[0])], others[len(looser[0]) :]
    (between,) = replace(found, judged=(first, second)).disagreements()
    one, other = _counts(first), _counts(second)
    return Apart(
        demand=found.demand,
        first=first,
        second=second,
        between=between,
        why_not_second=_reasons(
            found,
            one & ~other,
            list(zip([why for why, _ in looser[1]], of_second, strict=True)),
            _otherwise(norms[1], norms[0]),
        ),
        why_not_first=_reasons(
            found,
            other & ~one,
            list(zip([why for why, _ in looser[0]], of_first, strict=True)),
            _otherwise(norms[0], norms[1]),
        ),
        areas=_areas(inputs, found, one, other),
    )


def _counts(item: Judged) -> NDArray[np.bool_]:
    counts: NDArray[np.bool_] = item.nominal.level > Level.OUT_OF_REACH
    return counts


def _looser(norm: Standard) -> Iterator[tuple[Why, Standard]]:
    """Yield a standard without one of its demands after the other."""
    if norm.least_stations > 1:
        yield "few", replace(norm, least_stations=1)
    if norm.by_density:
        usual = tuple(rule for rule in norm.rules if rule.workers_from_per_km2 == 0)
        yield "dense", replace(norm, rules=usual)
    ways: tuple[tuple[Why, Way], ...] = (("walk", "walk"), ("circle", "circle"))
    for why, way in ways:
        rules = tuple(_without(rule, way) for rule in norm.rules)
        if rules != norm.rules:
            yield why, replace(norm, rules=rules)


def _without(rule: Rule, way: Way) -> Rule:
    """Return a rule without its limits of one way, as long as others stay."""
    kept = tuple(limit for limit in rule.limits if limit.way != way)
    return replace(rule, limits=kept) if kept else rule


def _otherwise(leaves_out: Standard, counts: Standard) -> Why:
    """Return the reason where none of a standard's demands alone is it."""

    def ways(norm: Standard) -> set[Way]:
        return {limit.way for rule in norm.rules for limit in rule.limits}

    if ways(counts) == {"circle"} and ways(leaves_out) == {"walk"}:
        same = counts.farthest_m("circle") <= leaves_out.farthest_m("walk")
        return "detour" if same else "far"
    if "ebike" in ways(counts) and ways(leaves_out) == {"walk"}:
        return "slower"
    return "far"


def _reasons(
    found: Judgement,
    left_out: NDArray[np.bool_],
    looser: list[tuple[Why, Judged]],
    otherwise: Why,
) -> tuple[Reason, ...]:
    workers: dict[Why, float] = {}
    left = left_out.copy()
    for why, item in looser:
        mine = left & _counts(item)
        workers[why] = float(found.workers(mine).sum())
        left &= ~mine
    workers[otherwise] = float(found.workers(left).sum())
    told = (Reason(why, number) for why, number in workers.items() if number > 0)
    return tuple(sorted(told, key=lambda reason: -reason.workers))


def _areas(
    inputs: Inputs,
    judged: Judgement,
    one: NDArray[np.bool_],
    other: NDArray[np.bool_],
) -> tuple[ApartArea, ...]:
    demand, cells = judged.demand, judged.cells
    by_cell = np.where(one != other, judged.hours, 0.0)
    by_point = np.zeros((demand.points, len(Level)))
    by_point[:, Level.OUT_OF_REACH] = by_cell.sum(axis=1)
    of_windows = [MILD.window_hours(code) for code in cells.windows]
    found = gaps(demand, cells, by_cell, by_point, of_windows, most=MOST_AREAS)
    places = named_places(inputs, demand, found, by_cell.sum(axis=1))
    first, second = judged.workers(one & ~other), judged.workers(other & ~one)
    return tuple(
        ApartArea(gap, place, float(first[gap.points].sum()), float(second[gap.points].sum()))
        for gap, place in zip(found, places, strict=True)
    )
