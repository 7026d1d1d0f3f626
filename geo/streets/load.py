"""Street files of every kind, told apart by content, never by name."""

import bz2
import gzip
import os
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from geo.errors import FileRefusedError
from geo.streets.graphml import read_graphml
from geo.streets.network import DEFAULT_ISLAND_BELOW_M, Network
from geo.streets.osm import read_osm
from geo.streets.profiles import travel_rules
from geo.streets.rules import Profile
from geo.streets.storage import MAGIC, from_bytes

HEAD_BYTES = 64 * 1024
"""How much of a file is looked at to tell what it is."""

_OTHER_PROFILE: dict[Profile, str] = {
    "walk": "streets_file_not_walk",
    "ebike": "streets_file_not_ebike",
}
_PBF_MARK = b"\x0a\x09OSMHeader"
_UNPACK: dict[bytes, tuple[str, Callable[[Path], "gzip.GzipFile | bz2.BZ2File"]]] = {
    b"\x1f\x8b": ("osm.gz", gzip.GzipFile),
    b"BZh": ("osm.bz2", bz2.BZ2File),
}


def load_streets(
    path: str | os.PathLike[str],
    profile: Profile = "walk",
    *,
    island_below_m: float | None = None,
) -> Network:
    """Return the network in a file: .osm.pbf, OSM XML (also .gz, .bz2), GraphML or .wsn.

    Parameters
    ----------
    path
        The file; what it is, its content says.
    profile
        `walk` or `ebike`; our own file holds one profile and is refused when it is another.
    island_below_m
        A component with less street is an island, metres. None: 2,000, or what our own file was
        made with.

    Raises
    ------
    FileRefusedError
        Not found, of no known kind, damaged, of another profile, or without an open street.
    ValueError
        There is no such profile.
    """
    rules = travel_rules(profile)
    path = Path(path)
    head = _head(path)
    if head.startswith(MAGIC):
        return _our_own(path, profile, island_below_m)
    below_m = DEFAULT_ISLAND_BELOW_M if island_below_m is None else island_below_m
    form = _osm_form(path, head)
    if form:
        return read_osm(path, form, rules, island_below_m=below_m)
    if b"<graphml" in head:
        return read_graphml(path, head, rules, island_below_m=below_m)
    raise FileRefusedError("streets_format_unknown", file=path.name)


def osm_form(path: Path) -> str:
    """Return osmium's name of the format of an OSM file; "" for any other file.

    Raises
    ------
    FileRefusedError
        `streets_not_found`.
    """
    return _osm_form(path, _head(path))


def _our_own(path: Path, profile: Profile, island_below_m: float | None) -> Network:
    net = from_bytes(path.read_bytes(), path.name)
    if net.meta.profile != profile:
        raise FileRefusedError(_OTHER_PROFILE[profile], file=path.name, profile=net.meta.profile)
    if island_below_m is None:
        return net
    # What is an island follows from the lengths of the components: nothing else changes.
    return replace(net, meta=replace(net.meta, island_below_m=island_below_m))


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise FileRefusedError("streets_not_found", file=path.name) from error


def _osm_form(path: Path, head: bytes) -> str:
    if head[4 : 4 + len(_PBF_MARK)] == _PBF_MARK:
        return "pbf"
    for mark, (form, unpack) in _UNPACK.items():
        if head.startswith(mark):
            return form if _holds_osm(_first_unpacked(path, unpack)) else ""
    return "osm" if _holds_osm(head) else ""


def _holds_osm(head: bytes) -> bool:
    return b"<osm" in head and b"<osmChange" not in head


def _first_unpacked(path: Path, unpack: Callable[[Path], "gzip.GzipFile | bz2.BZ2File"]) -> bytes:
    try:
        with unpack(path) as file:
            return file.read(HEAD_BYTES)
    except (OSError, EOFError, zlib.error):
        return b""
