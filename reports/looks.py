"""How each role looks in print, after the annexes of GB/T 9704-2012; Word and PDF read it alike.

A4, margins 37/35/28/26 mm, text in 三号 (16 pt) with a fixed leading of 28 pt, headings 一、 and
（一）. Source: GB/T 9704-2012 党政机关公文格式 (版心、字体字号、行数、正文).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from reports.blocks import Align, Role
from words import Lang

PAGE_MM: Final = (210, 297)
MARGINS_MM: Final = MappingProxyType({"top": 37, "bottom": 35, "left": 28, "right": 26})
WHOLE_TABLE_PT: Final = 520.0
"""Tables up to this height stay on one page; longer ones break between rows."""
CELL_MARGIN_MM: Final = 1.0
SPACE_AFTER_TABLE_PT: Final = 10
ENGLISH_SPACE_AFTER_PT: Final = 4

_LEADING_PT = 28


@dataclass(frozen=True)
class Look:
    """Font and paragraph of one role; sizes and leading in points."""

    east_asian: str
    size: float
    leading: float = _LEADING_PT
    align: Align = "left"
    indent_chars: int = 0
    keep_with_next: bool = False
    bold: bool = False


_CHINESE: Final[dict[Role, Look]] = {
    "Body": Look("仿宋_GB2312", 16, indent_chars=2),
    "Signature Line": Look("仿宋_GB2312", 16, indent_chars=2, keep_with_next=True),
    "Title": Look("方正小标宋简体", 22, leading=36, align="center", keep_with_next=True),
    "Subtitle": Look("楷体_GB2312", 16, align="center"),
    "Level 1": Look("黑体", 16, indent_chars=2, keep_with_next=True),
    "Level 2": Look("楷体_GB2312", 16, indent_chars=2, keep_with_next=True),
    "Caption Line": Look("黑体", 12, leading=24, align="center", keep_with_next=True),
    "Cell": Look("仿宋_GB2312", 10.5, leading=16),
    "Note": Look("楷体_GB2312", 12, leading=20),
    "Label": Look("楷体_GB2312", 12, leading=20, align="center"),
}
# The standard is for Chinese; English is set smaller, its headings bold, not in another font.
_ENGLISH: Final[dict[Role, Look]] = {
    role: replace(
        look,
        size=max(10.0, look.size * 0.72),
        leading=max(15.0, look.leading * 0.68),
        indent_chars=0,
        bold=look.keep_with_next and role != "Signature Line",
    )
    for role, look in _CHINESE.items()
}


def looks_of(lang: Lang) -> Mapping[Role, Look]:
    """Return the look of every role."""
    return MappingProxyType(_CHINESE if lang == "zh" else _ENGLISH)
