"""The colours of the map by day and by night: the only place where the page's script gets them.

The two sets have the same names. What data carries (the colour of a kind of station, a class of a
surface) is a colour of the day; by night its twin is drawn. A test reckons every pair's contrast
(WCAG 2.2: text 4.5, symbols 3) and tells the kinds apart as colour-blind readers see them.
Whatever is printed, and a map that stands alone, is of the day.
"""

from types import MappingProxyType
from typing import Any, Final

Paints = MappingProxyType[str, str]

STREET_RANKS: Final = 7
"""Ranks of the base layer, 0 the widest."""

DAY: Final[Paints] = MappingProxyType(
    {
        # The ground.
        "ground": "#e9e6df",
        "land": "#ffffff",
        "edge": "#8a8378",
        "street_0": "#fff6d6",
        "street_1": "#fff6d6",
        "street_2": "#ffffff",
        "street_3": "#ffffff",
        "street_4": "#ffffff",
        "street_5": "#ffffff",
        "street_6": "#ffffff",
        "casing_0": "#7d7667",
        "casing_1": "#8a8374",
        "casing_2": "#968f80",
        "casing_3": "#a59e90",
        "casing_4": "#bdb6a8",
        "casing_5": "#c9c3b6",
        "casing_6": "#d3cdc2",
        # Names on it.
        "unit": "#1d2b3a",
        "venue": "#3c4a3c",
        "village": "#4a4a4a",
        "street_name": "#4b463d",
        "halo": "#fffffff2",
        # Symbols on it.
        "ink": "#2b2b2b",
        "rim": "#2b2b2b",
        "hollow": "#ffffff",
        "off": "#f2f2f2",
        "off_ink": "#6b6b6b",
        "candidate": "#3d3d3d",
        "candidate_small": "#777777",
        "candidate_in": "#ffffffd9",
        "plan": "#a3195b",
        "on_plan": "#ffffff",
        "draft": "#a3195b29",
        "reach": "#0072b2",
        "reach_in": "#0072b229",
        "area": "#7a0000",
        "on_area": "#ffffff",
        # What lies over it: legend, tools, cards.
        "card": "#ffffff",
        "card_faint": "#ffffffe6",
        "card_hover": "#f4f4f4",
        "text": "#222222",
        "text_soft": "#5a5a5a",
        "text_off": "#8a8a8a",
        "line": "#777777",
        "bar": "#00000033",
        "mark": "#0072b2",
        "sample": "#fff3cd",
        "on_sample": "#5c4400",
        "sample_line": "#a67c00",
    }
)

NIGHT: Final[Paints] = MappingProxyType(
    {
        "ground": "#12161b",
        "land": "#1d232b",
        "edge": "#a39b8c",
        "street_0": "#4a4433",
        "street_1": "#4a4433",
        "street_2": "#303741",
        "street_3": "#2c333c",
        "street_4": "#282f38",
        "street_5": "#262c35",
        "street_6": "#242a32",
        "casing_0": "#8f866f",
        "casing_1": "#857c67",
        "casing_2": "#727983",
        "casing_3": "#606771",
        "casing_4": "#4c535d",
        "casing_5": "#444b55",
        "casing_6": "#3c434c",
        "unit": "#eef2f7",
        "venue": "#c2d2c2",
        "village": "#c6cad0",
        "street_name": "#cfc7b6",
        "halo": "#12161bf2",
        "ink": "#eef2f7",
        "rim": "#0b0e12",
        "hollow": "#12161b",
        "off": "#2b323b",
        "off_ink": "#a7afb9",
        "candidate": "#d3d8de",
        "candidate_small": "#9aa2ac",
        "candidate_in": "#12161bd9",
        "plan": "#ff8cc0",
        "on_plan": "#2a0416",
        "draft": "#ff8cc033",
        "reach": "#56b4e9",
        "reach_in": "#56b4e933",
        "area": "#ffb0a0",
        "on_area": "#380500",
        "card": "#1f252d",
        "card_faint": "#1f252de6",
        "card_hover": "#2b323c",
        "text": "#e8eaed",
        "text_soft": "#b4bbc4",
        "text_off": "#838b95",
        "line": "#6f7782",
        "bar": "#ffffff40",
        "mark": "#56b4e9",
        "sample": "#4a3800",
        "on_sample": "#ffe08a",
        "sample_line": "#c79a20",
    }
)

TWINS: Final[Paints] = MappingProxyType(
    {
        # Kinds of stations, areas, streets: Okabe-Ito's hues, farther apart in lightness than by
        # day: the least distance, for whatever reader, is 22 (day: 16; CIE76).
        "#0072b2": "#3f8ae8",
        "#009e73": "#12c47c",
        "#cc79a7": "#f6c6e6",
        "#e69f00": "#f29e0d",
        "#d55e00": "#ff8a4c",
        "#4d4d4d": "#c3c9d0",
        "#4c6a80": "#a9c6dc",
        "#8c8c8c": "#9aa1aa",
        "#111111": "#f4f6f8",
        # Classes of the uncovered and of all workers: by night the light ones are the many.
        "#fdd49e": "#b5651d",
        "#fdbb84": "#d9742b",
        "#fc8d59": "#f58f3c",
        "#e34a33": "#ffb25e",
        "#b30000": "#ffe0a3",
        "#dadaeb": "#5e4fa2",
        "#bcbddc": "#7a68c0",
        "#9e9ac8": "#9a88dc",
        "#756bb1": "#bcaef2",
        "#54278f": "#e6ddff",
    }
)
"""What is drawn by night in place of a colour that data carries; `#rrggbb`, small letters."""


def looks() -> dict[str, Any]:
    """Return both sets and the twins as the page's script takes them."""
    return {"day": dict(DAY), "night": dict(NIGHT), "twins": dict(TWINS)}
