"""The main street that a place opens onto, and how much of it is reached on foot."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.crs import LocalFrame
from geo.service_areas import reached_lines
from geo.service_areas.pieces import ReachedLines, reached_pieces
from geo.streets import Attached, Network

Float64 = NDArray[np.float64]
NO_STREET = -2
STEP_M = 5.0
"""Pieces are compared in parts at most this long."""

SIDE_BY_SIDE_M = 40.0
"""Carriageways of one name this near each other (<=) are one street."""

# Parts farther from parallel than this (30 degrees) are not carriageways of one street.
_PARALLEL_COSINE = np.cos(np.radians(30.0))


@dataclass(frozen=True, eq=False)
class FrontStreets:
    """What c places open onto.

    Attributes
    ----------
    name
        int64[c]: index into the network's names; -1: a street without a name; -2: no main street.
    length_m
        float64[c]: metres of it along its axis that are reached; NaN where there is none.
    way_m
        float64[c]: metres on foot to it, access leg included; NaN where there is none.
    """

    name: NDArray[np.int64]
    length_m: Float64
    way_m: Float64


@dataclass(frozen=True, eq=False)
class StreetParts:
    """Pieces of street in equal parts, at most `STEP_M` long.

    Attributes
    ----------
    piece
        int64[n]: the piece that each part is of.
    from_mm, to_mm
        float64[n]: positions along the edge.
    start, end
        float64[n, 2]: its ends in local metres.
    """

    piece: NDArray[np.int64]
    from_mm: Float64
    to_mm: Float64
    start: Float64
    end: Float64

    @property
    def length_m(self) -> Float64:
        """float64[n]: length of each part."""
        return (self.to_mm - self.from_mm) / 1000


def front_streets(
    net: Network, sites: Attached, classes: tuple[str, ...], *, front_m: float, reach_m: float
) -> FrontStreets:
    """Return the main street that each site opens onto, and its length within `reach_m`.

    That is the nearest street of the OSM `classes`, if the way to it (access leg and walk) is not
    longer than `front_m` (<=). A street is all its pieces of these classes with one name; pieces
    without a name count together.

    Parameters
    ----------
    net
        Streets that people walk.
    sites
        One row per place.
    front_m, reach_m
        Metres on foot from the site's exact position, inclusive (<=).
    """
    known = _known(net)
    name = np.full(len(sites.edge), NO_STREET, dtype=np.int64)
    length_m, way_m = np.full((2, len(sites.edge)), np.nan)
    for place in np.flatnonzero(sites.ok).tolist():
        at = (int(sites.edge[place]), int(sites.pos_mm[place]), int(sites.leg_mm[place]))
        asked = (*at, classes, front_m, reach_m)
        if asked not in known:
            known[asked] = _front(net, _one(sites, place), classes, front_m, reach_m)
        name[place], length_m[place], way_m[place] = known[asked]
    return FrontStreets(name, length_m, way_m)


def axis_length_m(net: Network, reached: ReachedLines, chosen: NDArray[np.bool_]) -> float:
    """Return metres of the chosen pieces, counted once where two of them run side by side.

    Each piece is cut into equal parts. A part does not count if an earlier one lies beside it:
    parallel within 30 degrees, at most `SIDE_BY_SIDE_M` to the side, level with it (the middle of
    one is abreast of the other). The error is one part, `STEP_M`, at each end of such a stretch;
    without one the length is exact.
    """
    if not chosen.any():
        return 0.0
    parts = street_parts(net, reached, np.flatnonzero(chosen))
    keep = np.ones(len(parts.piece), dtype=bool)
    keep[side_by_side(parts)[1]] = False
    return float(parts.length_m[keep].sum())


@lru_cache(maxsize=2)
def _known(net: Network) -> dict[tuple[object, ...], tuple[int, float, float]]:  # noqa: ARG001 -- the key
    """Return what was found on these streets: one more candidate is one more search."""
    return {}


def _front(
    net: Network, site: Attached, classes: tuple[str, ...], front_m: float, reach_m: float
) -> tuple[int, float, float]:
    """Return name index, metres and way of the main street that one site opens onto."""
    codes = [code for code, name in enumerate(net.classes) if name in classes]
    main = np.isin(net.edge_class, codes)
    street, way_m = _nearest(net, site, main, front_m)
    if street == NO_STREET:
        return street, np.nan, np.nan
    reached = reached_lines(net, site, reach_m)
    of_street = main[reached.edge] & (net.edge_name[reached.edge] == street)
    return street, axis_length_m(net, reached, of_street), way_m


def _one(sites: Attached, place: int) -> Attached:
    row = slice(place, place + 1)
    return Attached(sites.edge[row], sites.pos_mm[row], sites.leg_mm[row], sites.status[row])


def _nearest(
    net: Network, site: Attached, main: NDArray[np.bool_], front_m: float
) -> tuple[int, float]:
    """Return the name index of the main street that is reached first, and the way to it."""
    pieces = reached_pieces(net, site, front_m)
    left = np.where(main[pieces.edge], pieces.left_mm, -1)
    if not len(left) or left.max() < 0:
        return NO_STREET, np.nan
    first = int(np.argmax(left))
    return int(net.edge_name[pieces.edge[first]]), front_m - float(left[first]) / 1000


def street_parts(net: Network, reached: ReachedLines, pieces: NDArray[np.int64]) -> StreetParts:
    """Return the pieces (numbers of at least one) cut into equal parts of at most `STEP_M`."""
    cuts, owners, froms, tos = [], [], [], []
    for piece in pieces.tolist():
        edge, low, high = reached.edge[piece], reached.from_mm[piece], reached.to_mm[piece]
        count = int(-(-(high - low) // round(STEP_M * 1000)))
        line = slice(net.geom_ptr[edge], net.geom_ptr[edge + 1])
        at, along = np.linspace(low, high, count + 1), net.geom_mm[line]
        cuts.append(
            np.stack(
                [np.interp(at, along, net.geom_lon[line]), np.interp(at, along, net.geom_lat[line])]
            )
        )
        owners.append(np.full(count, piece, dtype=np.int64))
        froms.append(at[:-1])
        tos.append(at[1:])
    frame = LocalFrame(float(cuts[0][0, 0]), float(cuts[0][1, 0]))
    metres = [np.stack(frame.to_m(*places), axis=1) for places in cuts]
    return StreetParts(
        piece=np.concatenate(owners),
        from_mm=np.concatenate(froms),
        to_mm=np.concatenate(tos),
        start=np.concatenate([places[:-1] for places in metres]),
        end=np.concatenate([places[1:] for places in metres]),
    )


def side_by_side(parts: StreetParts) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of parts that lie beside each other: the earlier ones, the later ones."""
    start, end = parts.start, parts.end
    middle, run = (start + end) / 2, end - start
    half = np.maximum(np.hypot(run[:, 0], run[:, 1]) / 2, 1e-9)
    heading = run / (2 * half[:, None])
    pairs = cKDTree(middle).query_pairs(SIDE_BY_SIDE_M + STEP_M, output_type="ndarray")
    earlier, later = pairs.min(axis=1), pairs.max(axis=1)
    apart = middle[later] - middle[earlier]
    parallel = np.abs((heading[earlier] * heading[later]).sum(axis=1)) >= _PARALLEL_COSINE
    along = [np.abs((apart * heading[part]).sum(axis=1)) for part in (earlier, later)]
    level = (along[0] < half[earlier]) | (along[1] < half[later])
    aside = np.abs(apart[:, 0] * heading[earlier, 1] - apart[:, 1] * heading[earlier, 0])
    beside = parallel & level & (aside <= SIDE_BY_SIDE_M)
    return earlier[beside], later[beside]
