"""Venues, stations, candidate hosts, stated need and labels: everything that is not demand."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from geo.reference import read_list
from scripts.make_sample.firms import Firm
from scripts.make_sample.ground import MAIN_ROADS, Ground, Street
from scripts.make_sample.plane import (
    SEED,
    XY,
    built_up,
    facts,
    rows,
    seats,
    to_plane,
    unit_at,
    venues,
)
from scripts.make_sample.streets import URBAN, Drawing, bare_name

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


# --- stations ------------------------------------------------------------------------------------


def make_stations(ground: Ground, firms: list[Firm], places: list[Venue]) -> list[Site]:
    """Return the existing stations, in the order of their ids."""
    rng = np.random.default_rng([SEED, 4])
    sites = [*_named_fronts(ground, rng), *_more_fronts(ground, rng)]
    sites += [_venue_site(venue, venue.station, rng) for venue in places if venue.station]
    sites += _mobile_stations(ground, rng)
    sites += _enterprise_stations(firms, rng)
    sites += [_cut_off_station()]
    sites = [_completed(site, rng, "open") for site in sites]
    return _with_exceptions(sites)


def _named_fronts(ground: Ground, rng: np.random.Generator) -> Iterator[Site]:
    for entry in venues()["street_front"]:
        at = ground.front(rng, _on(entry["street"], entry["unit"]))
        if at is None:
            message = f"no {entry['street']} in {entry['unit']}"
            raise ValueError(message)
        yield Site(entry["name"], at, entry["unit"], entry["host_type"])


def _on(name: str, unit: str) -> Callable[[Street], bool]:
    return lambda street: street.name == name and street.unit == unit


def _more_fronts(ground: Ground, rng: np.random.Generator) -> Iterator[Site]:
    communities = community_names()
    for unit, count in venues()["more_street_fronts"].items():
        names = [str(name) for name in rng.permutation(communities[unit])]
        for number in range(count):
            at = ground.front(rng, _main_front(unit))
            if at is None:
                message = f"no main street in {unit}"
                raise ValueError(message)
            short = _short_unit(unit)
            if number == 0 and short not in {"兴丰", "高米店"}:
                yield Site(f"{short}工会服务站", at, unit, "union_service")
            else:
                yield Site(f"{names[number]}暖心驿站", at, unit, "community")


def _main_front(unit: str) -> Callable[[Street], bool]:
    return lambda s: s.unit == unit and s.highway in MAIN_ROADS and s.built_up > URBAN


def _short_unit(unit: str) -> str:
    for ending in ("街道", "产业基地", "镇"):
        unit = unit.removesuffix(ending)
    return unit


def community_names() -> dict[str, list[str]]:
    """Return the names of communities, and of villages where there are few, by unit of the union."""
    found: dict[str, list[str]] = {}
    entries = [(row["town"], row["name"]) for row in rows("daxing_nbs_villages")]
    for unit, entry in facts()["units"].items():
        names = [name for town, name in entries if town in entry["names"]]
        urban = [bare_name(name) + "社区" for name in names if name.endswith(("居委会", "居民委员会"))]
        if len(urban) < 6:
            urban += [bare_name(name) + "村" for name in names if name.endswith("村委会")][:12]
        found[unit] = urban
    return found


def _venue_site(venue: Venue, name: str, rng: np.random.Generator) -> Site:
    offset = rng.uniform(-12.0, 12.0, size=2)
    at = (venue.at[0] + float(offset[0]), venue.at[1] + float(offset[1]))
    site = Site(name, at, venue.unit, venue.host_type)
    if venue.rich:
        return replace(site, services=(*_services("hospital", rng), "water", "charging", "blood_pressure"))
    return site


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
        weights = np.array([float(firm.workers) if firm.park else 0.0 for firm in large]) ** 0.6
        chosen = rng.choice(
            len(large), size=count - len(named), replace=False, p=weights / weights.sum()
        )
        for firm in named + [large[int(n)] for n in sorted(chosen)]:
            yield Site(
                f"{firm.name}企业驿站", _gate(firm, rng), unit, "enterprise", firm=firm.id
            )


def _gate(firm: Firm, rng: np.random.Generator) -> XY:
    dx, dy = rng.uniform(-15.0, 15.0, size=2)
    return firm.at[0] + float(dx), firm.at[1] + float(dy)


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


# --- candidates --------------------------------------------------------------------------------


def make_candidates(
    ground: Ground, firms: list[Firm], places: list[Venue], stations: list[Site], drawing: Drawing
) -> list[Site]:
    """Return candidate hosts of every type, each where its siting rule makes sense."""
    rng = np.random.default_rng([SEED, 5])
    taken = {site.firm for site in stations if site.firm}
    sites = [
        Site(firm.name, _gate(firm, rng), firm.unit, "enterprise", firm=firm.id)
        for firm in firms
        if firm.workers >= 80 and firm.id not in taken and firm.unit
    ]
    sites += [_venue_site(venue, venue.name, rng) for venue in places if not venue.station]
    sites += _front_candidates(ground, stations, rng)
    sites += _country_candidates(ground, drawing, rng)
    return [_costed(_completed(site, rng, _candidate_state(rng)), rng) for site in sites]


def _candidate_state(rng: np.random.Generator) -> str:
    return str(rng.choice(["proposed", "surveyed", "approved"], p=[0.7, 0.24, 0.06]))


_FRONTS = {
    # host type: how many, and how much the middle of the new town is preferred (0: towns as well)
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
            street = ground.pick(rng, lambda s: s.highway in MAIN_ROADS and s.built_up > URBAN)
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
    short = _short_unit(street.unit)
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


# --- hours, access, services, seats, cost -------------------------------------------------------

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
    "enterprise": ((), ("microwave", "heating", "cooling", "toilet", "reading", "charging", "first_aid")),
    "community": (("heating", "cooling"), ("toilet", "charging", "first_aid", "microwave", "reading", "sewing_kit")),
    "union_service": (("heating", "cooling", "charging"), ("first_aid", "microwave", "reading", "sewing_kit", "toilet")),
    "school": (("heating", "cooling", "toilet"), ("charging", "reading")),
    "restaurant": (("hot_meals", "toilet", "heating", "cooling"), ("charging",)),
    "estate_agency": (("heating", "cooling", "charging"), ("first_aid", "toilet")),
    "supermarket": (("heating", "cooling"), ("charging", "toilet", "microwave")),
    "bank": (("heating", "cooling", "charging"), ("first_aid", "reading_glasses", "reading")),
    "fuel": (("toilet",), ("heating", "cooling", "charging", "truck_parking")),
    "library": (("reading", "heating", "cooling"), ("charging", "wifi", "toilet")),
    "party_centre": (("heating", "cooling", "charging"), ("toilet", "reading", "first_aid", "wifi")),
    "hospital": (("tissues", "reading_glasses", "cups"), ()),
    "mall": (("charging", "wifi", "heating", "cooling", "toilet"), ("battery_swap", "meal_locker", "microwave", "first_aid")),
    "hub": (("toilet", "heating", "cooling"), ("charging", "wifi")),
    "logistics_park": (("toilet", "heating", "cooling", "truck_parking"), ("charging", "first_aid", "bed", "microwave")),
    "sorting_centre": (("heating", "charging"), ("microwave", "first_aid", "battery_swap", "cooling")),
    "public_land": (("heating",), ("bed", "cooling", "reading", "charging")),
}


def _services(host_type: str, rng: np.random.Generator) -> tuple[str, ...]:
    always, sometimes = _SERVICES[host_type]
    base = () if host_type == "hospital" else _INDOORS
    return (*base, *always, *(s for s in sometimes if rng.random() < 0.45))


def _completed(site: Site, rng: np.random.Generator, state: str) -> Site:
    """Fill in what its type of host suggests."""
    hours, weights = _HOURS[site.host_type]
    kind = str(read_list("reference/host_types")[site.host_type]["kind"])
    access = tuple(read_list("reference/kinds")[kind]["access"])
    if kind == "enterprise" and rng.random() < 0.12:
        access = ("public",)  # a few firms open theirs to everybody
    return replace(
        site,
        hours=str(rng.choice(hours, p=weights)),
        services=site.services or _services(site.host_type, rng),
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
    low, high = {"riders": (16, 40), "truck_drivers": (12, 30), "enterprise": (8, 40)}.get(kind, (4, 16))
    return int(rng.integers(low, high + 1))


def _costed(site: Site, rng: np.random.Generator) -> Site:
    """Give about half of the candidates a price of their own; the others take their kind's."""
    if rng.random() < 0.5:
        return site
    usual: dict[str, Any] = read_list("reference/kinds")[site.kind]
    cost = max(2000, round(usual["cost_yuan"] * rng.uniform(0.7, 1.6) / 100) * 100)
    return replace(site, cost_yuan=int(cost))


# --- stated need and labels -----------------------------------------------------------------------

_TOPICS = {
    "rest": 0.14, "water": 0.10, "heat": 0.10, "charging": 0.09, "places": 0.10,
    "wages": 0.24, "health": 0.09, "disputes": 0.09, "other": 0.05,
}  # fmt: skip
_VOICES = {
    "sweeper": 0.22, "food_rider": 0.2, "courier": 0.18, "truck_driver": 0.1, "taxi_driver": 0.08,
    "guard": 0.08, "enterprise": 0.1, "domestic": 0.04,
}  # fmt: skip


def make_needs(ground: Ground, drawing: Drawing) -> list[dict[str, Any]]:
    """Return stated need: half of it in villages, half along town streets."""
    rng = np.random.default_rng([SEED, 6])
    found: list[dict[str, Any]] = []
    for number in range(190):
        if number % 2:
            village = drawing.villages[int(rng.integers(len(drawing.villages)))]
            at = ground.nearest((village.x, village.y)).beside(0.5, 12.0)
        else:
            street = ground.pick(rng, lambda s: s.built_up > URBAN and bool(s.unit))
            if street is None:
                continue
            at = street.beside(0.5, 12.0)
        topic = str(rng.choice(list(_TOPICS), p=list(_TOPICS.values())))
        found.append(
            {
                "id": f"N{number + 1:03d}",
                "at": at,
                "unit": unit_at(*at),
                "topic": topic,
                "group": str(rng.choice(list(_VOICES), p=list(_VOICES.values()))),
                "records": int(1 + rng.poisson(2.2)),
            }
        )
    return found


def make_labels(ground: Ground, drawing: Drawing, places: list[Venue]) -> list[dict[str, Any]]:
    """Return the labels of the map; units stand at GeoNames seats where there is one."""
    found: list[dict[str, Any]] = []
    for unit, entry in facts()["units"].items():
        seat = seats().get(entry.get("seat", ""))
        at = to_plane(*seat) if seat else to_plane(*entry["at"][0][:2])
        source = "GeoNames, CC BY 4.0" if seat else "synthetic"
        found.append({"name": unit, "at": at, "kind": "unit", "source": source})
    for village in drawing.villages:
        found.append(_label(village.name, (village.x, village.y), "village"))
    for venue in places:
        found.append(_label(venue.name, venue.at, "venue"))
    for name, at in _street_labels(ground):
        found.append(_label(name, at, "street"))
    return found


def _label(name: str, at: XY, kind: str) -> dict[str, Any]:
    return {"name": name, "at": at, "kind": kind, "source": "synthetic"}


def _street_labels(ground: Ground) -> Iterator[tuple[str, XY]]:
    """Yield each main road's name where it is most built-up, and the middle of other named streets."""
    named: dict[str, list[Street]] = {}
    for street in ground.streets:
        if street.name and street.highway in MAIN_ROADS:
            named.setdefault(street.name, []).append(street)
    for name, pieces in sorted(named.items()):
        if sum(piece.length_m for piece in pieces) < 900.0:
            continue
        best = max(pieces, key=lambda s: (round(built_up(*s.start), 3), round(s.length_m)))
        yield name, best.beside(0.5, 0.0)


