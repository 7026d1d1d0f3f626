"""`Register`: the one thing that other rooms talk to."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, Self

from sqlalchemy import Connection, insert, update

from geo.errors import InputError
from register import editions as kept
from register import engine, events, plans
from register.contents import ContentEdits
from register.editions import Edition
from register.edits import RecordEdits
from register.events import Event, Ledger
from register.plans import Plan
from register.reader import read_meta
from register.schema import bring_up_to_date
from register.tables import META
from register.writer import own_key

Sort = Literal["sample", "real"]


class Register(RecordEdits, ContentEdits):
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
        key = own_key()

        def work(connection: Connection) -> None:
            ledger = Ledger(connection, who, key=key)
            if ledger.done("create", "register") is not None:
                return
            if read_meta(connection):
                raise InputError("register_exists")
            facts = {"name": name.strip(), "sort": sort, "created": ledger.at}
            connection.execute(insert(META), [{"name": k, "value": v} for k, v in facts.items()])
            ledger.append("create", ("register", "meta"), None, facts)
            ledger.flush()

        opened = engine.open_engine(database)
        try:
            bring_up_to_date(opened)
            engine.write(opened, work)
        finally:
            opened.dispose()
        return cls(database, folder)

    def rename(self, name: str, *, who: str) -> Event:
        """Give the district another name.

        Raises
        ------
        InputError
            `name` is empty.
        """
        if not name.strip():
            raise InputError("register_name_missing")

        def work(ledger: Ledger) -> Event:
            done = ledger.done("rename", "register")
            if done is not None:
                return done
            connection = ledger.connection
            before = read_meta(connection)
            renamed = ledger.next_id
            connection.execute(update(META).where(META.c.name == "name").values(value=name.strip()))
            ledger.append("rename", ("register", "meta"), before, {**before, "name": name.strip()})
            ledger.flush()
            return events.by_id(connection, renamed)

        event = self.write(work, who=who)
        self._meta = {**self._meta, "name": name.strip()}
        return event

    def save_plan(
        self,
        scenario: str,
        parameters: Mapping[str, Any],
        result: Mapping[str, Any],
        *,
        who: str,
        editions: Iterable[Edition] = (),
        name: str = "",
        why: str = "",
        key: str | None = None,
    ) -> Plan:
        """Store a proposal: the scenario's hash, what was asked, what came out.

        `parameters` and `result` hold what JSON can: text, finite numbers, lists, dictionaries.
        `editions` are the rule and standard files that it rests on (`editions.editions_of`): they
        are kept, and the plan names them.

        Raises
        ------
        PlannerError
            The disk or the database refuses; nothing was stored.
        """
        stored = kept.store(self.folder, editions)

        def work(ledger: Ledger) -> Plan:
            done = ledger.done("plan", "plans")
            if done is not None:
                return plans.get(ledger.connection, int(done.record_id))
            named = kept.note(ledger, stored, synthetic=self.synthetic)
            return plans.add(
                ledger.connection, ledger, scenario, parameters, result, name=name, editions=named
            )

        return self.write(work, who=who, why=why, key=key)
