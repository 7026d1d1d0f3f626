"""Stored proposals: what was asked, what came out, on which state of the register."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from geo.errors import InputError, PlannerError
from register import events
from register.events import Ledger, time_of
from register.records import row_hash
from register.tables import PLAN
from register.values import canonical


@dataclass(frozen=True)
class Plan:
    """One stored proposal.

    Attributes
    ----------
    scenario
        Hash of its inputs and parameters; another hash today: the plan speaks of another state.
    parameters, result
        As they were given.
    editions
        SHA-256 of the rule and standard files that it rests on, by `rules/NAME` or
        `standards/NAME`; `register.editions.edition` gives back their bytes. Empty for plans that
        were stored before editions were kept.
    revision
        Id of the last event before the plan was stored.
    """

    id: int
    name: str
    scenario: str
    parameters: Mapping[str, Any]
    result: Mapping[str, Any]
    editions: Mapping[str, str]
    revision: int
    created_at: datetime
    created_by: str


def add(
    connection: Connection,
    ledger: Ledger,
    scenario: str,
    parameters: Mapping[str, Any],
    result: Mapping[str, Any],
    *,
    name: str,
    editions: Mapping[str, str],
) -> Plan:
    """Store a proposal; its event holds the hash of all that its row tells."""
    row = {
        "name": name,
        "scenario": scenario,
        "parameters": canonical(parameters),
        "result": canonical(result),
        "editions": canonical(editions),
        "revision": events.revision(connection),
        "created_at": ledger.at,
        "created_by": ledger.who,
    }
    row["hash"] = plan_hash(row)
    noted = connection.execute(insert(PLAN).values(row))
    (plan_id,) = noted.inserted_primary_key or (0,)
    facts = {**_told(row), "editions": dict(editions), "row_sha256": row["hash"]}
    ledger.append("plan", ("plans", str(plan_id)), None, facts)
    return get(connection, plan_id)


def plan_hash(row: Mapping[Any, Any]) -> str:
    """Return the SHA-256 (hex) of a plan's row: every column but `id` and `hash`."""
    return row_hash({name: value for name, value in row.items() if name != "id"})


def facts_held(row: Mapping[Any, Any], said: str | None) -> str:
    """Return what a plan's row says, as its event should say it; "": the row is damaged.

    Parameters
    ----------
    row
        As it is in the database.
    said
        What the event says. One that was written before rows had hashes names only the result's.
    """
    if plan_hash(row) != row["hash"]:
        return ""
    facts = _told(row)
    if said is None or "row_sha256" in json.loads(said):
        facts |= {"editions": json.loads(row["editions"]), "row_sha256": row["hash"]}
    return canonical(facts)


def get(connection: Connection, plan_id: int) -> Plan:
    """Return one plan.

    Raises
    ------
    InputError
        There is none.
    PlannerError
        Its row is not what was written.
    """
    row = connection.execute(select(PLAN).where(PLAN.c.id == plan_id)).one_or_none()
    if row is None:
        raise InputError("register_no_plan", plan=plan_id)
    return _plan(row)


def last(connection: Connection, scenario: str | None, event_id: int | None = None) -> Plan | None:
    """Return the plan stored last, of one scenario if it is named; up to an event if one is.

    Raises
    ------
    PlannerError
        Its row is not what was written.
    """
    query = select(PLAN).order_by(PLAN.c.id.desc()).limit(1)
    if scenario is not None:
        query = query.where(PLAN.c.scenario == scenario)
    if event_id is not None:
        query = query.where(PLAN.c.revision < event_id)  # its own event is the next one
    row = connection.execute(query).one_or_none()
    return None if row is None else _plan(row)


def latest(connection: Connection, limit: int, before: int | None) -> tuple[Plan, ...]:
    """Return up to `limit` plans, newest first, those with a number below `before`.

    Raises
    ------
    PlannerError
        A row is not what was written.
    """
    query = select(PLAN).order_by(PLAN.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(PLAN.c.id < before)
    return tuple(_plan(row) for row in connection.execute(query))


def _told(row: Mapping[Any, Any]) -> dict[str, object]:
    return {
        "name": row["name"],
        "scenario": row["scenario"],
        "result_sha256": sha256(row["result"].encode()).hexdigest(),
    }


def _plan(row: Row[Any]) -> Plan:
    held = row._mapping  # noqa: SLF001 - SQLAlchemy's documented name, underscored to spare columns
    if plan_hash(held) != row.hash:
        raise PlannerError("register_plan_damaged", plan=row.id)
    return Plan(
        id=row.id,
        name=row.name,
        scenario=row.scenario,
        parameters=json.loads(row.parameters),
        result=json.loads(row.result),
        editions=json.loads(row.editions),
        revision=row.revision,
        created_at=time_of(row.created_at),
        created_by=row.created_by,
    )
