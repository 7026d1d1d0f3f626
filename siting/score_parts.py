"""What a score consists of: areas with their evidence, criteria, changes, rank ranges."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # results hold these parts
    from siting.results import AreaType


@dataclass(frozen=True)
class AreaFact:
    """One figure that tells in which area a place lies.

    Attributes
    ----------
    figure, value, unit
        As `siting.rules.places` has it.
    radius_m
        How far it looked, as the crow flies; 0 where it does not look around.
    subject
        What it belongs to; "" where there is nothing to name.
    """

    figure: str
    value: float
    unit: str
    radius_m: float
    subject: str = ""


@dataclass(frozen=True)
class AreaFound:
    """An area that a place lies in, and why.

    Attributes
    ----------
    by
        `data`: by the figures; `zone`: a zone that somebody drew or loaded says so.
    zone
        Name of that zone.
    """

    area_type: "AreaType"
    by: Literal["data", "zone"]
    facts: tuple[AreaFact, ...] = ()
    zone: str = ""


@dataclass(frozen=True)
class CriterionScore:
    """What one criterion gives a candidate.

    Attributes
    ----------
    name
        As the rule file calls it.
    area_type
        Whose rule it belongs to; None: common to all candidates.
    asked
        The first measure of the criterion.
    measure
        The one that speaks; "" where nothing is known.
    value, unit, code
        Its figure, or its code where points go by codes; None and "" where nothing is known.
    subject
        What the figure belongs to.
    reach_m
        How far the measure looked, metres on foot; 0 where it does not look around.
    proxy
        True where it only stands in for what the criterion asks.
    assumed
        True where a figure of our own stands in for one that the record does not have.
    points
        0..100 on the criterion's own curve.
    weight
        Share of the whole score that the criterion decides; they sum to 1.
    contribution
        What it adds to the candidate's points.
    """

    name: str
    area_type: "AreaType | None"
    asked: str
    measure: str
    value: float | None
    unit: str
    code: str
    subject: str
    reach_m: float
    proxy: bool
    assumed: bool
    points: float
    weight: float
    contribution: float


Change = Literal["hours_until", "hours_known", "consent", "on_way"]


@dataclass(frozen=True)
class WhatIf:
    """What would change a candidate's rank, everything else as it is.

    Attributes
    ----------
    change
        `hours_until`, `hours_known`, `consent`, `on_way`.
    detail
        What it is changed to: "21:00".
    points, rank
        Then.
    """

    change: "Change"
    detail: str
    points: float
    rank: int


@dataclass(frozen=True)
class RankRange:
    """Where a candidate ranks while weights and demand are shaken.

    Attributes
    ----------
    draws
        How many times.
    best, low, high, worst
        Its best rank, the 5th and 95th percentile (to the better whole rank), its worst.
    top, share_in_top
        How often (0..1) it was among the first `top`.
    """

    draws: int
    best: int
    low: int
    high: int
    worst: int
    top: int
    share_in_top: float
