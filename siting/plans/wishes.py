"""What a planner asks of a plan beside its size: which sites, how many where, how far apart.

require, forbid   candidates by id
quotas            of the candidates of a town, kind, host type or area type, at least and at most
                  so many; those of a rule file join them
floors            of the workers of a town, group or window at least this share is covered, old
                  stations included
keep, close       existing stations by id; `siting.plans.closing` says what may be done with them
closable, closings, moves
fair, fair_within the worst-off town, group or window comes first: `siting.plans.evenness`
spacing_m         new stations stand so far from each other and from all that are not closed, in a
                  straight line
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from geo.errors import InputError
from geo.reference import read_list
from siting.allocation import Floor, Quota
from siting.allocation.problem import Bools
from siting.candidates.nearness import pairs_within
from siting.coverage.points import Demand
from siting.model import Inputs
from siting.results import CandidateScore
from siting.rules.book import RuleBook

QuotaField = Literal["town", "kind", "host_type", "area"]
FloorField = Literal["town", "group", "window"]


@dataclass(frozen=True)
class QuotaWish:
    """So many of a town, kind, host type or area type; without a value, of each one."""

    field: QuotaField
    value: str | None = None
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class FloorWish:
    """At least this share (0..1) of a town's workers is covered; without a town, of each one's.

    Of a group's or a window's where `field` says so: `code` is its code, None means each one's.
    """

    share: float
    town: str | None = None
    field: FloorField = "town"
    code: str | None = None

    @property
    def value(self) -> str | None:
        """The town, group or window; None: each."""
        return self.town if self.field == "town" else self.code


@dataclass(frozen=True)
class Wishes:
    """All of them; nothing is asked by default. `spacing_m` 0: stations may stand anywhere."""

    require: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    quotas: tuple[QuotaWish, ...] = ()
    floors: tuple[FloorWish, ...] = ()
    spacing_m: float = 0.0
    keep: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    closable: tuple[str, ...] = ()
    closings: int = 0
    moves: int = 0
    fair: FloorField | None = None
    fair_within: float | None = None

    def __bool__(self) -> bool:
        """Whether anything is asked."""
        return self != NO_WISHES

    @property
    def alone(self) -> bool:
        """Whether the plan is given alone: it chooses stations to close, or has two goals."""
        chooses = bool(self.closable or self.closings or self.moves)
        return chooses or self.fair is not None


NO_WISHES = Wishes()


@dataclass(frozen=True, eq=False)
class SideConstraints:
    """The same for the candidates and demand points of one problem.

    Attributes
    ----------
    quotas, apart, floors
        As `Problem` has them.
    left_out
        bool[candidates]: forbidden, or too near an existing station.
    floor_rows
        bool[demand rows] of each floor: which rows of the table count in it.
    """

    quotas: tuple[Quota, ...]
    apart: tuple[tuple[int, int], ...]
    floors: tuple[Floor, ...]
    left_out: Bools
    floor_rows: tuple[Bools, ...] = ()


def called(candidates: pd.DataFrame) -> pd.Series:
    """Return what people call each candidate: its name, or its id where that is none or shared."""
    names, ids = (candidates[column].astype(str) for column in ("name", "id"))
    return names.where((names != "") & ~names.duplicated(keep=False), ids)


def with_rule_quotas(wishes: Wishes, book: RuleBook | None) -> Wishes:
    """Return the wishes with the quotas of the rules that a plan is made by, each once."""
    asked = () if book is None else book.quotas
    of_rules = [QuotaWish(one.field, one.value, one.least, one.most) for one in asked]
    more = tuple(wish for wish in of_rules if wish not in wishes.quotas)
    return replace(wishes, quotas=(*wishes.quotas, *more)) if more else wishes


def side_constraints(
    inputs: Inputs,
    demand: Demand,
    wishes: Wishes,
    scores: Sequence[CandidateScore] | None = None,
) -> SideConstraints:
    """Return what the wishes mean for these inputs.

    Parameters
    ----------
    scores
        Of the candidates by the rules, which say in which areas they lie; None: nobody knows.

    Raises
    ------
    InputError
        An id, town, kind or host type that no candidate (no demand) has; one both required and
        forbidden; a spacing that is negative; a quota of an area where there are no rules, or where
        no candidate lies.
    """
    table = inputs.candidates
    place = {str(name): number for number, name in enumerate(table["id"])}
    for name in (*wishes.require, *wishes.forbid):
        if name not in place:
            raise InputError("siting_plan_no_candidate", id=name)
    for name in sorted(set(wishes.require) & set(wishes.forbid)):
        raise InputError("siting_plan_both_ways", id=name)
    left_out = table["id"].astype(str).isin(wishes.forbid).to_numpy()
    apart, too_near = _spaced(inputs, wishes.spacing_m)
    known = dict(zip(table["id"].astype(str), called(table), strict=True))
    required = tuple(Quota(known[name], (place[name],), least=1, most=1) for name in wishes.require)
    floors = list(_floors(inputs, demand, wishes.floors))
    return SideConstraints(
        quotas=(*required, *_quotas(table, wishes.quotas, scores)),
        apart=apart,
        floors=tuple(floor for floor, _ in floors),
        left_out=left_out | too_near,
        floor_rows=tuple(rows for _, rows in floors),
    )


def _quotas(
    table: pd.DataFrame, wishes: tuple[QuotaWish, ...], scores: Sequence[CandidateScore] | None
) -> Iterator[Quota]:
    for wish in wishes:
        if wish.field == "area":
            yield from _of_areas(wish, scores)
            continue
        column = table[wish.field].astype(str)
        values = [wish.value] if wish.value is not None else sorted(set(column) - {""})
        for value in values:
            sites = tuple(np.flatnonzero((column == value).to_numpy()).tolist())
            if sites:
                yield Quota(value, sites, wish.least, wish.most)
            elif wish.least or value not in read_list("reference/kinds"):
                raise InputError("siting_plan_no_value", field=wish.field, value=value)


def _of_areas(wish: QuotaWish, scores: Sequence[CandidateScore] | None) -> Iterator[Quota]:
    if scores is None:
        raise InputError("siting_plan_area_needs_rules")
    areas = read_list("reference/area_types")
    if wish.value is not None and wish.value not in areas:
        raise InputError("siting_plan_no_value", field=wish.field, value=wish.value)
    for area in areas if wish.value is None else [wish.value]:
        sites = tuple(n for n, score in enumerate(scores) if area in score.area_types)
        if sites:
            yield Quota(area, sites, wish.least, wish.most)
        elif wish.least and wish.value is not None:
            told = f"{areas[area]['zh']}（{area}）"
            raise InputError("siting_plan_no_area", area=told, least=wish.least)


def floors_of(inputs: Inputs, demand: Demand, wishes: tuple[FloorWish, ...]) -> tuple[Floor, ...]:
    """Return floors that are wished for, for the points of `demand`.

    Raises
    ------
    InputError
        A town, group or window that nobody is in.
    """
    return tuple(floor for floor, _ in _floors(inputs, demand, wishes))


def _floors(
    inputs: Inputs, demand: Demand, wishes: tuple[FloorWish, ...]
) -> Iterator[tuple[Floor, Bools]]:
    """Yield each floor, and which rows of the demand count in it."""
    first = ~inputs.demand["id"].duplicated().to_numpy()
    of_row = {
        "town": inputs.demand["town"].astype(str).to_numpy()[first][demand.row_point],
        "group": inputs.demand["group"].astype(str).to_numpy(),
        "window": inputs.demand["window"].astype(str).to_numpy(),
    }
    everywhere = np.ones(demand.points, dtype=bool)
    for wish in wishes:
        column = of_row[wish.field]
        counts = demand.row_hours > 0
        values = [wish.value] if wish.value is not None else sorted({*column[counts]} - {""})
        for value in values:
            rows = column == value
            if not (rows & counts).any() and wish.value is not None:
                raise InputError("siting_plan_no_value", field=wish.field, value=value)
            hours = demand.sum_points(np.where(rows, demand.row_hours, 0.0))
            if wish.field == "town":
                yield Floor(value, hours > 0, wish.share), rows
            else:
                yield Floor(value, everywhere, wish.share, hours), rows


def _spaced(inputs: Inputs, spacing_m: float) -> tuple[tuple[tuple[int, int], ...], Bools]:
    """Return pairs of candidates nearer than `spacing_m`, and candidates so near a station."""
    near = np.zeros(len(inputs.candidates), dtype=bool)
    if not (np.isfinite(spacing_m) and spacing_m >= 0):
        raise InputError("siting_metres_negative", name="spacing_m", metres=spacing_m)
    if not spacing_m or not len(near):
        return (), near
    places, stations = (
        (table["lon"].to_numpy(dtype=float), table["lat"].to_numpy(dtype=float))
        for table in (inputs.candidates, inputs.stations[inputs.stations["state"].ne("closed")])
    )
    one, two, metres = pairs_within(places, places, spacing_m)
    clash = (one < two) & (metres < spacing_m)
    beside, _, metres = pairs_within(places, stations, spacing_m)
    near[beside[metres < spacing_m]] = True
    return tuple(zip(one[clash].tolist(), two[clash].tolist(), strict=True)), near
