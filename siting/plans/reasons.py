"""Why a site is in a plan, and what is to be said of the plan as a whole, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geo.errors import InfeasibleError
from geo.reference import read_list
from siting.allocation.sided.sides import Unmet
from siting.plan_results import Evenness, NeedServed
from siting.plans.wishes import NO_WISHES, FloorWish, QuotaWish, Wishes
from siting.results import CandidateScore, Stopped, Unattached
from siting.rules.sentences import Terms, ground
from words import Lang, count, distance, percent, say

_OF_FLOORS = ("groups", "windows")
NAMES_SAID = 5
"""Candidates named in a remark; the results list all."""


@dataclass(frozen=True)
class Outcome:
    """What a remark is made from.

    Attributes
    ----------
    asked
        New sites asked for; None: as many as the budget pays.
    selected
        Sites of the plan.
    unattached
        Candidates that streets do not reach: id -> why.
    ruled_out
        Candidates on the streets that a planner has ruled out.
    too_dear
        Candidates that would add workers, but cost more than is left.
    no_gain
        Candidates that would add nobody.
    assumed
        Ids of selected sites whose cost is their kind's default.
    wishes
        What the plan keeps to besides.
    names
        What people call the candidates, by id.
    closed, lost
        Existing stations that the plan closes, each with the workers that it would cover more; what
        those that stay cover less than all do today.
    evenness
        How the worst-off fare, where they came first.
    stated_need
        Requests that decided with the workers.
    stopped
        What ended the search before the proof.
    """

    asked: int | None
    selected: int
    unattached: Mapping[str, Unattached]
    ruled_out: int = 0
    too_dear: int = 0
    no_gain: int = 0
    assumed: Sequence[str] = ()
    wishes: Wishes = NO_WISHES
    names: Mapping[str, str] = field(default_factory=dict)
    stopped: Stopped | None = None
    points_left: bool = False
    closed: Sequence[tuple[str, float]] = ()
    lost: float = 0.0
    evenness: Evenness | None = None
    stated_need: NeedServed | None = None


def reason(
    order: int,
    gained: float,
    score: CandidateScore | None,
    terms: Terms,
    lang: Lang,
    records: float = 0.0,
) -> str:
    """Return rule, evidence, points and workers gained; without rules only the workers.

    Parameters
    ----------
    records
        Of stated need that decided with the workers: told after them.
    """
    said = _reason(order, gained, score, terms, lang)
    return _joined([said, reason_need(records, lang)], lang) if records else said


def reason_need(records: float, lang: Lang) -> str:
    """Return how many requests a site adds; empty: none."""
    return say("siting.plan.reason_need", lang, records=count(records, lang)) if records else ""


def _reason(
    order: int, gained: float, score: CandidateScore | None, terms: Terms, lang: Lang
) -> str:
    facts: dict[str, object] = {
        "order": order,
        "gained": count(gained, lang),
        "who": terms.who(lang),
    }
    if score is None:
        return say("siting.plan.reason", lang, **facts)
    if not score.evidence:
        return say("siting.plan.reason_no_rule", lang, **facts)
    return say(
        "siting.plan.reason_rule",
        lang,
        ground=ground(score.evidence, terms, lang),
        points=f"{score.points:g}",
        **facts,
    )


def remark(outcome: Outcome, lang: Lang) -> str:
    """Return what a plan keeps to, why it is small, whom streets do not reach, what is assumed.

    "" when there is nothing of that to say.
    """
    asked = wishes_text(outcome.wishes, lang, outcome.names)
    off_streets = unattached_remark(outcome.unattached, lang)
    said = [
        asked,
        _even(outcome, lang),
        _closed(outcome, lang),
        _fewer(outcome, lang),
        _needs(outcome, lang),
        off_streets,
    ]
    if outcome.assumed:
        names, number = _names(outcome.assumed, lang), len(outcome.assumed)
        said.append(say("siting.plan.assumed", lang, count=number, names=names))
    if outcome.points_left:
        said.append(say("siting.plan.points_left", lang))
    if outcome.stopped is not None:
        said.append(say(f"siting.plan.stopped_{outcome.stopped}", lang))
    return _joined(said, lang)


def wishes_text(wishes: Wishes, lang: Lang, names: Mapping[str, str] | None = None) -> str:
    """Return what a plan keeps to besides its size; "" where that is nothing."""
    said = wish_sentences(wishes, lang, names)
    if not said:
        return ""
    return say("siting.wish.all", lang, wishes=say("siting.wish.joint", lang).join(said))


def wish_sentences(wishes: Wishes, lang: Lang, names: Mapping[str, str] | None = None) -> list[str]:
    """Return each wish in words, without a full stop.

    Parameters
    ----------
    names
        What people call the candidates, by id; None: they are told by id.
    """
    by_id = {"require": wishes.require, "forbid": wishes.forbid}
    by_id |= {"keep": wishes.keep, "close": wishes.close, "closable": wishes.closable}
    known = names or {}
    if "all" in wishes.closable:
        del by_id["closable"]
    said = [
        say(f"siting.wish.{name}", lang, names=_names([known.get(i, i) for i in ids], lang))
        for name, ids in by_id.items()
        if ids
    ]
    said += [_quota(wish, lang) for wish in wishes.quotas]
    said += [_floor(wish, lang) for wish in wishes.floors]
    if wishes.spacing_m:
        said.append(say("siting.wish.spacing", lang, metres=distance(wishes.spacing_m, lang)))
    if "all" in wishes.closable:
        said.append(say("siting.wish.closable_all", lang))
    if wishes.fair is not None:
        facts = {"field": say(f"siting.wish.{wishes.fair}", lang)}
        within = wishes.fair_within
        said.append(
            say("siting.wish.fair", lang, **facts)
            if within is None
            else say("siting.wish.fair_within", lang, share=percent(within), **facts)
        )
    said += [
        say(f"siting.wish.{name}", lang, number=number)
        for name, number in (("closings", wishes.closings), ("moves", wishes.moves))
        if number
    ]
    return said


def _quota(wish: QuotaWish, lang: Lang) -> str:
    which = "each" if wish.value is None else "one"
    limits = [
        say(f"siting.wish.{name}", lang, number=number)
        for name, number in (("least", wish.least or None), ("most", wish.most))
        if number is not None
    ]
    return say(
        f"siting.wish.quota_{which}",
        lang,
        field=say(f"siting.wish.{wish.field}", lang),
        value=value_name(wish.value or "", lang),
        limits=say("siting.plan.joint", lang).join(limits),
    )


def value_name(
    code: str, lang: Lang, listings: Sequence[str] = ("kinds", "host_types", "area_types")
) -> str:
    """Return what a kind, kind of host or area of a quota is called; a town by its name."""
    for listing in listings:
        entry = read_list(f"reference/{listing}").get(code)
        if isinstance(entry, dict):
            return str(entry[lang])
    return code


def _floor(wish: FloorWish, lang: Lang) -> str:
    return say(
        f"siting.wish.floor_{'each' if wish.value is None else 'one'}",
        lang,
        town=value_name(wish.value or "", lang, _OF_FLOORS),
        field=say(f"siting.wish.{wish.field}", lang),
        share=percent(wish.share),
    )


def _even(outcome: Outcome, lang: Lang) -> str:
    found = outcome.evenness
    if found is None:
        return ""
    named = [value_name(name, lang, _OF_FLOORS) for name in found.lowest]
    return say(
        "siting.plan.even_proved" if found.proved else "siting.plan.even_open",
        lang,
        field=say(f"siting.wish.{found.field}", lang),
        names=_names(named, lang),
        share=percent(found.least_share),
        bound=percent(found.bound),
    )


def _needs(outcome: Outcome, lang: Lang) -> str:
    found = outcome.stated_need
    if found is None:
        return ""
    key = "stated_need_second" if found.second else "stated_need"
    return say(
        f"siting.plan.{key}{'_proved' if found.proved_with_them else ''}",
        lang,
        area=value_name(found.area, lang),
        each=f"{found.workers_each:g}",
        records=count(found.records, lang),
        before=count(found.records_before, lang),
        after=count(found.records_after, lang),
    )


def _closed(outcome: Outcome, lang: Lang) -> str:
    if not outcome.closed:
        return ""
    told = [
        say("siting.plan.closed_one", lang, name=name, workers=count(workers, lang))
        for name, workers in outcome.closed
    ]
    return say(
        "siting.plan.closed",
        lang,
        count=len(told),
        names=_names(told, lang),
        lost=count(outcome.lost, lang),
    )


def why_infeasible(error: InfeasibleError, lang: Lang) -> str:
    """Return why there is no plan: which wishes cannot be kept to together, by how much."""
    held: Sequence[Sequence[Any]] = error.facts.get("unmet", ())  # type: ignore[assignment]  # facts
    unmet = [Unmet(*one) for one in held]
    if not unmet:
        return error.message(lang)
    told = [
        say(
            f"siting.plan.unmet_{one.unit}",
            lang,
            name=value_name(one.name, lang, _OF_FLOORS)
            if one.unit == "share"
            else value_name(one.name, lang),
            asked=percent(one.asked) if one.unit == "share" else count(one.asked, lang),
            possible=percent(one.possible) if one.unit == "share" else count(one.possible, lang),
        )
        for one in unmet
    ]
    return say("siting.plan.unmet", lang, wishes=_names(told, lang))


def infeasible_remark(
    why: str,
    unattached: Mapping[str, Unattached],
    wishes: Wishes,
    lang: Lang,
    names: Mapping[str, str] | None = None,
) -> str:
    """Return why nothing could be built; `names`: of candidates, by id."""
    asked = wishes_text(wishes, lang, names)
    return _joined([asked, why, unattached_remark(unattached, lang)], lang)


def unattached_remark(unattached: Mapping[str, Unattached], lang: Lang) -> str:
    """Return how many candidates are not on the streets, some by name, with why; "" if none."""
    if not unattached:
        return ""
    told = [
        say(
            "siting.plan.unattached_one",
            lang,
            name=name,
            why=say(f"siting.unattached.{why}", lang),
        )
        for name, why in unattached.items()
    ]
    names = _names(told, lang)
    return say("siting.plan.unattached", lang, count=len(unattached), names=names)


def _fewer(outcome: Outcome, lang: Lang) -> str:
    if outcome.asked in {0, outcome.selected}:
        return ""
    causes = say("siting.plan.joint", lang).join(
        say(f"siting.plan.cause_{key}", lang, count=number)
        for key, number in (
            ("unattached", len(outcome.unattached)),
            ("ruled_out", outcome.ruled_out),
            ("too_dear", outcome.too_dear),
            ("no_gain", outcome.no_gain),
        )
        if number
    )
    if not outcome.selected:
        return say("siting.plan.nothing", lang, causes=causes)
    if outcome.asked is None:
        return ""
    facts = {"new": outcome.asked, "selected": outcome.selected, "causes": causes}
    return say("siting.plan.fewer", lang, **facts)


def _names(names: Sequence[str], lang: Lang) -> str:
    listed = say("siting.plan.names_joint", lang).join(names[:NAMES_SAID])
    return listed + say("siting.plan.names_more", lang) if len(names) > NAMES_SAID else listed


def _joined(sentences: Sequence[str], lang: Lang) -> str:
    return ("" if lang == "zh" else " ").join(sentence for sentence in sentences if sentence)
