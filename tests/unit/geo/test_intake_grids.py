"""Grids as rasterio (GDAL) wrote them, see grids/README.md; positions as GDAL has them."""

import struct
from pathlib import Path

import numpy as np
import pytest

from geo.errors import FileRefusedError
from geo.intake import read_table
from geo.intake.guarded import parse
from geo.intake.spatial import grid
from geo.intake.spatial.grid import read_grid
from geo.intake.spatial.points import with_positions

pytestmark = pytest.mark.usefixtures("read_here")
GRIDS = Path(__file__).parent / "grids"
SOUND = (
    "plain",
    "lzw_floating_tiled",
    "deflate_differences",
    "packbits_big_endian",
    "zstd_bigtiff",
    "lzma",
    "bytes",
    "minus_max",
)
WHOLE = {"deflate_differences", "packbits_big_endian", "lzma", "bytes"}
WITHOUT_DATA = {"plain", "packbits_big_endian"}  # these name no such figure


def content(name: str) -> bytes:
    return (GRIDS / f"{name}.tif").read_bytes()


@pytest.mark.parametrize("name", SOUND)
def test_figures_of_every_kind_and_compression(name: str) -> None:
    cells = read_grid(content(name), "a.tif").cells
    figures = np.arange(30.0).reshape(6, 5) * 1.5
    figures = np.floor(figures) if name in WHOLE else figures
    last = 5 if name in WITHOUT_DATA else 4
    wanted = [(r, c) for r in range(1, 6) for c in range(5) if r < 5 or c < last]
    assert cells[0].tolist() == [f"r{r + 1}c{c + 1}" for r, c in wanted]
    assert cells[1].astype(float).to_numpy() == pytest.approx(
        [116.205 + 0.01 * c for _, c in wanted], abs=1e-12
    )
    assert cells[2].astype(float).to_numpy() == pytest.approx(
        [39.895 - 0.01 * r for r, _ in wanted], abs=1e-12
    )
    assert cells[3].astype(float).tolist() == [figures[r, c] for r, c in wanted]


@pytest.mark.parametrize(
    ("name", "lon", "lat", "datum"),
    [
        ("plain", 116.225, 39.885, "wgs84"),
        ("points", 116.225, 39.885, "wgs84"),
        ("zone_39", 116.18427187078521, 39.90995891399672, "EPSG:4527"),
        ("meridian_117", 116.18427187078521, 39.90995891399672, "EPSG:4548"),
        ("turned", 116.184358774021, 39.91002707162736, "EPSG:4548"),
        ("mollweide", 111.0581120496995, 39.200587595293534, "wgs84"),
    ],
)
def test_the_middles_of_cells_in_whatever_projection(
    name: str, lon: float, lat: float, datum: str
) -> None:
    raw = with_positions(parse(content(name), "grid", "demand", "a.tif", None, None))
    intake = read_table(raw, "demand")
    row = intake.frame[intake.frame["id"] == "r2c3"].iloc[0]
    assert (row["lon"], row["lat"]) == pytest.approx((lon, lat), abs=1e-9)
    assert row["workers"] == 10.5
    assert intake.datum == datum


def test_a_grid_is_demand_and_told_to_be_residents() -> None:
    intake = read_table(content("plain"), "demand", name="人口.tif")
    assert intake.frame["workers"].sum() == sum(1.5 * k for k in range(5, 30))
    (told,) = (finding for finding in intake.findings if finding.code == "intake_grid")
    assert told.facts["cells"] == 25
    assert "25" in told.message("zh")


def test_a_grid_is_nothing_else() -> None:
    with pytest.raises(FileRefusedError) as caught:
        read_table(content("plain"), "stations", name="人口.tif")
    assert caught.value.code == "intake_grid_table"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("lerc", "intake_grid_kind"),
        ("two_bands", "intake_grid_kind"),
        ("no_place", "intake_grid_place"),
        ("own_system", "intake_crs_unknown"),
    ],
)
def test_other_rasters_are_refused(name: str, code: str) -> None:
    with pytest.raises(FileRefusedError) as caught:
        read_grid(content(name), "a.tif")
    assert caught.value.code == code


def test_negative_figures_without_a_figure_for_no_data_are_told() -> None:
    data = content("minus_max").replace(b"-3.4028234663852886e+38", b"-3.4028234663852886e+37")
    assert data != content("minus_max")
    assert ("intake_grid_negative", "warning", {"count": 1}) in read_grid(data, "a.tif").notes


def test_too_many_cells_and_too_many_inhabited_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    data = content("plain")
    monkeypatch.setattr(grid, "MAX_ROWS", 24)
    with pytest.raises(FileRefusedError) as caught:
        read_grid(data, "a.tif")
    assert caught.value.code == "intake_grid_rows"
    width = data.index(struct.pack("<HHII", 256, 3, 1, 5))
    large = data[: width + 8] + struct.pack("<I", 2**31) + data[width + 12 :]
    with pytest.raises(FileRefusedError) as caught:
        read_grid(large, "a.tif")
    assert caught.value.code in {"intake_grid_large", "intake_damaged"}
