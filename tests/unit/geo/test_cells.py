"""Dates and yes or no in cells, and the columns of a table that hold them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.cells import EARLIEST, LATEST, NO, YES, date_of, read_date, read_flag
from geo.intake import read_table

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20",
        "2026/11/20",
        "2026.11.20",
        "2026年11月20日",
        "2026年11月20号",
        "2026 年 11 月 20 日",
        "２０２６－１１－２０",
        "20261120",
        "2026-11-20 08:30",
        "2026-11-20T00:00:00",
        "2026/11/20 00:00:00.000",
        " 2026-11-20 ",
        "46346",
        "46346.5",
    ],
)
def test_a_day_as_people_write_it(text: str) -> None:
    assert read_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    ["", "2026年11月", "2026", "11/20/2026", "20-11-2026", "2026-02-30", "2026-13-01", "明天"],
)
def test_what_names_no_day(text: str) -> None:
    assert read_date(text) is None


@given(st.dates(EARLIEST, LATEST))
def test_every_day_is_read_back_from_every_form(day: date) -> None:
    forms = (
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}" if day.year >= 1000 else day.isoformat(),
    )
    assert {read_date(form) for form in forms} == {day}
    serial = (day - date(1899, 12, 30)).days
    if serial >= 10_000:  # Excel's numbers of five digits begin in 1927
        assert read_date(str(serial)) == day


def test_the_limits_are_included_and_nothing_beyond() -> None:
    assert read_date("1900-01-01") == EARLIEST
    assert read_date("2100-12-31") == LATEST
    assert read_date("1899-12-31") is None
    assert read_date("2101-01-01") is None
    assert read_date("99999") is None  # a number of the year 2173


def test_what_is_a_date_already_stays_one() -> None:
    assert date_of(DAY) == DAY
    assert date_of(datetime(2026, 11, 20, 23, 59)) == DAY  # noqa: DTZ001 -- a cell has no zone
    assert date_of("2026年11月20日") == DAY
    assert date_of(DAY + timedelta(days=1)) != DAY


def test_yes_no_and_neither() -> None:
    assert all(read_flag(f" {text.upper()} ") is True for text in YES)
    assert all(read_flag(f" {text.upper()} ") is False for text in NO)
    assert all(read_flag(text) is None for text in ("", "不清楚", "也许", "2"))
    assert not YES & NO


def test_dates_and_flags_come_in_and_what_is_neither_is_told() -> None:
    text = (
        "驿站编号,七有项目,检查日期,是否达标,说明\n"
        "S1,有标识,2026年11月20日,有,\n"
        "S1,有制度,2026/11/20,不清楚,\n"
        "S1,有设施,上周,有,\n"
        "S1,有标识,2026-11-20,无,同一天又查\n"
        "S1,有热情,2026-11-20,有,\n"
    )
    intake = read_table(text.encode(), "haves")
    assert intake.frame["date"].tolist() == ["2026-11-20", "2026-11-20"]
    assert intake.frame["item"].tolist() == ["sign", "rules"]
    assert intake.frame["met"].isna().tolist() == [False, True]
    told = [(f.code, f.row) for f in intake.findings if f.row is not None]
    assert told == [
        ("intake_not_a_flag_left_blank", 3),
        ("intake_not_a_date", 4),
        ("intake_duplicate_key", 5),
        ("intake_unknown_code", 6),
    ]
    for finding in intake.findings:
        assert finding.message("zh")
        assert finding.message("en")


def test_an_optional_date_that_is_none_is_left_blank_and_told() -> None:
    rows = "名称,经度,纬度,启用日期\n甲,116.3,39.7,去年\n乙,116.4,39.7,2025-03-01\n"
    intake = read_table(rows.encode(), "stations", datum="wgs84")
    assert intake.frame["opened_on"].tolist() == ["", "2025-03-01"]
    assert [f.code for f in intake.findings if f.row == 2] == ["intake_not_a_date_left_blank"]


def test_rows_without_an_id_and_a_place_are_told_apart_by_their_key() -> None:
    rows = (
        "驿站编号,检查日期,隐患\nS1,2026-11-20,插线板\nS1,2026-11-20,灭火器\nS1,2026-11-20,插线板\n"
    )
    intake = read_table(rows.encode(), "inspections")
    again = read_table(rows.encode(), "inspections")
    assert intake.imported == 2
    assert intake.frame["id"].is_unique
    assert intake.frame["id"].tolist() == again.frame["id"].tolist()
    assert [f.code for f in intake.findings if f.row == 4] == ["intake_duplicate_id"]


def test_enterprises_as_the_union_keeps_them() -> None:
    rows = (
        "企业名称,统一社会信用代码,注册地址,经度,纬度,职工人数,人数统计日期,人数来源,认领单位,"
        "核实情况,核实方式,联系人,联系电话\n"
        "富思特,91110115700000000X,安定镇,116.5,39.62,520人,2026年9月30日,税务征收库,安定镇,"
        "已核实,电话查询,王五,13800138000\n"
    )
    frame = read_table(rows.encode(), "enterprises", datum="wgs84").frame
    (row,) = frame.to_dict("records")
    assert row["credit_code"] == "91110115700000000X"
    assert (row["workers"], row["workers_on"], row["workers_from"]) == (
        520,
        "2026-09-30",
        "tax_register",
    )
    assert (row["claimed_by"], row["verification"]) == ("安定镇", "verified")
    assert (row["verified_by_means"], row["contact_phone"]) == ("phone", "13800138000")
