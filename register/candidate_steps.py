"""The steps of a candidate, proposed to approved or rejected, and imports that keep to them.

Units propose and survey; approving and rejecting are the district's. A file may bring any state: it
is taken as far as whoever imports it may go, and what was not, or went past a step, is told by row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pandas as pd

from geo.errors import InputError
from geo.findings import Finding
from register.reader import Reader
from register.users import actor_of

FIRST: Final = "proposed"
"""The state of a candidate that has none."""

STEPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "proposed": ("surveyed", "rejected"),
        "surveyed": ("approved", "rejected"),
        "approved": ("rejected",),
        "rejected": ("proposed",),
    }
)
"""What may come after each state."""

DISTRICTS: Final = frozenset({"approved", "rejected"})
"""States that only those give who speak for the district."""

TABLE: Final = "candidates"


@dataclass(frozen=True)
class Held:
    """A table of candidates whose states keep to the steps.

    Attributes
    ----------
    frame
        Its rows, as many as before; where a state may not be given it is that of the record.
    findings
        One warning per row whose state was not taken, or went past a step.
    """

    frame: pd.DataFrame
    findings: tuple[Finding, ...]


def keep_to_steps(
    frame: pd.DataFrame,
    states: Mapping[str, str],
    *,
    asks: bool,
    rows: Sequence[int] | None = None,
    column: str | None = None,
) -> Held:
    """Return a table of candidates as it may be imported.

    Parameters
    ----------
    frame
        Candidates in the schema's columns.
    states
        State of every candidate on record, by its id; "" is a proposal.
    asks
        Whether whoever imports speaks for the district: then every state is taken, and told where
        it goes past a step. Others may only take the steps that units take.
    rows, column
        Numbers of the rows, and heading of the states, in the original file.

    Notes
    -----
    A blank state says nothing: the record keeps its own.
    """
    given = frame["state"].astype(str).tolist()
    names = frame["id"].astype(str).tolist()
    taken, findings = [], []
    for place, (name, state) in enumerate(zip(names, given, strict=True)):
        held = states.get(name, "")
        row = None if rows is None else int(rows[place])
        kept, code = _step(held, state, asks=asks)
        taken.append(kept)
        if code:
            facts = {"before": held or FIRST, "after": state}
            findings.append(Finding(code, "warning", row=row, column=column, facts=facts))
    return Held(frame.assign(state=pd.Series(taken, frame.index, dtype="str")), tuple(findings))


def states_of(register: Reader) -> dict[str, str]:
    """Return the state of every candidate on record, deleted ones aside, by its id."""
    return {record.id: str(record["state"] or "") for record in register.records(TABLE)}


def speaks_for_district(register: Reader, login: str) -> bool:
    """Tell whether somebody at the command line may decide on candidates.

    As long as a register knows nobody, whoever sits at the computer may do everything.
    """
    if not register.records("users"):
        return True
    try:
        return actor_of(register, login).asks
    except InputError:
        return False


def said(findings: Sequence[Finding], names: Mapping[str, str]) -> Iterator[Finding]:
    """Yield findings with states called as people call them."""
    for finding in findings:
        facts = {key: names.get(str(value), value) for key, value in finding.facts.items()}
        yield Finding(
            finding.code, finding.severity, row=finding.row, column=finding.column, facts=facts
        )


def _step(held: str, state: str, *, asks: bool) -> tuple[str, str]:
    """Return the state to store, and what is to be told of it; "" is nothing."""
    before = held or FIRST
    if not state or state == before:
        return held or state, ""
    if state not in STEPS or before not in STEPS:
        return state, ""
    in_order = state in STEPS[before]
    if asks:
        return state, "" if in_order else "register_step_skipped"
    if in_order and state not in DISTRICTS:
        return state, ""
    return held, "register_step_held"
