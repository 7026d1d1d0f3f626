import json

import numpy as np
import pytest

from geo.datum import from_wgs84
from geo.errors import FileRefusedError, InputError
from geo.intake import Intake, read_table
from geo.intake import ledger as intake_ledger
from geo.intake import limits as intake_limits
from geo.intake.headings import ColumnsMissingError
from geo.intake.meanings import letter
from geo.tables import TABLES, columns
from words import LANGUAGES

CLEAN = (
    "id,name,lon,lat,town\ns1,兴丰驿站,116.338,39.727,兴丰街道\ns2,安定驿站,116.5,39.62,安定镇\n"
)


def stations(text: str, datum: str = "wgs84") -> Intake:
    return read_table(text.encode(), "stations", name="stations.csv", datum=datum)


def demand(text: str) -> Intake:
    return read_table(text.encode(), "demand", name="demand.csv", datum="wgs84")


def told(intake: Intake) -> list[tuple[str, str, int | None, str | None]]:
    for finding in intake.findings:
        for lang in LANGUAGES:
            assert finding.message(lang)
    return [(f.severity, f.code, f.row, f.column) for f in intake.findings]


def test_a_clean_file_gives_a_frame_of_the_schema_and_nothing_to_tell() -> None:
    intake = stations(CLEAN)
    assert (intake.imported, intake.rejected, intake.findings) == (2, 0, ())
    assert intake.frame["id"].tolist() == ["s1", "s2"]
    assert intake.frame["lon"].tolist() == [116.338, 116.5]
    assert intake.frame["kind"].tolist() == ["", ""]
    assert intake.frame["seats"].isna().all()
    assert intake.rows.tolist() == [2, 3]
    assert intake.columns["town"] == "town"


@pytest.mark.parametrize("table", ["stations", "candidates", "demand", "visits"])
def test_headings_without_rows_are_a_valid_file(table: str) -> None:
    intake = read_table(b"id,lon,lat,workers,date,visits\n", table)
    assert intake.imported == intake.rejected == 0
    assert len(intake.frame) == 0


def test_chinese_headings_under_title_rows_with_totals_and_footers() -> None:
    intake = demand(
        "大兴区职工分布\n单位：人\n编 号,经度（°）,纬度(°),*职工人数,所属镇街,备用\n"
        'a1,１１６．３３８,39.7270°,"1,200人",兴丰街道,\n\na2,116.5,39.62,30,安定镇,x\n'
        "合计,,,1230,,\n填表人：张三,,,,,\n"
    )
    assert intake.frame["id"].tolist() == ["a1", "a2"]
    assert intake.frame["lon"].tolist() == [116.338, 116.5]
    assert intake.frame["workers"].tolist() == [1200.0, 30.0]
    assert intake.rows.tolist() == [4, 6]
    assert (intake.imported, intake.rejected) == (2, 0)
    assert told(intake) == [
        ("info", "intake_header_row", None, None),
        ("info", "intake_columns_unused", None, None),
        ("info", "intake_total_row", 7, None),
        ("info", "intake_total_row", 8, None),
    ]


@pytest.mark.parametrize(
    ("lon", "lat", "code", "column"),
    [
        ("", "39.7", "intake_missing", "lon"),
        ("116.3", "", "intake_missing", "lat"),
        ("abc", "39.7", "intake_not_a_number", "lon"),
        ("116.3", "NaN", "intake_not_finite", "lat"),
        ("inf", "39.7", "intake_not_finite", "lon"),
        ("1e400", "39.7", "intake_not_finite", "lon"),
        ("#N/A", "39.7", "intake_not_finite", "lon"),
        ("39.7", "116.3", "intake_swapped", "lat"),
        ("0", "0", "intake_null_island", "lon"),
        ("500000", "39.7", "intake_out_of_range", "lon"),
        ("116.3", "4400000", "intake_out_of_range", "lat"),
    ],
)
def test_a_row_without_a_sound_position_is_rejected(
    lon: str, lat: str, code: str, column: str
) -> None:
    intake = stations(f"id,lon,lat\ngood,116.3,39.7\nbad,{lon},{lat}\n")
    assert told(intake) == [("error", code, 3, column)]
    assert intake.frame["id"].tolist() == ["good"]
    assert (intake.imported, intake.rejected) == (1, 1)
    assert intake.findings[0].file == "stations.csv"


@pytest.mark.parametrize("cell", ["-1", "ten", "", "nan"])
def test_demand_without_a_sound_head_count_is_rejected(cell: str) -> None:
    intake = demand(f"id,lon,lat,workers\na,116.3,39.7,{cell}\n")
    assert intake.rejected == 1
    assert intake.findings[0].column == "workers"


def test_zero_and_broken_heads_are_counts_too() -> None:
    assert demand("id,lon,lat,workers\na,116.3,39.7,0\nb,116.3,39.7,2.5\n").imported == 2


def test_what_is_not_required_is_left_blank_with_a_warning() -> None:
    intake = stations(
        "id,lon,lat,seats,kind\na,116.3,39.7,-4,城堡\nb,116.3,39.7,3.5,临街驿站\nc,116.3,39.71,四,\n"
    )
    assert intake.imported == 3
    assert intake.frame["seats"].isna().all()
    assert intake.frame["kind"].tolist() == ["", "street_front", ""]
    assert told(intake) == [
        ("warning", "intake_unknown_code_left_blank", 2, "kind"),
        ("warning", "intake_negative_left_blank", 2, "seats"),
        ("warning", "intake_not_whole_left_blank", 3, "seats"),
        ("warning", "intake_not_a_number_left_blank", 4, "seats"),
    ]


def test_names_of_codes_become_codes() -> None:
    intake = stations(
        "id,lon,lat,kind,access,services,state\n"
        "a,116.3,39.7,Street-front station,对外开放；PATIENTS,饮水、wifi;热饭;飞行,运营中\n"
    )
    row = intake.frame.iloc[0]
    assert row["kind"] == "street_front"
    assert row["access"] == "public;patients"
    assert row["services"] == "water;wifi;microwave"
    assert row["state"] == "open"
    assert intake.findings[0].facts == {"value": "飞行"}


def test_lists_of_codes_may_be_separated_as_people_do() -> None:
    intake = stations('id,lon,lat,services\na,116.3,39.7,"饮水，座椅/WiFi,water"\n')
    assert intake.frame["services"].tolist() == ["water;seat;wifi"]
    assert intake.findings == ()


def test_an_unknown_state_or_window_changes_figures_and_is_rejected() -> None:
    assert stations("id,lon,lat,state\na,116.3,39.7,玩耍\n").rejected == 1
    assert demand("id,lon,lat,workers,window\na,116.3,39.7,5,周八\n").rejected == 1


def test_a_row_without_window_among_rows_with_windows_is_rejected() -> None:
    intake = demand("id,lon,lat,workers,window\na,116,39,5,工作日午间\nb,116,39,5,\n")
    assert told(intake) == [("error", "intake_window_missing", 3, "window")]


def test_long_numbers_stay_text() -> None:
    intake = stations("id,name,lon,lat\n110115199001011234,007,116.3,39.7\n1e5,1.0,116.3,39.8\n")
    assert intake.frame["id"].tolist() == ["110115199001011234", "1e5"]
    assert intake.frame["name"].tolist() == ["007", "1.0"]


def test_a_missing_id_is_made_from_name_and_position_and_stays_the_same() -> None:
    text = "name,lon,lat\n甲,116.3,39.7\n乙,116.3,39.7\n"
    first, again = stations(text), stations(text.replace("甲", "丙"))
    ids = first.frame["id"].tolist()
    assert all(len(made) == 16 and made.startswith("wsp-") for made in ids)
    assert ids[0] != ids[1]
    assert again.frame["id"].tolist()[1] == ids[1]
    assert told(first) == [("info", "intake_id_made", None, None)]


def test_duplicates_of_an_id_are_rejected_and_name_the_first_row() -> None:
    intake = stations("id,lon,lat\na,116,39\nb,116,39\na,117,39\na,118,39\n")
    assert told(intake) == [
        ("error", "intake_duplicate_id", 4, "id"),
        ("error", "intake_duplicate_id", 5, "id"),
    ]
    assert [finding.facts["first"] for finding in intake.findings] == [2, 2]


def test_the_first_sound_row_of_an_id_counts() -> None:
    intake = stations("id,lon,lat\na,,39\na,116,39\n")
    assert intake.frame["lon"].tolist() == [116.0]
    assert intake.rejected == 1


def test_demand_is_unique_per_id_group_and_window_and_stands_still() -> None:
    intake = demand(
        "id,lon,lat,workers,group,window\n"
        "a,116.3,39.7,5,快递员,工作日午间\na,116.3,39.7,6,快递员,工作日上午\n"
        "a,116.3,39.7,7,快递员,workday_noon\na,116.4,39.7,8,环卫工人,工作日午间\n"
        "a,116.30000000001,39.7,9,环卫工人,工作日午间\n"
    )
    assert told(intake) == [
        ("error", "intake_duplicate_demand", 4, "id"),
        ("error", "intake_position_differs", 5, "id"),
    ]
    assert intake.frame["workers"].tolist() == [5.0, 6.0, 9.0]
    assert intake.frame["lon"].nunique() == 1


@pytest.mark.parametrize("datum", ["gcj02", "bd09", "EPSG:4548"])
def test_positions_are_stored_in_wgs84(datum: str) -> None:
    x, y = from_wgs84([116.338], [39.727], datum)
    intake = stations(f"id,lon,lat\na,{float(x[0])},{float(y[0])}\n", datum=datum)
    assert intake.frame["lon"][0] == pytest.approx(116.338, abs=1e-10)
    assert intake.frame["lat"][0] == pytest.approx(39.727, abs=1e-10)
    assert intake.datum == datum


def test_a_position_that_a_projection_does_not_know() -> None:
    intake = stations("id,lon,lat\na,1e30,1e30\n", datum="EPSG:4548")
    assert told(intake) == [("error", "intake_not_in_datum", 2, "lon")]


def test_a_heading_can_be_stated() -> None:
    text = b"id,lon,lat,population,jobs\na,116.3,39.7,10,20\n"
    assert read_table(text, "demand", mapping={"workers": "Jobs"}).frame["workers"].tolist() == [
        20.0
    ]
    with pytest.raises(FileRefusedError, match=r"workers.*population、jobs"):
        read_table(text, "demand")
    with pytest.raises(InputError, match="heads"):
        read_table(text, "demand", mapping={"workers": "heads"})
    with pytest.raises(InputError, match="no column people"):
        read_table(text, "demand", mapping={"people": "jobs"})


def test_hostile_text_is_kept_as_text_without_control_characters() -> None:
    intake = stations(
        'id,name,lon,lat\na,"=cmd|\' /C calc\'!A0",116,39\nb,"x\x07\ty\u2028z",116,39\n'
    )
    assert intake.frame["name"].tolist() == ["=cmd|' /C calc'!A0", "x y z"]


def test_a_very_long_text_is_cut_and_told() -> None:
    intake = stations(f"id,name,lon,lat\na,{'长' * 2000},116,39\n")
    assert len(intake.frame["name"][0]) == intake_limits.MAX_CELL_CHARS
    assert told(intake) == [("warning", "intake_text_cut", 2, "name")]


def test_findings_are_capped_but_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_ledger, "MAX_FINDINGS", 3)
    intake = stations("id,lon,lat\n" + "a,x,39\n" * 10)
    assert intake.rejected == 10
    assert [finding.code for finding in intake.findings].count("intake_not_a_number") == 3
    more = next(f for f in intake.findings if f.code == "intake_more_findings")
    assert more.facts == {"count": 7}


def test_a_table_without_positions() -> None:
    intake = read_table("编号,日期,服务人次\ns1,2026-01-01,30\ns1,2026-01-02,\n".encode(), "visits")
    assert intake.frame["visits"].tolist() == [30]
    assert told(intake) == [("error", "intake_missing", 3, "服务人次")]


def test_every_refusal_has_a_sentence_in_both_languages() -> None:
    with pytest.raises(FileRefusedError) as caught:
        stations("nothing,here\n1,2\n")
    for lang in LANGUAGES:
        assert "stations.csv" in caught.value.message(lang)


def test_a_large_table_keeps_its_row_numbers() -> None:
    lines = [f"p{i},{116 + i * 1e-5:.5f},39.7" for i in range(5000)]
    lines[4321] = "p4321,x,39.7"
    intake = stations("id,lon,lat\n" + "\n".join(lines))
    assert [finding.row for finding in intake.findings] == [4323]
    assert np.array_equal(intake.rows, np.delete(np.arange(2, 5002), 4321))


def test_facts_of_findings_can_be_written_as_json() -> None:
    intake = stations("id,lon,lat\na,39.7,116.3\na,500000,1\nb,1,1\nb,1,1\n")
    assert json.dumps([finding.as_dict("zh") for finding in intake.findings], allow_nan=False)


def test_headings_as_clerks_write_them() -> None:
    text = "单位名称,经度,纬度,在职职工人数（人）\n甲,116.33,39.73,30\n"
    intake = read_table(text.encode("gb18030"), "demand")
    assert intake.frame["workers"].tolist() == [30.0]
    assert [c.heading for c in intake.choices] == ["单位名称", "经度", "纬度", "在职职工人数（人）"]
    assert intake.choices[0].sample == "甲"


@pytest.mark.parametrize(
    ("heading", "cell", "order"),
    [
        ("坐标", '"116.33,39.73"', "lon_lat"),
        ("坐标", '"39.73，116.33"', "lat_lon"),
        ("经纬度", "116.33 39.73", "lon_lat"),
        ("GPS坐标（WGS84）", "POINT (116.33 39.73)", "lon_lat"),
        ("坐标", "（116.33；39.73）", "lon_lat"),
    ],
)
def test_a_position_in_one_cell_is_split_by_its_range(heading: str, cell: str, order: str) -> None:
    intake = stations(f"名称,{heading}\n甲站,{cell}\n")
    assert intake.frame[["lon", "lat"]].to_numpy().tolist() == [[116.33, 39.73]]
    assert ("info", f"intake_position_{order}", None, None) in told(intake)


def test_a_position_that_is_no_pair_is_left_out_and_shown() -> None:
    intake = stations('名称,坐标\n甲站,"116.33,39.73"\n乙站,府前街 1 号\n丙站,\n')
    assert [(f.code, f.row) for f in intake.findings if f.severity == "error"] == [
        ("intake_not_a_number", 3),
        ("intake_unplaced", 4),
    ]
    assert intake.imported == 1
    assert intake.unplaced.rows.tolist() == [4]


def test_places_where_both_may_be_either_follow_the_heading() -> None:
    east = stations('id,坐标\na,"30.1,50.2"\n').frame
    north = stations('id,"纬度,经度"\na,"50.2,30.1"\n').frame
    assert east[["lon", "lat"]].to_numpy().tolist() == [[30.1, 50.2]]
    assert north[["lon", "lat"]].to_numpy().tolist() == [[30.1, 50.2]]


def test_columns_can_be_pointed_at_after_a_refusal() -> None:
    text = '单位,位置,规模\n甲,"116.33,39.73",30\n'.encode()
    with pytest.raises(ColumnsMissingError) as caught:
        read_table(text, "demand", name="a.csv")
    refused = caught.value
    assert [column.name for column in refused.missing] == ["lon", "lat", "workers"]
    assert [choice.heading for choice in refused.choices] == ["单位", "位置", "规模"]
    assert "经度、纬度、职工人数" in refused.message("zh")
    assert "longitude, latitude, workers" in refused.message("en")
    assert "--map" not in refused.message("zh") + refused.message("en")
    stated = {"lon": "位置", "lat": "位置", "workers": "规模"}
    frame = read_table(text, "demand", mapping=stated).frame
    assert frame[["lon", "lat", "workers"]].to_numpy().tolist() == [[116.33, 39.73, 30.0]]


def test_a_file_without_headings_is_read_by_letters_and_keeps_its_first_row() -> None:
    text = "甲,116.33,39.73,30\n乙,116.34,39.74,40\n".encode()
    with pytest.raises(ColumnsMissingError) as caught:
        read_table(text, "demand")
    assert [(c.heading, c.sample) for c in caught.value.choices] == [
        ("A", "甲"),
        ("B", "116.33"),
        ("C", "39.73"),
        ("D", "30"),
    ]
    stated = {"lon": "B", "lat": "C", "workers": "D"}
    intake = read_table(text, "demand", mapping=stated)
    assert intake.frame["workers"].tolist() == [30.0, 40.0]
    assert intake.rows.tolist() == [1, 2]
    assert ("info", "intake_no_header", None, None) in told(intake)


def test_a_heading_can_be_stated_as_none() -> None:
    text = "id,lon,lat,人数,镇街\na,116.3,39.7,4,x\n".encode()
    intake = read_table(text, "demand", mapping={"town": ""})
    assert intake.frame["town"].tolist() == [""]
    with pytest.raises(ColumnsMissingError):
        read_table(text, "demand", mapping={"workers": ""})


def test_a_heading_that_stands_twice_is_pointed_at_by_its_letter() -> None:
    text = "id,lon,lat,年份,年份\na,116.3,39.7,4,5\n".encode()
    with pytest.raises(ColumnsMissingError) as caught:
        read_table(text, "demand")
    assert [choice.heading for choice in caught.value.choices][-2:] == ["年份", "E"]
    assert read_table(text, "demand", mapping={"workers": "E"}).frame["workers"].tolist() == [5.0]


def test_columns_have_names_for_people() -> None:
    for table in TABLES:
        for column in columns(table):
            assert column.zh
            assert column.en


@pytest.mark.parametrize(
    ("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_letters_of_columns(place: int, name: str) -> None:
    assert letter(place) == name
