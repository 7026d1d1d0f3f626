"""Small tables and travel matrices for tests of siting."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from geo.catchments import Travel
from geo.streets import AttachStatus, Network, Way, network_from_ways
from geo.tables import DTYPES, columns

LON, LAT = 116.34, 39.73
METRES_PER_DEGREE_LON = 85_700.0
METRES_PER_DEGREE_LAT = 111_030.0


def table(name: str, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Return a frame of the schema; missing text is "", missing numbers are NaN / <NA>."""
    frame = {}
    for column in columns(name):
        blank = "" if DTYPES[column.type] == "str" else None
        cells = [row.get(column.name, blank) for row in rows]
        frame[column.name] = pd.Series(cells, dtype=DTYPES[column.type])
    return pd.DataFrame(frame)


def place(x_m: float, y_m: float) -> dict[str, float]:
    """Return the position some metres east and north of a place in Daxing."""
    return {"lon": LON + x_m / METRES_PER_DEGREE_LON, "lat": LAT + y_m / METRES_PER_DEGREE_LAT}


def matrix(
    rows: Sequence[Mapping[int, float]],
    points: int,
    *,
    cutoff_m: float = 1000.0,
    lost_sites: Sequence[int] = (),
    lost_points: Sequence[int] = (),
) -> Travel:
    """Return a travel matrix from one {point: metres} per site."""
    site_status = np.full(len(rows), AttachStatus.OK, dtype=np.uint8)
    site_status[list(lost_sites)] = AttachStatus.TOO_FAR
    demand_status = np.full(points, AttachStatus.OK, dtype=np.uint8)
    demand_status[list(lost_points)] = AttachStatus.TOO_FAR
    ordered = [sorted(row.items()) for row in rows]
    return Travel(
        indptr=np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64),
        demand=np.array([point for row in ordered for point, _ in row], dtype=np.int32),
        cost=np.array([metres * 1000 for row in ordered for _, metres in row], dtype=np.int32),
        method="street",
        site_status=site_status,
        demand_status=demand_status,
        cutoff=cutoff_m,
    )


def main_street_town() -> Network:
    """Return a kilometre of 兴丰大街 (primary) from x = 0, and lanes off its middle."""
    spots = [(0, 0), (500, 0), (1000, 0), (500, 400), (500, 2400)]
    at = [place(x, y) for x, y in spots]
    ways = [
        Way(nodes=(0, 1, 2), tags={"highway": "primary", "name": "兴丰大街"}, osm_id=1),
        Way(nodes=(1, 3), tags={"highway": "residential", "name": "富强巷"}, osm_id=2),
        Way(nodes=(3, 4), tags={"highway": "residential"}, osm_id=3),
    ]
    return network_from_ways(
        np.array([spot["lon"] for spot in at]),
        np.array([spot["lat"] for spot in at]),
        ways,
        source="test",
        licence="",
        date="",
    )
