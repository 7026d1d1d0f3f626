"""Which characters can be printed: in our own fonts, in those of the machine, or not at all.

A character that no font has is never left to a printer's empty box: `Lettering.printable` puts 〓
for it, as Chinese printers do, and the report lists it. Typst itself is asked: PDF/A forbids a
character without a glyph, so that one that compiles has one.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import typst

from geo.reference import DATA_FOLDER

FONTS: Final = DATA_FOLDER / "fonts"
FILES: Final = ("warm-serif.otf", "warm-sans.otf")
STANDARD: Final = "a-2b"
"""PDF/A-2b: every font inside, every character a glyph."""
STAND_IN: Final = "〓"
MOST_ASKED: Final = 200
"""Rare characters that Typst is asked about, one by one; of more, the others are not printed."""

_PROBE: Final = b'#set text(font: "Warm Station Serif")\n#sys.inputs.sign'
_SEGMENTS: Final = 12
"""Format of the table of characters that holds all of Unicode (OpenType, `cmap`)."""


@dataclass(frozen=True)
class Lettering:
    """The fonts of one print.

    Attributes
    ----------
    fonts
        Ours and Typst's own; those of the machine too, where a rare character needs them.
    missing
        Characters that none of them has.
    """

    fonts: typst.Fonts
    missing: frozenset[str]

    def printable(self, text: str) -> str:
        """Return `text` with a mark for each character that cannot be printed."""
        return "".join(STAND_IN if sign in self.missing else sign for sign in text)


def lettering_for(texts: Iterable[str]) -> Lettering:
    """Return the fonts that print these texts; nobody else's are opened unless one needs them."""
    known = known_signs(FONTS / FILES[0]) & known_signs(FONTS / FILES[1])
    rare = sorted({sign for text in texts for sign in text if sign not in known})
    if not rare:
        return Lettering(_own(), frozenset())
    strange = [sign for sign in rare[:MOST_ASKED] if not _prints(sign, _own())]
    if not strange and len(rare) <= MOST_ASKED:
        return Lettering(_own(), frozenset())
    fonts = _all()
    missing = {sign for sign in strange if not _prints(sign, fonts)}
    return Lettering(fonts, frozenset(missing.union(rare[MOST_ASKED:])))


@cache
def known_signs(path: Path) -> frozenset[str]:
    """Return the characters of a font file, by its table of all of Unicode; line ends too.

    Raises
    ------
    ValueError
        The font has no such table.
    """
    content = path.read_bytes()
    (tables,) = struct.unpack_from(">H", content, 4)
    entries = (struct.unpack_from(">4s4xII", content, 12 + 16 * n) for n in range(tables))
    start = next(offset for tag, offset, _ in entries if tag == b"cmap")
    (parts,) = struct.unpack_from(">H", content, start + 2)
    for number in range(parts):
        (offset,) = struct.unpack_from(">I", content, start + 8 + 8 * number)
        (layout,) = struct.unpack_from(">H", content, start + offset)
        if layout == _SEGMENTS:
            return frozenset({"\n", *_segments(content, start + offset)})
    message = f"{path.name} has no table of all characters"
    raise ValueError(message)


def _segments(content: bytes, start: int) -> Iterable[str]:
    (count,) = struct.unpack_from(">I", content, start + 12)
    runs = np.frombuffer(content, dtype=">u4", count=3 * count, offset=start + 16).reshape(-1, 3)
    return (chr(code) for first, last, _ in runs.tolist() for code in range(first, last + 1))


def _prints(sign: str, fonts: typst.Fonts) -> bool:
    compiler = typst.Compiler(_PROBE, font_paths=fonts, ignore_system_fonts=True)
    try:
        compiler.compile(format="pdf", sys_inputs={"sign": sign}, pdf_standards=STANDARD)
    except typst.TypstError:
        return False
    return True


@cache
def _own() -> typst.Fonts:
    return _fonts(machine=False)


@cache
def _all() -> typst.Fonts:
    return _fonts(machine=True)


def _fonts(*, machine: bool) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=machine, include_embedded_fonts=True, font_paths=[str(FONTS)]
    )
