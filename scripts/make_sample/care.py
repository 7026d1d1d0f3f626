"""What the sample's ledger knows besides places: openings, targets, the seven haves, inspections.

All invented, like the places; no number of a real station is in here.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from geo.reference import read_list
from scripts.make_sample.plane import MADE_ON, SEED, facts
from scripts.make_sample.sites import Site

Line = tuple[object, ...]

MADE = date.fromisoformat(MADE_ON)
TARGETS = ("unit", "year", "target", "due")
HAVES = ("station", "item", "date", "met", "checked_by")
INSPECTIONS = (
    "id", "station", "date", "inspected_by", "hazard", "deadline", "supervised", "closed_on",
)  # fmt: skip

_YEARS: dict[int, float] = {
    2019: 0.08, 2020: 0.10, 2021: 0.14, 2022: 0.18, 2023: 0.17, 2024: 0.12, 2025: 0.10, 2026: 0.11,
}  # fmt: skip
_MET = {
    "place": 0.99,
    "sign": 0.95,
    "facilities": 0.90,
    "publicity": 0.93,
    "service": 0.95,
    "rules": 0.90,
    "results": 0.86,
}
_AUDITED = 0.85
_HAZARDS = (
    ("插线板老化", 14),
    ("灭火器过期", 7),
    ("热水器没有防烫标识", 14),
    ("药箱里有过期药品", 7),
    ("通道堆放杂物", 3),
    ("微波炉门关不严", 14),
    ("监控探头离线", 30),
)
_INSPECTED = 17


def opened(stations: Sequence[Site]) -> list[Site]:
    """Give stations a day of opening; whoever does not know the hours does not know it either."""
    rng = np.random.default_rng([SEED, 21])
    return [
        replace(site, opened_on=day.isoformat() if site.hours else "")
        for site, day in zip(stations, _days(len(stations), rng), strict=True)
    ]


def _days(count: int, rng: np.random.Generator) -> list[date]:
    """Return working days, fewer in winter, none after the sample was made."""
    years = rng.choice(list(_YEARS), p=list(_YEARS.values()), size=count)
    days = []
    for year in years.tolist():
        last = min(date(year, 12, 20), MADE - timedelta(days=3))
        first = date(year, 3, 5)
        day = first + timedelta(days=int(rng.integers(0, (last - first).days + 1)))
        days.append(day - timedelta(days=max(0, day.weekday() - 4)))
    return days


def target_lines(stations: Sequence[Site]) -> list[Line]:
    """Return what every unit was to open in the year of the sample; some are behind."""
    rng = np.random.default_rng([SEED, 22])
    year = str(MADE.year)
    built = Counter(site.unit for site in stations if site.opened_on.startswith(year))
    lines: list[Line] = []
    for unit in facts()["units"]:
        wanted = built[unit] + int(rng.choice([0, 0, 1, 1, 2]))
        due = date(MADE.year, 10, 31) if rng.random() < 0.3 else date(MADE.year, 12, 31)
        lines.append((unit, year, max(1, wanted), due.isoformat()))
    return lines


def have_lines(stations: Sequence[Site]) -> list[Line]:
    """Return the audits of the seven haves, one day per station; some were not audited yet."""
    rng = np.random.default_rng([SEED, 23])
    lines: list[Line] = []
    for number, site in enumerate(stations, start=1):
        if site.state != "open" or rng.random() > _AUDITED:
            continue
        day = date(MADE.year, 8, 3) + timedelta(days=int(rng.integers(0, 80)))
        for item in read_list("reference/haves"):
            met = "有" if rng.random() < _MET[item] else "无"
            lines.append((_id(number), item, day.isoformat(), met, _union(site)))
    return lines


def inspection_lines(stations: Sequence[Site]) -> list[Line]:
    """Return the hazards that inspections found: most are mended, some are late."""
    rng = np.random.default_rng([SEED, 24])
    ready = [n for n, site in enumerate(stations, start=1) if site.state == "open"]
    lines: list[Line] = []
    for place, number in enumerate(rng.choice(ready, size=_INSPECTED, replace=False), start=1):
        hazard, days = _HAZARDS[int(rng.integers(len(_HAZARDS)))]
        day = date(MADE.year, 6, 1) + timedelta(days=int(rng.integers(0, 140)))
        deadline = day + timedelta(days=days)
        mended = day + timedelta(days=int(rng.integers(1, 2 * days)))
        closed = mended.isoformat() if mended < MADE and rng.random() < 0.7 else ""
        site = stations[int(number) - 1]
        late = "是" if not closed and deadline < MADE else "否"
        told = (day.isoformat(), _union(site), hazard, deadline.isoformat(), late, closed)
        lines.append((f"I{place:03d}", _id(int(number)), *told))
    return lines


def _id(number: int) -> str:
    return f"S{number:03d}"


def _union(site: Site) -> str:
    return f"{site.unit}总工会"
