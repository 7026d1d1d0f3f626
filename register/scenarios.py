"""Scenarios as the register keeps them: by name, on the state that they were made on.

Each is a record of the kind `scenarios`: versioned, signed, undone like any other. What it changes
and its terms are plain JSON (`siting.plans.variant`); `baseline` is the last event before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from geo.errors import InputError
from register.reader import Reader
from register.records import Record
from register.register import Register
from siting.plans.recorded import from_record
from siting.plans.variant import Variant, read, written

LONGEST_NAME = 60
LONGEST_NOTE = 500


@dataclass(frozen=True)
class Saved:
    """A scenario in the register.

    Attributes
    ----------
    id, version
        Of its record.
    baseline
        Id of the last event before it was kept: `inputs(as_of=baseline)` reads that state again.
    fingerprint
        Hash of inputs and parameters then.
    variant
        None: it cannot be read by this version of the product.
    saved_at, saved_by
        When it was made, and by whom.
    """

    id: str
    version: int
    name: str
    note: str
    baseline: int
    fingerprint: str
    variant: Variant | None
    saved_at: datetime
    saved_by: str


def scenarios_in(register: Reader) -> tuple[Saved, ...]:
    """Return the scenarios that are kept, the latest first."""
    return tuple(_saved(record) for record in reversed(register.records("scenarios")))


def reasons_behind(register: Reader, variant: Variant) -> dict[str, tuple[str, str]]:
    """Return why the plan that a scenario took over proposed its sites: id -> Chinese, English."""
    if variant.plan is None:
        return {}
    return {
        site.id: (site.reason_zh, site.reason_en)
        for plan in register.plans(limit=1, before=variant.plan + 1)
        if plan.id == variant.plan
        for site in from_record(plan.result).selected
    }


def keep_scenario(
    register: Register,
    name: str,
    variant: Variant,
    *,
    fingerprint: str,
    who: str,
    note: str = "",
    key: str | None = None,
) -> Saved:
    """Keep a scenario under a name of its own.

    Raises
    ------
    InputError
        `scenario_unnamed`, `scenario_name_taken`; or its text is too long.
    """
    changes, settings = written(variant)
    fields: Mapping[str, object] = {
        "name": _free_name(register, name),
        "baseline": str(register.revision()),
        "modifications": changes,
        "parameters": settings,
        "fingerprint": fingerprint,
        "note": note.strip()[:LONGEST_NOTE],
    }
    return _saved(register.add("scenarios", fields, who=who, key=key))


def rename_scenario(
    register: Register, saved: Saved, name: str, *, who: str, note: str | None = None
) -> Saved:
    """Give a scenario another name, or another note.

    Raises
    ------
    InputError
        As `keep_scenario`.
    ConflictError
        Somebody changed it since.
    """
    changes: dict[str, object] = {"name": _free_name(register, name, saved.id)}
    if note is not None:
        changes["note"] = note.strip()[:LONGEST_NOTE]
    record = register.update("scenarios", saved.id, changes, version=saved.version, who=who)
    return _saved(record)


def forget_scenario(register: Register, saved: Saved, *, who: str) -> None:
    """Take a scenario away; undoing brings it back.

    Raises
    ------
    ConflictError
        Somebody changed it since.
    """
    register.remove("scenarios", saved.id, version=saved.version, who=who)


def _free_name(register: Reader, name: str, own: str = "") -> str:
    tidy = " ".join(name.split())[:LONGEST_NAME]
    if not tidy:
        raise InputError("scenario_unnamed")
    for record in register.records("scenarios"):
        if record["name"] == tidy and record.id != own:
            raise InputError("scenario_name_taken", name=tidy)
    return tidy


def _saved(record: Record) -> Saved:
    baseline = str(record["baseline"])
    return Saved(
        id=record.id,
        version=record.version,
        name=str(record["name"]) or record.id,
        note=str(record["note"]),
        baseline=int(baseline) if baseline.isdecimal() else 0,
        fingerprint=str(record["fingerprint"]),
        variant=_variant(record),
        saved_at=record.created_at,
        saved_by=record.created_by,
    )


def _variant(record: Record) -> Variant | None:
    try:
        return read(str(record["modifications"]), str(record["parameters"]))
    except InputError:
        return None
