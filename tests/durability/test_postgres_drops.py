"""Connections to a server that break: a write is rolled back or retried once, never doubled."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

import pandas as pd
import psycopg
import pytest
from sqlalchemy import Connection, create_engine, event, make_url
from sqlalchemy.pool import PoolProxiedConnection

from geo.errors import PlannerError
from register import Register
from siting.model import LayerSource

if not os.environ.get("WARM_STATION_POSTGRES"):
    pytest.skip(
        "WARM_STATION_POSTGRES names no server: broken connections were not tested",
        allow_module_level=True,
    )

SOURCE = LayerSource("hosts", "台账", "内部", "2026-10-01")
Direction = Literal["asked", "answered"]
"""Bytes that a program sends to its server; bytes that come back."""


@dataclass
class CuttingProxy:
    """Stands between a program and its server, and cuts one connection after so many bytes."""

    server: str
    limits: dict[Direction, int] = field(default_factory=dict)
    passed: dict[Direction, int] = field(default_factory=lambda: {"asked": 0, "answered": 0})
    cuts: int = 0

    def __enter__(self) -> Self:
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        # Wakes the thread that waits for a further connection.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in self._open:
            self._hang_up(end)

    @property
    def url(self) -> str:
        """URL of the server's database by this way."""
        host, port = self._listener.getsockname()
        through = make_url(self.server).set(host=host, port=port, query={})
        return through.render_as_string(hide_password=False)

    def arm(self, **limits: int) -> None:
        """Count from zero; cut when one direction has passed its limit."""
        with self._lock:
            self.limits = {"asked": 1 << 60, "answered": 1 << 60, **limits}  # type: ignore[dict-item]
            self.passed = {"asked": 0, "answered": 0}

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self._listener.accept()
            except OSError:
                return
            far = self._dial()
            self._open += [near, far]
            for source, sink, way in ((near, far, "asked"), (far, near, "answered")):
                threading.Thread(target=self._pass, args=(source, sink, way), daemon=True).start()

    def _dial(self) -> socket.socket:
        url = make_url(self.server)
        folder = url.query.get("host")
        if folder is None:
            return socket.create_connection((url.host or "127.0.0.1", url.port or 5432))
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{folder}/.s.PGSQL.{url.port or 5432}")
        return far

    def _pass(self, source: socket.socket, sink: socket.socket, way: Direction) -> None:
        with suppress(OSError):
            while chunk := source.recv(65536):
                allowed = self._allow(way, len(chunk))
                sink.sendall(chunk[:allowed])
                if allowed < len(chunk):
                    break
        for end in (source, sink):
            self._hang_up(end)

    def _allow(self, way: Direction, size: int) -> int:
        with self._lock:
            left = self.limits.get(way, 1 << 60) - self.passed[way]
            self.passed[way] += size
            if left < size:
                self.cuts += 1
                self.limits = {}
            return min(size, left)

    @staticmethod
    def _hang_up(end: socket.socket) -> None:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@pytest.fixture
def near(team_database: str, tmp_path: Path) -> Iterator[Register]:
    """Return the register by a way that nobody cuts."""
    with Register.create(
        team_database, tmp_path / "near", name="大兴区", sort="real", who="张三"
    ) as register:
        yield register


@pytest.fixture
def proxy(team_database: str) -> Iterator[CuttingProxy]:
    with CuttingProxy(team_database) as made:
        yield made


def add(register: Register, turn: int) -> None:
    added = register.add_candidate(116.3, 39.7, name=f"n{turn}", who="张三")
    assert (added.version, added["name"]) == (1, f"n{turn}")


def change(register: Register, turn: int) -> None:
    """Change one record on and on; the second try must not meet the first as a conflict."""
    # Every turn makes one version; that what is read may be cut is not what is tried here.
    changed = register.update("hosts", "h", {"name": f"n{turn}"}, version=turn + 1, who="张三")
    assert (changed.version, changed["name"]) == (turn + 2, f"n{turn}")


def take_in(register: Register, turn: int) -> None:
    names = [f"{turn}-{row}" for row in range(3)]
    hosts = pd.DataFrame({"id": names, "name": names, "lon": 116.3, "lat": 39.7})
    batch = register.put_records("hosts", hosts, SOURCE, who="张三")
    assert (batch.added, batch.changed, batch.unchanged) == (3, 0, 0)


def put(register: Register, turn: int) -> None:
    content = f"{turn}".encode() * 3
    layer = register.put_layer("outline", content, SOURCE, suffix=".geojson", who="张三")
    assert layer.active


def undo_and_redo(register: Register, turn: int) -> None:
    """Undo the event before: the second time that is redoing."""
    done = register.undo(turn + 2, who="张三")
    assert (done.action, done.undoes) == ("undo", turn + 2)


def rename(register: Register, turn: int) -> None:
    assert register.rename(f"区{turn}", who="张三").action == "rename"


def plan(register: Register, turn: int) -> None:
    saved = register.save_plan(f"s{turn}", {}, {"turn": turn}, who="张三")
    assert saved.result == {"turn": turn}


WRITES: dict[Callable[[Register, int], None], int] = {
    add: 1,
    change: 1,
    take_in: 4,
    put: 1,
    undo_and_redo: 1,
    rename: 1,
    plan: 1,
}
"""What is done, and how many events it makes."""


def cut_everywhere(
    near: Register, proxy: CuttingProxy, work: Callable[[Register, int], None], positions: int
) -> int:
    """Cut a write after each of so many positions of either direction; return how many."""
    near.add("hosts", {"id": "h", "lon": 116.3, "lat": 39.7}, who="张三")
    tried = 0
    with Register(proxy.url, near.folder.parent / "far") as far:
        work(far, tried)
        proxy.arm()
        work(far, tried := tried + 1)
        passed = dict(proxy.passed)
        for way in ("asked", "answered"):
            step = max(1, passed[way] // positions)
            for limit in range(0, passed[way], step):
                before, layers, cuts = near.revision(), len(near.layers()), proxy.cuts
                proxy.arm(**{way: limit})
                work(far, tried := tried + 1)
                assert proxy.cuts == cuts + 1
                assert near.revision() == before + WRITES[work]
                assert len(near.layers()) == layers + (work in {take_in, put})
    assert near.verify().whole
    return tried - 1


@pytest.mark.parametrize("work", WRITES)
def test_a_write_that_is_cut_anywhere_is_done_once(
    near: Register, proxy: CuttingProxy, work: Callable[[Register, int], None]
) -> None:
    assert cut_everywhere(near, proxy, work, positions=8) >= 16


@pytest.mark.full
@pytest.mark.parametrize("work", WRITES)
def test_a_write_that_is_cut_at_400_places_is_done_once(
    near: Register, proxy: CuttingProxy, work: Callable[[Register, int], None]
) -> None:
    cuts = cut_everywhere(near, proxy, work, positions=200)
    print(f"{work.__name__}: {cuts} cuts")  # noqa: T201 - for docs/methods/register.md
    assert cuts >= 200


def driver_of(connection: PoolProxiedConnection) -> psycopg.Connection[Any]:
    """Return the driver's own connection."""
    found: psycopg.Connection[Any] = connection.driver_connection  # type: ignore[assignment]
    return found


@contextmanager
def ending(register: Register, moment: str, when: int) -> Iterator[list[int]]:
    """Let the server end the connection before its `when`-th statement, or before a commit."""
    seen: list[int] = []
    others = create_engine(register._engine.url, isolation_level="AUTOCOMMIT")

    def end(connection: Connection, *_rest: object) -> None:
        seen.append(len(seen))
        if len(seen) == when:
            pid = driver_of(connection.connection).info.backend_pid
            with others.connect() as other:
                other.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)")

    event.listen(register._engine, moment, end)
    try:
        yield seen
    finally:
        event.remove(register._engine, moment, end)
        others.dispose()


def test_an_import_whose_connection_is_ended_at_any_statement_is_done_once(near: Register) -> None:
    with ending(near, "before_cursor_execute", 0) as statements:
        take_in(near, 0)
    assert len(statements) > 8
    for turn in range(1, len(statements) + 1):
        before = near.revision()
        with ending(near, "before_cursor_execute", turn) as again:
            take_in(near, turn)
        assert len(again) >= turn
        assert near.revision() == before + 4
    assert near.verify().whole
    assert len(near.records("hosts")) == 3 * (len(statements) + 1)


def test_an_import_whose_connection_is_ended_at_its_commit_is_done_once(near: Register) -> None:
    with ending(near, "commit", 1) as commits:
        take_in(near, 1)
    assert len(commits) == 2
    assert len(near.records("hosts")) == 3
    assert near.revision() == 5


@pytest.mark.parametrize("work", WRITES)
def test_a_commit_whose_answer_is_lost_is_not_doubled(
    near: Register,
    team_database: str,
    monkeypatch: pytest.MonkeyPatch,
    work: Callable[[Register, int], None],
) -> None:
    near.add("hosts", {"id": "h", "lon": 116.3, "lat": 39.7}, who="张三")
    work(near, 0)
    before = near.revision()
    lost: list[int] = []
    with Register(team_database, near.folder) as far:
        dialect = far._engine.dialect
        commit = dialect.do_commit

        def commit_without_answer(connection: PoolProxiedConnection) -> None:
            commit(connection)
            if not lost and near.revision() > before:
                lost.append(near.revision())
                driver_of(connection).close()
                message = "server closed the connection unexpectedly"
                raise psycopg.OperationalError(message)

        monkeypatch.setattr(dialect, "do_commit", commit_without_answer)
        work(far, 1)
    assert lost == [before + WRITES[work]]
    assert near.revision() == before + WRITES[work]
    assert near.verify().whole


def test_a_connection_ended_in_the_middle_of_a_statement_is_retried(near: Register) -> None:
    engine = create_engine(near._engine.url, isolation_level="AUTOCOMMIT")
    waiting = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND query LIKE 'INSERT INTO event%%' AND datname = current_database()"
    )
    writer = threading.Thread(target=add, args=(near, 1))
    with engine.connect() as blocking, engine.connect() as other:
        blocking.exec_driver_sql("BEGIN")
        blocking.exec_driver_sql("LOCK TABLE event IN SHARE MODE")
        writer.start()
        until = time.monotonic() + 10
        while not other.exec_driver_sql(waiting).all():  # until it is there, in its statement
            assert time.monotonic() < until
            time.sleep(0.01)
        blocking.exec_driver_sql("COMMIT")
    writer.join()
    engine.dispose()
    assert [r["name"] for r in near.records("candidates")] == ["n1"]
    assert near.revision() == 2


def test_a_reader_whose_idle_connection_was_ended_reads_on(near: Register) -> None:
    engine = create_engine(near._engine.url, isolation_level="AUTOCOMMIT")
    add(near, 1)
    with engine.connect() as other:
        other.exec_driver_sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    engine.dispose()
    assert len(near.records("candidates")) == 1


def test_a_second_break_is_told(near: Register) -> None:
    """Retried once, not for ever."""
    with near._engine.connect() as connection:  # one that is lent while another is asked for
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1

    def end(connection: Connection, *_rest: object) -> None:
        driver_of(connection.connection).close()

    event.listen(near._engine, "commit", end)
    with pytest.raises(PlannerError) as told:
        add(near, 1)
    event.remove(near._engine, "commit", end)
    assert told.value.code == "register_connection_lost"
    assert near.records("candidates") == ()
    add(near, 2)
