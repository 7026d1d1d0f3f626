"""Why a plan is as it is, its curve and its years: rows and sentences as documents print them."""

from dataclasses import dataclass

from reports import figures
from reports.report import Report
from siting.plan_results import Unit
from siting.plans.curve import CurvePoint
from siting.plans.pricing import Price
from siting.plans.why import SiteWhy
from siting.plans.why_lines import (
    decided_sentences,
    gain_sentence,
    joined,
    price_sentence,
    ranked,
    runner_up_sentences,
    whom_sentence,
)
from words import count, yuan


@dataclass(frozen=True)
class WhyLine:
    """One site: what it wins, what could stand in its place, and what decided.

    Attributes
    ----------
    rival
        Name of the runner-up; "" where nobody could stand in its place.
    change
        By how much the plan would be better with the runner-up; None: no rival.
    unit
        Of `alone`, `gained`, `lost` and `change`: average present workers, or metres. None of the
        three: it has no such figure.
    said, runner_up_said
        What it wins, and what could stand in its place, as sentences.
    """

    order: int
    id: str
    name: str
    alone: float | None
    gained: float | None
    lost: float | None
    whom: str
    rival: str
    change: float | None
    decided: str
    unit: Unit = "workers"
    said: str = ""
    runner_up_said: str = ""


@dataclass(frozen=True)
class CurveLine:
    """One size: its share, what it wins beyond the row above, its cost, what is proved."""

    size: str
    coverage: float
    more: float | None
    cost_yuan: int
    proof: str


@dataclass(frozen=True)
class YearLine:
    """One year: what is opened, who is covered after it, and what the best plan would more."""

    year: int
    sites: str
    covered: float
    regret: float


def why_lines(report: Report) -> list[WhyLine]:
    """Return a line per site in the plan's order; [] where nobody asked."""
    why = report.beside.why
    return [] if why is None else [_why_line(report, site) for site in why.sites]


def prices(report: Report) -> list[tuple[Price, str]]:
    """Return what each limit, wish and rule costs, the dearest first, and the same in words."""
    why = report.beside.why
    if why is None:
        return []
    names = _names(report)
    return [(price, price_sentence(price, report.lang, names)) for price in ranked(why.prices)]


def curve_lines(report: Report) -> list[CurveLine]:
    """Return a line per size; [] where nobody asked."""
    curve = report.beside.curve
    if curve is None:
        return []
    lines: list[CurveLine] = []
    for number, point in enumerate(curve.points):
        mark = report.say("curve_elbow_mark") if number == curve.elbow else ""
        before = curve.points[number - 1].workers_covered if number else None
        lines.append(
            CurveLine(
                size=_size(report, point) + mark,
                coverage=point.coverage,
                more=None if before is None else point.workers_covered - before,
                cost_yuan=point.cost_yuan,
                proof=_proof(report, point),
            )
        )
    return lines


def year_lines(report: Report) -> list[YearLine]:
    """Return a line per year of the roll-out; [] where nobody asked."""
    names = _names(report)
    return [
        YearLine(
            row.year,
            report.say("list_joint").join(names.get(site, site) for site in row.sites),
            row.workers_covered,
            row.regret_workers,
        )
        for row in report.beside.years
    ]


def signed(report: Report, workers: float | None) -> str:
    """Write a difference of workers with its sign, 0 without one; "" where there is none."""
    if workers is None:
        return ""
    whole = round(workers)
    sign = "+" if whole > 0 else "−" if whole < 0 else ""
    return sign + count(abs(whole), report.lang)


def _why_line(report: Report, site: SiteWhy) -> WhyLine:
    rival, lang = site.runner_up, report.lang
    return WhyLine(
        order=site.order,
        id=site.id,
        name=_names(report).get(site.id, site.id),
        alone=site.alone,
        gained=site.gained,
        lost=site.lost,
        whom=whom_sentence(site, lang),
        rival="" if rival is None else rival.name,
        change=None if rival is None else rival.better_by,
        decided=joined(decided_sentences(site, lang), lang),
        unit=site.unit,
        said=gain_sentence(site, lang),
        runner_up_said=joined(runner_up_sentences(site, lang), lang)
        or ("" if rival is None else rival.name),
    )


def _names(report: Report) -> dict[str, str]:
    records = figures.candidate_rows(report)
    return {key: figures.name_or_id(record, key) for key, record in records.items()}


def _size(report: Report, point: CurvePoint) -> str:
    if point.new is None:
        return yuan(point.budget_yuan or 0, report.lang)
    return report.say("curve_stations", new=point.new)


def _proof(report: Report, point: CurvePoint) -> str:
    if point.status == "infeasible":
        return report.say("curve_impossible")
    if point.status == "optimal":
        return report.say("curve_proved")
    return report.say("curve_at_most", workers=count(point.bound_workers, report.lang))
