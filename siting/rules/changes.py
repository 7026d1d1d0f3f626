"""What would change a candidate's rank: it is changed, heard again and ranked again.

One candidate changes at a time; all others stay as they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from siting.rules.board import Board, rank_keys
from siting.rules.common import AGREED, open_until, usual_hours
from siting.rules.reach import Surroundings
from siting.score_parts import Change, WhatIf

Int64 = NDArray[np.int64]


@dataclass(frozen=True)
class _Change:
    """A change of every candidate, of which each is judged alone."""

    what: Change
    detail: str
    around: Surroundings
    measures: frozenset[str]


def what_ifs(around: Surroundings, board: Board) -> tuple[tuple[WhatIf, ...], ...]:
    """Return, per candidate, the changes that raise its rank, the best first.

    Of closing times only the one that ranks best is told, the earliest of equals.
    """
    size = len(around.candidates)
    found: list[dict[str, WhatIf]] = [{} for _ in range(size)]
    now, keys = board.totals.ranks, np.sort(board.totals.keys)
    for change in _changes(around):
        after = board.heard_again(change.around, change.measures).totals
        raised = rank_keys(after.points, after.excluded)
        # Ranks before it, its own present key apart, which is lower.
        ranks = 1 + size - np.searchsorted(keys, raised, side="right")
        for one in np.flatnonzero(raised > board.totals.keys).tolist():
            told = found[one].get(change.what)
            if ranks[one] < now[one] and (told is None or ranks[one] < told.rank):
                found[one][change.what] = WhatIf(
                    change.what, change.detail, float(after.points[one]), int(ranks[one])
                )
    order = [tuple(sorted(changes.values(), key=lambda change: change.rank)) for changes in found]
    return tuple(order)


def _changes(around: Surroundings) -> Iterator[_Change]:
    table, changes = around.candidates, around.book.changes
    agreed = pd.Series(AGREED, index=table.index, dtype="str")
    never = pd.Series("", index=table.index, dtype="str")
    yield _Change(
        "consent",
        "",
        around.with_tables(candidates=table.assign(consent=agreed, consent_until=never)),
        frozenset({"consent"}),
    )
    texts, _ = usual_hours(around)
    for until in changes.hours_until:
        longer = [open_until(text, until) for text in texts]
        hours = pd.Series(longer, index=table.index, dtype="str")
        yield _Change(
            "hours_until",
            until,
            around.with_tables(candidates=table.assign(hours=hours)),
            frozenset({"hours_match"}),
        )
    unknown = np.array([not text for text in texts], dtype=bool)
    told = np.where(unknown, changes.hours_where_blank, np.array(texts, dtype=object))
    yield _Change(
        "hours_known",
        changes.hours_where_blank,
        around.with_tables(
            candidates=table.assign(hours=pd.Series(told, index=table.index, dtype="str"))
        ),
        frozenset({"hours_match"}),
    )
    firms = around.inputs.enterprises
    if len(firms):
        surveyed = pd.Series(data=True, index=firms.index, dtype="boolean")
        yield _Change(
            "on_way",
            "",
            around.with_tables(enterprises=firms.assign(path_on_way=surveyed)),
            frozenset({"on_way"}),
        )
