"""What a secretary can read out: sentences built from the evidence, figure by figure."""

from dataclasses import dataclass

from siting.results import Evidence, Measure, Method, Unattached
from words import Lang, count, distance, say


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
        That of the rule that decided comes first; empty: no rule speaks.
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
    """

    evidence: tuple[Evidence, ...]
    points: float
    rank: int
    gained: float
    cutoff_m: float
    terms: Terms
    unattached: Unattached | None = None


def sentence(said: Said, lang: Lang) -> str:
    """Return rule, evidence, points, rank and workers newly reached; or why it serves nobody."""
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
    if not said.evidence:
        return say("siting.score.none", lang, **facts)
    told = ground(said.evidence, said.terms, lang)
    return say("siting.score.sentence", lang, ground=told, **facts)


def ground(evidence: tuple[Evidence, ...], terms: Terms, lang: Lang) -> str:
    """Return the rule that decided and its evidence, as one clause."""
    area = evidence[0].area_type
    parts = [clause(item, terms, lang) for item in evidence if item.area_type == area]
    return say(
        "siting.score.ground",
        lang,
        rule=say(f"siting.rule.{area}", lang),
        evidence=say("siting.score.joint", lang).join(parts),
    )


def clause(item: Evidence, terms: Terms, lang: Lang) -> str:
    """Return one measured fact; a proxy says that it is one."""
    form = "named" if item.subject else "plain"
    text = say(
        f"siting.evidence.{item.measure}.{form}",
        lang,
        subject=item.subject,
        value=count(item.value, lang),
        reach=distance(item.reach_m or 0.0, lang),
        near=terms.near(item.reach_m or 0.0, lang),
        who=terms.who(lang),
    )
    return text + say("siting.score.proxy", lang) if item.proxy else text
