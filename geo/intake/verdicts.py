"""What the evidence says of a datum: shares, verdicts and small maps, and the sentences of each."""

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from geo.intake.datums import StatedBy
from geo.reference import read_list
from words import Lang, percent, say

NEAR_M: Final = 30.0
MAP_POINTS: Final = 300
"""As many points are kept for a small map."""

Outcome = Literal["agrees", "contradicts", "suggests", "undecided", "unverifiable"]
Why = Literal["", "few", "nothing", "synthetic", "elsewhere", "projected"]
Against = Literal["", "streets", "boundary", "daxing"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DatumEvidence:
    """What speaks for one datum.

    Attributes
    ----------
    datum
        The hypothesis.
    points
        How many positions were looked at.
    near_share
        Share of them within `NEAR_M` metres (<=) of a street; None without streets.
    median_m
        Median distance to the nearest street, metres; None without streets or beyond 500 m.
    inside_share
        Share of them inside the boundary, its border included; None without a boundary.
    distance_m
        Distance of each to the nearest street, infinite beyond 500 m; None without streets.
    inside
        Which of them are inside the boundary; None without a boundary.
    lon, lat
        Where they lie under the hypothesis, WGS-84.
    shipped
        Whether the boundary is the shipped outline of Daxing, and not one that somebody gave.
    """

    datum: str
    points: int
    near_share: float | None = None
    median_m: float | None = None
    inside_share: float | None = None
    distance_m: Floats | None = None
    inside: NDArray[np.bool_] | None = None
    lon: Floats = field(default_factory=lambda: np.zeros(0))
    lat: Floats = field(default_factory=lambda: np.zeros(0))
    shipped: bool = False

    @property
    def against(self) -> Against:
        """What the positions were compared with: streets come before a boundary."""
        if self.near_share is not None:
            return "streets"
        if self.inside_share is None:
            return ""
        return "daxing" if self.shipped else "boundary"

    def as_dict(self) -> dict[str, object]:
        """Return the keys of the command line's JSON."""
        return {
            "datum": self.datum,
            "points": self.points,
            "within_30_m": self.near_share,
            "median_m": self.median_m,
            "inside_boundary": self.inside_share,
        }

    def sentence(self, lang: Lang) -> str:
        """Return it as one sentence."""
        facts = []
        if self.near_share is not None:
            facts.append(say("intake.evidence_near", lang, share=percent(self.near_share)))
        if self.inside_share is not None:
            key = "intake.evidence_inside_daxing" if self.shipped else "intake.evidence_inside"
            facts.append(say(key, lang, share=percent(self.inside_share)))
        joined = say("intake.comma", lang).join(facts)
        return say(f"intake.evidence_{self.datum}", lang, facts=joined)

    def map(self) -> "DatumMap":
        """Return a small map: the same points whatever the hypothesis."""
        shown = np.unique(np.linspace(0, len(self.lon) - 1, MAP_POINTS).astype(np.int64))
        near = np.zeros(len(self.lon), dtype=np.bool_)
        if self.distance_m is not None:
            near = self.distance_m <= NEAR_M
        elif self.inside is not None:
            near = self.inside
        return DatumMap(self.datum, self.lon[shown], self.lat[shown], near[shown])


@dataclass(frozen=True, eq=False)
class DatumMap:
    """What a small map of one hypothesis shows: at most `MAP_POINTS` points, and their street.

    Attributes
    ----------
    lon, lat
        WGS-84 degrees.
    near
        Whether a street is within `NEAR_M` (or, without streets, the point inside the boundary).
    """

    datum: str
    lon: Floats
    lat: Floats
    near: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class DatumVerdict:
    """What the evidence says of the datum of one table.

    Attributes
    ----------
    stated, stated_by
        The datum that the positions were read in, and who says so.
    outcome
        `agrees`: the evidence is for it; `contradicts`: for another one, and a person must confirm;
        `suggests`: nobody stated a datum, and the evidence is for `best`; `undecided`: it does not
        tell them apart; `unverifiable`: there is none.
    why
        Of the last two: `few` points; `nothing` to compare with; streets that are `synthetic`, or
        `elsewhere`; a `projected` datum.
    best
        The datum that the evidence is for; "" where it is for none.
    evidence
        One per hypothesis.
    points
        How many positions there were.
    """

    stated: str
    stated_by: StatedBy
    outcome: Outcome
    why: Why = ""
    best: str = ""
    evidence: tuple[DatumEvidence, ...] = ()
    points: int = 0

    @property
    def settled(self) -> bool:
        """Whether rows may be kept without asking: somebody states the datum, nothing objects."""
        return self.outcome != "contradicts" and self.stated_by != "nothing"

    def sentence(self, lang: Lang) -> str:
        """Return it as one sentence."""
        shares = say("intake.verdict_joint", lang).join(e.sentence(lang) for e in self.evidence)
        said = self.conclusion(lang)
        return f"{shares}{say('intake.verdict_colon', lang)}{said}" if shares else said

    def conclusion(self, lang: Lang) -> str:
        """Return what follows, without the shares of each hypothesis."""
        facts: dict[str, object] = {
            "stated": _called(self.stated, lang),
            "best": _called(self.best, lang) if self.best else "",
            "points": self.points,
            "why": say(f"intake.verdict_why_{self.why}", lang) if self.why else "",
        }
        return say(f"intake.verdict_{self.outcome}", lang, **facts)

    def as_dict(self, lang: Lang) -> dict[str, object]:
        """Return the keys of the command line's JSON."""
        return {
            "outcome": self.outcome,
            "why": self.why or None,
            "best": self.best or None,
            "sentence": self.sentence(lang),
        }


def _called(datum: str, lang: Lang) -> str:
    entry = read_list("reference/datums").get(datum)
    return str(entry[lang]) if entry is not None else datum
