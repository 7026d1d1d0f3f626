"""Which OSM tags mean which kind of host: data/reference/host_tags.toml, validated as a whole."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from geo.errors import InputError
from geo.reference import read_list

ANY = "*"
"""Stands for every value of a key."""

NAME_KEYS = ("name:zh", "name", "official_name", "brand", "operator")
"""What a place is called, the best first: brand and operator only where it has no name."""

Pairs = Mapping[str, frozenset[str]]
"""OSM key -> values that fit."""


@dataclass(frozen=True)
class HostRule:
    """One rule: what fits it is a host of `host_type`.

    Attributes
    ----------
    tags
        One of them is needed.
    unless
        None of them may be there.
    names
        Parts of names, folded; one is needed where there are any.
    reason
        Why, with its source.
    """

    host_type: str
    tags: Pairs
    unless: Pairs
    names: tuple[str, ...]
    reason: str

    def fits(self, tags: Mapping[str, str]) -> bool:
        """Tell whether a place with these OSM tags is such a host."""
        if not _has_one(self.tags, tags) or _has_one(self.unless, tags):
            return False
        called = place_name(tags).casefold()
        return not self.names or any(part in called for part in self.names)


@dataclass(frozen=True)
class Placing:
    """Where a place that is drawn as an area stands.

    Attributes
    ----------
    entrances, gates
        Values of `entrance` and `barrier` of doors on its outline, the best first.
    street_classes
        OSM classes of the streets that a side is looked for at.
    street_m
        A street farther (>) from the outline than this, metres, is not its street.
    """

    entrances: tuple[str, ...]
    gates: tuple[str, ...]
    street_classes: tuple[str, ...]
    street_m: float


@dataclass(frozen=True)
class HostRules:
    """The rules in their order, what no host may have, and where areas stand."""

    version: str
    refused: Pairs
    rules: tuple[HostRule, ...]
    placing: Placing

    @property
    def keys(self) -> tuple[str, ...]:
        """OSM keys of which a host has at least one."""
        return tuple(dict.fromkeys(key for rule in self.rules for key in rule.tags))

    def host_type(self, tags: Mapping[str, str]) -> str | None:
        """Return what kind of host a place is; None: it is none."""
        if _has_one(self.refused, tags):
            return None
        return next((rule.host_type for rule in self.rules if rule.fits(tags)), None)


def place_name(tags: Mapping[str, str]) -> str:
    """Return what a place is called, "" where nothing says so."""
    return next((tags[key].strip() for key in NAME_KEYS if tags.get(key, "").strip()), "")


def host_rules() -> HostRules:
    """Return the rules that the product ships."""
    return parse_host_rules(read_list("reference/host_tags"), "host_tags.toml")


def parse_host_rules(content: Mapping[str, Any], file: str) -> HostRules:
    """Return the rules written in `content`; `file` is used in errors.

    Raises
    ------
    InputError
        `hosts_rules_wrong`: the first thing that is missing or wrong, by its key.
    """
    check = _Checked(file)
    version = check.text(content, "version", "version")
    refused = check.table(content, "refused", "refused")
    rules = content.get("rule")
    if not (isinstance(rules, list) and rules and all(isinstance(rule, dict) for rule in rules)):
        raise check.error(rules, "rule")
    return HostRules(
        version=version,
        refused=check.pairs(refused, "tags", "refused"),
        rules=tuple(check.rule(rule, f"rule[{place}]") for place, rule in enumerate(rules, 1)),
        placing=check.placing(check.table(content, "placing", "placing")),
    )


class _Checked:
    """Reads parts of a rule file; what is wrong is named by its place."""

    def __init__(self, file: str) -> None:
        self._file = file

    def error(self, given: object, place: str) -> InputError:
        return InputError("hosts_rules_wrong", file=self._file, key=place, given=f"{given!r}"[:80])

    def text(self, content: Mapping[str, Any], key: str, place: str) -> str:
        value = content.get(key)
        if not (isinstance(value, str) and value.strip()):
            raise self.error(value, place)
        return value

    def texts(self, content: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
        value = content.get(key)
        if value is None or not _is_texts(value):
            raise self.error(value, f"{place}.{key}")
        return tuple(value)

    def table(self, content: Mapping[str, Any], key: str, place: str) -> dict[str, Any]:
        value = content.get(key)
        if not isinstance(value, dict):
            raise self.error(value, place)
        return value

    def pairs(self, content: Mapping[str, Any], key: str, place: str) -> Pairs:
        value = content.get(key)
        if not (isinstance(value, dict) and value and all(map(_is_texts, value.values()))):
            raise self.error(value, f"{place}.{key}")
        return {name: frozenset(values) for name, values in value.items()}

    def rule(self, content: Mapping[str, Any], place: str) -> HostRule:
        known = {"host_type", "tags", "unless", "names", "reason"}
        self._refuse_others(content, known, place)
        host_type = content.get("host_type")
        if host_type not in read_list("reference/host_types"):
            raise self.error(host_type, f"{place}.host_type")
        names = self.texts(content, "names", place) if "names" in content else ()
        return HostRule(
            host_type=str(host_type),
            tags=self.pairs(content, "tags", place),
            unless=self.pairs(content, "unless", place) if "unless" in content else {},
            names=tuple(name.casefold() for name in names),
            reason=self.text(content, "reason", f"{place}.reason"),
        )

    def placing(self, content: Mapping[str, Any]) -> Placing:
        known = {"entrances", "gates", "street_classes", "street_m", "reason"}
        self._refuse_others(content, known, "placing")
        metres = content.get("street_m")
        if not (isinstance(metres, float) and 0 < metres < float("inf")):
            raise self.error(metres, "placing.street_m")
        self.text(content, "reason", "placing.reason")
        return Placing(
            entrances=self.texts(content, "entrances", "placing"),
            gates=self.texts(content, "gates", "placing"),
            street_classes=self.texts(content, "street_classes", "placing"),
            street_m=metres,
        )

    def _refuse_others(
        self, content: Mapping[str, Any], known: Collection[str], place: str
    ) -> None:
        for key in content:
            if key not in known:
                raise self.error(content[key], f"{place}.{key}")


def _has_one(pairs: Pairs, tags: Mapping[str, str]) -> bool:
    return any(
        key in tags and (ANY in values or bool(values.intersection(_values(tags[key]))))
        for key, values in pairs.items()
    )


def _values(text: str) -> list[str]:
    """Split a tag that has several values: shop=supermarket;bakery."""
    return [part.strip() for part in text.split(";")]


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, str) and v for v in value)
