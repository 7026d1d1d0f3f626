"""Where the tables of a report come from, noted for its replay file."""

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from commands.inputs import LAYERS, datums_of, mapping_of, rules_of
from commands.options import Settings
from commands.register_place import Place

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from datetime import date

    from reports.origin import Origin, RegisterState, SourceFile

OTHER_FILES = ("streets", "towns", "area_zones")
"""Files of inputs that are no tables of records."""


def origin_of(settings: Settings, today: "date") -> "Origin":
    """Return the files or the state of the register that the options name, and the rules.

    Raises
    ------
    FileRefusedError, InputError
        As reading them.
    """
    from reports.origin import Origin  # noqa: PLC0415 -- start-up
    from siting.rules import read_rules  # noqa: PLC0415 -- start-up

    return Origin(
        rules=read_rules(rules_of(settings)),
        today=today,
        files=_files(settings),
        register=_state(settings),
    )


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    found = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            found.update(chunk)
    return found.hexdigest()


def _files(settings: Settings) -> "tuple[SourceFile, ...]":
    from reports.origin import SourceFile  # noqa: PLC0415 -- start-up

    datums, mappings = datums_of(settings.datum), mapping_of(settings.mapping)
    named = {layer: getattr(settings, layer) for layer in (*LAYERS, *OTHER_FILES)}
    return tuple(
        SourceFile(
            layer=layer,
            name=path.name,
            size_bytes=path.stat().st_size,
            sha256=digest_of(path),
            datum=datums.get(layer),
            mapping=mappings.get(layer, {}),
        )
        for layer, path in named.items()
        if path is not None
    )


def _state(settings: Settings) -> "RegisterState | None":
    if not settings.register:
        return None
    from reports.origin import RegisterState  # noqa: PLC0415 -- start-up

    with Place.named_by(settings).opened() as register:
        event = (
            register.revision() if settings.as_of is None else register.event_at(settings.as_of).id
        )
        return RegisterState(register.name, event, register.synthetic)
