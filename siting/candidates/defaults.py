"""What is assumed of a kind of host until somebody confirms it: data/reference/host_types.toml.

Records keep what is known and nothing else; what they do not say is taken from here where it is
shown or weighed, and marked as assumed, as the cost of a candidate without one is.
"""

from dataclasses import dataclass
from functools import cache

import pandas as pd

from geo.reference import read_list

UNKNOWN_RELIABILITY = 0.5
"""Of a host of which not even the kind is known: our assumption."""


@dataclass(frozen=True)
class HostDefaults:
    """One kind of host.

    Attributes
    ----------
    host_type
        Its code; "" for none.
    hours
        OSM `opening_hours`; "" where nothing can be assumed.
    access, services
        Codes of who may enter and of what is there already.
    reliability
        0..1: share that says yes when asked, and still lends its place a year later.
    kind
        What a station there usually is; "" where nothing can be assumed.
    """

    host_type: str
    hours: str
    access: tuple[str, ...]
    services: tuple[str, ...]
    reliability: float
    kind: str


def evidence_only() -> frozenset[str]:
    """Return the host types that lend no corner and only tell who passes: stops of buses."""
    listed = read_list("reference/host_types").items()
    return frozenset(code for code, entry in listed if entry.get("evidence_only", False))


def lenders(hosts: pd.DataFrame) -> pd.DataFrame:
    """Return the hosts of a type that may lend a corner."""
    return hosts[~hosts["host_type"].isin(evidence_only())]


@cache
def host_defaults(host_type: str) -> HostDefaults:
    """Return what is assumed of a kind of host; of an unknown kind hardly anything is."""
    entry = read_list("reference/host_types").get(host_type)
    if entry is None:
        return HostDefaults("", "", (), (), UNKNOWN_RELIABILITY, "")
    return HostDefaults(
        host_type=host_type,
        hours=entry["hours"],
        access=tuple(entry["access"]),
        services=tuple(entry["services"]),
        reliability=entry["reliability"],
        kind=entry["kind"],
    )
