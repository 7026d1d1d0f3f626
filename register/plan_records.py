"""Plans as the register keeps them: complete as plain JSON, with the rules that they rest on."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from register.editions import editions_of
from register.events import Event
from register.layers import Layer
from register.plans import Plan
from register.reader import Reader
from register.records import Record
from register.register import Register
from siting.plan_results import PlanResult
from siting.plans.recorded import from_record, to_record
from siting.rules import RuleBook

__all__ = ["Basis", "basis_of", "from_record", "store_plan", "to_record"]


@dataclass(frozen=True)
class Basis:
    """What a stored plan rests on.

    Attributes
    ----------
    event
        The last event before it was stored: `inputs(as_of=event.id)` reads that state again.
    candidates
        Those of then, by their ids.
    layers
        Those in use then: demand, streets …
    changed
        Whether anything was changed since the plan was stored.
    """

    event: Event
    candidates: Mapping[str, Record]
    layers: tuple[Layer, ...]
    changed: bool


def store_plan(
    register: Register,
    scenario: str,
    plan: PlanResult,
    *,
    who: str,
    name: str = "",
    why: str = "",
    rules: str | Path | RuleBook | None = None,
) -> Plan:
    """Store a proposal with its rule and standard files.

    Parameters
    ----------
    scenario
        Hash of the inputs and the parameters.
    rules
        The rule file that was asked for, or the rules, where it is not a built-in one.

    Raises
    ------
    PlannerError
        The disk or the database refuses; nothing was stored.
    """
    return register.save_plan(
        scenario,
        dict(plan.parameters),
        to_record(plan),
        who=who,
        name=name,
        why=why,
        editions=editions_of(plan.parameters, rules),
    )


def basis_of(register: Reader, plan: Plan) -> Basis:
    """Return what a plan rests on, read from the ledger as it was.

    Raises
    ------
    PlannerError
        An event of that time is not what was written.
    """
    return Basis(
        register.event_at(plan.revision),
        {record.id: record for record in register.records("candidates", as_of=plan.revision)},
        register.layers_at(plan.revision),
        register.revision() > plan.revision + 1,
    )
