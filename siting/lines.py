"""Results as lines of text, for the terminal."""

from collections.abc import Mapping, Sequence

from geo.catchments import STRAIGHT_LINE_FACTOR
from siting.adding_up import whole_after, whole_levels
from siting.coverage.levels import Level
from siting.model import ChangedStreet
from siting.plan_results import PlanResult, SelectedSite
from siting.plans.after_plan import PlanEffect
from siting.plans.curve import Curve, Year
from siting.results import AreaRow, Bracket, CandidateScore, CoverageResult, Measure, Unattached
from siting.rules.sentences import range_text
from words import Lang, count, distance, percent, percent_up, say, yuan


def coverage_lines(result: CoverageResult, lang: Lang) -> list[str]:
    """Return coverage in words: the headline, the method, what is off the streets, the units."""
    lines = [
        say(
            "cli.coverage",
            lang,
            share=percent(result.coverage),
            covered=count(result.workers_covered, lang),
            total=count(result.workers_total, lang),
            stations=result.stations,
        ),
        _method_line(result.method, result.cutoff_m, lang),
    ]
    if result.bracket is not None:
        lines.append(bracket_text(result.bracket, result.measure, lang))
    if result.measure == "worker_hours":
        lines.append(say("cli.worker_hours", lang, hours=f"{result.hours_per_week:g}"))
    if result.unreachable_stations:
        names = "、".join(result.unreachable_stations[:5])
        number = len(result.unreachable_stations)
        lines.append(say("cli.unreachable", lang, count=number, names=names))
    if result.unsnapped_demand:
        workers = count(result.unsnapped_workers, lang)
        number = len(result.unsnapped_demand)
        lines.append(say("cli.unsnapped", lang, count=number, workers=workers))
    outside = say("cli.outside", lang)
    for row in result.towns:
        figures = f"{count(row.covered, lang)} / {count(row.workers, lang)}"
        lines.append(f"{percent(row.coverage):>7}  {figures}  {row.name or outside}")
    return lines


def bracket_text(bracket: Bracket, measure: Measure, lang: Lang) -> str:
    """Say what straight lines would give, and how many workers are where street data is thin."""
    return say(
        "siting.bracket.thin" if bracket.thin_points else "siting.bracket.dense",
        lang,
        factor=STRAIGHT_LINE_FACTOR,
        share=percent(bracket.coverage_straight_line),
        who=say(f"siting.who_before.{measure}", lang),
        thin=count(bracket.thin_workers, lang),
        thin_share=percent(bracket.thin_share),
        below=f"{bracket.thin_rule.street_below_km_per_km2:g}",
        many=count(bracket.thin_rule.workers_from_per_km2, lang),
    )


def curve_lines(curve: Curve, lang: Lang) -> list[str]:
    """Return a curve as a line per plan, the elbow marked."""
    lines = [say("siting.curve.title", lang)]
    for number, point in enumerate(curve.points):
        line = say(
            f"siting.curve.{'point' if point.status != 'infeasible' else 'point_infeasible'}",
            lang,
            opened=point.opened if point.new is None else point.new,
            cost=yuan(point.cost_yuan, lang),
            share=percent(point.coverage),
            covered=count(point.workers_covered, lang),
            bound=count(point.bound_workers, lang),
        )
        lines.append(line + (say("siting.curve.elbow", lang) if number == curve.elbow else ""))
    return lines


def year_lines(years: Sequence[Year], lang: Lang) -> list[str]:
    """Return a roll-out as a line per year."""
    return [
        say(
            "siting.curve.year",
            lang,
            year=row.year,
            sites="、".join(row.sites) or "—",
            covered=count(row.workers_covered, lang),
            regret=count(row.regret_workers, lang),
        )
        for row in years
    ]


def street_change_text(change: ChangedStreet, lang: Lang) -> str:
    """Say what a scenario changed on the streets."""
    named = say("siting.street_change.named", lang, street=change.street) if change.street else ""
    return say(
        f"siting.street_change.{change.kind}",
        lang,
        street=named,
        metres=distance(round(change.length_m), lang),
    )


def plan_lines(result: PlanResult, lang: Lang) -> list[str]:
    """Return a plan in words: what it gains, how near the best it is, each site with its reason."""
    gained = say(
        "cli.plan",
        lang,
        before=count(result.workers_covered_before, lang),
        after=count(result.workers_covered_after, lang),
        total=count(result.workers_total, lang),
        cost=yuan(result.cost_yuan, lang),
    )
    lines = [
        *([gained] if result.found else []),
        say(f"cli.status_{result.status}", lang, gap=percent_up(result.gap, digits=2)),
        _method_line(result.method, _cutoff_m(result), lang),
    ]
    if result.effective is not None and result.selected:
        lines += effect_lines(result.effective, lang)
    if result.measure == "worker_hours":
        lines.append(say("siting.plan.mean", lang))
    remark = result.remark_zh if lang == "zh" else result.remark_en
    if remark:
        lines.append(remark)
    lines += [_site_line(site, lang) for site in result.selected]
    return lines + unattached_lines(result.unattached_candidates, lang)


def effect_lines(effect: PlanEffect, lang: Lang, *, said: str = "siting.plan.effect") -> list[str]:
    """Say what a plan brings of effective coverage, and what of it rests on assumptions.

    `said` is the sentence: a plan that is not chosen by coverage has another.
    """
    before, after = effect.before, effect.after
    whole = whole_after(after, before)
    lines = [
        say(
            said,
            lang,
            before=percent(before.coverage),
            after=percent(after.coverage),
            gained=count(whole[Level.VERIFIED] - whole_levels(before)[Level.VERIFIED], lang),
            unverified=count(whole[Level.UNVERIFIED], lang),
        )
    ]
    if effect.assumed:
        lines.append(say("siting.plan.effect_assumed", lang, count=len(effect.assumed)))
    return lines


def unattached_lines(candidates: Mapping[str, Unattached], lang: Lang) -> list[str]:
    """Return one line per candidate that is not on the streets."""
    return [
        say(
            "siting.plan.unattached_line",
            lang,
            name=name,
            why=say(f"siting.unattached.{why}", lang),
        )
        for name, why in candidates.items()
    ]


def _site_line(site: SelectedSite, lang: Lang) -> str:
    cost = yuan(site.cost_yuan, lang)
    if site.cost_assumed:
        cost = say("siting.plan.assumed_mark", lang, cost=cost)
    reason = site.reason_zh if lang == "zh" else site.reason_en
    return f"{site.order}. {site.id}  +{count(site.workers_gained, lang)}  {cost}  {reason}"


def _cutoff_m(result: PlanResult) -> float:
    return float(str(result.parameters["cutoff_m"]))


def score_lines(scores: Sequence[CandidateScore], lang: Lang) -> list[str]:
    """Return the candidates by rank, each with its points, its sentence and its rank range."""
    ranked = sorted(scores, key=lambda item: item.rank)
    return [_score_line(item, lang) for item in ranked]


def _score_line(item: CandidateScore, lang: Lang) -> str:
    said = item.says(lang)
    line = f"{item.rank}. {item.id}  {item.points:.1f}  {said}"
    return line if item.rank_range is None else f"{line} {range_text(item.rank_range, lang)}"


def area_lines(rows: Sequence[AreaRow], lang: Lang) -> list[str]:
    """Return how much of the demand lies in each area."""
    return [
        say(
            "siting.demand_area",
            lang,
            area=say(f"siting.area.{row.area_type or 'none'}", lang),
            points=f"{row.points:,}",
            workers=count(row.workers, lang),
        )
        for row in rows
    ]


def _method_line(method: str, cutoff_m: float, lang: Lang) -> str:
    return f"{say(f'cli.method_{method}', lang)} {distance(cutoff_m, lang)}"
