"""The section on effective coverage: who is served, who is not and why, what would mend it."""

from itertools import zip_longest

from reports import figures, norms, served, year
from reports.bars import bar_png
from reports.blocks import Picture
from reports.document_year import write_key_places
from reports.levels import By, LevelLine, level_lines, total_line
from reports.outline import Columns, Outline
from words import count, percent

AREAS_PRINTED = 12
"""Gap areas of the document; the annex holds all. So do questions."""
QUESTIONS_PRINTED = 8
WAYS_PRINTED = 2
"""Mends printed beside a gap area, the cheapest per worker first."""

_BAR_MM = (49.0, 3.6)


def write_served(outline: Outline) -> None:
    """Write the section."""
    outline.section("served")
    outline.write(*served.beside_sentences(outline.report))
    _rows(outline, "town")
    _waterfall(outline)
    _rows(outline, "group")
    _rows(outline, "window")
    _norms(outline)
    _areas(outline)
    write_key_places(outline)
    _questions(outline)
    _unreached(outline)


def write_first_table(outline: Outline) -> None:
    """Write the one table of the first page: who is covered, and how the work stands."""
    report = outline.report
    left, right = year.coverage_pairs(report), year.work_pairs(report)
    none = ("", "")
    columns: Columns = [
        ("item", 34.0, "left"),
        ("figure", 32.0, "right"),
        ("item_2", 40.0, "left"),
        ("figure_2", 50.0, "right"),
    ]
    rows = [[*one, *other] for one, other in zip_longest(left, right, fillvalue=none)]
    outline.table("summary", columns, rows)


def _norms(outline: Outline) -> None:
    report, lines = outline.report, norms.norm_lines(outline.report)
    outline.part("norms")
    if not lines:
        outline.write(report.say("norms.none"))
        return
    outline.note(report.say("norms.note"))
    columns: Columns = [
        ("standard", 56.0, "left"),
        ("pass_share", 16.0, "right"),
        ("effective_share", 22.0, "right"),
        ("nominal_share", 22.0, "right"),
        ("verdict", 18.0, "center"),
        ("units_passed", 22.0, "right"),
    ]
    rows = [
        [
            line.name,
            percent(line.asked, digits=0),
            percent(line.effective),
            percent(line.nominal),
            line.verdict,
            line.units,
        ]
        for line in lines
    ]
    outline.table("norms", columns, rows)


def _waterfall(outline: Outline) -> None:
    report = outline.report
    outline.part("waterfall")
    outline.note(report.say("served.waterfall_note"))
    for sentence in served.door_sentences(report):
        outline.note(sentence)
    columns: Columns = [
        ("step", 58.0, "left"),
        ("people", 26.0, "right"),
        ("share", 20.0, "right"),
        ("bar", 52.0, "left"),
    ]
    steps = served.steps(report)
    whole = steps[0].workers or 1
    rows: list[list[str | Picture]] = []
    for step in steps:
        told = count(step.workers, report.lang)
        png = bar_png(step.start / whole, step.workers / whole, taken=step.taken)
        picture = Picture(png, *_BAR_MM, alt=report.say("bar_alt", name=step.name, workers=told))
        rows.append([step.name, told, percent(step.share), picture])
    outline.table("served", columns, rows)


def _rows(outline: Outline, by: By) -> None:
    report, lines = outline.report, level_lines(outline.report, by)
    if not lines:
        return
    outline.part(f"served_{by}")
    if by == "window":
        outline.note(report.say("by_window_note"))
    reached = served.in_reach_name(report)
    columns: Columns = [
        (by, 39.0, "left"),
        (_people(by, "workers"), 20.0, "right"),
        (_people(by, "verified"), 20.0, "right"),
        (_people(by, "unverified"), 21.0, "right"),
        (_people(by, "uncovered"), 20.0, "right"),
        ("effective_share", 18.0, "right"),
        (f"{reached}_share", 18.0, "right"),
    ]
    rows = [_cells(outline, served.line_name(report, by, line.name), line) for line in lines]
    totals = None
    if by != "window":
        totals = _cells(outline, report.say("total"), total_line(report))
    outline.table(f"served_{by}", columns, rows, totals)


def _people(by: By, key: str) -> str:
    """Return the key of a heading: workers of one window are no average."""
    return f"heads_{key}" if by == "window" else key


def _cells(outline: Outline, name: str, line: LevelLine) -> list[str]:
    counted = (line.workers, line.verified, line.unverified, line.uncovered)
    return [
        name,
        *(outline.counted(figure) for figure in counted),
        outline.share(line.coverage),
        outline.share(line.nominal_coverage),
    ]


def _questions(outline: Outline) -> None:
    report, lines = outline.report, served.question_lines(outline.report)
    outline.part("questions")
    if not lines:
        outline.write(report.say("questions_none"))
        return
    printed = lines[:QUESTIONS_PRINTED]
    outline.note(report.say("questions_note", printed=len(printed), total=len(lines)))
    columns: Columns = [
        ("station", 62.0, "left"),
        ("town", 36.0, "left"),
        ("ask", 32.0, "left"),
        ("hanging", 26.0, "right"),
    ]
    rows = [[line.station, line.town, line.blanks, outline.counted(line.workers)] for line in lines]
    outline.table("questions", columns, rows[: len(printed)])


def _areas(outline: Outline) -> None:
    report, lines = outline.report, served.area_lines(outline.report)
    outline.part("gaps")
    if not lines:
        outline.write(report.say("gaps_none"))
        return
    printed = lines[:AREAS_PRINTED]
    outline.note(report.say("gaps_note", printed=len(printed), total=len(lines)))
    columns: Columns = [
        ("area_no", 10.0, "center"),
        ("place", 28.0, "left"),
        ("uncovered", 20.0, "right"),
        ("worst_when", 27.0, "left"),
        ("cause", 21.0, "left"),
        ("ways", 50.0, "left"),
    ]
    rows = [
        [
            str(line.order),
            line.place,
            count(line.workers, report.lang),
            served.when_and_who(report, line),
            line.cause,
            "\n".join(served.way_text(report, item) for item in line.area.mends[:WAYS_PRINTED])
            or report.say("no_way"),
        ]
        for line in printed
    ]
    outline.table("gaps", columns, rows)


def _unreached(outline: Outline) -> None:
    report = outline.report
    outline.part("unreached")
    outline.write(*figures.unreached_sentences(report))
    records = figures.station_rows(report)
    stations = [
        figures.name_or_id(records.get(identity, {}), identity)
        for identity in report.coverage.unreachable_stations
    ]
    if stations:
        listed, more = outline.listed(stations)
        outline.write(report.say("unreachable_names", names=listed, more=more))
    if report.coverage.unsnapped_demand:
        points = count(len(report.coverage.unsnapped_demand), report.lang)
        outline.write(report.say("unsnapped_listed", points=points))
    _unattached(outline)


def _unattached(outline: Outline) -> None:
    report = outline.report
    if not report.unattached_candidates:
        return
    names, more = outline.listed(figures.unattached_names(report))
    outline.write(report.say("unattached_names", names=names, more=more))
