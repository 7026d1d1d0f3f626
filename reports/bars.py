"""Bars for the cells of a table: pictures without any text, which stands beside them."""

from io import BytesIO

from PIL import Image, ImageDraw

_SIZE = (720, 48)
"""Pixels; 52 mm wide in print, they are 350 to the inch."""
_TAKEN, _LEFT, _RAIL = (200, 110, 60), (31, 96, 143), (242, 242, 242)


def bar_png(start: float, length: float, *, taken: bool) -> bytes:
    """Return a PNG of one bar on a pale rail; the same bar has the same bytes.

    Parameters
    ----------
    start, length
        Shares (0..1) of the width; a bar of anything at all is at least two pixels long.
    taken
        Whether it is something that is taken away; told by colour and by a lower bar.
    """
    picture = Image.new("RGB", _SIZE, _RAIL)
    width, height = _SIZE
    if length > 0:
        left = min(round(start * width), width - 2)
        right = min(max(round((start + length) * width), left + 2), width) - 1
        inset = height // 4 if taken else 0
        box = (left, inset, right, height - 1 - inset)
        ImageDraw.Draw(picture).rectangle(box, fill=_TAKEN if taken else _LEFT)
    buffer = BytesIO()
    picture.quantize(8).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
