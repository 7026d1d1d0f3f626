"""Rule files: TOML, validated; what is wrong is named by file, line and key."""

import re
import tomllib
from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np

from geo.errors import InputError
from geo.reference import DATA_FOLDER, read_list
from siting.results import AreaType
from siting.rules.ahp import MOST_COMPARED, Priorities, comparison, priorities
from siting.rules.book import (
    AREA_TYPES,
    DIRECTIONS,
    MAX_POINTS,
    Changes,
    Common,
    Criterion,
    Direction,
    Measure,
    Rule,
    RuleBook,
    Shaking,
    Test,
    Way,
    Weighing,
)
from siting.rules.quotas import read_quotas
from siting.rules.sections import Section, origin_of
from siting.rules.stated import SECTION, read_stated_need

MAX_FILE_BYTES = 1_000_000
AREA_RULE = "area_rule"
"""What the rule of a candidate's area is called among the common criteria."""

ASSUMPTION = "assumption"
"""The source of what no report says."""

_TOML_PLACE = re.compile(r"line (\d+), column (\d+)")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
_MOST_DRAWS = 10_000

MEASURES_BY_AREA: dict[AreaType, tuple[str, ...]] = {
    "enterprise_cluster": (
        *("host_workers", "enterprise_workers", "enterprise_group_workers"),
        *("on_way", "passing_gates", "passing_workers", "street_betweenness"),
    ),
    "central_urban": ("main_street_length", "main_street_way", "opens_to_street"),
    "function_zone": (
        *("venue_visits", "venue_size", "venue_workers", "passing_workers", "usual_venue_size"),
        *("venue_way", "stop_density", "street_betweenness"),
    ),
    "sparse": ("need_records", "uncovered_workers", "outdoor_worker_hours"),
    "special": (
        *("patient_visits", "outdoor_worker_hours", "outdoor_hours_per_head"),
        "kind_fits_spread",
    ),
}
"""The measures that each rule may use; siting.rules.measures computes them."""

COMMON_MEASURES = (
    "host_reliability",
    "host_type",
    "hours_match",
    "cost",
    "consent",
    "spacing",
    "haves_ready",
)
"""Those of the common criteria; siting.rules.common computes them."""

FIGURES: dict[str, tuple[str, ...]] = {
    "enterprise_workers": ("radius_m",),
    "enterprises": ("radius_m",),
    "enterprise_group_workers": ("radius_m",),
    "main_street_m": ("radius_m",),
    "main_street_distance_m": ("radius_m",),
    "front_hosts": ("radius_m",),
    "hosts": ("radius_m", "host_types"),
    "venue_visits": ("radius_m", "host_types"),
    "own_host": ("host_types",),
    "workers_per_km2": ("radius_m",),
    "remoteness_m": ("radius_m", "crowd_per_km2"),
    "outdoor_worker_hours": ("radius_m",),
    "group_workers": ("radius_m", "groups"),
}
"""The figures of a place that tests may use, and what each needs; siting.rules.places has them."""

_HOST_TYPES_OF: tuple[AreaType, ...] = ("function_zone", "special")
_FLOW_OF: tuple[AreaType, ...] = ("enterprise_cluster", "function_zone")
_MOST_ORIGINS = 100_000
_KEPT = 8


def read_rules(source: str | Path | RuleBook) -> RuleBook:
    """Return the rules of a built-in ("daxing") or of a file; rules already read as they are.

    Raises
    ------
    InputError
        There is no such file, it is not TOML, or a key is missing or wrong.
    """
    if isinstance(source, RuleBook):
        return source
    path = _path(source)
    name = path.stem if path.parent == DATA_FOLDER / "rules" else path.name
    if path.stat().st_size > MAX_FILE_BYTES:
        raise InputError("rules_too_large", file=path.name)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError("rules_not_text", file=path.name) from error
    return read_rules_text(text, name)


@lru_cache(maxsize=_KEPT)
def read_rules_text(text: str, name: str) -> RuleBook:
    """Return the rules written in a TOML text; `name` is used in errors.

    Of the last texts they are kept: a page asks for the rules in force on every change.

    Raises
    ------
    InputError
        It is not TOML, or a key is missing or wrong.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # The parser's reason is English; what helps is the place, at the end of it.
        line, column = (_TOML_PLACE.findall(str(error)) or [("?", "?")])[-1]
        raise InputError("rules_not_toml", file=name, line=line, column=column) from error
    return parse_rules(content, name, text)


def parse_rules(content: dict[str, Any], name: str, text: str = "") -> RuleBook:
    """Return the rules in `content`, which `text`, if given, has the lines of.

    Raises
    ------
    InputError
        A key is missing or wrong.
    """
    book = Section(content, origin_of(name, text))
    book.refuse_others({"file", "common", "changes", "sensitivity", "quotas", SECTION, *AREA_TYPES})
    head = book.section("file")
    head.refuse_others({"version", "title_zh", "title_en", "source", "sentence"})
    rules = tuple(_rule(book.section(area), area) for area in AREA_TYPES if area in content)
    if not rules:
        raise InputError("rules_empty", file=name, known="、".join(AREA_TYPES))
    common = _common(book.section("common"))
    _refuse_twins(book, [*(rule.criteria for rule in rules), common.criteria])
    return RuleBook(
        name=name,
        title_zh=head.text("title_zh"),
        title_en=head.text("title_en"),
        version=head.whole("version", low=1),
        source=head.text("source"),
        sentence=head.text("sentence"),
        rules=rules,
        common=common,
        changes=_changes(book.section("changes")),
        shaking=_shaking(book.section("sensitivity")),
        quotas=read_quotas(book, [rule.area_type for rule in rules]),
        stated_need=read_stated_need(book, [rule.area_type for rule in rules]),
        text=text,
    )


def _path(source: str | Path) -> Path:
    built_in = DATA_FOLDER / "rules" / f"{source}.toml"
    if isinstance(source, str) and Path(source).name == source and built_in.is_file():
        return built_in
    path = Path(source)
    if not path.is_file():
        names = sorted(file.stem for file in (DATA_FOLDER / "rules").glob("*.toml"))
        raise InputError("rules_missing_file", file=str(source), known="、".join(names))
    return path


def _rule(section: Section, area: AreaType) -> Rule:
    criteria, weighing = _criteria(section, MEASURES_BY_AREA[area])
    used = {measure.name for one in criteria for measure in one.measures}
    extra = {**_extra(section, area), **_proxies(section, used)}
    common = {"weight", "reach_m", "source", "sentence", "ways", "criteria", "ahp"}
    section.refuse_others(common | set(extra))
    return Rule(
        area_type=area,
        weight=section.number("weight", low=0, high=1),
        reach_m=section.number("reach_m", low=1),
        source=section.text("source"),
        sentence=section.text("sentence"),
        ways=tuple(_way(part) for part in section.sections("ways")),
        criteria=criteria,
        weighing=weighing,
        **extra,
    )


def _extra(section: Section, area: AreaType) -> dict[str, Any]:
    """Return what only some areas' rules have."""
    extra: dict[str, Any] = {}
    if area == "enterprise_cluster":
        extra["tag_workers"] = section.number("tag_workers", low=1)
    if area == "central_urban":
        extra["street_classes"] = section.texts("street_classes")
        extra["front_m"] = section.number("front_m", low=0)
    if area in _HOST_TYPES_OF:
        extra["host_types"] = section.texts("host_types", known=read_list("reference/host_types"))
    if area in _FLOW_OF:
        extra["flow_types"] = section.texts("flow_types", known=read_list("reference/host_types"))
        extra["flow_reach_m"] = section.number("flow_reach_m", low=1)
        extra["flow_detour_m"] = section.number("flow_detour_m", low=0)
        hosts = read_list("reference/host_types")
        extra["meal_types"] = section.texts("meal_types", known=hosts, needed=False)
    return extra


def _proxies(section: Section, used: Collection[str]) -> dict[str, Any]:
    """Return what the measures of stops and of streets ask for, where they are used."""
    extra: dict[str, Any] = {}
    if "stop_density" in used:
        extra["stop_reach_m"] = section.number("stop_reach_m", low=1)
        extra["stop_weights"] = _stop_weights(section)
    if "street_betweenness" in used:
        extra["through_reach_m"] = section.number("through_reach_m", low=1)
        extra["through_beside_m"] = section.number("through_beside_m", low=0)
        extra["through_origins"] = section.whole("through_origins", low=1, high=_MOST_ORIGINS)
    return extra


def _stop_weights(section: Section) -> dict[str, float]:
    part = section.section("stop_weights")
    part.refuse_others(read_list("reference/host_types").keys())
    return {code: part.number(code, low=0) for code in part.codes}


def _way(section: Section) -> Way:
    section.refuse_others({"tests", "source", "sentence"})
    tests = tuple(_test(part) for part in section.sections("tests"))
    return Way(tests, section.text("source"), section.text("sentence"))


def _test(section: Section) -> Test:
    figure = section.text("figure", known=FIGURES)
    section.refuse_others({"figure", "at_least", "below", *FIGURES[figure]})
    if "at_least" not in section and "below" not in section:
        section.refuse("rules_no_limit", "figure")
    needed = FIGURES[figure]
    hosts, groups = (read_list(f"reference/{name}") for name in ("host_types", "groups"))
    return Test(
        figure=figure,
        at_least=section.number_or_none("at_least", low=0),
        below=section.number_or_none("below", low=0),
        radius_m=section.number("radius_m", low=1) if "radius_m" in needed else 0.0,
        host_types=section.texts("host_types", hosts) if "host_types" in needed else (),
        groups=section.texts("groups", groups) if "groups" in needed else (),
        crowd_per_km2=section.number("crowd_per_km2", low=0) if "crowd_per_km2" in needed else 0.0,
    )


def _common(section: Section) -> Common:
    section.refuse_others({"rule_weight", "spacing_m", "criteria", "ahp"})
    own = None if "ahp" in section else section.number("rule_weight", low=0)
    criteria, weighing = _criteria(section, COMMON_MEASURES, own)
    share = 1.0 - sum(criterion.weight for criterion in criteria)
    return Common(share, section.number("spacing_m", low=1), criteria, weighing)


def _criteria(
    section: Section, known: Collection[str], rule_weight: float | None = None
) -> tuple[tuple[Criterion, ...], Weighing]:
    """Return the criteria of a group with weights of sum 1; the common ones with the rule's."""
    parts = section.sections("criteria")
    read = [_criterion(part, known, weighted="ahp" not in section) for part in parts]
    if "ahp" in section:
        found, order = _compared(section.section("ahp"), section, [one.name for one in read])
        by_name = dict(zip(order, found.weights, strict=True))
        weighed = tuple(replace(one, weight=by_name[one.name]) for one in read)
        return weighed, Weighing("ahp", found.consistency_ratio)
    total = sum(one.weight for one in read) + (rule_weight or 0.0)
    if total <= 0:
        section.refuse("rules_no_weight", "criteria")
    return tuple(replace(one, weight=one.weight / total) for one in read), Weighing("hand")


def _compared(
    section: Section, group: Section, names: list[str]
) -> tuple[Priorities, tuple[str, ...]]:
    """Return what pairwise comparisons of a group's criteria say, and their order."""
    section.refuse_others({"order", "matrix", "most_ratio"})
    compared = [*names, AREA_RULE] if group.path == "common" else names
    order = section.texts("order", known=compared)
    matrix = section.rows("matrix", comparison)
    square = len(matrix) == len(order) and all(len(row) == len(order) for row in matrix)
    if sorted(order) != sorted(compared) or not square or len(order) > MOST_COMPARED:
        section.refuse("rules_matrix", "matrix")
    try:
        found = priorities(np.array(matrix, dtype=np.float64))
    except ValueError:
        section.refuse("rules_matrix", "matrix")
    most = section.number("most_ratio", low=0)
    if found.consistency_ratio > most:
        ratio = f"{found.consistency_ratio:.3f}"
        section.refuse("rules_inconsistent", "matrix", ratio=ratio, most=f"{most:g}")
    return found, order


def _criterion(section: Section, known: Collection[str], *, weighted: bool) -> Criterion:
    keys = {"name", "direction", "unknown", "source", "sentence", "measures"}
    if known is not COMMON_MEASURES:
        keys.add("unless")
    section.refuse_others({*keys, "weight"} if weighted else keys)
    direction = cast("Direction", section.text("direction", known=DIRECTIONS))
    return Criterion(
        name=section.text("name"),
        weight=section.number("weight", low=0) if weighted else 0.0,
        direction=direction,
        unknown=section.number("unknown", low=0, high=MAX_POINTS),
        source=section.text("source"),
        sentence=section.text("sentence"),
        measures=tuple(_measure(part, known, direction) for part in section.sections("measures")),
        unless=section.text("unless", known) if "unless" in section else "",
    )


def _measure(section: Section, known: Collection[str], direction: Direction) -> Measure:
    name = section.text("name", known=known)
    keys = {"name", "unit", "proxy"}
    if direction == "levels":
        section.refuse_others({*keys, "levels", "must_not"})
        levels = section.points_of("levels")
        return Measure(
            name=name,
            unit=section.text("unit"),
            levels=levels,
            proxy=section.flag("proxy"),
            must_not=section.texts("must_not", known=levels, needed=False),
        )
    limits = ("at_least", "must_at_least", "must_at_most")
    shape = ("curve",) if "curve" in section else _SHAPES[direction]
    section.refuse_others({*keys, *limits, *shape})
    at_least, must_at_least, must_at_most = (section.number_or_none(k, low=0) for k in limits)
    return Measure(
        name=name,
        unit=section.text("unit"),
        curve=_curve(section, direction),
        proxy=section.flag("proxy"),
        at_least=at_least,
        must_at_least=must_at_least,
        must_at_most=must_at_most,
    )


_SHAPES: dict[Direction, tuple[str, ...]] = {
    "more": ("low", "high"),
    "less": ("low", "high"),
    "ideal": ("low", "ideal", "high"),
    "levels": ("levels",),
}
"""The keys of a curve in short: where it has no points and where it has all of them."""


def _curve(section: Section, direction: Direction) -> tuple[tuple[float, float], ...]:
    """Return a curve in full, or from its short form; it must go in the criterion's direction."""
    if "curve" not in section:
        figures = [section.number(key, low=0) for key in _SHAPES[direction]]
        if any(before >= after for before, after in pairwise(figures)):
            section.refuse("rules_rising", _SHAPES[direction][0])
        heights = {"more": (0, MAX_POINTS), "less": (MAX_POINTS, 0), "ideal": (0, MAX_POINTS, 0)}
        return tuple(zip(figures, map(float, heights[direction]), strict=True))
    pairs = section.pairs("curve")
    steps = [after[1] - before[1] for before, after in pairwise(pairs)]
    turns = [step > 0 for step in steps if step]
    fits = {
        "more": all(turns),
        "less": not any(turns),
        # Up, then down: once it has fallen it does not rise again.
        "ideal": turns == sorted(turns, reverse=True),
    }
    if not fits[direction]:
        section.refuse("rules_direction", "curve", direction=direction)
    return pairs


def _changes(section: Section) -> Changes:
    section.refuse_others({"hours_until", "hours_where_blank", "source", "sentence"})
    until = section.texts("hours_until")
    if not all(_CLOCK.fullmatch(clock) for clock in until):
        section.refuse("rules_clock", "hours_until")
    return Changes(until, section.text("hours_where_blank"))


def _shaking(section: Section) -> Shaking:
    section.refuse_others({"draws", "weight_spread", "demand_spread", "top", "source", "sentence"})
    return Shaking(
        draws=section.whole("draws", low=1, high=_MOST_DRAWS),
        weight_spread=section.number("weight_spread", low=0, high=1),
        demand_spread=section.number("demand_spread", low=0, high=1),
        top=section.whole("top", low=1),
    )


def _refuse_twins(book: Section, groups: list[tuple[Criterion, ...]]) -> None:
    """Refuse a criterion of the common ones that bears the name of an area's."""
    *areas, common = groups
    for group in areas:
        names = [one.name for one in (*group, *common)]
        twins = [name for name in names if names.count(name) > 1 or name == AREA_RULE]
        if twins:
            book.refuse("rules_twin", "common", name=twins[0])
