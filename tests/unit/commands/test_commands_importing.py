"""Bringing a table in: what must be stated, what is refused, what JSON tells."""

import json
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from geo.crs import geodesic_m
from geo.datum import from_wgs84
from tests.unit.commands.terminal import answer, run


def table(folder: Path, text: str, name: str = "a.csv", encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def check(file: Path, *words: object, kind: str = "stations") -> list[object]:
    return ["import", file, "--as", kind, "--check", "--json", *words]


def at_the_border(datum: str) -> str:
    """Return stations just inside of Daxing's outline, in another datum."""
    from geo.intake.places import daxing_outline  # noqa: PLC0415 -- only here

    parts = shapely.get_parts(shapely.buffer(daxing_outline(), -0.0005))
    largest = parts[int(np.argmax(shapely.area(parts)))]
    corners = shapely.get_coordinates(shapely.get_exterior_ring(largest))[::5]
    x, y = from_wgs84(corners[:, 0], corners[:, 1], datum)
    rows = enumerate(zip(x.tolist(), y.tolist(), strict=True))
    return "编号,经度,纬度\n" + "".join(f"s{i},{a:.7f},{b:.7f}\n" for i, (a, b) in rows)


def test_a_datum_that_nobody_states_is_asked_for(tmp_path: Path) -> None:
    file = table(tmp_path, "名称,经度,纬度\n甲,116.34,39.72\n")
    out = tmp_path / "out.csv"
    refused = run("import", file, "--as", "stations", "--out", out, "--json")
    error = answer(refused, 1)["error"]
    assert error["code"] == "intake_datum_undeclared"
    assert "gcj02" in error["message"]
    assert not out.exists()
    told = answer(run(*check(file, "--datum", "gcj02")))
    assert (told["imported"], told["datum"]["stated_by"]) == (1, "declared")


def test_headings_and_columns_state_it_too(tmp_path: Path) -> None:
    named = table(tmp_path, "名称,经度（高德）,纬度（高德）\n甲,116.34,39.72\n")
    assert answer(run(*check(named)))["datum"]["stated_by"] == "heading"
    other = answer(run(*check(named, "--datum", "wgs84")), 1)
    assert (other["imported"], other["rejected"]) == (0, 1)
    assert "intake_datum_heading" in [finding["code"] for finding in other["findings"]]
    assert answer(run(*check(named, "--datum", "wgs84", "--confirm-datum")))["imported"] == 1
    rows = "名称,经度,纬度,坐标系\n甲,116.34,39.72,高德\n乙,116.35,39.73,WGS84\n"
    mixed = answer(run(*check(table(tmp_path, rows))))["datum"]
    assert (mixed["stated_by"], mixed["rows"]) == ("column", {"gcj02": 1, "wgs84": 1})


def test_evidence_against_the_stated_datum_must_be_confirmed(tmp_path: Path) -> None:
    file = table(tmp_path, at_the_border("bd09"))
    boundary = Path("data/open/daxing_outline_osm.geojson").resolve()
    out = tmp_path / "out.csv"
    words = ["import", file, "--as", "stations", "--out", out, "--boundary", boundary, "--json"]
    refused = answer(run(*words, "--datum", "wgs84"), 1)
    assert (refused["imported"], refused["out"]) == (0, None)
    assert refused["datum"]["verdict"]["outcome"] == "contradicts"
    assert refused["datum"]["verdict"]["best"] == "bd09"
    assert refused["findings"][0]["code"] == "intake_datum_contradicted"
    assert not out.exists()
    assert answer(run(*words, "--datum", "bd09"))["datum"]["verdict"]["outcome"] == "agrees"
    assert out.exists()
    suggested = answer(run(*words), 1)
    assert suggested["findings"][0]["code"] == "intake_datum_unconfirmed"
    taken = answer(run(*words, "--confirm-datum"))
    assert (taken["datum"]["declared"], taken["imported"] > 0) == ("bd09", True)


def test_synthetic_streets_verify_nothing_and_that_is_said() -> None:
    sample = Path("data/sample").resolve()
    told = answer(run(*check(sample / "stations.csv", "--streets", sample / "streets.wsn")))
    assert told["datum"]["verdict"]["outcome"] == "unverifiable"
    assert told["datum"]["evidence"][0]["within_30_m"] is None
    assert told["datum"]["evidence"][0]["inside_boundary"] == 1.0
    (finding,) = [f for f in told["findings"] if f["severity"] == "warning"]
    assert finding["code"] == "intake_datum_unverifiable"
    assert "无法用道路验证" in finding["message"]


def test_columns_are_pointed_at_by_their_headings(tmp_path: Path) -> None:
    file = table(tmp_path, '单位,"经度,纬度",规模\n甲,"116.34,39.72",30\n')
    words = check(file, "--datum", "wgs84", kind="demand")
    columns = "经度,纬度=lon,经度,纬度=lat,规模=workers"
    assert answer(run(*words, "--columns", columns))["imported"] == 1
    assert answer(run(*words, "--columns", "规模=workers"))["imported"] == 1
    for wrong in ("规模", "规模=", "规模=workers,多余"):
        assert answer(run(*words, "--columns", wrong), 2)["error"]["code"] == "usage"
    assert answer(run(*words, "--columns", "规模=dragons"), 1)["error"]["code"] == (
        "intake_map_column"
    )


def test_what_a_text_does_not_have_is_refused(tmp_path: Path) -> None:
    file = table(tmp_path, "名称,lon,lat\n兴丰大街驿站,116.34,39.72\n", encoding="gb18030")
    for option in ("--sheet", "--layer"):
        error = answer(run(*check(file, option, "Sheet1")), 1)["error"]
        assert error["code"] == "intake_no_sheets"
    assert answer(run(*check(file, "--sheet", "a", "--layer", "b")), 2)["error"]["code"] == "usage"
    assert answer(run(*check(file, "--encoding", "gb18030")))["imported"] == 1
    assert answer(run(*check(file, "--encoding", "utf-8")), 1)["error"]["code"].startswith(
        "intake_encoding"
    )


def test_where_the_table_is_to_go_is_checked_first(tmp_path: Path) -> None:
    file = table(tmp_path, "not a table at all")
    for out, code in ((tmp_path / "a.docx", "tables_suffix"), (file, "usage")):
        words = ["import", file, "--as", "stations", "--out", out, "--json"]
        assert answer(run(*words), 2 if code == "usage" else 1)["error"]["code"] == code
    words = ["import", file, "--as", "stations", "--out", tmp_path / "no" / "a.csv", "--json"]
    assert answer(run(*words), 2)["error"]["code"] == "file"
    assert file.read_text() == "not a table at all"


DOUBLE = (
    "编号,名称,lon,lat,座位数\na,甲,116.34,39.72,\na,甲二,116.35,39.73,6\nc,丙,116.3401,39.72,9\n"
)


@pytest.mark.parametrize(
    ("decision", "kept", "exit_code"), [("keep", 2, 1), ("skip", 1, 1), ("merge", 1, 0)]
)
def test_doubles_are_told_and_settled(
    decision: str, kept: int, exit_code: int, tmp_path: Path
) -> None:
    file = table(tmp_path, DOUBLE)
    out = tmp_path / "out.csv"
    words = ["import", file, "--as", "stations", "--out", out, "--doubles", decision, "--json"]
    told = answer(run(*words), exit_code)
    assert told["imported"] == kept
    assert [group["reason"] for group in told["doubles"]] == ["id", "near"]
    assert "intake_near_double" in [finding["code"] for finding in told["findings"]]
    rows = out.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert len(rows) == kept
    if decision == "merge":
        assert ",6," in rows[0]


def test_rows_without_a_position_wait_or_stand_in_their_town(tmp_path: Path) -> None:
    text = "企业名称,地址,所属镇街\n甲公司,一号,兴丰街道\n乙公司,二号,安定镇\n"
    file = table(tmp_path, text)
    told = answer(run(*check(file, kind="enterprises")), 1)
    assert (told["imported"], told["rejected"], told["unplaced"]) == (0, 2, [2, 3])
    square = [[116.3, 39.7], [116.4, 39.7], [116.4, 39.8], [116.3, 39.8], [116.3, 39.7]]
    feature = {
        "type": "Feature",
        "properties": {"name": "兴丰街道"},
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }
    towns = tmp_path / "towns.geojson"
    towns.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    words = check(file, "--town-centres", towns, "--datum", "wgs84", kind="enterprises")
    placed = answer(run(*words), 1)
    assert (placed["imported"], placed["unplaced"]) == (1, [3])
    assert "intake_town_place" in [finding["code"] for finding in placed["findings"]]


@pytest.mark.parametrize(
    ("datum", "suffix"),
    [("gcj02", ".csv"), ("bd09", ".parquet"), ("cgcs2000", ".csv"), ("EPSG:4548", ".csv")],
)
def test_positions_go_out_in_a_datum_and_come_back(tmp_path: Path, datum: str, suffix: str) -> None:
    file = table(tmp_path, at_the_border("wgs84"))
    words = ("import", file, "--as", "stations", "--datum", "wgs84", "--json", "--out")
    first, shifted, back = (tmp_path / f"{name}.parquet" for name in ("first", "shifted", "back"))
    shifted = shifted.with_suffix(suffix)
    answer(run(*words, first))
    answer(run(*words, shifted, "--out-datum", datum))
    told = answer(run("import", shifted, "--as", "stations", "--json", "--out", back))
    assert told["datum"]["rows"] == {datum: told["imported"]}
    before, after = pd.read_parquet(first), pd.read_parquet(back)
    assert geodesic_m(before["lon"], before["lat"], after["lon"], after["lat"]).max() < 1e-6


def test_geojson_is_written_in_its_own_datum_only(tmp_path: Path) -> None:
    file = table(tmp_path, "名称,经度,纬度\n甲,116.34,39.72\n")
    out = tmp_path / "out.geojson"
    words = ("import", file, "--as", "stations", "--datum", "wgs84", "--out", out)
    refused = run(*words, "--out-datum", "gcj02")
    assert refused.exit_code == 1
    assert "WGS-84" in refused.output
    assert not out.exists()
    assert run(*words, "--out-datum", "wgs84").exit_code == 0


def test_a_zone_that_leads_elsewhere_must_be_confirmed(tmp_path: Path) -> None:
    x, y = from_wgs84([116.34, 116.35], [39.72, 39.73], "EPSG:4548")
    pairs = enumerate(zip(x.tolist(), y.tolist(), strict=True))
    rows = "".join(f"站{i},{a!r},{b!r}\n" for i, (a, b) in pairs)
    file = table(tmp_path, f"驿站名称,X,Y\n{rows}")
    told = answer(run(*check(file, "--datum", "EPSG:4547")), 1)
    assert told["imported"] == 0
    zone = next(f for f in told["findings"] if f["code"] == "intake_zone")
    assert "EPSG:4548" in zone["message"]
    confirmed = answer(run(*check(file, "--datum", "EPSG:4547", "--confirm-datum")))
    assert confirmed["imported"] == 2
    assert answer(run(*check(file, "--datum", "EPSG:4548")))["imported"] == 2


def test_a_table_of_another_city_is_told(tmp_path: Path) -> None:
    file = table(tmp_path, "名称,经度,纬度\n甲,121.47,31.23\n乙,121.48,31.24\n")
    told = answer(run(*check(file, "--datum", "wgs84")))
    assert [f["code"] for f in told["findings"] if f["severity"] == "warning"] == [
        "intake_elsewhere"
    ]


@pytest.mark.parametrize(
    ("headings", "name"),
    [
        ("园区名称,经度,纬度", "甲"),
        ("商户名称,镇街,经度,纬度", "甲"),
        ("店铺名称,商户名称,经度,纬度", ""),  # which of two is not ours to say
        ("所属镇街名称,经度,纬度", ""),
    ],
)
def test_a_heading_that_ends_with_name_is_the_name(
    tmp_path: Path, headings: str, name: str
) -> None:
    cells = {"经度": "116.34", "纬度": "39.72"}
    row = ",".join(cells.get(heading, "甲") for heading in headings.split(","))
    out = tmp_path / "out.parquet"
    file = table(tmp_path, f"{headings}\n{row}\n")
    answer(run("import", file, "--as", "hosts", "--datum", "wgs84", "--out", out, "--json"))
    assert pd.read_parquet(out)["name"].tolist() == [name]


@pytest.mark.usefixtures("read_here")
def test_a_fault_is_told_with_file_sheet_row_and_column(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("驿站表")
    for row in (["驿站名称", "经度", "纬度"], ["甲", 116.34, 39.72], ["乙", "abc", 39.72]):
        sheet.append(row)
    book.save(tmp_path / "年报.xlsx")
    result = run(*check(tmp_path / "年报.xlsx", "--datum", "gcj02"))
    fault = next(f for f in answer(result, 1)["findings"] if f["severity"] == "error")
    assert [fault[key] for key in ("file", "sheet", "row", "column")] == [
        *("年报.xlsx", "驿站表", 3, "经度"),
    ]
    assert "年报.xlsx 驿站表 第 3 行 经度: “abc”不是数字" in result.stderr


def test_needs_have_their_topic(tmp_path: Path) -> None:
    rows = "1,路边没有饮水点,饮水,116.33,39.72\n2,拖欠工资,工资,116.34,39.72\n"
    file = table(tmp_path, f"编号,内容,类别,经度,纬度\n{rows}")
    out = tmp_path / "out.parquet"
    answer(run("import", file, "--as", "needs", "--datum", "wgs84", "--json", "--out", out))
    assert pd.read_parquet(out)["topic"].tolist() == ["water", "wages"]
