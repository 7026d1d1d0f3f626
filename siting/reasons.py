"""Why a site is in a plan, and what is to be said of the plan as a whole, in words."""

from siting.results import CandidateScore
from siting.rules.sentences import ground
from words import Lang, count, say


def reason(order: int, gained: float, score: CandidateScore | None, lang: Lang) -> str:
    """Return rule, evidence, points and workers gained; without rules only the workers."""
    facts: dict[str, object] = {"order": order, "gained": count(gained, lang)}
    if score is None:
        return say("siting.plan.reason", lang, **facts)
    if not score.evidence:
        return say("siting.plan.reason_no_rule", lang, **facts)
    return say(
        "siting.plan.reason_rule",
        lang,
        ground=ground(score.evidence, lang),
        points=f"{score.points:g}",
        **facts,
    )


def remark(asked: int | None, selected: int, lang: Lang, *, with_budget: bool) -> str:
    """Return why a plan has fewer sites than asked for, "" when it has them all."""
    if asked == 0 or (asked is not None and selected == asked):
        return ""
    if not selected:
        return say("siting.plan.nothing", lang)
    if asked is None:
        return ""
    form = "fewer_budget" if with_budget else "fewer_gain"
    return say(f"siting.plan.{form}", lang, new=asked, selected=selected)
