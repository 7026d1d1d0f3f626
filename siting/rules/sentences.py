"""What a secretary can read out: sentences built from the evidence, figure by figure."""

from dataclasses import dataclass

from siting.results import Evidence
from words import Lang, count, distance, say


@dataclass(frozen=True)
class Said:
    """What a sentence is built from.

    Attributes
    ----------
    evidence
        That of the rule that decided comes first; empty: no rule speaks.
    points, rank
        Of the candidate.
    gained
        Average present workers newly reached within the cut-off.
    cutoff_m
        Metres along streets.
    """

    evidence: tuple[Evidence, ...]
    points: float
    rank: int
    gained: float
    cutoff_m: float


def sentence(said: Said, lang: Lang) -> str:
    """Return rule, evidence, points, rank and workers newly reached."""
    facts: dict[str, object] = {
        "points": f"{said.points:g}",
        "rank": said.rank,
        "gained": count(said.gained, lang),
        "cutoff": distance(said.cutoff_m, lang),
    }
    if not said.evidence:
        return say("siting.score.none", lang, **facts)
    return say("siting.score.sentence", lang, ground=ground(said.evidence, lang), **facts)


def ground(evidence: tuple[Evidence, ...], lang: Lang) -> str:
    """Return the rule that decided and its evidence, as one clause."""
    area = evidence[0].area_type
    parts = [clause(item, lang) for item in evidence if item.area_type == area]
    return say(
        "siting.score.ground",
        lang,
        rule=say(f"siting.rule.{area}", lang),
        evidence=say("siting.score.joint", lang).join(parts),
    )


def clause(item: Evidence, lang: Lang) -> str:
    """Return one measured fact; a proxy says that it is one."""
    form = "named" if item.subject else "plain"
    text = say(
        f"siting.evidence.{item.measure}.{form}",
        lang,
        subject=item.subject,
        value=count(item.value, lang),
        reach=distance(item.reach_m or 0.0, lang),
    )
    return text + say("siting.score.proxy", lang) if item.proxy else text
