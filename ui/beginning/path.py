"""The way from nothing to a district of one's own: five steps, what is done, what comes next."""

from dataclasses import dataclass
from typing import Final, Literal

from register import Register
from register.settings import STANDARD, settled
from siting.model import Inputs

Name = Literal["units", "streets", "workers", "stations", "standard"]
State = Literal["done", "next", "later", "optional"]

STEPS: Final[tuple[Name, ...]] = ("units", "streets", "workers", "stations", "standard")
_NEEDED: Final = ("workers", "stations")
"""Without these there is no figure; the others make figures better and may come at any time."""

Ability = Literal["map", "coverage", "streets", "units", "progress", "plan", "report"]


@dataclass(frozen=True)
class Step:
    """One step of the way.

    Attributes
    ----------
    state
        `next`: the first that has to be done, `later`: the others; `optional`: not done, and may
        stay so.
    held
        Records that are there: units, demand points, stations; for streets 1 or 0.
    """

    name: Name
    state: State
    held: int


def path_of(register: Register, inputs: Inputs) -> tuple[Step, ...]:
    """Return the steps in their order; exactly one is `next` while one has to be done."""
    held = _held(register, inputs)
    following = next((name for name in _NEEDED if not held[name]), None)

    def state_of(name: Name) -> State:
        if held[name]:
            return "done"
        if name == following:
            return "next"
        return "later" if name in _NEEDED else "optional"

    return tuple(Step(name, state_of(name), held[name]) for name in STEPS)


def done_of(steps: tuple[Step, ...]) -> int:
    """Return how many steps are done."""
    return sum(step.state == "done" for step in steps)


def abilities(register: Register, inputs: Inputs) -> dict[Ability, bool]:
    """Return what the product can do with what is there, in the order in which it can."""
    workers, stations = not inputs.demand.empty, not inputs.stations.empty
    units = bool(register.page("units", limit=1).total)
    return {
        "map": stations or workers or inputs.streets is not None,
        "coverage": workers,
        "streets": workers and inputs.streets is not None,
        "units": workers and bool((inputs.demand["town"] != "").any()),
        "progress": units and stations,
        "plan": workers and not inputs.candidates.empty,
        "report": workers,
    }


def _held(register: Register, inputs: Inputs) -> dict[Name, int]:
    return {
        "units": register.page("units", limit=1).total,
        "streets": int(inputs.streets is not None),
        "workers": len(inputs.demand),
        "stations": len(inputs.stations),
        "standard": int(settled(register, STANDARD) is not None),
    }
