"""What of a scene does not change from one moment to the next travels once, under its mark.

Positions and names of points, pictures of surfaces and the texts of legend and tools are most of
what a scene weighs. The page keeps them by the hash of their content; a scene that has them again
names the hash alone. A page that has lost one asks for all of it (`lost`).
"""

import json
from collections.abc import Collection
from hashlib import sha256
from typing import Any

FIXED = ("x", "y", "id", "name", "symbol")
"""Columns of points that follow from the table alone; in slices, so that one that is moved costs
its slice and not all of them."""

_FEWEST, _MOST_SLICES = 40, 40
_MARK = 20  # letters of a hash: an accident is out of the question, and nobody gains by one


def in_parts(
    drawn: dict[str, Any], known: Collection[str], later: Collection[str] = ()
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a scene as it travels, and the marks of its parts.

    Parameters
    ----------
    drawn
        From `content`; stays as it is.
    known
        Marks of what the page is taken to have.
    later
        Layers whose surface travels once the page asks for it (`want`).
    """
    parts: dict[str, Any] = {}
    marks: list[str] = []

    def apart(holder: dict[str, Any], pieces: list[dict[str, Any]]) -> dict[str, Any]:
        own = [_mark(piece) for piece in pieces]
        marks.extend(own)
        parts.update({m: p for m, p in zip(own, pieces, strict=True) if m not in known})
        left = {name: held for name, held in holder.items() if name not in pieces[0]}
        return {**left, "parts": own}

    texts = {"texts": drawn["texts"]}
    light = {
        **{name: held for name, held in drawn.items() if name not in texts},
        "words": apart(texts, [texts]),
        "stations": apart(drawn["stations"], _slices(drawn["stations"])),
        "candidates": apart(drawn["candidates"], _slices(drawn["candidates"])),
        "surfaces": [
            {**surface, "later": True}
            if surface["layer"] in later
            else apart(surface, [{"url": surface["url"]}])
            for surface in drawn["surfaces"]
        ],
        "parts": parts,
    }
    return light, tuple(marks)


def _slices(columns: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the fixed columns cut across, the last slice with those that came last."""
    size = len(columns["id"])
    step = max(_FEWEST, -(-size // _MOST_SLICES))
    firsts = range(0, max(size, 1), step)
    return [{name: columns[name][n : n + step] for name in FIXED} for n in firsts]


def _mark(part: dict[str, Any]) -> str:
    text = json.dumps(part, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:_MARK]
