"""The guard itself: what a process of its own reads of every format, and where it is stopped."""

import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from geo.errors import FileRefusedError
from geo.intake import guarded, read_table
from geo.intake.formats import detect
from geo.intake.spatial.layers import LayersError
from tests.hostile.all_formats import read_all
from tests.hostile.clean import NAMES, clean_files, shapefile, workbook, zipped

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    files = clean_files(tmp_path_factory.mktemp("work") / "clean")
    return {name: data for name, data in files.items() if not name.startswith("streets")}


def test_every_format_is_read_within_the_limits_and_arrives_as_it_was(
    tables: dict[str, bytes],
) -> None:
    seen = guarded.guard(read_all, tables, name="all")
    assert seen.gdal == []
    assert set(seen.tables) == set(tables)
    for name, data in tables.items():
        here = guarded.parse(data, detect(data, name), "demand", name, None, None)
        there = seen.tables[name]
        assert there.cells.equals(here.cells), name
        assert (there.headings, there.crs, there.notes) == (here.headings, here.crs, here.notes)
        if here.geometry is not None:
            assert there.geometry is not None
            assert np.array_equal(there.geometry, here.geometry)


def test_nothing_of_ours_calls_the_network() -> None:
    assert guarded.ENVIRONMENT["https_proxy"].endswith(":9")
    assert guarded.ENVIRONMENT["PROJ_NETWORK"] == "OFF"


def test_a_file_goes_through_the_door_and_its_refusal_comes_back(tmp_path: Path) -> None:
    assert read_table(workbook(), "stations", name="a.xlsx").frame["name"].tolist() == NAMES
    parts = shapefile(tmp_path)
    two = zipped({f"{stem}{s}": part for stem in "ab" for s, part in parts.items()})
    with pytest.raises(LayersError) as caught:
        read_table(two, "stations", name="two.zip")
    assert caught.value.code == "intake_layers"
    assert caught.value.facts["file"] == "two.zip"


def test_a_file_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "CHILD_WALL_S", 0.01)
    with pytest.raises(FileRefusedError, match="seconds") as caught:
        read_table(workbook(), "stations", name="slow.xlsx")
    assert caught.value.code == "intake_limit_time"


def test_a_sheet_with_one_cell_in_the_last_corner_is_stopped_at_its_memory() -> None:
    # 17 thousand million cells lie between A1 and XFD1048576.
    with zipfile.ZipFile(BytesIO(workbook())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    far = parts[SHEET].replace(b'r="D10"', b'r="XFD1048576"', 1)
    assert far != parts[SHEET]
    with pytest.raises(FileRefusedError) as caught:
        read_table(zipped({**parts, SHEET: far}), "stations", name="far.xlsx")
    assert caught.value.code in {"intake_limit_memory", "intake_damaged"}
