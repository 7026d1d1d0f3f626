"""Hundreds of hostile files by every way in: answered, in words, without touching anything else."""

import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geo.errors import FileRefusedError
from geo.intake import read_table
from geo.intake.formats import detect
from geo.intake.guarded import parse
from geo.intake.limits import CHILD_WALL_S
from geo.intake.spatial.points import with_positions
from tests.hostile import clean
from tests.hostile.corpus import Target, encoded, samples

ROOT = Path(__file__).parents[2]
CANARY = "canary-7731"
SHARE = 12  # of the corpus that the quick test reads: one in so many, and every clean file
MOST_CPU_S = 5.0
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Return a socket on which nobody may call; calls wait in its queue."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        server.settimeout(0.05)
        yield server


def written(folder: Path, listener: socket.socket, share: int) -> dict[str, str]:
    """Write the corpus under names of ours and return those with what the files are."""
    secret = folder / "secret.csv"
    secret.write_text(f"id,name,lon,lat\n{CANARY},{CANARY},116,39\n", encoding="utf-8")
    target = Target(secret, f"http://127.0.0.1:{listener.getsockname()[1]}")
    (folder / "files").mkdir()
    names = {}
    for number, sample in enumerate(samples(folder / "work", target)):
        plain = sample.name.startswith("clean ")
        if plain or number % share == 0:
            name = f"{'clean' if plain else 'upload'}{number:04d}"
            (folder / "files" / name).write_bytes(sample.data)
            names[name] = sample.name
    return names


def run_module(module: str, folder: Path, *before: str) -> Any:  # noqa: ANN401 -- any JSON
    """Return the report of a module that reads the folder's files."""
    report = folder / "report.json"
    command = [*before, sys.executable, "-B", "-m", module, str(folder / "files"), str(report)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=3600)
    return json.loads(report.read_text(encoding="utf-8"))


def check_outcomes(outcomes: list[dict[str, Any]], names: dict[str, str], most_s: float) -> None:
    for outcome in outcomes:
        shown = f"{names[outcome['file']]} as {outcome['way']}: {outcome['sentence']}"
        assert outcome["code"] != "broken", shown
        assert outcome["seconds"] < most_s, shown
        assert CANARY not in outcome["content"], shown
        assert "root:root" not in outcome["content"], shown
        if outcome["code"] != "read":
            assert CHINESE.search(outcome["sentence"]), shown
            assert not re.search(r"Traceback|Error|\{|\n", outcome["sentence"]), shown


def nobody_called(listener: socket.socket) -> bool:
    try:
        listener.accept()
    except TimeoutError:
        return True
    return False


@pytest.mark.parametrize("share", [SHARE, pytest.param(1, marks=pytest.mark.full)])
def test_every_file_is_answered_and_nothing_else_is_touched(
    share: int, tmp_path: Path, listener: socket.socket
) -> None:
    names = written(tmp_path, listener, share)
    report = run_module("tests.hostile.harness", tmp_path)
    assert len(report["outcomes"]) == 4 * len(names)
    check_outcomes(report["outcomes"], names, MOST_CPU_S)
    assert report["events"] == []
    assert nobody_called(listener)
    usual = {o["way"] for o in report["outcomes"] if o["code"] == "read" and "clean" in o["file"]}
    assert usual == {"stations", "demand", "outline", "streets"}


@pytest.mark.full
def test_the_system_sees_no_outside_read_write_or_call(
    tmp_path: Path, listener: socket.socket
) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not here: the system's view of hostile files is not checked")
    names = written(tmp_path, listener, share=2)
    trace = tmp_path / "trace"
    watched = (
        "trace=connect,openat,open,creat,unlink,unlinkat,rename,renameat2,mkdir,symlink,execve"
    )
    strace = ("strace", "-f", "-qq", "-e", watched, "-e", "status=successful", "-o", str(trace))
    outcomes = run_module("tests.hostile.doors", tmp_path, *strace)
    assert len(outcomes) >= 400
    check_outcomes(outcomes, names, CHILD_WALL_S)
    assert nobody_called(listener)
    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    assert len(lines) > len(outcomes)
    assert not [line for line in lines if "connect(" in line and "AF_INET" in line]
    assert not [line for line in lines if "secret.csv" in line]
    started = [line for line in lines if "execve(" in line and "jobs.child" not in line]
    assert len(started) == 1  # the doors themselves
    changing = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|unlink|rename|mkdir|symlink")
    # numba asks whether it could cache kernels, tempfile whether it could write; the folder of a
    # street file, and the file in it; the report.
    made = rf"{re.escape(tempfile.gettempdir())}/(tmp)?\w{{8}}(/upload)?"
    ours = rf'"(/dev/null|[^"]*__pycache__|{made}|upload|[^"]*report\.json)"'
    changed = [line for line in lines if changing.search(line) and not re.search(ours, line)]
    assert changed == []


def test_no_encoding_becomes_other_characters_in_silence(tmp_path: Path) -> None:
    right = 0
    for sample in encoded(tmp_path):
        try:
            kind = detect(sample.data, "upload")
            raw = parse(sample.data, kind, "stations", "upload", None, None)
            intake = read_table(with_positions(raw), "stations")
        except FileRefusedError:
            continue
        told = {finding.code for finding in intake.findings} & {"intake_read_as"}
        lost = all("?" in name for name in intake.frame["name"])  # Latin-1 has no such letters
        assert intake.frame["name"].tolist() == clean.NAMES or told or lost, sample.name
        right += intake.frame["name"].tolist() == clean.NAMES
    assert right >= 3 * 5


@pytest.mark.full
def test_a_table_of_a_million_rows_is_read_in_a_process_of_its_own() -> None:
    rows = "".join(f"s{i},站{i},116.{i % 1000:03d},39.7,兴丰街道,{i % 90}\n" for i in range(10**6))
    intake = read_table(("id,name,lon,lat,town,workers\n" + rows).encode("gbk"), "demand")
    assert (intake.imported, intake.rejected) == (10**6, 0)
