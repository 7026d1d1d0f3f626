"""Rasters of one band in TIFF 6.0 and BigTIFF: tags, and the figures block by block.

Only the tags and the blocks that are asked for are read from the file, which may be far larger than
memory. Only decompressors of the standard library and of pyarrow run on a stranger's bytes, each
told how much may come out; one block is held at a time. What is not here (JPEG, LERC, several
bands) is not how population grids are published.
"""

import lzma
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any, BinaryIO, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Tags = Mapping[int, tuple[Any, ...]]

BANDS: Final = 277
_WIDTH, _HEIGHT = 256, 257
_BITS, _COMPRESSION, _SAMPLES, _PREDICTOR = 258, 259, 339, 317
_STRIP_AT, _STRIP_ROWS, _STRIP_BYTES = 273, 278, 279
_TILE_WIDTH, _TILE_HEIGHT, _TILE_AT, _TILE_BYTES = 322, 323, 324, 325
# Type of a tag's values -> numpy's, without the byte order; 2 is text.
_TYPES: Final = {
    1: "u1", 2: "S1", 3: "u2", 4: "u4", 6: "i1", 7: "u1", 8: "i2", 9: "i4", 11: "f4", 12: "f8",
    13: "u4", 16: "u8", 17: "i8", 18: "u8",
}  # fmt: skip
_FIGURES: Final = {1: "u", 2: "i", 3: "f"}
_WIDTHS: Final = (8, 16, 32, 64)
_MOST_TAGS: Final = 4096
_MOST_TAG_BYTES: Final = 32 * 2**20  # of one tag's values: offsets of four million blocks
_MOST_BLOCK_BYTES: Final = 512 * 2**20
_PLAIN, _DIFFERENCES, _FLOATING = 1, 2, 3
_CLEAR, _END, _FIRST_FREE, _WIDEST_BITS = 256, 257, 258, 12


class TiffError(ValueError):
    """The file is no such raster, or damaged."""


class KindError(TiffError):
    """Its figures, or their compression, are of a kind that is not read."""


class Block(NamedTuple):
    """Figures of a rectangle of cells and its first row and column, from 0."""

    row: int
    column: int
    figures: NDArray[Any]


class Window(NamedTuple):
    """Rows `top` <= row < `bottom` and columns `left` <= column < `right`, from 0."""

    top: int
    left: int
    bottom: int
    right: int


class _Layout(NamedTuple):
    """Size of the blocks, where they lie in the file, how many stand side by side."""

    width: int
    height: int
    offsets: tuple[int, ...]
    sizes: tuple[int, ...]
    across: int


def read_tags(file: BinaryIO) -> tuple[Tags, str]:
    """Return the tags of the first image in `file` and its byte order, `<` or `>`.

    Raises
    ------
    TiffError
        It is cut short, or no TIFF.
    """
    order = {b"II": "<", b"MM": ">"}.get(_take(file, 0, 2))
    if order is None:
        raise TiffError(0)
    try:
        big = struct.unpack(f"{order}H", _take(file, 2, 2))[0] == 43
        place, length, entry = ("Q", "Q", "HHQQ") if big else ("I", "H", "HHII")
        wide, each = struct.calcsize(place), struct.calcsize(order + entry)
        (at,) = struct.unpack(order + place, _take(file, 8 if big else 4, wide))
        (count,) = struct.unpack(order + length, _take(file, at, struct.calcsize(length)))
        start = at + struct.calcsize(length)
        held = _take(file, start, min(count, _MOST_TAGS) * each)
        tags: dict[int, tuple[Any, ...]] = {}
        for tag, kind, number, where in struct.iter_unpack(order + entry, held):
            dtype = np.dtype(order + _TYPES[kind]) if kind in _TYPES else None
            if dtype is None or not number:
                continue
            size = number * dtype.itemsize
            inside = struct.pack(order + place, where)[:size]
            values = np.frombuffer(inside if size <= wide else _values(file, where, size), dtype)
            tags[tag] = (
                (values.tobytes().decode("latin-1"),) if kind == 2 else tuple(values.tolist())
            )
    except (struct.error, ValueError, OverflowError) as error:
        raise TiffError(str(error)) from error
    return tags, order


def whole(tags: Tags) -> Window:
    """Return all rows and columns.

    Raises
    ------
    TiffError
        It does not say how many there are.
    """
    return Window(0, 0, _one(tags, _HEIGHT), _one(tags, _WIDTH))


def blocks(file: BinaryIO, tags: Tags, order: str, window: Window) -> Iterator[Block]:
    """Yield the figures of a window in blocks as they are stored, cut to the window.

    Blocks that the file leaves out (sparse ones) are skipped.

    Raises
    ------
    TiffError
        The file is damaged.
    KindError
        Its figures, or their compression, are of a kind that is not read.
    """
    layout = _layout(tags)
    dtype = _dtype(tags, order)
    for down, across in product(*_touched(layout, window)):
        index = down * layout.across + across
        row, column = down * layout.height, across * layout.width
        rows = layout.height if _TILE_AT in tags else min(layout.height, whole(tags).bottom - row)
        size = layout.sizes[index]
        if not size or rows < 1:
            continue
        if size > _MOST_BLOCK_BYTES:
            raise KindError(size)
        packed = _take(file, layout.offsets[index], size)
        figures = _figures(packed, tags, dtype, (rows, layout.width))
        top, left = max(row, window.top), max(column, window.left)
        part = figures[top - row : window.bottom - row, left - column : window.right - column]
        yield Block(top, left, part)


def cells_to_unpack(tags: Tags, window: Window) -> int:
    """Return how many cells the blocks hold that a window touches.

    Raises
    ------
    TiffError
        The file is damaged.
    """
    layout = _layout(tags)
    down, across = _touched(layout, window)
    return len(down) * len(across) * layout.width * layout.height


def _touched(layout: _Layout, window: Window) -> tuple[range, range]:
    """Return which rows and which columns of blocks a window touches."""
    down = range(window.top // layout.height, -(-window.bottom // layout.height))
    across = range(window.left // layout.width, -(-window.right // layout.width))
    return down, across


def _take(file: BinaryIO, at: int, length: int) -> bytes:
    """Return `length` bytes from `at`."""
    try:
        file.seek(at)
        found = file.read(length)
    except (OSError, OverflowError, TypeError, ValueError) as error:  # no place in a file
        raise TiffError(at) from error
    if len(found) < length:
        raise TiffError(at)
    return found


def _values(file: BinaryIO, at: int, size: int) -> bytes:
    """Return the values of a tag that stand apart from it."""
    if size > _MOST_TAG_BYTES:
        raise TiffError(size)
    return _take(file, at, size)


def _one(tags: Tags, tag: int, otherwise: int = 0) -> int:
    value = tags.get(tag, (otherwise,))[0]
    if not isinstance(value, int):
        raise TiffError(tag)
    return value


def _layout(tags: Tags) -> _Layout:
    _, _, height, width = whole(tags)
    tiled = _TILE_AT in tags
    wide = _one(tags, _TILE_WIDTH) if tiled else width
    high = _one(tags, _TILE_HEIGHT) if tiled else min(height, _one(tags, _STRIP_ROWS, height))
    places = (_TILE_AT, _TILE_BYTES) if tiled else (_STRIP_AT, _STRIP_BYTES)
    offsets, sizes = (tags.get(tag, ()) for tag in places)
    if min(width, height, wide, high) < 1:
        raise TiffError(places)
    across = -(-width // wide)
    if not len(offsets) == len(sizes) == across * -(-height // high):
        raise TiffError(places)
    return _Layout(wide, high, offsets, sizes, across)


def _dtype(tags: Tags, order: str) -> "np.dtype[Any]":
    bits, kind = _one(tags, _BITS, 1), _FIGURES.get(_one(tags, _SAMPLES, 1))
    if kind is None or bits not in _WIDTHS or (kind == "f" and bits == 8):
        raise KindError(bits)
    return np.dtype(f"{order}{kind}{bits // 8}")


def _figures(
    packed: bytes, tags: Tags, dtype: "np.dtype[Any]", shape: tuple[int, int]
) -> NDArray[Any]:
    rows, columns = shape
    size = rows * columns * dtype.itemsize
    unpack = _UNPACK.get(_one(tags, _COMPRESSION, 1))
    if unpack is None or size > _MOST_BLOCK_BYTES:
        raise KindError(_COMPRESSION)
    try:
        content = unpack(packed, size)
    except (zlib.error, lzma.LZMAError, OSError, IndexError) as error:
        raise TiffError(str(error)) from error
    if len(content) < size:
        raise TiffError(size)
    predictor = _one(tags, _PREDICTOR, _PLAIN)
    if predictor == _FLOATING:
        return _floating(np.frombuffer(content, np.uint8, size).reshape(rows, -1), dtype)
    figures = np.frombuffer(content, dtype, rows * columns).reshape(shape)
    if predictor == _DIFFERENCES:
        words = figures.view(dtype.str.replace("f", "u").replace("i", "u"))
        native = words.astype(words.dtype.newbyteorder("="))
        sums = np.cumsum(native, axis=1, dtype=native.dtype)
        return sums.view(dtype.newbyteorder("="))
    if predictor != _PLAIN:
        raise KindError(predictor)
    return figures


def _floating(rows: NDArray[np.uint8], dtype: "np.dtype[Any]") -> NDArray[Any]:
    """Undo Adobe's floating-point predictor (Photoshop TIFF Technical Note 3, 2005).

    Each row holds the differences of its bytes, the most significant bytes of all figures first.
    """
    if dtype.kind != "f":
        raise TiffError(dtype.str)
    planes = np.cumsum(rows, axis=1, dtype=np.uint8).reshape(len(rows), dtype.itemsize, -1)
    together = np.ascontiguousarray(planes.transpose(0, 2, 1))
    return together.view(dtype.newbyteorder(">"))[:, :, 0]


def _unzip(packed: bytes, size: int) -> bytes:
    return zlib.decompressobj().decompress(packed, size)


def _unlzma(packed: bytes, size: int) -> bytes:
    return lzma.LZMADecompressor().decompress(packed, size)


def _unzstd(packed: bytes, size: int) -> bytes:
    import pyarrow as pa  # noqa: PLC0415 -- for few files

    return bytes(pa.Codec("zstd").decompress(packed, size))


def _unpackbits(packed: bytes, size: int) -> bytes:
    """Undo Apple's PackBits (TIFF 6.0, section 9)."""
    out, at = bytearray(), 0
    while at < len(packed) and len(out) < size:
        head = packed[at]
        at += 1
        if head < 128:
            out += packed[at : at + head + 1]
            at += head + 1
        elif head > 128:
            out += packed[at : at + 1] * (257 - head)
            at += 1
    return bytes(out)


def _unlzw(packed: bytes, size: int) -> bytes:
    """Undo LZW as TIFF 6.0 has it (section 13): codes widen one earlier than they must."""
    singles = [bytes((value,)) for value in range(_CLEAR)] + [b"", b""]
    table = singles.copy()
    out = bytearray()
    bits = held = 0
    width, before = 9, b""
    for byte in packed:
        held = (held << 8 | byte) & 0xFFFFFFFF
        bits += 8
        if bits < width:
            continue
        bits -= width
        code = held >> bits & (1 << width) - 1
        if code == _CLEAR:
            table, width, before = singles.copy(), 9, b""
            continue
        if code == _END or len(out) >= size:
            break
        entry = table[code] if code < len(table) else before + before[:1]
        if not entry:
            raise IndexError(code)
        out += entry
        if before and len(table) < 1 << _WIDEST_BITS:
            table.append(before + entry[:1])
        before = entry
        if len(table) >= (1 << width) - 1 and width < _WIDEST_BITS:
            width += 1
    return bytes(out)


_UNPACK: Final[dict[int, Callable[[bytes, int], bytes]]] = {
    1: lambda packed, _: packed,
    5: _unlzw,
    8: _unzip,
    32946: _unzip,
    32773: _unpackbits,
    34925: _unlzma,
    50000: _unzstd,
}
