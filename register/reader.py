"""`Reader`: a register opened, and everything that asks it without changing it."""

from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, select

from geo.errors import PlannerError
from geo.tables import empty_table
from register import backup, events, layers, plans, records
from register.backup import Backup
from register.engine import BUSY_TIMEOUT_S, open_engine, reading
from register.events import Event
from register.health import Health, Watch
from register.layers import Layer
from register.plans import Plan
from register.records import Record
from register.sample import SHIPPED_SAMPLE
from register.schema import bring_up_to_date
from register.tables import DECIDED_ON, META, Kind
from register.values import frame_of
from register.verification import Verification
from siting.model import Inputs


class Reader:
    """A district's memory: a database, and a folder of layer files beside it.

    Every method that writes returns after its transaction is committed; what it returns is stored.
    Threads may share a register. Close it when done, or use it in a `with` statement.

    Parameters
    ----------
    database
        The SQLite file, or a database URL.
    folder
        Where layer files are kept.
    sample
        The shipped sample, whose records a real register refuses.
    busy_timeout_s
        How long to wait for another writer, seconds.

    Raises
    ------
    PlannerError
        The database cannot be opened, is so damaged that nothing can be read, or was written by a
        newer version. If something can be read it opens: `health` tells, and changes are refused.
    """

    def __init__(
        self,
        database: Path | str,
        folder: Path,
        *,
        sample: Path = SHIPPED_SAMPLE,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
    ) -> None:
        self.folder = folder
        self._sample = sample
        self._engine = open_engine(database, busy_timeout_s=busy_timeout_s)
        self._watch = Watch(self._engine, folder)
        try:
            self._watch.glance()
            if not self.health.read_only:
                bring_up_to_date(self._engine)
            self._meta = self._identity()
        except BaseException:
            self.close()
            raise

    def _identity(self) -> dict[str, str]:
        with reading(self._engine) as connection:
            meta = read_meta(connection)
        if not meta:
            raise PlannerError("register_empty")
        return meta

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        """Return the register itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every connection."""
        self.close()

    @property
    def name(self) -> str:
        """Name of the district."""
        return self._meta["name"]

    @property
    def synthetic(self) -> bool:
        """Whether this is the sample: every screen and export then says so."""
        return self._meta["sort"] == "sample"

    def revision(self) -> int:
        """Return the id of the last event: it moves when anything changes, and is cheap to ask."""
        with reading(self._engine) as connection:
            return events.revision(connection)

    def get(self, kind: Kind, record_id: str) -> Record:
        """Return a record, a deleted one too.

        Raises
        ------
        InputError
            There never was one.
        """
        with reading(self._engine) as connection:
            return records.get(connection, kind, record_id)

    def records(self, kind: Kind, *, deleted: bool = False) -> tuple[Record, ...]:
        """Return the records of a kind in the order of their creation, `deleted` ones if asked."""
        with reading(self._engine) as connection:
            return records.all_of(connection, kind, deleted=deleted)

    def history(self, kind: Kind, record_id: str) -> tuple[Event, ...]:
        """Return what happened to one record, oldest first."""
        with reading(self._engine) as connection:
            return events.of_record(connection, kind, record_id)

    def events(self, *, limit: int = 100, since: int = 0) -> tuple[Event, ...]:
        """Return up to `limit` events with an id above `since`, newest first."""
        with reading(self._engine) as connection:
            return events.latest(connection, limit, since)

    def layers(self) -> tuple[Layer, ...]:
        """Return every layer ever stored, oldest first."""
        with reading(self._engine) as connection:
            return layers.all_layers(connection)

    def layer_file(self, kind: str) -> Path | None:
        """Return the file of the layer in use of a kind, None where there is none.

        Raises
        ------
        PlannerError
            The file is missing or damaged.
        """
        with reading(self._engine) as connection:
            layer = layers.active(connection, kind)
        return None if layer is None else layers.path_of(self.folder, layer)

    def inputs(self) -> Inputs:
        """Return what a decision is taken on: one consistent state, in the order of creation.

        Deleted records and rejected candidates are left out. Without a demand layer the demand is
        an empty table, without streets `streets` is None.

        Raises
        ------
        PlannerError
            A layer's file is missing or damaged.
        """
        with reading(self._engine) as connection:
            tables = {kind: records.all_of(connection, kind) for kind in DECIDED_ON}
            demand = layers.active(connection, "demand")
            streets = layers.active(connection, "streets")
            sources = layers.sources(connection)
        tables["candidates"] = tuple(r for r in tables["candidates"] if r["state"] != "rejected")
        frames = {kind: frame_of(kind, (r.row() for r in found)) for kind, found in tables.items()}
        return Inputs(
            demand=empty_table("demand")
            if demand is None
            else layers.demand_of(self.folder, demand).copy(),
            streets=None if streets is None else layers.streets_of(self.folder, streets),
            sources=sources,
            **frames,
        )

    def last_plan(self, scenario: str | None = None) -> Plan | None:
        """Return the plan stored last, of one scenario if it is named."""
        with reading(self._engine) as connection:
            return plans.last(connection, scenario)

    def verify(self) -> Verification:
        """Compare everything with what the ledger says: database, chain, records, plans, files.

        What is found counts for `health` from then on.
        """
        return self._watch.check()

    @property
    def health(self) -> Health:
        """What is known of the register's state; `verify` finds out all of it."""
        return self._watch.health

    def back_up(self, folder: Path, *, daily: bool = False) -> Backup:
        """Write a backup into `folder` while others go on writing, check it, and return it.

        Parameters
        ----------
        daily
            Whether the schedule asks, which removes its own old ones; a person's are kept.

        Raises
        ------
        PlannerError
            The register itself is damaged, lives on a server, or the disk refuses; there is no new
            backup then.
        """
        with reading(self._engine) as connection:
            return backup.write(connection, self.folder, folder, daily=daily)


def read_meta(connection: Connection) -> dict[str, str]:
    """Return what a register says of itself; nothing before it is created."""
    return {row.name: row.value for row in connection.execute(select(META))}
