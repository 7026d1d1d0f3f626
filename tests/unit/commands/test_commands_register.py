"""The register on the command line: every command, on a file and on a server."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pyogrio
import pytest
from alembic import command
from alembic.config import Config

from geo.reference import DATA_FOLDER
from register import schema
from register.engine import open_engine, writing
from tests.unit.commands.terminal import answer, run

PHONE, HIDDEN = "13812345678", "138****5678"
STATIONS = (
    "id,name,lon,lat,town,kind,services,contact_name,contact_phone\n"
    f"A1,兴丰驿站,116.30,39.7,兴丰街道,street_front,water;seat,张三,{PHONE}\n"
    "A2,清源驿站,116.40,39.7,清源街道,enterprise,,李四,13900001111\n"
)
DEMAND = (
    "id,lon,lat,town,workers\nnear,116.305,39.7,兴丰街道,100\n"
    "few,116.306,39.7,兴丰街道,4\nfar,116.33,39.7,清源街道,40\n"
)


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, Path]:
    texts = {"stations": STATIONS, "demand": DEMAND}
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return {name: tmp_path / f"{name}.csv" for name in texts}


@pytest.fixture
def filled(place: list[object], tables: dict[str, Path]) -> list[object]:
    """Return the options of a register with two stations and some demand."""
    assert answer(run("register", "init", "测试区", *place, "--json"))["name"] == "测试区"
    for kind, path in tables.items():
        taken_in(path, kind, place)
    return place


def taken_in(path: Path, kind: str, place: list[object], *more: object) -> dict[str, Any]:
    words = ["register", "import", path, "--as", kind, "--datum", "wgs84", "--json"]
    return answer(run(*words, *place, *more))


def exported(place: list[object], out: Path, *more: object) -> dict[str, Any]:
    return answer(run("register", "export", "--out", out, "--json", *place, *more))


def history(place: list[object], *more: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer(run("register", "history", "--json", *place, *more))[
        "events"
    ]
    return found


def test_made_once(place: list[object]) -> None:
    made = answer(run("register", "init", "测试区", *place, "--json"))
    assert (made["name"], made["synthetic"], made["revision"]) == ("测试区", False, 1)
    again = run("register", "init", "别的区", *place, "--json")
    assert answer(again, 1)["error"]["code"] == "register_exists"
    assert run("register", "init", *place).exit_code == 2
    assert run("register", "init", "测试区", "--sample", *place).exit_code == 2


def test_nothing_is_made_by_asking(place: list[object], tmp_path: Path) -> None:
    for words in (["history"], ["verify"], ["migrate"], ["undo", "1"], ["export", "--out", "o"]):
        refused = answer(run("register", *words, *place, "--json"), 1)
        assert refused["error"]["code"] == "register_empty"
    assert not (tmp_path / "home" / "district").exists()


def test_an_import_is_one_change_that_can_be_undone(
    place: list[object], tables: dict[str, Path]
) -> None:
    run("register", "init", "测试区", *place)
    checked = taken_in(tables["stations"], "stations", place, "--check")
    assert (checked["imported"], checked["event"], checked["added"]) == (2, None, 0)
    signed = ["--who", "王五", "--why", "年初台账"]
    first = taken_in(tables["stations"], "stations", place, *signed)
    assert (first["added"], first["changed"], first["unchanged"]) == (2, 0, 0)
    again = taken_in(tables["stations"], "stations", place)
    assert (again["event"], again["unchanged"]) == (None, 2)
    (heading,) = history(place, "--kind", "layers")
    assert (heading["id"], heading["who"], heading["why"]) == (first["event"], "王五", "年初台账")
    rows = history(place, "--batch", first["event"])
    assert [row["action"] for row in rows] == ["add", "add", "import"]
    undone = answer(run("register", "undo", rows[0]["id"], "--batch", "--json", *place))
    assert undone["undone"] == first["event"]
    assert exported(place, tables["stations"].parent / "out")["rows"] == {}
    answer(run("register", "undo", undone["event"], "--json", *place))
    assert exported(place, tables["stations"].parent / "out")["rows"] == {"stations": 2}
    refused = run("register", "undo", undone["event"], "--json", *place)
    assert answer(refused, 1)["error"]["code"] == "register_already_undone"


def test_rows_of_a_file_that_cannot_be_kept(place: list[object], tmp_path: Path) -> None:
    run("register", "init", "测试区", *place)
    path = tmp_path / "half.csv"
    path.write_text("id,name,lon,lat\nA1,甲,116.3,39.7\nA2,乙,,\n", encoding="utf-8")
    words = ["register", "import", path, "--as", "stations", "--datum", "wgs84", "--json"]
    found = answer(run(*words, *place), 1)
    assert (found["imported"], found["rejected"], found["added"]) == (1, 1, 1)
    assert found["findings"][0]["row"] == 3


def test_streets_and_demand_are_replaced_whole(
    filled: list[object], files: dict[str, Path], tmp_path: Path
) -> None:
    words = ["register", "import", files["streets"], "--as", "streets", "--json"]
    found = answer(run(*words, *filled))
    assert found["edges"] > 0
    assert history(filled, "--limit", 1)[0]["id"] == found["event"]
    assert run(*words, "--replace", *filled).exit_code == 2
    assert taken_in(tmp_path / "demand.csv", "demand", filled)["event"] is not None
    out = exported(filled, tmp_path / "out")
    assert (tmp_path / "out" / "streets.wsn").exists()
    assert len(out["files"]) == 4


def test_the_history_of_a_record(filled: list[object], tables: dict[str, Path]) -> None:
    tables["stations"].write_text(STATIONS.replace(PHONE, "13888885678"), encoding="utf-8")
    taken_in(tables["stations"], "stations", filled)
    latest, first = history(filled, "--kind", "stations", "--id", "A1")
    (change,) = latest["changes"]
    assert change == {"column": "contact_phone", "before": HIDDEN, "after": HIDDEN}
    assert PHONE not in json.dumps([latest, first])
    shown = history(filled, "--kind", "stations", "--id", "A1", "--personal")
    assert shown[0]["changes"][0]["before"] == PHONE
    spoken = run("register", "history", "--id", "A1", *filled)
    assert f"联系电话：{HIDDEN} → {HIDDEN}" in spoken.stdout
    assert "驿站类型：（空） → 临街驿站" in spoken.stdout
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    assert history(filled, "--since", tomorrow) == []
    assert run("register", "history", "--since", "gestern", *filled).exit_code == 2


def test_an_export_can_be_read_back_and_hides_what_is_nobodys_business(
    filled: list[object], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    told = exported(filled, out)
    assert (told["personal"], told["smallest_shown"], told["demand_rows_merged_away"]) == (
        "masked",
        10,
        1,
    )
    text = (out / "stations.csv").read_text(encoding="utf-8-sig")
    assert HIDDEN in text
    assert "张**" in text
    assert PHONE not in text
    assert "张三" not in text
    manifest = json.loads((out / "export.json").read_text(encoding="utf-8"))
    assert any("已遮盖" in note for note in manifest["notes"])
    files = ["--demand", out / "demand.csv", "--stations", out / "stations.csv"]
    covered = answer(run("coverage", *files, "--cutoff-m", 1000, "--json"))
    assert (covered["workers_total"], covered["workers_covered"]) == (144, 104)
    rows = (out / "demand.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert min(float(row.split(",")[4]) for row in rows) >= 10
    # What was hidden is not lost when the file comes back.
    back = taken_in(out / "stations.csv", "stations", filled)
    assert (back["unchanged"], back["changed"]) == (2, 0)


def test_merged_demand_does_not_take_the_place_of_what_it_was_made_of(
    filled: list[object], tmp_path: Path
) -> None:
    exported(filled, tmp_path / "out")
    words = ["register", "import", tmp_path / "out" / "demand.csv", "--as", "demand", "--json"]
    words += ["--datum", "wgs84", *filled]
    refused = answer(run(*words), 1)
    assert refused["error"]["code"] == "register_demand_merged"
    assert answer(run(*words, "--replace"))["added"] == 2
    assert answer(run(*words))["event"] is None  # the same once more


def test_an_export_that_shows_everything_says_so(filled: list[object], tmp_path: Path) -> None:
    told = exported(filled, tmp_path / "out", "--personal", "--smallest", 0, "--kind", "stations")
    assert told["personal"] == "shown"
    assert [Path(name).name for name in told["files"]] == ["stations.csv", "export.json"]
    assert PHONE in (tmp_path / "out" / "stations.csv").read_text(encoding="utf-8-sig")
    notes = json.loads((tmp_path / "out" / "export.json").read_text(encoding="utf-8"))["notes"]
    assert sum("请勿外传" in note for note in notes) == 1
    exported(filled, tmp_path / "out", "--personal", "--smallest", 0)
    notes = json.loads((tmp_path / "out" / "export.json").read_text(encoding="utf-8"))["notes"]
    assert sum("请勿外传" in note for note in notes) == 2


def test_a_workbook_and_a_geopackage(filled: list[object], tmp_path: Path) -> None:
    exported(filled, tmp_path / "all.xlsx")
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    assert book.sheetnames == ["驿站", "职工需求点"]
    cells = [[cell.value for cell in row] for row in book["驿站"].rows]
    assert any("已遮盖" in str(row[0]) for row in cells)
    assert any("临街驿站" in row and HIDDEN in row for row in cells)
    exported(filled, tmp_path / "all.gpkg")
    layers = {str(name): str(kind) for name, kind in pyogrio.list_layers(tmp_path / "all.gpkg")}
    assert layers == {"stations": "Point", "demand": "Point", "export": "None"}
    for path, sheet in ((tmp_path / "all.xlsx", "驿站"), (tmp_path / "all.gpkg", "stations")):
        words = ["import", path, "--as", "stations", "--sheet", sheet, "--datum", "wgs84"]
        assert answer(run(*words, "--check", "--json"))["imported"] == 2
    assert run("register", "export", "--out", tmp_path / "all.pdf", *filled).exit_code == 2


def test_what_the_register_said_then(filled: list[object], tmp_path: Path) -> None:
    (demand, *_) = history(filled, "--limit", 1)
    stations = history(filled, "--kind", "layers")[-1]["id"]
    answer(run("register", "undo", stations, "--json", *filled))
    assert exported(filled, tmp_path / "now")["rows"] == {"demand": 2}
    then = exported(filled, tmp_path / "then", "--as-of", demand["id"])
    assert then["rows"] == {"stations": 2, "demand": 2}
    assert then["event"] == demand["id"]
    words = ["coverage", "--register", *filled, "--cutoff-m", 1000, "--json"]
    now, was = answer(run(*words)), answer(run(*words, "--as-of", demand["id"]))
    assert (now["stations"], was["stations"]) == (0, 2)
    assert (now["workers_covered"], was["workers_covered"]) == (0, 104)
    assert (now["as_of"], was["as_of"]) == (None, str(demand["id"]))
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    early = run(*words, "--as-of", yesterday)
    assert answer(early, 1)["error"]["code"] == "register_before_beginning"


def test_decisions_on_the_registers_data(
    filled: list[object], files: dict[str, Path], tmp_path: Path
) -> None:
    taken_in(files["candidates"], "candidates", filled)
    source = ["--register", *filled, "--cutoff-m", 1000, "--json"]
    planned = answer(run("plan", *source, "--new", 1))
    assert [site["id"] for site in planned["selected"]] == ["c1"]
    assert {item["id"] for item in answer(run("score", *source))["candidates"]} == {"c1", "c2"}
    made = answer(run("report", *source, "--out", tmp_path / "r", "--format", "json"))
    replay = json.loads((tmp_path / "r" / "replay.json").read_text(encoding="utf-8"))
    assert replay["title"] == "测试区"
    then = ["--as-of", history(filled, "--limit", 1)[0]["id"]]
    answer(run("report", *source, *then, "--out", tmp_path / "then", "--format", "json"))
    replayed = json.loads((tmp_path / "then" / "replay.json").read_text(encoding="utf-8"))
    assert replayed["title"] == f"测试区（台账 {then[1]} 的状态）"
    assert made["smallest_shown"] == replay["smallest_shown"] == 10
    shown = ["--smallest", 0, "--out", tmp_path / "r", "--format", "json"]
    assert answer(run("report", *source, *shown))["smallest_shown"] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["coverage", "--register", "--demand", "d"],
            "--register 从台账取数据，不能同时写 --demand",
        ),
        (["coverage", "--as-of", "2025-12-31", "--demand", "d"], "--as-of 要与 --register 一起用"),
        (["coverage", "--register", "--as-of", "2025-31-12"], "应为日期（2025-12-31）"),
        (["coverage"], "缺少 --demand"),
        (["register"], "请写明要做什么。可用的命令：backup、"),
        (["register", "dance"], "没有“dance”这个命令。可用的命令：backup、"),
        (["register", "undo", "x"], "EVENT 应为不小于 1 的整数，不能是“x”"),
        (["register", "history", "--limt", "1"], "是不是 --limit、"),
        (["register", "verify", "--database", "var/x.db"], "--database 写成 postgresql://"),
        (["register", "import", "a.csv", "--as", "dragons"], "--as 不能是“dragons”"),
    ],
)
def test_misuse(words: list[str], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_verified_and_up_to_date(filled: list[object]) -> None:
    found = answer(run("register", "verify", "--json", *filled))
    assert found["whole"] is True
    assert len(found["head"]) == 64
    moved = answer(run("register", "migrate", "--json", *filled))
    assert moved == {"before": moved["after"], "after": moved["after"], "changed": False}


@pytest.fixture
def home(tmp_path: Path, tables: dict[str, Path]) -> list[object]:
    """Return the options of a register in a folder: what a server does elsewhere."""
    home: list[object] = ["--home", tmp_path / "home"]
    run("register", "init", "测试区", *home)
    taken_in(tables["stations"], "stations", home)
    return home


def test_a_flipped_record_is_named(home: list[object], tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "home" / "district" / "register.db")
    with database:
        database.execute("UPDATE stations SET contact_phone = '1' WHERE id = 'A1'")
    database.close()
    found = answer(run("register", "verify", "--json", *home), 1)
    assert found["faults"]["records"] == [["stations", "A1"]]
    assert "驿站 A1 与台账记录不符" in run("register", "verify", *home).stdout


def test_a_database_of_a_newer_version_is_refused(home: list[object], tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "home" / "district" / "register.db")
    with database:
        database.execute("UPDATE alembic_version SET version_num = 'future'")
    database.close()
    refused = run("register", "migrate", "--json", *home)
    assert answer(refused, 1)["error"]["code"] == "register_newer"


def test_an_old_database_is_brought_up_to_date(home: list[object], tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "home" / "district" / "register.db")
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")
    engine.dispose()
    moved = answer(run("register", "migrate", "--json", *home))
    assert (moved["before"], moved["changed"]) == ("0003", True)
    again = answer(run("register", "migrate", "--json", *home))
    assert again == {"before": moved["after"], "after": moved["after"], "changed": False}
    assert answer(run("register", "verify", "--json", *home))["whole"] is True


def test_a_backup_is_restored_when_somebody_says_yes(home: list[object], tmp_path: Path) -> None:
    made = answer(run("register", "backup", "--out", tmp_path / "safe", "--json", *home))
    assert Path(made["file"]).parent == tmp_path / "safe"
    answer(run("register", "undo", made["revision"] - 2, "--json", *home))
    words = ["register", "restore", made["file"], *home]
    asked = run(*words)
    assert asked.exit_code == 2
    assert "确认请加 --yes" in asked.stderr
    assert exported(home, tmp_path / "out")["rows"] == {}
    done = answer(run(*words, "--yes", "--json"))
    assert Path(done["set_aside"]).is_dir()
    assert exported(home, tmp_path / "out")["rows"] == {"stations": 2}
    (tmp_path / "no.zip").write_bytes(b"PK\x03\x04 nothing")
    broken = run("register", "restore", tmp_path / "no.zip", "--yes", "--json", *home)
    assert answer(broken, 1)["error"]["code"] == "register_backup_damaged"
    lost = run("register", "restore", tmp_path / "none.zip", "--yes", "--json", *home)
    assert lost.exit_code in {1, 2}


def test_a_server_backs_up_itself(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    url = request.getfixturevalue("team_database")
    place = ["--home", tmp_path, "--database", url]
    run("register", "init", "测试区", *place)
    refused = answer(run("register", "backup", "--json", *place), 1)
    assert refused["error"]["code"] == "register_backup_elsewhere"


def test_the_sample_is_a_copy_that_real_data_cannot_enter(
    tables: dict[str, Path], tmp_path: Path
) -> None:
    sample = ["--home", tmp_path / "home", "--sample"]
    made = answer(run("register", "init", "--json", *sample))
    assert made["synthetic"] is True
    words = ["register", "import", tables["stations"], "--as", "stations", "--datum", "wgs84"]
    refused = run(*words, "--json", *sample)
    assert answer(refused, 1)["error"]["code"] == "register_sample_closed"
    told = exported(sample, tmp_path / "out", "--kind", "stations")
    assert told["synthetic"] is True
    assert not (tmp_path / "home" / "district").exists()


def test_the_environment_names_the_database_of_a_team(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    monkeypatch.setenv("WARM_STATION_DATABASE", request.getfixturevalue("team_database"))
    monkeypatch.setenv("WARM_STATION_HOME", str(tmp_path))
    assert answer(run("register", "init", "测试区", "--json"))["name"] == "测试区"
    assert not (tmp_path / "district").exists()
    assert answer(run("register", "verify", "--json"))["whole"] is True


def test_a_new_register_takes_the_shipped_units_in(place: list[object], tmp_path: Path) -> None:
    made = answer(run("register", "init", "测试区", *place, "--units", "--json"))
    assert made["units"] == 23
    again = answer(run("register", "units", *place, "--json"))
    assert again == {"event": None, "added": 0, "unchanged": 23}
    path = tmp_path / "targets.csv"
    path.write_text("镇街,年度,目标数\n榆堡,2026,3\n兴丰,2026,2\n", encoding="utf-8")
    words = ["register", "import", path, "--as", "targets", "--json"]
    told = answer(run(*words, *place))
    assert [(f["column"], f["code"]) for f in told["findings"]] == [
        ("镇街", "intake_town_renamed")
    ] * 2
    assert (told["added"], len(history(place, "--id", "兴丰街道|2026"))) == (2, 1)


def test_the_registers_own_units_come_before_the_shipped_list(
    place: list[object], tmp_path: Path
) -> None:
    answer(run("register", "init", "测试区", *place, "--json"))
    tables = {
        "units": "名称,别名\n兴丰街道办事处,兴丰；兴丰街道\n",
        "targets": "镇街,年度,目标数\n兴丰街道,2026,2\n",
    }
    for kind, text in tables.items():
        path = tmp_path / f"{kind}.csv"
        path.write_text(text, encoding="utf-8")
        taken_in(path, kind, place)
    assert history(place, "--id", "兴丰街道办事处|2026")
    added = answer(run("register", "units", *place, "--json", "--lang", "en"))
    assert (added["added"], added["unchanged"]) == (23, 0)
    assert "taken in" in run("register", "units", *place, "--lang", "en").output


def test_a_plan_is_kept_listed_and_opened_with_its_rules(
    filled: list[object], tmp_path: Path
) -> None:
    assert answer(run("register", "plans", "--json", *filled)) == {"plans": []}
    candidates = tmp_path / "candidates.csv"
    candidates.write_text("id,name,lon,lat\nc1,刘生记,116.33,39.7\n", encoding="utf-8")
    taken_in(candidates, "candidates", filled)
    words = [
        "plan",
        "--register",
        "--new",
        1,
        "--store",
        "试点",
        "--who",
        "张三",
        "--json",
        *filled,
    ]
    made = answer(run(*words, "--rules", "daxing", "--standard", "radius_1km"))
    (told,) = answer(run("register", "plans", "--json", *filled))["plans"]
    assert (told["number"], told["name"], told["who"], told["sites"]) == (1, "试点", "张三", 1)
    opened = answer(run("register", "plans", 1, "--out", tmp_path / "o", "--json", *filled))
    # Spare hosts are looked for anew: they are no part of what was decided.
    bare = [{name: v for name, v in site.items() if name != "spares"} for site in made["selected"]]
    assert opened["plan"]["selected"] == bare
    assert opened["basis"]["changed_since"] is False
    assert set(opened["basis"]["layers"]) == {"demand"}
    assert set(told["editions"]) == {"rules/daxing", "standards/radius_1km"}
    shipped = DATA_FOLDER / "rules" / "daxing.toml"
    assert (tmp_path / "o" / "rules-daxing.toml").read_bytes() == shipped.read_bytes()
    assert "刘生记" in run("register", "plans", 1, *filled).stdout
    assert answer(run("register", "verify", "--json", *filled))["whole"] is True
    absent = answer(run("register", "plans", 2, "--json", *filled), 1)
    assert absent["error"]["code"] == "register_no_plan"
    assert run(*words, "--as-of", datetime.now(UTC).date()).exit_code == 2
    # A plan that seeks short walks is kept with its own figure.
    walk = answer(run(*words, "--objective", "median"))
    kept = answer(run("register", "plans", walk["number"], "--json", *filled))
    assert kept["objective"] == "median"
    goal = kept["plan"]["goal"]
    assert (goal["after"], goal["unit"]) == (walk["mean_walk_m_after"], "metres")
    assert "平均距离最短" in run("register", "plans", walk["number"], *filled).stdout
