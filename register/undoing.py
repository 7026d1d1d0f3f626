"""What can be undone now, and why not; somebody's last change, and their last undoing."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, and_, exists, not_, select

from geo.errors import ConflictError, InputError, PlannerError
from register import events, layers, records
from register.events import Event
from register.tables import EVENT, KINDS

_AT_ONCE = 50  # events read at a time while looking for one
UNDOABLE: Collection[str] = (*KINDS, "layers")
"""What undoing knows."""


@dataclass(frozen=True)
class Undoable:
    """An event, and whether it can be undone now.

    Attributes
    ----------
    event
        The heading one of an import stands for the whole.
    problem
        What `Register.undo` would raise; None: it can be undone.
    """

    event: Event
    problem: PlannerError | None


def problem_of(connection: Connection, event: Event) -> PlannerError | None:
    """Return why an event cannot be undone now; None: it can."""
    if event.undone_by is not None:
        return InputError("register_already_undone", event=event.id, by=event.undone_by)
    if event.batch == event.id or event.kind in KINDS:
        changed = _changed_since(connection, event)
        return None if changed is None else _told(connection, changed)
    if event.kind == "layers":
        return layers.changed_since(connection, event)
    return InputError("register_cannot_undo", event=event.id)


def latest(connection: Connection, who: str, limit: int) -> tuple[Undoable, ...]:
    """Return the latest changes, of everybody if `who` is empty, newest first."""
    conditions = (events.HEADING, *((EVENT.c.who == who,) if who else ()))
    found = events.chosen(connection, conditions, limit)
    return tuple(Undoable(event, problem_of(connection, event)) for event in found)


def last_change(
    connection: Connection, who: str, kinds: Collection[str] = UNDOABLE
) -> Undoable | None:
    """Return somebody's last change of some kinds that still stands, which undoing takes back.

    A change that was undone and redone stands by the redoing.
    """
    return _first(connection, who, kinds, lambda event: not _takes_back(connection, event))


def last_undoing(
    connection: Connection, who: str, kinds: Collection[str] = UNDOABLE
) -> Undoable | None:
    """Return somebody's last undoing that still stands, unless they changed something since.

    Undoing that is redoing the change. Only changes of `kinds` count.
    """
    for event in _own(connection, who, kinds):
        if event.action != "undo":
            return None
        if event.undone_by is None and _takes_back(connection, event):
            return Undoable(event, problem_of(connection, event))
    return None


def _first(
    connection: Connection, who: str, kinds: Collection[str], fits: Callable[[Event], bool]
) -> Undoable | None:
    for event in _own(connection, who, kinds):
        if event.undone_by is None and fits(event):
            return Undoable(event, problem_of(connection, event))
    return None


def _own(connection: Connection, who: str, kinds: Collection[str]) -> Iterator[Event]:
    """Yield somebody's events of some kinds, newest first; imports by their headings."""
    known = (events.HEADING, EVENT.c.who == who, EVENT.c.kind.in_(kinds))
    older: tuple[Event, ...] = ()
    while True:
        beyond = (EVENT.c.id < older[-1].id,) if older else ()
        older = events.chosen(connection, (*known, *beyond), _AT_ONCE)
        if not older:
            return
        yield from older


def _takes_back(connection: Connection, event: Event) -> bool:
    """Tell whether an event takes a change back; undoing an undoing does the change again."""
    back = False
    while event.undoes is not None:
        back = not back
        event = events.by_id(connection, event.undoes)
    return back


def _told(connection: Connection, event: Event) -> ConflictError:
    kind = next(kind for kind in KINDS if kind == event.kind)
    return records.changed_since(records.get(connection, kind, event.record_id), event)


def _changed_since(connection: Connection, event: Event) -> Event | None:
    """Return the event, or the first of its batch's, whose record is not as that event left it.

    A change gives a record a state of its own, undoing one the state from before it: a record that
    was changed again is as it was once more when that has been undone. Rows of a batch that were
    taken back by themselves are left out: they stay so.
    """
    undone = EVENT.alias("undone")
    rows = [EVENT.c.id == event.id]
    if event.batch == event.id:
        taken_back = exists().where(undone.c.undoes == EVENT.c.id)
        rows = [EVENT.c.batch == event.id, EVENT.c.id != event.id, not_(taken_back)]
    asked = select(EVENT.c.id, EVENT.c.kind, EVENT.c.record_id).where(*rows).subquery()
    same = and_(asked.c.kind == EVENT.c.kind, asked.c.record_id == EVENT.c.record_id)
    query = (
        select(asked.c.id.label("asked"), EVENT.c.id, EVENT.c.undoes)
        .join(asked, same)
        .order_by(asked.c.id, EVENT.c.id)
    )
    for row_id, history in groupby(connection.execute(query), lambda row: int(row.asked)):
        if not _as_left([(row.id, row.undoes) for row in history], row_id):
            return events.by_id(connection, row_id)
    return None


def _as_left(history: Sequence[tuple[int, int | None]], event_id: int) -> bool:
    """Tell whether a record is as an event left it; `history`: its events and what they undo."""
    before: dict[int, int] = {}
    after: dict[int, int] = {}
    state = 0  # named by the change that made it; 0: there was no record
    for number, undoes in history:
        before[number] = state
        state = number if undoes is None else before[undoes]
        after[number] = state
    return state == after[event_id]
