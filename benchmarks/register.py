"""The register at size: how long people wait, and how much disk and memory it takes.

    python -m benchmarks.register [--stations 100000] [--events 1000000] [--folder FOLDER]
        [--only sqlite]

Fills a new register through the real ledger, chain intact: every station is added, then changed on
some day of the years before, a few hundred at a time, and at the end a table is imported. Then it
is opened and asked as the app asks. Figures are milliseconds: the quickest and the slowest of five
by the wall clock, and the least time of our own processor (on a busy computer, and without what a
server does, the truer one); writing, checking and restoring are done once. SQLite; with
WARM_STATION_POSTGRES (a server's URL), a database made there and dropped again, too.
With --folder what was filled there before is opened instead, and kept.
"""

import argparse
import os
import random
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Self, TypeVar
from unittest.mock import patch

import pandas as pd
from sqlalchemy import create_engine, make_url

from register import Home, Record, Register, Wanted, WantedEvents, records
from register.events import Ledger
from register.records import Change
from register.values import complete
from siting.model import LayerSource

TIMES = 5
EVENTS_A_DAY = 1000
SURVEY = LayerSource("stations", "台账", "内部", "2026-01-01")
UNITS = tuple(f"第{number}镇" for number in range(22))
STATES = ("open", "closed", "suspended")
T = TypeVar("T")


def station(number: int, rng: random.Random) -> dict[str, object]:
    """Return the columns of one invented station."""
    return {
        "name": f"驿站{number}",
        "lon": round(116.2 + rng.random() / 2, 6),
        "lat": round(39.5 + rng.random() / 3, 6),
        "town": rng.choice(UNITS),
        "kind": "street_front",
        "host_type": "community",
        "hours": "Mo-Fr 08:30-17:30",
        "access": "public",
        "services": "water;seat",
        "seats": rng.randrange(20),
        "state": "open",
        "address": f"兴丰大街{number}号",
    }


class Clock(datetime):
    """The clock of the years in which the register was filled."""

    told = datetime.now(UTC)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Return the time that was told."""
        return cls.fromisoformat(cls.told.astimezone(tz).isoformat())


def days_of(stations: int, events: int) -> int:
    """Return on how many days stations are changed."""
    return max(1, (events - stations - events // 100) // EVENTS_A_DAY)


def fill(register: Register, stations: int, events: int) -> None:
    """Write `events` events about `stations` stations, the last 1 % as an import."""
    rng = random.Random(2026)  # noqa: S311 - figures to be had again, no secret
    imported = min(events // 100, stations)
    days = days_of(stations, events)

    def add(ledger: Ledger) -> list[Record]:
        rows = [
            (f"S{number:06}", complete("stations", station(number, rng)))
            for number in range(stations)
        ]
        return records.add(ledger.connection, ledger, "stations", rows)

    def change(changed: Sequence[Record], ledger: Ledger) -> list[Record]:
        changes = [
            Change(record, {"seats": rng.randrange(20), "state": rng.choice(STATES)})
            for record in changed
        ]
        return records.change(ledger.connection, ledger, "stations", changes, "update")

    held = {record.id: record for record in register.write(add, who="导入", why="首次建账")}
    names = list(held)
    left = events - stations - imported - 2  # the register's own first event, the import's heading
    for day in range(days):
        size = min(left, EVENTS_A_DAY) if day < days - 1 else left
        left -= size
        changed = [held[name] for name in rng.sample(names, min(size, stations))]
        Clock.told += timedelta(days=1)
        done = register.write(partial(change, changed), who=f"职工{day % 40}", why="核实")
        held.update((record.id, record) for record in done)
    table = pd.DataFrame([{"id": name, **station(0, rng)} for name in names[:imported]])
    register.put_records("stations", table, SURVEY, who="导入", why="年底更新")


def timed(what: str, asked: Callable[[], T], *, times: int = TIMES) -> T:
    """Print how long something takes, and return what it returns."""
    took = []
    for _ in range(times):
        start = time.perf_counter(), time.process_time()
        found = asked()
        took.append((time.perf_counter() - start[0], time.process_time() - start[1]))
    walls, processor = zip(*took, strict=True)
    figures = " ".join(f"{s * 1000:9.1f}" for s in (min(walls), max(walls), min(processor)))
    print(f"  {what:<52} {figures}", flush=True)
    return found


def opened(home: Home) -> Register:
    """Open the district's register."""
    register = home.open_district()
    assert register is not None
    return register


def measure(home: Home, database: Path | None) -> None:
    """Ask a register as the app does, and print how long each answer takes."""
    timed("open", lambda: opened(home).close())
    with opened(home) as register:
        print(f"  events: {register.revision():,}")
        ask(register)
        whole = timed("verify", register.verify, times=1)
        assert whole.whole, whole
        if database is not None:
            print(f"  on disk: {database.stat().st_size / 1e6:,.0f} MB")
            made = timed("back up", lambda: home.back_up(register), times=1)
            print(f"  the backup: {made.size_bytes / 1e6:,.0f} MB")
    if database is not None:
        timed("restore", lambda: home.restore(made.path, who="张三"), times=1)
    status = Path("/proc/self/status")
    if status.exists():
        (peak,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        print(f"  most memory of this process: {int(peak.split()[1]) / 1024:,.0f} MiB")


def ask(register: Register) -> None:
    """Time pages, histories, inputs now and then."""
    wanted: Mapping[str, Wanted] = {
        "own unit first": Wanted(),
        "words that few records hold": Wanted(text="99 驿站"),
        "words that none holds": Wanted(text="没有这个"),
        "one unit, open": Wanted(only={"town": UNITS[3:4], "state": ("open",)}),
        "lacking an inspection of the sign": Wanted(lacks=("sign_installed_on",)),
    }
    for name, what in wanted.items():
        timed(f"page: {name}", partial(register.page, "stations", what, first_unit=UNITS[3]))
    timed(
        "page: latest changes", lambda: register.page("stations", sort="changed", descending=True)
    )
    total = register.page("stations").total
    timed(
        "page: the last one by name",
        lambda: register.page("stations", sort="name", offset=total - 50),
    )
    day = register.event_at(register.revision() // 2).at.date()
    events: Mapping[str, WantedEvents] = {
        "latest": WantedEvents(),
        "of stations": WantedEvents(kinds=("stations",)),
        "of one person": WantedEvents(who="职工7"),
        "of a month": WantedEvents(since=day, until=day + timedelta(days=30)),
        "rows of an import": WantedEvents(batch=register.undoable(who="导入")[0].event.id),
        "words in the reason": WantedEvents(text="首次"),
    }
    for name, which in events.items():
        timed(f"ledger: {name}", partial(register.event_page, which))
    timed("history of a record", lambda: register.steps("stations", "S000007"))
    timed("what can be undone", lambda: register.undoable(limit=20))
    timed("somebody's last change", lambda: register.last_change("职工7"))
    timed("inputs()", register.inputs)
    for share in (100, 2, 1):
        then = register.event_at(register.revision() // share)
        moment: date = then.at.date()
        timed(f"inputs(as_of={moment}) (event {then.id})", partial(register.inputs, as_of=moment))
    timed("which event a date means", lambda: register.event_at(day))


@contextmanager
def server_database(server: str) -> Iterator[str]:
    """Make a database on a server, and drop it afterwards."""
    name = f"bench_{uuid.uuid4().hex[:12]}"
    url = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    try:
        yield url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        engine.dispose()


def run(home: Home, stations: int, events: int, database: Path | None) -> None:
    """Fill a register, unless there is one, and measure it."""
    made = home.open_district()
    if made is None:
        Clock.told -= timedelta(days=days_of(stations, events) + 1)
        with (
            patch("register.events.datetime", Clock),
            home.create_district("大兴区", who="张三") as register,
        ):
            timed("filling", lambda: fill(register, stations, events), times=1)
    else:
        made.close()
    measure(home, database)


def main() -> None:
    """Measure SQLite, and PostgreSQL where there is a server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stations", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    if options.only != "postgresql":
        with tempfile.TemporaryDirectory() as aside:
            folder: Path = options.folder or Path(aside)
            print("SQLite")
            file = folder / "district" / "register.db"
            run(Home(folder), options.stations, options.events, file)
    server = os.environ.get("WARM_STATION_POSTGRES")
    if server and options.only != "sqlite":
        with tempfile.TemporaryDirectory() as aside, server_database(server) as url:
            print("PostgreSQL")
            run(Home(Path(aside), database=url), options.stations, options.events, None)


if __name__ == "__main__":
    main()
