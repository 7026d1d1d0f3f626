"""Streets as they would be: one closed for construction, a path that is missing or planned.

Part of a scenario: the network of the inputs is changed in milliseconds, nothing is loaded again,
and every result on the changed inputs has another scenario hash.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from geo.errors import InputError
from geo.streets import Network, add_path, close_edges, network_sha256, street_names
from geo.streets.attachment import nearest_open
from siting.model import ChangedStreet, Inputs, Place

FIND_WITHIN_M = 30.0
"""A street to close is looked for this far (<=) around the place that was named."""


@dataclass(frozen=True)
class CloseStreet:
    """Close the street nearest to a place, from one junction to the next, in both directions.

    Attributes
    ----------
    place
        Longitude and latitude, WGS-84 degrees.
    """

    place: Place


@dataclass(frozen=True)
class AddPath:
    """Add a path, joined to the streets that it crosses or ends at.

    Attributes
    ----------
    places
        Longitude and latitude of two places or more, WGS-84 degrees.
    name, highway
        Its name and OSM `highway` value.
    bridge
        Whether it meets streets at its ends only.
    """

    places: tuple[Place, ...]
    name: str = ""
    highway: str = "footway"
    bridge: bool = False


StreetChange = CloseStreet | AddPath


def with_street_changes(inputs: Inputs, changes: Sequence[StreetChange]) -> Inputs:
    """Return inputs whose streets are changed, one change after the other.

    What was done is in `street_changes`; the source of the streets keeps its name and gets the
    check sum of what is used now.

    Raises
    ------
    InputError
        There are no streets; none is near enough to close; a path is none, meets no street, or
        the last street would be closed.
    """
    if not changes:
        return inputs
    if inputs.streets is None:
        raise InputError("siting_changes_no_streets")
    net, done = inputs.streets, list(inputs.street_changes)
    for change in changes:
        net, fact = _closed(net, change) if isinstance(change, CloseStreet) else _added(net, change)
        done.append(fact)
    sources = tuple(
        replace(source, sha256=network_sha256(net)) if source.layer == "streets" else source
        for source in inputs.sources
    )
    return replace(inputs, streets=net, street_changes=tuple(done), sources=sources)


def _closed(net: Network, change: CloseStreet) -> tuple[Network, ChangedStreet]:
    lon, lat = change.place
    facts = {"lon": f"{lon:.6f}", "lat": f"{lat:.6f}"}
    found = nearest_open(net, lon, lat, cap_m=FIND_WITHIN_M)
    if not found.ok[0]:
        raise InputError("siting_changes_no_street", within=f"{FIND_WITHIN_M:g}", **facts)
    try:
        changed = close_edges(net, found.edge)
    except ValueError as error:
        raise InputError("siting_changes_last_street", **facts) from error
    length_m = int(net.edge_cost_mm[found.edge[0]]) / 1000
    name = str(street_names(net, found.edge)[0])
    return changed, ChangedStreet("closed", name, length_m, (change.place,))


def _added(net: Network, change: AddPath) -> tuple[Network, ChangedStreet]:
    lon, lat = np.array(change.places, dtype=float).reshape(-1, 2).T
    try:
        changed = add_path(
            net,
            lon,
            lat,
            name=change.name,
            highway=change.highway,
            at_crossings=not change.bridge,
        )
    except ValueError as error:
        raise InputError("siting_changes_path", reason=str(error)) from error
    # Streets that were cut keep their length: what is more is the path.
    length_m = (_open_mm(changed) - _open_mm(net)) / 1000
    return changed, ChangedStreet("added", change.name, length_m, change.places)


def _open_mm(net: Network) -> int:
    return int(net.edge_cost_mm[net.edge_open].sum(dtype=np.int64))
