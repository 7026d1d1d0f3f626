"""A replay file read again, and its figures compared with those that the same layers give now."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, Final

from geo.errors import InputError
from reports.origin import Origin
from reports.product import product
from reports.replay import FORMAT, VERSION
from reports.replay_layers import STREETS, ZONES
from reports.scenario_told import ScenarioTold
from siting.coverage.levels import Terms
from siting.model import ChangedStreet, LayerSource, Parameters
from siting.plan_results import PlanResult
from siting.plans.chosen_set import QUOTED
from siting.plans.recorded import from_record
from siting.progress import YearWork
from siting.scenario import LAYERS
from siting.weather import HourWeight, Weather
from words import Lang

MAX_BYTES: Final = 200_000_000
_OF_SCORES = ("unattached_candidates", "scores")

KNOWN: Final = (*LAYERS, STREETS, ZONES, "towns")
"""What a replay file may call a layer."""

RELATIVE, ABSOLUTE = 1e-9, 1e-6
"""Two figures are the same (<=) when they differ by less than the order of a sum can make them."""

COMPUTED: Final = (
    *("coverage", "effective", "unattached_candidates", "chosen", "plan", "scores", "standards"),
)
"""Parts of a replay file that are computed anew; the others say what of."""


@dataclass(frozen=True, eq=False)
class Replay:
    """What a replay file says.

    Attributes
    ----------
    content
        All of it, as JSON has it: the figures to compare with.
    title, lang, made_on, scenario_hash, smallest_shown
        Of the report.
    parameters, terms, origin, credits, street_changes
        What it was made with and from.
    layers
        Content hash by layer.
    plan
        As it was stored; None: there was none.
    spares
        Whether spare hosts stood in it.
    beside
        What stood beside the plan (`reports.beside`): searches, which nothing repeats.
    details
        What else stood on it, as it was told then: `highlight_ids`, `compiled_by`, `reviewed_by`,
        `sent_to`, `map_number`, `work`, `scenario`.
    standards
        Names of the standards that were asked.
    product
        Which product made it (`reports.product`).
    """

    content: Mapping[str, Any]
    title: str
    lang: Lang
    made_on: date
    scenario_hash: str
    smallest_shown: float
    parameters: Parameters
    terms: Terms
    origin: Origin
    credits: tuple[LayerSource, ...]
    street_changes: tuple[ChangedStreet, ...]
    layers: Mapping[str, str]
    plan: PlanResult | None
    spares: bool
    beside: tuple[str, ...]
    details: Mapping[str, Any]
    standards: tuple[str, ...]
    product: Mapping[str, Any]

    def changed_lists(self) -> list[str]:
        """Return the lists of the product (`reference/kinds` …) that are others today."""
        then, now = self.product["lists"], product()["lists"]
        return sorted(name for name in {*then, *now} if then.get(name) != now.get(name))

    @property
    def same_code(self) -> bool:
        """Whether the code that decides is the same today."""
        return bool(self.product["code"] == product()["code"])


@dataclass(frozen=True)
class Difference:
    """One figure that came out otherwise.

    Attributes
    ----------
    path
        Where it stands in the replay file: `coverage.towns.3.covered`.
    then, now
        None: empty, or not there.
    """

    path: str
    then: object
    now: object


@dataclass(frozen=True)
class Comparison:
    """How many figures and texts were compared, and which differ."""

    compared: int
    differences: tuple[Difference, ...]


def read_replay(path: Path) -> Replay:
    """Return what a replay file says.

    Raises
    ------
    InputError
        `replay_not_one`: it is no replay file; `replay_version`: of another version, which cannot
        be replayed; `replay_damaged`: something is missing in it.
    OSError
        It cannot be read.
    """
    if path.stat().st_size > MAX_BYTES:
        raise InputError("replay_not_one", file=path.name)
    try:
        content = json.loads(path.read_bytes())
    except ValueError as error:
        raise InputError("replay_not_one", file=path.name) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise InputError("replay_not_one", file=path.name)
    if content.get("version") != VERSION:
        raise InputError(
            "replay_version", file=path.name, version=content.get("version"), known=VERSION
        )
    try:
        return _read(content)
    except InputError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError("replay_damaged", file=path.name, detail=str(error)) from error


def as_json_has_it(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of a replay file as reading the file gives it: lists, no tuples."""
    read: dict[str, Any] = json.loads(json.dumps(content, allow_nan=False))
    return read


def compare(then: Mapping[str, Any], now: Mapping[str, Any], *, scored: bool = True) -> Comparison:
    """Compare what is computed anew in the content of two replay files.

    Parameters
    ----------
    scored
        Whether candidates could be scored: what scores tell is left out otherwise.

    Notes
    -----
    What a plan quotes (`siting.plans.chosen_set.QUOTED`, and the reasons of its sites) is left out:
    it could not differ.
    """
    told = [
        leaf
        for name in COMPUTED
        if scored or name not in _OF_SCORES
        for leaf in _leaves(name, _unquoted(name, then), _unquoted(name, now))
    ]
    differing = (Difference(*item) for item in told if not _same(item[1], item[2]))
    return Comparison(len(told), tuple(differing))


def _unquoted(name: str, content: Mapping[str, Any]) -> object:
    held = content.get(name)
    if name != "plan" or not isinstance(held, dict):
        return held
    plan = {key: value for key, value in held.items() if key not in QUOTED}
    sites = [{k: v for k, v in site.items() if k != "reason"} for site in plan["selected"]]
    return {**plan, "selected": sites}


def _leaves(path: str, then: object, now: object) -> Iterator[tuple[str, object, object]]:
    """Yield every figure and text with where it stands."""
    if isinstance(then, dict) and isinstance(now, dict):
        for name in {**then, **now}:
            yield from _leaves(f"{path}.{name}", then.get(name), now.get(name))
    elif isinstance(then, list) and isinstance(now, list):
        for place in range(max(len(then), len(now))):
            yield from _leaves(f"{path}.{place}", _at(then, place), _at(now, place))
    else:
        yield path, then, now


def _at(values: list[object], place: int) -> object:
    return values[place] if place < len(values) else None


def _same(then: object, now: object) -> bool:
    if isinstance(then, bool) or isinstance(now, bool):
        return then is now
    if isinstance(then, int | float) and isinstance(now, int | float):
        return math.isclose(then, now, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return then == now


def _read(content: dict[str, Any]) -> Replay:
    held = content["made_from"]
    plan, origin = held["plan"], Origin.from_dict(held)
    for layer in (*held["layers"], *(file.layer for file in origin.files)):
        if layer not in KNOWN:
            raise ValueError(layer)
    return Replay(
        content=content,
        title=str(content["title"]),
        lang="en" if content["lang"] == "en" else "zh",
        made_on=date.fromisoformat(content["made_on"]),
        scenario_hash=str(content["scenario_hash"]),
        smallest_shown=_number(content["smallest_shown"]),
        parameters=_parameters(content["parameters"]),
        terms=_terms(held["terms"]),
        origin=origin,
        credits=tuple(LayerSource(**credit) for credit in content["layers"]),
        street_changes=tuple(_changed(change) for change in held["street_changes"]),
        layers={str(layer): str(content) for layer, content in held["layers"].items()},
        plan=None if plan is None else from_record(plan),
        spares=bool(held["spares"]),
        beside=tuple(map(str, held["beside"])),
        details=_details(held),
        standards=tuple(map(str, held.get("standards", ()))),
        product=held["product"],
    )


def _details(held: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands on a report as it was told; a file of before has less of it."""
    work, sent_to = held.get("work"), held.get("sent_to")
    return {
        "highlight_ids": tuple(held["highlight_ids"]),
        "compiled_by": str(held["compiled_by"]),
        "reviewed_by": str(held["reviewed_by"]),
        "sent_to": None if sent_to is None else str(sent_to),
        "map_number": str(held.get("map_number", "")),
        "work": None if work is None else YearWork.from_dict(work),
        "scenario": ScenarioTold.from_dict(held.get("scenario")),
    }


def _number(value: object) -> float:
    """Return a number as the file has it: 10 and 10.0 are written differently."""
    if not isinstance(value, int | float):
        raise TypeError(value)
    return value


def _parameters(held: Mapping[str, Any]) -> Parameters:
    lists = {
        name: tuple(held[name]) if held[name] is not None else None
        for name in ("windows", "groups")
    }
    return Parameters(**{**held, **lists})


def _terms(held: Mapping[str, Any]) -> Terms:
    weather = held["weather"]
    return Terms(
        monday=date.fromisoformat(held["monday"]),
        open_share=float(held["open_share"]),
        kind_defaults=bool(held["kind_defaults"]),
        weather=Weather(
            float(weather["reach_share"]),
            tuple(
                HourWeight(
                    time.fromisoformat(item["start"]),
                    time.fromisoformat(item["end"]),
                    float(item["weight"]),
                )
                for item in weather["hours"]
            ),
        ),
    )


def _changed(held: Mapping[str, Any]) -> ChangedStreet:
    return ChangedStreet(**{**held, "places": tuple(tuple(place) for place in held["places"])})
