r"""The project's own network file: magic number, version, header, raw arrays, check sum.

    offset 0    b"WSNET\x00", then uint16 format version and uint32 header length (little-endian)
    offset 12   header, JSON in UTF-8: meta, names, classes, and per array name, type, size, offset
    then        every array, little-endian, each aligned to 64 bytes from the start of the file

The same network gives the same bytes; nothing in the file is executed.
"""

import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.errors import FileRefusedError
from geo.streets.build import bounds, in_degrees
from geo.streets.network import ARRAYS, Network, NetworkMeta

MAGIC = b"WSNET\x00"
FORMAT_VERSION = 1
ALIGNMENT = 64
SUFFIX = ".wsn"

_PREFIX = len(MAGIC) + 2 + 4
_TYPES = {
    "node_lon": "<f8",
    "node_lat": "<f8",
    "ptr": "<u4",
    "arc_head": "<u4",
    "arc_cost_mm": "<i4",
    "arc_edge": "<u4",
    "edge_u": "<u4",
    "edge_v": "<u4",
    "edge_cost_mm": "<i4",
    "geom_ptr": "<i8",
    "geom_lon": "<f8",
    "geom_lat": "<f8",
    "geom_mm": "<i4",
    "edge_name": "<i4",
    "edge_class": "<i4",
    "edge_osm_way": "<i8",
    "node_component": "<i4",
    "component_mm": "<i8",
}


def save_network(net: Network, path: str | os.PathLike[str]) -> None:
    """Write `net` to `path`; a reader sees the old file or the whole new one."""
    target = Path(path)
    draft = target.with_name(f".{target.name}.{os.getpid()}.draft")
    try:
        with draft.open("wb") as file:
            file.write(to_bytes(net))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def network_sha256(net: Network) -> str:
    """Return the SHA-256, in hex, of the file that `save_network` would write."""
    return hashlib.sha256(to_bytes(net)).hexdigest()


def to_bytes(net: Network) -> bytes:
    """Return the content of the file."""
    blocks = [getattr(net, name).astype(_TYPES[name], copy=False).tobytes() for name in ARRAYS]
    sums = hashlib.sha256()
    for block in blocks:
        sums.update(block)
    header = {
        "meta": asdict(net.meta),
        "names": net.names,
        "classes": net.classes,
        "sha256": sums.hexdigest(),
        "arrays": {name: len(getattr(net, name)) for name in ARRAYS},
    }
    text = json.dumps(header, ensure_ascii=False, sort_keys=True).encode()
    out = bytearray(MAGIC)
    out += FORMAT_VERSION.to_bytes(2, "little") + len(text).to_bytes(4, "little") + text
    for block in blocks:
        out += bytes(-len(out) % ALIGNMENT) + block
    return bytes(out)


def from_bytes(content: bytes, name: str) -> Network:
    """Return the network in `content`; `name` is the file's, for the sentences of errors.

    Raises
    ------
    FileRefusedError
        Not our file, another format version, cut short, or damaged.
    """
    header, offset = _header(content, name)
    arrays, sums = {}, hashlib.sha256()
    for array, size in _sizes(header, name):
        offset += -offset % ALIGNMENT
        kind = np.dtype(_TYPES[array])
        end = offset + size * kind.itemsize
        if end > len(content):
            raise FileRefusedError("streets_file_short", file=name)
        sums.update(memoryview(content)[offset:end])
        arrays[array] = _native(np.frombuffer(content, kind, size, offset))
        offset = end
    if sums.hexdigest() != header.get("sha256") or offset != len(content):
        raise FileRefusedError("streets_file_damaged", file=name)
    try:
        net = Network(
            **arrays,
            names=tuple(map(str, header["names"])),
            classes=tuple(map(str, header["classes"])),
            meta=_meta(header["meta"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise FileRefusedError("streets_file_damaged", file=name) from error
    if not _consistent(net):
        raise FileRefusedError("streets_file_damaged", file=name)
    return net


def _header(content: bytes, name: str) -> tuple[dict[str, Any], int]:
    if not content.startswith(MAGIC):
        raise FileRefusedError("streets_file_unknown", file=name)
    version = int.from_bytes(content[len(MAGIC) : len(MAGIC) + 2], "little")
    if version != FORMAT_VERSION:
        raise FileRefusedError(
            "streets_file_version", file=name, version=version, known=FORMAT_VERSION
        )
    end = _PREFIX + int.from_bytes(content[_PREFIX - 4 : _PREFIX], "little")
    if len(content) < max(end, _PREFIX):
        raise FileRefusedError("streets_file_short", file=name)
    try:
        header = json.loads(content[_PREFIX:end])
    except (ValueError, RecursionError) as error:
        raise FileRefusedError("streets_file_damaged", file=name) from error
    if not isinstance(header, dict):
        raise FileRefusedError("streets_file_damaged", file=name)
    return header, end


def _sizes(header: dict[str, Any], name: str) -> list[tuple[str, int]]:
    sizes = header.get("arrays")
    if not isinstance(sizes, dict) or set(sizes) != set(ARRAYS):
        raise FileRefusedError("streets_file_damaged", file=name)
    if not all(isinstance(size, int) and size >= 0 for size in sizes.values()):
        raise FileRefusedError("streets_file_damaged", file=name)
    return [(array, sizes[array]) for array in ARRAYS]


def _native(array: NDArray[Any]) -> NDArray[Any]:
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _meta(entry: dict[str, Any]) -> NetworkMeta:
    west, south, east, north = map(float, entry["bbox"])
    return NetworkMeta(
        profile=str(entry["profile"]),
        source=str(entry["source"]),
        licence=str(entry["licence"]),
        date=str(entry["date"]),
        bbox=(west, south, east, north),
        island_below_m=float(entry["island_below_m"]),
        walk_rules=str(entry["walk_rules"]),
    )


def _consistent(net: Network) -> bool:
    """Whether indices, costs and places are possible ones: the kernels do not look again."""
    return _sizes_agree(net) and _indices_agree(net) and _costs_agree(net)


def _sizes_agree(net: Network) -> bool:
    n, m, k = len(net.node_lon), len(net.edge_u), len(net.geom_lon)
    expected = {
        n: (net.node_lat, net.node_component),
        n + 1: (net.ptr,),
        2 * m: (net.arc_head, net.arc_cost_mm, net.arc_edge),
        m: (net.edge_v, net.edge_cost_mm, net.edge_name, net.edge_class, net.edge_osm_way),
        m + 1: (net.geom_ptr,),
        k: (net.geom_lat, net.geom_mm),
    }
    return (
        n > 0 and m > 0 and all(len(a) == size for size, group in expected.items() for a in group)
    )


def _indices_agree(net: Network) -> bool:
    n, m = net.nodes, net.edges
    checks = (
        _rises(net.ptr, 2 * m, step=0),
        _rises(net.geom_ptr, len(net.geom_lon), step=2),
        max(net.arc_head.max(), net.edge_u.max(), net.edge_v.max()) < n,
        net.arc_edge.max() < 2 * m,
        _within(net.edge_name, -1, len(net.names)),
        _within(net.edge_class, -1, len(net.classes)),
        _within(net.node_component, 0, len(net.component_mm)),
    )
    return all(checks)


def _costs_agree(net: Network) -> bool:
    size = np.diff(net.geom_ptr)
    checks = (
        net.edge_cost_mm.min() >= 1,
        np.array_equal(net.arc_cost_mm, net.edge_cost_mm[net.arc_edge >> 1]),
        (net.geom_mm >= 0).all(),
        (net.geom_mm <= np.repeat(net.edge_cost_mm, size)).all(),
        in_degrees(net.node_lon, net.node_lat),
        in_degrees(net.geom_lon, net.geom_lat),
        net.meta.bbox == bounds(net.geom_lon, net.geom_lat),
    )
    return all(map(bool, checks))


def _rises(ptr: NDArray[Any], last: int, *, step: int) -> bool:
    return bool(ptr[0] == 0 and ptr[-1] == last and (np.diff(ptr.astype(np.int64)) >= step).all())


def _within(index: NDArray[Any], low: int, high: int) -> bool:
    return bool(index.min() >= low and index.max() < high)
