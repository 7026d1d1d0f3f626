"""Smaller problems: what a bound rules out, and what a relaxation points at.

A column whose margin is so far below 0 that a plan with it stays below the best plan known is in
no better plan; one so far above 0 that a plan without it stays below is in every better plan
(reduced-cost fixing; Balas & Martin 1980). What is left is a `Reduced` of its own.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from siting.allocation.bound import EXACT, Priced
from siting.allocation.problem import Bools
from siting.allocation.reduce import Reach, Reduced, merge_rows


@dataclass(frozen=True, eq=False)
class Part:
    """A part of a reduced problem, and the way back.

    Attributes
    ----------
    reduced
        The columns left to decide, with what limits leave for them.
    columns
        Where each of them stands in the whole.
    taken
        Columns of the whole that every plan of the part has.
    """

    reduced: Reduced
    columns: tuple[int, ...]
    taken: tuple[int, ...]

    def whole(self, plan: list[int]) -> list[int]:
        """Return a plan of the part as one of the whole."""
        return [*self.taken, *(self.columns[column] for column in plan)]

    def start(self, plan: list[int]) -> list[int]:
        """Return what a plan of the whole, which must have all that is taken, has of the part."""
        place = {column: at for at, column in enumerate(self.columns)}
        return [place[column] for column in plan if column in place]


def fixed(reduced: Reduced, proof: Priced, reached: float) -> tuple[Bools, Bools]:
    """Return bool[k], bool[k]: columns in no plan better than `reached`, columns in every one."""
    margins = proof.margins(reduced)
    spare = proof.upper - reached * (1 + EXACT)
    return margins < -max(spare, 0.0), margins > max(spare, 0.0)


def part_of(reduced: Reduced, keep: Bools, taken: Bools) -> Part:
    """Return the problem of choosing among `keep` when all of `taken` are open.

    Parameters
    ----------
    keep, taken
        bool[k], nothing in both.
    """
    inside = np.flatnonzero(taken)
    open_rows = ~np.asarray(reduced.cover[inside].sum(axis=0)).ravel().astype(bool)
    sides = reduced.sides
    columns = np.flatnonzero(keep & sides.open_to(inside.tolist()))
    cover, weights, floors = merge_rows(
        Reach.by(reduced.cover[columns]),
        np.where(open_rows, reduced.weights, 0.0),
        (sides.inside @ sparse.diags_array(open_rows.astype(float))).tocsr(),
    )
    useful = np.diff(cover.indptr) > 0
    useful |= sides.by_column[columns] @ (sides.least > 0).astype(float) > 0
    columns = columns[useful]
    covered = np.where(open_rows, 0.0, reduced.weights)
    money = reduced.budget_yuan
    left = replace(
        reduced,
        site=reduced.site[columns],
        cover=cover[np.flatnonzero(useful)],
        weights=weights,
        cost_yuan=reduced.cost_yuan[columns],
        points=reduced.points[columns],
        new=max(min(reduced.new - len(inside), len(columns)), 0),
        budget_yuan=None if money is None else money - int(reduced.cost_yuan[inside].sum()),
        base=reduced.base + float(covered.sum()),
        sides=replace(
            sides.beside(inside, columns),
            inside=floors,
            needed=np.maximum(sides.needed - sides.inside @ (~open_rows).astype(float), 0.0),
        ),
    )
    return Part(left, tuple(columns.tolist()), tuple(inside.tolist()))
