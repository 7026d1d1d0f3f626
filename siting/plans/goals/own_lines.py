"""Why a plan for another goal than coverage is as it is, in sentences; for `why_lines`."""

from collections.abc import Mapping

from siting.plan_results import Unit
from siting.plans.pricing import MORE_YUAN, Price
from siting.plans.reasons import wish_sentences
from siting.plans.why import Rival, SiteWhy
from words import Lang, count, distance, round_up, say, yuan

_HALF = 0.5
_FEW_METRES = 10.0
"""Below it metres are told with a decimal."""


def amount_text(value: float, unit: Unit, lang: Lang, *, up: bool = False) -> str:
    """Return a figure or a difference with its unit; `up`: never less than it is."""
    if unit == "yuan":
        return yuan(value, lang)
    if unit == "metres":
        digits = 1 if abs(value) < _FEW_METRES else 0
        return distance(round_up(value, digits) if up else round(value, digits), lang)
    key = "stations" if unit == "stations" else "workers"
    return say(f"plan_goals.{key}", lang, number=count(round_up(value) if up else value, lang))


def change_text(better_by: float, goal: str, unit: Unit, lang: Lang) -> str:
    """Return a difference as a clause: how much better or worse a plan is."""
    least = 0.05 if unit == "metres" else _HALF
    if abs(better_by) < least:
        return say(f"plan_goals.same.{goal}", lang)
    form = "worse" if better_by < 0 else "more"
    amount = amount_text(abs(better_by), unit, lang)
    return say(f"plan_goals.{form}.{goal}", lang, amount=amount)


def own_gain(site: SiteWhy, lang: Lang) -> str:
    """Return what a site wins alone, in the plan's order, and what the plan is without it."""
    if site.goal == "center":
        return _center(site, lang)
    facts = {
        name: amount_text(getattr(site, name) or 0.0, site.unit, lang)
        for name in ("alone", "gained", "lost", "without")
    }
    same = facts["alone"] == facts["gained"] == facts["lost"]
    key = f"plan_goals.gain.{site.goal}{'_same' if same else ''}"
    return say(key, lang, **facts, target=_target(site.short, lang))


def own_whom(site: SiteWhy, told: str, lang: Lang) -> str:
    """Return whom a site wins, of what is told of them."""
    if site.goal == "capacity":
        return say("plan_goals.seats_window", lang, told=told)
    if site.goal in {"stations", "money"}:
        return say("why.whom", lang, told=told)
    key = "whom_nearer" if site.unit == "metres" else "whom_counted"
    return say(f"plan_goals.{key}", lang, told=told)


def own_runner_up(site: SiteWhy, lang: Lang) -> list[str]:
    """Return who could stand in its place, and what that changes."""
    rival = site.runner_up
    if rival is None:
        return [say("plan_goals.no_runner_up", lang)]
    if site.better is not None and rival.id == site.better.id:
        return []  # it is told what kept it out
    change = _changed(site, rival, lang)
    return [say("plan_goals.runner_up", lang, name=rival.name, change=change)]


def own_decided(site: SiteWhy, grounds: str, lang: Lang) -> list[str]:
    """Return what decided; nothing where reaching the target did.

    Parameters
    ----------
    grounds
        What kept out the candidate that would be better.
    """
    rival = site.better
    if rival is None:
        if site.short is not None:
            return []
        return [say(f"plan_goals.decided.{site.goal}", lang)]
    facts = {"figure": say(f"siting.goal.name_{site.goal}", lang), "name": rival.name}
    change = _changed(site, rival, lang)
    return [say("plan_goals.better", lang, **facts, change=change, grounds=grounds)]


def own_price(price: Price, lang: Lang, names: Mapping[str, str] | None = None) -> str:
    """Return what one limit, wish or rule costs; where it is not proved, between what and what."""
    if price.kind in {"fewer", "less_money"}:
        covered = amount_text(price.covered or 0.0, "workers", lang)
        facts = {"covered": covered, "yuan": yuan(MORE_YUAN, lang)}
        said = say(
            f"plan_goals.price.{price.kind}",
            lang,
            amount=amount_text(price.amount, "workers", lang),
            **facts,
        )
        return said if price.proved else said + _between(price, lang)
    if price.kind == "target" and price.amount == float("inf"):
        return say("plan_goals.price.target_never", lang)
    said = say(
        f"plan_goals.price.{price.kind}",
        lang,
        what=say("why.joint", lang).join(wish_sentences(price.wish, lang, names)),
        yuan=yuan(MORE_YUAN, lang),
        change=_price_change(price, lang),
    )
    return said if price.proved else said + _between(price, lang)


def _between(price: Price, lang: Lang) -> str:
    facts = {
        "least": amount_text(price.least, price.unit, lang),
        "most": amount_text(price.most, price.unit, lang, up=True),
    }
    return say("plan_goals.unproved", lang, **facts)


def _price_change(price: Price, lang: Lang) -> str:
    """Return what is won by more, or what a condition costs."""
    if price.unit in {"stations", "yuan"}:
        form = price.goal if price.amount else f"none_{price.goal}"
        return say(
            f"plan_goals.needs.{form}", lang, amount=amount_text(price.amount, price.unit, lang)
        )
    least = 0.05 if price.unit == "metres" else _HALF
    if price.proved and price.most < least:
        return say("plan_goals.price.nothing", lang)
    won = price.kind in {"station", "money"}
    return change_text(price.amount if won else -price.amount, price.goal, price.unit, lang)


def _changed(site: SiteWhy, rival: Rival, lang: Lang) -> str:
    change = change_text(rival.better_by, site.goal, site.unit, lang)
    if rival.short is None:
        return change
    return say("siting.plan.joint", lang).join([change, _target(rival.short, lang)])


def _target(short: float | None, lang: Lang) -> str:
    if not short:
        return say("plan_goals.target.enough", lang)
    return say("plan_goals.target.short", lang, short=amount_text(short, "workers", lang, up=True))


def _center(site: SiteWhy, lang: Lang) -> str:
    if site.without is None or site.lost is None:
        return say("plan_goals.gain.center_none", lang)
    form = "center" if site.lost > 0 else "center_same"
    facts = {name: amount_text(getattr(site, name), "metres", lang) for name in ("without", "lost")}
    return say(f"plan_goals.gain.{form}", lang, **facts)
