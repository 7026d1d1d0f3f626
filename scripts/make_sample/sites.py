"""Venues and hosts: what stations and candidates have in common."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from geo.reference import read_list
from scripts.make_sample.drawing import bare_name
from scripts.make_sample.firms import Firm
from scripts.make_sample.ground import Ground
from scripts.make_sample.plane import XY, facts, rows, to_plane, unit_at, venues

_INDOORS = ("water", "seat")


@dataclass(frozen=True)
class Venue:
    """A place people come to."""

    id: str
    name: str
    host_type: str
    at: XY
    unit: str
    staff: int
    visits: int
    station: str
    rich: bool


@dataclass(frozen=True)
class Site:
    """A station or a candidate; blank fields are unknown, as in real registers."""

    name: str
    at: XY
    unit: str
    host_type: str
    hours: str = ""
    services: tuple[str, ...] = ()
    seats: int | None = None
    state: str = ""
    kind: str = ""
    access: tuple[str, ...] = ()
    cost_yuan: int | None = None
    opened_on: str = ""
    firm: str = field(default="", compare=False)


def make_venues(ground: Ground) -> list[Venue]:
    """Put every venue 20 m beside the street nearest to its invented position."""
    found: list[Venue] = []
    for number, entry in enumerate(venues()["venue"], start=1):
        near = to_plane(*entry["at"])
        street = ground.nearest(near)
        side = 1.0 if number % 2 else -1.0
        at = street.beside(0.5, 20.0 * side)
        found.append(
            Venue(
                id=f"V{number:03d}",
                name=entry["name"],
                host_type=entry["host_type"],
                at=at,
                unit=unit_at(*at),
                staff=entry["staff"],
                visits=entry["visits"],
                station=entry.get("station", ""),
                rich=entry.get("rich", False),
            )
        )
    return found


def short_unit(unit: str) -> str:
    """Return the unit's name without its ending."""
    for ending in ("街道", "产业基地", "镇"):
        unit = unit.removesuffix(ending)
    return unit


def community_names() -> dict[str, list[str]]:
    """Return the names of communities, and of villages where there are few, by unit."""
    found: dict[str, list[str]] = {}
    entries = [(row["town"], row["name"]) for row in rows("daxing_nbs_villages")]
    for unit, entry in facts()["units"].items():
        names = [name for town, name in entries if town in entry["names"]]
        urban = [
            bare_name(name) + "社区" for name in names if name.endswith(("居委会", "居民委员会"))
        ]
        if len(urban) < 6:
            urban += [bare_name(name) + "村" for name in names if name.endswith("村委会")][:12]
        found[unit] = urban
    return found


def venue_site(venue: Venue, name: str, rng: np.random.Generator) -> Site:
    """Return a site inside a venue, up to 12 m from its middle."""
    offset = rng.uniform(-12.0, 12.0, size=2)
    at = (venue.at[0] + float(offset[0]), venue.at[1] + float(offset[1]))
    site = Site(name, at, venue.unit, venue.host_type)
    if venue.rich:
        return replace(
            site, services=(*services_of("hospital", rng), "water", "charging", "blood_pressure")
        )
    return site


def gate(firm: Firm, rng: np.random.Generator) -> XY:
    """Return a place inside the works, up to 15 m from its middle."""
    dx, dy = rng.uniform(-15.0, 15.0, size=2)
    return firm.at[0] + float(dx), firm.at[1] + float(dy)


# --- hours, access, services, seats, cost ---------------------------------------------------

_HOURS: dict[str, tuple[tuple[str, ...], tuple[float, ...]]] = {
    "enterprise": (
        ("Mo-Sa 07:30-20:00", "Mo-Fr 08:00-18:00; PH off", "24/7", ""),
        (0.4, 0.3, 0.15, 0.15),
    ),
    "community": (
        ("Mo-Fr 08:30-12:00,14:30-18:00", "Mo-Fr 08:30-17:30; PH off", "Mo-Su 08:00-20:00", ""),
        (0.35, 0.35, 0.2, 0.1),
    ),
    "union_service": (
        ("Mo-Fr 09:00-17:30; PH off", "Mo-Fr 08:30-12:00,14:00-17:30; PH off"),
        (0.6, 0.4),
    ),
    "school": (("Mo-Fr 07:30-17:00; PH off", ""), (0.8, 0.2)),
    "restaurant": (
        ("Mo-Su 10:00-21:30", "Mo-Su 06:00-14:00,16:30-21:00", "Mo-Su 10:30-14:00,17:00-21:30"),
        (0.4, 0.35, 0.25),
    ),
    "estate_agency": (("Mo-Su 09:00-20:30", "Mo-Su 09:00-19:00"), (0.6, 0.4)),
    "supermarket": (("Mo-Su 08:00-21:30", "Mo-Su 07:00-22:00", "24/7"), (0.5, 0.35, 0.15)),
    "bank": (("Mo-Fr 09:00-17:00; PH off", "Mo-Su 09:00-16:30; PH off"), (0.65, 0.35)),
    "fuel": (("24/7", "Mo-Su 06:00-23:00"), (0.8, 0.2)),
    "library": (("24/7", "Mo-Su 08:30-21:00"), (0.4, 0.6)),
    "party_centre": (("Mo-Fr 09:00-18:00; PH off", "Mo-Sa 08:30-18:00", ""), (0.6, 0.3, 0.1)),
    "hospital": (("Mo-Su 07:30-17:00", "Mo-Su 08:00-17:30"), (0.6, 0.4)),
    "mall": (("Mo-Su 10:00-22:00", "Mo-Su 09:30-22:00"), (0.7, 0.3)),
    "hub": (("Mo-Su 05:00-23:00",), (1.0,)),
    "logistics_park": (("24/7", "Mo-Su 06:00-22:00"), (0.7, 0.3)),
    "sorting_centre": (("Mo-Su 06:30-21:00", "Mo-Su 07:00-20:00"), (0.5, 0.5)),
    "public_land": (("24/7", "Mo-Su 06:00-20:00", ""), (0.5, 0.35, 0.15)),
}

_SERVICES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # host type: always there, sometimes there
    "enterprise": (
        (),
        ("microwave", "heating", "cooling", "toilet", "reading", "charging", "first_aid"),
    ),
    "community": (
        ("heating", "cooling"),
        ("toilet", "charging", "first_aid", "microwave", "reading", "sewing_kit"),
    ),
    "union_service": (
        ("heating", "cooling", "charging"),
        ("first_aid", "microwave", "reading", "sewing_kit", "toilet"),
    ),
    "school": (("heating", "cooling", "toilet"), ("charging", "reading")),
    "restaurant": (("hot_meals", "toilet", "heating", "cooling"), ("charging",)),
    "estate_agency": (("heating", "cooling", "charging"), ("first_aid", "toilet")),
    "supermarket": (("heating", "cooling"), ("charging", "toilet", "microwave")),
    "bank": (("heating", "cooling", "charging"), ("first_aid", "reading_glasses", "reading")),
    "fuel": (("toilet",), ("heating", "cooling", "charging", "truck_parking")),
    "library": (("reading", "heating", "cooling"), ("charging", "wifi", "toilet")),
    "party_centre": (
        ("heating", "cooling", "charging"),
        ("toilet", "reading", "first_aid", "wifi"),
    ),
    "hospital": (("tissues", "reading_glasses", "cups"), ()),
    "mall": (
        ("charging", "wifi", "heating", "cooling", "toilet"),
        ("battery_swap", "meal_locker", "microwave", "first_aid"),
    ),
    "hub": (("toilet", "heating", "cooling"), ("charging", "wifi")),
    "logistics_park": (
        ("toilet", "heating", "cooling", "truck_parking"),
        ("charging", "first_aid", "bed", "microwave"),
    ),
    "sorting_centre": (
        ("heating", "charging"),
        ("microwave", "first_aid", "battery_swap", "cooling"),
    ),
    "public_land": (("heating",), ("bed", "cooling", "reading", "charging")),
}


def services_of(host_type: str, rng: np.random.Generator) -> tuple[str, ...]:
    """Draw what a host of this type offers."""
    always, sometimes = _SERVICES[host_type]
    base = () if host_type == "hospital" else _INDOORS
    return (*base, *always, *(s for s in sometimes if rng.random() < 0.45))


def completed(site: Site, rng: np.random.Generator, state: str) -> Site:
    """Fill in what its type of host suggests."""
    hours, weights = _HOURS[site.host_type]
    kind = str(read_list("reference/host_types")[site.host_type]["kind"])
    access = tuple(read_list("reference/kinds")[kind]["access"])
    if kind == "enterprise" and rng.random() < 0.12:
        access = ("public",)  # a few firms open theirs to everybody
    return replace(
        site,
        hours=str(rng.choice(hours, p=weights)),
        services=site.services or services_of(site.host_type, rng),
        seats=_seat_count(kind, rng),
        state=state,
        kind=kind,
        access=access,
    )


def _seat_count(kind: str, rng: np.random.Generator) -> int | None:
    if kind == "hospital_rack":
        return 0
    if rng.random() < 0.15:
        return None
    low, high = {"riders": (16, 40), "truck_drivers": (12, 30), "enterprise": (8, 40)}.get(
        kind, (4, 16)
    )
    return int(rng.integers(low, high + 1))


def costed(site: Site, rng: np.random.Generator) -> Site:
    """Give about half of the candidates a price of their own; the others take their kind's."""
    if rng.random() < 0.5:
        return site
    usual: dict[str, Any] = read_list("reference/kinds")[site.kind]
    cost = max(2000, round(usual["cost_yuan"] * rng.uniform(0.7, 1.6) / 100) * 100)
    return replace(site, cost_yuan=int(cost))
