"""Why the plan is as it is, its curve and its years: sheets of the annex."""

from reports import plan_beside
from reports.goal_beside import goal_sheets, is_own
from reports.report import Report
from reports.sheets import make_sheet, method_notes, yes_no
from reports.tables import Kind, Sheet


def beside_sheets(report: Report) -> list[Sheet]:
    """Return the sheets of what is asked for."""
    made = [_why(report), _prices(report), _curve(report), _years(report)]
    if is_own(report):
        own = goal_sheets(report)
        of_coverage = any(row.goal == "coverage" for row in report.beside.years)
        made = [*own[:3], made[3] if of_coverage else own[3]]
    return [sheet for sheet in made if sheet is not None]


def _why(report: Report) -> Sheet | None:
    columns: list[tuple[str, Kind]] = [
        ("order", "count"),
        ("id", "text"),
        ("name", "text"),
        ("workers_alone", "count"),
        ("workers_gained", "count"),
        ("workers_lost", "count"),
        ("runner_up", "text"),
        ("runner_up_change", "count"),
        ("decided", "text"),
        ("whom", "text"),
    ]
    rows = [
        (
            line.order,
            line.id,
            line.name,
            line.alone,
            line.gained,
            line.lost,
            line.rival,
            line.change,
            line.decided,
            line.whom,
        )
        for line in plan_beside.why_lines(report)
    ]
    notes = [report.say("why_meant"), *method_notes(report)]
    return make_sheet(report, "plan_why", columns, rows, notes=notes) if rows else None


def _prices(report: Report) -> Sheet | None:
    columns: list[tuple[str, Kind]] = [
        ("sentence", "text"),
        ("price_workers", "count"),
        ("price_least", "count"),
        ("price_most", "count"),
        ("price_proved", "text"),
    ]
    rows = [
        (said, price.amount, price.least, price.most, yes_no(report, answer=price.proved))
        for price, said in plan_beside.prices(report)
    ]
    notes = [report.say("prices_meant"), *method_notes(report)]
    return make_sheet(report, "plan_prices", columns, rows, notes=notes) if rows else None


def _curve(report: Report) -> Sheet | None:
    columns: list[tuple[str, Kind]] = [
        ("curve_size", "text"),
        ("coverage", "percent"),
        ("curve_more", "count"),
        ("cost", "yuan"),
        ("curve_proof", "text"),
    ]
    rows = [
        (line.size, line.coverage, line.more, line.cost_yuan, line.proof)
        for line in plan_beside.curve_lines(report)
    ]
    notes = [report.say("curve_meant"), *method_notes(report)]
    if not rows:
        return None
    return make_sheet(report, "plan_curve", columns, rows, notes=notes, filtered=False)


def _years(report: Report) -> Sheet | None:
    columns: list[tuple[str, Kind]] = [
        ("year", "count"),
        ("year_sites", "text"),
        ("covered_after", "count"),
        ("year_regret", "count"),
    ]
    rows = [
        (line.year, line.sites, line.covered, line.regret)
        for line in plan_beside.year_lines(report)
    ]
    notes = [report.say("years_meant"), *method_notes(report)]
    return make_sheet(report, "plan_years", columns, rows, notes=notes) if rows else None
