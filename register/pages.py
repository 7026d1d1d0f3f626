"""Pages of records and of events: filtered, sorted, counted, read a page at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from sqlalchemy import Column as TableColumn
from sqlalchemy import ColumnElement, Connection, case, false, func, or_, select

from geo.errors import InputError
from geo.tables import columns
from register import events, records
from register.events import Event, stamp
from register.finding import holding, lacking, state_column, unit_column
from register.moments import end_of, start_of
from register.records import Record
from register.tables import EVENT, KINDS, RECORDS, Kind

_ANY = (*KINDS, "layers", "plans", "register")
Sort = Literal["created", "changed", "name", "unit"]


@dataclass(frozen=True)
class Wanted:
    """Which records of a kind; what is not said does not matter, what is said must all hold.

    Attributes
    ----------
    text
        Words, separated by blanks: each stands somewhere in the id or in a free text of the record,
        in any case. Codes, dates and personal data are not searched.
    only
        Values by column: the record has one of them; in a list, one of them among others.
    lacks
        Columns that are empty, all of them.
    changed_since
        A day (from its beginning, in the district's time) or a time, inclusive.
    deleted
        Whether deleted records are wanted, and only these.
    """

    text: str = ""
    only: Mapping[str, Collection[str]] = field(default_factory=dict)
    lacks: Collection[str] = ()
    changed_since: date | None = None
    deleted: bool = False


@dataclass(frozen=True)
class Page:
    """Some records, and how many there are in all.

    Attributes
    ----------
    records
        Of this page, in the order asked for.
    total
        Of all pages.
    by_unit, by_state
        How many of the total belong to each unit and are in each state; "" where none is named.
        Empty if the kind knows no such thing.
    """

    records: tuple[Record, ...]
    total: int
    by_unit: Mapping[str, int]
    by_state: Mapping[str, int]


@dataclass(frozen=True)
class WantedEvents:
    """Which events; what is not said does not matter, what is said must all hold.

    Attributes
    ----------
    who
        As the event says.
    kinds
        `stations` …, `layers`, `plans`, `register`.
    record_id
        Of a record, a layer's kind or a plan's number; photos of a record are part of its history.
    actions
        `add`, `update` … as `Event.action`.
    text
        Words that stand in the reason given, in any case.
    batch
        Id of an import's heading event: that and its rows.
    since, until
        By the clock of the event: a day (all of it, in the district's time) or a time, inclusive.
    rows
        Whether an import's rows are wanted one by one; else its heading event stands for them.
    """

    who: str = ""
    kinds: Collection[str] = ()
    record_id: str = ""
    actions: Collection[str] = ()
    text: str = ""
    batch: int | None = None
    since: date | None = None
    until: date | None = None
    rows: bool = False


@dataclass(frozen=True)
class EventPage:
    """Some events, newest first, and how many there are in all.

    Attributes
    ----------
    events
        Of this page.
    total
        Of all pages.
    before
        What to ask the next page with; None: there is none.
    """

    events: tuple[Event, ...]
    total: int
    before: int | None


def page(
    connection: Connection,
    kind: Kind,
    wanted: Wanted,
    *,
    sort: Sort,
    descending: bool,
    first_unit: str,
    limit: int,
    offset: int,
) -> Page:
    """Return `limit` records behind the first `offset` ones; see `Browsing.page`.

    Raises
    ------
    InputError
        A column that the kind does not have.
    PlannerError
        A row is not what was written.
    """
    table = RECORDS[kind]
    conditions = _conditions(kind, wanted)
    order = _order(kind, sort, descending=descending, first_unit=first_unit)
    # The few rows are found in what is sorted without reading the many columns of the others.
    few = select(table.c.seq).where(*conditions).order_by(*order).limit(limit).offset(offset)
    chosen = select(table).where(table.c.seq.in_(few.subquery().select())).order_by(*order)
    by_unit, by_state, total = _counts(connection, kind, conditions)
    found = records.chosen(connection, kind, chosen) if total > offset else ()
    return Page(found, total, by_unit, by_state)


def event_page(
    connection: Connection, wanted: WantedEvents, *, limit: int, before: int | None
) -> EventPage:
    """Return up to `limit` events older than the event `before`; see `Browsing.event_page`."""
    conditions = _event_conditions(wanted)
    total: int = connection.execute(select(func.count(EVENT.c.id)).where(*conditions)).scalar_one()
    older = () if before is None else (EVENT.c.id < before,)
    found = events.chosen(connection, (*conditions, *older), limit + 1)
    shown = found[:limit]
    return EventPage(shown, total, shown[-1].id if len(found) > limit else None)


def _conditions(kind: Kind, wanted: Wanted) -> list[ColumnElement[bool]]:
    table = RECORDS[kind]
    known = {column.name: column for column in columns(kind)}
    for name in (*wanted.only, *wanted.lacks):
        if name not in known:
            raise InputError("register_unknown_column", column=name, table=kind)
    conditions = [
        table.c.deleted.is_(wanted.deleted),
        *holding(kind, wanted.text),
        *lacking(kind, wanted.lacks),
    ]
    conditions += [
        _one_of(table.c[name], values, listed=known[name].type == "list")
        for name, values in wanted.only.items()
    ]
    if wanted.changed_since is not None:
        conditions.append(table.c.updated_at >= stamp(start_of(wanted.changed_since)))
    return conditions


def _one_of(
    column: TableColumn[str], values: Collection[str], *, listed: bool
) -> ColumnElement[bool]:
    if not listed:
        return column.in_(values)
    held = ";" + column + ";"
    return or_(false(), *(held.contains(f";{value};", autoescape=True) for value in values))


def _order(
    kind: Kind, sort: Sort, *, descending: bool, first_unit: str
) -> list[ColumnElement[Any]]:
    table = RECORDS[kind]
    unit = unit_column(kind)
    by = {
        "created": table.c.seq,
        "changed": table.c.updated_at,
        "name": table.c.get("name", table.c.id),
        "unit": table.c.seq if unit is None else table.c[unit],
    }[sort]
    way: list[ColumnElement[Any]] = [by, table.c.seq]
    if descending:
        way = [column.desc() for column in way]
    if not first_unit or unit is None:
        return way
    return [case((table.c[unit] == first_unit, 0), else_=1), *way]


def _counts(
    connection: Connection, kind: Kind, conditions: Sequence[ColumnElement[bool]]
) -> tuple[dict[str, int], dict[str, int], int]:
    table = RECORDS[kind]
    names = [name for name in (unit_column(kind), state_column(kind)) if name is not None]
    grouped = [table.c[name] for name in names]
    counted = func.count(table.c.seq)
    found = connection.execute(
        select(counted, *grouped).where(*conditions).group_by(*grouped).order_by(*grouped)
    ).all()
    totals: dict[str, dict[str, int]] = {name: {} for name in names}
    for number, *values in found:
        for name, value in zip(names, values, strict=True):
            totals[name][value] = totals[name].get(value, 0) + number
    in_all = sum(row[0] for row in found)
    return totals.get(unit_column(kind) or "", {}), totals.get(state_column(kind) or "", {}), in_all


def _event_conditions(wanted: WantedEvents) -> list[ColumnElement[bool]]:
    conditions = [EVENT.c.why.icontains(word, autoescape=True) for word in wanted.text.split()]
    if wanted.record_id:
        conditions.append(events.about(wanted.kinds or _ANY, wanted.record_id))
    for column, values in (
        (EVENT.c.kind, () if wanted.record_id else wanted.kinds),
        (EVENT.c.action, wanted.actions),
        (EVENT.c.who, (wanted.who,) if wanted.who else ()),
    ):
        if values:
            conditions.append(column.in_(values))
    if wanted.since is not None:
        conditions.append(EVENT.c.at >= stamp(start_of(wanted.since)))
    if wanted.until is not None:
        conditions.append(EVENT.c.at < stamp(end_of(wanted.until)))
    if wanted.batch is not None:
        conditions.append(EVENT.c.batch == wanted.batch)
    elif not wanted.rows:
        conditions.append(events.HEADING)
    return conditions
