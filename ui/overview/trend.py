"""How many stations had opened by the end of each month, and the year's target, as a drawing."""

from html import escape

import streamlit as st

from ui.overview.words import word
from ui.overview.year_so_far import YearSoFar

_WIDTH, _HEIGHT = 420, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 8, 26, 24
_BAR, _LINE = "#0072B2", "#E69F00"
_INK, _GREY = "#333", "#ccc"
_MONTHS = 12


def draw_trend(year: YearSoFar) -> None:
    """Draw the year; the figures stand on the bars, for print and for who sees no colours."""
    st.markdown(f"**{word('trend.title', year=year.year)}**")
    if year.built:
        st.image(picture(year), width="stretch", alt=alt(year))
    else:
        st.caption(word("trend.none", year=year.year))
    if year.undated:
        st.caption(word("trend.undated", count=year.undated))


def alt(year: YearSoFar) -> str:
    """Return the drawing in one sentence."""
    return word("trend.alt", year=year.year, built=year.built, target=year.target or "—")


def picture(year: YearSoFar) -> str:
    """Return the drawing: a bar for each month so far, a dashed line for the target."""
    most = max(year.opened[-1], year.target or 0, 1)
    step = (_WIDTH - _LEFT - _RIGHT) / _MONTHS
    base, room = _HEIGHT - _BOTTOM, _HEIGHT - _BOTTOM - _TOP
    parts = [f'<path d="M{_LEFT} {base}H{_WIDTH - _RIGHT}" stroke="{_GREY}"/>']
    for month in range(1, _MONTHS + 1):
        middle = _LEFT + step * (month - 0.5)
        parts.append(_text(middle, base + 16, word("trend.month_short", month=month)))
        if month > len(year.opened):
            continue
        opened = year.opened[month - 1]
        high = room * opened / most
        parts.append(
            f'<rect x="{middle - step * 0.3:.1f}" y="{base - high:.1f}" '
            f'width="{step * 0.6:.1f}" height="{high:.1f}" fill="{_BAR}"/>'
        )
        if opened:
            parts.append(_text(middle, base - high - 4, str(opened)))
    if year.target is not None:
        top = base - room * year.target / most
        parts.append(
            f'<path d="M{_LEFT} {top:.1f}H{_WIDTH - _RIGHT}" stroke="{_LINE}" '
            'stroke-width="2" stroke-dasharray="6 4"/>'
        )
        said = word("trend.target_line", target=year.target)
        parts.append(_text(_LEFT, top - 6, said, "start", "600"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(alt(year))}" font-family="sans-serif" font-size="11">'
        f"{''.join(parts)}</svg>"
    )


def _text(left: float, top: float, said: str, anchor: str = "middle", weight: str = "400") -> str:
    return (
        f'<text x="{left:.1f}" y="{top:.1f}" text-anchor="{anchor}" font-weight="{weight}" '
        f'fill="{_INK}">{escape(said)}</text>'
    )
