"""The enterprises of the sample, with head counts, in clusters; all names but one are invented."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scripts.make_sample.ground import Ground, Street
from scripts.make_sample.plane import SEED, XY, to_plane, unit_at, venues

SMALLEST, LARGEST = 20, 4000
_SHIFTS = ("day", "two_shift", "three_shift")


@dataclass(frozen=True)
class Firm:
    """One enterprise: workers on its books and how it works in shifts."""

    id: str
    name: str
    at: XY
    unit: str
    workers: int
    shift: str
    park: str


def make_firms(ground: Ground) -> list[Firm]:
    """Draw every cluster's enterprises beside its streets."""
    rng = np.random.default_rng([SEED, 3])
    names = _names(rng)
    firms: list[Firm] = []
    for park in venues()["park"]:
        for _ in range(park["enterprises"]):
            at = _plot(ground, to_plane(*park["at"]), park["radius_m"], firms, rng)
            trade = str(rng.choice(park["trades"]))
            firms.append(
                Firm(
                    id=f"E{len(firms) + 1:03d}",
                    name=f"{next(names)}{trade}有限公司",
                    at=at,
                    unit=unit_at(*at),
                    workers=_heads(rng),
                    shift=str(rng.choice(_SHIFTS, p=[0.6, 0.25, 0.15])),
                    park=park["name"],
                )
            )
    firms.extend(_yards(ground, firms, names, rng))
    firms.extend(_named(ground, len(firms)))
    return firms


def _heads(rng: np.random.Generator) -> int:
    return int(np.clip(round(rng.lognormal(math.log(140.0), 1.15)), SMALLEST, LARGEST))


def _names(rng: np.random.Generator) -> Iterator[str]:
    """Yield three-syllable names, none twice."""
    syllables = np.array(venues()["names"]["syllables"])
    seen: set[str] = set()
    while True:
        name = "".join(rng.choice(syllables, size=3, replace=False))
        if name not in seen:
            seen.add(name)
            yield name


def _plot(
    ground: Ground, middle: XY, radius_m: float, firms: list[Firm], rng: np.random.Generator
) -> XY:
    """Draw a plot 30 to 110 m from a street, 60 m from the other firms; the last try wins."""

    def near(street: Street) -> bool:
        return math.dist(street.start, middle) <= radius_m

    at = middle
    for _ in range(200):
        street = ground.pick(rng, near)
        if street is None:
            break
        offset_m = float(rng.uniform(30.0, 110.0) * rng.choice([-1.0, 1.0]))
        at = street.beside(float(rng.uniform(0.2, 0.8)), offset_m)
        if all(math.dist(at, firm.at) > 60.0 for firm in firms):
            break
    return at


def _is_country(street: Street) -> bool:
    return bool(street.unit) and 0.02 < street.built_up < 0.3


def _yards(
    ground: Ground, before: list[Firm], names: Iterator[str], rng: np.random.Generator
) -> Iterator[Firm]:
    """Yield small works along country roads, far from the clusters."""
    entry = venues()["yards"]
    low, high = entry["workers"]
    for number in range(len(before) + 1, len(before) + entry["enterprises"] + 1):
        street = ground.pick(rng, _is_country)
        if street is None:
            return
        at = street.beside(float(rng.uniform(0.1, 0.9)), float(rng.choice([-40.0, 40.0])))
        trade = str(rng.choice(entry["trades"]))
        workers = round(math.exp(rng.uniform(math.log(low), math.log(high))))
        name = f"{next(names)}{trade}厂"
        yield Firm(f"E{number:03d}", name, at, unit_at(*at), workers, "day", "村镇工业大院")


def _named(ground: Ground, before: int) -> list[Firm]:
    found: list[Firm] = []
    for number, entry in enumerate(venues()["enterprise"], start=before + 1):
        street = ground.nearest(to_plane(*entry["at"]))
        at = street.beside(0.5, 45.0)
        found.append(
            Firm(
                f"E{number:03d}",
                entry["name"],
                at,
                unit_at(*at),
                entry["workers"],
                entry["shift"],
                "",
            )
        )
    return found
