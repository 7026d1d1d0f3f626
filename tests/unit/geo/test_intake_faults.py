"""Mutations of a clean file: every fault is told with its row, and nothing on the clean file.

Each kind of fault changes one row (or doubles it); what must be told, and of which row, stands
beside it. The default run takes a few files; `-m full` takes a hundred of every kind.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.datum import from_wgs84
from geo.findings import Finding
from geo.intake import read_table
from geo.intake.duplicates import find_doubles

HEADINGS = (
    "编号",
    "名称",
    "经度",
    "纬度",
    "坐标系",
    "所属镇街",
    "类型",
    "开放对象",
    "服务项目",
    "座位数",
    "状态",
    "开放时间",
    "启用日期",
)
ID, NAME, LON, LAT, DATUM, TOWN, KIND, ACCESS, SERVICES, SEATS, STATE, HOURS, OPENED = range(13)
TOWNS = ("兴丰街道", "清源街道", "安定镇", "礼贤镇")
MAX_SEED = 10_000

Row = list[str]


@dataclass(frozen=True)
class Fault:
    """A kind of fault: what it does to a row, and the code that tells of it."""

    name: str
    code: str
    change: Callable[[Row, np.random.Generator], None]
    second: Callable[[Row], Row] | None = None


def clean_rows(rng: np.random.Generator) -> list[Row]:
    """Return ten stations of Daxing, at least 300 m apart, with nothing to complain of."""
    cells = rng.permutation(100)[:10]
    return [
        [
            f"S{i:03d}",
            f"{'甲乙丙丁戊己庚辛壬癸'[i]}暖心驿站",
            f"{116.30 + 0.005 * (cell % 10) + rng.uniform(0, 0.001):.6f}",
            f"{39.68 + 0.005 * (cell // 10) + rng.uniform(0, 0.001):.6f}",
            "WGS84",
            str(rng.choice(TOWNS)),
            "临街驿站",
            "对外开放",
            "饮水、座椅",
            str(rng.integers(1, 40)),
            "运营中",
            "Mo-Fr 08:30-17:30",
            "2025-03-01",
        ]
        for i, cell in enumerate(cells.tolist())
    ]


def put(place: int, text: str) -> Callable[[Row, np.random.Generator], None]:
    def change(row: Row, _: np.random.Generator) -> None:
        row[place] = text

    return change


def pick(place: int, *texts: str) -> Callable[[Row, np.random.Generator], None]:
    def change(row: Row, rng: np.random.Generator) -> None:
        row[place] = str(rng.choice(texts))

    return change


def swap(row: Row, _: np.random.Generator) -> None:
    row[LON], row[LAT] = row[LAT], row[LON]


def both(lon: str, lat: str) -> Callable[[Row, np.random.Generator], None]:
    def change(row: Row, _: np.random.Generator) -> None:
        row[LON], row[LAT] = lon, lat

    return change


def micro(row: Row, _: np.random.Generator) -> None:
    row[LON], row[LAT] = row[LON].replace(".", ""), row[LAT].replace(".", "")


def metres(datum: str) -> Callable[[Row, np.random.Generator], None]:
    def change(row: Row, _: np.random.Generator) -> None:
        x, y = from_wgs84(float(row[LON]), float(row[LAT]), datum)
        row[LON], row[LAT] = f"{float(x):.3f}", f"{float(y):.3f}"

    return change


def northing_first(row: Row, rng: np.random.Generator) -> None:
    metres("EPSG:4548")(row, rng)
    row[DATUM] = "EPSG:4548"
    swap(row, rng)


def zone_number(row: Row, rng: np.random.Generator) -> None:
    metres("EPSG:4527")(row, rng)
    row[DATUM] = "EPSG:4548"


def move(east: float, north: float) -> Callable[[Row, np.random.Generator], None]:
    def change(row: Row, rng: np.random.Generator) -> None:
        factor = rng.uniform(1, 1.5)
        row[LON] = f"{float(row[LON]) + east * factor:.6f}"
        row[LAT] = f"{float(row[LAT]) + north * factor:.6f}"

    return change


def beside(row: Row) -> Row:
    other = ["T999", "另一处驿站", *row[2:]]
    other[LAT] = f"{float(row[LAT]) + 0.0002:.6f}"
    return other


def elsewhere(row: Row) -> Row:
    return ["T999", *row[1:LAT], f"{float(row[LAT]) + 0.004:.6f}", *row[LAT + 1 :]]


def same(_: Row, __: np.random.Generator) -> None:
    """Leave the row: the fault is the second one."""


FAULTS = (
    Fault("blank longitude", "intake_missing", put(LON, "")),
    Fault("blank latitude", "intake_missing", put(LAT, "  ")),
    Fault("blank position", "intake_unplaced", both("", "")),
    Fault("letters", "intake_not_a_number", pick(LON, "abc", "不详", "116.3.4", "--", "116,3x")),
    Fault("NaN", "intake_not_finite", pick(LAT, "NaN", "nan", "#N/A")),
    Fault("infinity", "intake_not_finite", pick(LON, "inf", "-Infinity", "1e999")),
    Fault("division", "intake_not_finite", put(LAT, "#DIV/0!")),
    Fault("swapped", "intake_swapped", swap),
    Fault("null island", "intake_null_island", both("0", "0.0")),
    Fault("lost point", "intake_point_lost", micro),
    Fault("3-degree metres", "intake_metres", metres("EPSG:4548")),
    Fault("zone number", "intake_metres", metres("EPSG:4527")),
    Fault("Mercator", "intake_metres", metres("EPSG:3857")),
    Fault("northing first", "intake_northing_first", northing_first),
    Fault("number of a zone", "intake_zone_number", zone_number),
    Fault("degrees for metres", "intake_degrees", put(DATUM, "EPSG:4548")),
    Fault("unknown datum", "intake_datum_of_row", pick(DATUM, "北京54", "独立坐标", "?", "")),
    Fault("longitude off", "intake_out_of_range", pick(LON, "1163.3", "-200", "360")),
    Fault("latitude off", "intake_out_of_range", pick(LAT, "-90.5", "397.3", "200")),
    Fault("minutes of 60", "intake_not_a_number", pick(LON, "116°60′10″", "116°20′75″")),
    Fault("another city", "intake_far", move(5.0, -8.0)),
    Fault("next district", "intake_outside", move(0.55, 0.0)),
    Fault("negative longitude", "intake_far", put(LON, "-116.33")),
    Fault("unknown state", "intake_unknown_code", pick(STATE, "玩耍", "营业？", "x")),
    Fault("unknown kind", "intake_unknown_code_left_blank", pick(KIND, "城堡", "宾馆")),
    Fault("unknown service", "intake_unknown_code_left_blank", put(SERVICES, "饮水、飞行")),
    Fault("unknown access", "intake_unknown_code_left_blank", put(ACCESS, "外星人")),
    Fault("seats below zero", "intake_negative_left_blank", pick(SEATS, "-1", "-40")),
    Fault("half a seat", "intake_not_whole_left_blank", pick(SEATS, "3.5", "0.2")),
    Fault("seats in words", "intake_not_a_number_left_blank", pick(SEATS, "若干", "约10个")),
    Fault("hours in words", "intake_hours_unreadable", pick(HOURS, "随时", "看情况")),
    Fault("no date", "intake_not_a_date_left_blank", pick(OPENED, "去年", "2025-13-01")),
    Fault("long text", "intake_text_cut", put(NAME, "驿" * 2500)),
    Fault("id twice", "intake_duplicate_id", same, lambda row: [row[0], "另一处", *row[2:]]),
    Fault("30 m apart", "intake_near_double", same, beside),
    Fault("name twice", "intake_name_double", same, elsewhere),
)


def text_of(rows: list[Row]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEADINGS, *rows])
    return out.getvalue().encode()


def told(data: bytes) -> list[Finding]:
    intake = read_table(data, "stations", name="a.csv")
    groups = find_doubles(intake, "stations")
    return [*intake.findings, *(finding for group in groups for finding in group.findings())]


def check(fault: Fault, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = clean_rows(rng)
    index = int(rng.integers(len(rows)))
    guilty = index + 2
    fault.change(rows[index], rng)
    if fault.second is not None:
        rows.append(fault.second(rows[index]))
        guilty = len(rows) + 1
    found = [finding for finding in told(text_of(rows)) if finding.severity != "info"]
    assert (fault.code, guilty) in [(finding.code, finding.row) for finding in found]
    blamed = {finding.row for finding in found} - {None}
    assert blamed == {guilty}, found
    for finding in found:
        assert finding.message("zh")
        assert finding.message("en")


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, MAX_SEED))
def test_nothing_is_told_of_the_clean_table(seed: int) -> None:
    assert told(text_of(clean_rows(np.random.default_rng(seed)))) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, MAX_SEED))
def test_every_fault_is_told_with_its_row(fault: Fault, seed: int) -> None:
    check(fault, seed)


@pytest.mark.full
@settings(max_examples=1000, deadline=None)
@given(seed=st.integers(0, MAX_SEED))
def test_nothing_is_told_of_clean_tables_in_full(seed: int) -> None:
    assert told(text_of(clean_rows(np.random.default_rng(seed)))) == []


@pytest.mark.full
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, MAX_SEED))
def test_every_fault_is_told_with_its_row_in_full(fault: Fault, seed: int) -> None:
    check(fault, seed)


def test_accepted_repairs_bring_the_rows_back() -> None:
    from geo.intake.wishes import Wishes  # noqa: PLC0415 -- only here

    mended = 0
    for name in ("swapped", "lost point", "northing first", "seats in words"):
        fault = next(f for f in FAULTS if f.name == name)
        rng = np.random.default_rng(3)
        rows = clean_rows(rng)
        fault.change(rows[4], rng)
        if name == "seats in words":
            rows[4][SEATS] = "约10个"
        first = read_table(text_of(rows), "stations")
        repairs = {
            (finding.row, column): text
            for finding in first.findings
            if finding.row is not None
            for column, text in finding.repair.items()
        }
        assert first.raw is not None
        again = read_table(first.raw, "stations", wishes=Wishes(corrections=repairs))
        assert (again.imported, again.findings) == (10, ()), name
        mended += len(repairs)
    assert mended == 7
