"""`Reader`: a register opened, and everything that asks it without changing it."""

from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path
from types import TracebackType
from typing import Self

import pandas as pd
from sqlalchemy import Connection, select

from geo.errors import PlannerError
from geo.intake.units import UnitNames
from geo.tables import empty_table
from register import backup, events, layers, past, plans, records
from register.backup import Backup
from register.engine import BUSY_TIMEOUT_S, open_engine, reading
from register.events import Event
from register.health import Health, Watch
from register.layers import Layer
from register.moments import AsOf, event_at
from register.plans import Plan
from register.records import Record
from register.references import Dangling, dangling, unit_names
from register.sample import SHIPPED_SAMPLE
from register.schema import bring_up_to_date
from register.tables import DECIDED_ON, KINDS, META, Kind
from register.values import frame_of
from register.verification import Verification
from siting.areas.zones import NO_ZONES, zones_from
from siting.model import Inputs, LayerSource

AREA_ZONES = "area_zones"
"""The kind of layer that holds zones whose areas a planner has set: our own GeoJSON."""


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
        self._database = database
        self._sample = sample
        self._engine = open_engine(database, busy_timeout_s=busy_timeout_s)
        self._watch = Watch(self._engine, folder)
        try:
            self._watch.glance()
            if not self.health.read_only:
                bring_up_to_date(self._engine)
            self._meta = self._identity()
            self._watch.look_for_files()
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

    def records(
        self, kind: Kind, *, deleted: bool = False, as_of: AsOf | None = None
    ) -> tuple[Record, ...]:
        """Return the records of a kind in the order of their creation, `deleted` ones if asked.

        `as_of` names a moment of the past: see `event_at`.

        Raises
        ------
        InputError
            As `event_at`.
        PlannerError
            A row, or an event of the past, is not what was written.
        """
        with reading(self._engine) as connection:
            if as_of is None:
                return records.all_of(connection, kind, deleted=deleted)
            event = event_at(connection, as_of)
            return past.records_at(connection, kind, event.id, deleted=deleted)

    def added_by_hand(self, kind: Kind) -> dict[str, int]:
        """Return the records of a kind that came with no file: id -> version, as created."""
        with reading(self._engine) as connection:
            return records.without_layer(connection, kind)

    def event_at(self, as_of: AsOf) -> Event:
        """Return the last event that had happened at a moment: what "as of" then means.

        Parameters
        ----------
        as_of
            A date: the end of that day in the district's time (Asia/Shanghai), wherever the
            computer stands. A datetime: that time, inclusive; one without a zone is in the
            district's time. A number: the event of that id, inclusive.

        Raises
        ------
        InputError
            The moment is before the register was made or after today, or there is no such event.
        """
        with reading(self._engine) as connection:
            return event_at(connection, as_of)

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

    def layers_at(self, as_of: AsOf) -> tuple[Layer, ...]:
        """Return the layers that were in use at a moment, oldest first.

        Raises
        ------
        InputError
            As `event_at`.
        PlannerError
            An event is not what was written.
        """
        with reading(self._engine) as connection:
            return tuple(past.layers_at(connection, event_at(connection, as_of).id).values())

    def layer_file(self, kind: str) -> Path | None:
        """Return the file of the layer in use of a kind, None where there is none.

        Raises
        ------
        PlannerError
            The file is missing or damaged.
        """
        with reading(self._engine) as connection:
            layer = layers.active(connection, kind)
            layers.bring(connection, self.folder, layer)
        return None if layer is None else layers.path_of(self.folder, layer)

    def file_of(self, layer_id: int) -> Path:
        """Return the file of any layer, in use or not, after comparing it with its SHA-256.

        Raises
        ------
        InputError
            There is no such layer.
        PlannerError
            The file is missing or damaged.
        """
        with reading(self._engine) as connection:
            layer = layers.get(connection, layer_id)
            layers.bring(connection, self.folder, layer)
        return layers.path_of(self.folder, layer)

    def inputs(self, *, as_of: AsOf | None = None) -> Inputs:
        """Return what a decision is taken on: one consistent state, in the order of creation.

        Deleted records and rejected candidates are left out. Without a demand layer the demand is
        an empty table, without streets `streets` is None. `as_of` names a moment of the past: the
        records, the demand and the streets are those of then (see `event_at`).

        Raises
        ------
        InputError
            As `event_at`.
        PlannerError
            A layer's file is missing or damaged, or a row or an event is not what was written.
        """
        with reading(self._engine) as connection:
            event = None if as_of is None else event_at(connection, as_of).id
            state = past.state(connection, DECIDED_ON, event)
            for kind in ("demand", "streets", AREA_ZONES):
                layers.bring(connection, self.folder, state.layers.get(kind))
        frames = {kind: frame_of(kind, state.rows[kind]) for kind in DECIDED_ON}
        candidates = frames["candidates"]
        considered = candidates[candidates["state"] != "rejected"].reset_index(drop=True)
        demand, streets = state.layers.get("demand"), state.layers.get("streets")
        zones = state.layers.get(AREA_ZONES)
        return Inputs(
            demand=empty_table("demand")
            if demand is None
            else layers.demand_of(self.folder, demand).copy(),
            streets=None if streets is None else layers.streets_of(self.folder, streets),
            stations=frames["stations"],
            candidates=considered,
            enterprises=frames["enterprises"],
            hosts=frames["hosts"],
            needs=frames["needs"],
            sources=state.sources,
            area_zones=NO_ZONES
            if zones is None
            else zones_from(layers.path_of(self.folder, zones).read_bytes()),
        )

    def tables(self, *, as_of: AsOf | None = None) -> dict[str, pd.DataFrame]:
        """Return the whole register as plain frames to be exported, one for each kind.

        Each has the columns of its schema, rejected candidates too; `layers` adds where the
        records and the layers in use came from, one row each. `as_of` as in `inputs`. Personal
        columns are there as they are: what leaves the house masks them first.

        Raises
        ------
        InputError
            As `event_at`.
        PlannerError
            A row, or an event of the past, is not what was written.
        """
        with reading(self._engine) as connection:
            event = None if as_of is None else event_at(connection, as_of).id
            state = past.state(connection, KINDS, event)
        frames: dict[str, pd.DataFrame] = {
            kind: frame_of(kind, rows) for kind, rows in state.rows.items()
        }
        sources = [asdict(source) for source in state.sources]
        frames["layers"] = pd.DataFrame(sources, columns=[f.name for f in fields(LayerSource)])
        return frames

    def last_plan(self, scenario: str | None = None, *, as_of: AsOf | None = None) -> Plan | None:
        """Return the plan stored last, of one scenario if it is named; `as_of` as in `inputs`.

        Raises
        ------
        InputError
            As `event_at`.
        """
        with reading(self._engine) as connection:
            event = None if as_of is None else event_at(connection, as_of).id
            return plans.last(connection, scenario, event)

    def plan(self, number: int) -> Plan:
        """Return a stored plan by its number.

        Raises
        ------
        InputError
            There is none.
        PlannerError
            Its row is not what was written.
        """
        with reading(self._engine) as connection:
            return plans.get(connection, number)

    def plans(self, *, limit: int = 50, before: int | None = None) -> tuple[Plan, ...]:
        """Return up to `limit` stored plans, newest first; `before`: those with a lower number.

        Raises
        ------
        PlannerError
            A row is not what was written.
        """
        with reading(self._engine) as connection:
            return plans.latest(connection, limit, before)

    def dangling(self) -> tuple[Dangling, ...]:
        """Return the records that name one which is not there or is deleted."""
        with reading(self._engine) as connection:
            return dangling(connection)

    def unit_names(self) -> UnitNames:
        """Return the district's own list of units, with their other names: for reading files."""
        with reading(self._engine) as connection:
            return unit_names(connection)

    def verify(self, tell: Callable[[float], None] = lambda _share: None) -> Verification:
        """Compare everything with what the ledger says: database, chain, records, plans, files.

        What is found counts for `health` from then on. `tell` is called with the share (0..1)
        that is done. A million events take half a minute: `checking.check` does not hold up the
        other threads of a process.
        """
        return self._watch.check(tell)

    def take_verification(self, found: Verification) -> None:
        """Let count for `health` what `verify` found in another process."""
        self._watch.take(found)

    @property
    def database(self) -> Path | str:
        """The SQLite file, or the URL, that it was opened with."""
        return self._database

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

    def backups_in(self, folder: Path) -> tuple[Backup, ...]:
        """Return this register's own backups in a folder, newest first."""
        with reading(self._engine) as connection:
            register = backup.end_of(connection)
        return tuple(found for found in backup.listed(folder) if found.register == register)

    def head(self) -> str:
        """Return the hash of the last event: two states of a register never share it."""
        with reading(self._engine) as connection:
            return backup.end_of(connection, last=True)


def read_meta(connection: Connection) -> dict[str, str]:
    """Return what a register says of itself; nothing before it is created."""
    return {row.name: row.value for row in connection.execute(select(META))}
