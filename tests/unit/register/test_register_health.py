"""A damaged register: found at opening, read as far as it goes, never written to."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from geo.errors import PlannerError
from register import Home, Register
from register.health import QUICK_CHECK_BYTES, Health
from siting.model import LayerSource

PAGE = 4096


@pytest.fixture
def database() -> None:
    """A register in a file: a server checks its own databases."""


@pytest.fixture
def file(home: Home, district: Register, survey: LayerSource) -> Path:
    """A closed register of 60 candidates and a layer."""
    for number in range(60):
        district.add_candidate(116.3, 39.7, name=f"候选{number}", who="张三")
    district.put_layer("outline", b"{}", survey, suffix=".geojson", who="张三")
    district.close()
    return home.folder / "district" / "register.db"


def opened(home: Home) -> Register:
    found = home.open_district()
    assert found is not None
    return found


def break_an_index(file: Path) -> None:
    """Overwrite the root page of an index: tables can be read without it."""
    with closing(sqlite3.connect(file)) as connection:
        named = "SELECT rootpage FROM sqlite_master WHERE name = 'ix_plan_scenario'"
        (root,) = connection.execute(named).fetchone()
    data = bytearray(file.read_bytes())
    data[(root - 1) * PAGE : root * PAGE] = b"\xff" * PAGE
    file.write_bytes(data)


def test_an_honest_register_is_whole(home: Home, file: Path) -> None:
    assert file.stat().st_size < QUICK_CHECK_BYTES
    with opened(home) as register:
        assert register.health == Health()
        assert register.verify().whole
        assert register.health == Health(checked=True)


def test_a_broken_page_is_found_and_the_rest_is_shown(home: Home, file: Path) -> None:
    break_an_index(file)
    before = file.read_bytes()
    with opened(home) as register:
        assert register.health.read_only
        assert len(register.records("candidates")) == 60
        assert register.layer_file("outline") is not None
        with pytest.raises(PlannerError, match="register restore BACKUP") as refused:
            register.add_candidate(116.3, 39.7, who="张三")
        assert refused.value.code == "register_damaged_read_only"
        with pytest.raises(PlannerError, match="damaged"):
            home.back_up(register)
        assert not register.verify().whole
    assert home.backups() == ()
    assert file.read_bytes() == before


def test_a_file_cut_off_is_read_as_far_as_it_goes(home: Home, file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:-PAGE])
    with opened(home) as register:
        assert register.health.read_only
        assert register.name == "大兴区"
        with pytest.raises(PlannerError, match="read but not changed"):
            register.rename("别的", who="张三")
    file.write_bytes(data)
    with opened(home) as register:
        assert register.health.whole
        assert register.verify().whole


def test_damage_met_while_reading_ends_writing(home: Home, file: Path) -> None:
    with opened(home) as register:
        assert register.health.whole
        with closing(sqlite3.connect(file)) as connection:
            named = "SELECT rootpage FROM sqlite_master WHERE name = 'candidates'"
            (root,) = connection.execute(named).fetchone()
        register.close()  # or its pages would still be in memory
        with file.open("r+b") as written:
            written.seek((root - 1) * PAGE)
            written.write(b"\xff" * PAGE)
        with pytest.raises(PlannerError, match="damaged"):
            register.records("candidates")
        assert register.health.read_only
        with pytest.raises(PlannerError, match="read but not changed"):
            register.add("stations", {"lon": 116.3, "lat": 39.7}, who="张三")


def test_what_the_full_check_finds_ends_writing(home: Home, file: Path) -> None:
    with closing(sqlite3.connect(file)) as edited, edited:
        edited.execute("UPDATE event SET who = '别人' WHERE id = 5")
    with opened(home) as register:
        assert register.health.whole
        assert register.verify().events == (5,)
        assert register.health.database == ("event 5",)
        with pytest.raises(PlannerError, match="event 5"):
            register.add_candidate(116.3, 39.7, who="张三")


def test_a_lost_layer_file_is_told_and_records_can_be_changed(home: Home, file: Path) -> None:
    (path,) = (file.parent / "layers").glob("*.geojson")
    path.unlink()
    with opened(home) as register:
        assert register.health.files == (path.name,)
        assert not register.health.read_only
        assert register.add_candidate(116.3, 39.7, who="张三").version == 1


def test_a_large_file_is_only_measured_at_opening(
    home: Home, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_an_index(file)
    monkeypatch.setattr("register.health.QUICK_CHECK_BYTES", 1000)
    with opened(home) as register:
        assert register.health.whole
        assert not register.verify().whole
        assert register.health.read_only
