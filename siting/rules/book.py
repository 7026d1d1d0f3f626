"""Rules as a file states them: areas, criteria, measures, weights, changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from siting.results import AreaType

AREA_TYPES: tuple[AreaType, ...] = get_args(AreaType)
Direction = Literal["more", "less", "ideal", "levels"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
QuotaOf = Literal["area", "kind"]
MAX_POINTS = 100.0
OWN_RULES = "district"
"""What scores, plans and reports call the rules of a district's own."""

Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class Test:
    """One condition on the figure of a place.

    Attributes
    ----------
    figure
        A name of `siting.rules.places.FIGURES`.
    at_least, below
        The figure must be >= the one and < the other; None: no such limit.
    radius_m
        As the crow flies, inclusive; 0 where the figure has none.
    host_types, groups
        Hosts and worker groups that the figure counts.
    crowd_per_km2
        What counts as a crowd where the figure is the distance to one.
    """

    # A condition, no test case of pytest's.
    __test__ = False

    figure: str
    at_least: float | None
    below: float | None
    radius_m: float = 0.0
    host_types: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    crowd_per_km2: float = 0.0

    def holds(self, figures: Float64) -> NDArray[np.bool_]:
        """Return where the condition holds; it does not where the figure is unknown (NaN)."""
        holds = np.isfinite(figures)
        if self.at_least is not None:
            holds &= figures >= self.at_least
        if self.below is not None:
            holds &= figures < self.below
        return holds


@dataclass(frozen=True)
class Way:
    """One way in which a place is in an area: all its tests hold.

    Attributes
    ----------
    source, sentence
        What it rests on; `assumption`: our own.
    """

    tests: tuple[Test, ...]
    source: str
    sentence: str


@dataclass(frozen=True)
class Measure:
    """One way to measure a criterion.

    Attributes
    ----------
    name
        Of `siting.rules.measures` or `siting.rules.common`.
    unit
        Of its figure.
    curve
        (figure, points) with rising figures; straight lines between, level beyond the ends.
    levels
        Instead of a curve: code -> points.
    proxy
        It only stands in for what the criterion asks.
    at_least
        It speaks from this figure on (>=); else the next measure is asked.
    must_at_least, must_at_most, must_not
        Filters: a candidate whose figure or code is known and does not pass is never chosen.
    """

    name: str
    unit: str
    curve: tuple[tuple[float, float], ...] = ()
    levels: Mapping[str, float] = field(default_factory=dict)
    proxy: bool = False
    at_least: float | None = None
    must_at_least: float | None = None
    must_at_most: float | None = None
    must_not: tuple[str, ...] = ()

    def points(self, figures: Float64) -> Float64:
        """Return 0..100 points for figures; NaN stays NaN."""
        places, heights = zip(*self.curve, strict=True)
        return np.asarray(np.interp(figures, places, heights), dtype=np.float64)

    def passes(self, figures: Float64) -> NDArray[np.bool_]:
        """Return where no filter on figures is broken; an unknown figure breaks none."""
        passes = np.ones(len(figures), dtype=bool)
        if self.must_at_least is not None:
            passes &= ~(figures < self.must_at_least)
        if self.must_at_most is not None:
            passes &= ~(figures > self.must_at_most)
        return passes


@dataclass(frozen=True)
class Criterion:
    """What a rule asks, and how much it weighs.

    Attributes
    ----------
    name
        Unique in the file.
    weight
        Share of its group (an area's rule, or the common criteria with the rule itself), sum 1.
    direction
        `more` or `less` is better, `ideal`: best at one figure, `levels`: points by code.
    unknown
        Points (0..100) where nothing is known.
    source, sentence
        The report and its words; `assumption` and why.
    measures
        Tried in order: the first that speaks counts.
    unless
        A measure of the same rule: where it speaks the criterion is not asked, and the others have
        its share. "": asked everywhere.
    """

    name: str
    weight: float
    direction: Direction
    unknown: float
    source: str
    sentence: str
    measures: tuple[Measure, ...]
    unless: str = ""


@dataclass(frozen=True)
class Weighing:
    """Where the weights of a group come from.

    Attributes
    ----------
    by
        `hand`, or `ahp`: pairwise comparisons.
    consistency_ratio
        Of the comparisons; None by hand.
    """

    by: Literal["hand", "ahp"]
    consistency_ratio: float | None = None


@dataclass(frozen=True)
class Rule:
    """The rule of one area type.

    Attributes
    ----------
    weight
        The rule's points are multiplied by it, (0, 1].
    reach_m
        How far its measures look, metres on foot, inclusive.
    source, sentence
        The report and the words that the rule rests on.
    ways
        When a place is in the area: any of them.
    criteria, weighing
        What it asks.
    street_classes, front_m
        OSM classes of main streets, and the longest way from a street front to it (<=), metres.
    host_types
        Venues with foot traffic, or hosts of the named group.
    flow_types, flow_reach_m, flow_detour_m
        Where workers are taken to go (hosts), how far from the candidate either end of their way
        may be, and how much longer their way may get (<=) for the candidate to be on it, metres.
    tag_workers
        From so many workers on a firm bears a tag (百人以上); it is no filter.
    meal_types
        Where workers are taken to eat, an errand apart from `flow_types`; (): one errand for all.
    stop_reach_m, stop_weights
        How far stops are looked for, metres on foot, inclusive, and how many a host of each type
        counts for.
    through_reach_m, through_origins
        How far people are taken to walk for the figure of who walks through a street, metres, and
        from how many places at most their ways are searched.
    through_beside_m
        A street counts for a candidate when the way to it is at most so much longer (<=) than to
        the nearest one, metres: who stands at a corner sees both.
    """

    area_type: AreaType
    weight: float
    reach_m: float
    source: str
    sentence: str
    ways: tuple[Way, ...]
    criteria: tuple[Criterion, ...]
    weighing: Weighing
    street_classes: tuple[str, ...] = ()
    front_m: float = 0.0
    host_types: tuple[str, ...] = ()
    flow_types: tuple[str, ...] = ()
    flow_reach_m: float = 0.0
    flow_detour_m: float = 0.0
    tag_workers: float | None = None
    meal_types: tuple[str, ...] = ()
    stop_reach_m: float = 0.0
    stop_weights: Mapping[str, float] = field(default_factory=dict)
    through_reach_m: float = 0.0
    through_origins: int = 0
    through_beside_m: float = 0.0

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures of all its criteria."""
        return tuple(measure for one in self.criteria for measure in one.measures)


@dataclass(frozen=True)
class Common:
    """The criteria of every candidate, whatever its area.

    Attributes
    ----------
    rule_weight
        Share of the area's rule, beside those of the criteria.
    spacing_m
        How far the look at existing stations goes, metres on foot, inclusive.
    """

    rule_weight: float
    spacing_m: float
    criteria: tuple[Criterion, ...]
    weighing: Weighing


@dataclass(frozen=True)
class RuleQuota:
    """How many of the new stations of a plan are in one area, or of one kind.

    Attributes
    ----------
    field, value
        The area or the kind of station that is meant, by its code.
    least, most
        Whole numbers, both inclusive; `most` None: any number.
    source, sentence
        What it rests on; `assumption`: our own.
    """

    field: QuotaOf
    value: str
    least: int
    most: int | None
    source: str
    sentence: str


@dataclass(frozen=True)
class StatedNeed:
    """How much records of stated need weigh in plans.

    Attributes
    ----------
    area
        Where: the code of an area.
    workers_each
        A record weighs as much as so many workers, >= 0.
    source, sentence
        What it rests on; `assumption`: our own.
    """

    area: AreaType
    workers_each: float
    source: str
    sentence: str


@dataclass(frozen=True)
class Changes:
    """What is tried to say what would change a rank.

    Attributes
    ----------
    hours_until
        Closing times, "21:00".
    hours_where_blank
        OSM opening hours that are tried where none are known.
    """

    hours_until: tuple[str, ...]
    hours_where_blank: str


@dataclass(frozen=True)
class Shaking:
    """How weights and demand are shaken for rank ranges.

    Attributes
    ----------
    draws
        How many times.
    weight_spread, demand_spread
        Standard deviation of the logarithm of the factors.
    top
        How often a candidate is among so many is counted.
    """

    draws: int
    weight_spread: float
    demand_spread: float
    top: int


@dataclass(frozen=True)
class RuleBook:
    """A rule file.

    Attributes
    ----------
    name
        The built-in's name or the file's.
    version
        Of the file, counted up by its editor; of a district's own rules by its register.
    source, sentence
        The report and the words that the whole rests on.
    rules
        One per area type, in the order of `AREA_TYPES`.
    quotas
        What every plan made by these rules keeps to; they move no rank.
    stated_need
        Whether requests are demand rows of plans; None: they are not.
    text
        The file itself; "" where it was not read from one.
    dated
        ISO day since which a district has these rules of its own; "" for files.
    """

    name: str
    title_zh: str
    title_en: str
    version: int
    source: str
    sentence: str
    rules: tuple[Rule, ...]
    common: Common
    changes: Changes
    shaking: Shaking
    quotas: tuple[RuleQuota, ...] = ()
    stated_need: StatedNeed | None = None
    text: str = field(default="", repr=False)
    dated: str = ""

    @property
    def is_own(self) -> bool:
        """Whether they are a district's own, kept in its register."""
        return bool(self.dated)

    @property
    def sha256(self) -> str:
        """Of the file, in hex: what two editions of one version differ in."""
        return sha256(self.text.encode()).hexdigest()

    def asks_as(self, other: "RuleBook") -> bool:
        """Tell whether other rules ask the very same: weights may differ, and quotas."""
        return _unweighed(self) == _unweighed(other)

    def rule(self, area_type: AreaType) -> Rule | None:
        """Return the rule of an area type; None: the file leaves it out."""
        return next((rule for rule in self.rules if rule.area_type == area_type), None)


def _unweighed(book: RuleBook) -> tuple[object, ...]:
    """Return what a book asks: areas, criteria, measures, curves."""
    rules = tuple(
        replace(rule, weight=1.0, criteria=_bare(rule.criteria), weighing=Weighing("hand"))
        for rule in book.rules
    )
    common = replace(
        book.common,
        rule_weight=0.0,
        criteria=_bare(book.common.criteria),
        weighing=Weighing("hand"),
    )
    return rules, common


def _bare(criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
    return tuple(replace(one, weight=0.0) for one in criteria)
