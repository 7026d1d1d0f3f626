"""Second looks at a plan as lines of text: hosts that leave, plans nearly as good, and so on."""

from collections.abc import Sequence

from siting.plans.curve import BestYears
from siting.plans.near_best import NextPlan, SiteSwaps, Swaps
from siting.plans.pareto import Compromise, Front
from siting.plans.robust import Leaving, RobustPlan
from siting.plans.stability import StablePlan
from siting.results import Status
from words import Lang, count, distance, percent, percent_up, say, yuan

SHOWN = 5
"""Candidates told by name; the results list all."""


def leaving_lines(rows: Sequence[Leaving], lang: Lang) -> list[str]:
    """Return a line for each number of hosts that leave."""
    if not rows:
        return []
    lines = [say("looks.leaving", lang)]
    for row in rows:
        facts = {
            "hosts": row.hosts,
            "gone": _names(row.gone, lang),
            "left": count(row.workers_left, lang),
            "least": count(row.least_workers, lang),
            "share": percent(row.coverage),
        }
        lines.append(say(f"looks.leaving_{'worst' if row.proved else 'range'}", lang, **facts))
    return lines


def robust_lines(plan: RobustPlan, lang: Lang) -> list[str]:
    """Return what is expected of the plan, and the plan that expects it."""
    existing = (
        say("looks.robust_existing", lang, chance=percent(plan.existing_leave))
        if plan.existing_leave
        else say("looks.robust_stay", lang)
    )
    lines = [
        say("looks.robust", lang, chance=percent(plan.leave), existing=existing),
        say(
            "looks.robust_plan",
            lang,
            before=count(plan.expected_before, lang),
            plan=count(plan.expected_plan, lang),
        ),
    ]
    if not plan.added and not plan.dropped:
        lines.append(say("looks.robust_same", lang, proof=_proof(plan.status, plan.gap, lang)))
        return lines
    lines.append(
        say(
            "looks.robust_other",
            lang,
            dropped=_names(plan.dropped, lang),
            added=_names(plan.added, lang),
            after=count(plan.expected_after, lang),
            more=count(plan.expected_after - plan.expected_plan, lang),
            covered=count(plan.workers_covered, lang),
            proof=_proof(plan.status, plan.gap, lang),
        )
    )
    return lines


def best_lines(plans: Sequence[NextPlan], lang: Lang) -> list[str]:
    """Return a line for each of the best plans."""
    lines = [say("looks.best", lang)]
    for plan in plans:
        kind = "other" if plan.added or plan.dropped else "same"
        line = say(
            f"looks.best_{kind}",
            lang,
            rank=plan.rank,
            covered=count(plan.workers_covered, lang),
            dropped=_names(plan.dropped, lang),
            added=_names(plan.added, lang),
        )
        lines.append(line + ("" if plan.proved else say("looks.best_unproved", lang)))
    return lines


def swap_lines(swaps: Swaps, lang: Lang) -> list[str]:
    """Return a line for each site."""
    near = percent(swaps.near)
    return [
        say("looks.swaps", lang, near=near),
        *(_swap_line(site, lang) for site in swaps.sites),
    ]


def _swap_line(site: SiteSwaps, lang: Lang) -> str:
    if not site.swaps:
        return say(f"looks.swap_{site.need}", lang, id=site.id)
    told = [
        say(
            "looks.swap_one" if swap.workers_less >= 0 else "looks.swap_more",
            lang,
            id=swap.id,
            workers=count(abs(swap.workers_less), lang),
        )
        for swap in site.swaps
    ]
    return say("looks.swap", lang, id=site.id, swaps=say("looks.joint", lang).join(told))


def stability_lines(plan: StablePlan, lang: Lang) -> list[str]:
    """Return how often each site is chosen, and what the plan loses."""
    shaken = "looks.stable_rules" if plan.rules_shaken else "looks.stable"
    lines = [
        say(shaken, lang, draws=plan.draws, spread=percent(plan.spread, digits=0), seed=plan.seed)
    ]
    for here in (True, False):
        told = [
            say("looks.stable_one", lang, id=site.id, share=percent(site.share, digits=0))
            for site in plan.sites
            if site.in_plan is here
        ]
        if told:
            names = say("looks.joint", lang).join(told)
            lines.append(say(f"looks.stable_{'in' if here else 'out'}", lang, names=names))
    lines.append(
        say(
            "looks.stable_regret",
            lang,
            mean=percent(plan.regret_mean, digits=2),
            high=percent(plan.regret_high, digits=2),
            bound=percent_up(plan.bound_mean, digits=2),
        )
    )
    return lines


def front_lines(front: Front, lang: Lang) -> list[str]:
    """Return a line for each plan of a front, the fewest covered first."""
    lines = [say(f"looks.front_{front.goal}", lang)]
    for point in front.points:
        line = say(
            f"looks.front_{front.goal}_point",
            lang,
            sites=len(point.sites),
            covered=count(point.workers_covered, lang),
            share=percent(point.coverage),
            other=_other(front, point, lang),
        )
        lines.append(line + ("" if point.proved else say("looks.front_unproved", lang)))
    return lines


def best_year_lines(best: BestYears, lang: Lang) -> list[str]:
    """Return the best years, if they are better than opening first what wins most."""
    more = best.workers_years - best.by_gain_workers_years
    proof = _proof(best.status, best.gap, lang)
    sites = say("looks.years_free" if best.free else "looks.years_plan", lang)
    if round(more) <= 0:
        return [say("looks.years_same", lang, sites=sites, proof=proof)]
    rows = [
        say(
            "siting.curve.year",
            lang,
            year=row.year,
            sites=say("looks.joint_names", lang).join(row.sites) or "—",
            covered=count(row.workers_covered, lang),
            regret=count(row.regret_workers, lang),
        )
        for row in best.years
    ]
    return [say("looks.years", lang, sites=sites, more=count(more, lang), proof=proof), *rows]


def _other(front: Front, point: Compromise, lang: Lang) -> str:
    if front.goal == "money":
        return yuan(point.other, lang)
    if front.goal == "walk":
        return distance(round(point.other), lang)
    return percent(point.other) if front.goal == "towns" else f"{point.other:g}"


def _proof(status: Status, gap: float, lang: Lang) -> str:
    if status == "optimal":
        return say("looks.proved", lang)
    return say("looks.gap", lang, gap=percent_up(gap, digits=2))


def _names(names: Sequence[str], lang: Lang) -> str:
    if not names:
        return say("looks.nobody", lang)
    told = say("looks.joint_names", lang).join(names[:SHOWN])
    return told if len(names) <= SHOWN else say("looks.more", lang, names=told, count=len(names))
