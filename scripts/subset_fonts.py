"""Recreate data/fonts: the Chinese fonts of the PDF, cut down to what is usually written.

Run by hand, where Debian's fonts-noto-cjk and fontTools are: `python scripts/subset_fonts.py`.
Kept are ASCII, all of GB/T 2312 (6,763 characters and its signs), and every character of our own
words and shipped data. The families get names of their own: a full Noto of the machine is another
font, and what is printed must not depend on it.
"""

from collections.abc import Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

ROOT = Path(__file__).resolve().parents[1]
FONTS = ROOT / "data" / "fonts"
NOTO = Path("/usr/share/fonts/opentype/noto")
FAMILIES = {
    "warm-serif.otf": ("NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC", "Warm Station Serif"),
    "warm-sans.otf": ("NotoSansCJK-Regular.ttc", "Noto Sans CJK SC", "Warm Station Sans"),
}
# Half-width punctuation between full-width signs; other shapes would drag in thousands of glyphs.
FEATURES = ["halt", "chws"]
FAMILY, SUBFAMILY, UNIQUE, FULL, POSTSCRIPT = 1, 2, 3, 4, 6
TYPED = (".toml", ".csv", ".geojson", ".txt", ".md")


def main() -> None:
    """Write both fonts."""
    wanted = sorted({*ascii_signs(), *gb2312(), *our_own()})
    for file, (collection, family, name) in FAMILIES.items():
        font = one_of(NOTO / collection, family)
        cut(font, wanted)
        list_all(font)
        rename(font, name)
        font.save(FONTS / file)
        print(f"{file}: {(FONTS / file).stat().st_size:,} bytes, {len(font.getBestCmap())} signs")


def ascii_signs() -> Iterator[int]:
    """Yield what every keyboard has."""
    yield from range(0x20, 0x7F)


def gb2312() -> Iterator[int]:
    """Yield the characters of GB/T 2312-1980, signs and both levels."""
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            found = bytes((row, cell)).decode("gb2312", errors="ignore")
            if found:
                yield ord(found)


def our_own() -> Iterator[int]:
    """Yield the characters of words, lists and sample; other scripts come from other fonts."""
    for file in (ROOT / "data").rglob("*"):
        if file.suffix in TYPED and file.parent != FONTS:
            yield from (
                ord(sign) for sign in file.read_text(encoding="utf-8") if sign.isprintable()
            )


def one_of(collection: Path, family: str) -> TTFont:
    """Return the font of a family out of a collection."""
    return next(f for f in TTCollection(collection).fonts if f["name"].getDebugName(1) == family)


def cut(font: TTFont, wanted: list[int]) -> None:
    """Leave only the wanted characters, without hints and without vertical metrics."""
    options = subset.Options(
        hinting=False,
        layout_features=FEATURES,
        notdef_outline=True,
        name_IDs=["*"],
        drop_tables=["DSIG", "BASE", "vhea", "vmtx", "VORG"],
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    font["head"].modified = font["head"].created  # the same input, the same bytes
    font.recalcTimestamp = False


def list_all(font: TTFont) -> None:
    """Write the characters as one table of all Unicode (format 12), which reports.pdf reads."""
    table = CmapSubtable.newSubtable(12)
    table.platformID, table.platEncID, table.language = 3, 10, 0
    table.cmap = dict(font.getBestCmap())
    font["cmap"].tables = [table]


def rename(font: TTFont, family: str) -> None:
    """Give the family its own name; copyright and licence stay."""
    plain = family.replace(" ", "")
    for record in list(font["name"].names):
        if record.nameID in {16, 17, 21, 22, 25}:
            font["name"].removeNames(nameID=record.nameID)
    for number, text in (
        (FAMILY, family),
        (SUBFAMILY, "Regular"),
        (UNIQUE, plain),
        (FULL, family),
        (POSTSCRIPT, plain),
    ):
        font["name"].removeNames(nameID=number)
        font["name"].setName(text, number, 3, 1, 0x409)
    letters = font["CFF "].cff
    letters.fontNames[0] = plain
    letters.topDictIndex[0].FamilyName = letters.topDictIndex[0].FullName = family


if __name__ == "__main__":
    main()
