"""A year's work as it is printed: sentences and rows, on the first page and behind it.

What nobody told is "not known", never 0.
"""

from collections.abc import Iterable

from geo.reference import read_list
from reports import figures
from reports.levels import LevelLine, level_lines, total_line
from reports.report import Report
from reports.served import terms_sentence
from reports.since import SinceLine, figures_now, since_lines
from siting.adding_up import printed_share, whole_levels
from siting.coverage.levels import UNCOVERED, Level
from siting.haves_audit import StationHaves
from siting.progress import KeyPlace, OpenHazard, Part, Progress, YearWork
from words import count, day, percent, yuan

Pair = tuple[str, str]
"""A line of the first table: what it is, and its figure."""


def year_sentence(report: Report) -> str:
    """Say what was built this year, of what was asked for, what is open, and what was spent."""
    work = report.work
    if work is None:
        return report.say("year.unknown")
    built = _built_sentence(report, work)
    total, lang = work.money.total_yuan, report.lang
    spent = report.say("year.spent_unknown")
    if total is not None:
        spent = report.say("year.spent", spent=yuan(total, lang))
    return built + report.say("year.open", open=count(work.open_now, lang), spent=spent)


def _built_sentence(report: Report, work: YearWork) -> str:
    lang = report.lang
    facts = {"year": work.year, "undated": count(work.undated, lang)}
    if work.built is None:
        return report.say("year.built_unknown", **facts)
    facts["built"] = count(work.built, lang)
    if work.target is None:
        return report.say("year.built", **facts)
    facts["target"] = count(work.target, lang)
    facts["share"] = percent(work.built / work.target if work.target else 1.0)
    return report.say("year.built_of", **facts)


def coverage_pairs(report: Report) -> list[Pair]:
    """Return who is covered: the left half of the first table."""
    line, total = total_line(report), report.effective.effective.total
    # Heat and cold weigh hours: nominal coverage is then a share of other workers, and says so.
    apart = "" if report.effective.effective.terms.weather.mild else "_apart"
    rows = [
        ("effective", line.verified, total.coverage),
        ("unverified", line.unverified, printed_share(total, [Level.UNVERIFIED])),
        ("uncovered", line.uncovered, printed_share(total, UNCOVERED)),
        (f"covered{apart}", report.coverage.workers_covered, report.coverage.coverage),
    ]
    plan = report.plan
    if plan is not None and plan.after is not None:
        rows.append((f"after{apart}", plan.after.workers_covered, plan.after.coverage))
    said = [
        (
            report.say(f"year.items.{key}"),
            report.say("year.part", part=_counted(report, figure), share=percent(share)),
        )
        for key, figure, share in rows
    ]
    workers = (report.say("year.items.workers"), _counted(report, line.workers))
    eight = (report.say("year.items.eight"), eight_text(report))
    return [workers, *said[:4], eight, *(said[4:] or _standards(report))]


def _standards(report: Report) -> list[Pair]:
    """Return how many of the standards the district passes; nothing where they were not asked."""
    if report.standards is None:
        return []
    judged = report.standards.judged
    passed = sum(item.verdict(item.coverage.total) == "pass" for item in judged)
    told = report.say("year.standards", passed=passed, asked=len(judged))
    return [(report.say("year.items.standards"), told)]


def work_pairs(report: Report) -> list[Pair]:
    """Return how the work stands: the right half of the first table."""
    work = report.work
    told = {
        "built": _built(report, work),
        "open": _unknown(report) if work is None else _places(report, work.open_now),
        "spent": _spent(report, work),
        "haves": haves_text(report),
        "key_places": _key_places(report, work),
        "hazards": _hazards(report, work),
        "tasks": _tasks(report, work),
    }
    year = report.until.year
    return [(report.say(f"year.items.{name}", year=year), text) for name, text in told.items()]


def basis_sentences(report: Report) -> tuple[str, str]:
    """Say on what terms the figures count; up to when, and who answers for them."""
    blank = report.say("blank")
    averaged = report.say("year.averaged") if report.averaged else ""
    return (
        terms_sentence(report) + averaged,
        report.say(
            "year.signed",
            until=day(report.until, report.lang),
            compiled_by=report.compiled_by or blank,
            reviewed_by=report.reviewed_by or blank,
            sent_to=report.say("year.sent", to=report.receiver) if report.receiver else "",
        ),
    )


def eight_text(report: Report) -> str:
    """Write the effectively covered share of the eight groups together; few workers hide it."""
    eight = {code for code, entry in read_list("reference/groups").items() if entry.get("eight")}
    rows = [row for row in report.effective.rows("group") if row.name in eight]
    workers = sum(row.workers for row in rows)
    if not workers:
        return _unknown(report)
    if any(isinstance(line.coverage, str) for line in eight_lines(report)):
        return report.say("withheld")
    verified = [whole_levels(row)[Level.VERIFIED] for row in rows]
    share = percent(sum(row.verified for row in rows) / workers)
    return report.say("year.part", part=count(sum(verified), report.lang), share=share)


def eight_lines(report: Report) -> list[LevelLine]:
    """Return the rows of the eight groups."""
    eight = {code for code, entry in read_list("reference/groups").items() if entry.get("eight")}
    return [line for line in level_lines(report, "group") if line.name in eight]


def haves_text(report: Report) -> str:
    """Write how many of the bound stations have all seven; "not checked" where nobody looked."""
    found = None if report.work is None else report.work.haves
    if found is None:
        return _unknown(report)
    bound = [item for item in found if item.standing != "free"]
    if all(item.standing == "unverified" for item in bound):
        return report.say("year.not_checked")
    passed = sum(item.standing == "passes" for item in bound)
    return report.say(
        "year.haves", passed=passed, bound=len(bound), share=percent(passed / len(bound))
    )


def units_in_order(report: Report, work: YearWork) -> list[Progress]:
    """Return the units as in the tables of coverage, where these name them all; else as listed."""
    order = {row.name: place for place, row in enumerate(report.coverage.towns)}
    units = list(work.units)
    if all(unit.unit in order for unit in units):
        units.sort(key=lambda unit: order[unit.unit])
    return units


def unit_cells(report: Report, unit: Progress) -> list[str]:
    """Return one unit's row: target, built, missing after its day, open, of unknown year."""
    lang = report.lang
    dated = unit.built or unit.undated < unit.open_now or not unit.open_now
    return [
        unit.unit or report.say("none_named"),
        or_dash(report, unit.target),
        count(unit.built, lang) if dated else _unknown(report),
        or_dash(report, None if unit.due is None else unit.overdue),
        count(unit.open_now, lang),
        count(unit.undated, lang),
    ]


def or_dash(report: Report, number: int | None) -> str:
    """Write a number; a dash where there is none, e.g. no target."""
    return report.say("year.dash") if number is None else count(number, report.lang)


def part_rows(report: Report, work: YearWork) -> Iterable[tuple[str, str, Part]]:
    """Yield stations by kind, by area and by sector: by what, its name, the figures."""
    unnamed = report.say("none_named")

    def kind(code: str) -> str:
        return figures.label("kinds", code, report.lang) if code else unnamed

    def area(code: str) -> str:
        return figures.rule_name(report, code) if code else report.say("year.no_area")

    def sector(code: str) -> str:
        return code or unnamed

    named = (
        ("kind", work.kinds, kind),
        ("area", work.areas, area),
        ("sector", work.sectors, sector),
    )
    for by, parts, name in named:
        for part in parts:
            yield report.say(f"year.by.{by}"), name(part.code), part


def built_cell(report: Report, work: YearWork, built: int) -> str:
    """Write stations built; not known where no station of the district has a day of opening."""
    return _unknown(report) if work.built is None else count(built, report.lang)


def place_cells(report: Report, place: KeyPlace) -> list[str]:
    """Return one key place's row: its name, unit, what it is, how many people."""
    unit = "person" if place.host_type == "enterprise" else "person/day"
    people = "" if place.people is None else count(place.people, report.lang)
    said = figures.unit_name(report, unit)
    return [
        place.name,
        place.town or report.say("none_named"),
        figures.label("host_types", place.host_type, report.lang),
        report.say("year.people", people=people, unit=said) if people else _unknown(report),
    ]


def have_cells(report: Report, item: StationHaves) -> list[str]:
    """Return what one station lacks and what nobody checked, named."""
    haves, joint = read_list("reference/haves"), report.say("list_joint")

    def named(codes: Iterable[str]) -> str:
        return joint.join(str(haves[code][report.lang]) for code in codes)

    return [
        report.say(f"year.standing.{item.standing}"),
        named(item.missing),
        named(item.unchecked),
    ]


def hazard_cells(report: Report, hazard: OpenHazard) -> list[str]:
    """Return one open hazard's row: the station, what it is, by when, how it stands."""
    record = figures.station_rows(report).get(hazard.station, {})
    late = "year.late" if hazard.overdue else "year.in_time"
    supervised = report.say("year.supervised") if hazard.supervised else ""
    return [
        figures.name_or_id(record, hazard.station),
        figures.text(record, "town"),
        hazard.hazard,
        report.say("not_set") if hazard.deadline is None else day(hazard.deadline, report.lang),
        report.say(late) + supervised,
    ]


def moved_lines(report: Report) -> list[SinceLine]:
    """Return what has moved since the last report that the register keeps; [] without one."""
    work = report.work
    if work is None or work.last is None:
        return []
    candidates = len(report.inputs.candidates)
    now = figures_now(report.effective, report.coverage, candidates, work)
    return since_lines(work.last.figures, now, report.lang)


def changed_sentence(report: Report) -> str:
    """Say which records were changed since the last report."""
    last = None if report.work is None else report.work.last
    if last is None:
        return report.say("year.no_last")
    told = [
        report.say("year.changed_kind", kind=figures.layer_name(report, kind), count=number)
        for kind, number in last.changed.items()
    ]
    facts = {"day": day(last.made_on, report.lang), "kinds": report.say("list_joint").join(told)}
    return report.say("year.changed" if told else "year.unchanged", **facts)


def _built(report: Report, work: YearWork | None) -> str:
    if work is None:
        return _unknown(report)
    built = _unknown(report) if work.built is None else _places(report, work.built)
    if work.target is not None:
        target = _places(report, work.target)
    else:
        target = report.say("year.no_target") if work.registered else _unknown(report)
    return report.say("year.of", part=built, whole=target)


def _spent(report: Report, work: YearWork | None) -> str:
    if work is None:
        return _unknown(report)
    told = (work.money.year_yuan, work.money.total_yuan)
    year, total = (_unknown(report) if s is None else yuan(s, report.lang) for s in told)
    return year if year == total else report.say("year.of", part=year, whole=total)


def _key_places(report: Report, work: YearWork | None) -> str:
    found = None if work is None else work.key_places
    if found is None:
        return _unknown(report)
    return report.say("year.key_places", unreached=len(found.unreached), known=found.known)


def _hazards(report: Report, work: YearWork | None) -> str:
    found = None if work is None else work.hazards
    if found is None:
        return _unknown(report)
    if not (found.inspections or found.closed or found.open):
        return report.say("year.not_inspected")
    late = report.say("year.of_late", late=found.overdue) if found.overdue else ""
    return report.say("year.hazards", open=len(found.open), late=late, closed=found.closed)


def _tasks(report: Report, work: YearWork | None) -> str:
    found = None if work is None else work.tasks
    if found is None:
        return _unknown(report)
    late = report.say("year.of_late", late=found.overdue) if found.overdue else ""
    return report.say("year.tasks", open=found.open, late=late, done=found.done)


def _places(report: Report, number: int) -> str:
    return report.say("year.places", count=count(number, report.lang))


def _counted(report: Report, figure: float | str) -> str:
    return figure if isinstance(figure, str) else count(figure, report.lang)


def _unknown(report: Report) -> str:
    return report.say("year.not_known")
