"""Records that name other records: checked when a person writes, listed where they hang.

A unit may be named by any of its other names (兴丰 for 兴丰街道): what is kept is its own name.

A table's rows may come before what they refer to, and what is referred to may be deleted later:
then a reference hangs, and `dangling` tells it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, select

from geo.errors import InputError
from geo.intake.naming import unit_columns
from geo.intake.units import UnitNames
from geo.tables import Column, columns
from register import records
from register.tables import KINDS, RECORDS, Kind
from register.values import Value, Values


@dataclass(frozen=True)
class Dangling:
    """A record that names one which is not there.

    Attributes
    ----------
    kind, id
        The record that names.
    column, value
        Where, and whom.
    table
        Kind of the record that is missing or deleted.
    """

    kind: Kind
    id: str
    column: str
    value: str
    table: Kind


def check_references(connection: Connection, kind: Kind, values: Mapping[str, Value]) -> None:
    """Refuse values that name a record which is not there, or is deleted.

    Raises
    ------
    InputError
        One does; the facts name it.
    """
    for column, table in referring(kind):
        named = values.get(column.name)
        if named and not _is_there(connection, table, str(named)):
            raise InputError("register_no_reference", column=column.name, value=named, table=table)


def unit_names(connection: Connection) -> UnitNames:
    """Return the district's own list of units, with their other names."""
    found = records.all_of(connection, "units")
    return UnitNames.of((record.id, str(record["alias"] or "")) for record in found)


def with_unit_names(connection: Connection, kind: Kind, values: Values) -> Values:
    """Return values with every unit under its own name, where the list has it by another."""
    named = {
        column.name: str(values[column.name])
        for column in unit_columns(kind)
        if values.get(column.name)
    }
    if not named:
        return values
    units = unit_names(connection)
    return values | {name: units.find(given) or given for name, given in named.items()}


def dangling(connection: Connection) -> tuple[Dangling, ...]:
    """Return what names a record that is not there or is deleted, of records that are there."""
    return tuple(found for kind in KINDS for found in _dangling(connection, kind))


@cache
def referring(kind: Kind) -> tuple[tuple[Column, Kind], ...]:
    """Return the columns of a kind that name other records, each with the kind it names."""
    return tuple(
        (column, table) for column in columns(kind) for table in KINDS if table == column.refers
    )


def _is_there(connection: Connection, kind: Kind, record_id: str) -> bool:
    record = records.find(connection, kind, record_id)
    return record is not None and not record.deleted


def _dangling(connection: Connection, kind: Kind) -> Iterator[Dangling]:
    own = RECORDS[kind]
    for column, table in referring(kind):
        named, other = own.c[column.name], RECORDS[table].alias("other")
        there = select(other.c.seq).where(other.c.id == named, other.c.deleted.is_(False)).exists()
        query = select(own.c.id, named).where(own.c.deleted.is_(False), named != "", ~there)
        for record_id, value in connection.execute(query.order_by(own.c.seq)):
            yield Dangling(kind, record_id, column.name, value, table)
