"""The layers of a replay file, found again: in its bundle, among files, or in the register."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from commands.inputs import LAYERS
from commands.origins import OTHER_FILES, digest_of
from commands.register_place import Place
from commands.trouble import reading
from geo.errors import InputError, PlannerError
from words import Lang, say

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from register import Register
    from reports.origin import RegisterState, SourceFile
    from reports.replaying import Replay
    from siting.model import Inputs

_NOT_THERE = {"register_empty", "register_before_beginning", "register_no_event"}
Where = Literal["bundle", "file", "register"]
STREETS, TOWNS, ZONES = OTHER_FILES


@dataclass(frozen=True, eq=False)
class Found:
    """The inputs of a report, made again.

    Attributes
    ----------
    where
        Where each layer was found.
    differing
        Layers that are not what they were, though the file or the register is.
    """

    inputs: "Inputs"
    where: dict[str, Where]
    differing: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Places:
    """Where to look for layers.

    Attributes
    ----------
    beside
        The folder of the replay file, and in it that of a bundle.
    files
        A folder that is looked through with all that is below it; None: no other.
    register
        Used where the report was made from a register.
    """

    beside: Path
    files: Path | None
    register: Place
    lang: Lang


def find_inputs(asked: "Replay", places: Places) -> Found:
    """Return the inputs that a replay file names by their hashes.

    Raises
    ------
    InputError
        `replay_layer_missing`: a layer is nowhere; all that are missing are named.
    FileRefusedError, PlannerError
        One was found and cannot be used.
    """
    from reports.replay_layers import bundled_name, layer_hashes  # noqa: PLC0415 -- start-up

    files = _all_files(places)
    by_name = {path.name: path for path in files}
    bundled = {
        layer: by_name[name]
        for layer, content in asked.layers.items()
        if (name := bundled_name(layer, content)) in by_name
    }
    rest = tuple(layer for layer in asked.layers if layer not in bundled)
    inputs, where = _others(asked, rest, files, places)
    inputs = _with_bundled(asked, inputs, bundled)
    now = layer_hashes(inputs)
    differing = tuple(
        sorted(name for name in {*asked.layers, *now} if asked.layers.get(name) != now.get(name))
    )
    found: dict[str, Where] = {**dict.fromkeys(rest, where), **dict.fromkeys(bundled, "bundle")}
    inputs = replace(inputs, sources=asked.credits, street_changes=asked.street_changes)
    return Found(inputs, {layer: found[layer] for layer in asked.layers}, differing)


def _others(
    asked: "Replay", rest: Sequence[str], files: Sequence[Path], places: Places
) -> "tuple[Inputs, Where]":
    """Return inputs with the layers that no bundle has, and where those are from."""
    from geo.tables import empty_table  # noqa: PLC0415 -- start-up
    from siting.model import Inputs  # noqa: PLC0415 -- start-up

    if not rest:
        return Inputs(empty_table("demand"), empty_table("stations")), "bundle"
    state = asked.origin.register
    if state is not None:
        return _from_register(asked, state, rest, places), "register"
    return _from_files(asked, rest, files, places.lang), "file"


def _from_register(
    asked: "Replay", state: "RegisterState", rest: Sequence[str], places: Places
) -> "Inputs":
    place = replace(places.register, sample=places.register.sample or state.synthetic)
    try:
        with place.opened() as register:
            lost = _lost_files(register, state.event, rest)
            if lost:
                raise _missing(asked, lost, places.lang)
            inputs = register.inputs(as_of=state.event)
    except InputError as error:
        if error.code not in _NOT_THERE:
            raise
        raise _missing(asked, rest, places.lang) from error
    from reports.again import with_places_of  # noqa: PLC0415 -- start-up

    return _with_changed_streets(asked, rest, with_places_of(asked, inputs))


def _lost_files(register: "Register", event: int, rest: Sequence[str]) -> list[str]:
    """Return the layers in use then whose file is not in the register any more, or is damaged."""
    lost = []
    for layer in register.layers_at(event):
        if layer.kind in rest:
            try:
                register.file_of(layer.id)
            except PlannerError:
                lost.append(layer.kind)
    return lost


def _from_files(
    asked: "Replay", rest: Sequence[str], files: Sequence[Path], lang: Lang
) -> "Inputs":
    from siting.areas.zone_files import read_area_zones  # noqa: PLC0415 -- start-up
    from siting.files import InputFiles, read_inputs  # noqa: PLC0415 -- start-up

    tables = any(layer in LAYERS for layer in rest)
    noted = {
        file.layer: file
        for file in asked.origin.files
        if file.layer in rest or (file.layer == TOWNS and tables)
    }
    held = {layer: _file_of(file, files) for layer, file in noted.items()}
    paths = {layer: path for layer, path in held.items() if path is not None}
    lost = [layer for layer in (*rest, *noted) if layer not in paths]
    if lost:
        raise _missing(asked, tuple(dict.fromkeys(lost)), lang)
    datums = {layer: file.datum for layer, file in noted.items() if file.datum is not None}
    with reading(lang):
        inputs, _ = read_inputs(
            InputFiles(
                tables={layer: paths[layer] for layer in LAYERS if layer in paths},
                streets=paths.get(STREETS),
                towns=paths.get(TOWNS),
                datums=datums,
                mappings={layer: file.mapping for layer, file in noted.items() if file.mapping},
            )
        )
        if ZONES in paths:
            zones = read_area_zones(paths[ZONES], datum=datums.get(ZONES, "wgs84"))
            inputs = replace(inputs, area_zones=zones)
    return _with_changed_streets(asked, rest, inputs)


def _with_changed_streets(asked: "Replay", rest: Sequence[str], inputs: "Inputs") -> "Inputs":
    """Return inputs whose streets are changed as they were; those of a bundle are already."""
    from reports.again import with_changes_of  # noqa: PLC0415 -- start-up

    return with_changes_of(asked, inputs) if STREETS in rest else inputs


def _with_bundled(asked: "Replay", inputs: "Inputs", bundled: dict[str, Path]) -> "Inputs":
    from reports.replay_layers import (  # noqa: PLC0415 -- start-up
        read_layer,
        read_network,
        read_zones,
    )

    frames: dict[str, Any] = {
        layer: read_layer(path, layer, asked.layers[layer])
        for layer, path in bundled.items()
        if layer in LAYERS
    }
    inputs = replace(inputs, **frames)
    if STREETS in bundled:
        network = read_network(bundled[STREETS], asked.layers[STREETS])
        inputs = replace(inputs, streets=network)
    if ZONES in bundled:
        zones = read_zones(bundled[ZONES], asked.layers[ZONES])
        inputs = replace(inputs, area_zones=zones)
    return inputs


def _all_files(places: Places) -> list[Path]:
    """Return the files beside the replay file and in its bundle, then all that `--files` holds."""
    from reports.replay_layers import FOLDER  # noqa: PLC0415 -- start-up

    beside = (places.beside / FOLDER, places.beside)
    found: dict[Path, None] = {}
    for folder in beside:
        found.update(dict.fromkeys(sorted(folder.iterdir()) if folder.is_dir() else ()))
    if places.files is not None:
        found.update(dict.fromkeys(sorted(places.files.rglob("*"))))
    return [path for path in found if path.is_file()]


def _file_of(wanted: "SourceFile", files: Sequence[Path]) -> Path | None:
    """Return a file of that size and hash, under whatever name; None: there is none."""
    alike = [path for path in files if path.stat().st_size == wanted.size_bytes]
    alike.sort(key=lambda path: path.name != wanted.name)
    return next((path for path in alike if digest_of(path) == wanted.sha256), None)


def _missing(asked: "Replay", layers: Iterable[str], lang: Lang) -> InputError:
    """Return the refusal that names every layer that is missing."""
    files = {file.layer: file for file in asked.origin.files}
    told = [
        say(
            "replay.missing_file" if layer in files else "replay.missing_layer",
            lang,
            layer=say(f"reports.layers.{layer}", lang),
            file=files[layer].name if layer in files else "",
            sha256=files[layer].sha256 if layer in files else asked.layers.get(layer, ""),
        )
        for layer in layers
    ]
    return InputError("replay_layer_missing", layers=("；" if lang == "zh" else "; ").join(told))
