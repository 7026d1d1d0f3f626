"""What is well-formed and can hardly be meant, and rows that nobody numbered."""

import pytest
import shapely

from geo.intake import Intake, read_table
from geo.zones import Zones, fill_towns
from words import LANGUAGES


def read(text: str, table: str = "demand", near: tuple[float, float] | None = None) -> Intake:
    intake = read_table(text.encode(), table, near=near)
    for finding in intake.findings:
        for lang in LANGUAGES:
            assert finding.message(lang)
    return intake


def found(intake: Intake, code: str) -> list[int | None]:
    return [finding.row for finding in intake.findings if finding.code == code]


def test_people_at_one_place_are_all_counted_where_nobody_wrote_ids() -> None:
    intake = read("lon,lat,workers\n120.001,30,1\n120.001,30,2\n120.002,30,4\n")
    assert intake.frame["workers"].sum() == 7
    assert intake.frame["id"].is_unique
    assert (intake.imported, intake.rejected) == (3, 0)
    assert found(intake, "intake_same_place") == [3]
    assert next(f for f in intake.findings if f.code == "intake_same_place").facts == {"first": 2}


def test_groups_and_windows_of_one_place_stay_one_point() -> None:
    intake = read(
        "lon,lat,workers,window\n120,30,1,工作日午间\n120,30,2,工作日上午\n120,30,4,工作日午间\n"
    )
    assert intake.frame["workers"].tolist() == [1.0, 2.0, 4.0]
    first, second, third = intake.frame["id"].tolist()
    assert first == second != third


def test_needs_of_one_place_are_all_kept() -> None:
    intake = read("lon,lat,件数\n120,30,1\n120,30,2\n", "needs")
    assert intake.frame["records"].tolist() == [1, 2]
    assert intake.frame["id"].is_unique


def test_an_id_that_somebody_wrote_stays_unique() -> None:
    intake = read("id,lon,lat,workers\na,120,30,1\na,120,30,2\n")
    assert (intake.imported, intake.rejected) == (1, 1)


def test_a_station_twice_is_told_by_its_name() -> None:
    intake = read("name,lon,lat\n甲站,120,30\n甲站,120,30\n乙站,120,30\n", "stations")
    (finding,) = [f for f in intake.findings if f.severity == "error"]
    assert (finding.code, finding.row) == ("intake_duplicate_name", 3)
    assert "甲站" in finding.message("zh")
    assert "wsp-" not in finding.message("zh") + finding.message("en")
    assert intake.imported == 2


@pytest.mark.parametrize(
    ("heading", "cell", "yuan"),
    [("投入", "3万", 30_000), ("投入（元）", "12.7万", 127_000), ("投入（万元）", "1.5", 15_000)],
)
def test_costs_in_ten_thousands(heading: str, cell: str, yuan: int) -> None:
    intake = read(f"id,lon,lat,{heading}\na,120,30,{cell}\n", "candidates")
    assert intake.frame["cost_yuan"].tolist() == [yuan]
    assert bool(found(intake, "intake_ten_thousands")) == ("万" in heading)


def test_a_negative_cost_stays_a_warning() -> None:
    intake = read("id,lon,lat,投入\na,120,30,-5\n", "candidates")
    assert found(intake, "intake_negative_left_blank") == [2]
    assert intake.frame["cost_yuan"].isna().all()


def test_a_point_far_from_the_others_is_to_be_checked() -> None:
    rows = "".join(f"p{i},116.{30 + i},39.7,5\n" for i in range(5))
    intake = read(f"id,lon,lat,workers\n{rows}far,121.47,31.23,9\n")
    assert found(intake, "intake_far") == [7]
    assert intake.imported == 6


def test_a_single_point_is_compared_with_what_is_known() -> None:
    text = "name,lon,lat\n甲站,121.47,31.23\n"
    assert found(read(text, "stations"), "intake_far") == []
    assert found(read(text, "stations", near=(116.34, 39.73)), "intake_far") == [2]


def test_a_head_count_that_no_place_has_is_to_be_checked() -> None:
    intake = read("id,lon,lat,workers\na,116.3,39.7,200000\nb,116.3,39.71,200001\n")
    assert found(intake, "intake_many_workers") == [3]
    assert intake.imported == 2


def test_units_come_under_the_unions_names() -> None:
    towns = ["天官院街道", "榆堡镇", "黄村", "兴丰", "兴丰街道", "不存在镇", "不存在镇", ""]
    rows = "".join(f"p{i},116.34,39.7{i},5,{town}\n" for i, town in enumerate(towns))
    intake = read(f"id,lon,lat,workers,town\n{rows}")
    assert intake.frame["town"].tolist() == [
        "天宫院街道",
        "榆垡镇",
        "黄村镇",
        "兴丰街道",
        "兴丰街道",
        "不存在镇",
        "不存在镇",
        "",
    ]
    assert len(found(intake, "intake_town_renamed")) == 4
    (unknown,) = [f for f in intake.findings if f.code == "intake_town_unknown"]
    assert (unknown.severity, unknown.facts["given"], unknown.facts["count"]) == (
        "warning",
        "不存在镇",
        2,
    )


def test_units_of_other_districts_are_left_alone() -> None:
    intake = read("id,lon,lat,workers,town\na,120,30,5,清源\nb,120.01,30,5,湖滨街道\n")
    assert intake.frame["town"].tolist() == ["清源", "湖滨街道"]
    assert intake.findings == ()


def test_a_map_that_spells_a_unit_in_another_way_fills_the_unions_name() -> None:
    frame = read("id,lon,lat,workers\na,116.3,39.6,5\n").frame
    zones = Zones(("榆堡镇",), shapely.box([116.2], [39.5], [116.4], [39.7]))
    assert fill_towns(frame, zones)["town"].tolist() == ["榆垡镇"]


def test_hours_are_read_or_told() -> None:
    intake = read("id,lon,lat,hours\na,120,30,8点-18点\nb,120,30,随时\nc,120,30,24/7\n", "stations")
    assert intake.frame["hours"].tolist() == ["08:00-18:00", "随时", "24/7"]
    assert found(intake, "intake_hours_read") == [2]
    assert found(intake, "intake_hours_unreadable") == [3]
