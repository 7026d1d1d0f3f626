"""Demand of a register: what it was made of, the tables of heads it has taken in, its presence.

A table of heads is a demand layer without windows that was brought in from a file: it stays in the
register after another demand took its place, and can be a source of the next one.
"""

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd

from register import layers
from register.layers import SETTINGS, Layer
from register.reader import Reader
from register.values import conform
from siting.demand.build import Made, made_of
from siting.demand.presence import Profile, read_profile

PRESENCE: Final = f"{SETTINGS}presence"
"""The layer that holds the district's own profile of presence: CSV."""
_KEPT: Final = 16


@dataclass(frozen=True, eq=False)
class HeadLayer:
    """A table of heads that the register has taken in."""

    layer: Layer
    heads: pd.DataFrame


def demand_made_of(register: Reader) -> Made | None:
    """Return what the demand in use was made of; None: nobody says, or there is none.

    Raises
    ------
    PlannerError
        The file is missing or damaged.
    """
    path = register.layer_file("demand")
    return None if path is None else made_of(layers.made_of(path))


def head_layers(register: Reader) -> tuple[HeadLayer, ...]:
    """Return the tables of heads that were taken in, newest first, each once.

    Raises
    ------
    PlannerError
        A file is missing or damaged.
    """
    found: dict[str, HeadLayer] = {}
    for layer in reversed(register.layers()):
        if layer.kind != "demand" or layer.sha256 in found:
            continue
        heads = _heads_of(register.file_of(layer.id))
        if heads is not None:
            found[layer.sha256] = HeadLayer(layer, heads)
    return tuple(found.values())


def own_profile(register: Reader) -> Profile | None:
    """Return the district's own profile of presence; None: it has none.

    Raises
    ------
    PlannerError
        The file is missing, damaged, or no longer fits the lists of groups and windows.
    """
    path = register.layer_file(PRESENCE)
    if path is None:
        return None
    return read_profile(
        pd.read_csv(io.BytesIO(path.read_bytes()), dtype=str, keep_default_na=False)
    )


def official_totals(register: Reader) -> pd.DataFrame:
    """Return the official totals of the register: `town`, `workers`."""
    rows = [{"town": r["town"], "workers": r["workers"]} for r in register.records("totals")]
    return pd.DataFrame(rows, columns=["town", "workers"])


@lru_cache(maxsize=_KEPT)
def _heads_of(path: Path) -> pd.DataFrame | None:
    """Return a table of heads; None: it has windows, or was made of other sources."""
    if layers.made_of(path):
        return None
    table = conform("demand", pd.read_parquet(path))
    return None if table.empty or table["window"].ne("").any() else table
