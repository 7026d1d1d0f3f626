"""What a plan sought where that is not coverage, in words: its figure, and what is proved of it."""

from siting.plan_results import LEAST, OwnGoal, PlanResult
from siting.results import Status
from words import Lang, count, distance, percent, percent_up, say, yuan


def goal_name(goal: OwnGoal, lang: Lang) -> str:
    """Return what a planner calls the figure."""
    return say(f"siting.goal.name_{goal.objective}", lang)


def effect_key(plan: PlanResult) -> str:
    """Return the sentence on effective coverage that says what the plan was chosen by."""
    goal = plan.goal
    if goal is None or goal.objective in {"stations", "money"}:
        return "siting.plan.effect"
    return "siting.walk.effect" if goal.unit in LEAST else f"siting.soft.effect_{goal.objective}"


def goal_figure(goal: OwnGoal, lang: Lang) -> str:
    """Return the figure today and with the plan; only the latter where nothing was spent before."""
    after = _figure(goal, goal.after, lang)
    if goal.unit in {"stations", "yuan"}:
        return after
    return f"{_figure(goal, goal.before, lang)} → {after}"


def goal_sentence(plan: PlanResult, goal: OwnGoal, lang: Lang) -> str:
    """Return what the plan sought, what it reached of it, and how far from the best it may be."""
    target = (
        say("siting.cover.everybody", lang)
        if goal.target is None
        else say("siting.cover.share", lang, share=percent(goal.target))
    )
    said = say(
        f"siting.goal.{goal.objective}",
        lang,
        target=target,
        figure=goal_figure(goal, lang),
    )
    parts = [said, goal_proof(goal, plan.status, lang)]
    if plan.status == "within_gap" and plan.rules is not None and plan.rules_tolerance > 0:
        tolerance = percent(plan.rules_tolerance)
        parts.append(say("plan_goals.points_took", lang, tolerance=tolerance))
    return (" " if lang == "en" else "").join(parts)


def goal_proof(goal: OwnGoal, status: Status, lang: Lang) -> str:
    """Return how far from the best the figure may be; rounded up, as it is a promise."""
    if status == "optimal":
        return say("siting.goal.proved", lang)
    if goal.bound is None or goal.gap is None:
        return say("siting.goal.unknown", lang)
    return say(
        "siting.goal.at_least" if goal.unit in LEAST else "siting.goal.at_most",
        lang,
        bound=_figure(goal, goal.bound, lang),
        gap=percent_up(goal.gap),
    )


def _figure(goal: OwnGoal, value: float | None, lang: Lang) -> str:
    if value is None:
        return say("siting.goal.none", lang)
    if goal.unit == "yuan":
        return yuan(round(value), lang)
    if goal.unit == "metres":
        return distance(round(value), lang)
    return say(f"siting.goal.{goal.unit}_unit", lang, number=count(value, lang))
