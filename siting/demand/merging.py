"""Demand merged until no row has few workers: a table that may leave the house and still be used.

Small rows are put together with their neighbours of the same unit, group and window, in the order
of a Hilbert curve, until there are enough workers; they stand where their workers stand on average.
What is left over goes to the row before it. Where a unit has no more of a group in a window, the
groups are put together (group ""), then the units (town ""): windows never, since heads are not
summed over windows. A left-over too small to stand alone takes the smallest other row along, or it
could be found by subtraction. So every sum over units, groups and windows that is told elsewhere
is that of the merged table, too, unless its own parts had to be put together.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from geo.streets.build import hilbert_index
from siting.demand.small_cells import small

MERGED = "merged-"
"""How the ids of merged rows begin; 12 hex digits follow."""

_ID_DIGITS = 12


@dataclass
class _Bundle:
    """Rows to be told as one."""

    town: str
    group: str
    window: str
    rows: list[int]
    workers: float

    def take(self, other: "_Bundle") -> None:
        """Take another one in; what they do not share is not told any more."""
        self.rows += other.rows
        self.workers += other.workers
        self.group = self.group if self.group == other.group else ""
        self.town = self.town if self.town == other.town else ""


def merge_small(demand: pd.DataFrame, smallest: float) -> pd.DataFrame:
    """Return demand in which every row has nobody or at least `smallest` workers.

    Parameters
    ----------
    demand
        Columns of `demand` in the schema. Rows with enough workers, and rows with none, stay.
    smallest
        Fewest workers of a row, > 0; 0: the table as it is.

    Raises
    ------
    InputError
        A window has fewer workers than that in all: `small_cells_too_few`.
    """
    few = small(demand["workers"].to_numpy(dtype=float), smallest)
    if not few.any():
        return demand
    bundles = _bundled(demand, few, smallest)
    for level in (("town", "window"), ("window",)):
        bundles = _joined(bundles, level, smallest)
    lost = next((bundle for bundle in bundles if bundle.workers < smallest), None)
    if lost is not None:
        raise InputError("small_cells_too_few", window=lost.window, smallest=f"{smallest:g}")
    merged = {row for bundle in bundles if len(bundle.rows) > 1 for row in bundle.rows}
    kept = demand[[row not in merged for row in range(len(demand))]]
    made = _rows(demand, (bundle for bundle in bundles if len(bundle.rows) > 1))
    told = pd.DataFrame(made, columns=list(demand.columns)).astype(demand.dtypes)
    return pd.concat([kept, told], ignore_index=True)


def _bundled(demand: pd.DataFrame, few: NDArray[np.bool_], smallest: float) -> list[_Bundle]:
    """Return bundles of neighbours of one unit, group and window, and every large row alone."""
    names = list(zip(demand["town"], demand["group"], demand["window"], strict=True))
    workers = demand["workers"].tolist()
    there = [row for row, number in enumerate(workers) if number > 0]
    lon, lat = (demand[name].to_numpy(dtype=float) for name in ("lon", "lat"))
    order = hilbert_index(lon, lat).tolist()

    def alone(row: int) -> _Bundle:
        town, group, window = map(str, names[row])
        return _Bundle(town, group, window, [row], workers[row])

    bundles = [alone(row) for row in there if not few[row]]
    small_rows = sorted(
        (row for row in there if few[row]), key=lambda row: (*map(str, names[row]), order[row], row)
    )
    for _cell, rows in groupby(small_rows, key=names.__getitem__):
        bundles += _filled([alone(row) for row in rows], smallest)
    return bundles


def _filled(singles: Iterable[_Bundle], smallest: float) -> Iterator[_Bundle]:
    """Yield bundles of neighbours with enough workers; the left-over goes to the last of them."""
    done: list[_Bundle] = []
    current: _Bundle | None = None
    for single in singles:
        if current is None:
            current = single
        else:
            current.take(single)
        if current.workers >= smallest:
            done.append(current)
            current = None
    if current is not None and done:
        done[-1].take(current)
        current = None
    yield from done
    if current is not None:
        yield current


def _joined(bundles: list[_Bundle], level: tuple[str, ...], smallest: float) -> list[_Bundle]:
    """Return bundles in which those with too few workers are put together with their like."""

    def like(bundle: _Bundle) -> tuple[Hashable, ...]:
        return tuple(getattr(bundle, name) for name in level)

    result: list[_Bundle] = []
    for _name, members in groupby(sorted(bundles, key=like), key=like):
        enough: list[_Bundle] = []
        short: list[_Bundle] = []
        for bundle in members:
            (enough if bundle.workers >= smallest else short).append(bundle)
        if not short:
            result += enough
            continue
        together = short[0]
        for bundle in short[1:]:
            together.take(bundle)
        enough.sort(key=lambda bundle: bundle.workers)
        # Alone it could be found by subtraction: one that is large enough goes with it.
        if enough and (together.workers < smallest or len(short) == 1):
            together.take(enough.pop(0))
        result += [*enough, together]
    return result


def _rows(demand: pd.DataFrame, bundles: Iterable[_Bundle]) -> list[dict[str, object]]:
    """Return the one row of each bundle, where its workers stand on average."""
    ids = demand["id"].astype(str).tolist()
    lon, lat, workers = (demand[name].to_numpy(dtype=float) for name in ("lon", "lat", "workers"))

    def row(bundle: _Bundle) -> dict[str, object]:
        parts = (bundle.town, bundle.group, bundle.window, *sorted(ids[i] for i in bundle.rows))
        digest = sha256("|".join(parts).encode()).hexdigest()
        share = workers[bundle.rows] / workers[bundle.rows].sum()
        return {
            "id": MERGED + digest[:_ID_DIGITS],
            "lon": float(lon[bundle.rows] @ share),
            "lat": float(lat[bundle.rows] @ share),
            "town": bundle.town,
            "workers": bundle.workers,
            "group": bundle.group,
            "window": bundle.window,
        }

    return [row(bundle) for bundle in bundles]
