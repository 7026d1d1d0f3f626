"""`Writer`: the one door through which everything is written."""

import uuid
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from register import engine
from register.browsing import Browsing
from register.events import Ledger

T = TypeVar("T")


class Writer(Browsing):
    """A register, and how it is written: one transaction and one event or more for every change."""

    def write(
        self, work: Callable[[Ledger], T], *, who: str, why: str = "", key: str | None = None
    ) -> T:
        """Run `work` with a ledger in one transaction, and return what it returns: it is stored.

        When the connection to a server broke, it is run once more. `work` asks `Ledger.done` first:
        that finds what the first time had stored, if only the answer was lost. For that every write
        has an idempotency key: the caller's, or one made here.

        Raises
        ------
        InputError
            Nobody is named, or `work` refuses.
        PlannerError
            The database cannot be written, or is damaged; nothing was kept.
        """
        self._watch.admit()
        given = key or own_key()

        def run(connection: Connection) -> T:
            ledger = Ledger(connection, who, why, given)
            result = work(ledger)
            ledger.flush()
            return result

        return engine.write(self._engine, run)


def own_key() -> str:
    """Return an idempotency key for a write whose caller gave none."""
    return f"own-{uuid.uuid4().hex}"
