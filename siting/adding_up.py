"""Whole numbers that add up: rounded parts whose sum is the rounded whole (largest remainders)."""

from collections.abc import Iterable, Sequence
from math import floor

from siting.coverage.effective import LevelRow
from siting.coverage.levels import Level

_PER_MILLE = 1000
_STAYS = 0.5
"""Workers; a level that moves by less is printed as it was."""


def apportion(parts: Sequence[float], whole: int) -> list[int]:
    """Return whole numbers that sum to `whole`, each part rounded up or down.

    Parameters
    ----------
    parts
        At least 0; their sum differs from `whole` by less than one for each part.
    """
    found = [floor(part) for part in parts]
    missing = whole - sum(found)
    step = 1 if missing > 0 else -1
    # Rounded up first: the largest remainders; taken down first: the smallest, never below zero.
    order = sorted(range(len(parts)), key=lambda i: (-step * (parts[i] - found[i]), i))
    able = [i for i in order if step > 0 or found[i] > 0]
    for i in able[: abs(missing)]:
        found[i] += step
    return found


def whole_levels(row: LevelRow, scale: float = 1.0) -> list[int]:
    """Return the workers at each level as whole numbers.

    All workers, those in reach, and the verified are what rounding each alone gives; what lies
    between is apportioned.

    Parameters
    ----------
    scale
        1: workers; 1000 / workers: tenths of a per cent.
    """
    parts = [workers * scale for workers in row.by_level]
    total, nominal, verified = (
        round(workers * scale) for workers in (row.workers, row.nominal, row.verified)
    )
    between = apportion(parts[Level.CLOSED : Level.VERIFIED], nominal - verified)
    return [total - nominal, *between, verified]


def whole_after(after: LevelRow, before: LevelRow) -> list[int]:
    """Return the workers at each level after a change as whole numbers, to stand beside `before`.

    A level that has not moved by half a worker is printed as before, so that rounding alone moves
    nobody; where the others cannot make up for it, as `whole_levels` prints it.
    """
    alone, known = whole_levels(after), whole_levels(before)
    between = range(Level.CLOSED, Level.VERIFIED)
    moved = [i for i in between if abs(after.by_level[i] - before.by_level[i]) >= _STAYS]
    found = [known[i] if i in between and i not in moved else alone[i] for i in range(len(alone))]
    rest = sum(alone) - sum(found) + sum(found[i] for i in moved)
    if rest < 0:
        return alone
    for i, whole in zip(moved, apportion([after.by_level[i] for i in moved], rest), strict=True):
        found[i] = whole
    return found if sum(found) == sum(alone) else alone


def whole_mille(row: LevelRow) -> list[int]:
    """Return the workers at each level in tenths of a per cent of all workers; 0 without any."""
    if not row.workers:
        return [0] * len(Level)
    return whole_levels(row, _PER_MILLE / row.workers)


def printed_shares(row: LevelRow) -> list[float]:
    """Return the same as shares (0..1): as they are printed, what stands side by side adds up."""
    return [mille / _PER_MILLE for mille in whole_mille(row)]


def printed_share(row: LevelRow, levels: Iterable[Level]) -> float:
    """Return the share (0..1) of the workers at some levels, as it is printed."""
    mille = whole_mille(row)
    return sum(mille[level] for level in levels) / _PER_MILLE


def whole_rows(rows: Sequence[LevelRow], district: LevelRow) -> list[list[int]]:
    """Return the whole numbers of units or groups; by level they sum to the district's."""
    columns = [
        apportion([row.by_level[level] for row in rows], whole)
        for level, whole in enumerate(whole_levels(district))
    ]
    return [list(row) for row in zip(*columns, strict=True)]
