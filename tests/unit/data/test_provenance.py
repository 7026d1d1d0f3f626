"""Every file under data/ has a line in data/PROVENANCE.md, and every line a file."""

import fnmatch
import re
from pathlib import Path

import pytest

from geo.reference import DATA_FOLDER

COLUMNS = ("file", "what", "source", "date", "licence", "datum", "accuracy")


def shipped(folder: Path) -> list[str]:
    names = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(
        name.as_posix()
        for name in names
        if name.as_posix() != "PROVENANCE.md"
        and not any(part.startswith((".", "__pycache__")) for part in name.parts)
    )


def entries(text: str) -> list[tuple[list[str], list[str]]]:
    """Return (patterns, cells) of every table row."""
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    return [(re.findall(r"`([^`]+)`", row[0]), [cell.strip() for cell in row]) for row in rows]


def unnamed(files: list[str], patterns: list[str]) -> list[str]:
    return [f for f in files if not any(fnmatch.fnmatchcase(f, p) for p in patterns)]


@pytest.fixture(scope="module")
def provenance() -> list[tuple[list[str], list[str]]]:
    return entries((DATA_FOLDER / "PROVENANCE.md").read_text(encoding="utf-8"))


def test_every_file_has_an_entry(provenance: list[tuple[list[str], list[str]]]) -> None:
    patterns = [pattern for found, _ in provenance for pattern in found]
    assert unnamed(shipped(DATA_FOLDER), patterns) == []


def test_every_entry_has_a_file(provenance: list[tuple[list[str], list[str]]]) -> None:
    files = shipped(DATA_FOLDER)
    patterns = [pattern for found, _ in provenance for pattern in found]
    assert [p for p in patterns if not fnmatch.filter(files, p)] == []


def test_entries_are_complete(provenance: list[tuple[list[str], list[str]]]) -> None:
    for _, cells in provenance:
        assert len(cells) == len(COLUMNS), cells
        assert all(cells), cells


def test_the_check_notices_a_file_without_an_entry() -> None:
    assert unnamed(["sample/a.csv", "sample/b.csv"], ["sample/a.csv"]) == ["sample/b.csv"]
    assert unnamed(["words/zh/a.toml"], ["words/**"]) == []


def test_third_party_files_carry_their_notice() -> None:
    folder = DATA_FOLDER / "open"
    assert "ODbL" in (folder / "daxing_outline_osm.geojson").read_text(encoding="utf-8")
    for path in sorted(folder.glob("*.csv")) + sorted(folder.glob("*.geojson")):
        notices = [n.read_text(encoding="utf-8") for n in folder.glob("*.notice.txt")]
        assert any(path.name in notice for notice in notices), path.name
