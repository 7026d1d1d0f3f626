"""Main streets on the map: what street-front stations serve, what not, and the chosen one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.streets import Network
from reports.webmap.base import joined, packed_line
from siting.street_service import MainStreets
from words import Lang, say

# Okabe-Ito's vermilion and blue; dark and wide under both what was chosen from the list.
NOT_SERVED_COLOUR, SERVED_COLOUR, CHOSEN_COLOUR = "#D55E00", "#0072B2", "#111111"
_WIDTH_PX, _CHOSEN_PX = 3.0, 9.0
_NEAREST_ZOOM, _FARTHEST_ZOOM = 16, 12
_ZOOM_OF_ONE_DEGREE = 10.0

Line = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StreetSet:
    """Streets of one look.

    Attributes
    ----------
    title
        What the legend says.
    colour
        `#rrggbb`.
    width_px
        At zoom 13; wider when one looks closer.
    lines
        Each packed as the page's script reads it.
    dashed
        Whether they are broken lines: colour alone tells nobody anything.
    """

    title: str
    colour: str
    width_px: float
    lines: tuple[tuple[int, ...], ...]
    dashed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return what the page's script draws."""
        return {
            "title": self.title,
            "colour": self.colour,
            "width": self.width_px,
            "lines": self.lines,
            "dashed": self.dashed,
        }


def main_street_sets(
    net: Network, found: MainStreets, chosen: str | None, lang: Lang
) -> tuple[StreetSet, ...]:
    """Return the chosen main street, all that is not served, and over it what is served.

    Parameters
    ----------
    net
        The streets.
    found
        Which of them are main streets, and what of them is served.
    chosen
        Name of the one to highlight, "" for all without a name; None: none.
    """
    served = [np.asarray(line.coords) for line in found.reached.line]
    sets = [
        street_set("not_served", NOT_SERVED_COLOUR, _WIDTH_PX, edge_lines(net, found.edges), lang),
        street_set("served", SERVED_COLOUR, _WIDTH_PX, served, lang),
    ]
    if chosen is not None:
        mine = edge_lines(net, edges_named(net, found, chosen))
        sets.insert(0, street_set("chosen_street", CHOSEN_COLOUR, _CHOSEN_PX, mine, lang))
    return tuple(sets)


def edges_named(net: Network, found: MainStreets, name: str) -> NDArray[np.int64]:
    """Return the main streets' edges of one name; "" are those without a name."""
    codes = net.edge_name[found.edges]
    code = net.names.index(name) if name in net.names else -1
    mine: NDArray[np.int64] = found.edges[codes == code]
    return mine


def view_of(net: Network, found: MainStreets, name: str) -> tuple[float, float, int] | None:
    """Return where a main street is looked at: longitude, latitude, zoom; None: it is none.

    That is a point of the street where its longest unserved edge is, as close as its ends allow.
    """
    edges = edges_named(net, found, name)
    if not len(edges):
        return None
    served = np.zeros(len(net.edge_cost_mm))
    np.add.at(served, found.reached.edge, found.reached.to_mm - found.reached.from_mm)
    worst = int(edges[int((net.edge_cost_mm[edges] - served[edges]).argmax())])
    part = slice(int(net.geom_ptr[worst]), int(net.geom_ptr[worst + 1]))
    lon, lat = net.geom_lon[part], net.geom_lat[part]
    middle = len(lon) // 2
    ends = np.concatenate([net.edge_u[edges], net.edge_v[edges]])
    wide = max(float(np.ptp(net.node_lon[ends])), float(np.ptp(net.node_lat[ends])), 1e-6)
    zoom = round(_ZOOM_OF_ONE_DEGREE - float(np.log2(wide)))
    zoom = max(_FARTHEST_ZOOM, min(_NEAREST_ZOOM, zoom))
    return float(lon[middle]), float(lat[middle]), zoom


def edge_lines(net: Network, edges: NDArray[np.int64]) -> list[Line]:
    """Return the lines of edges, float64[k, 2] each, WGS-84 degrees."""
    lines = []
    for edge in edges.tolist():
        part = slice(int(net.geom_ptr[edge]), int(net.geom_ptr[edge + 1]))
        lines.append(np.column_stack([net.geom_lon[part], net.geom_lat[part]]))
    return lines


def street_set(
    title: str,
    colour: str,
    width_px: float,
    lines: Iterable[Line],
    lang: Lang,
    *,
    dashed: bool = False,
) -> StreetSet:
    """Return lines as one set that the legend calls `map.legend.<title>`."""
    whole = joined(
        [[(x, y) for x, y in np.rint(line * 1e5).astype(int).tolist()] for line in lines]
    )
    packed = (packed_line(*(np.array(line).T / 1e5)) for line in whole)
    return StreetSet(
        say(f"map.legend.{title}", lang),
        colour,
        width_px,
        tuple(tuple(line) for line in packed),
        dashed,
    )
