"""Evidence for the datum of positions: how near to streets they lie under each hypothesis.

A wrong datum moves a point of Beijing by about 500 m (GCJ-02) or 1,300 m (BD-09) in one direction.
Points on true streets then show one hypothesis apart from the others; a known boundary does where
points lie at it. The declared datum is never changed by it: people decide. Only streets that are
real and reach the points say anything: those of the synthetic sample, and those of another place,
are left aside, and what is said names what the points were compared with.

One hypothesis is told from another where both hold: the median distance to streets is at most half,
and by a sign test over the points (Conover 1999, 3.4) those that come nearer outnumber those that
go farther by more than three standard deviations. The boundary tells by the same test over the
points that lie inside under one of them only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.datum import from_wgs84, is_projected, to_wgs84
from geo.intake.datums import StatedBy
from geo.intake.places import daxing_outline
from geo.intake.reader import Intake
from geo.intake.units import in_daxing
from geo.intake.verdicts import (
    NEAR_M,
    DatumEvidence,
    DatumVerdict,
    Floats,
    Outcome,
    Why,
)
from geo.reference import read_list
from geo.streets import Network, attach
from geo.zones import Zones

HYPOTHESES: Final = ("wgs84", "gcj02", "bd09")
FEWEST_POINTS: Final = 10
"""Fewer (<) points than this decide nothing."""
MOST_POINTS: Final = 2_000
"""Of more points this many are looked at, spread evenly over the table."""
_LOOK_M: Final = 500.0
_SIGMAS: Final = 3.0
_MEDIAN_RATIO: Final = 2.0
_ELSEWHERE_SHARE: Final = 0.5

BY_ROW: Final = "rows"
"""Hypothesis of positions that were each read in the datum of their own row."""


def judge_datum(
    intake: Intake, *, streets: Network | None = None, boundary: Zones | None = None
) -> DatumVerdict:
    """Compare the datum of a table with evidence.

    Streets of the synthetic sample are left aside, and so are those that do not reach the points.
    Where no real streets do and no boundary is given, the shipped outline of Daxing serves for
    tables that lie there.

    Parameters
    ----------
    intake
        As it was read; rows of several datums are judged apart.
    streets, boundary
        What is known to lie right; None: no evidence of that kind.
    """
    return foremost(judge_rows(intake, streets=streets, boundary=boundary))


def foremost(verdicts: Sequence[DatumVerdict]) -> DatumVerdict:
    """Return the verdict that counts: any part that is contradicted must be confirmed.

    Else the largest part speaks for the table.
    """
    return max(verdicts, key=lambda v: (v.outcome == "contradicts", v.points))


def judge_rows(
    intake: Intake, *, streets: Network | None = None, boundary: Zones | None = None
) -> tuple[DatumVerdict, ...]:
    """Return the verdict on the rows of each datum, as `judge_datum` compares them."""
    by, beside = intake.stated_by, _beside(intake, streets, boundary)
    if beside is None:
        return (DatumVerdict(intake.datum, by, "unverifiable", "nothing"),)
    lon, lat = _positions(intake)
    verdicts = []
    for datum in pd.unique(intake.row_datums).tolist():
        at = np.asarray(intake.row_datums == datum, dtype=np.bool_)
        verdicts.append(_verdict((lon[at], lat[at]), datum, by, beside))
    return tuple(verdicts)


def placed_evidence(
    intake: Intake, *, streets: Network | None = None, boundary: Zones | None = None
) -> DatumEvidence | None:
    """Return where the rows lie when each is read in its own datum; None: nothing to compare with.

    Its `datum` is `BY_ROW`; streets and boundary are chosen as `judge_datum` does.
    """
    beside = _beside(intake, streets, boundary)
    if beside is None:
        return None
    lon, lat = _positions(intake)
    sample = _spread(len(lon))
    evidence, _ = beside.evidence((lon[sample], lat[sample]), "wgs84", ("wgs84",))
    return replace(evidence[0], datum=BY_ROW) if evidence else None


@dataclass(frozen=True, eq=False)
class _Beside:
    """What the positions of one table can be compared with.

    Attributes
    ----------
    streets
        Real ones; None: there are none, `why` says which.
    boundary
        Given, or shipped.
    """

    streets: Network | None
    boundary: Zones | None
    shipped: bool
    why: Why

    def evidence(
        self, given: tuple[Floats, Floats], declared: str, hypotheses: Sequence[str]
    ) -> tuple[tuple[DatumEvidence, ...], Why]:
        """Return the evidence of streets that reach the points, or else of the boundary alone.

        Beside it stands why streets say nothing; "" where they do.
        """
        position = from_wgs84(*given, declared)
        places = [(datum, to_wgs84(*position, datum)) for datum in hypotheses]
        why = self.why
        if self.streets is not None:
            own = None if self.shipped else self.boundary
            found = tuple(_judge(datum, place, self.streets, own) for datum, place in places)
            if not _elsewhere(found):
                return found, ""
            why = "elsewhere"
            if self.boundary is None:
                return found, why
        if self.boundary is None:
            return (), why
        alone = (_judge(datum, place, None, self.boundary) for datum, place in places)
        return tuple(replace(one, shipped=self.shipped) for one in alone), why


def _beside(intake: Intake, streets: Network | None, boundary: Zones | None) -> _Beside | None:
    """Return what a table is compared with; None: it has no positions, or those of a lattice.

    The cells of a grid lie nowhere in particular, and were cut to the boundary themselves.
    """
    if not {"lon", "lat"} <= set(intake.frame.columns) or not len(intake.frame):
        return None
    if intake.raw is not None and intake.raw.format == "grid":
        return None
    synthetic = streets is not None and is_synthetic(streets)
    shipped = boundary is None and in_daxing(*_positions(intake))
    if shipped:
        boundary = Zones(("",), np.array([daxing_outline()], dtype=object))
    real = None if synthetic else streets
    return _Beside(real, boundary, shipped, "synthetic" if synthetic else "nothing")


def _positions(intake: Intake) -> tuple[Floats, Floats]:
    lon, lat = (intake.frame[axis].to_numpy(dtype=np.float64) for axis in ("lon", "lat"))
    return lon, lat


def _verdict(
    position: tuple[Floats, Floats], datum: str, by: StatedBy, beside: _Beside
) -> DatumVerdict:
    """Return the verdict on rows of one datum."""
    points = len(position[0])
    if beside.streets is None and beside.boundary is None:
        return DatumVerdict(datum, by, "unverifiable", beside.why, points=points)
    if is_projected(datum):
        return DatumVerdict(datum, by, "unverifiable", "projected", points=points)
    sample = _spread(points)
    given = position[0][sample], position[1][sample]
    evidence, why = beside.evidence(given, datum, HYPOTHESES)
    outcome, why, best = _decide(evidence, datum, by, why)
    return DatumVerdict(datum, by, outcome, why, best, evidence, points)


def is_synthetic(streets: Network) -> bool:
    """Tell whether streets are those of the sample, or say that they are made from them."""
    return any(source in streets.meta.source for source in _synthetic_sources())


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
    datum: str, position: tuple[Floats, Floats], streets: Network | None, boundary: Zones | None
) -> DatumEvidence:
    near, median, inside_share = None, None, None
    distance_m: Floats | None = None
    inside: NDArray[np.bool_] | None = None
    if streets is not None:
        attached = attach(streets, *position, cap_m=_LOOK_M)
        distance_m = np.where(attached.ok, attached.leg_mm / 1000.0, np.inf)
        near = float(np.mean(distance_m <= NEAR_M))
        middle = float(np.median(distance_m))
        median = round(middle, 1) if np.isfinite(middle) else None
    if boundary is not None:
        area = shapely.union_all(boundary.polygons)
        shapely.prepare(area)
        inside = np.asarray(shapely.intersects_xy(area, *position))
        inside_share = float(np.mean(inside))
    return DatumEvidence(
        datum, len(position[0]), near, median, inside_share, distance_m, inside, *position
    )


def _decide(
    evidence: Sequence[DatumEvidence], stated: str, by: StatedBy, why: Why
) -> tuple[Outcome, Why, str]:
    """Return the outcome; `why` says why streets say nothing, "" where they do."""
    if _elsewhere(evidence):
        return "unverifiable", "elsewhere", ""
    best = _best(evidence, _equal(stated)) if evidence[0].points >= FEWEST_POINTS else None
    if best is None and why in {"synthetic", "elsewhere"}:
        return "unverifiable", why, ""
    if best is None:
        return "undecided", "" if evidence[0].points >= FEWEST_POINTS else "few", ""
    if by == "nothing":
        return "suggests", "", best.datum
    return ("agrees" if best.datum == _equal(stated) else "contradicts"), "", best.datum


def _best(evidence: Sequence[DatumEvidence], stated: str) -> DatumEvidence | None:
    """Return the hypothesis that beats all others, or else one that beats the stated one."""
    for one in evidence:
        if all(_beats(one, other) for other in evidence if other is not one):
            return one
    mine = next((item for item in evidence if item.datum == stated), None)
    return next((one for one in evidence if mine is not None and _beats(one, mine)), None)


def _beats(one: DatumEvidence, other: DatumEvidence) -> bool:
    """Tell whether the evidence is for `one` rather than `other`."""
    if one.distance_m is not None and other.distance_m is not None:
        nearer = int(np.count_nonzero(one.distance_m < other.distance_m))
        farther = int(np.count_nonzero(one.distance_m > other.distance_m))
        mine, theirs = float(np.median(one.distance_m)), float(np.median(other.distance_m))
        half = np.isfinite(mine) and mine * _MEDIAN_RATIO <= theirs
        return bool(half) and _outnumbers(nearer, farther)
    if one.inside is None or other.inside is None:
        return False
    return _outnumbers(
        int(np.count_nonzero(one.inside & ~other.inside)),
        int(np.count_nonzero(other.inside & ~one.inside)),
    )


def _outnumbers(more: int, fewer: int) -> bool:
    return more - fewer > _SIGMAS * float(np.sqrt(more + fewer))


def _elsewhere(evidence: Sequence[DatumEvidence]) -> bool:
    """Tell whether most points are beyond all streets under every hypothesis."""
    far = [np.isinf(e.distance_m).mean() for e in evidence if e.distance_m is not None]
    return bool(far) and min(far) > _ELSEWHERE_SHARE


def _spread(rows: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, rows - 1, min(rows, MOST_POINTS)).astype(np.int64))


def _equal(datum: str) -> str:
    return "wgs84" if datum == "cgcs2000" else datum


@cache
def _synthetic_sources() -> tuple[str, ...]:
    layers = read_list("sample/sample")["layers"]
    return tuple({str(layer["source"]) for layer in layers if layer["synthetic"]})
