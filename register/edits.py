"""`RecordEdits`: single records added, changed, removed; changes undone."""

from collections.abc import Mapping

from geo.errors import InputError
from geo.privacy import unmasked
from register import events, imports, records
from register.engine import reading
from register.events import Event, Ledger
from register.records import Change, Record
from register.references import check_references, with_unit_names
from register.sample import refuse_invented_record
from register.tables import OWN_DOOR, Kind
from register.values import check_changes, complete, id_of
from register.writer import Writer


class RecordEdits(Writer):
    """A register whose records people change one by one."""

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

        A unit that is named by one of its other names is kept under its own.

        Raises
        ------
        InputError
            A value is missing or cannot be stored, names a record that is not there, or the id is
            taken; the kind has a door of its own; or it is an invented record of the sample.
        """
        self._refuse_own_door(kind)
        given = complete(kind, values)
        if not self.synthetic:
            refuse_invented_record(self._sample, kind, given)

        def work(ledger: Ledger) -> Record:
            done = ledger.done("add", kind)
            if done is not None:
                return records.get(ledger.connection, kind, done.record_id)
            new = with_unit_names(ledger.connection, kind, given)
            record_id = id_of(kind, values, new)
            if records.find(ledger.connection, kind, record_id) is not None:
                raise InputError("register_id_taken", id=record_id)
            check_references(ledger.connection, kind, new)
            (record,) = records.add(ledger.connection, ledger, kind, [(record_id, new)])
            return record

        return self.write(work, who=who, why=why, key=key)

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

        A name or phone given back as it is shown masked stays what it is.

        Raises
        ------
        ConflictError
            Somebody changed it since; the facts name `who`, `when` and the `version` of now.
        InputError
            There is no such record, it is deleted, a value cannot be stored or names a record that
            is not there, or the kind has a door of its own.
        """
        self._refuse_own_door(kind)
        new = check_changes(kind, changes)

        def work(ledger: Ledger) -> Record:
            record = records.get(ledger.connection, kind, record_id)
            if ledger.done("update", kind) is not None:
                return record
            records.expect_version(record, version)
            if record.deleted:
                raise InputError("register_deleted", id=record_id)
            told = with_unit_names(ledger.connection, kind, unmasked(kind, new, record.fields))
            if all(record.fields[name] == value for name, value in told.items()):
                return record
            check_references(ledger.connection, kind, told)
            return _one(ledger, Change(record, told), "update")

        return self.write(work, who=who, why=why, key=key)

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

        def work(ledger: Ledger) -> Record:
            record = records.get(ledger.connection, kind, record_id)
            if ledger.done("remove", kind) is not None:
                return record
            records.expect_version(record, version)
            if record.deleted:
                raise InputError("register_deleted", id=record_id)
            return _one(ledger, Change(record, {"deleted": True}), "remove")

        return self.write(work, who=who, why=why, key=key)

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

        def work(ledger: Ledger) -> Event:
            done = events.by_key(ledger.connection, ledger.key)
            if done is not None:
                return done
            event = events.by_id(ledger.connection, event_id)
            return imports.undo(ledger.connection, ledger, event)

        return self.write(work, who=who, why=why, key=key)

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

    @staticmethod
    def _refuse_own_door(kind: Kind) -> None:
        if kind in OWN_DOOR:
            raise InputError("register_own_door", table=kind)


def _one(ledger: Ledger, change: Change, action: str) -> Record:
    kind = change.record.kind
    (record,) = records.change(ledger.connection, ledger, kind, [change], action)
    return record
