r"""The project's own network file: magic number, version, header, raw arrays, check sum.

    offset 0    b"WSNET\x00", then uint16 format version and uint32 header length (little-endian)
    offset 12   header, JSON in UTF-8: meta, names, classes, and per array name, type, size, offset
    then        every array, little-endian, each aligned to 64 bytes from the start of the file

Arrays that say nothing are left out: costs per direction where they are the length, OSM ids of
nodes where there are none, the quality of edges where all are as mapped. Version 1 had none of
these and is still read. The same network gives the same bytes; nothing in the file is executed.
"""

import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast, get_args

import numpy as np
from numpy.typing import NDArray

from geo.errors import FileRefusedError
from geo.streets.build import MAX_EDGE_MM, bounds, in_degrees
from geo.streets.network import ARRAYS, EdgeQuality, Int32, Network, NetworkMeta
from geo.streets.rules import CostUnit
from geo.whole import whole_file

MAGIC = b"WSNET\x00"
FORMAT_VERSION = 2
OLDEST_VERSION = 1
ALIGNMENT = 64
SUFFIX = ".wsn"
MAX_ISLAND_M = 1e9
"""More street than any network has; lengths of components are millimetres of 64 bits."""

_PREFIX = len(MAGIC) + 2 + 4
_TYPES = {
    "node_lon": "<f8",
    "node_lat": "<f8",
    "ptr": "<u4",
    "arc_head": "<u4",
    "arc_cost": "<i4",
    "arc_edge": "<u4",
    "edge_u": "<u4",
    "edge_v": "<u4",
    "edge_cost_mm": "<i4",
    "edge_forward": "<i4",
    "edge_backward": "<i4",
    "edge_quality": "|u1",
    "geom_ptr": "<i8",
    "geom_lon": "<f8",
    "geom_lat": "<f8",
    "geom_mm": "<i4",
    "edge_name": "<i4",
    "edge_class": "<i4",
    "edge_osm_way": "<i8",
    "node_osm": "<i8",
    "node_component": "<i4",
    "component_mm": "<i8",
}
_OPTIONAL = frozenset({"edge_forward", "edge_backward", "edge_quality", "node_osm"})
_OLD_NAMES = {"arc_cost_mm": "arc_cost"}


def save_network(net: Network, path: str | os.PathLike[str]) -> None:
    """Write `net` to `path`; a reader sees the old file or the whole new one."""
    with whole_file(path) as file:
        file.write(to_bytes(net))


def network_sha256(net: Network) -> str:
    """Return the SHA-256, in hex, of the file that `save_network` would write."""
    return hashlib.sha256(to_bytes(net)).hexdigest()


def to_bytes(net: Network) -> bytes:
    """Return the content of the file."""
    stored = [name for name in ARRAYS if name not in _OPTIONAL or _says_something(net, name)]
    blocks = [getattr(net, name).astype(_TYPES[name], copy=False).tobytes() for name in stored]
    sums = hashlib.sha256()
    for block in blocks:
        sums.update(block)
    header = {
        "meta": asdict(net.meta),
        "names": net.names,
        "classes": net.classes,
        "sha256": sums.hexdigest(),
        "arrays": {name: len(getattr(net, name)) for name in stored},
    }
    text = json.dumps(header, ensure_ascii=False, sort_keys=True).encode()
    out = bytearray(MAGIC)
    out += FORMAT_VERSION.to_bytes(2, "little") + len(text).to_bytes(4, "little") + text
    for block in blocks:
        out += bytes(-len(out) % ALIGNMENT) + block
    return bytes(out)


def _says_something(net: Network, name: str) -> bool:
    array = getattr(net, name)
    return not np.array_equal(array, _default(name, net.edge_cost_mm, net.nodes))


def _default(name: str, edge_cost_mm: Int32, nodes: int) -> NDArray[Any]:
    """Return what an array is that a file leaves out."""
    if name in {"edge_forward", "edge_backward"}:
        return edge_cost_mm
    size = nodes if name == "node_osm" else len(edge_cost_mm)
    return np.zeros(size, dtype=np.dtype(_TYPES[name]).newbyteorder("="))


def from_bytes(content: bytes, name: str) -> Network:
    """Return the network in `content`; `name` is the file's, for the sentences of errors.

    Raises
    ------
    FileRefusedError
        Not our file, another format version, cut short, or damaged.
    """
    return _read(memoryview(content), name, check=True)


def map_streets(path: str | os.PathLike[str], *, check: bool = True) -> Network:
    """Return the network in our own file, its arrays staying in the file until they are touched.

    Processes that map the same file share its memory, and a network larger than the memory can be
    opened. As long as the network is used, the file may be replaced but not changed.

    Parameters
    ----------
    path
        A file that `save_network` wrote.
    check
        Whether to read everything once, for the check sum and impossible values, as `load_streets`
        always does. False is for files that were checked when they came and that nobody else can
        write: the kernels follow indices without looking, wrong ones can end the process.

    Raises
    ------
    FileRefusedError
        Not found, not our file, another format version, cut short, or (if checked) damaged.
    """
    path = Path(path)
    try:
        content = np.memmap(path, dtype=np.uint8, mode="r")
    except (OSError, ValueError) as error:
        # A file without any bytes cannot be mapped.
        code = "streets_file_unknown" if path.is_file() else "streets_not_found"
        raise FileRefusedError(code, file=path.name) from error
    return _read(content.data, path.name, check=check)


def _read(content: memoryview, name: str, *, check: bool) -> Network:
    header, offset = _header(content, name)
    arrays: dict[str, NDArray[Any]] = {}
    sums = hashlib.sha256()
    for array, size in _sizes(header, name):
        offset += -offset % ALIGNMENT
        kind = np.dtype(_TYPES[array])
        end = offset + size * kind.itemsize
        if end > len(content):
            raise FileRefusedError("streets_file_short", file=name)
        if check:
            sums.update(content[offset:end])
        arrays[array] = _native(np.frombuffer(content, kind, size, offset))
        offset = end
    whole = offset == len(content) and (not check or sums.hexdigest() == header.get("sha256"))
    for array in _OPTIONAL - set(arrays):
        arrays[array] = _default(array, arrays["edge_cost_mm"], len(arrays["node_lon"]))
    try:
        net = Network(
            **arrays,
            names=tuple(map(str, header["names"])),
            classes=tuple(map(str, header["classes"])),
            meta=_meta(header["meta"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise FileRefusedError("streets_file_damaged", file=name) from error
    if not (whole and _sizes_agree(net) and (not check or _consistent(net))):
        raise FileRefusedError("streets_file_damaged", file=name)
    return net


def _header(content: memoryview, name: str) -> tuple[dict[str, Any], int]:
    start = bytes(content[:_PREFIX])
    if not start.startswith(MAGIC):
        raise FileRefusedError("streets_file_unknown", file=name)
    version = int.from_bytes(start[len(MAGIC) : len(MAGIC) + 2], "little")
    if not OLDEST_VERSION <= version <= FORMAT_VERSION:
        raise FileRefusedError(
            "streets_file_version", file=name, version=version, known=FORMAT_VERSION
        )
    end = _PREFIX + int.from_bytes(start[_PREFIX - 4 :], "little")
    if len(content) < max(end, _PREFIX):
        raise FileRefusedError("streets_file_short", file=name)
    try:
        header = json.loads(bytes(content[_PREFIX:end]))
    except (ValueError, RecursionError) as error:
        raise FileRefusedError("streets_file_damaged", file=name) from error
    if not isinstance(header, dict):
        raise FileRefusedError("streets_file_damaged", file=name)
    return header, end


def _sizes(header: dict[str, Any], name: str) -> list[tuple[str, int]]:
    entry = header.get("arrays")
    if not isinstance(entry, dict):
        raise FileRefusedError("streets_file_damaged", file=name)
    sizes = {_OLD_NAMES.get(array, array): size for array, size in entry.items()}
    if not set(ARRAYS) - _OPTIONAL <= set(sizes) <= set(ARRAYS):
        raise FileRefusedError("streets_file_damaged", file=name)
    if not all(isinstance(size, int) and size >= 0 for size in sizes.values()):
        raise FileRefusedError("streets_file_damaged", file=name)
    return [(array, sizes[array]) for array in ARRAYS if array in sizes]


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
        island_below_m=_metres(entry["island_below_m"]),
        rules=str(entry["rules"] if "rules" in entry else entry["walk_rules"]),
        cost_unit=_cost_unit(entry.get("cost_unit", "mm")),
        access_m_s=float(entry.get("access_m_s", 0.0)),
    )


def _metres(value: object) -> float:
    metres = float(cast("float", value))
    if not 0 <= metres <= MAX_ISLAND_M:
        raise ValueError(value)
    return metres


def _cost_unit(text: object) -> CostUnit:
    for unit in get_args(CostUnit):
        if text == unit:
            return cast("CostUnit", unit)
    raise ValueError(text)


def _consistent(net: Network) -> bool:
    """Whether indices, costs and places are possible ones: the kernels do not look again."""
    return _arcs_agree(net) and _indices_agree(net) and _costs_agree(net)


def _sizes_agree(net: Network) -> bool:
    n, m, k = len(net.node_lon), len(net.edge_u), len(net.geom_lon)
    arcs = len(net.arc_head)
    per_edge = [name for name in ARRAYS if name.startswith("edge_")]
    expected = (
        (n, ("node_lat", "node_component", "node_osm")),
        (n + 1, ("ptr",)),
        (arcs, ("arc_head", "arc_cost", "arc_edge")),
        (m, per_edge),
        (m + 1, ("geom_ptr",)),
        (k, ("geom_lat", "geom_mm")),
    )
    wrong = [name for size, group in expected for name in group if len(getattr(net, name)) != size]
    return not wrong and bool(n > 0 and arcs > 0)


def _arcs_agree(net: Network) -> bool:
    """Whether every open direction of an edge is one arc, from the right end to the other."""
    codes = [
        2 * np.flatnonzero(net.edge_forward >= 0),
        2 * np.flatnonzero(net.edge_backward >= 0) + 1,
    ]
    if not np.array_equal(np.sort(net.arc_edge), np.sort(np.concatenate(codes))):
        return False
    return _rises(net.ptr, len(net.arc_head), step=0) and _ends_agree(net)


def _ends_agree(net: Network) -> bool:
    edge, backwards = net.arc_edge >> 1, (net.arc_edge & 1).astype(bool)
    start = net.ptr.astype(np.int64)
    tail = np.repeat(np.arange(net.nodes), start[1:] - start[:-1])
    u, v = net.edge_u[edge], net.edge_v[edge]
    return np.array_equal(tail, np.where(backwards, v, u)) and np.array_equal(
        net.arc_head, np.where(backwards, u, v)
    )


def _indices_agree(net: Network) -> bool:
    n = net.nodes
    checks = (
        _rises(net.geom_ptr, len(net.geom_lon), step=2),
        max(net.edge_u.max(), net.edge_v.max()) < n,
        _within(net.edge_name, -1, len(net.names)),
        _within(net.edge_class, -1, len(net.classes)),
        _within(net.node_component, 0, len(net.component_mm)),
    )
    return all(checks)


def _costs_agree(net: Network) -> bool:
    size = np.diff(net.geom_ptr)
    both = np.stack((net.edge_forward, net.edge_backward))
    least = 1 if net.meta.cost_unit == "ms" else net.edge_cost_mm
    most = MAX_EDGE_MM if net.meta.cost_unit == "ms" else net.edge_cost_mm
    checks = (
        net.edge_cost_mm.min() >= 1,
        ((both == -1) | ((both >= least) & (both <= most))).all(),
        np.array_equal(net.arc_cost, both[net.arc_edge & 1, net.arc_edge >> 1]),
        net.arc_cost.min() >= 1,
        net.edge_quality.max() <= max(EdgeQuality),
        net.meta.cost_unit == "mm" or net.meta.access_m_s > 0,
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
