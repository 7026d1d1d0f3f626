"""Heads scaled to official totals per unit, and what every unit was multiplied by."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.errors import InputError
from geo.intake.units import unit_name
from siting.coverage.shares import in_order, unit_order
from siting.results import plain

FAR_FACTOR = 2.0
"""A factor of at least this (>=), or of at most its inverse, is called far: grids here err so."""


@dataclass(frozen=True)
class Factor:
    """Heads of one unit before and after calibration.

    Attributes
    ----------
    town
        The unit; "" is outside all units.
    before, after
        Heads.
    official
        What they were to sum up to; None: nobody gave a total, and nothing was changed.
    """

    town: str
    before: float
    after: float
    official: float | None

    @property
    def factor(self) -> float | None:
        """What every row of the unit was multiplied by; None where there was nothing to scale."""
        if self.official is None:
            return 1.0
        return self.official / self.before if self.before else None

    @property
    def far(self) -> bool:
        """Whether sources and total differ twofold or more (>=), or the sources have nobody."""
        if self.factor is None:
            return bool(self.official)
        return self.factor >= FAR_FACTOR or self.factor <= 1 / FAR_FACTOR

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        factor, official = self.factor, self.official
        return {
            "town": self.town,
            "before": plain(self.before),
            "official": None if official is None else plain(official),
            "factor": None if factor is None else plain(factor),
            "after": plain(self.after),
            "far": self.far,
        }


def calibrated(
    heads: pd.DataFrame, official: Mapping[str, float], groups: Collection[str] = ()
) -> tuple[pd.DataFrame, tuple[Factor, ...]]:
    """Return heads scaled so that each unit sums to its official total, and the factors.

    A unit without an official total stays as it is; one without anybody in the sources cannot be
    scaled, and its factor says so. "" is outside all units.

    Parameters
    ----------
    heads
        Without windows: heads of several windows cannot be summed.
    official
        Unit -> heads.
    groups
        Whom the totals count: only their heads are scaled and told; none: everybody's.

    Raises
    ------
    InputError
        The table has windows, or a total is negative or not finite.
    """
    if heads["window"].ne("").any():
        raise InputError("siting_heads_have_windows")
    wrong = [total for total in official.values() if not (np.isfinite(total) and total >= 0)]
    if wrong:
        raise InputError("siting_heads", heads=wrong[0])
    counted = heads["group"].isin(list(groups or heads["group"].unique()))
    sums = heads[counted].groupby("town", sort=False)["workers"].sum()
    before = {str(town): float(heads_there) for town, heads_there in sums.items()}
    factors = {}
    for town in dict.fromkeys([*before, *official]):
        had, total = before.get(town, 0.0), official.get(town)
        after = had if total is None or not had else float(total)
        factors[town] = Factor(town, had, after, total)
    scale = {town: item.factor or 0.0 for town, item in factors.items()}
    table = heads.copy()
    factor = heads["town"].map(scale).astype(float).where(counted, 1.0)
    table["workers"] = heads["workers"] * factor
    return table, in_order(factors.values(), lambda item: item.town, unit_order())


def official_by_unit(totals: pd.DataFrame, towns: Collection[str]) -> dict[str, float]:
    """Return unit -> official heads; short names of units mean those that the heads have.

    Parameters
    ----------
    totals
        Columns of `totals` in the schema.
    towns
        Units as the sources call them.
    """
    full = [unit_name(town) or town for town in totals["town"]]
    names = [
        long if long in towns else town for long, town in zip(full, totals["town"], strict=True)
    ]
    return dict(zip(names, totals["workers"].astype(float).tolist(), strict=True))
