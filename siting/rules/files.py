"""Rule files: TOML, validated; what is wrong is named by file and key."""

import re
import tomllib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError
from geo.reference import DATA_FOLDER, read_list
from siting.results import AreaType

AREA_TYPES: tuple[AreaType, ...] = get_args(AreaType)
MAX_POINTS = 100.0
MAX_FILE_BYTES = 1_000_000
_TOML_PLACE = re.compile(r"line (\d+), column (\d+)")

# The measures that each rule may use; siting.rules.measures computes them.
MEASURES_BY_AREA: dict[AreaType, tuple[str, ...]] = {
    "enterprise_cluster": ("host_workers", "enterprise_workers", "enterprise_group_workers"),
    "central_urban": ("main_street_length",),
    "function_zone": ("venue_visits", "venue_workers"),
    "sparse": ("need_records", "uncovered_workers"),
    "special": ("outdoor_worker_hours",),
}


@dataclass(frozen=True)
class Measure:
    """One measure of a rule.

    Attributes
    ----------
    name
        A key of `MEASURES_BY_AREA`.
    unit
        Of its figure.
    at_least
        It speaks for a candidate from this figure on (>=).
    curve
        (figure, points) with rising figures; straight lines between, level beyond the ends.
    proxy
        It only stands in for what the rule asks.
    """

    name: str
    unit: str
    at_least: float
    curve: tuple[tuple[float, float], ...]
    proxy: bool = False

    def points(self, figures: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return 0..100 points for figures; NaN stays NaN."""
        places, heights = zip(*self.curve, strict=True)
        return np.asarray(np.interp(figures, places, heights), dtype=np.float64)


@dataclass(frozen=True)
class Rule:
    """The rule of one area type.

    Attributes
    ----------
    weight
        Points are multiplied by it, (0, 1].
    reach_m
        How far its measures look, metres on foot, inclusive.
    source, sentence
        The report and the words that the rule rests on.
    measures
        Tried in order.
    street_classes, front_m
        OSM classes of main streets, and the longest way from a street front to it (<=), metres.
    host_types
        Venues with foot traffic.
    """

    area_type: AreaType
    weight: float
    reach_m: float
    source: str
    sentence: str
    measures: tuple[Measure, ...]
    street_classes: tuple[str, ...] = ()
    front_m: float = 0.0
    host_types: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleBook:
    """A rule file.

    Attributes
    ----------
    name
        The built-in's name or the file's.
    version
        Of the file, counted up by its editor.
    density_radius_m, sparse_below_per_km2
        A place is sparse where fewer average present workers per km2 (<) are within the radius,
        metres as the crow flies.
    """

    name: str
    title_zh: str
    title_en: str
    version: int
    density_radius_m: float
    sparse_below_per_km2: float
    rules: tuple[Rule, ...]

    def rule(self, area_type: AreaType) -> Rule | None:
        """Return the rule of an area type; None: the file leaves it out."""
        return next((rule for rule in self.rules if rule.area_type == area_type), None)


def read_rules(source: str | Path) -> RuleBook:
    """Return the rules of a built-in ("daxing") or of a file.

    Raises
    ------
    InputError
        There is no such file, it is not TOML, or a key is missing or wrong.
    """
    path = _path(source)
    name = path.stem if path.parent == DATA_FOLDER / "rules" else path.name
    return parse_rules(_read(path), name)


def parse_rules(content: dict[str, Any], name: str) -> RuleBook:
    """Return the rules written in `content`; `name` is used in errors.

    Raises
    ------
    InputError
        A key is missing or wrong.
    """
    book = _Section(content, name, "")
    head, density = book.section("file"), book.section("density")
    known = {"file", "density", *AREA_TYPES}
    book.refuse_others(known)
    rules = tuple(_rule(book.section(area), area) for area in AREA_TYPES if area in content)
    if not rules:
        raise InputError("rules_empty", file=name, known=", ".join(AREA_TYPES))
    return RuleBook(
        name=name,
        title_zh=head.text("title_zh"),
        title_en=head.text("title_en"),
        version=int(head.number("version", low=1)),
        density_radius_m=density.number("radius_m", low=1),
        sparse_below_per_km2=density.number("sparse_below_per_km2", low=0),
        rules=rules,
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


def _read(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise InputError("rules_too_large", file=path.name)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise InputError("rules_not_text", file=path.name) from error
    except tomllib.TOMLDecodeError as error:
        # The parser's reason is English; what helps is the place, at the end of it.
        line, column = (_TOML_PLACE.findall(str(error)) or [("?", "?")])[-1]
        raise InputError("rules_not_toml", file=path.name, line=line, column=column) from error


def _rule(section: "_Section", area: AreaType) -> Rule:
    extra: dict[str, Any] = {}
    common = {"weight", "reach_m", "source", "sentence", "measures"}
    if area == "central_urban":
        extra["street_classes"] = section.texts("street_classes")
        extra["front_m"] = section.number("front_m", low=0)
    if area == "function_zone":
        extra["host_types"] = section.texts("host_types", known=read_list("reference/host_types"))
    section.refuse_others(common | set(extra))
    return Rule(
        area_type=area,
        weight=section.number("weight", low=0, high=1),
        reach_m=section.number("reach_m", low=1),
        source=section.text("source"),
        sentence=section.text("sentence"),
        measures=tuple(_measure(part, area) for part in section.sections("measures")),
        **extra,
    )


def _measure(section: "_Section", area: AreaType) -> Measure:
    section.refuse_others({"name", "unit", "at_least", "curve", "proxy"})
    name = section.text("name")
    if name not in MEASURES_BY_AREA[area]:
        section.refuse("name", f"{name!r}; {', '.join(MEASURES_BY_AREA[area])}")
    return Measure(
        name=name,
        unit=section.text("unit"),
        at_least=section.number("at_least", low=0),
        curve=section.curve("curve"),
        proxy=section.flag("proxy"),
    )


class _Section:
    """One table of a rule file, read with errors that name the file and the key."""

    def __init__(self, content: dict[str, Any], file: str, path: str) -> None:
        self._content = content
        self._file = file
        self._path = path

    def section(self, key: str) -> "_Section":
        value = self._get(key)
        if not isinstance(value, dict):
            self.refuse(key, f"{value!r}")
        return _Section(value, self._file, self._key(key))

    def sections(self, key: str) -> list["_Section"]:
        value = self._get(key)
        if not (isinstance(value, list) and value and all(isinstance(v, dict) for v in value)):
            self.refuse(key, f"{value!r}")
        return [
            _Section(part, self._file, f"{self._key(key)}[{place}]")
            for place, part in enumerate(value, start=1)
        ]

    def text(self, key: str) -> str:
        value = self._get(key)
        if not (isinstance(value, str) and value.strip()):
            self.refuse(key, f"{value!r}")
        return str(value)

    def texts(self, key: str, known: dict[str, Any] | None = None) -> tuple[str, ...]:
        value = self._get(key)
        if not (isinstance(value, list) and value and all(isinstance(v, str) for v in value)):
            self.refuse(key, f"{value!r}")
        for item in value:
            if known is not None and item not in known:
                self.refuse(key, f"{item!r}; {', '.join(known)}")
        return tuple(value)

    def number(self, key: str, *, low: float, high: float = float("inf")) -> float:
        value = self._get(key)
        if not (_is_number(value) and low <= value <= high):
            self.refuse(key, f"{value!r}; {low:g}..{high:g}")
        return float(value)

    def flag(self, key: str) -> bool:
        value = self._content.get(key, False)
        if not isinstance(value, bool):
            self.refuse(key, f"{value!r}; true, false")
        return bool(value)

    def curve(self, key: str) -> tuple[tuple[float, float], ...]:
        value = self._get(key)
        if not (isinstance(value, list) and value and all(_is_pair(pair) for pair in value)):
            self.refuse(key, f"{value!r}; [[figure, points], ...]")
        pairs = tuple((float(figure), float(points)) for figure, points in value)
        rising = all(before[0] < after[0] for before, after in pairwise(pairs))
        if not (rising and all(0 <= points <= MAX_POINTS for _, points in pairs)):
            self.refuse(key, f"{value!r}; 0..{MAX_POINTS:g}")
        return pairs

    def refuse_others(self, known: set[str]) -> None:
        for key in self._content:
            if key not in known and not (not self._path and key == "file"):
                self.refuse(key, ", ".join(sorted(known)))

    def refuse(self, key: str, problem: str) -> None:
        raise InputError("rules_wrong_key", file=self._file, key=self._key(key), problem=problem)

    def _get(self, key: str) -> Any:  # noqa: ANN401 - whatever stands in a stranger's file
        if key not in self._content:
            raise InputError("rules_missing_key", file=self._file, key=self._key(key))
        return self._content[key]

    def _key(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value)


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(_is_number(item) for item in value)
