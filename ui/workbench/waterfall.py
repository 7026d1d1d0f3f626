"""From all workers down to those who are really served: one bar a step, numbers that add up."""

from dataclasses import dataclass
from html import escape
from typing import Literal

import streamlit as st

from siting.adding_up import apportion, whole_levels, whole_mille
from siting.coverage.effective import LevelRow
from siting.coverage.levels import Level
from ui.day_night import var
from ui.language import current, tell
from words import Lang, count, say

# Okabe-Ito's; the unverified are hatched, too, as on the map.
COLOURS: dict[Level, str] = {
    Level.OUT_OF_REACH: var("grey"),
    Level.CLOSED: var("orange"),
    Level.NOT_ADMITTED: var("pink"),
    Level.NOT_SERVED: var("green"),
    Level.UNVERIFIED: (
        f"repeating-linear-gradient(135deg,{var('blue')} 0 2px,{var('gap')} 2px 5px)"
    ),
    Level.VERIFIED: var("blue"),
}
_SUM_COLOUR = var("sum")


@dataclass(frozen=True)
class Step:
    """One bar: a sum that starts at nothing, or what is lost between two sums.

    Attributes
    ----------
    start, workers
        Where the bar begins, and its length, whole workers.
    mille
        Tenths of a per cent of all workers.
    """

    kind: Literal["sum", "loss"]
    label: str
    colour: str
    start: int
    workers: int
    mille: int


def steps(row: LevelRow, lang: Lang, *, mild: bool = True) -> tuple[Step, ...]:
    """Return the bars; losses add up to the difference of the sums they stand between, exactly.

    Parameters
    ----------
    mild
        False: in heat or cold, those in reach are fewer than the nominally covered, and called so.
    """
    found, mille = whole_levels(row), whole_mille(row)

    def lost(level: Level) -> Step:
        start = sum(found[level + 1 :])
        label = level_name(level, lang)
        return Step("loss", label, COLOURS[level], start, found[level], mille[level])

    def total(name: str, least: Level, colour: str) -> Step:
        label = say(f"ui.waterfall.{name}", lang)
        return Step("sum", label, colour, 0, sum(found[least:]), sum(mille[least:]))

    return (
        total("all", Level.OUT_OF_REACH, _SUM_COLOUR),
        lost(Level.OUT_OF_REACH),
        total("nominal" if mild else "in_reach", Level.CLOSED, _SUM_COLOUR),
        *(lost(level) for level in (Level.CLOSED, Level.NOT_ADMITTED, Level.NOT_SERVED)),
        lost(Level.UNVERIFIED),
        total("verified", Level.VERIFIED, COLOURS[Level.VERIFIED]),
    )


def level_name(level: Level, lang: Lang) -> str:
    """Return what a level is called beside a bar: short."""
    return say(f"ui.waterfall.{level.name.lower()}", lang)


def draw_waterfall(row: LevelRow, *, mild: bool = True) -> None:
    """Draw the bars; plain HTML, nothing is fetched."""
    lang = current()
    shown = steps(row, lang, mild=mild)
    whole = shown[0].workers or 1
    lines = "".join(_line(step, whole, lang) for step in shown)
    title = escape(tell("waterfall.title"))
    st.html(f'<div class="ws-fall" role="table" aria-label="{title}">{lines}</div>')


def cause_bar(causes: dict[Level, float], lang: Lang) -> str:
    """Return a stacked bar of the causes of one gap area, and what they are, as HTML."""
    whole = round(sum(causes.values())) or 1
    figures = apportion(list(causes.values()), whole)
    present = [(level, workers) for level, workers in zip(causes, figures, strict=True) if workers]
    bars = "".join(
        f'<i style="width:{100 * workers / whole:.2f}%;background:{COLOURS[level]}"></i>'
        for level, workers in present
    )
    told = "".join(
        f'<span><i style="background:{COLOURS[level]}"></i>'
        f"{escape(level_name(level, lang))} "
        f"<b>{count(workers, lang)}</b></span>"
        for level, workers in present
    )
    return f'<div class="ws-causes"><div>{bars}</div><p>{told}</p></div>'


def _line(step: Step, whole: int, lang: Lang) -> str:
    left, width = 100 * step.start / whole, 100 * step.workers / whole
    sign = "−" if step.kind == "loss" and step.workers else ""
    share = f"{step.mille / 10:.1f}%"
    place = f"left:{left:.2f}%;width:{width:.2f}%" if step.workers else "display:none"
    return (
        f'<div class="ws-{step.kind}" role="row"><span role="rowheader">{escape(step.label)}</span>'
        f'<em aria-hidden="true"><i style="{place};background:{step.colour}"></i></em>'
        f'<b role="cell">{sign}{count(step.workers, lang)}</b>'
        f'<small role="cell">{sign}{share}</small></div>'
    )
