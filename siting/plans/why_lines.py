"""Why a plan is as it is, in sentences: for the terminal, the app and reports."""

from collections.abc import Iterable, Mapping, Sequence

from geo.reference import read_list
from siting.plans.goals.own_lines import own_decided, own_gain, own_price, own_runner_up, own_whom
from siting.plans.pricing import MORE_YUAN, Price
from siting.plans.reasons import wish_sentences
from siting.plans.why import Ground, Part, PlanWhy, Rival, SiteWhy
from words import Lang, count, round_up, say, yuan

_PARTS_TOLD = 3
_HALF = 0.5


def why_lines(why: PlanWhy, lang: Lang, names: Mapping[str, str] | None = None) -> list[str]:
    """Return a line per site, then a line per price; `names`: of candidates, by id."""
    lines = [say("why.title", lang)] if why.sites else []
    for site in why.sites:
        told = joined(site_sentences(site, lang), lang)
        lines.append(f"{site.order}. {site.id}  {told}")
    return lines + price_lines(why.prices, lang, names)


def price_lines(
    prices: Sequence[Price], lang: Lang, names: Mapping[str, str] | None = None
) -> list[str]:
    """Return what each limit, wish and rule costs, the dearest first; [] for none."""
    if not prices:
        return []
    own = any(price.goal != "coverage" for price in prices)
    title = say("plan_goals.prices" if own else "why.prices", lang)
    return [title, *(price_sentence(price, lang, names) for price in ranked(prices))]


def ranked(prices: Sequence[Price]) -> list[Price]:
    """Return prices, the dearest first; those in another unit than most come last."""
    return sorted(prices, key=lambda price: (price.covered is not None, -price.amount))


def site_sentences(site: SiteWhy, lang: Lang) -> list[str]:
    """Return what a site wins, whom, what could stand in its place, and what decided."""
    return [
        gain_sentence(site, lang),
        whom_sentence(site, lang),
        *runner_up_sentences(site, lang),
        *decided_sentences(site, lang),
    ]


def gain_sentence(site: SiteWhy, lang: Lang) -> str:
    """Return what a site wins alone, in the plan's order, and what is lost without it."""
    if site.goal != "coverage":
        return own_gain(site, lang)
    figures = (site.alone, site.gained, site.lost)
    alone, gained, lost = (count(value or 0.0, lang) for value in figures)
    if alone == gained == lost:
        return say("why.gain_same", lang, gained=gained)
    return say("why.gain", lang, alone=alone, gained=gained, lost=lost)


def whom_sentence(site: SiteWhy, lang: Lang) -> str:
    """Return where the newly covered are, who they are, and when there are most of them."""
    groups = _told((part for part in site.groups if part.name), "groups", lang)
    said = [_where(site, lang)] if any(part.name for part in site.towns) else []
    if groups:
        said.append(say("why.groups", lang, groups=groups))
    if site.windows:
        most = max(site.windows, key=lambda part: part.workers)
        facts = {"window": part_name(most, "windows", lang), "workers": count(most.workers, lang)}
        said.append(say("why.window", lang, **facts))
    if not said:
        return ""
    told = say("why.joint", lang).join(said)
    return (
        say("why.whom", lang, told=told) if site.goal == "coverage" else own_whom(site, told, lang)
    )


def runner_up_sentences(site: SiteWhy, lang: Lang) -> list[str]:
    """Return who could stand in its place at what price; nobody is said, too."""
    if site.goal != "coverage":
        return own_runner_up(site, lang)
    rival = site.runner_up
    if rival is None:
        return [say("why.no_runner_up", lang)]
    if site.better is not None and rival.id == site.better.id:
        return []  # it is told what kept it out
    change = round(rival.better_by)
    form = "same" if not change else "less" if change < 0 else "more"
    facts = {"name": rival.name, "workers": count(abs(rival.better_by), lang)}
    return [say(f"why.runner_up_{form}", lang, **facts)]


def decided_sentences(site: SiteWhy, lang: Lang) -> list[str]:
    """Return what decided: the workers, or what kept out a candidate that would cover more."""
    rival = site.better
    if site.goal != "coverage":
        return own_decided(site, "" if rival is None else _grounds(site, rival, lang), lang)
    if rival is None:
        return [say("why.workers_decided", lang)]
    grounds = _grounds(site, rival, lang)
    more = count(round_up(rival.better_by), lang)
    return [say("why.better", lang, name=rival.name, workers=more, grounds=grounds)]


def ground_text(ground: Ground, rival: Rival, lang: Lang, goal: str = "coverage") -> str:
    """Return what kept a candidate out of a plan for some goal, as a clause."""
    name = ground.zh if lang == "zh" else ground.en
    less = "" if rival.points is None else f"{abs(rival.points):.1f}"
    if goal != "coverage" and ground.kind == "points":
        return say("plan_goals.ground.points", lang, points=less)
    return say(f"why.ground.{ground.kind}", lang, name=name or ground.name, points=less)


def price_sentence(price: Price, lang: Lang, names: Mapping[str, str] | None = None) -> str:
    """Return what one limit, wish or rule costs; where it is not proved, between what and what."""
    if price.goal != "coverage":
        return own_price(price, lang, names)
    what = say("why.joint", lang).join(wish_sentences(price.wish, lang, names))
    facts: dict[str, object] = {
        "what": what,
        "yuan": yuan(MORE_YUAN, lang),
        "workers": count(price.amount, lang),
        "least": count(price.least, lang),
        "most": count(round_up(price.most), lang),
    }
    form = "free" if price.proved and price.most < _HALF else "price"
    said = say(f"why.{form}.{price.kind}", lang, **facts)
    return said if price.proved else said + say("why.unproved", lang, **facts)


def part_name(part: Part, listing: str, lang: Lang) -> str:
    """Return what a unit, group or window is called."""
    if listing == "towns":
        return part.name or say("cli.outside", lang)
    entry = read_list(f"reference/{listing}").get(part.name)
    return str(entry[lang]) if isinstance(entry, dict) else part.name


def joined(sentences: Iterable[str], lang: Lang) -> str:
    """Return sentences one after another."""
    return ("" if lang == "zh" else " ").join(said for said in sentences if said)


def _grounds(site: SiteWhy, rival: Rival, lang: Lang) -> str:
    told = (ground_text(one, rival, lang, site.goal) for one in rival.grounds)
    return say("why.joint", lang).join(told)


def _where(site: SiteWhy, lang: Lang) -> str:
    if len(site.towns) == 1:
        return say("why.town", lang, town=part_name(site.towns[0], "towns", lang))
    return say("why.towns", lang, towns=_told(site.towns, "towns", lang))


def _told(parts: Iterable[Part], listing: str, lang: Lang) -> str:
    """Return the largest parts with their workers."""
    told = []
    for part in list(parts)[:_PARTS_TOLD]:
        facts = {"name": part_name(part, listing, lang), "workers": count(part.workers, lang)}
        told.append(say("why.part", lang, **facts))
    return say("why.names_joint", lang).join(told)
