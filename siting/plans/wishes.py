"""What a planner asks of a plan beside its size: which sites, how many where, how far apart.

require, forbid   candidates by id
quotas            of the candidates of a town, kind or host type, at least and at most so many
floors            of the workers of a town at least this share is covered, old stations included
spacing_m         new stations stand so far from each other and from all that are not closed, in a
                  straight line
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from geo.errors import InputError
from siting.allocation import Floor, Quota
from siting.allocation.problem import Bools
from siting.candidates.nearness import pairs_within
from siting.coverage.points import Demand
from siting.model import Inputs

QuotaField = Literal["town", "kind", "host_type"]


@dataclass(frozen=True)
class QuotaWish:
    """So many of a town, kind or host type; without a value, of each one."""

    field: QuotaField
    value: str | None = None
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class FloorWish:
    """At least this share (0..1) of a town's workers is covered; without a town, of each one's."""

    share: float
    town: str | None = None


@dataclass(frozen=True)
class Wishes:
    """All of them; nothing is asked by default. `spacing_m` 0: stations may stand anywhere."""

    require: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    quotas: tuple[QuotaWish, ...] = ()
    floors: tuple[FloorWish, ...] = ()
    spacing_m: float = 0.0

    def __bool__(self) -> bool:
        """Whether anything is asked."""
        return self != NO_WISHES


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
    """

    quotas: tuple[Quota, ...]
    apart: tuple[tuple[int, int], ...]
    floors: tuple[Floor, ...]
    left_out: Bools


def called(candidates: pd.DataFrame) -> pd.Series:
    """Return what people call each candidate: its name, or its id where that is none or shared."""
    names, ids = (candidates[column].astype(str) for column in ("name", "id"))
    return names.where((names != "") & ~names.duplicated(keep=False), ids)


def side_constraints(inputs: Inputs, demand: Demand, wishes: Wishes) -> SideConstraints:
    """Return what the wishes mean for these inputs.

    Raises
    ------
    InputError
        An id, town, kind or host type that no candidate (no demand) has; one both required and
        forbidden; a spacing that is negative.
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
    return SideConstraints(
        quotas=(*required, *_quotas(table, wishes.quotas)),
        apart=apart,
        floors=tuple(_floors(inputs, demand, wishes.floors)),
        left_out=left_out | too_near,
    )


def _quotas(table: pd.DataFrame, wishes: tuple[QuotaWish, ...]) -> Iterator[Quota]:
    for wish in wishes:
        column = table[wish.field].astype(str)
        values = [wish.value] if wish.value is not None else sorted(set(column) - {""})
        for value in values:
            sites = tuple(np.flatnonzero((column == value).to_numpy()).tolist())
            if not sites:
                raise InputError("siting_plan_no_value", field=wish.field, value=value)
            yield Quota(value, sites, wish.least, wish.most)


def _floors(inputs: Inputs, demand: Demand, wishes: tuple[FloorWish, ...]) -> Iterator[Floor]:
    first = ~inputs.demand["id"].duplicated().to_numpy()
    town = inputs.demand["town"].astype(str)[first]
    for wish in wishes:
        towns = [wish.town] if wish.town is not None else sorted(set(town) - {""})
        for name in towns:
            points = (town == name).to_numpy()
            if not (demand.point_hours[points] > 0).any() and wish.town is not None:
                raise InputError("siting_plan_no_value", field="town", value=name)
            yield Floor(name, points, wish.share)


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
