"""Addresses without coordinates, asked for on the command line."""

import csv
from pathlib import Path

import pytest

from commands.addresses import GEOCODERS
from geo.geocoding.services import SERVICES
from tests.geocoders import KEY, NOTHING, PLACE, Stub, amap, amap_refuses, stub
from tests.unit.commands.terminal import answer, run

__all__ = ["stub"]

TABLE = """名称,地址,所属镇街,经度,纬度
甲厂,兴丰大街二段1号,兴丰街道,,
乙厂,清源路2号,清源街道,116.345,39.731
丙厂,不存在路9号,兴丰街道,,
"""
VARIABLE = SERVICES["amap"].variable


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "企业.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def words(file: Path, out: Path, *more: object) -> list[object]:
    given = ["--as", "enterprises", "--datum", "wgs84", "--json", "--out", out]
    return ["import", file, *given, *more]


def test_the_services_are_those_that_there_are() -> None:
    assert set(SERVICES) == set(GEOCODERS)


def test_addresses_are_asked_for_only_when_somebody_wants_it(
    file: Path, tmp_path: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, KEY)
    out = tmp_path / "out.csv"
    told = answer(run(*words(file, out)), 1)
    assert (told["imported"], told["unplaced"], told["geocoded"]) == (1, [2, 4], None)
    assert stub.asked == []
    stub.answers = [(200, amap(*PLACE)), (200, NOTHING["amap"])]
    asking = ["--geocode", "amap", "--geocode-url", f"{stub.url}/geo"]
    result = run(*words(file, out, *asking))
    assert KEY not in result.output
    told = answer(result, 1)
    assert (told["imported"], told["unplaced"]) == (2, [4])
    assert told["geocoded"] == {"service": "amap", "asked": 2, "placed": 1}
    assert told["datum"]["rows"] == {"gcj02": 1, "wgs84": 1}
    codes = [(f["row"], f["code"]) for f in told["findings"] if f["row"]]
    assert (2, "geocode_found_amap") in codes
    assert {(4, "geocode_nothing"), (4, "intake_unplaced")} <= set(codes)
    with out.open(encoding="utf-8-sig", newline="") as rows:
        first, second = csv.DictReader(rows)
    assert (first["position_state"], second["position_state"]) == ("address_door", "")
    assert [float(first[axis]) for axis in ("lon", "lat")] == pytest.approx(PLACE, abs=1e-6)
    assert KEY not in out.read_text(encoding="utf-8-sig")


def test_a_refusal_keeps_the_rows_that_have_positions(
    file: Path, tmp_path: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, KEY)
    stub.answers = [(200, amap_refuses("10003", "DAILY_QUERY_OVER_LIMIT"))]
    asking = ["--geocode", "amap", "--geocode-url", f"{stub.url}/geo", "--geocode-region", ""]
    told = answer(run(*words(file, tmp_path / "out.csv", *asking)), 1)
    assert (told["imported"], told["geocoded"]["placed"], len(stub.asked)) == (1, 0, 1)
    assert stub.asked[0]["address"] == "兴丰大街二段1号"
    assert "geocode_quota" in [finding["code"] for finding in told["findings"]]


def test_the_middle_of_the_unit_comes_after_the_address(
    file: Path, tmp_path: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, KEY)
    towns = tmp_path / "towns.geojson"
    square = [[[116.3, 39.7], [116.4, 39.7], [116.4, 39.8], [116.3, 39.8], [116.3, 39.7]]]
    towns.write_text(
        str(
            {
                "type": "Feature",
                "properties": {"name": "兴丰街道"},
                "geometry": {"type": "Polygon", "coordinates": square},
            }
        ).replace("'", '"'),
        encoding="utf-8",
    )
    stub.answers = [(200, amap(*PLACE)), (200, NOTHING["amap"])]
    asking = ["--geocode", "amap", "--geocode-url", stub.url, "--town-centres", towns]
    out = tmp_path / "out.csv"
    assert answer(run(*words(file, out, *asking)))["imported"] == 3
    with out.open(encoding="utf-8-sig", newline="") as rows:
        states = [row["position_state"] for row in csv.DictReader(rows)]
    assert states == ["address_door", "", "town_centroid"]


def test_without_a_key_or_addresses_nothing_is_read(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    out = tmp_path / "out.csv"
    refused = answer(run(*words(file, out, "--geocode", "amap")), 1)
    assert refused["error"]["code"] == "geocode_no_key"
    monkeypatch.setenv(VARIABLE, KEY)
    asked = ["import", file, "--as", "demand", "--check", "--json", "--geocode", "amap"]
    assert answer(run(*asked), 1)["error"]["code"] == "geocode_no_addresses"
    assert not out.exists()
