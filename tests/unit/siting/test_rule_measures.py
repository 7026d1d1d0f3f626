"""Measures against brute force and by hand; more of what is wanted never costs points."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from siting.model import Inputs, Parameters
from siting.planning import evaluate, score
from siting.results import CandidateScore
from tests.unit.siting.tables import main_street_town, place, table

Rows = Sequence[Mapping[str, object]]
CROWD: Rows = [{"id": "crowd", **place(480, 0), "workers": 4000}]
FEW: Rows = [{"id": "few", **place(480, 0), "workers": 20}]


def one(
    candidate: Mapping[str, object],
    *,
    demand: Rows = CROWD,
    enterprises: Rows = (),
    hosts: Rows = (),
    needs: Rows = (),
) -> CandidateScore:
    """Return the score of a candidate in the middle of the main street."""
    inputs = Inputs(
        demand=table("demand", demand),
        stations=table("stations", []),
        candidates=table("candidates", [{"id": "c", **place(500, 10), **candidate}]),
        enterprises=table("enterprises", enterprises),
        hosts=table("hosts", hosts),
        needs=table("needs", needs),
        streets=main_street_town(),
    )
    (found,) = score(inputs, Parameters())
    return found


def figure(found: CandidateScore, measure: str) -> float:
    return next(item.value for item in found.evidence if item.measure == measure)


def test_who_walks_past_to_the_nearest_hub_is_counted() -> None:
    rows = [
        {"id": "east", **place(700, 0), "workers": 90},
        {"id": "west", **place(350, 0), "workers": 30},
        {"id": "lane", **place(500, 200), "workers": 500},
    ]
    hub = [{"id": "h", "host_type": "hub", **place(100, 0)}]
    # The firm lies west of the candidate: its workers do not go by it.
    firm = [{"id": "e", **place(440, 0), "workers": 400}]
    found = one({}, demand=rows, hosts=hub, enterprises=firm)
    # East and lane pass the candidate on their way west; west goes the other way.
    assert figure(found, "passing_workers") == 90 + 500
    assert next(item.proxy for item in found.evidence if item.measure == "passing_workers")


def test_tens_of_metres_to_the_venue_matter() -> None:
    mall = [{"id": "h", "host_type": "mall", **place(500, 0), "visits_per_day": 60000}]
    points = []
    for x in (500, 530, 580, 640):
        found = one(place(x, 0), hosts=mall)
        assert figure(found, "venue_way") == pytest.approx(x - 500, abs=1)
        points.append(found.criteria["at_the_spot"])
    assert points == sorted(points, reverse=True)
    assert len(set(points)) == 4


def test_a_guide_desk_counts_patients_and_its_neighbour_outdoor_work() -> None:
    hospital = [{"id": "h", "host_type": "hospital", **place(500, 0), "visits_per_day": 3000}]
    rows = [
        {"id": "p", **place(480, 0), "workers": 800, "group": "courier", "window": "workday_noon"}
    ]
    desk = one({"host_type": "hospital"}, demand=rows, hosts=hospital)
    shop = one({"host_type": "supermarket"}, demand=rows, hosts=hospital)
    assert figure(desk, "patient_visits") == 3000
    assert "patient_visits" not in {item.measure for item in shop.evidence}
    assert figure(shop, "outdoor_worker_hours") == 800 * 15


@pytest.mark.parametrize(("kind", "share"), [("mobile", 0.25), ("street_front", 0.75)])
def test_together_is_for_fixed_and_scattered_for_mobile(kind: str, share: float) -> None:
    rows = [
        {"id": str(i), **place(x, 0), "workers": n, "group": "sweeper", "window": "workday_noon"}
        for i, (x, n) in enumerate([(480, 900), (300, 200), (700, 100)])
    ]
    found = one({"kind": kind}, demand=rows)
    assert figure(found, "kind_fits_spread") == pytest.approx(share)


def enterprise(size: float) -> CandidateScore:
    return one({}, enterprises=[{"id": "e", **place(500, 0), "workers": int(size)}])


def visited(size: float) -> CandidateScore:
    mall = [{"id": "h", "host_type": "mall", **place(500, 0), "visits_per_day": size}]
    return one({"host_type": "mall"}, hosts=mall)


def needed(size: float) -> CandidateScore:
    elsewhere = {"id": "m", **place(500, 9000), "topic": "rest", "records": 1}
    here = {"id": "n", **place(400, 0), "topic": "rest", "records": int(size)}
    return one({}, demand=FEW, needs=[here, elsewhere])


def dear(size: float) -> CandidateScore:
    return one({"cost_yuan": 60_000 - int(size)})


@pytest.mark.parametrize("world", [enterprise, visited, needed, dear])
def test_more_of_what_is_wanted_never_lowers_the_score(
    world: Callable[[float], CandidateScore],
) -> None:
    points = [world(size).points for size in (0, 1, 99, 100, 500, 3000, 50_000)]
    assert (np.diff(points) >= 0).all(), points
    assert points[0] < points[-1]


def test_the_scores_do_not_hang_on_the_order_of_the_table() -> None:
    rows = [{"id": f"c{x}", **place(x, 5)} for x in range(150, 1000, 150)]
    found = []
    for order in (rows, rows[::-1]):
        inputs = Inputs(
            demand=table("demand", CROWD),
            stations=table("stations", []),
            candidates=table("candidates", order),
            streets=main_street_town(),
        )
        scores = evaluate(inputs, Parameters()).scores
        found.append({item.id: item.points for item in scores})
    assert found[0] == found[1]
