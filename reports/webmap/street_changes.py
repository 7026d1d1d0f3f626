"""Streets as a scenario changes them, over the map: what is closed and what is new."""

import numpy as np
import shapely

from geo.streets import Network
from reports.webmap.main_streets import Line, StreetSet, edge_lines, street_set
from siting.model import ChangedStreet
from words import Lang

CLOSED_COLOUR, ADDED_COLOUR = "#D55E00", "#0072B2"
_WIDTH_PX = 4.0


def changed_street_sets(
    before: Network, after: Network, changes: tuple[ChangedStreet, ...], lang: Lang
) -> tuple[StreetSet, ...]:
    """Return what was closed, as broken lines, and what was added.

    Parameters
    ----------
    before, after
        The streets as they are, and with all changes.
    changes
        What was done, in its order (`Inputs.street_changes`).
    lang
        Of the legend.
    """
    places = [change.places[0] for change in changes if change.kind == "closed"]
    added = [np.array(change.places, dtype=float) for change in changes if change.kind == "added"]
    sets = []
    if places:
        closed = _closed(before, after, np.array(places, dtype=float))
        name = "closed_street"
        sets.append(street_set(name, CLOSED_COLOUR, _WIDTH_PX, closed, lang, dashed=True))
    if added:
        sets.append(street_set("added_street", ADDED_COLOUR, _WIDTH_PX, added, lang))
    return tuple(sets)


def _closed(before: Network, after: Network, places: Line) -> list[Line]:
    """Return of what is no longer open the lines nearest to the places that were named.

    Streets that a new one crosses are no longer open as a whole, either; their pieces are.
    """
    gone = np.flatnonzero(before.edge_open & ~after.edge_open[: before.edges])
    lines = edge_lines(before, gone)
    if not lines:
        return []
    tree = shapely.STRtree([shapely.LineString(line) for line in lines])
    return [lines[number] for number in np.unique(tree.nearest(shapely.points(places))).tolist()]
