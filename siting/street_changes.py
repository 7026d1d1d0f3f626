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


def read_changes(closed: str, paths: str) -> tuple[StreetChange, ...]:
    """Return the changes that somebody wrote down, in the order of the lines.

    Parameters
    ----------
    closed
        A place per line, `116.3294,39.7240`: the street there is closed.
    paths
        Two places or more per line, blanks between them: a path over them is added.

    Raises
    ------
    InputError
        `siting_changes_places`: a line is no place, or not as many as are needed.
    """
    written = [(line, False) for line in closed.splitlines()]
    written += [(line, True) for line in paths.splitlines()]
    changes: list[StreetChange] = []
    for line, is_path in written:
        if not line.strip():
            continue
        places = _places(line)
        if len(places) < 2 if is_path else len(places) != 1:
            raise InputError("siting_changes_places", given=line.strip())
        changes.append(AddPath(places) if is_path else CloseStreet(places[0]))
    return tuple(changes)


def changes_text(changes: Sequence[StreetChange]) -> tuple[str, str]:
    """Return the lines that `read_changes` reads: closed streets, and paths."""
    closed = [change.place for change in changes if isinstance(change, CloseStreet)]
    paths = [change.places for change in changes if isinstance(change, AddPath)]
    return (
        "\n".join(_pair(place) for place in closed),
        "\n".join(" ".join(map(_pair, path)) for path in paths),
    )


def _pair(place: Place) -> str:
    return f"{place[0]},{place[1]}"


def _places(line: str) -> tuple[Place, ...]:
    """Return the places of a line; a full-width comma is one, too."""
    places = []
    for pair in line.replace("，", ",").split():
        try:
            lon, lat = (float(part) for part in pair.split(","))
        except ValueError:
            raise InputError("siting_changes_places", given=line.strip()) from None
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            raise InputError("siting_changes_places", given=line.strip())
        places.append((lon, lat))
    return tuple(places)


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
        raise InputError("siting_changes_path") from error
    # Streets that were cut keep their length: what is more is the path.
    length_m = (_open_mm(changed) - _open_mm(net)) / 1000
    return changed, ChangedStreet("added", change.name, length_m, change.places)


def _open_mm(net: Network) -> int:
    return int(net.edge_cost_mm[net.edge_open].sum(dtype=np.int64))
