"""Five ugly files, each a mess of its own: what comes of them, and what is told."""

import pytest

from geo.errors import FileRefusedError
from geo.intake import Intake, read_table
from geo.intake.duplicates import find_doubles
from geo.intake.wishes import DATUM, Wishes
from tests.ugly_files import (
    STATIONS,
    Ugly,
    all_ugly,
    candidates_of_a_town,
    points_of_many_hands,
    register_of_enterprises,
    survey_of_stations,
    surveyed_points,
)
from words import LANGUAGES

pytestmark = pytest.mark.usefixtures("read_here")
MENDED = {"lon": "442000", "lat": "4398000"}


def read(ugly: Ugly, **more: object) -> Intake:
    wanted = {"datum": ugly.datum, "sheet": ugly.sheet, "mapping": ugly.mapping, **more}
    return read_table(ugly.data, ugly.table, name=ugly.name, **wanted)  # type: ignore[arg-type]


def codes(intake: Intake, *severities: str) -> list[tuple[str, int | None]]:
    return [(f.code, f.row) for f in intake.findings if f.severity in severities]


@pytest.mark.parametrize("ugly", all_ugly(), ids=lambda ugly: ugly.table + ugly.name[:2])
def test_every_finding_has_words_and_every_reject_a_reason(ugly: Ugly) -> None:
    intake = read(ugly)
    for lang in LANGUAGES:
        assert all(finding.message(lang) for finding in intake.findings)
        frame = intake.rejects.frame(lang)
        assert len(frame) == intake.rejected
        assert (frame["reason"] != "").all()
        assert frame["row"].tolist() == intake.rejects.rows.tolist()


def test_a_workbook_with_headings_over_two_rows_that_name_the_datum() -> None:
    intake = read(survey_of_stations())
    assert (intake.datum, intake.stated_by) == ("gcj02", "heading")
    assert (intake.imported, intake.rejected) == (5, 1)
    assert intake.rows.tolist() == [5, 6, 7, 8, 9]
    assert intake.unplaced.rows.tolist() == [10]
    assert intake.unplaced.frame["name"].tolist() == ["瀛海镇流动驿站"]
    for axis, place in (("lon", 1), ("lat", 2)):
        truth = [station[place] for station in STATIONS[:5]]
        assert intake.frame[axis].tolist() == pytest.approx(truth, abs=2e-6)
    towns = ["兴丰街道", "兴丰街道", "高米店街道", "榆垡镇", "天宫院街道"]
    assert intake.frame["town"].tolist() == towns  # one cell was merged downwards
    assert intake.frame["contact_phone"].tolist()[0] == "13800000000"
    assert intake.frame["opened_on"].tolist()[0] == "2025-03-01"
    assert codes(intake, "error", "warning") == [("intake_unplaced", 10)]
    assert {row for _, row in codes(intake, "info")} >= {11, 12}  # the total, the clerk's line


def test_the_sheet_with_the_headings_is_found_behind_a_cover() -> None:
    intake = read(survey_of_stations(), sheet=None)
    assert intake.imported == 5
    assert ("intake_other_sheets", None) in codes(intake, "info")
    with pytest.raises(FileRefusedError):
        read(survey_of_stations(), sheet="填表说明")


def test_positions_that_a_comma_cut_in_two_are_joined() -> None:
    intake = read(candidates_of_a_town())
    assert (intake.datum, intake.imported, intake.rejected) == ("bd09", 6, 0)
    assert intake.frame["lon"].tolist() == pytest.approx([s[1] + 0.004 for s in STATIONS], abs=2e-6)
    assert intake.frame["cost_yuan"].tolist()[:3] == [3000, 5000, 5000]
    assert intake.frame["cost_yuan"].tolist()[4:] == [3000, 12000]
    assert intake.frame["seats"].tolist() == [4, 5, 6, 7, 8, 9]
    assert intake.frame["services"].unique().tolist() == ["water;seat;cooling"]
    assert intake.rows.tolist() == [3, 4, 5, 6, 7, 8]
    assert codes(intake, "error", "warning") == []


def test_a_register_of_enterprises_comes_without_positions() -> None:
    intake = read(register_of_enterprises())
    assert (intake.imported, intake.rejected) == (0, 4)
    unplaced = intake.unplaced
    assert unplaced.rows.tolist() == [3, 4, 6, 7]
    assert unplaced.frame["credit_code"].tolist()[1] == "911101150000000020"
    assert unplaced.frame["workers"].tolist()[0] == 1200
    about = next(f for f in intake.findings if f.code == "intake_not_a_number_left_blank")
    assert (about.row, about.repair) == (4, {"workers": "300"})


def test_rows_without_a_position_stand_at_the_middle_of_their_unit_when_asked() -> None:
    places = {"天宫院街道": (116.32, 39.69)}
    intake = read(register_of_enterprises(), wishes=Wishes(town_places=places))
    assert (intake.imported, intake.rejected) == (1, 3)
    assert intake.frame[["lon", "lat"]].to_numpy().tolist() == [[116.32, 39.69]]
    assert intake.frame["position_state"].tolist() == ["town_centroid"]
    assert ("intake_town_place", 6) in codes(intake, "warning")


def test_a_row_that_somebody_placed_on_the_map_comes_in() -> None:
    placed = {(10, "lon"): "116.444", (10, "lat"): "39.757", (10, DATUM): "wgs84"}
    intake = read(survey_of_stations(), wishes=Wishes(corrections=placed))
    assert (intake.imported, intake.rejected) == (6, 0)
    assert intake.frame["lon"].tolist()[5] == 116.444
    assert intake.row_datums.tolist() == ["gcj02"] * 5 + ["wgs84"]


def test_a_surveyors_northing_comes_first() -> None:
    intake = read(surveyed_points())
    assert (intake.imported, intake.rejected) == (0, 7)
    assert ("intake_columns_turned", None) in codes(intake, "warning")
    turned = {"lon": "Y坐标（m）", "lat": "X坐标（m）"}
    right = read(surveyed_points(), mapping=turned)
    assert (right.imported, right.rejected) == (6, 1)
    assert right.frame["lat"].tolist() == pytest.approx([s[2] for s in STATIONS], abs=1e-7)
    zone = next(f for f in right.findings if f.severity == "error")
    assert (zone.code, zone.row, zone.repair) == ("intake_zone_number", 8, MENDED)
    undeclared = read(surveyed_points(), mapping=turned, datum=None)
    assert undeclared.imported == 0
    zones = next(f for f in undeclared.findings if f.code == "intake_metres_zone")
    assert "EPSG:4548" in str(zones.facts["datums"])


def test_a_file_of_many_hands_keeps_the_datum_of_every_row() -> None:
    intake = read(points_of_many_hands())
    assert intake.stated_by == "column"
    assert intake.row_datums.tolist() == ["gcj02", "bd09", "wgs84", "wgs84", "wgs84"]
    assert intake.frame["lon"].tolist()[:2] == pytest.approx([116.3301, 116.3291], abs=2e-6)
    assert intake.frame["lat"].tolist()[2] == pytest.approx(39.727, abs=1e-4)
    assert codes(intake, "error") == [
        ("intake_swapped", 5),
        ("intake_null_island", 6),
        ("intake_point_lost", 8),
        ("intake_datum_of_row", 9),
        ("intake_duplicate_id", 11),
        ("intake_unplaced", 12),
    ]
    groups = find_doubles(intake, "stations")
    assert [(group.reason, group.rows) for group in groups] == [("name", (2, 7)), ("id", (11, 10))]
