"""Standards in force: how far a station may be, for whom and where, with their sources.

Each is a file of data/standards; several hold at once, and `siting.judging` judges by all of them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from geo.errors import InputError
from geo.reference import DATA_FOLDER, read_list
from geo.streets import Profile

_SECONDS_PER_MINUTE = 60
EVERYBODY = "*"
DEFAULT_DENSITY_RADIUS_M = 1000.0
DEFAULT_STANDARD = "radius_1km"
"""In force as long as a district has settled on no other."""

EXTERNAL = "外部依据"
"""How the source of a figure begins that is not the customer's own."""

Way = Literal["walk", "ebike", "circle"]
"""How a distance is measured: on foot along streets, by e-bike, or as the crow flies."""


@dataclass(frozen=True)
class Limit:
    """How far a station may be.

    Attributes
    ----------
    way
        `walk` and `circle` in metres; `ebike` in seconds along a riding network and, where there
        is none, in metres along walking streets.
    metres
        Inclusive (<=); for a time: time x stated pace.
    seconds
        Inclusive; None where the standard gives a length.
    """

    way: Way
    metres: float
    seconds: float | None = None


@dataclass(frozen=True)
class Rule:
    """What holds for some workers: one station must be within all limits.

    Attributes
    ----------
    limits
        At least one.
    groups
        Codes of worker groups; "*" is everybody.
    workers_from_per_km2
        Holds where there are at least (>=) so many average present workers per km2.
    """

    limits: tuple[Limit, ...]
    groups: tuple[str, ...] = (EVERYBODY,)
    workers_from_per_km2: float = 0.0

    def speaks_of(self, group: str) -> bool:
        """Tell whether the rule is for a worker group; "" is workers of no named group."""
        return EVERYBODY in self.groups or group in self.groups


@dataclass(frozen=True)
class Standard:
    """A named standard.

    Attributes
    ----------
    name
        What `--standard` and `--standards` take.
    zh, en
        What screens call it.
    rules
        The first that applies to a worker counts; the last is for everybody, everywhere.
    source, sentence
        Where the figures come from, and its words.
    least_stations
        So many stations must serve a worker (2: cross coverage 交叉覆盖).
    pass_share
        A unit passes when at least this share (0..1] of its workers is covered.
    density_radius_m
        Of the circle in which workers per km2 are counted, metres.
    assumed
        Keys of the file that are our own assumption.
    """

    name: str
    zh: str
    en: str
    rules: tuple[Rule, ...]
    source: str
    sentence: str
    least_stations: int
    pass_share: float
    density_radius_m: float
    assumed: tuple[str, ...]

    @property
    def cutoff_m(self) -> float:
        """Metres along streets, inclusive (<=), where the standard is nothing but that.

        Raises
        ------
        InputError
            The standard is more than one walking distance: judge by it beside others.
        """
        if not self.is_cutoff:
            raise InputError("siting_standard_not_a_cutoff", standard=self.name)
        return self.rules[0].limits[0].metres

    @property
    def is_cutoff(self) -> bool:
        """Whether it is nothing but one walking distance: only such a one can be in force."""
        walked = [limit for rule in self.rules for limit in rule.limits]
        return len(walked) == 1 and walked[0].way == "walk" and self.least_stations == 1

    @property
    def is_external(self) -> bool:
        """Whether its figure is somebody else's 外部依据: no report of the customer gives one."""
        return self.source.startswith(EXTERNAL)

    @property
    def by_density(self) -> bool:
        """Whether it depends on how many workers there are around a place."""
        return any(rule.workers_from_per_km2 > 0 for rule in self.rules)

    def farthest_m(self, way: Way) -> float:
        """Return the longest limit of one way, metres; 0 where it has none."""
        limits = (limit for rule in self.rules for limit in rule.limits if limit.way == way)
        return max((limit.metres for limit in limits), default=0.0)

    def farthest_s(self) -> float:
        """Return the longest limit by e-bike, seconds; 0 where it has none."""
        limits = (limit for rule in self.rules for limit in rule.limits if limit.way == "ebike")
        return max((limit.seconds or 0.0 for limit in limits), default=0.0)


def standard_names() -> tuple[str, ...]:
    """Return the names of all standards."""
    return tuple(sorted(file.stem for file in (DATA_FOLDER / "standards").glob("*.toml")))


def standard(name: str) -> Standard:
    """Return the standard `name`.

    Raises
    ------
    InputError
        There is no such standard, or its file makes no sense; the sentence says what is wrong.
    """
    if name not in standard_names():
        raise InputError(
            "siting_unknown_standard", standard=name, known="、".join(standard_names())
        )
    return read_standard(name, read_list(f"standards/{name}"))


def read_standard(name: str, entry: Mapping[str, Any]) -> Standard:
    """Return the standard that the content of a file describes.

    Raises
    ------
    InputError
        A key is missing or not one of a standard, or a figure is none.
    """
    try:
        found = Standard(
            name=name,
            zh=str(entry["zh"]),
            en=str(entry["en"]),
            rules=tuple(_rule(part) for part in entry.get("rules", (entry,))),
            source=str(entry["source"]),
            sentence=str(entry["sentence"]),
            least_stations=int(entry.get("least_stations", 1)),
            pass_share=float(entry["pass_share"]),
            density_radius_m=_length(entry, "density_radius_m", DEFAULT_DENSITY_RADIUS_M),
            assumed=tuple(entry.get("assumed", ())),
        )
    except KeyError as error:
        raise InputError("siting_standard_lacks", standard=name, key=error.args[0]) from error
    except (TypeError, ValueError) as error:
        raise InputError("siting_standard_figure", standard=name, problem=str(error)) from error
    if not (0 < found.pass_share <= 1 and found.least_stations >= 1):
        raise InputError("siting_standard_figure", standard=name, problem="pass_share")
    last = found.rules[-1] if found.rules else None
    if last is None or EVERYBODY not in last.groups or last.workers_from_per_km2 > 0:
        raise InputError("siting_standard_not_for_all", standard=name)
    return found


def _rule(entry: Mapping[str, Any]) -> Rule:
    profile: Profile = entry.get("profile", "walk")
    if profile not in ("walk", "ebike"):
        msg = f"profile {profile!r}"
        raise ValueError(msg)
    limits: list[Limit] = []
    if "radius_m" in entry:
        limits.append(Limit("circle", _length(entry, "radius_m")))
    if "cutoff_m" in entry and profile == "walk":
        limits.append(Limit("walk", _length(entry, "cutoff_m")))
    if "minutes" in entry:
        seconds = _length(entry, "minutes") * _SECONDS_PER_MINUTE
        limits.append(Limit(profile, seconds * _length(entry, "speed_m_per_s"), seconds))
    if not limits:
        raise KeyError("cutoff_m" if profile == "walk" else "minutes")
    return Rule(
        limits=tuple(limits),
        groups=tuple(entry.get("groups", (EVERYBODY,))),
        workers_from_per_km2=float(entry.get("workers_from_per_km2", 0.0)),
    )


def _length(entry: Mapping[str, Any], key: str, usual: float | None = None) -> float:
    """Return a figure above zero.

    Raises
    ------
    KeyError, ValueError
        It is missing, or not such a figure.
    """
    value = float(entry[key] if usual is None else entry.get(key, usual))
    if not (math.isfinite(value) and value > 0):
        msg = f"{key} = {value:g}"
        raise ValueError(msg)
    return value
