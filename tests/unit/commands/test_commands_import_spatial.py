from pathlib import Path

import geopandas
import pytest
import shapely

from tests.unit.commands.terminal import answer, run

pytestmark = pytest.mark.usefixtures("read_here")
PLACES = [shapely.Point(116.338, 39.727), shapely.Point(116.5, 39.62)]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a GeoPackage of two layers."""
    file = tmp_path / "两层.gpkg"
    frame = geopandas.GeoDataFrame({"name": ["甲", "乙"]}, geometry=PLACES, crs="EPSG:4326")
    frame.to_crs("EPSG:4548").to_file(file, layer="驿站", driver="GPKG")
    frame.to_file(file, layer="旧驿站", driver="GPKG")
    return file


def test_layers_are_asked_for_and_chosen(package: Path) -> None:
    result = run("import", package, "--as", "stations", "--check")
    assert result.exit_code == 1
    assert "驿站、旧驿站" in result.output
    chosen = run("import", package, "--as", "stations", "--layer", "驿站", "--check", "--json")
    content = answer(chosen)
    assert content["imported"] == 2
    assert content["read"] == {
        "format": "geopackage",
        "layer": "驿站",
        "layers": ["驿站", "旧驿站"],
        "encoding": None,
        "crs": "EPSG:4548",
    }
    assert content["datum"]["declared"] == "EPSG:4548"


def test_an_encoding_is_found_told_and_chosen(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("id,name,lon,lat\ns1,興豐大街暖心驛站總工會,116.3,39.7\n".encode("big5"))
    words = ("import", file, "--as", "stations", "--check", "--json")
    assert run(*words).exit_code == 1
    content = answer(run(*words, "--encoding", "big5"))
    assert content["read"]["encoding"] == "big5"
    refused = run(*words, "--encoding", "klingon")
    assert refused.exit_code == 1
    assert "UTF-8" in refused.output
