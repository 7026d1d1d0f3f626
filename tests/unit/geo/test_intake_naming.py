"""Units in cells: the district's own list first, the shipped one for Daxing, every change told."""

from geo.intake import Intake, read_table
from geo.intake.naming import unit_columns
from geo.intake.units import UnitNames
from geo.intake.wishes import Wishes
from words import LANGUAGES

OWN = UnitNames.of([("兴丰街道办事处", "兴丰;兴丰街道"), ("天宫院街道", ""), ("安定镇", "安定")])


def read(text: str, table: str, units: UnitNames | None = None) -> Intake:
    intake = read_table(text.encode(), table, wishes=Wishes(units=units or UnitNames()))
    for finding in intake.findings:
        for lang in LANGUAGES:
            assert finding.message(lang)
    return intake


def told(intake: Intake) -> list[tuple[str, str | None, object, object]]:
    return [
        (f.code.removeprefix("intake_town_"), f.column, f.facts["given"], f.facts.get("name"))
        for f in intake.findings
        if f.code.startswith("intake_town_")
    ]


def test_every_column_that_names_a_unit_is_known() -> None:
    named = {table: [c.name for c in unit_columns(table)] for table in ("enterprises", "targets")}
    assert named == {"enterprises": ["town", "claimed_by"], "targets": ["unit"]}
    assert [c.name for c in unit_columns("tasks")] == ["unit"]
    assert [c.name for c in unit_columns("users")] == ["unit"]
    assert [c.name for c in unit_columns("units")] == ["parent"]


def test_who_claims_a_firm_is_named_as_the_list_names_it() -> None:
    text = "名称,经度,纬度,所属镇街,认领单位\n甲,116.338,39.727,兴丰,天官院\n"
    intake = read(text, "enterprises")
    assert intake.frame[["town", "claimed_by"]].to_numpy().tolist()[0] == ["兴丰街道", "天宫院街道"]
    assert told(intake) == [
        ("renamed", "所属镇街", "兴丰", "兴丰街道"),
        ("renamed", "认领单位", "天官院", "天宫院街道"),
    ]


def test_targets_have_no_positions_and_their_units_are_named_all_the_same() -> None:
    intake = read("镇街,年度,目标数\n榆堡,2026,3\n兴丰,2026,2\n不存在镇,2026,1\n", "targets")
    assert intake.frame["unit"].tolist() == ["榆垡镇", "兴丰街道", "不存在镇"]
    assert told(intake) == [
        ("renamed", "镇街", "榆堡", "榆垡镇"),
        ("renamed", "镇街", "兴丰", "兴丰街道"),
        ("unknown", "镇街", "不存在镇", None),
    ]


def test_two_spellings_of_one_unit_are_one_target() -> None:
    intake = read("镇街,年度,目标数\n兴丰街道,2026,3\n兴丰,2026,2\n", "targets")
    assert intake.imported == 1
    assert [(f.row, f.code) for f in intake.findings if f.row] == [(3, "intake_duplicate_key")]


def test_units_of_another_district_are_left_as_they_are() -> None:
    intake = read("镇街,年度,目标数\n安定,2026,3\n望京,2026,2\n亚运村,2026,2\n", "targets")
    assert intake.frame["unit"].tolist() == ["安定", "望京", "亚运村"]
    assert told(intake) == []


def test_the_districts_own_list_comes_first() -> None:
    intake = read("镇街,年度,目标数\n兴丰,2026,3\n天官院,2026,2\n榆堡,2026,2\n", "targets", OWN)
    # 天官院 is the shipped list's spelling of a unit on the own list; 榆垡镇 is not on that.
    assert intake.frame["unit"].tolist() == ["兴丰街道办事处", "天宫院街道", "榆垡镇"]
    text = "名称,经度,纬度,所属镇街\n甲,116.338,39.727,兴丰街道\n"
    assert read(text, "stations", OWN).frame["town"].tolist() == ["兴丰街道办事处"]


def test_an_own_list_speaks_for_its_district_wherever_that_is() -> None:
    units = UnitNames.of([("望京街道", "望京")])
    text = "名称,经度,纬度,所属镇街\n甲,120,30,望京\n乙,120,30.01,安定\n"
    intake = read(text, "stations", units)
    assert intake.frame["town"].tolist() == ["望京街道", "安定"]
    assert told(intake) == [
        ("renamed", "所属镇街", "望京", "望京街道"),
        ("unknown", "所属镇街", "安定", None),
    ]


def test_another_name_that_two_units_have_is_nobodys() -> None:
    units = UnitNames.of([("东区街道", "东区;老城"), ("西区街道", "西区；老城"), ("老街", "东区")])
    assert units.find("老城") is None
    assert units.find("东区") is None
    assert units.find("西区") == "西区街道"
    assert UnitNames.of([("甲街道", "乙镇"), ("乙镇", "")]).find("乙镇") == "乙镇"
    assert UnitNames().find("兴丰") is None
