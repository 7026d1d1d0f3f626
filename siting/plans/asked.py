"""What a plan was asked, read again from what is stored with it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from siting.allocation.gradual import Band
from siting.plan_results import PlanResult
from siting.planning import Rules
from siting.plans.goals.for_goal import PlanAsked
from siting.plans.goals.task import Limits
from siting.plans.wishes import NO_WISHES, FloorWish, QuotaWish, Wishes


def wishes_in(parameters: Mapping[str, Any]) -> Wishes:
    """Return the wishes among the parameters of a plan, as `asdict` or JSON has them."""
    held = parameters.get("wishes")
    if held is None:
        return NO_WISHES
    made = {"quotas": QuotaWish, "floors": FloorWish}
    read: dict[str, Any] = {
        name: tuple(made[name](**item) for item in value)
        if name in made
        else tuple(value)
        if isinstance(value, list | tuple)
        else value
        for name, value in held.items()
    }
    return Wishes(**read)


def goal_in(plan: PlanResult) -> PlanAsked:
    """Return what a plan sought, and how large it could be."""
    held: Mapping[str, Any] = plan.parameters
    bands = held.get("bands")
    return PlanAsked(
        objective=held.get("objective", "coverage"),
        new=held.get("new"),
        budget_yuan=held.get("budget_yuan"),
        target=held.get("target"),
        walk_m=held.get("walk_m"),
        bands=None if bands is None else tuple(Band(round(_MM * m), v) for m, v in bands),
        second_share=held.get("second_share"),
        at_once=held.get("at_once"),
    )


_MM = 1000.0


def limits_in(plan: PlanResult, *, rules: Rules | None, today: date | None) -> Limits:
    """Return what a plan was asked.

    Parameters
    ----------
    rules, today
        The rules that the plan was made by, and the day; they count where it was made by rules.
    """
    held: Mapping[str, Any] = plan.parameters
    return Limits(
        new=held.get("new"),
        budget_yuan=held.get("budget_yuan"),
        rules=None if plan.rules is None else rules,
        tolerance=plan.rules_tolerance,
        wishes=wishes_in(held),
        time_limit_s=held["time_limit_s"],
        seed=held["seed"],
        today=today,
    )
