"""Demand made of head counts on the command line."""

from pathlib import Path

from register import Home, Register
from register.demand_layers import demand_made_of
from siting.demand.presence import profile_table, shipped_profile
from tests.unit.commands.terminal import all_files, answer, run

FIRMS = (
    "id,name,lon,lat,town,workers\n"
    "E1,甲公司,116.305,39.7,黄村镇,100\nE2,乙公司,116.306,39.7,黄村镇,300\n"
)


def opened(home: Path) -> Register:
    register = Home(home).open_district()
    assert register is not None
    return register


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_enterprises_and_sweepers_become_demand_that_coverage_reads(
    files: dict[str, Path], tmp_path: Path
) -> None:
    firms = written(tmp_path / "firms.csv", FIRMS)
    totals = written(tmp_path / "totals.csv", "镇街,职工总数\n黄村,1000\n")
    streets = files["streets"]
    streets.write_text(streets.read_text("utf-8").replace("residential", "primary"), "utf-8")
    out = tmp_path / "made.csv"
    words = ["demand", "--enterprises", firms, "--shift-of", "E2=three_shift", "--out", out]
    words += ["--streets", streets, "--sweepers", 60, "--calibrate", totals]
    result = answer(run(*words, "--json"))
    assert [item["heads"] for item in result["sources"]] == [400, 60]
    factors = {item["town"]: item for item in result["factors"]}
    assert (factors["黄村镇"]["before"], factors["黄村镇"]["after"]) == (400, 1000)
    assert (factors["黄村镇"]["factor"], factors["黄村镇"]["far"]) == (2.5, True)
    assert factors[""]["factor"] == 1
    assert result["assumed"] == ["presence", "shifts", "places"]
    covered = answer(run("coverage", *all_files({**files, "demand": out}), "--json"))
    assert covered["measure"] == "worker_hours"
    assert {row["town"] for row in covered["towns"]} == {"黄村镇", ""}
    spoken = run(*words).stdout
    assert "黄村镇：400 → 1,000" in spoken
    assert "假设" in spoken


def test_heads_without_windows_get_them(files: dict[str, Path], tmp_path: Path) -> None:
    cells = written(tmp_path / "cells.csv", "id,lon,lat,workers,group\na,116.305,39.7,50,courier\n")
    out = tmp_path / "made.csv"
    result = answer(run("demand", "--heads", cells, "--out", out, "--json"))
    assert (result["heads"], result["rows"]) == (50, 12)
    # Cells of a grid name no group: who they are is for the planner to say.
    words = ["demand", "--heads", files["demand"], "--out", out, "--json"]
    assert answer(run(*words), 1)["error"]["code"] == "siting_no_presence"
    grid = answer(run(*words, "--group", "enterprise"))
    assert (grid["heads"], grid["factors"]) == (75, [])
    over = answer(run("demand", "--heads", cells, "--out", cells, "--json"), 2)["error"]
    assert "cells.csv" in over["message"]


def test_sources_that_overlap_and_stated_need_are_told(tmp_path: Path) -> None:
    rows = "E1,甲公司,116.305,39.7,黄村镇,100,三班倒\nE2,乙公司,116.306,39.7,黄村镇,300,\n"
    firms = written(tmp_path / "firms.csv", "id,name,lon,lat,town,workers,班制\n" + rows)
    cells = written(tmp_path / "cells.csv", "id,lon,lat,workers\nc,116.305,39.7,150\n")
    needs = written(
        tmp_path / "needs.csv",
        "id,lon,lat,诉求主题,职工群体,件数\nN1,116.4,39.7,饮水,快递员,3\nN2,116.4,39.7,工资,快递员,9\n",
    )
    out = tmp_path / "made.csv"
    words = ["demand", "--enterprises", firms, "--heads", cells, "--group", "enterprise"]
    words += ["--needs", needs, "--out", out]
    assert "--need-heads" in answer(run(*words, "--json"), 2)["error"]["message"]
    words += ["--need-heads", 2]
    result = answer(run(*words, "--json"))
    told = [(s["heads"], s["twice"], s["heads_in_demand"]) for s in result["sources"]]
    # E1 and E2 (86 m away) are both in the cell, which then has nobody of its own.
    assert told == [(400, 0, 400), (150, 150, 0), (6, 0, 6)]
    assert result["sources"][0]["shift_assumed"] == 0.75
    assert result["needs_left_out"] == {"topic": 9, "group": 0}
    assert result["assumed"] == ["presence", "shifts", "heads"]
    apart = answer(run(*words, "--apart", "--json"))
    assert apart["sources"][1]["heads_in_demand"] == 150
    spoken = run(*words).stdout
    assert "150 人前面的来源已经计过" in spoken
    assert "9 件与驿站选址无关" in spoken


def test_a_profile_of_the_district_takes_the_place_of_the_assumed_one(tmp_path: Path) -> None:
    cells = written(tmp_path / "cells.csv", "id,lon,lat,workers,group\na,116.305,39.7,50,courier\n")
    shown = profile_table(shipped_profile(), "zh")
    shown.loc[shown["code"] == "courier", "source"] = "实地计数"
    shown.loc[shown["code"] == "courier", "workday_noon"] = 0.5
    table = tmp_path / "profile.csv"
    shown.to_csv(table, index=False)
    out = tmp_path / "made.csv"
    words = ["demand", "--heads", cells, "--profile", table, "--out", out, "--json"]
    result = answer(run(*words))
    assert result["assumed"] == []
    assert "a,116.305,39.7,,25.0,courier,workday_noon" in out.read_text("utf-8-sig")
    shown.loc[3, "weekend_dawn"] = 7
    shown.to_csv(table, index=False)
    refused = answer(run(*words, "--lang", "zh"), 1)["error"]["message"]
    assert "第 5 行“周末清晨”写的是“7.0”" in refused


def test_the_register_gives_its_sources_and_takes_the_demand(tmp_path: Path) -> None:
    home = ["--home", tmp_path / "home"]
    answer(run("register", "init", "测试区", *home, "--json"))
    firms = written(tmp_path / "firms.csv", FIRMS.replace("workers\n", "workers,shift\n"))
    totals = written(tmp_path / "totals.csv", "镇街,职工总数\n黄村镇,1000\n")
    for kind, path in (("enterprises", firms), ("totals", totals)):
        words = ["register", "import", path, "--as", kind, "--datum", "wgs84", *home, "--json"]
        answer(
            run(*[word for word in words if kind != "totals" or word not in ("--datum", "wgs84")])
        )
    words = ["demand", "--register", *home, "--json"]
    assert "--out" in answer(run(*words), 2)["error"]["message"]
    result = answer(run(*words, "--calibrated", "--store", "--lang", "en"))
    assert (result["out"], result["sources"][0]["source"]) == (None, "Register of enterprises")
    assert [(f["town"], f["before"], f["after"]) for f in result["factors"]] == [
        ("黄村镇", 400, 1000)
    ]
    with opened(tmp_path / "home") as register:
        made = demand_made_of(register)
        assert made is not None
        assert made.sources[0].heads == 1000
    answer(run("register", "undo", result["event"], *home, "--json"))
    with opened(tmp_path / "home") as register:
        assert register.inputs().demand.empty
    alone = answer(run("demand", "--enterprises", firms, "--store", "--json"), 2)["error"]
    assert "--register" in alone["message"]


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    out = tmp_path / "demand.csv"
    nothing = answer(run("demand", "--out", out, "--json"), 2)["error"]["message"]
    assert "--enterprises" in nothing
    no_streets = answer(run("demand", "--sweepers", 5, "--out", out, "--json"), 2)["error"]
    assert "--streets" in no_streets["message"]
    firms = written(tmp_path / "firms.csv", FIRMS)
    words = ["demand", "--enterprises", firms, "--out", out, "--json"]
    assert answer(run(*words, "--shift-of", "E2"), 2)["error"]["code"] == "usage"
    assert answer(run(*words, "--shift", "x"), 1)["error"]["code"] == "siting_unknown_shift"
    assert not out.exists()
