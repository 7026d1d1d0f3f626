"""What a secretary can read out: sentences built from the evidence, figure by figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from geo.reference import read_list
from siting.hours_words import hours_in_words
from siting.results import Evidence, Measure, Method, Unattached
from siting.score_parts import AreaFact, AreaFound, CriterionScore, RankRange, WhatIf
from words import Lang, count, day, distance, percent, say, yuan

YES_OR_NO = frozenset({"on_way", "opens_to_street"})
"""Measures whose figure is an answer: 1 is yes, 0 is no."""

_NAMED = frozenset({"hosts", "venue_visits"})
"""Figures of a place whose sentence names what they belong to."""

_FACTS_SAID = 2
_CHANGES_SAID = 2


@dataclass(frozen=True)
class Terms:
    """In what the figures are: heads or average present workers; along streets or not."""

    measure: Measure
    method: Method

    def who(self, lang: Lang) -> str:
        """Return what is counted, as it stands beside a figure."""
        return say(f"siting.who_before.{self.measure}", lang)

    def near(self, metres: float, lang: Lang) -> str:
        """Return how far a measure looked."""
        return say(f"siting.near.{self.method}", lang, reach=distance(metres, lang))


@dataclass(frozen=True)
class Said:
    """What a sentence is built from.

    Attributes
    ----------
    evidence
        That of the rule that decided comes first; empty: the place is in no area.
    points, rank
        Of the candidate.
    gained
        Workers newly reached within the cut-off.
    cutoff_m
        Metres.
    terms
        In what these are.
    unattached
        Why streets do not reach the candidate; None: they do.
    area, rule_points
        The area whose rule decided, and what that rule gives; None: no area.
    criteria
        What each criterion gives.
    spacing_m
        How far the look at existing stations went.
    excluded
        Criteria whose filter is broken.
    changes
        What would raise the rank, the best first.
    """

    evidence: tuple[Evidence, ...]
    points: float
    rank: int
    gained: float
    cutoff_m: float
    terms: Terms
    unattached: Unattached | None = None
    area: AreaFound | None = None
    rule_points: float | None = None
    criteria: tuple[CriterionScore, ...] = ()
    spacing_m: float = 0.0
    excluded: tuple[str, ...] = ()
    changes: tuple[WhatIf, ...] = ()

    def __call__(self, lang: Lang) -> str:
        """Return the sentence; it is built where somebody asks, of hundreds most are never read."""
        return sentence(self, lang)


def sentence(said: Said, lang: Lang) -> str:
    """Return area, rule, evidence, points, rank, gain; what adds and loses most; a change.

    Where streets do not reach the candidate: why it serves nobody; where it must not be chosen:
    what forbids it.
    """
    if said.unattached is not None:
        why = say(f"siting.unattached.{said.unattached}", lang)
        return say("siting.score.unattached", lang, why=why)
    facts: dict[str, object] = {
        "points": f"{said.points:g}",
        "rank": said.rank,
        "gained": count(said.gained, lang),
        "cutoff": distance(said.cutoff_m, lang),
        "who": said.terms.who(lang),
    }
    told = [_judged(said, facts, lang), _common(said, lang), _change(said, lang)]
    return _joined(told, lang)


def _judged(said: Said, facts: dict[str, object], lang: Lang) -> str:
    if said.excluded:
        why = _listed([_broken(name, said, lang) for name in said.excluded], lang)
        return say("siting.score.excluded", lang, why=why, **facts)
    if said.area is None:
        return say("siting.score.none", lang, **facts)
    own = f"{said.rule_points:g}"
    told = ground(said.evidence, said.terms, lang)
    place = _place(said.area, said.terms, lang)
    return say("siting.score.sentence", lang, place=place, ground=told, rule_points=own, **facts)


def _broken(name: str, said: Said, lang: Lang) -> str:
    """Return what breaks a filter; of another area's rule only the criterion's name is known."""
    found = next((item for item in said.criteria if item.name == name), None)
    return name if found is None else criterion_clause(found, said.spacing_m, said.terms, lang)


def _place(area: AreaFound, terms: Terms, lang: Lang) -> str:
    """Return in which area the place lies, and why."""
    named = say(f"siting.area.{area.area_type}", lang)
    if area.by == "zone":
        form = "zone_named" if area.zone else "zone"
        return say(f"siting.place.{form}", lang, area=named, zone=area.zone)
    # That there is none of something is evidence, but not what tells a reader most.
    facts = [fact for fact in area.facts if fact.value][:_FACTS_SAID] or area.facts[:1]
    why = _listed([area_clause(fact, terms, lang) for fact in facts], lang)
    return say("siting.place.data", lang, area=named, why=why)


def area_clause(fact: AreaFact, terms: Terms, lang: Lang) -> str:
    """Return one figure that tells in which area a place lies."""
    named = fact.figure not in _NAMED or fact.subject
    return say(
        f"siting.figure.{fact.figure}{'' if named else '_unnamed'}",
        lang,
        value=count(fact.value, lang),
        radius=distance(fact.radius_m, lang),
        who=terms.who(lang),
        subject=fact.subject,
    )


def ground(evidence: tuple[Evidence, ...], terms: Terms, lang: Lang) -> str:
    """Return the rule that decided and its evidence, as one clause."""
    area = evidence[0].area_type
    parts = [clause(item, terms, lang) for item in evidence if item.area_type == area]
    return say(
        "siting.score.ground",
        lang,
        rule=say(f"siting.rule.{area}", lang),
        evidence=_listed(parts, lang),
    )


def clause(item: Evidence, terms: Terms, lang: Lang) -> str:
    """Return one measured fact; a proxy says that it is one."""
    text = say(
        f"siting.evidence.{item.measure}.{_form(item)}",
        lang,
        subject=item.subject,
        value=value_text(item.value, item.unit, lang),
        reach=distance(item.reach_m or 0.0, lang),
        near=terms.near(item.reach_m or 0.0, lang),
        who=terms.who(lang),
    )
    if item.tag is not None:
        text += say("siting.score.tag", lang, workers=count(item.tag, lang))
    return text + say("siting.score.proxy", lang) if item.proxy else text


def _form(item: Evidence) -> str:
    if item.measure in YES_OR_NO:
        return "yes" if item.value else "no"
    if item.measure == "street_betweenness" and not item.value:
        return "least"
    return "named" if item.subject else "plain"


def criterion_clause(item: CriterionScore, spacing_m: float, terms: Terms, lang: Lang) -> str:
    """Return what one criterion found; a default of ours says that it is one.

    Parameters
    ----------
    spacing_m
        How far the look at existing stations went.
    """
    if item.area_type is not None:
        return _rule_clause(item, terms, lang)
    if not item.measure:
        return say(f"siting.common_unknown.{item.asked}", lang)
    text = say(
        f"siting.common.{item.measure}.{_common_form(item, spacing_m)}",
        lang,
        value="" if item.value is None else value_text(item.value, item.unit, lang),
        subject=_common_subject(item, lang),
        near=terms.near(spacing_m, lang),
    )
    return text + say("siting.score.assumed", lang) if item.assumed else text


def _rule_clause(item: CriterionScore, terms: Terms, lang: Lang) -> str:
    """Return what a criterion of an area's rule found, as evidence is said."""
    if item.area_type is None or item.value is None:
        return say("siting.score.unknown", lang, measure=say(f"siting.measure.{item.asked}", lang))
    fact = Evidence(
        item.area_type,
        item.measure,
        item.value,
        item.unit,
        item.subject,
        proxy=item.proxy,
        reach_m=item.reach_m,
    )
    return clause(fact, terms, lang)


def _common_form(item: CriterionScore, spacing_m: float) -> str:
    if item.measure == "consent":
        return f"{item.code}_until" if item.code == "agreed" and item.subject else item.code
    if item.measure == "spacing" and item.value == spacing_m and not item.subject:
        return "none"
    return "said"


def _common_subject(item: CriterionScore, lang: Lang) -> str:
    if item.measure == "consent" and item.subject:
        return day(date.fromisoformat(item.subject), lang)
    if item.measure in {"host_reliability", "host_type"}:
        code = item.subject or item.code
        entry = read_list("reference/host_types").get(code)
        return str(entry[lang]) if entry else code
    return item.subject


def value_text(value: float, unit: str, lang: Lang) -> str:
    """Write a figure as its unit is written: shares in per cent, money in yuan."""
    if unit == "share":
        return percent(value, digits=0)
    return yuan(value, lang) if unit == "yuan" else count(value, lang)


def _common(said: Said, lang: Lang) -> str:
    """Return which common criterion adds most, and which loses most."""
    common = [item for item in said.criteria if item.area_type is None]
    if said.excluded or not common:
        return ""
    best = max(common, key=lambda item: item.contribution)
    worst = max(common, key=_lost)
    told = []
    if best.contribution > 0:
        told.append(_told("best", best, best.contribution, said, lang))
    if _lost(worst) > 0 and worst is not best:
        told.append(_told("worst", worst, _lost(worst), said, lang))
    joined = say("siting.score.semicolon", lang).join(told)
    return say("siting.score.common", lang, told=joined) if told else ""


def _told(form: str, item: CriterionScore, points: float, said: Said, lang: Lang) -> str:
    found = criterion_clause(item, said.spacing_m, said.terms, lang)
    return say(f"siting.score.{form}", lang, found=found, points=f"{points:.1f}")


def _lost(item: CriterionScore) -> float:
    return item.weight * (100.0 - item.points)


def _change(said: Said, lang: Lang) -> str:
    if not said.changes:
        return ""
    told = [
        say("siting.change.said", lang, what=change_text(change, lang), new=change.rank)
        for change in said.changes[:_CHANGES_SAID]
    ]
    joined = say("siting.score.semicolon", lang).join(told)
    return say("siting.change.ranks", lang, told=joined, rank=said.rank)


def change_text(change: WhatIf, lang: Lang) -> str:
    """Return what is changed, as a condition."""
    known = change.change == "hours_known"
    detail = hours_in_words(change.detail, lang) if known else change.detail
    return say(f"siting.change.{change.change}", lang, detail=detail)


def range_text(found: RankRange, lang: Lang) -> str:
    """Return how a candidate ranks while weights and demand are shaken."""
    return say(
        "siting.score.range",
        lang,
        draws=found.draws,
        share=percent(found.share_in_top, digits=0),
        top=found.top,
        low=found.low,
        high=found.high,
    )


def _listed(parts: Sequence[str], lang: Lang) -> str:
    return say("siting.score.joint", lang).join(parts)


def _joined(sentences: Sequence[str], lang: Lang) -> str:
    return ("" if lang == "zh" else " ").join(sentence for sentence in sentences if sentence)
