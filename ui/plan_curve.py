"""Whether more stations are worth it, and what is built in which year: beside a plan."""

from dataclasses import replace
from html import escape

import pandas as pd
import streamlit as st

from reports.beside import NOTHING_BESIDE, Beside
from reports.webmap import candidate_names
from siting.plan_results import PlanResult
from siting.plans.curve import Curve, CurvePoint, Year, curve_from, years_from
from siting.plans.explaining import PlanWhy
from ui import keys
from ui.compute import Situation
from ui.exporting import Exported, draw_export
from ui.language import current, tell
from ui.plan_why import explainable, prices_of, sites_why, task_for
from ui.plans import Shown
from ui.report_words import word as export_word
from ui.safe import plain
from words import Lang, count, percent, say, yuan

MOST_YEARS = 10
_PLANS = 12
_LEAST_SIZES = 10
_WIDTH, _HEIGHT = 420, 210
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 14, 26, 30
_LINE, _ELBOW = "#0072B2", "#E69F00"
_INK, _GREY = "#333", "#ccc"
_ROUND_SHARE = 0.05


def draw_curve(situation: Situation, shown: Shown) -> None:
    """Draw the best plan of every size as a line, the elbow and this plan marked, and a table."""
    card = st.expander(
        tell("curve.title"), key="plan_curve", icon=":material/show_chart:", on_change="rerun"
    )
    if not card.open:
        return
    with card:
        with st.spinner(tell("curve.working"), show_time=True):
            curve = curve_of(situation, shown)
        lang = current()
        st.markdown(plain(elbow_sentence(curve, lang)))
        st.image(picture(curve, lang, len(shown.plan.selected)), width="stretch")
        table = _table(curve, lang)
        st.table(table)
        draw_export(Exported(table.reset_index(), export_word("tables.curve")), key="export_curve")
        st.caption(tell("curve.help"))


def draw_years(situation: Situation, shown: Shown) -> None:
    """Draw how many years to build over, and what is built in each."""
    card = st.expander(
        tell("years.title"), key="plan_years_card", icon=":material/event:", on_change="rerun"
    )
    if not card.open:
        return
    with card:
        years = st.number_input(
            tell("years.number"),
            1,
            MOST_YEARS,
            years_asked(shown),
            key=keys.PLAN_YEARS,
            persist_state="session",
        )
        with st.spinner(tell("curve.working"), show_time=True):
            rows = years_of(situation, shown, int(years))
        names = candidate_names(situation.inputs.candidates, current())
        for row in rows:
            st.markdown(plain(_year_sentence(row, names, current())))
        st.caption(tell("years.help"))


def years_asked(shown: Shown | None) -> int:
    """Return over how many years this session builds; at first, what is stored with the plan."""
    stored = None if shown is None else shown.plan.parameters.get("years")
    return int(st.session_state.get(keys.PLAN_YEARS) or str(stored or 1))


def curve_of(situation: Situation, shown: Shown) -> Curve:
    """Return the curve around a stored plan; worked out once."""
    return _curve((str(situation.register.folder), shown.number), situation, shown.plan)


def years_of(situation: Situation, shown: Shown, years: int) -> tuple[Year, ...]:
    """Return the roll-out of a stored plan over some years; worked out once."""
    key = (str(situation.register.folder), shown.number)
    return _years(key, years, situation, shown.plan)


def beside_of(situation: Situation, shown: Shown | None, years: int) -> Beside:
    """Return what a report tells of a plan beside it; nothing without a plan.

    Parameters
    ----------
    years
        Over which it is built; 1: at once, and nothing is told of years.
    """
    if shown is None or not shown.plan.selected or not explainable(shown.plan):
        return NOTHING_BESIDE
    why = PlanWhy(tuple(sites_why(situation, shown).values()), prices_of(situation, shown))
    rows = years_of(situation, shown, years) if years > 1 else ()
    return Beside(why, curve_of(situation, shown), rows)


def elbow_sentence(curve: Curve, lang: Lang) -> str:
    """Say where a further station, or more money, begins to win less than before."""
    if curve.elbow is None:
        return say("ui.curve.no_elbow", lang)
    point = curve.points[curve.elbow]
    key = "elbow_new" if point.new is not None else "elbow_budget"
    return say(f"ui.curve.{key}", lang, size=_size(point, lang), share=percent(point.coverage))


def picture(curve: Curve, lang: Lang, opened: int) -> str:
    """Return the curve as a drawing; figures are in the table that goes with it.

    Parameters
    ----------
    opened
        Stations of the plan at hand: its point gets a ring. A size of which no plan can be has
        none.
    """
    numbered = [(n, p) for n, p in enumerate(curve.points) if _possible(p)]
    shares = [point.coverage for _, point in numbered]
    low, high = _range(shares)
    most = _number(curve.points[-1]) or 1
    x = [_LEFT + (_WIDTH - _LEFT - _RIGHT) * _number(point) / most for _, point in numbered]
    y = [_HEIGHT - _BOTTOM - _inner() * (share - low) / (high - low) for share in shares]
    spots = list(zip(x, y, strict=True))
    parts = [_axes(low, high, curve, lang)]
    line = " ".join(f"{left:.1f},{top:.1f}" for left, top in spots)
    parts.append(f'<polyline points="{line}" fill="none" stroke="{_LINE}" stroke-width="2"/>')
    parts += [_dot(left, top) for left, top in spots]
    for (number, point), (left, top) in zip(numbered, spots, strict=True):
        if point.new == opened:
            parts.append(_ring(left, top, say("ui.curve.this", lang), below=True))
        if number == curve.elbow:
            parts.append(_ring(left, top, say("ui.curve.elbow", lang), colour=_ELBOW))
    title = escape(say("ui.curve.picture", lang))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{title}" font-family="sans-serif" font-size="11">'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="6" fill="#fff"/>{"".join(parts)}</svg>'
    )


def _range(shares: list[float]) -> tuple[float, float]:
    """Return whole steps of the axis around the shares."""
    low = int(min(shares, default=0.0) / _ROUND_SHARE) * _ROUND_SHARE
    high = -(-max(shares, default=0.0) // _ROUND_SHARE) * _ROUND_SHARE
    return low, max(high, low + _ROUND_SHARE)


def _inner() -> float:
    return _HEIGHT - _TOP - _BOTTOM


def _axes(low: float, high: float, curve: Curve, lang: Lang) -> str:
    base = _HEIGHT - _BOTTOM
    right = _WIDTH - _RIGHT
    size = escape(_size(curve.points[-1], lang))
    lines = f"M{_LEFT} {base}H{right}M{_LEFT} {base - _inner()}H{right}"
    parts = [f'<path d="{lines}" stroke="{_GREY}"/>']
    for share, top in ((low, base), (high, base - _inner())):
        parts.append(_text(_LEFT - 6, top + 4, percent(share, digits=0), "end"))
    parts.append(_text(_LEFT, base + 17, "0", "middle"))
    parts.append(_text(right, base + 17, size, "end"))
    return "".join(parts)


def _text(left: float, top: float, said: str, anchor: str, weight: str = "400") -> str:
    return (
        f'<text x="{left:.1f}" y="{top:.1f}" text-anchor="{anchor}" font-weight="{weight}" '
        f'fill="{_INK}">{escape(said)}</text>'
    )


def _dot(left: float, top: float) -> str:
    return f'<circle cx="{left:.1f}" cy="{top:.1f}" r="3" fill="{_LINE}"/>'


def _ring(left: float, top: float, said: str, *, colour: str = _LINE, below: bool = False) -> str:
    anchor = "end" if left > _WIDTH * 0.8 else "start" if left < _WIDTH * 0.2 else "middle"
    return (
        f'<circle cx="{left:.1f}" cy="{top:.1f}" r="7" fill="none" stroke="{colour}" '
        'stroke-width="2.5"/>'
    ) + _text(left, top + 20 if below else top - 12, said, anchor, "600")


def _table(curve: Curve, lang: Lang) -> pd.DataFrame:
    rows = []
    before: float | None = None
    for number, point in enumerate(curve.points):
        size = _size(point, lang) + (say("ui.curve.mark", lang) if number == curve.elbow else "")
        able = _possible(point)
        won = None if before is None else point.workers_covered - before
        rows.append(
            {
                say("ui.curve.size", lang): size,
                say("ui.curve.share", lang): percent(point.coverage) if able else "—",
                say("ui.curve.more", lang): (
                    f"+{count(won, lang)}" if able and won is not None else "—"
                ),
                say("ui.curve.cost", lang): yuan(point.cost_yuan, lang) if able else "—",
                say("ui.curve.sure", lang): _sure(point, lang),
            }
        )
        before = point.workers_covered if able else None
    return pd.DataFrame(rows).set_index(say("ui.curve.size", lang))


def _sure(point: CurvePoint, lang: Lang) -> str:
    if point.status == "infeasible":
        return say("ui.curve.impossible", lang)
    if point.status == "optimal":
        return say("ui.curve.proved", lang)
    return say("ui.curve.at_most", lang, workers=count(point.bound_workers, lang))


def _possible(point: CurvePoint) -> bool:
    return point.status != "infeasible"


def _number(point: CurvePoint) -> float:
    return float(point.budget_yuan or 0) if point.new is None else float(point.new)


def _size(point: CurvePoint, lang: Lang) -> str:
    if point.new is None:
        return yuan(point.budget_yuan or 0, lang)
    return say("ui.curve.stations", lang, new=point.new)


def _year_sentence(row: Year, names: dict[str, str], lang: Lang) -> str:
    sites = say("why.names_joint", lang).join(names.get(site, site) for site in row.sites)
    key = "ui.years.row" if round(row.regret_workers) else "ui.years.row_best"
    return say(
        key,
        lang,
        year=row.year,
        sites=sites or say("ui.years.none", lang),
        covered=count(row.workers_covered, lang),
        regret=count(row.regret_workers, lang),
    )


@st.cache_resource(max_entries=_PLANS, show_spinner=False)
def _curve(key: tuple[str, int], _situation: Situation, _plan: PlanResult) -> Curve:
    """Return plans of the most coverage: rule points, the second goal, are left aside."""
    del key
    task = task_for(_situation, _plan)
    limits = task.limits
    new = None if limits.new is None else max(2 * limits.new, _LEAST_SIZES)
    budget = limits.budget_yuan
    twice = None if budget is None else budget if limits.new is not None else 2 * budget
    return curve_from(replace(task, limits=replace(limits, tolerance=0.0)), new, twice)


@st.cache_resource(max_entries=_PLANS, show_spinner=False)
def _years(
    key: tuple[str, int], years: int, _situation: Situation, _plan: PlanResult
) -> tuple[Year, ...]:
    del key
    return years_from(task_for(_situation, _plan), _plan, years)
