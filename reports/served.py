"""Effective coverage in sentences and rows: what document and workbook print alike."""

from dataclasses import dataclass

from geo.catchments import STRAIGHT_LINE_FACTOR
from geo.reference import read_list
from reports import figures
from reports.levels import By, alone
from reports.report import Report
from reports.shown import Figure
from siting.adding_up import printed_share, printed_shares, whole_levels
from siting.coverage.levels import UNCOVERED, Level
from siting.coverage.mends import Mend
from siting.effective_lines import door_lines, mend_text
from siting.gap_areas import GapArea, PricedMend
from siting.weather import HourWeight
from words import count, day, distance, percent, say, yuan

_CODES: dict[By, str] = {"group": "groups", "window": "windows"}
_CAUSES_TOLD = 2
_AREAS_TOLD = 2


@dataclass(frozen=True)
class Step:
    """One line of the way from all workers to those effectively covered.

    Attributes
    ----------
    name
        As it is printed.
    start, workers
        Workers that are left after this step, and those that it takes away; of a sum, 0 and all.
    taken
        Whether they are taken away.
    """

    name: str
    start: int
    workers: int
    share: float
    taken: bool


@dataclass(frozen=True)
class AreaLine:
    """One gap area as it is printed; `order` is that of the list."""

    order: int
    area: GapArea
    place: str
    town: str
    window: str
    group: str
    heads: Figure
    workers: float
    cause: str


@dataclass(frozen=True)
class QuestionLine:
    """One station whose record has blanks, whom to ask, what, and how many workers depend on it."""

    id: str
    station: str
    town: str
    blanks: str
    workers: Figure


def line_name(report: Report, by: By, name: str) -> str:
    """Return the name of a unit, group or window."""
    if by == "town":
        return figures.town_name(report, name)
    return figures.label(_CODES[by], name, report.lang) if name else report.say("none_named")


def headline_sentences(report: Report) -> tuple[str, ...]:
    """Say the one figure, what stands beside it, and on what terms."""
    if not report.effective.effective.total.workers:
        return (headline_sentence(report),)
    return headline_sentence(report), _beside(report), terms_sentence(report)


def headline_sentence(report: Report) -> str:
    """Say the one figure."""
    total, lang = report.effective.effective.total, report.lang
    if not total.workers:
        return report.say("served.nobody")
    return report.say(
        "served.headline",
        share=percent(total.coverage),
        who=figures.who(report, before_figure=True),
        total=count(total.workers, lang),
        verified=count(total.verified, lang),
    )


def beside_sentences(report: Report) -> tuple[str, ...]:
    """Say what stands beside the one figure, and what keeps most workers out."""
    beside = (_beside(report),) if report.effective.effective.total.workers else ()
    return *beside, *_cause_sentences(report)


def _beside(report: Report) -> str:
    total, lang = report.effective.effective.total, report.lang
    whole, unverified = whole_levels(total), printed_shares(total)[Level.UNVERIFIED]
    return report.say(
        "served.beside" if whole[Level.UNVERIFIED] else "served.beside_known",
        nominal=percent(report.coverage.coverage),
        unverified=percent(unverified),
        workers=count(whole[Level.UNVERIFIED], lang),
        stations=len(report.effective.questions),
    )


def door_sentences(report: Report) -> tuple[str, ...]:
    """Say how much of the covered time finds the door shut; () where no time is named."""
    return tuple(door_lines(report.effective, report.lang))


def terms_sentence(report: Report) -> str:
    """Say on what terms a station is of use."""
    terms, found = report.effective.effective.terms, report.effective.effective
    timed = any(row.name for row in found.windows)
    said = report.say(
        "served.terms" if timed else "served.terms_any_time",
        week=_week(report),
        open_share=percent(terms.open_share, digits=0),
    )
    if terms.kind_defaults:
        said += _space(report) + report.say("served.defaults")
    if terms.weather.reach_share < 1:
        share = percent(terms.weather.reach_share, digits=0)
        said += _space(report) + report.say("served.reach", share=share)
    return said + "".join(_space(report) + _hours(report, item) for item in terms.weather.hours)


def worst_sentences(report: Report) -> tuple[str, ...]:
    """Say where most of the uncovered are; () where nobody is."""
    areas = [
        report.say("served.worst_one", place=line.place, workers=count(line.workers, report.lang))
        for line in area_lines(report)[:_AREAS_TOLD]
    ]
    return (report.say("served.worst", areas=report.say("and_joint").join(areas)),) if areas else ()


def _cause_sentences(report: Report) -> tuple[str, ...]:
    """Say what keeps most workers out."""
    by_level, lang = whole_levels(report.effective.effective.total), report.lang
    worst = sorted(UNCOVERED, key=lambda level: -by_level[level])[:_CAUSES_TOLD]
    causes = [
        report.say(
            "served.cause",
            cause=level_name(report, level),
            workers=count(by_level[level], lang),
        )
        for level in worst
        if by_level[level]
    ]
    joint = report.say("and_joint")
    return (report.say("served.causes", causes=joint.join(causes)),) if causes else ()


def steps(report: Report) -> list[Step]:
    """Return the way from all workers to those effectively covered, in whole workers."""
    row = report.effective.effective.total
    whole, shares = whole_levels(row), printed_shares(row)
    mild = report.effective.effective.terms.weather.mild

    def all_from(name: str, level: Level) -> Step:
        said = report.say(f"steps.{name}")
        share = printed_share(row, list(Level)[level:])
        return Step(said, 0, sum(whole[level:]), share, taken=False)

    def less(level: Level) -> Step:
        name = report.say(f"steps.{level.name.lower()}")
        left = sum(whole[level + 1 :])
        return Step(name, left, whole[level], shares[level], taken=True)

    return [
        all_from("all", Level.OUT_OF_REACH),
        less(Level.OUT_OF_REACH),
        all_from("nominal" if mild else "in_reach", Level.CLOSED),
        *(less(level) for level in (Level.CLOSED, Level.NOT_ADMITTED, Level.NOT_SERVED)),
        less(Level.UNVERIFIED),
        all_from("verified", Level.VERIFIED),
    ]


def area_lines(report: Report) -> list[AreaLine]:
    """Return the gap areas, the most uncovered workers first."""
    return [_area(report, n, area) for n, area in enumerate(report.effective.gap_areas, 1)]


def question_lines(report: Report) -> list[QuestionLine]:
    """Return the stations with blank records, the most workers first."""
    found = report.effective
    joint = report.say("list_joint")
    stations = figures.records(found.stations)
    return [
        QuestionLine(
            id=found.station_ids[item.site],
            station=found.station_names[item.site],
            town=figures.text(stations[item.site], "town"),
            blanks=joint.join(say(f"effective.blank.{b}", report.lang) for b in item.blanks),
            workers=alone(report, item.workers),
        )
        for item in found.questions
    ]


def way_text(report: Report, item: PricedMend) -> str:
    """Say what a mend changes, whom it wins, what it costs, and whom it makes sure."""
    cost = yuan(item.cost_yuan, report.lang)
    said = report.say(
        "ways",
        what=mend_text(report.effective, item.mend, report.lang),
        workers=_counted(report, item.mend.workers),
        cost=report.say("assumed_mark", cost=cost) if item.cost_assumed else cost,
    )
    return said + _sure(report, item.mend)


def cost_per_worker(report: Report, item: PricedMend) -> Figure:
    """Return what a mend costs for each worker it wins; few workers are hidden in it, too."""
    won = alone(report, item.mend.workers)
    return item.yuan_per_worker if isinstance(won, float) else report.say("withheld")


def when_and_who(report: Report, line: AreaLine) -> str:
    """Say which group in which window is most in a gap area; "" where nobody is told apart."""
    named = [name for name in (line.window, line.group) if name]
    if not named:
        return ""
    heads = _counted(report, line.area.gap.heads)
    return report.say("worst_when", who=report.say("list_joint").join(named), heads=heads)


def level_name(report: Report, level: Level) -> str:
    """Return what it is that keeps workers out, or not."""
    return say(f"effective.level.{level.name.lower()}", report.lang)


def in_reach_name(report: Report) -> str:
    """Return the heading of those within reach: nominal, or fewer in heat and cold."""
    return "nominal" if report.effective.effective.terms.weather.mild else "in_reach"


def term_rows(report: Report) -> list[tuple[str, str]]:
    """Return the terms as lines of the parameters."""
    terms = report.effective.effective.terms
    rows = [
        ("week", _monday(report)),
        ("open_share", percent(terms.open_share, digits=0)),
        ("kind_defaults", report.say("yes" if terms.kind_defaults else "no")),
    ]
    if not terms.weather.mild:
        rows.append(("reach_share", percent(terms.weather.reach_share, digits=0)))
        said = [_hours(report, item) for item in terms.weather.hours]
        rows.append(("hour_weights", _space(report).join(said)))
    return [(figures.parameter_name(report, key), value) for key, value in rows]


def _area(report: Report, order: int, area: GapArea) -> AreaLine:
    gap, lang = area.gap, report.lang
    worst = max(range(len(UNCOVERED)), key=lambda i: gap.by_cause[i])
    return AreaLine(
        order=order,
        area=area,
        place=area.place.said(lang),
        town=figures.town_name(report, area.place.town),
        window=figures.label("windows", gap.window, lang) if gap.window else "",
        group=figures.label("groups", gap.group, lang) if gap.group else "",
        heads=alone(report, gap.heads),
        workers=gap.workers,
        cause=level_name(report, UNCOVERED[worst]),
    )


def _sure(report: Report, mend: Mend) -> str:
    """Say how many workers stop depending on blank records; "" if nobody."""
    if round(mend.made_sure) < 1:
        return ""
    workers = _counted(report, mend.made_sure)
    return say("effective.line.made_sure", report.lang, workers=workers)


def _counted(report: Report, workers: float) -> str:
    """Write workers that stand in no column of parts, or the mark of few."""
    told = alone(report, workers)
    return told if isinstance(told, str) else count(told, report.lang)


def _week(report: Report) -> str:
    result = report.coverage
    method = report.say(f"served.{result.method}", factor=STRAIGHT_LINE_FACTOR)
    facts = {
        "cutoff": distance(result.cutoff_m, report.lang),
        "method": method,
        "monday": day(report.effective.effective.terms.monday, report.lang),
    }
    season = _season(report)
    if not season:
        return report.say("served.week_plain", **facts)
    return report.say("served.week", season=season, **facts)


def _monday(report: Report) -> str:
    monday, season = day(report.effective.effective.terms.monday, report.lang), _season(report)
    return report.say("named_day", day=monday, name=season) if season else monday


def _season(report: Report) -> str:
    """Return the season that the week of the terms stands for; "" for another week."""
    monday = report.effective.effective.terms.monday
    named = (e for e in read_list("reference/weeks").values() if e["monday"] == monday)
    entry = next(named, None)
    return "" if entry is None else str(entry[report.lang])


def _hours(report: Report, item: HourWeight) -> str:
    return report.say(
        "served.hours",
        start=f"{item.start:%H:%M}",
        end=f"{item.end:%H:%M}",
        weight=f"{item.weight:g}",
    )


def _space(report: Report) -> str:
    return "" if report.lang == "zh" else " "
