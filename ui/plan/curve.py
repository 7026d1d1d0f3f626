"""Whether more stations are worth it, and what is built in which year: beside a plan."""

from dataclasses import replace
from html import escape
from math import ceil, floor, log10

import pandas as pd
import streamlit as st

from reports.beside import NOTHING_BESIDE, Beside
from reports.webmap import candidate_names
from siting.plan_results import PlanResult, Unit
from siting.plans.curve import Curve, CurvePoint, Year, curve_from, years_from
from siting.plans.goals.curve import CURVED, PHASED, goal_curve, goal_years
from siting.plans.goals.size_lines import curve_proof, figure_text, year_line
from siting.plans.why import PlanWhy
from ui import keys
from ui.compute import Situation
from ui.exporting import Exported, draw_export
from ui.language import current, tell
from ui.plan.stored import Shown
from ui.plan.why import case_for, explainable, prices_of, sites_why, task_for
from ui.report.words import word as export_word
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


def draw_sizes(situation: Situation, shown: Shown) -> None:
    """Draw other sizes and years of a plan; where it has none, why."""
    goal = shown.plan.goal
    if goal is None or goal.objective in CURVED:
        draw_curve(situation, shown)
    else:
        st.caption(say("plan_goals.curve.by_target", current()))
    if goal is None or goal.objective in PHASED:
        draw_years(situation, shown)
    else:
        st.caption(say("plan_goals.years_none", current()))


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
        own = curve.goal != "coverage"
        st.caption(say("plan_goals.curve.help", lang) if own else tell("curve.help"))


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
        own = any(row.goal != "coverage" for row in rows)
        st.caption(say("plan_goals.years_help", current()) if own else tell("years.help"))


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
    goal = shown.plan.goal
    phased = goal is None or goal.objective in PHASED
    curved = goal is None or goal.objective in CURVED
    rows = years_of(situation, shown, years) if years > 1 and phased else ()
    return Beside(why, curve_of(situation, shown) if curved else None, rows)


def elbow_sentence(curve: Curve, lang: Lang) -> str:
    """Say where a further station, or more money, begins to win less than before."""
    own = curve.goal != "coverage"
    if curve.elbow is None:
        return say("plan_goals.curve.no_elbow" if own else "ui.curve.no_elbow", lang)
    point = curve.points[curve.elbow]
    if own:
        facts = {
            "size": _size(point, lang),
            "name": say(f"siting.goal.name_{curve.goal}", lang),
            "figure": figure_text(curve, point.figure, lang),
        }
        return say("plan_goals.curve.elbow", lang, **facts)
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
    numbered = [(n, p) for n, p in enumerate(curve.points) if _drawn(curve, p)]
    shares = [_height(curve, point) for _, point in numbered]
    low, high = _range(shares, curve.unit if curve.goal != "coverage" else None)
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
    own = curve.goal != "coverage"
    title = escape(say("plan_goals.curve.picture" if own else "ui.curve.picture", lang))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{title}" font-family="sans-serif" font-size="11">'
        f"{''.join(parts)}</svg>"
    )


def _drawn(curve: Curve, point: CurvePoint) -> bool:
    """Tell whether a point has a place in the picture."""
    return _possible(point) and (curve.goal == "coverage" or point.figure is not None)


def _height(curve: Curve, point: CurvePoint) -> float:
    return point.coverage if curve.goal == "coverage" else float(point.figure or 0.0)


def _range(shares: list[float], unit: Unit | None) -> tuple[float, float]:
    """Return whole steps of the axis around the shares, or around figures in a unit."""
    if unit is not None:
        span = max(shares, default=0.0) - min(shares, default=0.0)
        step = 10.0 ** floor(log10(span)) if span > 0 else 1.0
        least = floor(min(shares, default=0.0) / step) * step
        return least, max(ceil(max(shares, default=0.0) / step) * step, least + step)
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
        own = curve.goal != "coverage"
        said = count(share, lang) if own else percent(share, digits=0)
        parts.append(_text(_LEFT - 6, top + 4, said, "end"))
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


def _own_table(curve: Curve, lang: Lang) -> pd.DataFrame:
    """Return a row per size of a plan for another goal than coverage."""
    name = say(f"siting.goal.name_{curve.goal}", lang)
    rows = []
    for number, point in enumerate(curve.points):
        able = _possible(point)
        mark = say("ui.curve.mark", lang) if number == curve.elbow else ""
        rows.append(
            {
                say("ui.curve.size", lang): _size(point, lang) + mark,
                name: figure_text(curve, point.figure, lang) if able else "—",
                say("ui.curve.share", lang): percent(point.coverage) if able else "—",
                say("ui.curve.cost", lang): yuan(point.cost_yuan, lang) if able else "—",
                say("ui.curve.sure", lang): curve_proof(curve, point, lang),
            }
        )
    return pd.DataFrame(rows).set_index(say("ui.curve.size", lang))


def _table(curve: Curve, lang: Lang) -> pd.DataFrame:
    if curve.goal != "coverage":
        return _own_table(curve, lang)
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
    if row.goal != "coverage":
        return year_line(row, sites or say("ui.years.none", lang), lang)
    key = "ui.years.row" if round(row.regret_workers) else "ui.years.row_best"
    return say(
        key,
        lang,
        year=row.year,
        sites=sites or say("ui.years.none", lang),
        covered=count(row.workers_covered, lang),
        regret=count(row.regret_workers, lang),
    )


def _twice(new: int | None, budget_yuan: int | None) -> tuple[int | None, int | None]:
    """Return the largest size and budget of a curve around a plan."""
    sizes = None if new is None else max(2 * new, _LEAST_SIZES)
    if budget_yuan is None:
        return sizes, None
    return sizes, budget_yuan if new is not None else 2 * budget_yuan


@st.cache_resource(max_entries=_PLANS, show_spinner=False)
def _curve(key: tuple[str, int], _situation: Situation, _plan: PlanResult) -> Curve:
    """Return plans of the most coverage: rule points, the second goal, are left aside."""
    del key
    if _plan.goal is not None:
        case = case_for(_situation, _plan)
        asked = case.asked
        return goal_curve(case, *_twice(asked.new, asked.budget_yuan))
    task = task_for(_situation, _plan)
    limits = task.limits
    new, twice = _twice(limits.new, limits.budget_yuan)
    return curve_from(replace(task, limits=replace(limits, tolerance=0.0)), new, twice)


@st.cache_resource(max_entries=_PLANS, show_spinner=False)
def _years(
    key: tuple[str, int], years: int, _situation: Situation, _plan: PlanResult
) -> tuple[Year, ...]:
    del key
    if _plan.goal is not None:
        return goal_years(case_for(_situation, _plan), years)
    return years_from(task_for(_situation, _plan), _plan, years)
