"""Elements of a drawing: numbers short, texts escaped, one font."""

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from reports.tables import clean_text

FONT: Final = "Warm Station Sans"
INK: Final = "#2b2b2b"
PLAN: Final = "#a3195b"
AREA: Final = "#7a0000"


def short(value: float) -> str:
    """Return millimetres to the hundredth, without needless zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def element(name: str, content: str = "", /, **attributes: object) -> str:
    """Return an element; `_` in the name of an attribute is `-`, numbers are written short."""
    said = "".join(
        f" {key.replace('_', '-')}={quoteattr(short(v) if isinstance(v, float) else str(v))}"
        for key, v in attributes.items()
    )
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"


def written(text: str, x: float, y: float, size: float, /, **attributes: object) -> str:
    """Return a text whose middle line is at y; names are data, never elements."""
    plain = escape(" ".join(clean_text(text).split()))
    # Half the height of capitals and digits below the line that is asked for.
    look = {"font_family": FONT, "font_size": size, "fill": INK, **attributes}
    return element("text", plain, x=x, y=y + size * 0.36, **look)


def haloed(text: str, x: float, y: float, size: float, /, **attributes: object) -> str:
    """Return a text on a white rim, to be read on streets and surfaces."""
    middle = {"text_anchor": "middle", **attributes}
    rim = {"stroke": "#ffffff", "stroke_width": size * 0.28, "stroke_linejoin": "round"}
    return written(text, x, y, size, **middle, **rim) + written(text, x, y, size, **middle)
