"""A plan for the least, and a plan for short walks, as lines of text for the terminal."""

from collections.abc import Sequence

from siting.lines import unattached_lines
from siting.plan_results import SelectedSite
from siting.plans.goals.covering_result import CoveringPlan, Uncoverable
from siting.plans.goals.walking_result import Farthest, WalkingPlan
from words import Lang, count, distance, percent, percent_up, say, yuan

SHOWN = 5
"""Points told by name; the results list all."""


def covering_lines(plan: CoveringPlan, lang: Lang) -> list[str]:
    """Return what is needed, how sure that is, each site with why, and whom nothing covers."""
    whole = plan.workers_total or 1.0
    headline = say(
        f"siting.cover.{plan.sought}",
        lang,
        asked=_asked(plan, lang),
        stations=len(plan.selected),
        cost=yuan(plan.cost_yuan, lang),
        bound=yuan(plan.bound, lang) if plan.sought == "money" else plan.bound,
        before=percent(plan.workers_covered_before / whole),
        after=percent(plan.workers_covered_after / whole),
        covered=count(plan.workers_covered_after, lang),
        total=count(plan.workers_total, lang),
    )
    lines = [
        *([] if plan.status == "infeasible" else [headline]),
        _status(plan.status, plan.gap, lang),
        _method(plan.method, float(str(plan.parameters["cutoff_m"])), lang),
        *_said(plan.remark_zh, plan.remark_en, lang),
        *(site_line(site, lang) for site in plan.selected),
        *_uncoverable(plan, lang),
    ]
    return lines + unattached_lines(plan.unattached_candidates, lang)


def walking_lines(plan: WalkingPlan, lang: Lang) -> list[str]:
    """Return the walks before and after, how sure that is, each site with why, and who is far."""
    lines = [
        *([] if plan.value_m is None or plan.bound_m is None else [_walks(plan, lang)]),
        _status(plan.status, plan.gap or 0.0, lang),
        say(f"siting.walk.method_{plan.method}", lang, walk=distance(plan.walk_m, lang)),
        *_said(plan.remark_zh, plan.remark_en, lang),
        *(site_line(site, lang) for site in plan.selected),
    ]
    if plan.farthest and plan.worst_walk_m_after:
        lines.append(
            say(
                "siting.walk.farthest",
                lang,
                walk=distance(round(plan.worst_walk_m_after), lang),
                points=_names([point.id for point in plan.farthest], lang),
            )
        )
    if plan.unreached:
        lines.append(_unreached(plan, lang))
    return lines + unattached_lines(plan.unattached_candidates, lang)


def site_line(site: SelectedSite, lang: Lang) -> str:
    """Return one site: place in the order, id, cost, why."""
    cost = yuan(site.cost_yuan, lang)
    if site.cost_assumed:
        cost = say("siting.plan.assumed_mark", lang, cost=cost)
    reason = site.reason_zh if lang == "zh" else site.reason_en
    return f"{site.order}. {site.id}  +{count(site.workers_gained, lang)}  {cost}  {reason}"


def _asked(plan: CoveringPlan, lang: Lang) -> str:
    if plan.target is None:
        return say("siting.cover.everybody", lang)
    return say("siting.cover.share", lang, share=f"{plan.target * 100:g}%")


def _walks(plan: WalkingPlan, lang: Lang) -> str:
    facts: dict[str, object] = {
        "stations": len(plan.selected),
        "cost": yuan(plan.cost_yuan, lang),
        "mean_before": _metres(plan.mean_walk_m_before, lang),
        "mean_after": _metres(plan.mean_walk_m_after, lang),
        "worst_before": _worst(plan, plan.worst_walk_m_before, lang),
        "worst_after": _worst(plan, plan.worst_walk_m_after, lang),
        "bound": _metres(plan.bound_m or 0.0, lang),
    }
    told = say(f"siting.walk.{plan.shortened}", lang, **facts)
    if plan.shortened == "center":
        return told
    still = plan.worst_walk_m_before == plan.worst_walk_m_after
    return told + say("siting.walk.worst_still" if still else "siting.walk.worst", lang, **facts)


def _worst(plan: WalkingPlan, metres: float | None, lang: Lang) -> str:
    if metres is None:
        return say("siting.walk.beyond", lang, walk=distance(plan.walk_m, lang))
    return _metres(metres, lang)


def _metres(metres: float, lang: Lang) -> str:
    return distance(round(metres), lang)


def _status(status: str, gap: float, lang: Lang) -> str:
    return say(f"cli.status_{status}", lang, gap=percent_up(gap, digits=2))


def _method(method: str, cutoff_m: float, lang: Lang) -> str:
    return f"{say(f'cli.method_{method}', lang)} {distance(cutoff_m, lang)}"


def _said(zh: str, en: str, lang: Lang) -> list[str]:
    remark = zh if lang == "zh" else en
    return [remark] if remark else []


def _uncoverable(plan: CoveringPlan, lang: Lang) -> list[str]:
    if not plan.uncoverable:
        return []
    needed = plan.cutoff_needed_m
    head = say(
        "siting.cover.uncoverable",
        lang,
        points=f"{len(plan.uncoverable):,}",
        workers=count(plan.workers_uncoverable, lang),
    )
    if needed is not None:
        head += say("siting.cover.cutoff_needed", lang, metres=distance(round(needed + 0.5), lang))
    told = [_uncoverable_line(point, lang) for point in plan.uncoverable[:SHOWN]]
    left = len(plan.uncoverable) - SHOWN
    return [head, *told, *([say("cli.more", lang, count=left)] if left > 0 else [])]


def _uncoverable_line(point: Uncoverable, lang: Lang) -> str:
    metres = "" if point.cutoff_needed_m is None else distance(round(point.cutoff_needed_m), lang)
    why = say(f"siting.cover.{point.why}", lang, by=point.by, metres=metres)
    return say(
        "siting.cover.point" if point.town else "siting.cover.point_outside",
        lang,
        id=point.id,
        town=point.town,
        workers=count(point.workers, lang),
        why=why,
    )


def _unreached(plan: WalkingPlan, lang: Lang) -> str:
    workers = plan.workers_unreached_after
    return say(
        "siting.walk.unreached",
        lang,
        walk=distance(plan.walk_m, lang),
        points=f"{len(plan.unreached):,}",
        workers=count(workers, lang),
        share=percent(workers / (plan.workers_total or 1.0)),
        lost=f"{len(plan.out_of_reach):,}",
        names=_names(_ids(plan.unreached), lang),
    )


def _ids(points: Sequence[Farthest]) -> list[str]:
    return [point.id for point in points]


def _names(ids: Sequence[str], lang: Lang) -> str:
    listed = say("siting.plan.names_joint", lang).join(ids[:SHOWN])
    return listed + say("siting.plan.names_more", lang) if len(ids) > SHOWN else listed
