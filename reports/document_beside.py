"""Why the plan is as it is, its curve and its years, in the document."""

from reports import plan_beside
from reports.goal_beside import is_own, write_goal_curve, write_goal_why, write_goal_years
from reports.outline import Columns, Outline
from words import count, percent


def write_beside(outline: Outline) -> None:
    """Write the parts that are asked for, each with its heading."""
    _why(outline)
    _curve(outline)
    _years(outline)


def _why(outline: Outline) -> None:
    report, lines = outline.report, plan_beside.why_lines(outline.report)
    if not lines:
        return
    if is_own(report):
        write_goal_why(outline)
        return
    outline.part("plan_why")
    outline.note(report.say("why_meant"))
    columns: Columns = [
        ("order", 10.0, "center"),
        ("name", 24.0, "left"),
        ("workers_alone", 16.0, "right"),
        ("workers_lost", 16.0, "right"),
        ("runner_up", 24.0, "left"),
        ("runner_up_change", 16.0, "right"),
        ("decided", 50.0, "left"),
    ]
    rows = [
        [
            str(line.order),
            line.name,
            count(line.alone or 0.0, report.lang),
            count(line.lost or 0.0, report.lang),
            line.rival or report.say("none"),
            plan_beside.signed(report, line.change),
            line.decided,
        ]
        for line in lines
    ]
    outline.table("plan_why", columns, rows)
    told = [said for _, said in plan_beside.prices(report)]
    if told:
        outline.write(report.say("prices_meant"))
        outline.write(report.say("prices_all", prices=report.say("and_joint").join(told)))


def _curve(outline: Outline) -> None:
    report, lines = outline.report, plan_beside.curve_lines(outline.report)
    curve = report.beside.curve
    if not lines or curve is None:
        return
    if curve.goal != "coverage":
        write_goal_curve(outline, curve)
        return
    outline.part("plan_curve")
    outline.note(report.say("curve_meant"))
    columns: Columns = [
        ("curve_size", 36.0, "left"),
        ("coverage", 28.0, "right"),
        ("curve_more", 28.0, "right"),
        ("cost", 28.0, "right"),
        ("curve_proof", 36.0, "left"),
    ]
    rows = [
        [
            line.size,
            percent(line.coverage),
            plan_beside.signed(report, line.more),
            f"{line.cost_yuan:,}",
            line.proof,
        ]
        for line in lines
    ]
    outline.table("plan_curve", columns, rows)


def _years(outline: Outline) -> None:
    report, lines = outline.report, plan_beside.year_lines(outline.report)
    if not lines:
        return
    if any(row.goal != "coverage" for row in report.beside.years):
        write_goal_years(outline)
        return
    outline.part("plan_years")
    outline.note(report.say("years_meant"))
    columns: Columns = [
        ("year", 14.0, "center"),
        ("year_sites", 82.0, "left"),
        ("covered_after", 30.0, "right"),
        ("year_regret", 30.0, "right"),
    ]
    rows = [
        [
            str(line.year),
            line.sites or report.say("none"),
            count(line.covered, report.lang),
            count(line.regret, report.lang),
        ]
        for line in lines
    ]
    outline.table("plan_years", columns, rows)
