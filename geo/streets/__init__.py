"""The walkable network: loaders, one file format, attaching points to streets.

network   the frozen arrays, what they sum up to, names and lines of edges
"""

from geo.streets.network import (
    Network,
    NetworkMeta,
    NetworkSummary,
    StreetLine,
    iter_street_lines,
    street_classes,
    street_names,
    summary,
)

__all__ = [
    "Network",
    "NetworkMeta",
    "NetworkSummary",
    "StreetLine",
    "iter_street_lines",
    "street_classes",
    "street_names",
    "summary",
]
