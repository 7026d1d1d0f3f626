"""Backups: one file, whole or not at all; restored only if it is ours, whole, of this project."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
import pytest
from sqlalchemy import Connection

from geo.errors import FileRefusedError, PlannerError
from register import Home, Register, restore
from register.backup import DATABASE, read, unpack, write
from register.schedule import Keeper, Schedule
from siting.model import LayerSource

ROOT = Path(__file__).resolve().parents[3]
TOMORROW = datetime.now(UTC) + timedelta(days=1, hours=12)


@pytest.fixture
def database() -> None:
    """A register in a file: a server backs up its own databases."""


@pytest.fixture
def filled(district: Register, stations: pd.DataFrame, survey: LayerSource) -> Register:
    district.put_records("stations", stations, survey, who="张三")
    district.put_layer("outline", b"{}", survey, suffix=".geojson", who="张三")
    district.add_candidate(116.3, 39.7, name="甲", who="张三")
    return district


def names(register: Register) -> list[object]:
    return [record["name"] for record in register.records("candidates")]


def reopened(home: Home) -> Register:
    opened = home.open_district()
    assert opened is not None
    return opened


def rewrite(path: Path, changes: Mapping[str, bytes | None]) -> Path:
    """Pack a backup again with some members changed, added or left out."""
    target = path.with_name("forged.zip")
    with ZipFile(path) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        members = {name: old.read(name) for name in old.namelist()}
        for name, content in {**members, **changes}.items():
            if content is not None:
                new.writestr(name, content)
    return target


def manifest_of(path: Path) -> dict[str, object]:
    with ZipFile(path) as packed:
        facts: dict[str, object] = json.loads(packed.read("backup.json"))
    return facts


def test_a_backup_brings_back_everything(home: Home, filled: Register) -> None:
    events = filled.events()
    made = home.back_up(filled)
    assert (made.name, made.synthetic, made.revision) == ("大兴区", False, filled.revision())
    assert made.path.name.startswith("大兴区-")
    filled.add_candidate(116.3, 39.7, name="乙", who="张三")
    filled.rename("改了名", who="张三")
    restored = home.restore(made.path, who="李四")
    with closing(reopened(home)) as again:
        assert (again.name, names(again)) == ("大兴区", ["甲"])
        assert again.layer_file("outline") is not None
        assert again.events()[1:] == events
        assert (again.events()[0].action, again.events()[0].who) == ("restore", "李四")
        assert made.path.name in again.events()[0].why
        assert again.verify().whole
    # Nothing was deleted: the folder set aside is the register that was there.
    assert restored.aside is not None
    with Register(restored.aside / DATABASE, restored.aside / "layers") as old:
        assert (old.name, names(old)) == ("改了名", ["甲", "乙"])


def test_a_backup_is_one_state_while_others_write(home: Home, filled: Register) -> None:
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            filled.add_candidate(116.3, 39.7, name="写", who="线程")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        backups = [home.back_up(filled) for _ in range(3)]
    finally:
        done.set()
        writer.join()
    assert backups[0].revision < backups[-1].revision
    for made in backups:
        home.restore(made.path, who="李四")
        with closing(reopened(home)) as again:
            assert again.verify().whole
            assert again.revision() == made.revision + 1
            assert len(names(again)) == made.revision - 5


def test_who_has_it_open_elsewhere_goes_on_with_the_restored_one(
    home: Home, filled: Register, sample: Path
) -> None:
    made = home.back_up(filled)
    filled.add_candidate(116.3, 39.7, name="乙", who="张三")
    code = (
        "import sys; from pathlib import Path; from register import Home\n"
        "with Home(Path(sys.argv[1]), sample=Path(sys.argv[2])).open_district() as r:\n"
        "    r.add_candidate(116.3, 39.7, name='丙', who='丙'); print('ready', flush=True)\n"
        "    sys.stdin.readline(); r.add_candidate(116.3, 39.7, name='丁', who='丙')\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, home.folder, sample],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "ready\n"
    home.restore(made.path, who="李四")
    other.communicate("go\n")
    assert other.returncode == 0
    assert names(filled) == ["甲", "丁"]
    assert filled.verify().whole


def test_a_writer_who_waited_while_it_moved_writes_to_the_restored_one(
    home: Home, filled: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = home.back_up(filled)
    filled.add_candidate(116.3, 39.7, name="乙", who="张三")
    waiting = threading.Thread(
        target=lambda: filled.add_candidate(116.3, 39.7, name="等", who="线程")
    )
    honest = restore.set_aside

    def slow(target: Path) -> Path:
        waiting.start()
        waiting.join(0.3)  # it stands at the write lock now
        assert waiting.is_alive()
        return honest(target)

    monkeypatch.setattr(restore, "set_aside", slow)
    restored = home.restore(made.path, who="李四")
    waiting.join()
    assert names(filled) == ["甲", "等"]
    assert restored.aside is not None
    with Register(restored.aside / DATABASE, restored.aside / "layers") as old:
        assert names(old) == ["甲", "乙"]


def test_sample_and_district_are_never_mixed(home: Home, filled: Register) -> None:
    real = home.back_up(filled)
    with home.open_sample() as opened:
        invented = home.back_up(opened)
        assert invented.synthetic
        with pytest.raises(FileRefusedError, match="other project"):
            home.restore(invented.path, who="李四")
        with pytest.raises(FileRefusedError, match="other project"):
            home.restore(real.path, who="李四", project="sample")
        # Nor when the label is forged.
        facts = {**manifest_of(invented.path), "sort": "real"}
        forged = rewrite(invented.path, {"backup.json": json.dumps(facts).encode()})
        with pytest.raises(FileRefusedError, match="damaged"):
            home.restore(forged, who="李四")
        home.restore(invented.path, who="李四", project="sample")
    assert names(filled) == ["甲"]


def test_what_is_not_ours_or_not_whole_is_refused(home: Home, filled: Register) -> None:
    good = home.back_up(filled).path
    data = good.read_bytes()
    facts = manifest_of(good)
    parts = facts["parts"]
    assert isinstance(parts, dict)
    away = {"../../evil": parts[DATABASE]}
    forged: dict[str, tuple[bytes, str]] = {
        "text": (b"hello", "not a backup of this product"),
        "empty": (b"", "not a backup of this product"),
        "zip": (rewrite(good, {"backup.json": None}).read_bytes(), "not a backup"),
        "format": (_with(good, facts, format="other"), "not a backup"),
        "version": (_with(good, facts, version=2), "newer version"),
        "path": (_with(good, facts, parts={**parts, **away}), "damaged"),
        "parts": (_with(good, facts, parts=[]), "damaged"),
        "number": (_with(good, facts, revision="x"), "damaged"),
        "name": (_with(good, facts, name="别的区"), "damaged"),
        "missing": (rewrite(good, {DATABASE: None}).read_bytes(), "damaged"),
        "other": (rewrite(good, {DATABASE: b"SQLite format 3"}).read_bytes(), "damaged"),
    }
    for length in (4, 100, len(data) // 2, len(data) - 1):
        forged[f"cut off at {length}"] = (data[:length], "damaged")
    before = sorted(home.folder.iterdir())
    for name, (content, told) in forged.items():
        path = home.folder / "given.zip"
        path.write_bytes(content)
        with pytest.raises(FileRefusedError, match=told):
            home.restore(path, who=name)
        path.unlink()
    assert sorted(home.folder.iterdir()) == before
    with pytest.raises(FileRefusedError, match="cannot be read"):
        home.restore(home.folder / "nowhere.zip", who="李四")
    assert names(filled) == ["甲"]


def test_a_flipped_bit_in_a_backup_is_found_or_changes_nothing(
    home: Home, filled: Register, tmp_path: Path
) -> None:
    good = home.back_up(filled).path
    data = good.read_bytes()
    unpack(good, tmp_path)
    expected = (tmp_path / DATABASE).read_bytes()
    refused = 0
    for place in range(1, len(data), 97):
        path = home.folder / "flipped.zip"
        path.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])
        try:
            unpack(path, tmp_path)
        except FileRefusedError:
            refused += 1
        else:
            assert (tmp_path / DATABASE).read_bytes() == expected
    assert refused > 0.7 * len(data) / 97  # the rest: names and sizes that are written twice


def _with(path: Path, facts: dict[str, object], **changes: object) -> bytes:
    text = json.dumps({**facts, **changes}).encode()
    return rewrite(path, {"backup.json": text}).read_bytes()


def test_what_is_not_listed_is_not_unpacked(home: Home, filled: Register, tmp_path: Path) -> None:
    made = home.back_up(filled)
    more = rewrite(made.path, {"../evil": b"x", "__MACOSX/._register.db": b"x"})
    target = tmp_path / "deep" / "target"
    target.mkdir(parents=True)
    unpack(more, target)
    assert {path.name for path in target.iterdir()} == {DATABASE, "layers"}
    assert [path.name for path in tmp_path.joinpath("deep").iterdir()] == ["target"]


def test_a_newer_database_in_a_backup_is_refused(home: Home, filled: Register) -> None:
    made = home.back_up(filled)
    copy = home.folder / "copy.db"
    with ZipFile(made.path) as packed:
        copy.write_bytes(packed.read(DATABASE))
    with closing(sqlite3.connect(copy)) as edited, edited:
        edited.execute("UPDATE alembic_version SET version_num = '9999'")
    facts = manifest_of(made.path)
    parts = facts["parts"]
    assert isinstance(parts, dict)
    content = copy.read_bytes()
    parts[DATABASE] = {"size": len(content), "sha256": sha256(content).hexdigest()}
    changes = {DATABASE: content, "backup.json": json.dumps(facts).encode()}
    with pytest.raises(PlannerError, match="newer version of the product \\(9999\\)"):
        home.restore(rewrite(made.path, changes), who="李四")
    assert names(filled) == ["甲"]


def test_a_damaged_register_makes_no_backup(home: Home, filled: Register) -> None:
    good = home.back_up(filled)
    path = filled.layer_file("outline")
    assert path is not None
    path.write_bytes(b"[]")
    with pytest.raises(PlannerError, match="itself is damaged \\(layers: 1\\)"):
        home.back_up(filled)
    assert home.backups() == (good,)
    home.restore(good.path, who="李四")
    with closing(reopened(home)) as again:
        assert again.verify().whole


def test_a_district_that_is_gone_is_brought_back(home: Home, filled: Register) -> None:
    made = home.back_up(filled)
    filled.close()
    shutil.rmtree(home.folder / "district")
    assert home.restore(made.path, who="李四").aside is None
    with closing(reopened(home)) as again:
        assert names(again) == ["甲"]


def test_a_restore_killed_between_its_renamings_is_finished(home: Home, filled: Register) -> None:
    made = home.back_up(filled)
    home.restore(made.path, who="李四")
    filled.close()
    (home.folder / "district").rename(home.folder / ".restored-district")
    with closing(reopened(home)) as again:
        assert names(again) == ["甲"]
    # One that was killed before it changed anything is swept.
    left = home.folder / ".restored-district"
    left.mkdir()
    os.utime(left, (0, 0))
    reopened(home).close()
    assert not left.exists()


def test_too_small_a_disk_is_told(
    home: Home, filled: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = home.back_up(filled)
    usage = shutil.disk_usage(home.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1000))
    with pytest.raises(PlannerError, match="disk is too full"):
        home.restore(made.path, who="李四")
    assert names(filled) == ["甲"]


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do here what the keeper has done by other processes: the schedule is tested, not they."""

    def run(
        function: Callable[..., object],
        *args: object,
        wall_s: float,
        watch: Callable[[float | None], bool],
    ) -> object:
        assert wall_s > 0
        assert watch(0.5)
        return function(*args)

    monkeypatch.setattr("register.checking.jobs.run", run)
    monkeypatch.setattr("register.checking._step_back", lambda: None)


@pytest.mark.usefixtures("in_process")
def test_the_daily_backup_is_made_when_something_changed(home: Home, filled: Register) -> None:
    keeper = Keeper(home, lambda: filled, Schedule(keep=2))
    now = datetime.now(UTC)
    assert keeper.look(now) is not None
    assert filled.health.checked
    filled.add_candidate(116.3, 39.7, name="乙", who="张三")
    assert keeper.look(now + timedelta(hours=23)) is None
    made = keeper.look(TOMORROW)
    assert made is not None
    assert made.daily
    assert keeper.look(TOMORROW + timedelta(days=9)) is None  # nothing was changed since
    home.back_up(filled)
    filled.add_candidate(116.3, 39.7, name="丙", who="张三")
    assert keeper.look(TOMORROW + timedelta(days=1)) is not None
    kept = home.backups()
    assert [backup.daily for backup in kept].count(True) == 2
    assert [backup.daily for backup in kept].count(False) == 1
    assert read(made.path) in kept


@pytest.mark.usefixtures("in_process")
def test_an_empty_or_absent_district_needs_no_backup(home: Home, district: Register) -> None:
    assert Keeper(home, lambda: None).look(TOMORROW) is None
    assert Keeper(home, lambda: district).look(TOMORROW) is None
    assert (
        Keeper(Home(home.folder, database="postgresql://x"), lambda: district).look(TOMORROW)
        is None
    )


@pytest.mark.usefixtures("in_process")
def test_a_failed_daily_backup_is_remembered_until_one_succeeds(
    home: Home, filled: Register
) -> None:
    home.backups_folder.write_text("in the way")
    keeper = Keeper(home, lambda: filled)
    assert keeper.look(TOMORROW) is None
    assert keeper.failure is not None
    assert keeper.failure.error.code == "register_backup_not_written"
    home.backups_folder.unlink()
    assert keeper.look(TOMORROW) is not None
    assert keeper.failure is None


@pytest.mark.usefixtures("in_process")
def test_the_keeper_looks_by_itself(home: Home, filled: Register) -> None:
    soon = Schedule(first=timedelta(milliseconds=1), look=timedelta(milliseconds=1))
    keeper = Keeper(home, lambda: filled, soon)
    made = threading.Event()
    honest = keeper.look

    def look(now: datetime) -> None:
        honest(now)
        made.set()

    keeper.look = look  # type: ignore[method-assign]
    keeper.start()
    keeper.start()
    assert made.wait(20)
    keeper.stop()
    assert len(home.backups()) == 1


def test_a_district_on_a_server_is_backed_up_there(home: Home, filled: Register) -> None:
    made = home.back_up(filled)
    team = Home(home.folder, database="postgresql://team@nowhere/district")
    with pytest.raises(PlannerError, match="pg_restore"):
        team.restore(made.path, who="李四")
    server = cast("Connection", SimpleNamespace(dialect=SimpleNamespace(name="postgresql")))
    with pytest.raises(PlannerError, match="pg_dump"):
        write(server, filled.folder, home.backups_folder)
    assert home.backups() == (made,)
