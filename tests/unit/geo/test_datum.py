import csv
from pathlib import Path

import numpy as np
import pytest

from geo.datum import from_wgs84, normalise_datum, to_wgs84
from geo.errors import InputError

# Published by coordtransform (wandergis, MIT; the same to 1e-10 in coordtransform-rs) and by the
# tests of eviltransform (googollee, MIT) and gcoord (hujiulong, MIT).
FORWARD = [
    ("gcj02", 116.404, 39.915, 116.41024449916938, 39.91640428150164, 1e-9),
    ("bd09", 116.404, 39.915, 116.41662724378733, 39.922699552216216, 1e-9),
    ("gcj02", 121.5272106, 31.1774276, 121.531541859215, 31.17530398364597, 5e-7),
    ("gcj02", 113.912316, 22.543847, 113.9171764808363, 22.540796131694766, 5e-7),
    ("gcj02", 116.377817, 39.911954, 116.38404722455657, 39.91334545536069, 5e-7),
    ("bd09", 114.498916, 37.0700925, 114.5113116, 37.0766797, 5e-5),
]
M_PER_DEGREE = 111_320.0


def metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    east = (lon - other_lon) * M_PER_DEGREE * np.cos(np.radians(lat))
    return float(np.hypot(east, (lat - other_lat) * M_PER_DEGREE))


@pytest.mark.parametrize(("datum", "lon", "lat", "east", "north", "tolerance"), FORWARD)
def test_published_values(
    datum: str, lon: float, lat: float, east: float, north: float, tolerance: float
) -> None:
    got_lon, got_lat = from_wgs84(lon, lat, datum)
    assert float(got_lon) == pytest.approx(east, abs=tolerance)
    assert float(got_lat) == pytest.approx(north, abs=tolerance)


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4548", "EPSG:3857"])
def test_there_and_back_within_a_micrometre(datum: str) -> None:
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(73.5, 134.5, 20_000), rng.uniform(18.5, 53.0, 20_000)
    back_lon, back_lat = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    east = (back_lon - lon) * M_PER_DEGREE * np.cos(np.radians(lat))
    assert np.hypot(east, (back_lat - lat) * M_PER_DEGREE).max() < 1e-6


def test_shifts_in_daxing_have_the_known_size() -> None:
    lon, lat = 116.338, 39.727
    gcj = from_wgs84(lon, lat, "gcj02")
    bd = from_wgs84(lon, lat, "bd09")
    assert 490 < metres(lon, lat, float(gcj[0]), float(gcj[1])) < 570
    assert 1250 < metres(lon, lat, float(bd[0]), float(bd[1])) < 1400


def test_outside_china_nothing_is_shifted() -> None:
    lon, lat = from_wgs84([-51.2, 183.0], [-30.0, 45.0], "gcj02")
    assert lon.tolist() == [-51.2, 183.0]
    assert lat.tolist() == [-30.0, 45.0]


def test_a_projected_position_of_daxing() -> None:
    # EPSG:4548: CGCS2000, central meridian 117 degrees east, false easting 500 km.
    x, y = from_wgs84(117.0, 0.0, "EPSG:4548")
    assert (float(x), float(y)) == pytest.approx((500_000.0, 0.0), abs=1e-3)


def test_what_cannot_be_transformed_becomes_nan() -> None:
    lon, lat = to_wgs84([np.inf, 500_000.0], [0.0, 4_400_000.0], "EPSG:4548")
    assert np.isnan(lon[0])
    assert np.isnan(lat[0])
    assert 116.9 < lon[1] < 117.1


@pytest.mark.parametrize(
    ("given", "name"),
    [("GCJ-02", "gcj02"), (" bd09 ", "bd09"), ("CGCS2000", "cgcs2000"), ("epsg:4548", "EPSG:4548")],
)
def test_names_of_datums(given: str, name: str) -> None:
    assert normalise_datum(given) == name


@pytest.mark.parametrize("given", ["", "mars", "EPSG:", "EPSG:999999", "EPSG:４５４８x"])
def test_an_unknown_datum_is_refused(given: str) -> None:
    with pytest.raises(InputError, match="not known"):
        normalise_datum(given)


@pytest.mark.outside_data
def test_the_vectors_that_peers_assert(outside_data: Path) -> None:
    file = outside_data / "instances" / "coords" / "coord_vectors.csv"
    with file.open(encoding="utf-8") as rows:
        vectors = list(csv.DictReader(rows))
    assert len(vectors) > 1000
    known_bad = []
    for row in vectors:
        given = to_wgs84(float(row["from_lon"]), float(row["from_lat"]), row["from_crs"])
        lon, lat = (float(part) for part in from_wgs84(*given, row["to_crs"]))
        east, north = float(row["to_lon"]), float(row["to_lat"])
        off_m = metres(lon, lat, east, north)
        if "KNOWN-BAD" in row["test"]:
            known_bad.append(off_m)
            continue
        off = off_m if row["tol_unit"] == "m" else max(abs(lon - east), abs(lat - north))
        assert off <= float(row["tol"]), row
    assert max(known_bad) == pytest.approx(41.2, abs=0.5)
    assert min(known_bad) > 10
