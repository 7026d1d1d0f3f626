"""Whether all is as it was written: database, chain of events, records, plans, layer files."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from register import events, layers, plans, records
from register.engine import integrity_faults
from register.tables import KINDS, META, PLAN
from register.values import canonical

# Shares of the time that the parts take, measured with a million events.
_CHAIN_FROM = 0.3
_RECORDS_FROM = 0.75


@dataclass(frozen=True)
class Verification:
    """What `Register.verify` found; nothing of it should be there.

    Attributes
    ----------
    database
        What the database says of itself.
    events
        Ids of events that do not follow from the one before.
    records
        (kind, id) of records, plans and layers in use that differ from their latest event or from
        their row's own hash.
    layers
        Names of files that are missing or not what was stored.
    """

    database: tuple[str, ...] = ()
    events: tuple[int, ...] = ()
    records: tuple[tuple[str, str], ...] = ()
    layers: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether everything is as it was written."""
        return not (self.database or self.events or self.records or self.layers)


def verification(
    connection: Connection, folder: Path, tell: Callable[[float], None] = lambda _share: None
) -> Verification:
    """Compare a register and its `folder` of layers with what the ledger says.

    `tell` is called with the share (0..1) that is done.
    """
    database = integrity_faults(connection)
    tell(_CHAIN_FROM)
    last = max(1, events.revision(connection))

    def chain(number: int) -> None:
        tell(_CHAIN_FROM + (_RECORDS_FROM - _CHAIN_FROM) * number / last)

    faults = tuple(events.chain_faults(connection, chain))
    tell(_RECORDS_FROM)
    return Verification(
        database=database,
        events=faults,
        records=_differing(connection),
        layers=tuple(
            layer.file
            for layer in layers.all_layers(connection)
            if not layers.is_whole(connection, folder, layer)
        ),
    )


def _differing(connection: Connection) -> tuple[tuple[str, str], ...]:
    """Return what is not as its latest event left it, either way."""
    said = events.last_states(connection)
    held = _states(connection, said)
    imported = {("layers", kind) for kind in KINDS}  # their records are compared one by one
    expected = {who: state for who, state in said.items() if who not in imported}
    return tuple(
        who for who in sorted({*expected, *held}) if not _same(expected.get(who), held.get(who))
    )


def _same(said: str | None, held: str | None) -> bool:
    """Tell whether two states say the same; an old event does not name a column added since."""
    if said == held or not said or not held:
        return said == held
    return _filled(said) == _filled(held)


def _filled(state: str) -> dict[str, object]:
    return {name: v for name, v in json.loads(state).items() if v is not None and v != ""}


def _states(
    connection: Connection, said: Mapping[tuple[str, str], str | None]
) -> dict[tuple[str, str], str]:
    held: dict[tuple[str, str], str] = {
        (kind, record.id): canonical(record.facts()) if whole else ""
        for kind in KINDS
        for record, whole in records.unchecked(connection, kind)
    }
    stored = layers.all_layers(connection)
    kept = {(layer.kind, layer.sha256) for layer in stored}
    for row in connection.execute(select(PLAN)).mappings():
        who = ("plans", str(row["id"]))
        facts = plans.facts_held(row, said.get(who))
        # A plan whose rules nobody can read again is not as it was stored.
        whole = facts and kept.issuperset(json.loads(row["editions"]).items())
        held[who] = facts if whole else ""
    for layer in stored:
        if layer.active:
            held["layers", layer.kind] = canonical(asdict(layer))
    meta = {row.name: row.value for row in connection.execute(select(META))}
    held["register", "meta"] = canonical(meta)
    return held
