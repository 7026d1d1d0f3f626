"""How much of each main street street-front stations serve: 服务范围向整条街延伸 [2].

Lengths are along the axis: carriageways of one name that run side by side are one street, as in
`siting.rules.streets`. A stretch is served when one of its carriageways is reached.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.reference import read_list
from geo.service_areas import ReachedLines, reached_lines
from geo.streets import Attached, Network, attach
from siting.coverage import counting_stations
from siting.model import Inputs, Parameters
from siting.planning import BUILT_IN_RULES, Rules
from siting.results import plain
from siting.rules import read_rules
from siting.rules.book import Rule
from siting.rules.streets import NO_STREET, StreetParts, front_streets, side_by_side, street_parts

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]
_EDGE_SPAN = 1 << 32
"""Farther apart than any two positions on one edge: positions of all edges on one axis."""


@dataclass(frozen=True)
class ServedLength:
    """Metres of one street or road class, and how many of them are served.

    Attributes
    ----------
    name
        Of the street, "" for main streets without a name together; or the OSM class.
    """

    name: str
    length_m: float
    served_m: float

    @property
    def share(self) -> float:
        """Served share; 0 without length."""
        return self.served_m / self.length_m if self.length_m else 0.0

    def as_dict(self, key: str) -> dict[str, object]:
        """Return the command line's JSON; `key` says what `name` is of."""
        return {
            key: self.name,
            "length_m": plain(self.length_m),
            "served_m": plain(self.served_m),
            "share": self.share,
        }


@dataclass(frozen=True)
class StreetService:
    """Main streets within reach of street-front stations.

    Attributes
    ----------
    stations
        Number of street-front stations that count.
    cutoff_m
        Metres along streets, inclusive (<=).
    total
        All main streets.
    streets
        By name, the longest first, those without a name last.
    classes
        By OSM class, in the order of the rule file.
    """

    stations: int
    cutoff_m: float
    total: ServedLength
    streets: tuple[ServedLength, ...]
    classes: tuple[ServedLength, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "street_front_stations": self.stations,
            "cutoff_m": plain(self.cutoff_m),
            "length_m": plain(self.total.length_m),
            "served_m": plain(self.total.served_m),
            "share": self.total.share,
            "road_classes": [row.as_dict("road_class") for row in self.classes],
            "streets": [row.as_dict("street") for row in self.streets],
        }


def street_service(
    inputs: Inputs, parameters: Parameters, rules: Rules = BUILT_IN_RULES, *, share: float = 1.0
) -> StreetService | None:
    """Return how much of each main street street-front stations serve.

    None without streets, and where the rule file has no main streets. A street-front station is of
    a kind that data/reference/kinds.toml calls so; one without a kind counts where it opens onto a
    main street (the rule's `front_m`).

    Parameters
    ----------
    rules
        A rule file: the OSM classes of its central urban rule are the main streets.
    share
        Share (0..1] of the cut-off that is walked in this weather.

    Raises
    ------
    InputError
        The rule file cannot be used, or a state is unknown.
    """
    net, rule = inputs.streets, read_rules(rules).rule("central_urban")
    if net is None or rule is None:
        return None
    sites, stations = _street_front(net, inputs, parameters, rule)
    reached = reached_lines(net, sites, parameters.cutoff_m * share)
    parts, served, edges = _parts(net, reached, rule.street_classes)
    metres = parts.length_m
    edge = edges[parts.piece]
    whole = ServedLength("", float(metres.sum()), float(served.sum()))
    classes = _sums(net.edge_class[edge], metres, served, net.classes)
    streets = _sums(net.edge_name[edge], metres, served, net.names)
    order = {name: place for place, name in enumerate(rule.street_classes)}
    return StreetService(
        stations=stations,
        cutoff_m=parameters.cutoff_m * share,
        total=whole,
        streets=tuple(sorted(streets, key=lambda row: (not row.name, -row.length_m, row.name))),
        classes=tuple(sorted(classes, key=lambda row: order[row.name])),
    )


@dataclass(frozen=True, eq=False)
class MainStreets:
    """The same on the ground: every carriageway, as maps draw it.

    Attributes
    ----------
    edges
        int64[n]: edges of the network that are main streets.
    reached
        Their pieces within the cut-off of a street-front station.
    """

    edges: Int64
    reached: ReachedLines


def main_streets(
    inputs: Inputs, parameters: Parameters, rules: Rules = BUILT_IN_RULES, *, share: float = 1.0
) -> MainStreets | None:
    """Return the main streets and what of them is served, as `street_service` counts it.

    Raises
    ------
    InputError
        As `street_service`.
    """
    net, rule = inputs.streets, read_rules(rules).rule("central_urban")
    if net is None or rule is None:
        return None
    sites, _ = _street_front(net, inputs, parameters, rule)
    reached = reached_lines(net, sites, parameters.cutoff_m * share)
    edges = _main_edges(net, rule.street_classes)
    mine = np.isin(reached.edge, edges)
    return MainStreets(
        edges,
        ReachedLines(
            reached.edge[mine], reached.from_mm[mine], reached.to_mm[mine], reached.line[mine]
        ),
    )


def _main_edges(net: Network, classes: tuple[str, ...]) -> Int64:
    codes = [code for code, name in enumerate(net.classes) if name in classes]
    main = np.isin(net.edge_class, codes) & net.edge_open & (net.edge_cost_mm > 0)
    return np.flatnonzero(main)


def _street_front(
    net: Network, inputs: Inputs, parameters: Parameters, rule: Rule
) -> tuple[Attached, int]:
    """Return the street-front stations on the streets, and how many count at all."""
    stations = inputs.stations
    kinds = {code for code, entry in read_list("reference/kinds").items() if entry["street_front"]}
    chosen = counting_stations(stations) & (
        stations["kind"].isin(kinds) | stations["kind"].eq("")
    ).to_numpy(dtype=bool)
    places = stations[chosen]
    lon, lat = (places[name].to_numpy(dtype=float) for name in ("lon", "lat"))
    named = places["kind"].ne("").to_numpy(dtype=bool)
    front = front_streets(
        net,
        attach(net, lon, lat, cap_m=parameters.attach_cap_m),
        rule.street_classes,
        front_m=rule.front_m,
        reach_m=rule.front_m,
    )
    keep = named | (front.name != NO_STREET)
    sites = attach(
        net,
        lon[keep],
        lat[keep],
        cap_m=parameters.attach_cap_m,
        alternatives_m=parameters.alternatives_m,
    )
    return sites, int(keep.sum())


def _parts(
    net: Network, reached: ReachedLines, classes: tuple[str, ...]
) -> tuple[StreetParts, Float64, Int64]:
    """Return the parts of main streets that count, metres served of each, and the pieces' edges."""
    edges = _main_edges(net, classes)
    zero = np.zeros(len(edges), dtype=np.int64)
    length = net.edge_cost_mm[edges].astype(np.int64)
    whole = ReachedLines(edges, zero, length, np.empty(0, dtype=object))
    names = net.edge_name[edges]
    found, served = [], []
    for name in np.unique(names):
        parts = street_parts(net, whole, np.flatnonzero(names == name))
        mine = _served_m(parts, edges, reached) / parts.length_m
        one, other = side_by_side(parts)
        # The first carriageway stands for the street: served as far as any beside it is.
        np.maximum.at(mine, one, mine[other])
        keep = np.ones(len(parts.piece), dtype=bool)
        keep[other] = False
        found.append(_only(parts, keep))
        served.append((mine * parts.length_m)[keep])
    if not found:
        nothing = np.zeros(0)
        flat = np.zeros((0, 2))
        return StreetParts(zero, nothing, nothing, flat, flat), nothing, edges
    return _joined(found), np.concatenate(served), edges


def _served_m(parts: StreetParts, edges: Int64, reached: ReachedLines) -> Float64:
    """Return float64[n]: metres of each part within reach."""
    low = reached.edge * _EDGE_SPAN + reached.from_mm
    size = reached.to_mm - reached.from_mm
    before = np.concatenate([[0], np.cumsum(size)])
    base = edges[parts.piece] * _EDGE_SPAN

    def until(mm: Float64) -> Float64:
        """Reached millimetres from the first edge up to a position (a global one)."""
        last = np.searchsorted(low, base + np.floor(mm).astype(np.int64), side="right") - 1
        inside = base - low[last] + mm
        return np.where(last < 0, 0.0, before[last] + np.clip(inside, 0, size[last]))

    if not len(low):
        return np.zeros(len(parts.piece))
    metres: Float64 = (until(parts.to_mm) - until(parts.from_mm)) / 1000
    return metres


def _sums(
    code: NDArray[np.integer], metres: Float64, served: Float64, names: tuple[str, ...]
) -> list[ServedLength]:
    totals: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one, length, part in zip(code.tolist(), metres.tolist(), served.tolist(), strict=True):
        totals[one][0] += length
        totals[one][1] += part
    return [
        ServedLength(names[one] if one >= 0 else "", length, part)
        for one, (length, part) in totals.items()
    ]


def _only(parts: StreetParts, keep: NDArray[np.bool_]) -> StreetParts:
    return StreetParts(
        parts.piece[keep],
        parts.from_mm[keep],
        parts.to_mm[keep],
        parts.start[keep],
        parts.end[keep],
    )


def _joined(found: list[StreetParts]) -> StreetParts:
    names = ("piece", "from_mm", "to_mm", "start", "end")
    return StreetParts(*(np.concatenate([getattr(part, name) for part in found]) for name in names))
