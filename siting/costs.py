"""What a station at a candidate costs: its own figure, or its kind's default, then marked.

What it costs to mend a gap at a station that exists is our assumption, in data/reference.
"""

from collections.abc import Iterable
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.reference import read_list

# The kind of a candidate of which neither kind nor host is known.
DEFAULT_KIND = "street_front"


def costs_yuan(candidates: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return int64[c] yuan, and bool[c]: the record gives no cost, its kind's default stands in.

    The kind is the record's, else the one that its host type usually has, else `street_front`.
    """
    own = candidates["cost_yuan"]
    assumed = own.isna().to_numpy(dtype=bool)
    defaults = [
        default_cost_yuan(kind, host)
        for kind, host in zip(candidates["kind"], candidates["host_type"], strict=True)
    ]
    known = own.to_numpy(dtype=float, na_value=0.0)
    return np.where(assumed, defaults, known).astype(np.int64), assumed


def kind_of(kind: str, host_type: str) -> str:
    """Return the kind of a record, else the one that its host type usually has, else a default."""
    if kind in read_list("reference/kinds"):
        return kind
    usual: str = read_list("reference/host_types").get(host_type, {}).get("kind", DEFAULT_KIND)
    return usual


def default_cost_yuan(kind: str, host_type: str) -> int:
    """Return what a station of a kind costs, yuan; of a blank kind, of the host's usual one.

    A host that has much of it already costs less than its kind: what host_types.toml says counts
    for a station of the host's usual kind.
    """
    meant = kind_of(kind, host_type)
    host = read_list("reference/host_types").get(host_type, {})
    if meant == host.get("kind") and "cost_yuan" in host:
        return int(host["cost_yuan"])
    return int(read_list("reference/kinds")[meant]["cost_yuan"])


def action_cost_yuan(action: Literal["hours", "access", "reopen"]) -> int:
    """Return what longer hours, a door for everybody, or opening again cost, yuan: assumptions."""
    return int(read_list("reference/actions")[action]["cost_yuan"])


def services_cost_yuan(services: Iterable[str]) -> int:
    """Return what it costs to offer some services more, yuan: an assumption."""
    listed = read_list("reference/actions")["services"]
    return sum(int(listed["each"].get(name, listed["cost_yuan"])) for name in services)
