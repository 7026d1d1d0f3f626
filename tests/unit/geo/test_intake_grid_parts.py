"""Parts of grids: cells of an area and no others, out of files far larger than what is read."""

import random
import struct
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.datum import to_wgs84
from geo.errors import FileRefusedError
from geo.intake import read_table
from geo.intake.spatial import grid
from geo.intake.spatial.grid import read_grid
from geo.intake.wishes import Wishes
from tests.unit.commands.terminal import answer, run

pytestmark = pytest.mark.usefixtures("read_here")
GRIDS = Path(__file__).parent / "grids"
# A country of cells of 0.0016 degrees: 640 million of them, as a national population grid has.
COLUMNS, ROWS, TILE = 40_000, 20_000, 256
WEST, NORTH, CELL = 73.0, 54.0, 0.0016
DISTRICT = shapely.box(116.21, 39.42, 116.72, 39.83)
_ACROSS, _DOWN = -(-COLUMNS // TILE), -(-ROWS // TILE)


def people(row: np.ndarray, column: np.ndarray) -> np.ndarray:
    return np.asarray((row * 7 + column * 13) % 5, dtype=np.float32) * np.float32(0.5)


def country(file: Path) -> None:
    """Write the grid, tiled and deflated; all tiles are left out but those around two places."""
    inhabited = {}
    for lon, lat, tiles in ((116.465, 39.625, 2), (121.47, 31.23, 0)):
        down, across = (int(v / CELL / TILE) for v in (NORTH - lat, lon - WEST))
        for r in range(down - tiles, down + tiles + 1):
            for c in range(across - tiles, across + tiles + 1):
                cells = np.mgrid[r * TILE : (r + 1) * TILE, c * TILE : (c + 1) * TILE]
                inhabited[r * _ACROSS + c] = zlib.compress(people(*cells).tobytes(), 1)
    offsets, sizes = np.zeros((2, _ACROSS * _DOWN), dtype="<u8")
    body = b""
    for index, packed in inhabited.items():
        offsets[index], sizes[index] = 16 + len(body), len(packed)
        body += packed
    keys = struct.pack("<16H", 1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326)
    values = {
        256: ("<I", COLUMNS), 257: ("<I", ROWS), 258: ("<H", 32), 259: ("<H", 8),
        277: ("<H", 1), 322: ("<H", TILE), 323: ("<H", TILE), 339: ("<H", 3),
    }  # fmt: skip
    apart = {
        324: (16, offsets.tobytes()),
        325: (16, sizes.tobytes()),
        33550: (12, struct.pack("<3d", CELL, CELL, 0)),
        33922: (12, struct.pack("<6d", 0, 0, 0, WEST, NORTH, 0)),
        34735: (3, keys),
    }
    entries = b""
    for tag in sorted({*values, *apart}):
        if tag in values:
            form, value = values[tag]
            kind = {"<I": 4, "<H": 3}[form]
            entries += struct.pack("<HHQ", tag, kind, 1) + struct.pack(form, value).ljust(8, b"\0")
        else:
            kind, content = apart[tag]
            count = len(content) // {16: 8, 12: 8, 3: 2}[kind]
            entries += struct.pack("<HHQQ", tag, kind, count, 16 + len(body))
            body += content
    head = struct.pack("<2sHHHQ", b"II", 43, 8, 0, 16 + len(body))
    count = len(values) + len(apart)
    file.write_bytes(head + body + struct.pack("<Q", count) + entries + struct.pack("<Q", 0))


@pytest.fixture(scope="module")
def national(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("grid") / "全国人口.tif"
    country(file)
    return file


def expected(area: shapely.Geometry) -> pd.DataFrame:
    """Return the cells of the country around Daxing that an area holds."""
    rows, columns = np.mgrid[8_700:9_300, 26_800:27_500]
    lon, lat = WEST + (columns + 0.5) * CELL, NORTH - (rows + 0.5) * CELL
    heads = people(rows, columns)
    at = (heads > 0) & shapely.intersects_xy(area, lon, lat)
    ids = [f"r{r + 1}c{c + 1}" for r, c in zip(rows[at], columns[at], strict=True)]
    return pd.DataFrame({"id": ids, "lon": lon[at], "lat": lat[at], "workers": heads[at]})


def test_the_district_is_read_out_of_a_grid_of_the_country(national: Path) -> None:
    content = answer(
        run(
            *("import", national, "--as", "demand", "--bbox", 116.21, 39.42, 116.72, 39.83),
            *("--out", national.with_suffix(".csv"), "--json"),
        )
    )
    wanted = expected(DISTRICT)
    found = pd.read_csv(national.with_suffix(".csv"))
    assert content["imported"] == len(found) == len(wanted) > 60_000
    assert found["id"].tolist() == wanted["id"].tolist()
    assert np.abs(found[["lon", "lat"]].to_numpy() - wanted[["lon", "lat"]]).max().max() < 1e-9
    assert found["workers"].tolist() == wanted["workers"].tolist()
    assert {f["code"] for f in content["findings"]} == {"intake_grid", "intake_grid_part"}


def test_an_outline_cuts_a_grid_along_its_border(national: Path) -> None:
    area = shapely.Polygon([(116.3, 39.5), (116.5, 39.5), (116.4, 39.7)])
    intake = read_table(national, "demand", wishes=Wishes(area=area))
    assert intake.frame["id"].tolist() == expected(area)["id"].tolist()


@pytest.mark.parametrize(
    ("area", "code"),
    [
        (None, "intake_grid_large"),
        (shapely.box(80, 25, 130, 50), "intake_grid_blocks"),
        (shapely.box(10, 50, 11, 51), "intake_grid_elsewhere"),
    ],
)
def test_what_is_too_much_or_elsewhere_is_said(
    national: Path, area: shapely.Geometry, code: str
) -> None:
    with pytest.raises(FileRefusedError) as caught:
        read_grid(national, "全国人口.tif", area)
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["plain", "points", "zone_39", "meridian_117", "turned"])
@pytest.mark.parametrize("size", [0.011, 0.02, 0.5])
def test_a_part_is_what_the_whole_has_there(name: str, size: float) -> None:
    data = (GRIDS / f"{name}.tif").read_bytes()
    whole = read_grid(data, "a.tif")
    x, y = (whole.cells[place].astype(float).to_numpy() for place in (1, 2))
    lon, lat = to_wgs84(x, y, whole.crs)
    area = shapely.box(lon[7] - size, lat[7] - size / 3, lon[7] + size / 2, lat[7] + size)
    part = read_grid(data, "a.tif", area)
    inside = shapely.intersects_xy(area, lon, lat)
    assert 0 < len(part.cells) <= len(whole.cells)
    assert part.cells.to_numpy().tolist() == whole.cells[inside].to_numpy().tolist()


def test_a_box_of_what_is_no_grid_is_said(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("id,lon,lat,workers\na,116.3,39.7,1\n", encoding="utf-8")
    result = run("import", file, "--as", "demand", "--bbox", 116, 39, 117, 40, "--check")
    assert result.exit_code == 2
    assert "不是栅格" in result.output


def test_a_grid_on_disk_may_be_larger_than_what_is_uploaded(
    national: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.intake.sources.MAX_FILE_BYTES", 1000)
    assert len(read_grid(national, "a.tif", DISTRICT).cells) > 60_000
    intake = read_table(national, "demand", wishes=Wishes(area=shapely.box(116, 39.5, 116.3, 39.6)))
    assert intake.imported > 1_000
    monkeypatch.setattr("geo.intake.sources.MAX_GRID_FILE_BYTES", 1000)
    with pytest.raises(FileRefusedError) as caught:
        read_table(national, "demand")
    assert caught.value.code == "intake_too_large"


def test_few_cells_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MAX_GRID_CELLS", 29)
    data = (GRIDS / "plain.tif").read_bytes()
    with pytest.raises(FileRefusedError) as caught:
        read_grid(data, "a.tif")
    assert caught.value.code == "intake_grid_large"


@pytest.mark.parametrize("turns", [2, pytest.param(200, marks=pytest.mark.full)])
@pytest.mark.parametrize("file", sorted(GRIDS.glob("*.tif")), ids=lambda file: file.stem)
def test_damaged_grids_are_read_or_refused_as_a_whole_and_in_part(file: Path, turns: int) -> None:
    sound = file.read_bytes()
    chance = random.Random(file.stem)  # noqa: S311 -- the same damage every time
    read, refused = 0, []
    for turn in range(turns):
        data = bytearray(sound)
        for _ in range(1 + turn % 4):  # most of it in the tags
            at = chance.randrange(min(len(data), 600) if turn % 3 else len(data))
            data[at] ^= 1 << chance.randrange(8)
        for area in (None, shapely.box(116, 39, 117, 40), shapely.box(-180, -90, 180, 90)):
            try:
                with np.errstate(invalid="ignore", over="ignore"):
                    read_grid(bytes(data), "a.tif", area)
            except FileRefusedError as error:
                refused.append(error.message("zh"))
            else:
                read += 1
    assert read + len(refused) == 3 * turns
    assert all(refused)
