"""Two lists of one district's enterprises."""

import numpy as np
import pandas as pd
import pytest

from geo.intake import read_table
from geo.intake.registers import Difference, merge_registers

REGISTER = (
    "名称,统一社会信用代码,地址,所属镇街,职工人数\n"
    "北京甲药业有限公司,91110115MA0000001X,永大路38号,生物医药产业基地,120\n"
    "北京乙物流有限公司,,京南物流园,天宫院街道,\n"
    "北京丙商贸有限公司,91110115MA0000003X,,清源街道,150\n"
    "北京丁建材有限公司,,,,101\n"
)
VISIT = (
    "名称,统一社会信用代码,经度,纬度,职工人数,地址\n"
    "北京甲药业（集团）有限公司,91110115ma0000001x,116.31,39.69,135,永大路38号\n"
    "北京 乙 物流有限公司,91110115MA0000002X,116.32,39.68,300,\n"
    "北京丙商贸有限公司,91110115MA0000009X,116.33,39.74,150,\n"
    "北京戊食品有限公司,,116.34,39.75,99,\n"
)


def enterprises(text: str) -> pd.DataFrame:
    intake = read_table(text.encode(), "enterprises", datum="wgs84")
    frame = pd.concat([intake.frame, intake.unplaced.frame], ignore_index=True)
    return frame.astype(intake.frame.dtypes.to_dict())


def test_a_register_without_positions_waits_to_be_placed() -> None:
    intake = read_table(REGISTER.encode(), "enterprises")
    assert (intake.imported, intake.rejected) == (0, 4)
    assert intake.unplaced.rows.tolist() == [2, 3, 4, 5]
    assert intake.unplaced.frame["workers"].tolist()[0] == 120
    assert {finding.code for finding in intake.findings if finding.row} == {"intake_unplaced"}


def test_rows_merge_by_code_then_by_name_and_differences_are_shown() -> None:
    merged = merge_registers(enterprises(REGISTER), enterprises(VISIT))
    assert merged.pairs == ((0, 0), (1, 1))
    assert merged.unclear == ((2, 2),)  # one name, two credit codes
    assert [(d.key, d.register, d.visit) for d in merged.differences] == [
        ((0, "name"), "北京甲药业有限公司", "北京甲药业（集团）有限公司"),
        ((0, "workers"), "120", "135"),
    ]
    assert merged.filled == ((0, "position"), (1, "workers"), (1, "credit_code"), (1, "position"))
    assert merged.frame["name"].tolist() == [
        "北京甲药业有限公司",
        "北京乙物流有限公司",
        "北京丙商贸有限公司",
        "北京丁建材有限公司",
        "北京丙商贸有限公司",
        "北京戊食品有限公司",
    ]
    assert merged.frame["workers"].tolist() == [120, 300, 150, 101, 150, 99]
    assert merged.frame["lon"].tolist()[:2] == [116.31, 116.32]
    assert np.isnan(merged.frame["lon"][2])


def test_people_decide_whose_value_counts() -> None:
    merged = merge_registers(enterprises(REGISTER), enterprises(VISIT), {(0, "workers"): "visit"})
    assert merged.frame["workers"][0] == 135
    assert merged.frame["name"][0] == "北京甲药业有限公司"
    assert len(merged.differences) == 2


def test_a_position_that_is_only_a_units_middle_gives_way() -> None:
    register, visit = enterprises(VISIT), enterprises(VISIT)
    register["position_state"] = ["town_centroid", "", "", ""]
    visit.loc[[0, 1], "lon"] += 0.01
    merged = merge_registers(register, visit)
    assert merged.frame["lon"].tolist()[:2] == pytest.approx([116.32, 116.32])
    (difference,) = merged.differences
    assert isinstance(difference, Difference)
    assert difference.key == (1, "position")
    assert difference.apart_m == pytest.approx(858, abs=5)


def test_a_name_that_stands_twice_is_never_merged() -> None:
    twice = pd.concat([enterprises(VISIT)] * 2, ignore_index=True)
    twice["credit_code"] = ""
    merged = merge_registers(enterprises(REGISTER), twice)
    assert merged.pairs == ()
    assert (1, 1) in merged.unclear
    assert len(merged.frame) == 12


def test_neither_list_is_changed() -> None:
    register, visit = enterprises(REGISTER), enterprises(VISIT)
    before = register.copy(), visit.copy()
    merge_registers(register, visit, {(0, "workers"): "visit"})
    pd.testing.assert_frame_equal(register, before[0])
    pd.testing.assert_frame_equal(visit, before[1])


def test_a_head_count_goes_with_its_date_and_its_source() -> None:
    head = "名称,职工人数,人数统计日期,人数来源,核实状态,核实方式,核实日期\n"
    register = enterprises(
        f"{head}甲厂,1200,2025-12-31,会员数据库,未核实,,\n乙厂,80,,,,,\n丙厂,,,,,,\n丁厂,90,,,,,\n"
    )
    visit = enterprises(
        f"{head}甲厂,1150,2026-10-12,实地走访,已核实,实地走访,2026-10-12\n"
        "乙厂,95,2026-10-13,实地走访,,,\n丙厂,60,2026-10-14,电话查询,,,\n丁厂,90,2026-10-15,实地走访,,,\n"
    )
    merged = merge_registers(register, visit)
    heads, checked, second = merged.differences
    assert (heads.column, heads.register, heads.visit) == ("workers", "1200", "1150")
    assert heads.visit_with == (("workers_on", "2026-10-12"), ("workers_from", "visit"))
    assert (checked.column, checked.register_with) == ("verification", ())
    assert second.key == (1, "workers")
    frame = merged.frame
    # Nobody has decided: a count that stands keeps its own date, or none.
    assert frame["workers"].tolist() == [1200, 80, 60, 90]
    assert frame["workers_on"].tolist() == ["2025-12-31", "", "2026-10-14", "2026-10-15"]
    decided = merge_registers(register, visit, {heads.key: "visit"}).frame
    assert list(decided.loc[0, ["workers", "workers_on", "workers_from"]]) == [
        1150,
        "2026-10-12",
        "visit",
    ]
    assert decided.loc[0, "verification"] == "unverified"
