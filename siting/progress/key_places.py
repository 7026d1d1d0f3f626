"""Key places 重点场所: large firms, hospitals, hubs, malls, parks; those that no station reaches.

Which they are follows the siting rules of the district [2]: firms of a hundred workers and more
(「大多是百人以上企业」) and the venues of service and function zones (`host_types` of the rule
`function_zone`). Reached is a place with an open station within the cut-off, by distance alone.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from geo.tables import DTYPES, columns
from siting.model import Inputs, Parameters
from siting.planning import BUILT_IN_RULES, Rules, coverage
from siting.rules import read_rules

LARGE_FIRM: Final = 100
"""Workers of a firm that counts as large, inclusive [2]."""

ENTERPRISE: Final = "enterprise"


@dataclass(frozen=True)
class KeyPlace:
    """A key place that no open station reaches.

    Attributes
    ----------
    id, name, town
        As in its table.
    host_type
        `enterprise`, or the host type of a venue.
    people
        Workers of a firm, visits a day of a venue; None: nobody counted.
    """

    id: str
    name: str
    town: str
    host_type: str
    people: float | None


@dataclass(frozen=True)
class KeyPlaces:
    """How many key places are on record, and those that no station reaches, the largest first."""

    known: int
    unreached: tuple[KeyPlace, ...]


def key_places(
    inputs: Inputs, parameters: Parameters, rules: Rules = BUILT_IN_RULES
) -> KeyPlaces | None:
    """Return the key places; None: neither firms nor venues are on record.

    Raises
    ------
    InputError
        As `coverage`, and rules that cannot be used.
    """
    if inputs.enterprises.empty and inputs.hosts.empty:
        return None
    found = _listed(inputs, rules)
    if not found:
        return KeyPlaces(0, ())
    places = [place for place, _, _ in found]
    as_demand = replace(
        inputs,
        demand=_as_demand([(lon, lat) for _, lon, lat in found]),
        candidates=inputs.candidates.iloc[:0],
        sources=(),
    )
    result = coverage(as_demand, replace(parameters, windows=None, groups=None))
    reached = {
        identity
        for identity, metres in zip(result.point_id, result.nearest_m, strict=True)
        if not np.isnan(metres)
    }
    missed = [place for number, place in enumerate(places) if str(number) not in reached]
    # Firms and venues in one list: whoever is on record with more people comes first.
    missed.sort(key=lambda place: (-(place.people or 0.0), place.name, place.id))
    return KeyPlaces(len(places), tuple(missed))


def _listed(inputs: Inputs, rules: Rules) -> list[tuple[KeyPlace, float, float]]:
    firms = inputs.enterprises
    large = firms[pd.to_numeric(firms["workers"]).fillna(0) >= LARGE_FIRM]
    rule = read_rules(rules).rule("function_zone")
    types = () if rule is None else rule.host_types
    venues = inputs.hosts[inputs.hosts["host_type"].isin(types)]
    return [
        *_rows(large.assign(host_type=ENTERPRISE), "workers"),
        *_rows(venues, "visits_per_day"),
    ]


def _rows(table: pd.DataFrame, people: str) -> list[tuple[KeyPlace, float, float]]:
    table = table[table["lon"].notna() & table["lat"].notna()]
    wanted = table[["id", "name", "town", "host_type", people, "lon", "lat"]]
    return [
        (
            KeyPlace(
                id=str(identity),
                name=str(name) or str(identity),
                town=str(town),
                host_type=str(host_type),
                people=None if pd.isna(count) else float(count),
            ),
            float(lon),
            float(lat),
        )
        for identity, name, town, host_type, count, lon, lat in wanted.itertuples(
            index=False, name=None
        )
    ]


def _as_demand(places: list[tuple[float, float]]) -> pd.DataFrame:
    """Return one head at each place: what is asked is whether a station reaches it."""
    made: dict[str, pd.Series] = {}
    given = {
        "id": [str(number) for number in range(len(places))],
        "lon": [lon for lon, _ in places],
        "lat": [lat for _, lat in places],
        "workers": [1.0] * len(places),
    }
    for column in columns("demand"):
        blank = "" if column.words else np.nan
        values = given.get(column.name, [blank] * len(places))
        made[column.name] = pd.Series(values, dtype=DTYPES[column.type])
    return pd.DataFrame(made)
