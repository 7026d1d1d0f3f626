"""The house rules that no linter knows."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("ui", "commands", "reports", "register", "siting", "geo", "jobs", "words")


def our_files(*suffixes: str) -> list[Path]:
    return [
        file
        for room in (*ROOMS, "data", "scripts", "tests")
        for file in (ROOT / room).rglob("*")
        if file.suffix in suffixes
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_says_what_lives_in_it(room: str) -> None:
    first = (ROOT / room / "__init__.py").read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith('"""')
    assert len(first) > 30


def test_every_direct_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {
        re.split(r"[=\s;]", line)[0].lower()
        for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    }
    wanted = {re.split(r"[<>=\s;\[]", entry)[0].lower() for entry in project["dependencies"]}
    assert wanted <= pinned


def test_every_pin_is_exact() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        loose = [line for line in lines if line and not line.startswith("#") and "==" not in line]
        assert loose == [], name


def test_no_address_of_a_content_network() -> None:
    cdn = re.compile(r"cdn\.jsdelivr|unpkg\.com|cdnjs|code\.jquery|maxcdn|bootstrapcdn")
    guilty = [
        str(file.relative_to(ROOT))
        for file in our_files(".py", ".js", ".html", ".toml")
        if file != Path(__file__) and cdn.search(file.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def test_the_doors_are_thin() -> None:
    for door in ("streamlit_app.py", "cli.py"):
        assert len((ROOT / door).read_text(encoding="utf-8").splitlines()) <= 80


def test_the_sample_is_small() -> None:
    total = sum(file.stat().st_size for file in (ROOT / "data" / "sample").iterdir())
    assert total < 5_000_000
