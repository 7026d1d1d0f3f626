"""What only a register on PostgreSQL has: geometry, files inside, its own limits and refusals."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import URL, Connection, create_engine, make_url
from sqlalchemy.exc import DBAPIError

from geo.errors import ConflictError, InputError, PlannerError
from register import Home, Register, shared_files
from register.engine import open_engine, reading, write, writing
from register.schema import bring_up_to_date
from register.tables import FILE_PART
from siting.model import LayerSource

if not os.environ.get("WARM_STATION_POSTGRES"):
    pytest.skip(
        "WARM_STATION_POSTGRES names no server: the register was tested on SQLite only"
        " (.ci/postgres start prints the URL of one)",
        allow_module_level=True,
    )

ROOT = Path(__file__).resolve().parents[3]
GRID = LayerSource("demand", "人口网格", "CC BY 4.0", "2025-01-01")


@pytest.fixture
def database(team_database: str) -> str:
    """Here every register is on the server."""
    return team_database


@pytest.fixture
def team(home: Home) -> Iterator[Register]:
    with home.create_district("大兴区", who="李四") as register:
        yield register


def said(database: str, statement: str) -> list[tuple[object, ...]]:
    """Ask the database as another program would."""
    engine = open_engine(database)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.exec_driver_sql(statement)]
    engine.dispose()
    return found


def run(register: Register, *statements: str) -> None:
    """Run statements in one write transaction."""
    with writing(register._engine) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_positions_are_points_for_other_programs(team: Register, database: str) -> None:
    team.add_candidate(116.3301234, 39.7601234, name="甲", who="张三")
    (point,) = said(database, "SELECT ST_X(geom), ST_Y(geom), ST_SRID(geom) FROM candidates")
    assert point == (116.3301234, 39.7601234, 4326)
    indexed = said(database, "SELECT tablename FROM pg_indexes WHERE strpos(indexdef, 'gist') > 0")
    assert {"stations", "candidates", "hosts"} <= {str(row[0]) for row in indexed}


def test_without_the_right_to_install_postgis_all_works(
    postgres: URL, new_database: Callable[[], str], tmp_path: Path
) -> None:
    url = new_database()
    name = make_url(url).database
    engine = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS wsp_plain")
        connection.exec_driver_sql("CREATE ROLE wsp_plain LOGIN PASSWORD 'wsp'")
        connection.exec_driver_sql(f"ALTER DATABASE {name} OWNER TO wsp_plain")
    plain = make_url(url).set(username="wsp_plain", password="wsp")  # noqa: S106 - made above
    text = plain.render_as_string(hide_password=False)
    with Register.create(text, tmp_path, name="大兴区", sort="real", who="张三") as register:
        added = register.add_candidate(116.3, 39.7, who="张三")
        assert register.get("candidates", added.id) == added
        assert register.verify().whole
    assert said(url, "SELECT count(*) FROM pg_extension WHERE extname = 'postgis'") == [(0,)]
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        connection.exec_driver_sql("DROP ROLE wsp_plain")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")  # for its maker to remove
    engine.dispose()


def test_two_processes_may_bring_a_new_database_up_to_date(
    new_database: Callable[[], str],
) -> None:
    url = new_database()
    faults: list[BaseException] = []

    def migrate() -> None:
        engine = open_engine(url)
        try:
            bring_up_to_date(engine)
        except PlannerError as error:
            faults.append(error)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=migrate) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert said(url, "SELECT count(*) FROM alembic_version") == [(1,)]


def test_looking_for_a_register_in_an_empty_database_finds_none(home: Home) -> None:
    assert home.open_district() is None
    assert home.open_district() is None


def test_a_second_home_reads_what_the_first_stored(
    team: Register, database: str, tmp_path: Path, sample: Path
) -> None:
    """Two app processes have folders of their own, and one database."""
    table = pd.DataFrame({"id": ["d1"], "lon": [116.3], "lat": [39.7], "workers": [7]})
    layer = team.put_demand(table, GRID, who="张三")
    other = Home(tmp_path / "another", sample=sample, database=database).open_district()
    assert other is not None
    with other:
        assert other.inputs().demand["workers"].tolist() == [7]
        assert other.folder != team.folder
        copy = other.folder / layer.file
        assert copy.read_bytes() == (team.folder / layer.file).read_bytes()
        # A copy that was damaged is made again; a lost one, too.
        copy.write_bytes(b"flipped")
        assert other.layer_file("demand") == copy
        assert copy.read_bytes() == (team.folder / layer.file).read_bytes()
        copy.unlink()
        assert other.layer_file("demand") == copy
        seen = other.add_candidate(116.3, 39.7, who="王五")
        assert team.get("candidates", seen.id) == seen
        assert other.verify().whole


def test_two_apps_share_a_district_by_one_setting(database: str, tmp_path: Path) -> None:
    """As the README says: WARM_STATION_DATABASE, a folder of its own for each, nothing else."""
    make = (
        "import pandas as pd; from register import Home; from siting.model import LayerSource\n"
        "assert Home().open_district() is None\n"
        "with Home().create_district('大兴区', who='张三') as district:\n"
        "    table = pd.DataFrame({'id': ['d'], 'lon': [116.3], 'lat': [39.7], 'workers': [7]})\n"
        "    district.put_demand(table, LayerSource('demand', '网格'), who='张三')\n"
    )
    look = (
        "from register import Home\n"
        "with Home().open_district() as district:\n"
        "    district.add_candidate(116.3, 39.7, who='李四')\n"
        "    print(district.name, district.inputs().demand['workers'].sum(), district.folder)\n"
    )
    told = ""
    for number, code in enumerate((make, look)):
        folder = tmp_path / f"computer {number}"
        told = subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            cwd=ROOT,
            env={
                **os.environ,
                "WARM_STATION_DATABASE": database,
                "WARM_STATION_HOME": str(folder),
                "PYTHONIOENCODING": "utf-8",
            },
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    assert told.strip() == f"大兴区 7.0 {tmp_path / 'computer 1' / 'team' / 'layers'}"


def test_a_file_of_many_parts_comes_back_whole(
    team: Register, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_files, "PART_BYTES", 1000)
    content = bytes(range(256)) * 40 + b"end"
    layer = team.put_layer("outline", content, GRID, suffix=".bin", who="张三")
    assert said(database, "SELECT count(*), max(length(content)) FROM file_part") == [(11, 1000)]
    with Register(database, tmp_path / "copies") as other:
        path = other.layer_file("outline")
        assert path is not None
        assert path.read_bytes() == content
    empty = team.put_layer("labels", b"", GRID, suffix=".bin", who="张三")
    assert team.verify().whole
    with Register(database, tmp_path / "more copies") as other:
        path = other.layer_file("labels")
        assert path is not None
        assert (path.name, path.read_bytes()) == (empty.file, b"")
    with writing(team._engine) as connection:
        connection.execute(FILE_PART.delete().where(FILE_PART.c.part == 4))
    assert team.verify().layers == (layer.file,)
    with (
        Register(database, tmp_path / "third copies") as other,
        pytest.raises(PlannerError, match="missing or damaged"),
    ):
        other.layer_file("outline")


def test_an_import_that_fails_leaves_no_bytes(
    team: Register, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        message = "power cut"
        raise RuntimeError(message)

    monkeypatch.setattr("register.events.Ledger.flush", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        team.put_layer("outline", b"{}", GRID, suffix=".geojson", who="张三")
    assert said(database, "SELECT count(*) FROM file_part") == [(0,)]


def test_a_reader_sees_one_state_while_others_write(team: Register, database: str) -> None:
    with reading(team._engine) as connection:
        first = connection.exec_driver_sql("SELECT count(*) FROM candidates").scalar()
        with Register(database, team.folder) as other:
            other.add_candidate(116.3, 39.7, who="王五")
        assert connection.exec_driver_sql("SELECT count(*) FROM candidates").scalar() == first
        with pytest.raises(DBAPIError, match="read-only transaction"):
            connection.exec_driver_sql("DELETE FROM candidates")
    assert len(team.records("candidates")) == 1


def test_a_busy_server_is_told_and_then_free_again(team: Register, database: str) -> None:
    with Register(database, team.folder, busy_timeout_s=0.05) as hasty:
        with writing(team._engine):
            with pytest.raises(PlannerError, match="Somebody else is saving"):
                hasty.add_candidate(116.3, 39.7, who="张三")
            assert hasty.records("candidates") == ()  # readers do not wait
        assert hasty.add_candidate(116.3, 39.7, who="张三").version == 1


def test_a_statement_without_end_is_ended(team: Register) -> None:
    with pytest.raises(PlannerError) as told:
        run(team, "SET LOCAL statement_timeout = 50", "SELECT pg_sleep(60)")
    assert told.value.code == "register_too_slow"


def test_a_writer_that_fell_silent_does_not_block_for_ever(team: Register, database: str) -> None:
    def fall_silent() -> None:
        with writing(team._engine) as connection:
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 100")
            assert other.add_candidate(116.3, 39.7, who="王五").version == 1
            connection.exec_driver_sql("DELETE FROM candidates")

    with Register(database, team.folder) as other:
        with pytest.raises(PlannerError) as told:
            fall_silent()
        assert told.value.code == "register_connection_lost"
        assert len(team.records("candidates")) == 1


def test_a_server_that_takes_no_writes_is_told(team: Register, database: str) -> None:
    """As in maintenance, or on a stand-by."""
    name = make_url(database).database
    run(team, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with Register(database, team.folder) as frozen:
        assert frozen.records("candidates") == ()
        with pytest.raises(PlannerError) as told:
            frozen.add_candidate(116.3, 39.7, who="张三")
    assert told.value.code == "register_server_read_only"


def test_a_database_with_another_isolation_loses_no_update(team: Register, database: str) -> None:
    name = make_url(database).database
    run(team, f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'")
    with Register(database, team.folder) as other, writing(other._engine) as connection:
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "read committed"
    with Register(database, team.folder) as other, reading(other._engine) as connection:
        assert (
            connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "repeatable read"
        )


def test_a_refused_right_is_told(team: Register, postgres: URL, database: str) -> None:
    engine = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS wsp_reader")
        connection.exec_driver_sql("CREATE ROLE wsp_reader LOGIN PASSWORD 'wsp'")
    with writing(team._engine) as connection:
        connection.exec_driver_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO wsp_reader")
    reader = make_url(database).set(username="wsp_reader", password="wsp")  # noqa: S106
    with Register(reader.render_as_string(hide_password=False), team.folder) as register:
        assert register.records("candidates") == ()
        with pytest.raises(PlannerError) as told:
            register.add_candidate(116.3, 39.7, who="张三")
    assert told.value.code == "register_server_refused"
    with writing(team._engine) as connection:
        connection.exec_driver_sql("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM wsp_reader")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP ROLE wsp_reader")
    engine.dispose()


def test_a_wrong_password_is_told(postgres: URL, database: str, tmp_path: Path) -> None:
    engine = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS wsp_password")
        connection.exec_driver_sql("CREATE ROLE wsp_password LOGIN PASSWORD 'right'")
    codes = []
    for password in ("wrong", None):
        url = make_url(database).set(username="wsp_password", password=password)
        with pytest.raises(PlannerError) as told:
            Register(url.render_as_string(hide_password=False), tmp_path)
        codes.append(told.value.code)
        assert "wrong" not in str(told.value)
    assert codes == ["register_password", "register_password"]
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP ROLE wsp_password")
    engine.dispose()


@pytest.mark.parametrize("server", ["127.0.0.1:1", "nowhere.invalid"])
def test_a_server_that_does_not_answer_is_told(tmp_path: Path, server: str) -> None:
    with pytest.raises(PlannerError) as told:
        Register(f"postgresql://nobody@{server}/nothing", tmp_path)
    assert told.value.code == "register_not_reachable"


def test_a_database_that_is_not_there_is_told(database: str, tmp_path: Path) -> None:
    missing = make_url(database).set(database="wsp_not_there")
    with pytest.raises(PlannerError, match="wsp_not_there") as told:
        Register(missing.render_as_string(hide_password=False), tmp_path)
    assert told.value.code == "register_no_database"


@pytest.mark.parametrize("url", ["mysql://a@b/c", "register.db", "postgres:x", ""])
def test_a_url_of_something_else_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(InputError, match="postgresql://"):
        Register(url, tmp_path)


def test_text_that_a_server_cannot_hold_is_refused(team: Register) -> None:
    for who, why in (("a\x00b", ""), ("a", "b\x00"), ("\ud800", "")):
        with pytest.raises(InputError, match="cannot be stored"):
            team.add_candidate(116.3, 39.7, who=who, why=why)
    assert team.revision() == 1


def test_a_full_disk_is_told(team: Register) -> None:
    """A server says so with a code of its own; we let it say that, for want of a full one."""
    with pytest.raises(PlannerError) as told:
        run(team, "DO $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END $$")
    assert told.value.code == "register_disk_full"


def test_a_lost_connection_is_retried_once_and_only_once(team: Register) -> None:
    tries: list[int] = []

    def work(connection: Connection) -> None:
        tries.append(len(tries))
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(PlannerError) as told:
        write(team._engine, work)
    assert told.value.code == "register_connection_lost"
    assert tries == [0, 1]
    team.add_candidate(116.3, 39.7, who="张三")  # and the next one has a connection again


def test_a_key_finds_what_was_done(team: Register) -> None:
    first = team.add_candidate(116.3, 39.7, who="张三", key="k")
    assert team.add_candidate(116.4, 39.8, who="张三", key="k") == first
    with pytest.raises(InputError, match="another sort"):
        team.remove("candidates", first.id, version=1, who="张三", key="k")
    team.update("candidates", first.id, {"seats": 1}, version=1, who="张三")
    with pytest.raises(ConflictError):
        team.update("candidates", first.id, {"seats": 2}, version=1, who="李四")
    assert team.revision() == 3


def test_a_teams_register_is_not_set_aside_from_here(team: Register, home: Home) -> None:
    assert team.name
    with pytest.raises(PlannerError, match="team"):
        home.set_aside_district()
