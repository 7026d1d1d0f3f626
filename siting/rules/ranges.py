"""How far ranks hang on weights and demand that nobody knows exactly.

In each draw every weight, and the workers, head counts, visits and needs of every place, are
multiplied by a factor whose logarithm is normal (spreads in the rule file). Factors of weights are
brought back to a sum of 1 within each group. Areas stay as they are, and so do filters.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from siting.rules.board import Board, Weights, listen
from siting.rules.reach import Surroundings
from siting.score_parts import RankRange

Float64 = NDArray[np.float64]

SHAKEN = frozenset(
    {
        *("host_workers", "enterprise_workers", "enterprise_group_workers", "passing_workers"),
        "passing_gates",
        *("venue_visits", "venue_workers", "patient_visits", "need_records", "uncovered_workers"),
        *("outdoor_worker_hours", "outdoor_hours_per_head", "kind_fits_spread", "hours_match"),
    }
)
"""Measures that look at counts of people."""

_LOW, _HIGH = 5, 95


def rank_ranges(
    around: Surroundings,
    board: Board | None = None,
    *,
    draws: int | None = None,
    seed: int = 0,
) -> tuple[RankRange, ...]:
    """Return the rank range of every candidate, in the order of the table.

    Parameters
    ----------
    board
        What was heard already; None: it is heard now.
    draws
        How many; None: as the rule file says.
    seed
        The same seed gives the same ranges.
    """
    shaking = around.book.shaking
    board = listen(around) if board is None else board
    count = shaking.draws if draws is None else draws
    random = np.random.default_rng(seed)
    ranks = np.empty((count, len(around.candidates)), dtype=np.int64)
    for draw in range(count):
        weights = shaken_weights(board.weights, random, shaking.weight_spread)
        told = shaken_demand(around, random, shaking.demand_spread)
        ranks[draw] = board.heard_again(told, SHAKEN).weighed(weights).ranks
    top = min(shaking.top, max(len(around.candidates), 1))
    return tuple(_range(ranks[:, one], top) for one in range(ranks.shape[1]))


def shaken_demand(around: Surroundings, random: np.random.Generator, spread: float) -> Surroundings:
    """Return the surroundings with other counts of people everywhere."""
    demand, inputs = around.demand, around.inputs
    factor = _factors(random, demand.points, spread)
    shaken = replace(
        demand,
        row_hours=demand.row_hours * factor[demand.row_point],
        point_hours=demand.point_hours * factor,
    )
    tables = {
        name: _shaken(getattr(inputs, name), column, random, spread)
        for name, column in _COUNTS.items()
    }
    return replace(around.with_tables(**tables), demand=shaken, uncovered=around.uncovered * factor)


_COUNTS = {"enterprises": "workers", "hosts": "visits_per_day", "needs": "records"}


def _shaken(
    table: pd.DataFrame, column: str, random: np.random.Generator, spread: float
) -> pd.DataFrame:
    counts = table[column].astype("Float64") * _factors(random, len(table), spread)
    return table.assign(**{column: counts})


def shaken_weights(weights: Weights, random: np.random.Generator, spread: float) -> Weights:
    """Return other weights; `spread`: of the logarithm of the factor of each."""
    rules = tuple(own * _factors(random, len(own), spread) for own in weights.rules)
    rule = weights.rule * float(_factors(random, 1, spread)[0])
    common = weights.common * _factors(random, len(weights.common), spread)
    total = rule + float(common.sum())
    return Weights(tuple(own / own.sum() for own in rules), rule / total, common / total)


def _factors(random: np.random.Generator, size: int, spread: float) -> Float64:
    return np.asarray(np.exp(spread * random.standard_normal(size)))


def _range(ranks: NDArray[np.int64], top: int) -> RankRange:
    low, high = np.percentile(ranks, [_LOW, _HIGH], method="lower")
    return RankRange(
        draws=len(ranks),
        best=int(ranks.min()),
        low=int(low),
        high=int(high),
        worst=int(ranks.max()),
        top=top,
        share_in_top=float((ranks <= top).mean()),
    )
