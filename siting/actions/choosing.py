"""From bundles to location-allocation and back: columns, an order, and who gains by each.

What is covered by stations that stay where they are stays covered: a bundle only adds to it. A
station that may be moved is different: it serves nobody by itself, but by one of its columns, and
exactly one is chosen: it stays as it is, for nothing; it is bettered where it stands; or it stands
elsewhere. So the model loses whom a move leaves behind.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from siting.actions.bundles import Bundle
from siting.actions.items import Bools, Int64, Items, Served
from siting.allocation import Floor, Problem, Quota
from siting.coverage.points import Float64
from siting.plans.wishes import SideConstraints

_NOBODY = 1e-9
"""Worker-hours that are nobody."""


@dataclass(frozen=True, eq=False)
class Columns:
    """Bundles that are of use, each with the items it covers.

    Attributes
    ----------
    covered
        bool[n]: items covered by stations that stay as they are or only get better.
    bundles, items
        Of each column; the items ascending, those of `covered` left out.
    stays
        Station that may be moved -> the column in which it stays as it is.
    """

    covered: Bools
    bundles: tuple[Bundle, ...]
    items: tuple[Int64, ...]
    stays: Mapping[int, int]

    @property
    def actions(self) -> list[int]:
        """The columns in which something is done."""
        return [number for number, bundle in enumerate(self.bundles) if bundle.steps]


def columns_of(
    items: Items,
    served: Served,
    standing: Sequence[Bundle],
    bundles: Sequence[Bundle],
    moves: Mapping[int, Sequence[Bundle]],
    asked: frozenset[int] = frozenset(),
) -> Columns:
    """Return the columns of a problem.

    Parameters
    ----------
    standing
        The stations that count, as they are.
    bundles
        What may be done where things stand.
    moves
        What else may be done with stations that may be moved.
    asked
        Sites of which a bundle is kept even where it covers nobody.
    """
    covered = np.zeros(items.size, dtype=bool)
    now = {bundle.site: bundle for bundle in standing}
    for bundle in standing:
        if bundle.site not in moves:
            covered[served.near(bundle.place).item[served.mask(bundle)]] = True
    at: dict[int, list[Bundle]] = {}
    for bundle in bundles:
        at.setdefault(bundle.site, []).append(bundle)
    kept: list[tuple[Bundle, Int64]] = []
    stays: dict[int, int] = {}
    for site in sorted({*at, *moves}):
        first = now.get(site)
        options = [b for b in at.get(site, []) if first is None or _keeps(served, first, b)]
        if site in moves and first is not None:
            stays[site] = len(kept)
            kept.append((first, _new(served, first, covered)))
            options += moves[site]
        sets = [(b, _new(served, b, covered)) for b in options]
        kept += undominated(sets, least=0 if site in asked else 1)
    return Columns(
        covered=covered,
        bundles=tuple(bundle for bundle, _ in kept),
        items=tuple(got for _, got in kept),
        stays=stays,
    )


def undominated(
    options: Iterable[tuple[Bundle, Int64]], least: int = 1
) -> list[tuple[Bundle, Int64]]:
    """Return bundles of one site that cover somebody whom none as cheap at the same place covers.

    Of those that cover the same, at the same cost, the one with the fewest steps stays.
    """
    order = sorted(options, key=lambda o: (o[0].cost_yuan, -len(o[1]), len(o[0].steps)))
    kept: list[tuple[Bundle, Int64]] = []
    for bundle, got in order:
        beaten = any(
            bundle.place == other.place and len(np.setdiff1d(got, more, assume_unique=True)) == 0
            for other, more in kept
        )
        if len(got) >= least and not beaten:
            kept.append((bundle, got))
    return kept


def problem_of(
    items: Items,
    columns: Columns,
    *,
    new: int | None,
    budget_yuan: int | None,
    sides: SideConstraints,
    first: int,
) -> Problem:
    """Return the problem: the most worker-hours covered within the limits.

    Parameters
    ----------
    new
        At most so many places where something is done.
    sides
        What is asked besides, of candidates and demand points.
    first
        The row of the travel matrix of the first candidate.

    Raises
    ------
    InputError, InfeasibleError
        As `Problem`.
    """
    at: dict[int, list[int]] = {}
    for number, bundle in enumerate(columns.bundles):
        at.setdefault(bundle.place - first, []).append(number)
    quotas = [*_exclusive(columns), *(_of_columns(quota, at) for quota in sides.quotas)]
    limit = new
    if new is not None and columns.stays:
        quotas.append(Quota("actions", tuple(columns.actions), most=new))
        limit = new + len(columns.stays)
    return Problem(
        weights=items.hours,
        covered=columns.covered,
        indptr=np.cumsum([0, *map(len, columns.items)]).astype(np.int64),
        demand=np.concatenate([np.empty(0, np.int64), *columns.items]).astype(np.int32),
        cost_yuan=np.array([bundle.cost_yuan for bundle in columns.bundles], dtype=np.int64),
        allowed=np.ones(len(columns.bundles), dtype=bool),
        new=limit,
        budget_yuan=budget_yuan,
        quotas=tuple(quotas),
        apart=tuple(
            pair
            for one, two in sides.apart
            for pair in itertools.product(at.get(one, ()), at.get(two, ()))
        ),
        floors=tuple(
            Floor(floor.name, rows[items.row], floor.share)
            for floor, rows in zip(sides.floors, sides.floor_rows, strict=True)
        ),
    )


def _of_columns(quota: Quota, at: Mapping[int, Sequence[int]]) -> Quota:
    """Return a quota of candidates as one of the columns that stand there."""
    return replace(quota, sites=tuple(n for site in quota.sites for n in at.get(site, ())))


@dataclass(frozen=True, eq=False)
class Turn:
    """One bundle in its turn.

    Attributes
    ----------
    item, gained
        int64[m] and float64[m]: the items for which it changes anything, and the worker-hours that
        it adds to those before it; below 0 where a station that moves leaves somebody behind.
    """

    column: int
    item: Int64
    gained: Float64

    @property
    def hours(self) -> float:
        """Worker-hours in all."""
        return float(self.gained.sum())


def in_turns(
    items: Items, columns: Columns, chosen: Iterable[int], *, whole: bool = False
) -> list[Turn]:
    """Return what is done in a plan, the greatest marginal gain first.

    Parameters
    ----------
    chosen
        Columns; those that stay are left out.
    whole
        Whether everything chosen is done; else what adds nobody to the others is left out.
    """
    left = [column for column in chosen if columns.bundles[column].steps]
    count = columns.covered.astype(np.int64)
    for column in columns.stays.values():
        count[columns.items[column]] += 1
    turns: list[Turn] = []
    while left:
        best = max((_turn(items, columns, count, column) for column in left), key=_hours)
        turns.append(best)
        _do(columns, count, best.column)
        left.remove(best.column)
    return turns if whole else turns[: _useful(turns)]


def _hours(turn: Turn) -> float:
    return turn.hours


def _useful(turns: Sequence[Turn]) -> int:
    """Return how many turns reach what all of them reach."""
    sums = np.cumsum([0.0, *(turn.hours for turn in turns)])
    return int(np.argmax(sums >= sums[-1] - _NOBODY))


def _turn(items: Items, columns: Columns, count: Int64, column: int) -> Turn:
    gone, come = _gone(columns, column), columns.items[column]
    item = np.union1d(gone, come)
    before = count[item]
    after = before - np.isin(item, gone) + np.isin(item, come)
    gained = items.hours[item] * ((after > 0).astype(float) - (before > 0))
    changed = gained != 0
    return Turn(column, item[changed], gained[changed])


def _do(columns: Columns, count: Int64, column: int) -> None:
    count[_gone(columns, column)] -= 1
    count[columns.items[column]] += 1


def _gone(columns: Columns, column: int) -> Int64:
    """Return the items that the station of a bundle covered and no longer does by staying."""
    stays = columns.stays.get(columns.bundles[column].site)
    return np.empty(0, dtype=np.int64) if stays is None else columns.items[stays]


def _exclusive(columns: Columns) -> list[Quota]:
    """Return the quotas: one bundle a station, one station a place; a movable one has its place."""
    of_site: dict[int, list[int]] = {}
    at_place: dict[int, list[int]] = {}
    for number, bundle in enumerate(columns.bundles):
        of_site.setdefault(bundle.site, []).append(number)
        if bundle.place != bundle.site:
            at_place.setdefault(bundle.place, []).append(number)
    for number, bundle in enumerate(columns.bundles):
        if bundle.place == bundle.site and bundle.place in at_place:
            at_place[bundle.place].append(number)
    quotas = [
        Quota(str(site), tuple(held), least=int(site in columns.stays), most=1)
        for site, held in of_site.items()
        if len(held) > 1 or site in columns.stays
    ]
    return quotas + [
        Quota(str(place), tuple(held), most=1) for place, held in at_place.items() if len(held) > 1
    ]


def _keeps(served: Served, now: Bundle, then: Bundle) -> bool:
    """Tell whether a bundle serves at least those whom the station serves now."""
    return not bool((served.mask(now) & ~served.mask(then)).any())


def _new(served: Served, bundle: Bundle, covered: Bools) -> Int64:
    near = served.near(bundle.place).item[served.mask(bundle)]
    return near[~covered[near]]
