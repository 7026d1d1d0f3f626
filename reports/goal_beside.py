"""Why a plan for another goal than coverage is as it is, its sizes and its years, as printed.

Every figure is in the unit of the goal, which stands beside it.
"""

from math import isinf

from reports import plan_beside
from reports.outline import Columns, Outline
from reports.report import Report
from reports.sheets import make_sheet, method_notes, yes_no
from reports.tables import Kind, Sheet
from siting.plan_results import Unit
from siting.plans.curve import Curve
from siting.plans.goals.own_lines import amount_text, change_text
from siting.plans.goals.size_lines import curve_proof, figure_text
from siting.results import plain
from words import percent, say


def is_own(report: Report) -> bool:
    """Tell whether the plan of a report seeks something else than coverage."""
    return report.plan is not None and report.plan.goal is not None


def write_goal_why(outline: Outline) -> None:
    """Write why each site is there, and what each condition costs."""
    report = outline.report
    lines = plan_beside.why_lines(report)
    outline.part("plan_why")
    outline.note(_meant(report, "why"))
    columns: Columns = [
        ("order", 10.0, "center"),
        ("name", 28.0, "left"),
        ("why_said", 48.0, "left"),
        ("runner_up", 28.0, "left"),
        ("decided", 52.0, "left"),
    ]
    rows = [
        [str(line.order), line.name, line.said, line.runner_up_said, line.decided] for line in lines
    ]
    outline.table("plan_why", columns, rows)
    told = [said for _, said in plan_beside.prices(report)]
    if told:
        outline.write(say("plan_goals.prices", report.lang))
        outline.write(report.say("prices_all", prices=report.say("and_joint").join(told)))


def write_goal_curve(outline: Outline, curve: Curve) -> None:
    """Write the best plan of every size."""
    report = outline.report
    outline.part("plan_curve")
    outline.note(_meant(report, "curve"))
    columns: Columns = [
        ("curve_size", 30.0, "left"),
        ("own_figure", 34.0, "right"),
        ("coverage", 28.0, "right"),
        ("cost", 28.0, "right"),
        ("curve_proof", 36.0, "left"),
    ]
    rows = [
        [
            line.size,
            figure_text(curve, point.figure, report.lang),
            percent(line.coverage),
            f"{line.cost_yuan:,}",
            curve_proof(curve, point, report.lang),
        ]
        for line, point in zip(plan_beside.curve_lines(report), curve.points, strict=True)
    ]
    outline.table("plan_curve", columns, rows)


def write_goal_years(outline: Outline) -> None:
    """Write what is built in which year."""
    report = outline.report
    outline.part("plan_years")
    outline.note(_meant(report, "years"))
    columns: Columns = [
        ("year", 14.0, "center"),
        ("year_sites", 76.0, "left"),
        ("own_figure", 33.0, "right"),
        ("own_regret", 33.0, "left"),
    ]
    rows = [
        [
            str(row.year),
            line.sites or report.say("none"),
            amount_text(row.figure or 0.0, row.unit, report.lang),
            change_text(-(row.regret or 0.0), row.goal, row.unit, report.lang),
        ]
        for row, line in zip(report.beside.years, plan_beside.year_lines(report), strict=True)
    ]
    outline.table("plan_years", columns, rows)


def goal_sheets(report: Report) -> list[Sheet | None]:
    """Return the sheets of what is asked for; None: it is not."""
    return [_why(report), _prices(report), _curve(report), _years(report)]


def _why(report: Report) -> Sheet | None:
    columns: list[tuple[str, Kind]] = [
        ("order", "count"),
        ("id", "text"),
        ("name", "text"),
        ("own_unit", "text"),
        ("own_alone", "number"),
        ("own_gained", "number"),
        ("own_lost", "number"),
        ("runner_up", "text"),
        ("runner_up_change", "number"),
        ("why_said", "text"),
        ("decided", "text"),
        ("whom", "text"),
    ]
    rows = [
        (
            *(line.order, line.id, line.name, _unit(report, line.unit)),
            *(line.alone, line.gained, line.lost, line.rival, line.change),
            *(line.said, line.decided, line.whom),
        )
        for line in plan_beside.why_lines(report)
    ]
    notes = [_meant(report, "why"), *method_notes(report)]
    return make_sheet(report, "plan_why", columns, rows, notes=notes) if rows else None


def _prices(report: Report) -> Sheet | None:
    columns: list[tuple[str, Kind]] = [
        ("sentence", "text"),
        ("own_unit", "text"),
        ("own_price", "number"),
        ("price_least", "number"),
        ("price_most", "number"),
        ("price_proved", "text"),
    ]
    rows = [
        (
            said,
            _unit(report, price.unit),
            *(_finite(one) for one in (price.amount, price.least, price.most)),
            yes_no(report, answer=price.proved),
        )
        for price, said in plan_beside.prices(report)
    ]
    notes = [say("plan_goals.prices", report.lang), *method_notes(report)]
    return make_sheet(report, "plan_prices", columns, rows, notes=notes) if rows else None


def _curve(report: Report) -> Sheet | None:
    curve = report.beside.curve
    if curve is None:
        return None
    columns: list[tuple[str, Kind]] = [
        ("curve_size", "text"),
        ("own_figure", "number"),
        ("own_unit", "text"),
        ("coverage", "percent"),
        ("cost", "yuan"),
        ("curve_proof", "text"),
    ]
    rows = [
        (
            *(line.size, _number(point.figure), _unit(report, curve.unit), line.coverage),
            *(line.cost_yuan, curve_proof(curve, point, report.lang)),
        )
        for line, point in zip(plan_beside.curve_lines(report), curve.points, strict=True)
    ]
    notes = [_meant(report, "curve"), *method_notes(report)]
    return make_sheet(report, "plan_curve", columns, rows, notes=notes, filtered=False)


def _years(report: Report) -> Sheet | None:
    columns: list[tuple[str, Kind]] = [
        ("year", "count"),
        ("year_sites", "text"),
        ("own_figure", "number"),
        ("own_regret", "number"),
        ("own_unit", "text"),
    ]
    rows = [
        (
            *(row.year, line.sites, _number(row.figure), _number(row.regret)),
            _unit(report, row.unit),
        )
        for row, line in zip(report.beside.years, plan_beside.year_lines(report), strict=True)
    ]
    notes = [_meant(report, "years"), *method_notes(report)]
    return make_sheet(report, "plan_years", columns, rows, notes=notes) if rows else None


def _number(value: float | None) -> float | None:
    return None if value is None else plain(value)


def _finite(amount: float) -> float | None:
    return None if isinf(amount) else amount


def _meant(report: Report, what: str) -> str:
    """Return what a table says, with the name of the goal."""
    goal = None if report.plan is None else report.plan.goal
    name = "" if goal is None else say(f"siting.goal.name_{goal.objective}", report.lang)
    return report.say(f"own_{what}_meant", name=name)


def _unit(report: Report, unit: Unit) -> str:
    return report.say(f"own_unit_{unit}")
