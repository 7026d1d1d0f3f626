import json
from pathlib import Path

from tests.unit.commands.terminal import answer, base, run

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"


def title(out: Path, *words: object) -> str:
    answer(run("report", *words, "--out", out, "--format", "json", "--json"))
    return str(json.loads((out / "replay.json").read_text(encoding="utf-8"))["title"])


def test_a_report_names_no_place_unless_it_is_told(files: dict[str, Path], tmp_path: Path) -> None:
    assert title(tmp_path / "a", *base(files)) == "本区"
    assert title(tmp_path / "b", *base(files), "--lang", "en") == "This district"
    assert title(tmp_path / "c", *base(files), "--title", "阿雷格里港") == "阿雷格里港"


def test_the_sample_keeps_its_title(files: dict[str, Path], tmp_path: Path) -> None:
    sample = ["--demand", SAMPLE / "demand.parquet", "--stations", SAMPLE / "stations.csv"]
    assert title(tmp_path / "a", *sample) == "大兴区（合成示例数据）"
    mixed = ["--demand", files["demand"], "--stations", SAMPLE / "stations.csv"]
    assert title(tmp_path / "b", *mixed) == "本区"
