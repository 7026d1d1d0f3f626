"""Containers: where outdoor work is hard and long, and where it is scattered."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.streets import attach, street_names
from siting.candidates.drafts import Collector, Drafts, Origin
from siting.candidates.nearness import Places
from siting.candidates.settings import Settings
from siting.candidates.street_spots import spots_of
from siting.candidates.surroundings import People
from words import Lang, say

Float64 = NDArray[np.float64]


def where_hard(people: People, served: Places, settings: Settings, lang: Lang) -> Drafts:
    """Return containers where hard outdoor work is much and long.

    Of the places of demand the one with the most worker-hours of these groups within reach that
    nothing serves yet is taken first, then the next, until none reaches the least. Work is long
    where worker-hours are many times the workers of the busiest window; elsewhere the place is
    passed over. Without windows nobody knows hours, and there is none.

    Parameters
    ----------
    served
        Positions of stations and earlier candidates.
    """
    found = Collector("hard")
    if not people.has_hours:
        return found.drafts()
    hours = people.worker_hours(settings.hard_groups)
    heads = people.by_window(settings.hard_groups).max(axis=1)
    points = np.flatnonzero(hours > 0)
    open_points = ~_served(people, served, settings.hard_reach_m, points)
    reach = _between(people, points, settings.hard_reach_m)
    amount = np.where(open_points, hours[points], 0.0)
    each = np.divide(
        reach @ amount,
        np.maximum(reach @ np.where(open_points, heads[points], 0.0), 1e-9),
    )
    for place, value in _greedy(
        reach, amount, settings.hard_least_worker_hours, each >= settings.hard_least_hours
    ):
        _add(
            found,
            people,
            int(points[place]),
            lang,
            hours=round(value),
            each=round(float(each[place])),
            reach_m=settings.hard_reach_m,
        )
    return found.drafts()


def where_scattered(people: People, served: Places, settings: Settings, lang: Lang) -> Drafts:
    """Return containers that make a round where outdoor workers are few at each place.

    The place with the most such places within a round that nothing serves within the shorter reach
    of a container is taken first, until a round has too few.
    """
    found = Collector("scattered")
    most = people.by_window(settings.scattered_groups).max(axis=1)
    points = np.flatnonzero((most > 0) & (most <= settings.scattered_most_at_once))
    lonely = ~_served(people, served, settings.hard_reach_m, points)
    reach = _between(people, points, settings.scattered_reach_m)
    everywhere = np.ones(len(points), dtype=bool)
    for place, value in _greedy(
        reach, lonely.astype(float), settings.scattered_least_places, everywhere
    ):
        _add(
            found,
            people,
            int(points[place]),
            lang,
            places=round(value),
            most=f"{settings.scattered_most_at_once:g}",
            reach_m=settings.scattered_reach_m,
        )
    return found.drafts()


def _served(
    people: People, served: Places, reach_m: float, points: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which points have a station or candidate within reach on foot."""
    if not len(served[0]) or not len(points):
        return np.zeros(len(points), dtype=bool)
    near = people.reach(served, reach_m, points)
    return np.asarray(near.sum(axis=0) > 0, dtype=bool)


def _between(
    people: People, points: NDArray[np.int64], reach_m: float
) -> "sparse.csr_array[np.float64]":
    lon, lat = people.points
    return people.reach((lon[points], lat[points]), reach_m, points)


def _greedy(
    reach: "sparse.csr_array[np.float64]",
    amount: Float64,
    least: float,
    allowed: NDArray[np.bool_],
) -> list[tuple[int, float]]:
    """Return places and what each adds, the greatest first, while that is at least `least` (>=).

    The first of equals is taken. What a place reaches counts for no other.
    """
    left = amount.copy()
    gain = np.where(allowed, reach @ left, 0.0)
    turned = reach.T.tocsr()
    chosen = []
    while len(gain) and gain.max() >= least and gain.max() > 0:
        place = int(gain.argmax())
        chosen.append((place, float(gain[place])))
        taken = reach.indices[reach.indptr[place] : reach.indptr[place + 1]]
        for point in taken[left[taken] > 0].tolist():
            touched = turned.indices[turned.indptr[point] : turned.indptr[point + 1]]
            gain[touched[allowed[touched]]] -= left[point]
            left[point] = 0.0
        gain[place] = 0.0
    return chosen


def _add(found: Collector, people: People, point: int, lang: Lang, **facts: object) -> None:
    """Take one place: on the street nearest to the demand point, where there is one."""
    lon, lat = (float(part[point]) for part in people.points)
    street = ""
    if people.streets is not None:
        spot = attach(people.streets, lon, lat, cap_m=people.parameters.attach_cap_m)
        street = street_names(people.streets, spot.edge)[0]
        if spot.ok[0]:
            x, y = spots_of(people.streets, spot.edge, spot.pos_mm)
            lon, lat = float(x[0]), float(y[0])
    row = int(np.argmax(people.demand.row_point == point))
    town = str(people.table["town"].iloc[row])
    place = street or town or say("candidates.somewhere", lang)
    origin: Origin = found.origin
    record = {
        "name": say(f"candidates.{origin}_name", lang, place=place),
        "lon": round(lon, 7),
        "lat": round(lat, 7),
        "town": town,
        "kind": "mobile",
        "host_type": "public_land",
    }
    found.add(record, **facts)
