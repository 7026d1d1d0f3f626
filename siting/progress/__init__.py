"""How far a federation's work has come in a year: what reports upwards begin with.

units       what each unit was to open, and has opened (`Progress`); all of them (`UnitsTogether`)
key_places  large firms, hospitals, hubs and malls without a station within reach
checks      the seven haves, hazards and tasks, counted
year        `YearWork`, all of it frozen; `year_work`
"""

from siting.progress.checks import Hazards, OpenHazard, Tasks
from siting.progress.key_places import KeyPlace, KeyPlaces, key_places
from siting.progress.units import (
    Progress,
    Row,
    UnitsTogether,
    is_open,
    opened_by_month,
    opened_in,
    progress_of,
)
from siting.progress.year import LastReport, Money, Part, YearWork, year_work

__all__ = [
    "Hazards",
    "KeyPlace",
    "KeyPlaces",
    "LastReport",
    "Money",
    "OpenHazard",
    "Part",
    "Progress",
    "Row",
    "Tasks",
    "UnitsTogether",
    "YearWork",
    "is_open",
    "key_places",
    "opened_by_month",
    "opened_in",
    "progress_of",
    "year_work",
]
