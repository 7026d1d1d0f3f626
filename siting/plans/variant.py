"""A scenario as it is kept: what is changed of what exists, and on what terms it is looked at.

The baseline is the register; a variant names the candidates that open, where they stand in it, the
stations that close, the candidates that are ruled out and the streets that are other. It is plain
JSON, one object per change, so that it can be read in twenty years.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from geo.errors import InputError
from siting.coverage.levels import DEFAULT_OPEN_SHARE, Terms, week_of
from siting.model import DEFAULT_ATTACH_CAP_M, DEFAULT_CUTOFF_M, Inputs, Parameters, Place
from siting.plans.comparing import Option, option
from siting.service import Service
from siting.street_changes import AddPath, CloseStreet, StreetChange, with_street_changes
from siting.weather import weather_of

ORDINARY = "ordinary"
"""The season of a variant that names none."""

Json = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Opening:
    """A candidate that opens: where it stood when the scenario was kept, WGS-84 degrees."""

    id: str
    place: Place


@dataclass(frozen=True)
class Variant:
    """What a scenario changes, and its terms.

    Attributes
    ----------
    opens, closes, rejects
        Candidates that open, ids of stations that close, ids of candidates that are ruled out;
        those change nothing but what the next plan may choose.
    streets
        Streets that are closed or added.
    plan
        Number of the stored plan that it took over; None: none.
    parameters, season, open_share, kind_defaults
        What was set when it was kept.
    """

    opens: tuple[Opening, ...] = ()
    closes: tuple[str, ...] = ()
    rejects: tuple[str, ...] = ()
    streets: tuple[StreetChange, ...] = ()
    plan: int | None = None
    parameters: Parameters = field(default_factory=Parameters)
    season: str = ORDINARY
    open_share: float = DEFAULT_OPEN_SHARE
    kind_defaults: bool = False

    @property
    def terms(self) -> Terms:
        """On what terms a station is of use.

        Raises
        ------
        InputError
            The list of seasons no longer has this one.
        """
        monday = week_of(self.season)
        return Terms(monday, self.open_share, self.kind_defaults, weather_of(self.season))

    @property
    def changes(self) -> int:
        """How many changes it makes."""
        return len(self.opens) + len(self.closes) + len(self.rejects) + len(self.streets)


def moved(inputs: Inputs, variant: Variant) -> tuple[str, ...]:
    """Return the ids of opened candidates that the register has elsewhere, or elsewhere now."""
    known = places_of(inputs)
    return tuple(o.id for o in variant.opens if known.get(o.id, o.place) != o.place)


def with_variant(inputs: Inputs, variant: Variant) -> Inputs:
    """Return inputs as a variant has them: its candidates where they stood, its streets.

    What opens and closes is left to `variant_option`. Inputs that it does not change are returned
    as they are, so that what is known of them holds.

    Raises
    ------
    InputError
        As `with_street_changes`.
    """
    elsewhere = moved(inputs, variant)
    if elsewhere:
        table = inputs.candidates.copy()
        for opening in variant.opens:
            if opening.id in elsewhere:
                rows = np.flatnonzero((table["id"] == opening.id).to_numpy())
                table.loc[table.index[rows], ["lon", "lat"]] = opening.place
        inputs = replace(inputs, candidates=table)
    return with_street_changes(inputs, variant.streets)


def variant_option(service: Service, variant: Variant) -> Option:
    """Return what a variant leads to.

    Parameters
    ----------
    service
        Of the stations that exist, on inputs of `with_variant`.
    """
    return option(service, [opening.id for opening in variant.opens], variant.closes)


def written(variant: Variant) -> tuple[str, str]:
    """Return the changes and the settings as JSON texts."""
    changes: list[Json] = [{"open": o.id, "place": list(o.place)} for o in variant.opens]
    changes += [{"close_station": name} for name in variant.closes]
    changes += [{"reject": name} for name in variant.rejects]
    changes += [_street(change) for change in variant.streets]
    if variant.plan is not None:
        changes.append({"plan": variant.plan})
    held = variant.parameters
    settings = {
        "cutoff_m": held.cutoff_m,
        "attach_cap_m": held.attach_cap_m,
        "alternatives_m": held.alternatives_m,
        "standard": held.standard,
        "windows": None if held.windows is None else list(held.windows),
        "groups": None if held.groups is None else list(held.groups),
        "season": variant.season,
        "open_share": variant.open_share,
        "kind_defaults": variant.kind_defaults,
    }
    return _text(changes), _text(settings)


def read(changes: str, settings: str) -> Variant:
    """Return a variant from what `written` gave.

    Raises
    ------
    InputError
        `scenario_unreadable`: it is something else, or of a later version of the product.
    """
    try:
        return _read(json.loads(changes or "[]"), json.loads(settings or "{}"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError("scenario_unreadable") from error


def places_of(inputs: Inputs) -> dict[str, Place]:
    """Return where each candidate stands, by its id."""
    table = inputs.candidates
    return {
        str(name): (float(lon), float(lat))
        for name, lon, lat in zip(table["id"], table["lon"], table["lat"], strict=True)
    }


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _street(change: StreetChange) -> Json:
    if isinstance(change, CloseStreet):
        return {"close_street": list(change.place)}
    return {
        "add_path": [list(place) for place in change.places],
        "name": change.name,
        "highway": change.highway,
        "bridge": change.bridge,
    }


def _read(changes: Sequence[Json], settings: Json) -> Variant:
    for change in changes:
        if not _KINDS & set(change):
            raise ValueError(str(change))
    windows, groups = settings.get("windows"), settings.get("groups")
    return Variant(
        opens=tuple(Opening(str(c["open"]), _place(c["place"])) for c in changes if "open" in c),
        closes=_all(changes, "close_station", str),
        rejects=_all(changes, "reject", str),
        streets=tuple(_read_street(c) for c in changes if "close_street" in c or "add_path" in c),
        plan=next(iter(_all(changes, "plan", int)), None),
        parameters=Parameters(
            cutoff_m=float(settings.get("cutoff_m", DEFAULT_CUTOFF_M)),
            attach_cap_m=float(settings.get("attach_cap_m", DEFAULT_ATTACH_CAP_M)),
            alternatives_m=float(settings.get("alternatives_m", 0.0)),
            standard=settings.get("standard"),
            windows=None if windows is None else tuple(map(str, windows)),
            groups=None if groups is None else tuple(map(str, groups)),
        ),
        season=str(settings.get("season", ORDINARY)),
        open_share=float(settings.get("open_share", DEFAULT_OPEN_SHARE)),
        kind_defaults=bool(settings.get("kind_defaults", False)),
    )


def _all(changes: Sequence[Json], key: str, kind: Callable[[Any], T]) -> tuple[T, ...]:
    return tuple(kind(change[key]) for change in changes if key in change)


def _read_street(change: Json) -> StreetChange:
    if "close_street" in change:
        return CloseStreet(_place(change["close_street"]))
    return AddPath(
        tuple(_place(place) for place in change["add_path"]),
        str(change["name"]),
        str(change["highway"]),
        bool(change["bridge"]),
    )


def _place(pair: Sequence[Any]) -> Place:
    lon, lat = pair
    return float(lon), float(lat)


_KINDS = {"open", "close_station", "reject", "close_street", "add_path", "plan"}
