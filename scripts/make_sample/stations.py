"""The existing stations: those that the reports name, and more of every kind."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from scripts.make_sample.drawing import URBAN
from scripts.make_sample.firms import Firm
from scripts.make_sample.ground import MAIN_ROADS, Ground, Street
from scripts.make_sample.plane import SEED, XY, facts, to_plane, unit_at, venues
from scripts.make_sample.sites import (
    Site,
    Venue,
    community_names,
    completed,
    gate,
    short_unit,
    venue_site,
)

_FRONT_GAP_M = 280.0


def make_stations(ground: Ground, firms: list[Firm], places: list[Venue]) -> list[Site]:
    """Return the existing stations, in the order of their ids."""
    rng = np.random.default_rng([SEED, 4])
    sites = _named_fronts(ground, rng)
    sites += _more_fronts(ground, sites, rng)
    sites += [venue_site(venue, venue.station, rng) for venue in places if venue.station]
    sites += _mobile_stations(ground, rng)
    sites += _enterprise_stations(firms, rng)
    sites += [_cut_off_station()]
    sites = [completed(site, rng, "open") for site in sites]
    return _with_exceptions(sites)


def _named_fronts(ground: Ground, rng: np.random.Generator) -> list[Site]:
    sites: list[Site] = []
    for entry in venues()["street_front"]:
        at = _free_front(ground, _on(entry["street"], entry["unit"]), sites, rng)
        sites.append(Site(entry["name"], at, entry["unit"], entry["host_type"]))
    return sites


def _on(name: str, unit: str) -> Callable[[Street], bool]:
    return lambda street: street.name == name and street.unit == unit


def _more_fronts(ground: Ground, before: list[Site], rng: np.random.Generator) -> list[Site]:
    communities = community_names()
    sites: list[Site] = []
    for unit, count in venues()["more_street_fronts"].items():
        named = {site.name for site in before}
        names = [
            str(name)
            for name in rng.permutation(communities[unit])
            if f"{name}暖心驿站" not in named
        ]
        for number in range(count):
            at = _free_front(ground, _main_front(unit), [*before, *sites], rng)
            short = short_unit(unit)
            if number == 0 and short not in {"兴丰", "高米店"}:
                sites.append(Site(f"{short}工会服务站", at, unit, "union_service"))
            else:
                sites.append(Site(f"{names[number]}暖心驿站", at, unit, "community"))
    return sites


def _free_front(
    ground: Ground,
    wanted: Callable[[Street], bool],
    others: list[Site],
    rng: np.random.Generator,
) -> XY:
    """Draw a street front that keeps its distance from the other stations."""
    for _ in range(60):
        at = ground.front(rng, wanted)
        if at and all(math.dist(at, other.at) > _FRONT_GAP_M for other in others):
            return at
    message = "no street front left"
    raise ValueError(message)


def _main_front(unit: str) -> Callable[[Street], bool]:
    return lambda s: s.unit == unit and s.highway in MAIN_ROADS and s.built_up > URBAN


def _mobile_stations(ground: Ground, rng: np.random.Generator) -> Iterator[Site]:
    for entry in venues()["mobile"]:
        at = to_plane(*entry["at"])
        if "off_road_m" in entry:
            at = _off_road(ground, at, float(entry["off_road_m"]), rng)
        else:
            at = ground.nearest(at).beside(0.4, 14.0)
        yield Site(entry["name"], at, unit_at(*at), "public_land")


def _off_road(ground: Ground, near: XY, wanted_m: float, rng: np.random.Generator) -> XY:
    """Return a place near `near` that is at least `wanted_m` from every street."""
    for reach_m in (500.0, 1000.0, 2000.0):
        for _ in range(400):
            dx, dy = rng.uniform(-reach_m, reach_m, size=2)
            at = (near[0] + float(dx), near[1] + float(dy))
            if ground.distance_m(at) >= wanted_m:
                return at
    message = f"no place {wanted_m} m from every street"
    raise ValueError(message)


def _enterprise_stations(firms: list[Firm], rng: np.random.Generator) -> Iterator[Site]:
    for unit, count in venues()["enterprise_stations"].items():
        # Mostly firms with a hundred workers and more, the larger the likelier, as it was done.
        large = [firm for firm in firms if firm.unit == unit and firm.workers >= 90]
        named = [firm for firm in large if not firm.park]
        weights = np.array([float(firm.workers) if firm.park else 0.0 for firm in large]) ** 0.25
        chosen = rng.choice(
            len(large), size=count - len(named), replace=False, p=weights / weights.sum()
        )
        for firm in named + [large[int(n)] for n in sorted(chosen)]:
            yield Site(f"{firm.name}企业驿站", gate(firm, rng), unit, "enterprise", firm=firm.id)


def _cut_off_station() -> Site:
    """Return a station inside a walled works that no street of the network reaches."""
    piece = next(entry for entry in facts()["apart"] if entry["name"] == "安定厂区")
    x, y = to_plane(*piece["at"])
    return Site("安定厂区企业驿站", (x + 60.0, y + 20.0), "安定镇", "enterprise")


def _with_exceptions(sites: list[Site]) -> list[Site]:
    """Suspend one station, close one, and leave the hours of some unverified."""
    fronts = [n for n, site in enumerate(sites) if site.host_type == "community"]
    firms = [n for n, site in enumerate(sites) if site.host_type == "enterprise"]
    changed = dict(enumerate(sites))
    changed[fronts[-1]] = replace(sites[fronts[-1]], state="suspended")
    changed[firms[-2]] = replace(sites[firms[-2]], state="closed")
    for number in firms[3::6] + fronts[4::7]:
        changed[number] = replace(changed[number], hours="")
    return [changed[number] for number in range(len(sites))]
