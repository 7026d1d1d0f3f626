"""The sheets of effective coverage: by unit, group and window, gap areas, mends, questions."""

from reports import figures, served
from reports.levels import By, alone, level_lines, total_line
from reports.report import Report
from reports.sheets import Columns, make_sheet, told, yes_no
from reports.shown import small_cells_sentence
from reports.tables import Cell, Sheet, Value
from siting.adding_up import printed_share, whole_levels
from siting.coverage.levels import UNCOVERED
from siting.effective_lines import mend_text

_CAUSES = tuple(level.name.lower() for level in UNCOVERED)


def served_sheets(report: Report) -> list[Sheet]:
    """Return the sheets; those by unit, group or window only where these are named."""
    rows = (_rows(report, by) for by in ("town", "group", "window"))
    return [
        _steps(report),
        *(sheet for sheet in rows if sheet is not None),
        _areas(report),
        _mends(report),
        _questions(report),
    ]


def _notes(report: Report, *more: str) -> list[str]:
    return [served.terms_sentence(report), *more]


def _steps(report: Report) -> Sheet:
    total = report.effective.effective.total
    rows: list[list[Value | Cell]] = [
        [step.name, step.workers, step.share] for step in served.steps(report)
    ]
    whole = whole_levels(total)
    uncovered = sum(whole[level] for level in UNCOVERED)
    rows.append([report.say("steps.uncovered"), uncovered, printed_share(total, UNCOVERED)])
    columns: Columns = [("step", "text"), ("people", "count"), ("share", "percent")]
    notes = [
        *served.headline_sentences(report),
        *served.door_sentences(report),
        report.say("served.waterfall_note"),
        report.say("served.definition"),
        figures.measure_sentence(report),
    ]
    return make_sheet(report, "served", columns, rows, notes=notes, filtered=False)


def _rows(report: Report, by: By) -> Sheet | None:
    lines = level_lines(report, by)
    if not lines:
        return None
    reached = served.in_reach_name(report)
    prefix = "heads_" if by == "window" else ""
    columns: Columns = [
        (by, "text"),
        (f"{prefix}workers", "count"),
        (f"{prefix}verified", "count"),
        (f"{prefix}unverified", "count"),
        (f"{prefix}uncovered", "count"),
        *((cause, "count") for cause in _CAUSES),
        (f"{prefix}{reached}", "count"),
        ("effective_share", "percent"),
        (f"{reached}_share", "percent"),
    ]
    rows: list[list[Value | Cell]] = []
    for line in [*lines, total_line(report)]:
        counted = (line.workers, line.verified, line.unverified, line.uncovered)
        causes = (line.by_level[level] for level in UNCOVERED)
        cells = (*counted, *causes, line.nominal, line.coverage, line.nominal_coverage)
        rows.append([served.line_name(report, by, line.name), *map(told, cells)])
    total = [report.say("total"), *rows.pop()[1:]]
    more = [report.say("by_window_note")] if by == "window" else [figures.measure_sentence(report)]
    return make_sheet(
        report,
        f"served_{by}",
        columns,
        rows,
        totals=None if by == "window" else total,
        notes=_notes(report, *more, small_cells_sentence(report)),
    )


def _areas(report: Report) -> Sheet:
    rows = [
        (
            line.order,
            line.place,
            line.town,
            line.workers,
            line.window,
            line.group,
            told(line.heads),
            line.cause,
            len(line.area.gap.points),
            Cell(line.area.gap.lon, "degree"),
            Cell(line.area.gap.lat, "degree"),
        )
        for line in served.area_lines(report)
    ]
    columns: Columns = [
        ("area_no", "count"),
        ("place", "text"),
        ("town", "text"),
        ("uncovered", "count"),
        ("window", "text"),
        ("group", "text"),
        ("heads", "count"),
        ("cause", "text"),
        ("points_count", "count"),
        ("lon", "degree"),
        ("lat", "degree"),
    ]
    notes = _notes(report, report.say("areas_defined"))
    return make_sheet(report, "gaps", columns, rows, notes=notes)


def _mends(report: Report) -> Sheet:
    found = report.effective
    rows = [
        (
            line.order,
            line.place,
            report.say(f"ways_kinds.{item.mend.kind}"),
            mend_text(found, item.mend, report.lang),
            found.site_id(item.mend),
            found.site_name(item.mend),
            told(alone(report, item.mend.workers)),
            told(alone(report, item.mend.made_sure)),
            item.cost_yuan,
            yes_no(report, answer=item.cost_assumed),
            told(served.cost_per_worker(report, item)),
        )
        for line in served.area_lines(report)
        for item in line.area.mends
    ]
    columns: Columns = [
        ("area_no", "count"),
        ("place", "text"),
        ("way_kind", "text"),
        ("way", "text"),
        ("site_id", "text"),
        ("site", "text"),
        ("won", "count"),
        ("made_sure", "count"),
        ("cost", "yuan"),
        ("cost_assumed", "text"),
        ("cost_per_worker", "number"),
    ]
    return make_sheet(
        report, "mends", columns, rows, notes=_notes(report, report.say("mends_defined"))
    )


def _questions(report: Report) -> Sheet:
    rows = [
        (place, line.id, line.station, line.town, line.blanks, told(line.workers))
        for place, line in enumerate(served.question_lines(report), 1)
    ]
    columns: Columns = [
        ("number", "count"),
        ("id", "text"),
        ("station", "text"),
        ("town", "text"),
        ("ask", "text"),
        ("hanging", "count"),
    ]
    return make_sheet(
        report, "questions", columns, rows, notes=_notes(report, report.say("questions_defined"))
    )
