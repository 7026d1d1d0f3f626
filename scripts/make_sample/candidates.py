"""Candidate hosts of every type, each where its siting rule makes sense."""

from collections.abc import Iterator

import numpy as np

from scripts.make_sample.drawing import URBAN, Drawing
from scripts.make_sample.firms import Firm
from scripts.make_sample.ground import MAIN_ROADS, Ground, Street
from scripts.make_sample.plane import SEED, unit_at, venues
from scripts.make_sample.sites import (
    Site,
    Venue,
    community_names,
    completed,
    costed,
    gate,
    short_unit,
    venue_site,
)


def make_candidates(
    ground: Ground, firms: list[Firm], places: list[Venue], stations: list[Site], drawing: Drawing
) -> list[Site]:
    """Return candidate hosts of every type, each where its siting rule makes sense."""
    rng = np.random.default_rng([SEED, 5])
    taken = {site.firm for site in stations if site.firm}
    sites = [
        Site(firm.name, gate(firm, rng), firm.unit, "enterprise", firm=firm.id)
        for firm in firms
        if firm.workers >= 80 and firm.id not in taken and firm.unit
    ]
    sites += [venue_site(venue, venue.name, rng) for venue in places if not venue.station]
    sites += _front_candidates(ground, stations, rng)
    sites += _country_candidates(ground, drawing, rng)
    return [costed(completed(site, rng, _candidate_state(rng)), rng) for site in sites]


def _candidate_state(rng: np.random.Generator) -> str:
    return str(rng.choice(["proposed", "surveyed", "approved"], p=[0.7, 0.24, 0.06]))


_FRONTS = {
    # host type: how many
    "community": 84,
    "restaurant": 52,
    "bank": 38,
    "supermarket": 36,
    "estate_agency": 24,
    "school": 16,
    "fuel": 20,
    "union_service": 5,
    "party_centre": 18,
    "library": 9,
}


_CENTRAL_SHARE = 0.7


def _is_central_front(street: Street) -> bool:
    """Tell main streets of the urban middle, where the rule of street fronts is at home."""
    return street.highway in {"primary", "secondary"} and street.built_up > 0.75


def _is_town_front(street: Street) -> bool:
    return street.highway in MAIN_ROADS and street.built_up > URBAN


def _front_candidates(
    ground: Ground, stations: list[Site], rng: np.random.Generator
) -> Iterator[Site]:
    communities = {
        unit: [str(name) for name in rng.permutation(names)]
        for unit, names in community_names().items()
    }
    seen = {site.name.removesuffix("暖心驿站") for site in stations}
    for host_type, count in _FRONTS.items():
        made = 0
        for _ in range(60 * count):
            if made == count:
                break
            wanted = _is_central_front if rng.random() < _CENTRAL_SHARE else _is_town_front
            street = ground.pick(rng, wanted)
            if street is None or not street.unit:
                continue
            offset_m = float(rng.uniform(8.0, 22.0) * rng.choice([-1.0, 1.0]))
            at = street.beside(float(rng.uniform(0.1, 0.9)), offset_m)
            name = _front_name(host_type, street, communities, rng)
            if not name or name in seen:
                continue
            seen.add(name)
            made += 1
            yield Site(name, at, unit_at(*at) or street.unit, host_type)


def _front_name(
    host_type: str, street: Street, communities: dict[str, list[str]], rng: np.random.Generator
) -> str:
    names = venues()["names"]
    where = street.name or street.unit
    parts = {"restaurant": "restaurants", "bank": "banks", "supermarket": "supermarkets"}
    if host_type in parts:
        return f"{rng.choice(names[parts[host_type]])}（{where}）"
    if host_type == "estate_agency":
        return f"{rng.choice(names['agencies'])}（{where}）"
    if host_type == "community":
        left = communities[street.unit]
        return left.pop() if left else ""
    short = short_unit(street.unit)
    return {
        "school": f"{short}{rng.choice(['第一', '第二', '第三', '中心'])}小学",
        "fuel": f"{where}加油站",
        "union_service": f"{short}工会服务站",
        "party_centre": f"{short}党群服务中心",
        "library": f"{short}职工书屋",
    }[host_type]


def _country_candidates(
    ground: Ground, drawing: Drawing, rng: np.random.Generator
) -> Iterator[Site]:
    """Yield village offices and open ground where few people live: sites by need."""
    order = rng.permutation(len(drawing.villages))
    for number in order[:60]:
        village = drawing.villages[int(number)]
        at = ground.nearest((village.x, village.y)).beside(0.5, 15.0)
        if rng.random() < 0.6:
            yield Site(f"{village.name}空地", at, village.unit, "public_land")
        else:
            yield Site(f"{village.name}委会", at, village.unit, "community")
