"""Evidence for the datum of positions: how near to streets they lie under each hypothesis.

A wrong datum moves a point of Beijing by about 500 m (GCJ-02) or 1,300 m (BD-09) in one direction.
Points on true streets then show one hypothesis apart from the others. The declared datum is never
changed by it: people decide. Worth something only with streets that are real.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.datum import from_wgs84, to_wgs84
from geo.streets import Network, attach
from geo.zones import Zones
from words import Lang, percent, say

HYPOTHESES: Final = ("wgs84", "gcj02", "bd09")
NEAR_M: Final = 30.0
_LOOK_M: Final = 500.0


@dataclass(frozen=True)
class DatumEvidence:
    """What speaks for one datum.

    Attributes
    ----------
    datum
        The hypothesis.
    points
        How many positions were looked at.
    near_share
        Share of them within `NEAR_M` metres (<=) of a street; None without streets.
    median_m
        Median distance to the nearest street, metres; None without streets or beyond 500 m.
    inside_share
        Share of them inside the boundary, its border included; None without a boundary.
    """

    datum: str
    points: int
    near_share: float | None = None
    median_m: float | None = None
    inside_share: float | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the keys of the command line's JSON."""
        return {
            "datum": self.datum,
            "points": self.points,
            "within_30_m": self.near_share,
            "median_m": self.median_m,
            "inside_boundary": self.inside_share,
        }

    def sentence(self, lang: Lang) -> str:
        """Return it as one sentence."""
        facts = []
        if self.near_share is not None:
            facts.append(say("intake.evidence_near", lang, share=percent(self.near_share)))
        if self.inside_share is not None:
            facts.append(say("intake.evidence_inside", lang, share=percent(self.inside_share)))
        joined = say("intake.comma", lang).join(facts)
        return say(f"intake.evidence_{self.datum}", lang, facts=joined)


def datum_evidence(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    declared: str,
    *,
    streets: Network | None = None,
    boundary: Zones | None = None,
) -> tuple[DatumEvidence, ...]:
    """Return the evidence for each hypothesis.

    Parameters
    ----------
    lon, lat
        Positions in WGS-84 degrees, as they came out of the declared datum.
    declared
        That datum; it is undone to get at the figures in the file.
    streets, boundary
        What is known to lie right; None: no evidence of that kind.

    Returns
    -------
    tuple of DatumEvidence
        One per hypothesis; none without positions, without anything to compare with, or for a
        projected datum.
    """
    nothing = streets is None and boundary is None
    if nothing or not len(lon) or declared.startswith("EPSG:"):
        return ()
    given = from_wgs84(lon, lat, declared)
    return tuple(_judge(datum, to_wgs84(*given, datum), streets, boundary) for datum in HYPOTHESES)


def _judge(
    datum: str,
    position: tuple[NDArray[np.float64], NDArray[np.float64]],
    streets: Network | None,
    boundary: Zones | None,
) -> DatumEvidence:
    near, median, inside = None, None, None
    if streets is not None:
        attached = attach(streets, *position, cap_m=_LOOK_M)
        distance_m = np.where(attached.ok, attached.leg_mm / 1000.0, np.inf)
        near = float(np.mean(distance_m <= NEAR_M))
        middle = float(np.median(distance_m))
        median = round(middle, 1) if np.isfinite(middle) else None
    if boundary is not None:
        area = shapely.union_all(boundary.polygons)
        inside = float(np.mean(shapely.intersects(area, shapely.points(*position))))
    return DatumEvidence(datum, len(position[0]), near, median, inside)
