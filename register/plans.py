"""Stored proposals: what was asked, what came out, on which state of the register."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from geo.errors import PlannerError
from register import events
from register.events import Ledger, time_of
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
    revision
        Id of the last event before the plan was stored.
    """

    id: int
    name: str
    scenario: str
    parameters: Mapping[str, Any]
    result: Mapping[str, Any]
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
) -> Plan:
    """Store a proposal; its event holds the hash of the result."""
    text = canonical(result)
    noted = connection.execute(
        insert(PLAN).values(
            name=name,
            scenario=scenario,
            parameters=canonical(parameters),
            result=text,
            revision=events.revision(connection),
            created_at=ledger.at,
            created_by=ledger.who,
        )
    )
    (plan_id,) = noted.inserted_primary_key or (0,)
    facts = {
        "name": name,
        "scenario": scenario,
        "result_sha256": sha256(text.encode()).hexdigest(),
    }
    ledger.append("plan", ("plans", str(plan_id)), None, facts)
    return get(connection, plan_id)


def get(connection: Connection, plan_id: int) -> Plan:
    """Return one plan; the caller knows that it is there."""
    return _plan(connection.execute(select(PLAN).where(PLAN.c.id == plan_id)).one())


def last(connection: Connection, scenario: str | None, event_id: int | None = None) -> Plan | None:
    """Return the plan stored last, of one scenario if it is named; up to an event if one is."""
    query = select(PLAN).order_by(PLAN.c.id.desc()).limit(1)
    if scenario is not None:
        query = query.where(PLAN.c.scenario == scenario)
    if event_id is not None:
        query = query.where(PLAN.c.revision < event_id)  # its own event is the next one
    row = connection.execute(query).one_or_none()
    return None if row is None else _plan(row)


def _plan(row: Row[Any]) -> Plan:
    try:
        return Plan(
            id=row.id,
            name=row.name,
            scenario=row.scenario,
            parameters=json.loads(row.parameters),
            result=json.loads(row.result),
            revision=row.revision,
            created_at=time_of(row.created_at),
            created_by=row.created_by,
        )
    except ValueError as error:
        raise PlannerError("register_plan_damaged", plan=row.id) from error
