"""Home: the sample and the district, apart, whole, and found again."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import InputError, PlannerError
from geo.reference import DATA_FOLDER
from register import Home, Register
from register.home import default_folder
from siting.model import LayerSource

ROOT = Path(__file__).resolve().parents[3]


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start another process of ours."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_the_sample_is_opened_as_a_copy(home: Home, sample: Path) -> None:
    before = {path: path.read_bytes() for path in sample.iterdir()}
    with home.open_sample() as register:
        assert register.synthetic
        assert register.name == "大兴区（合成示例数据）"
        inputs = register.inputs()
        register.add_candidate(116.3, 39.7, who="张三")
    assert inputs.synthetic
    assert inputs.stations["id"].tolist() == ["S001", "S002"]
    assert inputs.stations["seats"].isna().tolist() == [False, True]
    assert inputs.candidates["id"].tolist() == ["C001"]
    assert inputs.demand["workers"].tolist() == [30.0, 5.0]
    assert inputs.streets is not None
    assert {s.layer: s.synthetic for s in inputs.sources} == {
        "stations": True,
        "candidates": True,
        "needs": True,
        "demand": True,
        "streets": True,
        "outline": False,
    }
    assert {path: path.read_bytes() for path in sample.iterdir()} == before


def test_another_process_finds_the_candidate(home: Home, sample: Path) -> None:
    with home.open_sample() as register:
        added = register.add_candidate(116.3, 39.7, name="新点", who="张三")
    code = (
        "import sys; from pathlib import Path; from register import Home\n"
        "with Home(Path(sys.argv[1]), sample=Path(sys.argv[2])).open_sample() as r:\n"
        "    print(r.get('candidates', sys.argv[3])['name'], r.verify().whole)"
    )
    with run(code, home.folder, sample, added.id) as other:
        assert other.communicate()[0].split() == ["新点", "True"]


def test_two_processes_may_open_the_sample_first(home: Home, sample: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from register import Home\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "with Home(Path(sys.argv[1]), sample=Path(sys.argv[2])).open_sample() as r:\n"
        "    r.add_candidate(116.3, 39.7, who=sys.argv[3]); print(len(r.records('stations')))"
    )
    others = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", code, home.folder, sample, who],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for who in ("甲", "乙")
    ]
    for other in others:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
    answers = [other.communicate("go\n")[0] for other in others]
    assert answers == ["2\n"] * 2
    with home.open_sample() as register:
        assert sorted(r.created_by for r in register.records("candidates")[2:]) == sorted("甲乙")
        assert register.verify().whole
    assert [path.name for path in home.folder.iterdir()] == ["sample"]


def test_reset_brings_back_what_was_shipped_and_can_be_undone(home: Home) -> None:
    with home.open_sample() as register:
        added = register.add_candidate(116.3, 39.7, who="张三")
        register.update("stations", "S001", {"seats": 99}, version=1, who="张三")
        register.remove("stations", "S002", version=1, who="张三")
        with home.reset_sample(who="李四") as again:
            assert again.inputs().candidates["id"].tolist() == ["C001"]
        # Who had it open sees it too.
        assert [r["seats"] for r in register.records("stations")] == [6, None]
        assert register.get("candidates", added.id).deleted
        assert len([layer for layer in register.layers() if layer.active]) == 3
        for event in register.events(limit=10):
            if event.action == "import" and event.who == "李四":
                register.undo(event.id, who="张三")
        assert [r["seats"] for r in register.records("stations")] == [99]
        assert not register.get("candidates", added.id).deleted
        assert register.verify().whole


def test_a_new_district_is_empty_and_its_own(home: Home) -> None:
    assert home.open_district() is None
    with home.create_district("大兴区") as register:
        assert not register.synthetic
        assert register.name == "大兴区"
        assert len(register.inputs().stations) == 0
        register.add("stations", {"lon": 116.3, "lat": 39.7, "name": "真"}, who="张三")
    with pytest.raises(InputError, match="exists already"):
        home.create_district("又一个")
    found = home.open_district()
    assert found is not None
    with found, home.open_sample() as other:
        assert [r["name"] for r in found.records("stations")] == ["真"]
        assert "真" not in [r["name"] for r in other.records("stations")]


def test_a_district_needs_a_name(home: Home) -> None:
    with pytest.raises(InputError, match="name"):
        home.create_district("  ")
    assert home.open_district() is None
    assert not home.folder.exists() or list(home.folder.iterdir()) == []


def test_a_real_register_refuses_what_is_flagged_synthetic(
    district: Register, invented: LayerSource, stations: pd.DataFrame
) -> None:
    with pytest.raises(InputError, match="Synthetic sample data"):
        district.put_records("stations", stations, invented, who="张三")
    frame = stations.assign(workers=1).drop(columns=["name", "seats", "state"])
    with pytest.raises(InputError, match="Synthetic sample data"):
        district.put_demand(frame, invented, who="张三")
    with pytest.raises(InputError, match="Synthetic sample data"):
        district.put_layer("outline", b"{}", invented, suffix=".geojson", who="张三")
    with pytest.raises(InputError, match="Synthetic sample data"):
        district.fill((), who="张三", why="")
    assert district.revision() == 1
    assert not district.folder.exists()


def test_a_real_register_refuses_the_sample_under_another_label(
    district: Register, sample: Path, survey: LayerSource, stations: pd.DataFrame
) -> None:
    for table in ("stations", "candidates", "needs"):
        rows = pd.read_csv(sample / f"{table}.csv", dtype=str, keep_default_na=False)
        with pytest.raises(InputError, match=r"Row 1, .*record of the synthetic sample"):
            district.put_records(table, rows.assign(id=""), survey, who="张三")
    mixed = pd.concat([stations, pd.read_csv(sample / "stations.csv")[["name", "lon", "lat"]]])
    with pytest.raises(InputError, match="Row 3, “富强西里驿站”"):
        district.put_records("stations", mixed, survey, who="张三")
    with pytest.raises(InputError, match="record of the synthetic sample"):
        district.put_demand(pd.read_parquet(sample / "demand.parquet"), survey, who="张三")
    with pytest.raises(InputError, match="Synthetic sample data"):
        district.put_layer("streets", sample / "streets.wsn", survey, suffix=".wsn", who="张三")
    assert district.revision() == 1
    # A true station of the same name stands somewhere, and what was not invented may enter.
    stations.loc[0, "name"] = "富强西里驿站"
    assert district.put_records("stations", stations, survey, who="张三").added == 2
    outline = sample / "outline.geojson"
    district.put_layer("outline", outline, survey, suffix=".geojson", who="张三")


def test_the_sample_takes_no_real_tables(
    opened_sample: Register, survey: LayerSource, stations: pd.DataFrame
) -> None:
    before = opened_sample.revision()
    with pytest.raises(InputError, match="takes no real records"):
        opened_sample.put_records("stations", stations, survey, who="张三")
    with pytest.raises(InputError, match="takes no real records"):
        opened_sample.put_layer("outline", b"{}", survey, suffix=".geojson", who="张三")
    assert opened_sample.revision() == before


def test_what_a_killed_maker_left_is_swept(home: Home) -> None:
    old, young = home.folder / ".making-old", home.folder / ".making-young"
    for left in (old, young):
        left.mkdir(parents=True)
    os.utime(old, (0, 0))
    home.open_sample().close()
    assert (old.exists(), young.exists()) == (False, True)


def test_without_a_shipped_sample_it_says_so(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", sample=tmp_path / "nothing")
    with pytest.raises(PlannerError, match="sample shipped with the product is missing"):
        home.open_sample()
    assert list(home.folder.iterdir()) == []
    with home.create_district("大兴区") as register:
        frame = pd.DataFrame({"name": ["甲"], "lon": [116.3], "lat": [39.7]})
        register.put_records("hosts", frame, LayerSource("hosts", "台账"), who="张三")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PlannerError, match="cannot be written"):
        Home(tmp_path / "file" / "home").create_district("大兴区")


def test_the_folder_is_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARM_STATION_HOME", "/somewhere/else")
    assert default_folder() == Path("/somewhere/else")
    monkeypatch.delenv("WARM_STATION_HOME")
    assert default_folder() == ROOT / "var"
    assert "WARM_STATION_HOME" not in os.environ


def test_the_shipped_sample_opens_whole(tmp_path: Path) -> None:
    with Home(tmp_path / "home").open_sample() as register:
        inputs = register.inputs()
        assert inputs.synthetic
        assert inputs.streets is not None
        for table in ("demand", "stations", "candidates", "enterprises", "hosts", "needs"):
            assert len(getattr(inputs, table)) > 0
        assert register.layer_file("outline") is not None
        assert register.layer_file("labels") is not None
        assert register.verify().whole
    assert (DATA_FOLDER / "sample" / "sample.toml").exists()
