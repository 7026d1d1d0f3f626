"""`Browsing`: a register as people look through it: pages, histories, what can be undone."""

from collections.abc import Collection

from geo.errors import PlannerError
from register import events, pages, steps, undoing
from register.engine import reading
from register.pages import EventPage, Page, Sort, Wanted, WantedEvents
from register.reader import Reader
from register.steps import Step
from register.tables import Kind
from register.undoing import Undoable

PAGE_RECORDS = 50
"""Records or events on a page, unless more or fewer are asked for."""

_ALL = Wanted()
_ALL_EVENTS = WantedEvents()


class Browsing(Reader):
    """A register that people look through."""

    def page(
        self,
        kind: Kind,
        wanted: Wanted = _ALL,
        *,
        sort: Sort = "created",
        descending: bool = False,
        first_unit: str = "",
        limit: int = PAGE_RECORDS,
        offset: int = 0,
    ) -> Page:
        """Return one page of the records of a kind, and how many there are in all.

        Parameters
        ----------
        wanted
            Which records; all that are not deleted, unless it says else.
        sort
            `created`: as they came; `changed`: by the latest change; `name`, `unit`: by these, as
            the database sorts text (Chinese by code point, not by pinyin).
        first_unit
            The unit whose records come first, the others behind it: what each unit sees of itself.
        limit, offset
            How many records, and how many are left out before them.

        Raises
        ------
        InputError
            A column that the kind does not have.
        PlannerError
            A row is not what was written.
        """
        with reading(self._engine) as connection:
            return pages.page(
                connection,
                kind,
                wanted,
                sort=sort,
                descending=descending,
                first_unit=first_unit,
                limit=limit,
                offset=offset,
            )

    def event_page(
        self,
        wanted: WantedEvents = _ALL_EVENTS,
        *,
        limit: int = PAGE_RECORDS,
        before: int | None = None,
    ) -> EventPage:
        """Return one page of the ledger, newest first, and how many events there are in all.

        Parameters
        ----------
        wanted
            Which events; all of them, unless it says else, an import by its heading event.
        before
            `EventPage.before` of the page before: new events do not move the pages behind it.
        """
        with reading(self._engine) as connection:
            return pages.event_page(connection, wanted, limit=limit, before=before)

    def steps(self, kind: str, record_id: str) -> tuple[Step, ...]:
        """Return the history of a record, oldest first, with what each event changed.

        What happened to photos of the record is part of it: `Step.event.kind` tells them. `kind`
        and `record_id` may also be `layers` and a layer's kind.
        """
        with reading(self._engine) as connection:
            found = events.of_record(connection, kind, record_id, photos=True)
        return tuple(steps.step(event) for event in found)

    def undoable(self, *, who: str = "", limit: int = PAGE_RECORDS) -> tuple[Undoable, ...]:
        """Return the latest changes, newest first, with why one of them cannot be undone now.

        An import is one change. `who` names whose changes; empty: everybody's.
        """
        with reading(self._engine) as connection:
            return undoing.latest(connection, who, limit)

    def undo_problem(self, event_id: int) -> PlannerError | None:
        """Return what `Register.undo` would raise for an event now; None: it can be undone.

        Raises
        ------
        InputError
            There is no such event.
        """
        with reading(self._engine) as connection:
            return undoing.problem_of(connection, events.by_id(connection, event_id))

    def last_change(self, who: str, kinds: Collection[str] = undoing.UNDOABLE) -> Undoable | None:
        """Return somebody's last change that still stands; undoing its event takes it back.

        Asked again after that it returns the change before: one can go back step by step. `kinds`
        names whose changes count: kinds of records, and `layers`.
        """
        with reading(self._engine) as connection:
            return undoing.last_change(connection, who, kinds)

    def last_undoing(self, who: str, kinds: Collection[str] = undoing.UNDOABLE) -> Undoable | None:
        """Return somebody's last undoing that still stands; undoing its event redoes the change.

        None, too, if they changed something else of these kinds since.
        """
        with reading(self._engine) as connection:
            return undoing.last_undoing(connection, who, kinds)
