"""A small town for plans of actions: who is served by what, on a line of streets."""

from collections.abc import Iterator

import pytest

from siting.allocation import Problem, Solution, solve
from siting.model import Inputs, Parameters
from tests.unit.siting.tables import place, table

PARAMETERS = Parameters(cutoff_m=500)
GOOD = {"access": "public", "services": "water;seat"}
NOON, NIGHT = "workday_noon", "workday_night"


def solved_here(
    task: Problem, *, time_limit_s: float, seed: int, looked_at: object = None
) -> Solution:
    """Search in this process: one of its own takes longer than these plans."""
    del looked_at
    return solve(task, time_limit_s=time_limit_s, seed=seed)


@pytest.fixture(scope="module", autouse=True)
def in_process() -> Iterator[None]:
    """Search here, unhashed: a process and a hash of all tables take longer than these plans."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "siting.actions.planning.solve_contained",
            solved_here,
        )
        patch.setattr("siting.actions.planning.scenario_hash", lambda *_, **__: "")
        yield


def people(
    x: float, workers: float, group: str = "", window: str = NOON, town: str = "甲"
) -> dict[str, object]:
    """Return workers of a group in a window at x metres east."""
    place_id = f"p{x:g}"
    at = {"id": place_id, **place(x, 0), "town": town}
    return {**at, "workers": workers, "group": group, "window": window}


def station(name: str, x: float, **record: object) -> dict[str, object]:
    """Return a station or candidate at x metres east, good unless told otherwise."""
    plain = {"id": name, **place(x, 0), "town": "甲", "hours": "24/7", "kind": "street_front"}
    return {**plain, **GOOD, **record}


def town(
    demand: list[dict[str, object]],
    stations: list[dict[str, object]],
    candidates: list[dict[str, object]] | None = None,
) -> Inputs:
    """Return inputs without streets."""
    return Inputs(
        demand=table("demand", demand),
        stations=table("stations", stations),
        candidates=table("candidates", candidates or []),
    )
