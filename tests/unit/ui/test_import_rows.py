"""What the steps tell of rows: their own datums, doubles left out, several placed by one tap."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import streamlit

from geo.datum import from_wgs84
from geo.intake import Intake, read_table
from geo.intake.datums import UNDECLARED
from geo.intake.headings import find_header
from geo.intake.positions import looks_like_positions
from geo.intake.reader import open_table
from geo.intake.unplaced import TOWN_CENTROID, daxing_seats
from geo.intake.wishes import DATUM, Wishes
from geo.tables import empty_table
from reports.webmap import Label, MapScene, base_layer
from reports.webmap.content import content
from siting.model import Inputs
from tests.ugly_files import points_of_many_hands
from tests.unit.ui.conftest import grid, table
from ui import keys
from ui.live_map import MapEvent
from ui.wizard.by_row import said_by_rows
from ui.wizard.check import left_out
from ui.wizard.draft import Draft, group_key
from ui.wizard.known import places_of_known
from ui.wizard.mending import told, unknown_codes
from ui.wizard.reading import Known, cells_shown, judge, placed
from ui.wizard.rows import filled_columns, has_rows
from ui.wizard.spreading import spread, wide_groups
from ui.wizard.storing import prepare
from ui.wizard.unplaced import (
    mentioned_units,
    next_choice,
    place_unit,
    placed_points,
    placing_choices,
)

NOTHING = Inputs(demand=empty_table("demand"), stations=empty_table("stations"))


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    held: dict[str, Any] = {keys.LANGUAGE: "zh"}
    monkeypatch.setattr(streamlit, "session_state", held)
    return held


def test_each_rows_own_datum_is_counted_and_what_nobody_knows_is_named() -> None:
    ugly = points_of_many_hands()
    raw, header = open_table(ugly.data, "stations", name=ugly.name)
    said = said_by_rows(raw, header, read_table(raw, "stations"))
    assert said is not None
    assert said.named == {"gcj02": 1, "bd09": 1, "wgs84": 6}
    assert said.unknown == ((9, "北京54"),)
    assert said.blank == 1  # the row without a position has no datum to say


@pytest.mark.parametrize(("below", "filled"), [("", False), (",,\n", False), ("a,,\n", True)])
def test_headings_alone_are_no_rows(below: str, filled: object) -> None:
    data = f"名称,经度,纬度\n{below}".encode()
    raw, header = open_table(data, "stations", name="a.csv")
    assert has_rows(raw, header) is filled


@pytest.mark.usefixtures("session")
def test_streets_that_do_not_reach_the_points_give_way_to_the_outline() -> None:
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(116.42, 116.5, 12), rng.uniform(39.6, 39.65, 12)
    x, y = from_wgs84(lon, lat, "gcj02")
    rows = [f"站{i},{x[i]:.6f},{y[i]:.6f},高德" for i in range(12)]
    draft = Draft("stations", "\n".join(["名称,经度,纬度,坐标系", *rows]).encode(), "a.csv")
    intake = read_table(draft.data, "stations")
    known = Known(streets=grid(), lent=True, daxing=True)
    (verdict,) = judge(draft, intake, known)
    assert (verdict.outcome, verdict.why) == ("unverifiable", "elsewhere")
    assert {one.against for one in verdict.evidence} == {"daxing"}
    assert "100.0% 的点在大兴区界内" in verdict.sentence("zh")
    seen = placed(draft, intake, known)
    assert seen is not None
    assert seen.sentence("zh") == "逐行换算后：100.0% 的点在大兴区界内"
    near = read_table(b"name,lon,lat\na,116.3,39.7\n", "stations")
    (verdict,) = judge(Draft("stations", b"", "b.csv"), near, known)
    assert {one.against for one in verdict.evidence} == {"streets"}


@pytest.mark.usefixtures("session")
def test_rows_left_out_by_choice_are_in_the_file_with_their_reason() -> None:
    text = (
        "编号,名称,经度,纬度\n1,甲站,116.33,39.73\n2,甲站,116.3301,39.73\n"
        "3,乙站,116.35,39.75\n4,丙站,0,0\n5,丁站,116.36,39.76\n5,丁站,116.36,39.76\n"
    )
    draft = Draft("stations", text.encode(), "a.csv", datum="wgs84", skipped=frozenset({4}))
    intake = read_table(draft.data, "stations", datum="wgs84", wishes=draft.wishes())
    assert intake.raw is not None
    ready = prepare(draft, intake, NOTHING)
    (by_name,) = (group for group in ready.groups if group.reason == "name")
    decided = Draft(
        "stations",
        draft.data,
        "a.csv",
        skipped=draft.skipped,
        doubles={group_key(by_name): "skip"},
    )
    ready = prepare(decided, intake, NOTHING)
    found = left_out(decided, intake.raw, intake, ready).frame("zh")
    assert found["row"].tolist() == [3, 4, 5, 7]
    reasons = dict(zip(found["row"], found["reason"], strict=True))
    assert reasons[3] == "与第 2 行“甲站”重复，您选择只留那一行"
    assert reasons[4] == "您选择了不导入这一行"
    assert "都是 0" in reasons[5]
    assert found["名称"].tolist() == ["甲站", "乙站", "丙站", "丁站"]
    assert len(ready.frame) + len(found) == 6


def waiting() -> Intake:
    text = (
        "企业名称,地址,所属镇街\n甲厂,永大路1号,清源街道\n乙厂,永大路2号,清源\n"
        "丙厂,青云店镇政府旁,\n丁厂,清源路2号,\n戊厂,,瀛海镇\n"
    )
    return read_table(text.encode(), "enterprises")


def test_one_tap_places_all_rows_of_a_unit(session: dict[str, Any]) -> None:
    intake = waiting()
    choices = placing_choices(intake)
    assert choices[0] == (4, 5)  # both say no unit
    assert choices[-1] == (6,)
    assert mentioned_units(intake) == {4: "青云店镇"}  # 清源路 is a street
    session[keys.DRAFT] = Draft("enterprises", b"", "a.csv")
    place_unit("enterprises", (2, 3), MapEvent("add", 1, lon=116.33, lat=39.75))
    corrections = session[keys.DRAFT].corrections
    assert corrections[3, "position_state"] == TOWN_CENTROID
    assert corrections[2, DATUM] == UNDECLARED
    assert intake.raw is not None
    again = read_table(intake.raw, "enterprises", wishes=Wishes(corrections=corrections))
    assert again.frame["name"].tolist() == ["甲厂", "乙厂"]
    assert set(again.frame["position_state"]) == {TOWN_CENTROID}


def test_after_a_single_row_the_next_single_one_comes_up_never_a_whole_unit() -> None:
    choices = placing_choices(waiting())
    assert choices == ((4, 5), (2,), (3,), (4,), (5,), (6,))
    shown = [choices[next_choice(choices, last)] for last in (None, 1, 3, 6)]
    assert shown == [(4, 5), (2,), (4,), (2,)]


def test_rows_with_a_place_are_landmarks_for_the_others() -> None:
    intake = read_table(
        "企业名称,经度,纬度\n甲厂,116.33,39.73\n乙厂,,\n".encode(),
        "enterprises",
        datum="wgs84",
    )
    station = {"id": "s", "name": "站", "lon": 116.34, "lat": 39.73}
    points = placed_points(replace(NOTHING, stations=table("stations", [station])), intake)
    assert [(point.name, point.lon) for point in points] == [("站", 116.34), ("甲厂", 116.33)]
    ground = base_layer(None, None, (Label("采育镇", 116.6, 39.6, "unit"),), (116, 39, 117, 40))
    scene = MapScene(base=ground, lang="zh", stations=points, can_add=True, adding="row")
    drawn = content(scene, details=False)
    assert drawn["texts"]["tool.add"] == "＋ 点这里放位置"
    assert drawn["layers"]["stations"] == "已有位置的点（2）"


def test_seats_are_those_of_units_on_the_list() -> None:
    seats = daxing_seats()
    assert {"榆垡镇", "长子营镇", "瀛海镇"} <= set(seats)
    assert all(116.2 < lon < 116.75 and 39.4 < lat < 39.85 for lon, lat in seats.values())


@pytest.mark.usefixtures("session")
def test_positions_that_a_comma_cut_in_two_are_shown_as_one() -> None:
    text = "名称,坐标(百度),座位\n甲,116.34,39.74,4\n乙,116.35,39.75,5\n"
    draft = Draft("stations", text.encode(), "a.csv")
    raw, header = open_table(draft.data, "stations")
    shown = cells_shown(draft, raw)
    assert shown.cells.iloc[1].tolist()[:3] == ["甲", "116.34,39.74", "4"]
    assert filled_columns(shown, find_header(shown, "stations", {}, "")) == [0, 1, 2]
    assert header.width == 3


def test_a_list_of_visits_needs_no_positions_and_dates_its_own_head_counts() -> None:
    held = table(
        "enterprises",
        [
            {"id": "e1", "name": "甲厂", "lon": 116.4, "lat": 39.7, "credit_code": "91A"},
            {"id": "e2", "name": "乙厂", "lon": 116.41, "lat": 39.7},
        ],
    )
    inputs = replace(NOTHING, enterprises=held)
    text = (
        "企业名称,信用代码,走访人数,走访日期,走访方式\n甲厂（东区）,91A,,2026-10-12,实地走访\n"
        "甲厂,91A,215,2026-10-15,电话\n乙 厂,,80,2026-10-13,实地\n丙厂,,9,2026-10-13,实地\n"
    )
    draft = Draft("enterprises", text.encode(), "走访.csv")
    intake = read_table(draft.data, "enterprises")
    known = places_of_known(inputs, "enterprises", intake)
    assert {row for row, _ in known} == {2, 3, 4}
    assert intake.raw is not None
    intake = read_table(intake.raw, "enterprises", wishes=Wishes(corrections=known))
    assert intake.unplaced.rows.tolist() == [5]
    ready = prepare(draft, intake, inputs)
    (group,) = ready.groups
    assert (group.reason, group.rows, group.proposed) == ("code", (2, 3), "merge")
    stored = ready.frame.set_index("id")
    counted = stored[["workers", "workers_on", "workers_from"]].to_dict("index")
    assert counted["e1"] == {"workers": 215, "workers_on": "2026-10-15", "workers_from": "phone"}
    assert counted["e2"]["workers_on"] == "2026-10-13"
    assert len(stored) == 2


def test_a_column_of_pairs_of_degrees_is_seen() -> None:
    pairs = pd.Series(
        ["116.446,39.765", "", "东经116度27分，北纬39度45分", "39.8 116.4"], dtype="str"
    )
    assert looks_like_positions(pairs)
    assert not looks_like_positions(pd.Series(["兴丰大街1号", "13800001111", "12,5"], dtype="str"))


def test_a_code_that_a_spreadsheet_cut_is_told_and_not_kept() -> None:
    text = "企业名称,信用代码\n甲厂,9.111011500000003e+17\n"
    intake = read_table(text.encode(), "enterprises")
    assert "intake_number_cut" in {f.code for f in intake.findings if f.row == 2}
    assert intake.unplaced.frame["credit_code"].tolist() == [""]


@pytest.mark.usefixtures("session")
def test_rows_without_a_position_are_a_file_with_room_for_one() -> None:
    text = "企业名称,所属镇街,缴费人数\n甲厂,清源街道,120\n"
    draft = Draft("enterprises", text.encode(), "a.csv")
    intake = read_table(draft.data, "enterprises")
    assert intake.raw is not None
    rejects = left_out(draft, intake.raw, intake, prepare(draft, intake, NOTHING))
    found = rejects.frame("zh")
    assert found.columns[2:].tolist() == ["企业名称", "所属镇街", "缴费人数", "经度", "纬度"]
    assert found["reason"].tolist() == [
        "没有坐标，没有导入；已另放，可在地图上指定位置，或补上坐标"
    ]
    mended = found.assign(经度="116.33", 纬度="39.75").drop(columns=["row", "reason"])
    again = read_table(mended.to_csv(index=False).encode(), "enterprises", datum="wgs84")
    assert again.frame[["name", "workers", "lon"]].to_numpy().tolist() == [["甲厂", 120, 116.33]]


def test_a_word_that_no_list_knows_is_asked_once_for_all_its_rows() -> None:
    text = "诉求分类,所属镇街\n喝水,清源街道\n噪音,清源街道\n噪音,旧宫镇\n讨薪,旧宫镇\n"
    absent = {"lon": "", "lat": ""}
    intake = read_table(text.encode(), "needs", mapping=absent)
    assert intake.unplaced.frame["topic"].tolist() == ["water", "", "", "wages"]
    assert unknown_codes(intake, {}) == {("topic", "噪音"): (3, 4)}
    assert unknown_codes(intake, {(3, "topic"): "other"}) == {("topic", "噪音"): (4,)}
    settled = Wishes(corrections={(3, "topic"): "other", (4, "topic"): "other"})
    again = read_table(text.encode(), "needs", mapping=absent, wishes=settled)
    assert again.unplaced.frame["topic"].tolist() == ["water", "other", "other", "wages"]


def test_the_name_of_the_unit_is_not_the_name_of_the_shop() -> None:
    intake = read_table(
        "镇街名称,商户名称,经度,纬度\n清源街道,刘生记,116.33,39.75\n".encode(),
        "hosts",
        datum="wgs84",
    )
    assert intake.frame[["town", "name"]].to_numpy().tolist() == [["清源街道", "刘生记"]]
    units = read_table("镇街名称\n清源街道\n".encode(), "units")
    assert units.frame["name"].tolist() == ["清源街道"]


def test_opening_hours_that_were_read_are_told_in_words() -> None:
    intake = read_table(
        "名称,经度,纬度,开放时间\n甲站,116.33,39.75,工作日9-17点\n".encode(), "stations"
    )
    (read,) = (one for one in intake.findings if one.code == "intake_hours_read")
    assert told(read, "zh") == "开放时间“工作日9-17点”按“周一至周五 09:00–17:00”计"


def test_a_column_for_each_group_becomes_a_row_for_each() -> None:
    text = (
        "各点位人数,,,,\n点位名称,经度,纬度,快递员,外卖骑手,合计\n"
        "甲,116.33,39.75,27,35,62\n乙,116.34,39.76,,5,5\n"
    )
    raw, _ = open_table(text.encode(), "stations")
    wide = wide_groups(raw)
    assert wide is not None
    assert dict(wide.groups) == {3: "courier", 4: "food_rider"}
    intake = read_table(spread(raw, wide), "demand", name="a.xlsx", datum="wgs84")
    read = intake.frame[["lon", "group", "workers"]].to_numpy().tolist()
    assert read == [[116.33, "courier", 27], [116.33, "food_rider", 35], [116.34, "food_rider", 5]]
    assert intake.frame["id"].nunique() == 2
    one, _ = open_table("名称,经度,纬度,快递员\n甲,116.33,39.75,27\n".encode(), "stations")
    assert wide_groups(one) is None
