"""What people call a gap area: the street that most of its workers are on, and which part.

Where no street with a name has half of them, the nearest enterprise or host within `NEAR_M` gives
its name, else the unit does.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.crs import LocalFrame, geodesic_m
from geo.streets import Network, attached, street_names
from siting.coverage.gaps import Gap
from siting.coverage.points import Demand, Float64
from siting.model import Inputs
from words import Lang, say

Part = Literal["", "middle", "north", "south", "east", "west"]
NEAR_M = 500.0
"""How far a venue may lie from a gap area that is called after it, metres."""

SHORT_STREET_M = 900.0
"""A street shorter than this, from end to end, has no parts."""


MAJORITY = 0.5
"""Least share of an area's uncovered worker-hours on the street that it is called after."""


@dataclass(frozen=True)
class GapPlace:
    """Where a gap area is.

    Attributes
    ----------
    street, part
        The street that at least half of the uncovered worker-hours are attached to, "" where there
        is none with a name, and the third of it that the centre is nearest to.
    venue
        The nearest enterprise or host with a name within `NEAR_M`; "" where there is none.
    town
        The unit of the centre; "" outside all.
    twin
        Whether a worse area has the same name but for its venue, which is then told, too.
    """

    street: str
    part: Part
    venue: str
    town: str
    twin: bool = False

    def said(self, lang: Lang) -> str:
        """Return the place in words."""
        if self.street:
            part = say(f"effective.gap.part_{self.part}", lang) if self.part else ""
            street = say("effective.gap.street", lang, street=self.street, part=part).strip()
            if self.twin and self.venue:
                return say("effective.gap.beside", lang, street=street, venue=self.venue)
            return street
        if self.venue:
            return say("effective.gap.venue", lang, venue=self.venue)
        return say("effective.gap.town", lang, town=self.town or say("effective.gap.no_town", lang))


def named_places(
    inputs: Inputs, demand: Demand, found: tuple[Gap, ...], point_hours: Float64
) -> tuple[GapPlace, ...]:
    """Return where areas are, by the names that the inputs know.

    Parameters
    ----------
    inputs
        Its units, streets, enterprises and hosts give the names.
    point_hours
        float64[p]: worker-hours of each demand point that the areas are about.
    """
    towns = inputs.demand["town"].to_numpy(dtype=object)
    point_town = np.empty(demand.points, dtype=object)
    point_town[demand.row_point[::-1]] = towns[::-1]
    columns = ["name", "lon", "lat"]
    venues = pd.concat([inputs.enterprises[columns], inputs.hosts[columns]])
    return gap_places(found, demand, point_hours, point_town, inputs.streets, venues)


def gap_places(
    found: tuple[Gap, ...],
    demand: Demand,
    point_uncovered: Float64,
    point_town: NDArray[np.object_],
    streets: Network | None,
    venues: pd.DataFrame,
) -> tuple[GapPlace, ...]:
    """Return where each gap area is.

    Parameters
    ----------
    point_uncovered
        float64[p]: uncovered worker-hours of each demand point.
    point_town
        object[p]: the unit of each.
    streets
        None: no street has a name.
    venues
        Columns `name`, `lon`, `lat`: enterprises and hosts.
    """
    named = venues[venues["name"] != ""]
    places = []
    told: set[tuple[str, Part]] = set()
    for gap in found:
        street, part = _street(gap, demand, point_uncovered, streets)
        twin = bool(street) and (street, part) in told
        told.add((street, part))
        town = str(point_town[gap.points[0]])
        places.append(GapPlace(street, part, _venue(gap, named), town, twin=twin))
    return tuple(places)


def _street(
    gap: Gap, demand: Demand, point_uncovered: Float64, streets: Network | None
) -> tuple[str, Part]:
    if streets is None:
        return "", ""
    at = attached(streets, demand.point_lon, demand.point_lat)
    on_street = gap.points[at.ok[gap.points]]
    names = np.array(street_names(streets, at.edge[on_street]), dtype=object)
    hours = point_uncovered[on_street]
    if not len(names):
        return "", ""
    codes, listed = pd.factorize(names)
    by_name = np.bincount(codes, weights=hours)
    street = str(listed[int(by_name.argmax())])
    if not street or by_name.max() < MAJORITY * point_uncovered[gap.points].sum():
        return "", ""
    return street, _part(streets, street, gap)


def _part(streets: Network, street: str, gap: Gap) -> Part:
    """Return the third of a street, along its longer side, that a gap's centre is nearest to."""
    edges = np.flatnonzero(streets.edge_name == streets.names.index(street))
    ends = np.unique(np.concatenate([streets.edge_u[edges], streets.edge_v[edges]]))
    frame = LocalFrame(gap.lon, gap.lat)
    x, y = frame.to_m(streets.node_lon[ends], streets.node_lat[ends])
    wide = np.ptp(x) >= np.ptp(y)
    along = x if wide else y
    if np.ptp(along) < SHORT_STREET_M:
        return ""
    share = float(-along.min() / np.ptp(along))
    if 1 / 3 <= share <= 2 / 3:
        return "middle"
    if wide:
        return "west" if share < 1 / 2 else "east"
    return "south" if share < 1 / 2 else "north"


def _venue(gap: Gap, named: pd.DataFrame) -> str:
    if named.empty:
        return ""
    count = len(named)
    away = geodesic_m(np.full(count, gap.lon), np.full(count, gap.lat), named["lon"], named["lat"])
    nearest = int(away.argmin())
    return str(named["name"].iloc[nearest]) if away[nearest] <= NEAR_M else ""
