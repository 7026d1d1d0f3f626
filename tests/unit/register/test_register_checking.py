"""The full check and the backup in other processes: what they find counts here, and they end."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from geo.errors import PlannerError
from register import Home, Register, checking
from register.backup import read
from register.checking import FullCheck


@pytest.fixture
def database() -> None:
    """A register in a file; that a server's is opened by its URL is tested with the server."""


def test_what_another_process_finds_counts_here(home: Home, district: Register) -> None:
    mine = district.add_candidate(116.3, 39.7, name="甲", who="张三")
    check = FullCheck()
    check.run(district)
    assert (check.share, check.failure) == (None, None)
    assert district.health.checked
    assert district.health.whole
    file = home.folder / "district" / "register.db"
    with closing(sqlite3.connect(file)) as edited, edited:
        edited.execute("UPDATE candidates SET seats = 7")
    found = checking.check(district, lambda _share: True)
    assert found is not None
    assert found.records == (("candidates", mine.id),)
    assert district.health.read_only


def test_a_check_that_is_ended_finds_nothing(district: Register) -> None:
    assert checking.check(district, lambda _share: False) is None
    assert not district.health.checked


def test_a_backup_of_another_process_is_an_ordinary_one(
    home: Home, district: Register, tmp_path: Path
) -> None:
    district.add_candidate(116.3, 39.7, name="甲", who="张三")
    made = checking.back_up(district, home.backups_folder, daily=True, watch=lambda _share: True)
    assert made is not None
    assert read(made.path) == made
    assert made.head == district.head()
    in_the_way = tmp_path / "file"
    in_the_way.write_text("x")
    with pytest.raises(PlannerError) as refused:
        checking.back_up(district, in_the_way, daily=False, watch=lambda _share: True)
    assert refused.value.code == "register_backup_not_written"
