"""Sizes and years of plans for other goals than coverage, in sentences."""

from collections.abc import Sequence

from siting.lines import curve_lines as coverage_curve_lines
from siting.lines import year_lines as coverage_year_lines
from siting.plans.curve import Curve, CurvePoint, Year
from siting.plans.goals.own_lines import amount_text, change_text
from words import Lang, percent, say, yuan


def curve_lines(curve: Curve, lang: Lang) -> list[str]:
    """Return a curve as a line per plan, the elbow marked."""
    if curve.goal == "coverage":
        return coverage_curve_lines(curve, lang)
    lines = [say("plan_goals.curve.title", lang)]
    for number, point in enumerate(curve.points):
        line = curve_point(curve, point, lang)
        lines.append(line + (say("plan_goals.curve.mark", lang) if number == curve.elbow else ""))
    return lines


def curve_point(curve: Curve, point: CurvePoint, lang: Lang) -> str:
    """Return one size: its cost, its figure and coverage, what is proved."""
    if point.status == "infeasible":
        key = "plan_goals.curve.none" if curve.goal == "center" else "siting.curve.point_infeasible"
        return say(key, lang, opened=point.new or point.opened)
    return say(
        "plan_goals.curve.point_places" if curve.goal == "effective" else "plan_goals.curve.point",
        lang,
        opened=point.opened if point.new is None else point.new,
        cost=yuan(point.cost_yuan, lang),
        name=say(f"siting.goal.name_{curve.goal}", lang),
        figure=figure_text(curve, point.figure, lang),
        share=percent(point.coverage),
        proof=curve_proof(curve, point, lang),
    )


def figure_text(curve: Curve, figure: float | None, lang: Lang) -> str:
    """Return a figure of a curve with its unit; that there is none."""
    if figure is None:
        return say("siting.goal.none", lang)
    return amount_text(figure, curve.unit, lang)


def curve_proof(curve: Curve, point: CurvePoint, lang: Lang) -> str:
    """Return what is proved of one size."""
    if point.status == "infeasible":
        return say("ui.curve.impossible", lang)
    if point.status == "optimal":
        return say("ui.curve.proved", lang)
    if point.figure_bound is None:
        return say("plan_goals.curve.open", lang)
    key = "at_least" if curve.unit == "metres" else "at_most"
    bound = amount_text(point.figure_bound, curve.unit, lang)
    return say(f"plan_goals.curve.{key}", lang, bound=bound)


def year_lines(years: Sequence[Year], lang: Lang) -> list[str]:
    """Return a roll-out as a line per year."""
    if all(row.goal == "coverage" for row in years):
        return coverage_year_lines(years, lang)
    return [year_line(row, "、".join(row.sites) or "—", lang) for row in years]


def year_line(row: Year, sites: str, lang: Lang) -> str:
    """Return one year of a plan for another goal: what is opened, what is reached, the regret."""
    worse = change_text(-(row.regret or 0.0), row.goal, row.unit, lang)
    best = worse == say(f"plan_goals.same.{row.goal}", lang)
    return say(
        "plan_goals.year_best" if best else "plan_goals.year",
        lang,
        year=row.year,
        sites=sites,
        name=say(f"siting.goal.name_{row.goal}", lang),
        figure=amount_text(row.figure or 0.0, row.unit, lang),
        worse=worse,
    )
