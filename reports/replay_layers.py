"""The layers of a report by their content: what tells them apart, and a folder of them.

The content hash of a table is that of its columns and cells in the order of its rows, whatever file
they stand in; personal columns (who somebody is, how to reach them) decide no figure, are not
hashed and do not leave the house in a bundle. Streets have the hash of their network file, zones
that of their GeoJSON.
"""

from hashlib import sha256
from pathlib import Path
from typing import Final

import pandas as pd

from geo.errors import InputError
from geo.streets import Network, load_streets, network_sha256, save_network
from geo.tables import DTYPES, columns
from geo.whole import whole_file
from siting.areas.zones import AreaZones, zones_from, zones_json
from siting.model import Inputs
from siting.scenario import LAYERS, frame_sha256

FOLDER: Final = "layers"
"""What a bundle calls the folder of its layers, beside the replay file."""

STREETS, ZONES = "streets", "area_zones"
_SUFFIX = {STREETS: ".wsn", ZONES: ".geojson"}


def layer_hashes(inputs: Inputs) -> dict[str, str]:
    """Return the content hash, in hex, of every layer that holds anything."""
    found = {} if inputs.streets is None else {STREETS: network_sha256(inputs.streets)}
    for layer in LAYERS:
        frame: pd.DataFrame = getattr(inputs, layer)
        if len(frame):
            found[layer] = table_hash(layer, frame)
    if len(inputs.area_zones):
        found[ZONES] = zones_hash(inputs.area_zones)
    return found


def table_hash(layer: str, frame: pd.DataFrame) -> str:
    """Return the content hash of one table."""
    return frame_sha256(impersonal(layer, frame))


def zones_hash(zones: AreaZones) -> str:
    """Return the content hash of zones."""
    return sha256(zones_json(zones)).hexdigest()


def impersonal(layer: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table without its personal columns."""
    return frame.drop(columns=[c.name for c in columns(layer) if c.personal], errors="ignore")


def bundled_name(layer: str, content: str) -> str:
    """Return what the file of a layer with this content hash is called in a bundle."""
    return f"{layer}-{content}{_SUFFIX.get(layer, '.parquet')}"


def write_layers(inputs: Inputs, folder: Path) -> list[Path]:
    """Write every layer that holds anything into `folder`, named by its content; return the paths.

    Raises
    ------
    OSError
        The disk is full or refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for layer, content in layer_hashes(inputs).items():
        path = folder / bundled_name(layer, content)
        if layer == STREETS and inputs.streets is not None:
            save_network(inputs.streets, path)
        elif layer == ZONES:
            with whole_file(path) as file:
                file.write(zones_json(inputs.area_zones))
        else:
            with whole_file(path) as file:
                impersonal(layer, getattr(inputs, layer)).to_parquet(file, index=False)
        paths.append(path)
    return paths


def read_network(path: Path, content: str) -> Network:
    """Return the streets of a bundle.

    Raises
    ------
    InputError
        `replay_layer_damaged`: the file is not what its name says.
    FileRefusedError
        It is no network file.
    """
    network = load_streets(path)
    if network_sha256(network) != content:
        raise InputError("replay_layer_damaged", file=path.name)
    return network


def read_layer(path: Path, layer: str, content: str) -> pd.DataFrame:
    """Return a table of a bundle with every column of its schema.

    Raises
    ------
    InputError
        `replay_layer_damaged`: the file is not what its name says.
    """
    try:
        frame = _conforming(layer, pd.read_parquet(path))
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise InputError("replay_layer_damaged", file=path.name) from error
    if table_hash(layer, frame) != content:
        raise InputError("replay_layer_damaged", file=path.name)
    return frame


def read_zones(path: Path, content: str) -> AreaZones:
    """Return the zones of a bundle.

    Raises
    ------
    InputError
        `replay_layer_damaged`: the file is not what its name says.
    """
    held = path.read_bytes()
    if sha256(held).hexdigest() != content:
        raise InputError("replay_layer_damaged", file=path.name)
    return zones_from(held)


def _conforming(layer: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return every column of the schema in its type; one that is not there is empty."""
    blank = {True: "", False: None}
    made = {
        column.name: pd.Series(
            frame[column.name] if column.name in frame else [blank[column.words]] * len(frame),
            dtype=DTYPES[column.type],
        )
        for column in columns(layer)
    }
    return pd.DataFrame(made, index=pd.RangeIndex(len(frame)))
