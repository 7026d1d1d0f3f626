"""WORDS: what the product says, in Chinese first and English second. Knows no station and no map.

catalogue   `say("ui.start.title", lang)`: sentences of data/words/<lang>/*.toml, one file a room
numbers     counts, shares, distances, money and dates as people write them in each language
"""

from words.catalogue import LANGUAGES, Lang, has, say
from words.numbers import count, day, distance, percent, percent_up, points, round_up, yuan

__all__ = [
    "LANGUAGES",
    "Lang",
    "count",
    "day",
    "distance",
    "has",
    "percent",
    "percent_up",
    "points",
    "round_up",
    "say",
    "yuan",
]
