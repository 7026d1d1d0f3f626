import re

import pytest

from commands.inputs import KINDS
from geo.tables import TABLES
from tests.unit.commands.terminal import run

NEEDED = ["--demand", "d.csv", "--stations", "s.csv"]
PLAN = ["plan", *NEEDED, "--candidates", "c.csv", "--new", "1"]
AREA = ["service-area", "--streets", "s", "--stations", "s", "--out", "a.gpkg"]
BOX = ["streets", "--out", "a.wsn", "--bbox"]


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["dance"], "没有“dance”这个命令。可用的命令：candidates、", "There is no command dance."),
        (["coverage", "--zzz"], "没有 --zzz 这个选项。", "There is no option --zzz."),
        (["coverage", "--demnd", "d"], "是不是 --demand？", "Do you mean --demand?"),
        (["coverage", "--stations", "s"], "缺少 --demand。", "--demand is missing."),
        (["import", "--as", "stations"], "缺少 FILE。", "FILE is missing."),
        (["coverage", *NEEDED, "b.csv", "c"], "多写了：b.csv、c。", "given: b.csv, c."),
        (["coverage", "--demand"], "--demand 后面要写 1 个值。", "--demand needs 1 value"),
        ([*BOX, "1", "2"], "--bbox 后面要写 4 个值。", "--bbox needs 4 value"),
        (["coverage", "--json=1"], "--json 后面不用写值。", "--json takes no value."),
        (
            ["import", "a.csv", "--as", "dragons"],
            "--as 不能是“dragons”，只能是：stations、candidates、",
            "--as cannot be “dragons”, only: stations, candidates,",
        ),
        ([*PLAN, "--new", "x"], "--new 应为不小于 0 的整数，不能是“x”。", "at least 0, not “x”."),
        ([*PLAN, "--new", "-1"], "不小于 0 的整数，不能是“-1”。", "at least 0, not “-1”."),
        ([*PLAN, "--seed", "1.5"], "--seed 应为整数，不能是“1.5”。", "number, not “1.5”."),
        ([*PLAN, "--cutoff-m", "far"], "--cutoff-m 应为数字，不能是“far”", "number, not “far”."),
        ([*BOX, "1", "2", "x", "4"], "应为数字，不能是“1 2 x 4”", "number, not “1 2 x 4”."),
        ([*BOX, "3", "2", "1", "4"], "不能是“3 2 1 4”", "degrees, not “3 2 1 4”."),
        ([*PLAN, "--cutoff-m", "0"], "--cutoff-m 应为大于 0 的数", "--cutoff-m is a number above"),
        ([*PLAN, "--cutoff-m", "nan"], "不能是“nan”", "not “nan”"),
        ([*PLAN, "--cutoff-m=1000000.5"], "最长 1,000,000 米（1000 公里）", "(1,000 km)"),
        ([*PLAN, "--attach-cap-m", "2e6"], "不能是 2,000,000 米", "not 2,000,000 m."),
        ([*AREA, "--min-hole-m2", "nan"], "--min-hole-m2 应为不小于 0 的数", "of at least 0, not"),
        ([*AREA, "--band-m", "-3"], "--band-m 应为大于 0 的数，不能是“-3”", "above 0, not “-3”"),
        (["coverage", *NEEDED, "--datum", "a=b"], "不能写成“a=b”", "not a=b."),
        (["coverage", *NEEDED, "--map", "x"], "不能写成“x”", "not x."),
    ],
)
def test_usage_errors_are_said_in_the_language_asked_for(
    words: list[str], zh: str, en: str
) -> None:
    chinese = run(*words)
    assert chinese.exit_code == 2
    assert chinese.stdout == ""
    assert zh in chinese.stderr
    assert not re.search(r"[a-z]{3} [a-z]{2}", chinese.stderr)  # no English sentence left
    english = run(words[0], "--lang", "en", *words[1:])
    assert english.exit_code == 2
    assert en in english.stderr
    assert not re.search("[\u4e00-\u9fff]", english.stderr)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "请写明要做什么。可用的命令：candidates、catchments、"),
        (["--json", "plan"], "没有 --json 这个选项"),
        (["serve", "--port", "0"], "--port 应为 1 到 65535 之间的整数，不能是“0”。"),
        (["coverage", "--lang", "fr"], "--lang 不能是“fr”，只能是：zh、en。"),
    ],
)
def test_chinese_is_spoken_where_no_language_can_be_asked_for(
    words: list[str], sentence: str
) -> None:
    assert sentence in run(*words).stderr


def test_the_last_language_counts() -> None:
    assert "没有" in run("coverage", "--lang=en", "--lang", "zh", "--zzz").stderr


def test_every_table_can_be_imported() -> None:
    assert KINDS == TABLES
