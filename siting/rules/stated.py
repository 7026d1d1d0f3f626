"""Stated need of a rule file: in one area its records are demand of their own for plans.

[stated_need]
area = "sparse"
workers_each = 5     # a record weighs as much as so many workers
source = "assumption"
sentence = "..."

A record is a request, not a person: it weighs in the choice of sites and never in coverage.
"""

from collections.abc import Iterable
from typing import cast

from siting.results import AreaType
from siting.rules.book import StatedNeed
from siting.rules.sections import Section

SECTION = "stated_need"


def read_stated_need(book: Section, areas: Iterable[AreaType]) -> StatedNeed | None:
    """Return what a rule file says of stated need; None: it says nothing, and none counts.

    Parameters
    ----------
    areas
        Those that the file has rules of: in others no place lies.

    Raises
    ------
    InputError
        A key is missing or wrong.
    """
    if SECTION not in book:
        return None
    part = book.section(SECTION)
    part.refuse_others({"area", "workers_each", "source", "sentence"})
    known = tuple(areas)
    named = part.text("area", known=known)
    return StatedNeed(
        area=known[known.index(cast("AreaType", named))],
        workers_each=part.number("workers_each", low=0),
        source=part.text("source"),
        sentence=part.text("sentence"),
    )
