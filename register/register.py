"""`Register`: the one thing that other rooms talk to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal, Self

import pandas as pd
from sqlalchemy import Connection, insert, update

from geo.errors import InputError
from geo.streets import Network
from register import events, imports, layers, plans, records
from register.engine import open_engine, reading, writing
from register.events import Event, Ledger
from register.layers import Layer
from register.plans import Plan
from register.reader import Reader, read_meta
from register.records import Batch, Change, Record
from register.sample import FileContent, TableContent, refuse_invented, refuse_invented_file
from register.schema import bring_up_to_date
from register.tables import META, Kind
from register.values import check, complete, conform, frame_of, new_id, rows
from siting.model import LayerSource

Sort = Literal["sample", "real"]


class Register(Reader):
    """A district's memory, to be changed: one transaction and one event for every change.

    Every method returns after its transaction is committed; what it returns is stored. `who` must
    not be empty. The same idempotency `key` a second time changes nothing and returns what the
    first time made.
    """

    @classmethod
    def create(cls, database: Path | str, folder: Path, *, name: str, sort: Sort, who: str) -> Self:
        """Make the tables of a new register and open it.

        Parameters
        ----------
        name
            Of the district, not empty.
        sort
            `sample`: holds invented records and says so everywhere; `real`: refuses them.

        Raises
        ------
        InputError
            There is a register in that database already, or a name is missing.
        """
        if not name.strip():
            raise InputError("register_name_missing")
        engine = open_engine(database)
        try:
            bring_up_to_date(engine)
            with writing(engine) as connection:
                if read_meta(connection):
                    raise InputError("register_exists")
                ledger = Ledger(connection, who)
                facts = {"name": name.strip(), "sort": sort, "created": ledger.at}
                connection.execute(
                    insert(META), [{"name": k, "value": v} for k, v in facts.items()]
                )
                ledger.append("create", ("register", "meta"), None, facts)
                ledger.flush()
        finally:
            engine.dispose()
        return cls(database, folder)

    def add(
        self,
        kind: Kind,
        values: Mapping[str, object],
        *,
        who: str,
        why: str = "",
        key: str | None = None,
    ) -> Record:
        """Add one record; it gets an id of its own if `values` names none.

        Raises
        ------
        InputError
            A value is missing or cannot be stored, or the id is taken.
        """
        new = complete(kind, values)
        with self._change(who, why) as (connection, ledger):
            done = _done(connection, key, "add", kind)
            if done is not None:
                return records.get(connection, kind, done.record_id)
            record_id = str(check(kind, {"id": values.get("id")})["id"]) or new_id(kind)
            if records.find(connection, kind, record_id) is not None:
                raise InputError("register_id_taken", id=record_id)
            (record,) = records.add(connection, ledger, kind, [(record_id, new)], key=key)
        return record

    def add_candidate(
        self,
        lon: float,
        lat: float,
        *,
        who: str,
        name: str = "",
        why: str = "",
        key: str | None = None,
        **values: object,
    ) -> Record:
        """Add a candidate site at a WGS-84 position; it is `proposed` unless `state` says else.

        Parameters
        ----------
        values
            Further columns of `candidates`.

        Raises
        ------
        InputError
            As `add`.
        """
        given = {"state": "proposed", **values, "lon": lon, "lat": lat, "name": name}
        return self.add("candidates", given, who=who, why=why, key=key)

    def update(
        self,
        kind: Kind,
        record_id: str,
        changes: Mapping[str, object],
        *,
        version: int,
        who: str,
        why: str = "",
        key: str | None = None,
    ) -> Record:
        """Change some columns of a record that the caller saw in `version`.

        Raises
        ------
        ConflictError
            Somebody changed it since; the facts name `who`, `when` and the `version` of now.
        InputError
            There is no such record, it is deleted, or a value cannot be stored.
        """
        new = check(kind, changes)
        if "id" in new:
            raise InputError("register_id_fixed")
        with self._change(who, why) as (connection, ledger):
            record = records.get(connection, kind, record_id)
            if _done(connection, key, "update", kind) is not None:
                return record
            records.expect_version(record, version)
            if record.deleted:
                raise InputError("register_deleted", id=record_id)
            if any(value is None for name, value in new.items() if name in {"lon", "lat"}):
                raise InputError("register_missing_value", column="lon, lat", table=kind)
            if all(record.fields[name] == value for name, value in new.items()):
                return record
            return _one(connection, ledger, Change(record, new), "update", key)

    def remove(
        self,
        kind: Kind,
        record_id: str,
        *,
        version: int,
        who: str,
        why: str = "",
        key: str | None = None,
    ) -> Record:
        """Mark a record as deleted; its history stays and `undo` brings it back.

        Raises
        ------
        ConflictError
            Somebody changed it since the caller saw it in `version`.
        InputError
            There is no such record, or it is deleted already.
        """
        with self._change(who, why) as (connection, ledger):
            record = records.get(connection, kind, record_id)
            if _done(connection, key, "remove", kind) is not None:
                return record
            records.expect_version(record, version)
            if record.deleted:
                raise InputError("register_deleted", id=record_id)
            return _one(connection, ledger, Change(record, {"deleted": True}), "remove", key)

    def undo(self, event_id: int, *, who: str, why: str = "", key: str | None = None) -> Event:
        """Undo one event by a further one, and return that; undoing it again is redoing.

        The heading event of an import stands for the whole import, all or nothing.

        Raises
        ------
        ConflictError
            What it changed has been changed again since.
        InputError
            There is no such event, it has been undone already, or it cannot be undone.
        """
        with self._change(who, why) as (connection, ledger):
            done = events.by_key(connection, key)
            if done is not None:
                return done
            event = events.by_id(connection, event_id)
            return imports.undo(connection, ledger, event, key=key)

    def undo_batch(self, batch: int, *, who: str, why: str = "", key: str | None = None) -> Event:
        """Undo an import by its `Batch.id`, all or nothing.

        Raises
        ------
        ConflictError
            One of its records has been changed since.
        InputError
            There is no such import, or it has been undone already.
        """
        with reading(self._engine) as connection:
            if events.by_id(connection, batch).batch != batch:
                raise InputError("register_no_batch", batch=batch)
        return self.undo(batch, who=who, why=why, key=key)

    def put_records(
        self,
        kind: Kind,
        frame: pd.DataFrame,
        source: LayerSource,
        *,
        who: str,
        why: str = "",
        replace_all: bool = False,
        key: str | None = None,
    ) -> Batch:
        """Take in a table as one batch: all rows or none.

        Known ids are changed, new ones added, equal rows left alone; with `replace_all` records
        that the table does not name are removed. The table is kept as a file, too.

        Raises
        ------
        InputError
            A row cannot be stored, an id stands twice, or invented and real records would mix.
        """
        self._admit(source)
        take = self._taking(TableContent(kind, frame, source), replace_all=replace_all, key=key)
        with self._change(who, why) as (connection, ledger):
            done = _done(connection, key, "import", "layers")
            if done is not None and done.after is not None:
                counts = ("id", "added", "changed", "removed", "unchanged")
                return Batch(**{name: done.after[name] for name in counts})
            return take(connection, ledger)

    def put_demand(
        self,
        frame: pd.DataFrame,
        source: LayerSource,
        *,
        who: str,
        why: str = "",
        key: str | None = None,
    ) -> Layer:
        """Store a demand table as a layer and put it in use.

        Raises
        ------
        InputError
            The table lacks what demand needs, or invented and real data would mix.
        """
        table = conform("demand", frame)
        if not self.synthetic:
            refuse_invented(self._sample, table)
        content = layers.parquet(table)
        return self.put_layer(
            "demand", content, source, suffix=".parquet", who=who, why=why, key=key
        )

    def put_streets(
        self,
        network: Network,
        source: LayerSource,
        *,
        who: str,
        why: str = "",
        key: str | None = None,
    ) -> Layer:
        """Store a street network as a layer and put it in use.

        Raises
        ------
        InputError
            Invented and real data would mix.
        """
        content = layers.streets_file(network)
        return self.put_layer("streets", content, source, suffix=".wsn", who=who, why=why, key=key)

    def rename(self, name: str, *, who: str) -> Event:
        """Give the district another name.

        Raises
        ------
        InputError
            `name` is empty.
        """
        if not name.strip():
            raise InputError("register_name_missing")
        with self._change(who, "") as (connection, ledger):
            before = read_meta(connection)
            renamed = ledger.next_id
            connection.execute(update(META).where(META.c.name == "name").values(value=name.strip()))
            ledger.append("rename", ("register", "meta"), before, {**before, "name": name.strip()})
            ledger.flush()
            event = events.by_id(connection, renamed)
        self._meta = self._identity()
        return event

    def take_out(self, kind: str, *, who: str, why: str = "") -> Event | None:
        """Take a layer out of use; undoing puts it back. None: no layer of that kind is in use."""
        with self._change(who, why) as (connection, ledger):
            if layers.active(connection, kind) is None:
                return None
            taken = ledger.next_id
            layers.activate(connection, ledger, kind, None)
            ledger.flush()
            return events.by_id(connection, taken)

    def put_layer(
        self,
        kind: str,
        content: Path | bytes,
        source: LayerSource,
        *,
        suffix: str,
        who: str,
        why: str = "",
        key: str | None = None,
    ) -> Layer:
        """Store a file as a layer and put it in use instead of the one of its kind.

        `source.layer` and `source.sha256` are set by us. `demand` must be Parquet and `streets`
        our own network file: `put_demand` and `put_streets` see to it.

        Raises
        ------
        InputError
            Invented and real data would mix.
        PlannerError
            The file cannot be stored.
        """
        self._admit(source)
        use = self._using(FileContent(kind, content, suffix, source), key=key)
        with self._change(who, why) as (connection, ledger):
            done = _done(connection, key, "activate", "layers")
            if done is not None and done.after is not None:
                return layers.get(connection, int(done.after["id"]))
            return use(connection, ledger)

    def fill(self, contents: Sequence[TableContent | FileContent], *, who: str, why: str) -> None:
        """Make the sample's records and layers exactly `contents`, in one transaction.

        Raises
        ------
        InputError
            This is not the sample.
        """
        if not self.synthetic:
            raise InputError("register_synthetic_refused")
        steps = [
            self._taking(content, replace_all=True)
            if isinstance(content, TableContent)
            else self._using(content)
            for content in contents
        ]
        with self._change(who, why) as (connection, ledger):
            for step in steps:
                step(connection, ledger)

    def save_plan(
        self,
        scenario: str,
        parameters: Mapping[str, Any],
        result: Mapping[str, Any],
        *,
        who: str,
        name: str = "",
        why: str = "",
        key: str | None = None,
    ) -> Plan:
        """Store a proposal: the scenario's hash, what was asked, what came out.

        `parameters` and `result` hold what JSON can: text, finite numbers, lists, dictionaries.
        """
        with self._change(who, why) as (connection, ledger):
            done = _done(connection, key, "plan", "plans")
            if done is not None:
                return plans.get(connection, int(done.record_id))
            return plans.add(connection, ledger, scenario, parameters, result, name=name, key=key)

    @contextmanager
    def _change(self, who: str, why: str) -> Iterator[tuple[Connection, Ledger]]:
        """Open a write transaction with its ledger; both are written when the block ends well."""
        with writing(self._engine) as connection:
            ledger = Ledger(connection, who, why)
            yield connection, ledger
            ledger.flush()

    def _admit(self, source: LayerSource) -> None:
        """Refuse to mix invented and real records."""
        if source.synthetic and not self.synthetic:
            raise InputError("register_synthetic_refused")
        if self.synthetic and not source.synthetic:
            raise InputError("register_sample_closed")

    def _taking(
        self, content: TableContent, *, replace_all: bool = False, key: str | None = None
    ) -> Callable[[Connection, Ledger], Batch]:
        """Check and store a table, so that the write lock is held for the records only."""
        found = rows(content.kind, content.frame)
        table = frame_of(content.kind, ({"id": name, **values} for name, values in found))
        if not self.synthetic:
            refuse_invented(self._sample, table)
        return partial(
            imports.take,
            kind=content.kind,
            rows=found,
            stored=layers.store(self.folder, layers.parquet(table), ".parquet"),
            source=content.source,
            replace=replace_all,
            key=key,
        )

    def _using(
        self, file: FileContent, *, key: str | None = None
    ) -> Callable[[Connection, Ledger], Layer]:
        """Store a file, so that the write lock is held for its note only."""
        stored = layers.store(self.folder, file.content, file.suffix)
        if not self.synthetic:
            refuse_invented_file(self._sample, stored.sha256)
        return partial(layers.use, kind=file.kind, stored=stored, source=file.source, key=key)


def _done(connection: Connection, key: str | None, action: str, kind: str) -> Event | None:
    """Return what an idempotency key did before, if it did the same sort of thing."""
    event = events.by_key(connection, key)
    if event is not None and (event.action, event.kind) != (action, kind):
        raise InputError("register_key_reused", key=key)
    return event


def _one(
    connection: Connection, ledger: Ledger, change: Change, action: str, key: str | None
) -> Record:
    kind = change.record.kind
    (record,) = records.change(connection, ledger, kind, [change], action, key=key)
    return record
