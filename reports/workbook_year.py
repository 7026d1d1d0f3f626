"""The sheets on a year's work: progress, parts, the last report, standards, places, hazards."""

from dataclasses import replace

from geo.reference import read_list
from reports import figures, norms, year
from reports.report import Report
from reports.sheets import make_sheet
from reports.tables import Cell, Chart, Kind, Sheet, Value
from siting.progress import YearWork
from siting.progress.key_places import ENTERPRISE, LARGE_FIRM
from words import day

Row = list[Value | Cell]


def year_sheets(report: Report) -> list[Sheet]:
    """Return the sheets of what is known of a year's work, and of standards that were asked."""
    work = report.work
    sheets = []
    if work is not None:
        sheets = [_units(report, work), _months(report, work), _parts(report, work)]
        more = (_since(report), _places(report, work), _hazards(report, work))
        sheets += [sheet for sheet in more if sheet is not None]
    return sheets + _norms(report)


def station_sheet(report: Report) -> Sheet:
    """Return the ledger of the stations, with the seven haves item by item where they are known."""
    haves = _haves_by_station(report)
    rows = [
        [*_station(report, position, record), *_have_cells(haves, str(record["id"]))]
        for position, record in enumerate(figures.records(report.inputs.stations), 1)
    ]
    columns: list[tuple[str, Kind]] = [
        ("number", "count"),
        ("id", "text"),
        ("name", "text"),
        ("town", "text"),
        ("kind", "text"),
        ("host", "text"),
        ("hours", "text"),
        ("access", "text"),
        ("services", "text"),
        ("seats", "count"),
        ("state", "text"),
        ("opened_on", "text"),
        ("sector", "text"),
        ("invested", "yuan"),
        ("lon", "degree"),
        ("lat", "degree"),
    ]
    notes = [figures.method_sentence(report)]
    if haves is not None:
        columns += [(f"have_{code}", "text") for code in read_list("reference/haves")]
        columns.append(("haves_standing", "text"))
    else:
        notes.append(report.say("year.haves_unknown"))
    return make_sheet(report, "stations", columns, rows, notes=notes)


def _station(report: Report, position: int, record: dict[str, object]) -> Row:
    lang = report.lang
    return [
        position,
        str(record["id"]),
        figures.text(record, "name"),
        figures.text(record, "town"),
        figures.label("kinds", figures.text(record, "kind"), lang),
        figures.label("host_types", figures.text(record, "host_type"), lang),
        figures.text(record, "hours"),
        figures.labels("access", figures.text(record, "access"), lang),
        figures.labels("services", figures.text(record, "services"), lang),
        figures.number(record, "seats"),
        figures.label("states", figures.text(record, "state"), lang),
        figures.text(record, "opened_on"),
        figures.text(record, "sector"),
        figures.number(record, "invested_yuan"),
        Cell(figures.number(record, "lon"), "degree"),
        Cell(figures.number(record, "lat"), "degree"),
    ]


def _haves_by_station(report: Report) -> dict[str, list[str]] | None:
    """Return the items of each open station in words, its standing last; None: nobody told."""
    found = None if report.work is None else report.work.haves
    if found is None:
        return None
    codes = tuple(read_list("reference/haves"))
    told = {}
    for item in found:
        marks = [
            "" if item.standing == "free" else _mark(report, code, item.missing, item.unchecked)
            for code in codes
        ]
        told[item.station] = [*marks, year.have_cells(report, item)[0]]
    return told


def _mark(report: Report, code: str, missing: tuple[str, ...], unchecked: tuple[str, ...]) -> str:
    if code in missing:
        return report.say("year.have_not")
    return report.say("year.have_unchecked" if code in unchecked else "year.have_met")


def _have_cells(haves: dict[str, list[str]] | None, station: str) -> list[str]:
    if haves is None:
        return []
    blank = [""] * (len(read_list("reference/haves")) + 1)
    return haves.get(station, blank)


def _units(report: Report, work: YearWork) -> Sheet:
    columns: list[tuple[str, Kind]] = [
        ("town", "text"),
        ("target", "count"),
        ("built", "count"),
        ("overdue", "count"),
        ("open_now", "count"),
        ("undated", "count"),
        ("due", "text"),
    ]
    rows: list[Row] = [
        [
            unit.unit or report.say("none_named"),
            unit.target,
            _built(report, work, unit.built),
            unit.overdue if unit.due is not None else None,
            unit.open_now,
            unit.undated,
            "" if unit.due is None else day(unit.due, report.lang),
        ]
        for unit in year.units_in_order(report, work)
    ]
    totals: Row = [
        report.say("total"),
        work.target,
        _built(report, work, work.built or 0),
        work.overdue,
        work.open_now,
        work.undated,
        None,
    ]
    until = day(work.until, report.lang)
    notes = [
        year.year_sentence(report),
        report.say("year.units_note", year=work.year, until=until),
        *([] if work.registered else [report.say("year.units_unknown")]),
    ]
    chart = Chart("column", report.say("titles.year_units"), category=0, values=(2, 1))
    return make_sheet(report, "year_units", columns, rows, totals=totals, notes=notes, chart=chart)


def _months(report: Report, work: YearWork) -> Sheet:
    columns: list[tuple[str, Kind]] = [("month", "text"), ("built_until", "count")]
    known = work.built is not None
    rows: list[Row] = [
        [f"{work.year}-{month:02d}", opened] for month, opened in enumerate(work.months, 1) if known
    ]
    if work.target is not None:
        columns.append(("target", "count"))
        rows = [[*row, work.target] for row in rows]
    values = tuple(range(1, len(columns)))
    chart = Chart("line", report.say("titles.year_months"), category=0, values=values)
    notes = [year.year_sentence(report)]
    return make_sheet(
        report, "year_months", columns, rows, notes=notes, filtered=False, chart=chart
    )


def _parts(report: Report, work: YearWork) -> Sheet:
    columns: list[tuple[str, Kind]] = [
        ("by", "text"),
        ("part", "text"),
        ("built", "count"),
        ("open_now", "count"),
    ]
    rows: list[Row] = [
        [by, name, _built(report, work, part.built), part.open_now]
        for by, name, part in year.part_rows(report, work)
    ]
    return make_sheet(report, "year_parts", columns, rows, notes=[report.say("year.parts_note")])


def _since(report: Report) -> Sheet | None:
    lines = year.moved_lines(report)
    if not lines:
        return None
    columns: list[tuple[str, Kind]] = [(name, "text") for name in ("item", "then", "this_time")]
    columns.append(("change", "text"))
    rows = [(line.name, line.then, line.now, line.change) for line in lines]
    notes = [year.changed_sentence(report)]
    return make_sheet(report, "since", columns, rows, notes=notes, filtered=False)


def _places(report: Report, work: YearWork) -> Sheet | None:
    if work.key_places is None:
        return None
    columns: list[tuple[str, Kind]] = [
        ("id", "text"),
        ("name", "text"),
        ("town", "text"),
        ("host_kind", "text"),
        ("people_known", "count"),
        ("evidence_unit", "text"),
    ]
    left = work.key_places.unreached
    rows: list[Row] = [
        [
            place.id,
            place.name,
            place.town,
            figures.label("host_types", place.host_type, report.lang),
            place.people,
            figures.unit_name(report, "person" if place.host_type == ENTERPRISE else "person/day"),
        ]
        for place in left
    ]
    note = report.say("year.key_note", large=LARGE_FIRM, total=len(left), printed=len(left))
    notes = [note if left else report.say("year.key_none"), figures.method_sentence(report)]
    return make_sheet(report, "key_places", columns, rows, notes=notes)


def _hazards(report: Report, work: YearWork) -> Sheet | None:
    found = work.hazards
    if found is None:
        return None
    names = ("station", "town", "hazard", "deadline", "standing")
    columns: list[tuple[str, Kind]] = [(name, "text") for name in names]
    facts = {"inspections": found.inspections, "closed": found.closed, "late": found.overdue}
    return make_sheet(
        report,
        "hazards",
        columns,
        [year.hazard_cells(report, item) for item in found.open],
        notes=[report.say("year.hazards_note", open=len(found.open), **facts)],
    )


def _norms(report: Report) -> list[Sheet]:
    lines = norms.norm_lines(report)
    if not lines:
        return []
    columns: list[tuple[str, Kind]] = [
        ("standard", "text"),
        ("pass_share", "percent"),
        ("effective_share", "percent"),
        ("nominal_share", "percent"),
        ("verdict", "text"),
        ("units_passed", "text"),
        ("source", "text"),
    ]
    rows = [(n.name, n.asked, n.effective, n.nominal, n.verdict, n.units, n.source) for n in lines]
    notes = [report.say("norms.note")]
    return [
        make_sheet(report, "norms", columns, rows, notes=notes),
        _norms_by_unit(report, [line.name for line in lines], notes),
    ]


def _norms_by_unit(report: Report, names: list[str], notes: list[str]) -> Sheet:
    columns: list[tuple[str, Kind]] = [("town", "text")]
    columns += [("verdict", "text") for _ in names]
    rows = [[name, *cells] for name, cells in norms.unit_rows(report)]
    sheet = make_sheet(report, "norms_town", columns, rows, notes=notes)
    first, *others = sheet.columns
    named = (replace(column, heading=name) for column, name in zip(others, names, strict=True))
    return replace(sheet, columns=(first, *named))


def _built(report: Report, work: YearWork, built: int) -> Value | Cell:
    """Return stations built; where no station has a day of opening, that it is not known."""
    return Cell(report.say("year.not_known"), "text") if work.built is None else built
