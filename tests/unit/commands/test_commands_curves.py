"""Curves, years and wishes of plans on the command line."""

from pathlib import Path

import docx
import pytest

from commands.planning import plan
from commands.wishing import wishes_of
from siting.plans.wishes import FloorWish, QuotaWish
from tests.unit.commands.terminal import all_files, answer, run


def test_a_curve_and_years_stand_beside_the_plan(files: dict[str, Path]) -> None:
    words = ["plan", *all_files(files), "--new", 2, "--curve", "--years", 2, "--why"]
    result = answer(run(*words, "--json"))
    assert [point["new"] for point in result["curve"]["points"]] == [0, 1, 2]
    assert result["curve"]["points"][-1]["workers_covered"] == result["workers_covered_after"]
    assert [row["year"] for row in result["years"]] == [1, 2]
    opened = [site for row in result["years"] for site in row["sites"]]
    assert opened == [site["id"] for site in result["selected"]]
    why = result["why"]
    assert [site["workers_gained"] for site in why["sites"]] == [
        site["workers_gained"] for site in result["selected"]
    ]
    assert {"what": "station", "proved": True}.items() <= why["prices"][0].items()
    told = run(*words).stdout
    assert "再多建 1 座" in told
    assert "第 2 年：" in told
    assert "新增 0 座，0 元" in told
    plain = answer(run("plan", *all_files(files), "--new", 2, "--json"))
    assert not {"curve", "years", "why", "best_years", "robust", "best", "swaps"} & set(plain)
    assert [row["hosts"] for row in plain["if_hosts_leave"]] == [1]


def test_second_looks_stand_beside_the_plan(files: dict[str, Path]) -> None:
    looks = ["--robust", "q=0.2，existing＝0.1", "--best", 2, "--swaps", "--stability", 3]
    words = ["plan", *all_files(files), "--new", 1, *looks, "--pareto", "money"]
    result = answer(run(*words, "--json"))
    robust = result["robust"]
    assert (robust["leave"], robust["existing_leave"]) == (0.2, 0.1)
    assert robust["expected_before"] <= robust["expected_after"] <= robust["bound_workers"]
    assert result["best"][0]["workers_covered"] == result["workers_covered_after"]
    assert [site["id"] for site in result["swaps"]["sites"]] == [
        site["id"] for site in result["selected"]
    ]
    assert result["stability"]["draws"] == 3
    assert result["pareto"]["points"][0]["other"] == 0
    told = run(*words).stdout
    for said in ("万一有依托单位退出", "20.0% 的可能停用", "第 1：", "重做 3 次方案", "经费的取舍"):
        assert said in told


@pytest.mark.parametrize("chance", ["0.1", "q=1", "q=x", "q=0.1;existing=0.2", "q=-0.1"])
def test_a_chance_that_cannot_be_read(files: dict[str, Path], chance: str) -> None:
    result = run("plan", *all_files(files), "--new", 1, "--robust", chance)
    assert result.exit_code == 2
    assert "看不懂退出概率" in result.stderr


def test_wishes_are_kept_to(files: dict[str, Path]) -> None:
    words = ["plan", *all_files(files), "--new", 1, "--json"]
    (best,) = (site["id"] for site in answer(run(*words))["selected"])
    other = {"c1": "c2", "c2": "c1"}[best]
    # The other reaches nobody: it is opened only where it is asked for.
    assert answer(run(*words, "--forbid", best))["selected"] == []
    (site,) = answer(run(*words, "--require", other))["selected"]
    assert (site["id"], site["workers_gained"]) == (other, 0)
    impossible = answer(run(*words, "--require", "c1", "--require", "c2"), 1)
    assert (impossible["status"], impossible["selected"]) == ("infeasible", [])


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["--quota", "town"], "看不懂名额“town”"),
        (["--quota", "street:min=1"], "看不懂名额"),
        (["--quota", "town:min=1,min=2"], "看不懂名额"),
        (["--quota", "town:min=99999999999999999999"], "看不懂名额"),
        (["--floor", "town=x"], "看不懂覆盖率下限"),
        (["--spacing-m", "-1"], "--spacing-m 应为不小于 0 的数"),
        (["--fair", "town", "--fair-within", "nan"], "小于 1 的数，不能是“nan”"),
        (["--fair", "town", "--fair-within", "1"], "--fair-within 应为不小于 0、小于 1 的数"),
    ],
)
def test_wishes_that_cannot_be_read(files: dict[str, Path], asked: list[str], told: str) -> None:
    result = run("plan", *all_files(files), "--new", 1, *asked)
    assert result.exit_code == 2
    assert told in result.stderr


def test_wishes_are_read_as_people_type_them() -> None:
    words = ["--require", "c1", "--require", "c1", "--quota", "town：max=2，min=1"]
    words += ["--quota", "kind/临街驿站:max=3", "--quota", "host_type/bank:min=１"]
    words += [
        "--floor",
        "town=３０％",
        "--floor",
        "group/couriers=.5",
        "--floor",
        "town/黄村镇＝0.4",
    ]
    wishes = wishes_of(plan.make_context("plan", words).params)
    assert wishes.require == ("c1",)
    assert wishes.quotas == (
        QuotaWish("town", None, 1, 2),
        QuotaWish("kind", "street_front", 0, 3),
        QuotaWish("host_type", "bank", 1),
    )
    courier = FloorWish(0.5, field="group", code="courier")
    assert wishes.floors == (FloorWish(0.3), courier, FloorWish(0.4, "黄村镇"))


def test_a_report_says_in_words_what_was_asked(files: dict[str, Path], tmp_path: Path) -> None:
    words = ["report", *all_files(files), "--out", tmp_path / "r", "--format", "docx", "--new", 1]
    answer(run(*words, "--spacing-m", 500, "--json"))
    document = docx.Document(str(tmp_path / "r" / "report.docx"))
    cells = [cell.text for table in document.tables for cell in table._cells]
    said = " ".join([*cells, *(paragraph.text for paragraph in document.paragraphs)])
    assert "与其他驿站直线相距不少于 500 米" in said
    assert "spacing_m" not in said
    assert "wishes" not in said
