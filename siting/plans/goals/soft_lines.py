"""Plans for softer goals as lines of text for the terminal."""

from collections.abc import Iterator

from geo.reference import read_list
from siting.lines import unattached_lines
from siting.plans.goals.soft_result import (
    BackupProposal,
    BandRow,
    CapacityProposal,
    GradualProposal,
    SoftPlan,
    SoftSite,
    StationSeats,
)
from words import Lang, count, distance, percent, percent_up, say, yuan

SHOWN = 5
"""Points and stations told by name; the results list all."""


def soft_lines(plan: SoftPlan, lang: Lang) -> list[str]:
    """Return what is gained, how sure that is, each site with why, and what stands beside it."""
    cutoff = distance(float(str(plan.parameters["cutoff_m"])), lang)
    lines = [
        *([] if plan.status == "infeasible" else [_headline(plan, lang)]),
        say(f"cli.status_{plan.status}", lang, gap=percent_up(plan.gap, digits=2)),
        f"{say(f'cli.method_{plan.method}', lang)} {cutoff}",
        *_mean(plan, lang),
        *filter(None, [plan.remark_zh if lang == "zh" else plan.remark_en]),
        *_table(plan, lang),
        *(_site_line(site, lang) for site in plan.selected),
    ]
    return lines + unattached_lines(plan.unattached_candidates, lang)


def _headline(plan: SoftPlan, lang: Lang) -> str:
    whole = plan.workers_total or 1.0
    return say(
        f"siting.soft.{plan.parameters['objective']}",
        lang,
        stations=len(plan.selected),
        cost=yuan(plan.cost_yuan, lang),
        before=count(plan.counted_before, lang),
        after=count(plan.counted_after, lang),
        bound=count(plan.counted_bound, lang),
        total=count(plan.workers_total, lang),
        covered_before=percent(plan.workers_covered_before / whole),
        covered_after=percent(plan.workers_covered_after / whole),
    )


def _mean(plan: SoftPlan, lang: Lang) -> list[str]:
    return [say("siting.plan.mean", lang)] if plan.measure == "worker_hours" else []


def _table(plan: SoftPlan, lang: Lang) -> Iterator[str]:
    """Yield the lines that only one of the goals has."""
    if isinstance(plan, GradualProposal):
        for band in plan.bands:
            yield _band_line(band, plan.bands, lang)
    elif isinstance(plan, BackupProposal):
        before, after = plan.workers_twice_before, plan.workers_twice_after
        yield say("siting.soft.twice", lang, before=count(before, lang), after=count(after, lang))
    elif isinstance(plan, CapacityProposal):
        yield from _seat_lines(plan, lang)


def _band_line(band: BandRow, bands: tuple[BandRow, ...], lang: Lang) -> str:
    beyond = band.within_m is None
    metres = bands[-2].within_m if beyond else band.within_m
    return say(
        "siting.soft.band_beyond" if beyond else "siting.soft.band_row",
        lang,
        metres=distance(metres or 0.0, lang),
        before=count(band.workers_before, lang),
        after=count(band.workers_after, lang),
    )


def _seat_lines(plan: CapacityProposal, lang: Lang) -> Iterator[str]:
    for row in plan.windows:
        yield say(
            "siting.soft.window_row",
            lang,
            window=_window(row.window, lang),
            workers=count(row.workers, lang),
            before=count(row.seated_before, lang),
            seated=count(row.seated, lang),
            standing=count(row.standing, lang),
            out=count(row.out_of_reach, lang),
        )
    full = [station for station in plan.stations if station.full]
    if full:
        full.sort(key=lambda station: -len(station.full))
        names = [_full(station, lang) for station in full[:SHOWN]]
        yield say("siting.soft.full", lang, count=len(full), names=_listed(names, len(full), lang))
    crowded = [point for point in plan.standing if point.in_reach]
    if crowded:
        names = [f"{point.id} {count(point.workers, lang)}" for point in crowded[:SHOWN]]
        told = _listed(names, len(crowded), lang)
        yield say("siting.soft.without_seat", lang, count=len(crowded), names=told)


def _full(station: StationSeats, lang: Lang) -> str:
    return say(
        "siting.soft.full_one", lang, id=station.id, seats=station.seats, windows=len(station.full)
    )


def _window(code: str, lang: Lang) -> str:
    """Return the name of a window; where there are none, of the only one."""
    known = read_list("reference/windows")
    return str(known[code][lang]) if code in known else say("siting.soft.all_windows", lang)


def _listed(names: list[str], number: int, lang: Lang) -> str:
    listed = say("siting.plan.names_joint", lang).join(names)
    return listed + say("siting.plan.names_more", lang) if number > len(names) else listed


def _site_line(site: SoftSite, lang: Lang) -> str:
    cost = yuan(site.cost_yuan, lang)
    if site.cost_assumed:
        cost = say("siting.plan.assumed_mark", lang, cost=cost)
    reason = site.reason_zh if lang == "zh" else site.reason_en
    return f"{site.order}. {site.id}  +{count(site.counted_gained, lang)}  {cost}  {reason}"
