"""Street fronts of main roads where no host is known, at a spacing."""

import numpy as np
from numpy.typing import NDArray

from geo.streets import Network, street_names
from siting.candidates.drafts import Collector, Drafts
from siting.candidates.nearness import Places, any_within, pairs_within
from siting.candidates.settings import Settings
from siting.candidates.street_spots import along
from siting.candidates.surroundings import People
from words import Lang, say

STEP_M = 25.0
"""Main streets are looked at this densely."""


def along_fronts(
    net: Network, taken: Places, people: People | None, settings: Settings, lang: Lang
) -> Drafts:
    """Return candidates along main streets.

    Spots every `STEP_M` along all open main streets, street by street, are taken in their order if
    they are at least the spacing away (>=) from all that were taken before. So no two are nearer,
    and no eligible spot is the spacing away from all of them.

    Parameters
    ----------
    taken
        Positions of stations, hosts and candidates: a spot near one is not eligible.
    people
        Who is near; a spot with few is not eligible. None: nobody knows.
    lang
        Of the names of spots on streets without a name.
    """
    found = Collector("front")
    edge, lon, lat = _spots(net, settings)
    free = ~any_within((lon, lat), taken, settings.front_host_within_m)
    edge, lon, lat = edge[free], lon[free], lat[free]
    workers = np.full(len(edge), np.nan)
    if people is not None and len(edge):
        workers = people.present((lon, lat), settings.front_workers_within_m)
        enough = workers >= settings.front_least_workers
        edge, lon, lat, workers = edge[enough], lon[enough], lat[enough], workers[enough]
    names = street_names(net, edge)
    order = _street_order(names, lon, lat)
    counted: dict[str, int] = {}
    for row in _spaced(order, (lon, lat), settings.front_spacing_m):
        street = names[row] or say("candidates.main_street", lang)
        counted[street] = counted.get(street, 0) + 1
        name = say("candidates.front_name", lang, street=street, number=counted[street])
        place = {"lon": round(float(lon[row]), 7), "lat": round(float(lat[row]), 7)}
        known = {} if people is None else {"workers": round(float(workers[row]))}
        town = "" if people is None else people.town(place["lon"], place["lat"])
        found.add({"name": name, **place, "town": town}, street=street, **known)
    return found.drafts()


def _spots(
    net: Network, settings: Settings
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    codes = [code for code, name in enumerate(net.classes) if name in settings.front_classes]
    main = np.isin(net.edge_class, codes) & net.edge_open & ~net.edge_island
    return along(net, np.flatnonzero(main), STEP_M)


def _street_order(
    names: tuple[str, ...], lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> list[int]:
    """Return the spots street by street, each along the longer side of the box around it."""
    streets: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        streets.setdefault(name, []).append(row)
    order: list[int] = []
    for name in sorted(streets):
        rows = np.array(streets[name])
        x, y = lon[rows], lat[rows]
        axis = x if np.ptp(x) >= np.ptp(y) else y
        order += rows[np.argsort(axis, kind="stable")].tolist()
    return order


def _spaced(order: list[int], places: Places, spacing_m: float) -> list[int]:
    """Return the spots that are taken, in order."""
    one, other, metres = pairs_within(places, places, spacing_m)
    close = metres < spacing_m
    start = np.searchsorted(one[close], np.arange(len(places[0]) + 1))
    others = other[close]
    blocked = np.zeros(len(places[0]), dtype=bool)
    chosen = []
    for row in order:
        if not blocked[row]:
            chosen.append(row)
            blocked[others[start[row] : start[row + 1]]] = True
    return chosen
