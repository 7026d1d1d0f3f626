"""What one can reach along streets from the point that was picked, to draw on the live map."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.service_areas import reached_lines, service_area
from geo.streets import Network, attach
from reports.webmap.base import packed_line
from words import Lang, distance, say

_TOLERANCE_DEG = 1.5e-5
"""About 1.5 m: less than a line is wide."""

Line = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Reach:
    """The streets within the cut-off of one point, and the area around them.

    Attributes
    ----------
    id
        Of the point.
    title
        What the legend says.
    lines, rings
        float64[k, 2] each, WGS-84 degrees; rings are outlines and holes of the area.
    """

    id: str
    title: str
    lines: tuple[Line, ...]
    rings: tuple[Line, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return what the page's script draws."""
        return {
            "id": self.id,
            "title": self.title,
            "lines": [packed_line(*line.T) for line in self.lines],
            "rings": [packed_line(*ring.T) for ring in self.rings],
        }


def reach_of(
    net: Network,
    identity: str,
    lon: float,
    lat: float,
    *,
    cutoff_m: float,
    cap_m: float,
    lang: Lang,
) -> Reach | None:
    """Return what is within the cut-off of a point; None: it is on no street.

    Parameters
    ----------
    net
        The streets.
    identity
        The point's id.
    lon, lat
        WGS-84 degrees.
    cutoff_m
        Metres along streets, inclusive.
    cap_m
        Longest access leg, metres.
    lang
        Of the legend.
    """
    site = attach(net, lon, lat, cap_m=cap_m)
    if not site.ok.all():
        return None
    area = shapely.simplify(service_area(net, site, cutoff_m), _TOLERANCE_DEG)
    lines = shapely.simplify(reached_lines(net, site, cutoff_m).line, _TOLERANCE_DEG)
    rings = [ring for part in shapely.get_parts(area) for ring in (part.exterior, *part.interiors)]
    return Reach(
        id=identity,
        title=say("map.legend.reach", lang, cutoff=distance(cutoff_m, lang)),
        lines=tuple(shapely.get_coordinates(line) for line in lines),
        rings=tuple(shapely.get_coordinates(ring) for ring in rings if not ring.is_empty),
    )
