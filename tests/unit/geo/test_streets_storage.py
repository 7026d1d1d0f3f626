"""Our own street file: round trip, and every way in which it can be refused."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from geo.errors import FileRefusedError
from geo.streets import (
    Network,
    Way,
    load_streets,
    map_streets,
    network_from_ways,
    network_sha256,
    save_network,
)
from geo.streets.network import ARRAYS
from geo.streets.storage import FORMAT_VERSION, MAGIC, to_bytes


@pytest.fixture
def net() -> Network:
    lon, lat = np.array([116.40, 116.41, 116.41, 116.50]), np.array([39.70, 39.70, 39.71, 39.71])
    tags = {"highway": "residential", "name": "兴华大街"}
    ways = [Way([0, 1, 2], tags, 1), Way([1, 3], {"highway": "footway"}, 2), Way([2, 1], tags, 3)]
    return network_from_ways(lon, lat, ways, source="来源", licence="无", date="2026-01-01")


def test_a_network_comes_back_as_it_was(net: Network, tmp_path: Path) -> None:
    save_network(net, tmp_path / "streets.wsn")
    back = load_streets(tmp_path / "streets.wsn")
    for name in ARRAYS:
        first, second = getattr(net, name), getattr(back, name)
        assert first.dtype == second.dtype
        assert np.array_equal(first, second)
        assert not second.flags.writeable
    assert (back.names, back.classes, back.meta) == (net.names, net.classes, net.meta)
    assert network_sha256(back) == network_sha256(net)
    assert [path.name for path in tmp_path.iterdir()] == ["streets.wsn"]


def test_the_same_network_gives_the_same_bytes(net: Network) -> None:
    assert to_bytes(net) == to_bytes(net)


def _as_version_1(content: bytes) -> bytes:
    """Write what the first version wrote: other names, no cost unit, arrays in the same order."""
    start, end = 12, 12 + int.from_bytes(content[8:12], "little")
    header = json.loads(content[start:end])
    header["arrays"]["arc_cost_mm"] = header["arrays"].pop("arc_cost")
    header["meta"]["walk_rules"] = header["meta"].pop("rules")
    del header["meta"]["cost_unit"], header["meta"]["access_m_s"]
    text = json.dumps(header, ensure_ascii=False, sort_keys=True).encode()
    out = bytearray(MAGIC + (1).to_bytes(2, "little") + len(text).to_bytes(4, "little") + text)
    # Arrays begin at the next multiple of 64 after the header, in both.
    out += bytes(-len(out) % 64) + content[end + -end % 64 :]
    return bytes(out)


def test_files_of_the_first_version_are_still_read(net: Network, tmp_path: Path) -> None:
    path = tmp_path / "old.wsn"
    path.write_bytes(_as_version_1(to_bytes(net)))
    back = load_streets(path)
    assert network_sha256(back) == network_sha256(net)
    assert back.meta == net.meta


def test_the_check_sum_of_another_network_differs(net: Network) -> None:
    other = network_from_ways(
        [116.4, 116.5],
        [39.7, 39.7],
        [Way([0, 1], {"highway": "path"})],
        source="",
        licence="",
        date="",
    )
    assert network_sha256(net) != network_sha256(other)


def _swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def swap(content: bytes) -> bytes:
        assert content.count(old) == 1
        return content.replace(old, new)

    assert len(old) == len(new)
    return swap


def _flip_last(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


def _nested(_: bytes) -> bytes:
    text = b"[" * 100_000
    return MAGIC + FORMAT_VERSION.to_bytes(2, "little") + len(text).to_bytes(4, "little") + text


def _version_99(content: bytes) -> bytes:
    return MAGIC + (99).to_bytes(2, "little") + content[len(MAGIC) + 2 :]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        pytest.param(lambda b: b[:-1], "streets_file_short", id="last byte lost"),
        pytest.param(lambda b: b[:200], "streets_file_short", id="cut in the header"),
        pytest.param(lambda b: b[:9], "streets_file_short", id="cut in the prefix"),
        pytest.param(lambda b: b + b"\0", "streets_file_damaged", id="longer"),
        pytest.param(_flip_last, "streets_file_damaged", id="one bit"),
        pytest.param(_version_99, "streets_file_version", id="version"),
        pytest.param(_swap(b'"arrays"', b'"erreys"'), "streets_file_damaged", id="no arrays"),
        pytest.param(_swap(b'"profile"', b'"prophet"'), "streets_file_damaged", id="meta"),
        pytest.param(_nested, "streets_file_damaged", id="nested"),
        pytest.param(_swap(b'"edge_v": 4', b'"edge_v": x'), "streets_file_damaged", id="json"),
        pytest.param(_swap(b'"edge_v": 4', b'"edge_v":-4'), "streets_file_damaged", id="size"),
        pytest.param(_swap(b"2000.0", b"   NaN"), "streets_file_damaged", id="no number"),
        pytest.param(_swap(b"2000.0", b"9e+307"), "streets_file_damaged", id="too large"),
        pytest.param(_swap(b"2000.0", b"-200.0"), "streets_file_damaged", id="negative"),
    ],
)
def test_a_spoilt_file_is_refused_with_a_sentence(
    net: Network, tmp_path: Path, spoil: Callable[[bytes], bytes], code: str
) -> None:
    path = tmp_path / "streets.wsn"
    path.write_bytes(spoil(to_bytes(net)))
    with pytest.raises(FileRefusedError) as caught:
        load_streets(path)
    assert caught.value.code == code
    for lang in ("zh", "en"):
        assert "streets.wsn" in caught.value.message(lang)


@pytest.mark.parametrize(
    ("array", "value"),
    [
        ("geom_mm", -1),
        ("geom_mm", 2**31 - 1),
        ("arc_cost", 1),
        ("edge_cost_mm", 0),
        ("geom_lon", 999.0),
        ("node_lat", np.nan),
        ("arc_head", 99),
        ("arc_edge", 99),
        ("edge_v", 99),
        ("edge_name", 9),
        ("edge_quality", 9),
        ("edge_forward", 7),
        ("node_component", -1),
    ],
)
def test_an_impossible_index_cost_or_place_is_refused(
    net: Network, tmp_path: Path, array: str, value: float
) -> None:
    wrong = getattr(net, array).copy()
    wrong[0] = value
    object.__setattr__(net, array, wrong)
    save_network(net, tmp_path / "streets.wsn")
    with pytest.raises(FileRefusedError) as caught:
        load_streets(tmp_path / "streets.wsn")
    assert caught.value.code == "streets_file_damaged"


@pytest.mark.parametrize(("array", "value"), [("ptr", 7), ("geom_ptr", 0)])
def test_a_pointer_that_falls_is_refused(
    net: Network, tmp_path: Path, array: str, value: int
) -> None:
    wrong = getattr(net, array).copy()
    wrong[2] = value
    wrong[1] = value + 1
    object.__setattr__(net, array, wrong)
    save_network(net, tmp_path / "streets.wsn")
    with pytest.raises(FileRefusedError):
        load_streets(tmp_path / "streets.wsn")


@pytest.mark.parametrize("check", [True, False])
def test_a_mapped_network_is_the_same_and_stays_in_the_file(
    net: Network, tmp_path: Path, *, check: bool
) -> None:
    path = tmp_path / "streets.wsn"
    save_network(net, path)
    mapped = map_streets(path, check=check)
    for name in ARRAYS:
        array = getattr(mapped, name)
        assert np.array_equal(array, getattr(net, name))
        assert not array.flags.writeable
    assert not mapped.geom_lon.flags.owndata
    assert network_sha256(mapped) == network_sha256(net)
    # The file may be replaced while it is mapped.
    save_network(net, path)
    assert np.array_equal(mapped.geom_lat, net.geom_lat)


def test_a_mapped_file_is_checked_unless_it_is_trusted(net: Network, tmp_path: Path) -> None:
    path = tmp_path / "streets.wsn"
    path.write_bytes(_flip_last(to_bytes(net)))
    with pytest.raises(FileRefusedError) as caught:
        map_streets(path)
    assert caught.value.code == "streets_file_damaged"
    assert map_streets(path, check=False).edges == net.edges
    for content, code in ((to_bytes(net)[:-1], "short"), (to_bytes(net) + b"x", "damaged")):
        path.write_bytes(content)
        with pytest.raises(FileRefusedError) as caught:
            map_streets(path, check=False)
        assert caught.value.code == f"streets_file_{code}"


def test_what_cannot_be_mapped_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.wsn").write_bytes(b"")
    for name, code in (("empty.wsn", "streets_file_unknown"), ("none.wsn", "streets_not_found")):
        with pytest.raises(FileRefusedError) as caught:
            map_streets(tmp_path / name)
        assert caught.value.code == code


def test_a_failed_save_leaves_the_old_file(
    net: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "streets.wsn"
    save_network(net, path)
    before = path.read_bytes()

    def full_disk(_: int) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="no space"):
        save_network(net, path)
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["streets.wsn"]


def test_our_own_file_keeps_its_islands_unless_others_are_asked_for(
    tmp_path: Path,
) -> None:
    lon, lat = np.array([116.40, 116.43, 116.50, 116.51]), np.full(4, 39.7)
    ways = [Way([0, 1], {"highway": "path"}, 1), Way([2, 3], {"highway": "path"}, 2)]
    net = network_from_ways(lon, lat, ways, source="", licence="", date="")
    assert net.island.tolist() == [False, True]
    save_network(net, tmp_path / "net.wsn")
    kept = load_streets(tmp_path / "net.wsn")
    assert (kept.island.tolist(), kept.meta.island_below_m) == ([False, True], 2000)
    asked = load_streets(tmp_path / "net.wsn", island_below_m=500)
    assert (asked.island.tolist(), asked.meta.island_below_m) == ([False, False], 500)
