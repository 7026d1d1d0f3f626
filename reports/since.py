"""What has moved since the last report: the figures that two are compared by, and their change.

The first page of the app, the list of earlier reports, Word, PDF and the annex tell of them alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from siting.adding_up import whole_levels
from siting.coverage.levels import Level
from siting.effective import EffectiveEvaluation
from siting.progress import UnitsTogether
from siting.results import CoverageResult
from words import Lang, count, percent, say

SHARES: Final = frozenset({"effective", "nominal"})
"""Figures that are shares 0..1; the others are whole numbers."""


@dataclass(frozen=True)
class SinceLine:
    """One figure of an earlier report beside today's, as printed."""

    name: str
    then: str
    now: str
    change: str


def figures_now(
    effective: EffectiveEvaluation,
    coverage: CoverageResult,
    candidates: int,
    work: UnitsTogether | None,
) -> dict[str, float]:
    """Return the figures that two reports are compared by; shares 0..1, else whole numbers.

    Open stations are those of the register, as everywhere in a report of a year's work; those that
    count for coverage where there is no register. Not known is absent, never 0.
    """
    total = effective.effective.total
    levels = whole_levels(total)
    told = {
        "effective": total.coverage,
        "nominal": coverage.coverage,
        "workers": float(sum(levels)),
        "verified": float(levels[Level.VERIFIED]),
        "stations": float(coverage.stations if work is None else work.open_now),
        "candidates": float(candidates),
    }
    if work is not None and work.built is not None:
        told["built"] = float(work.built)
    return told


def since_lines(then: Mapping[str, float], now: Mapping[str, float], lang: Lang) -> list[SinceLine]:
    """Return the figures that an earlier report and this one both have."""
    return [
        SinceLine(
            say(f"reports.year.figures.{name}", lang),
            _figure(name, then[name], lang),
            _figure(name, figure, lang),
            _change(name, figure - then[name], lang),
        )
        for name, figure in now.items()
        if name in then
    ]


def _figure(name: str, value: float, lang: Lang) -> str:
    return percent(value) if name in SHARES else count(value, lang)


def _change(name: str, difference: float, lang: Lang) -> str:
    change = round(100 * difference, 1) if name in SHARES else round(difference)
    if not change:
        return say("reports.year.same", lang)
    if name in SHARES:
        return say("reports.year.points", lang, change=f"{change:+.1f}")
    return f"{change:+,}"
