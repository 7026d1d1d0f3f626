"""Weights tried without measuring again, areas on a grid, and consents on a day."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely

from siting.areas.grid import area_grid
from siting.model import Inputs, Parameters
from siting.planning import board_of, evaluate, scenario_of
from siting.plans.proposing import propose
from siting.rules import read_rules
from siting.rules.common import expired_consents
from siting.rules.editing import COMMON, names_of, with_weights
from tests.unit.siting.tables import main_street_town, place, table

BOOK = read_rules("daxing")


@pytest.fixture(scope="module")
def town() -> Inputs:
    demand = [{"id": f"d{n}", **place(100 * n, 30), "workers": 50 * n} for n in range(1, 9)]
    candidates = [
        {"id": f"c{n}", **place(150 * n, 10), "host_type": kind, "consent": consent}
        for n, (kind, consent) in enumerate(
            [("bank", "asked"), ("restaurant", "agreed"), ("hospital", ""), ("fuel", "declined")]
        )
    ]
    return Inputs(
        demand=table("demand", demand),
        stations=table("stations", [{"id": "s", **place(900, 0)}]),
        candidates=table("candidates", candidates),
        streets=main_street_town(),
    )


def test_reweighed_points_are_those_of_a_full_evaluation(town: Inputs) -> None:
    now = evaluate(town, Parameters())
    board = board_of(town, Parameters(), now, rules=BOOK, today=None)
    weights = dict.fromkeys(names_of(BOOK, COMMON), 1.0)
    edited = with_weights(BOOK, COMMON, weights)
    totals = board.reweighed(edited).totals
    full = evaluate(town, Parameters(), rules=edited).scores
    assert totals.points.tolist() == [score.points for score in full]
    assert totals.ranks.tolist() == [score.rank for score in full]
    assert [score.points for score in now.scores] != [score.points for score in full]


def test_a_grid_tells_what_candidates_are_told(town: Inputs) -> None:
    square = shapely.box(*place_box())
    found = area_grid(town, Parameters(), BOOK, square)
    assert found is not None
    assert found.inside.all()
    assert found.lies.shape[0] == len(found.area_types) == len(BOOK.rules)
    assert found.lies.any()
    disc = shapely.Point(shapely.centroid(square)).buffer(0.004)
    partly = area_grid(town, Parameters(), BOOK, disc)
    assert partly is not None
    assert 0 < partly.inside.mean() < 1
    assert not np.any(partly.lies & ~partly.inside)


def place_box() -> tuple[float, float, float, float]:
    low, high = place(-2000, -2000), place(2000, 2000)
    return low["lon"], low["lat"], high["lon"], high["lat"]


def test_a_consent_that_runs_out_makes_another_scenario(town: Inputs) -> None:
    last = pd.array(["", "2026-11-21", "2026-11-21", ""], dtype="str")
    given = replace(town, candidates=town.candidates.assign(consent_until=last))
    before, after = date(2026, 11, 21), date(2026, 11, 22)
    assert expired_consents(given.candidates, before) == ()
    # The one that only was asked has no consent that could run out.
    assert expired_consents(given.candidates, after) == ("c1",)
    hashes = [scenario_of(given, Parameters(), BOOK, day) for day in (before, after)]
    assert hashes[0] != hashes[1] == scenario_of(given, Parameters(), BOOK, date(2027, 1, 1))
    planned = propose(given, Parameters(), new=1, rules=BOOK, today=before)
    assert planned.parameters["today"] == "2026-11-21"
    assert "today" not in propose(given, Parameters(), new=1).parameters
