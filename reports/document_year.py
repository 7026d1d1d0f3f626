"""The sections on a year's work: progress by unit and part, the last report, ledger, hazards."""

from reports import figures, year
from reports.outline import Columns, Outline
from siting.progress import YearWork
from siting.progress.key_places import LARGE_FIRM
from words import count, day

PLACES_PRINTED = 15
"""Key places of the document; the annex holds all. So do the others."""
STATIONS_PRINTED = 20
HAZARDS_PRINTED = 20


def write_year(outline: Outline) -> None:
    """Write the section on progress; without a register it says what is not known."""
    report, work = outline.report, outline.report.work
    outline.section("year")
    if work is None:
        outline.write(report.say("year.unknown"))
        return
    outline.part("year_units")
    if not work.registered:
        outline.note(report.say("year.units_unknown"))
    _units(outline, work)
    outline.write(report.say("year.units_note", year=work.year, until=day(work.until, report.lang)))
    outline.part("year_parts")
    outline.note(report.say("year.parts_note"))
    _parts(outline, work)
    outline.part("since")
    outline.write(year.changed_sentence(report))
    _since(outline)


def write_ledger(outline: Outline) -> None:
    """Write what checks of the stations came to."""
    report, work = outline.report, outline.report.work
    outline.section("ledger")
    outline.part("haves")
    _haves(outline, work)
    outline.part("hazards")
    if work is None or work.hazards is None:
        outline.write(report.say("year.hazards_unknown"))
        return
    found = work.hazards
    facts = {"inspections": found.inspections, "closed": found.closed, "late": found.overdue}
    write = outline.note if found.open else outline.write
    write(report.say("year.hazards_note", open=len(found.open), **facts))
    columns: Columns = [
        ("station", 37.0, "left"),
        ("town", 26.0, "left"),
        ("hazard", 33.0, "left"),
        ("deadline", 32.0, "left"),
        ("standing", 28.0, "left"),
    ]
    rows = [year.hazard_cells(report, item) for item in found.open[:HAZARDS_PRINTED]]
    if rows:
        outline.table("hazards", columns, rows)


def write_key_places(outline: Outline) -> None:
    """Write the part on key places that no station reaches."""
    report = outline.report
    found = None if report.work is None else report.work.key_places
    outline.part("key_places")
    if found is None:
        outline.write(report.say("year.key_unknown"))
        return
    if not found.unreached:
        outline.write(report.say("year.key_none"))
        return
    printed = found.unreached[:PLACES_PRINTED]
    facts = {"large": LARGE_FIRM, "total": len(found.unreached), "printed": len(printed)}
    outline.note(report.say("year.key_note", **facts))
    columns: Columns = [
        ("name", 62.0, "left"),
        ("town", 36.0, "left"),
        ("host_kind", 26.0, "left"),
        ("people_known", 32.0, "right"),
    ]
    outline.table("key_places", columns, [year.place_cells(report, place) for place in printed])


def _units(outline: Outline, work: YearWork) -> None:
    report = outline.report
    columns: Columns = [
        ("town", 56.0, "left"),
        ("target", 20.0, "right"),
        ("built", 20.0, "right"),
        ("overdue", 20.0, "right"),
        ("open_now", 20.0, "right"),
        ("undated", 20.0, "right"),
    ]
    rows = [year.unit_cells(report, unit) for unit in year.units_in_order(report, work)]
    totals = [
        report.say("total"),
        year.or_dash(report, work.target),
        year.built_cell(report, work, work.built or 0),
        year.or_dash(report, work.overdue),
        count(work.open_now, report.lang),
        count(work.undated, report.lang),
    ]
    outline.table("year_units", columns, rows, totals)


def _parts(outline: Outline, work: YearWork) -> None:
    report = outline.report
    columns: Columns = [
        ("by", 30.0, "left"),
        ("part", 66.0, "left"),
        ("built", 30.0, "right"),
        ("open_now", 30.0, "right"),
    ]
    rows: list[list[str]] = []
    told = ""
    for by, name, part in year.part_rows(report, work):
        built = year.built_cell(report, work, part.built)
        rows.append([by if by != told else "", name, built, count(part.open_now, report.lang)])
        told = by
    outline.table("year_parts", columns, rows)


def _since(outline: Outline) -> None:
    lines = year.moved_lines(outline.report)
    if not lines:
        return
    columns: Columns = [
        ("item", 60.0, "left"),
        ("then", 32.0, "right"),
        ("this_time", 32.0, "right"),
        ("change", 32.0, "right"),
    ]
    rows = [[line.name, line.then, line.now, line.change] for line in lines]
    outline.table("since", columns, rows)


def _haves(outline: Outline, work: YearWork | None) -> None:
    report = outline.report
    if work is None or work.haves is None:
        outline.write(report.say("year.haves_unknown"))
        return
    standings = ("passes", "fails", "unverified", "free")
    counted = {name: sum(item.standing == name for item in work.haves) for name in standings}
    failing = [item for item in work.haves if item.standing == "fails"]
    if not failing:
        outline.write(report.say("year.haves_free", **counted))
        return
    printed = failing[:STATIONS_PRINTED]
    outline.note(report.say("year.haves_note", printed=len(printed), **counted))
    records = figures.station_rows(report)
    rows: list[list[str]] = []
    for item in printed:
        record = records.get(item.station, {})
        _, missing, unchecked = year.have_cells(report, item)
        name = figures.name_or_id(record, item.station)
        rows.append([name, figures.text(record, "town"), missing, unchecked])
    columns: Columns = [
        ("station", 50.0, "left"),
        ("town", 32.0, "left"),
        ("missing_haves", 40.0, "left"),
        ("unchecked_haves", 34.0, "left"),
    ]
    if not any(row[-1] for row in rows):  # all of them were checked: no empty column
        columns = [
            ("station", 66.0, "left"),
            ("town", 36.0, "left"),
            ("missing_haves", 54.0, "left"),
        ]
        rows = [row[:-1] for row in rows]
    outline.table("haves", columns, rows)
