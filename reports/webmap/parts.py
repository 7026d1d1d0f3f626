"""What of a scene does not change from one moment to the next travels once, under its mark.

Positions and names of points, and pictures of surfaces, are most of what a scene weighs. The page
keeps them by the hash of their content; a scene that has them again names the hash alone. A page
that has lost one asks for all of it (`lost`).
"""

import json
from collections.abc import Collection
from hashlib import sha256
from typing import Any

FIXED = ("x", "y", "id", "name", "symbol")
"""Columns of points that follow from the table alone."""

_MARK = 20  # letters of a hash: an accident is out of the question, and nobody gains by one


def in_parts(
    drawn: dict[str, Any], known: Collection[str]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a scene as it travels, and the marks of its parts.

    Parameters
    ----------
    drawn
        From `content`; stays as it is.
    known
        Marks of what the page is taken to have.
    """
    parts: dict[str, Any] = {}
    marks: list[str] = []

    def apart(holder: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
        part = {name: holder[name] for name in names}
        mark = _mark(part)
        marks.append(mark)
        if mark not in known:
            parts[mark] = part
        return {**{name: held for name, held in holder.items() if name not in names}, "part": mark}

    light = {
        **drawn,
        "stations": apart(drawn["stations"], FIXED),
        "candidates": apart(drawn["candidates"], FIXED),
        "surfaces": [apart(surface, ("url",)) for surface in drawn["surfaces"]],
        "parts": parts,
    }
    return light, tuple(marks)


def _mark(part: dict[str, Any]) -> str:
    text = json.dumps(part, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:_MARK]
