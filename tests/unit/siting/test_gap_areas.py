from collections.abc import Mapping, Sequence

import pytest

from siting.effective import EffectiveEvaluation, evaluate_effective
from siting.effective_lines import effective_lines
from siting.model import Inputs, Parameters
from tests.unit.siting.tables import main_street_town, place, table
from words import Lang

NOON = {"group": "food_rider", "window": "workday_noon"}
GOOD = {"hours": "24/7", "access": "public", "services": "charging"}


def evaluate(
    demand: Sequence[Mapping[str, object]],
    *,
    stations: tuple[Mapping[str, object], ...] = (),
    candidates: tuple[Mapping[str, object], ...] = (),
    cutoff_m: float = 300,
    with_streets: bool = True,
) -> EffectiveEvaluation:
    inputs = Inputs(
        demand=table("demand", demand),
        stations=table("stations", stations),
        candidates=table("candidates", candidates),
        enterprises=table("enterprises", [{"id": "e", "name": "富思特", **place(930, 20)}]),
        streets=main_street_town() if with_streets else None,
    )
    return evaluate_effective(inputs, Parameters(cutoff_m=cutoff_m))


RIDERS = [
    {"id": "a", **place(900, 0), "workers": 300, **NOON, "town": "兴丰街道"},
    {"id": "b", **place(950, 0), "workers": 130, **NOON, "town": "兴丰街道"},
    {"id": "c", **place(100, 0), "workers": 60, **NOON, "town": "兴丰街道"},
    {"id": "d", **place(20, 0), "workers": 5, **NOON, "town": "兴丰街道"},
]


def test_areas_come_worst_first_and_no_worker_is_in_two() -> None:
    found = evaluate(RIDERS).gap_areas
    assert [area.gap.workers for area in found] == [430, 65]
    points = [point for area in found for point in area.gap.points.tolist()]
    assert sorted(points) == [0, 1, 2, 3]


def test_who_is_in_an_area_is_the_centre_of_no_other() -> None:
    spots = [(0, 0, 100), (-300, 0, 200), (300, 0, 50), (300, 390, 60), (300, -390, 60)]
    rows = [
        {"id": str(i), **place(x, y), "workers": workers, **NOON}
        for i, (x, y, workers) in enumerate(spots)
    ]
    found = evaluate(rows, with_streets=False)
    points = [point for area in found.gap_areas for point in area.gap.points.tolist()]
    assert len(points) == len(set(points))
    assert sum(area.gap.workers for area in found.gap_areas) <= found.effective.total.uncovered


def test_a_lane_with_few_of_them_gives_an_area_no_name() -> None:
    rows = [
        {"id": "lane", **place(500, 395), "workers": 900, **NOON},
        {"id": "main", **place(400, 2), "workers": 30, **NOON},
    ]
    assert evaluate(rows).gap_areas[0].place.street == "富强巷"
    nameless = [{**rows[0], **place(500, 600)}, rows[1]]
    found = evaluate(nameless).gap_areas
    assert [area.place.street for area in found] == ["", "兴丰大街"]


def test_a_blank_record_of_a_site_to_be_built_is_supposed_to_come_out_well_and_said() -> None:
    found = evaluate(RIDERS, candidates=({"id": "c", "name": "好粥道", **place(910, 0)},))
    (item,) = found.gap_areas[0].mends
    assert item.mend.assumed == ("hours", "access", "services")
    assert "假定" in "".join(effective_lines(found, "zh"))


def test_an_area_is_called_after_its_street_and_the_part_of_it() -> None:
    east, west = evaluate(RIDERS).gap_areas
    assert east.place.said("zh") == "兴丰大街东段"
    assert west.place.said("zh") == "兴丰大街西段"


def test_without_streets_a_venue_gives_the_name_and_else_the_unit() -> None:
    east, west = evaluate(RIDERS, with_streets=False).gap_areas
    assert east.place.said("zh") == "富思特附近"
    assert west.place.said("zh") == "兴丰街道"


def test_an_area_lists_what_would_mend_it_the_cheapest_per_worker_first() -> None:
    shut = {"id": "s", **place(940, 0), **GOOD, "hours": "Mo-Fr 18:00-20:00"}
    new = {"id": "c", "name": "好粥道", **place(910, 0), **GOOD, "cost_yuan": 2000}
    found = evaluate(RIDERS, stations=(shut,), candidates=(new,))
    area = found.gap_areas[0]
    assert [(item.mend.kind, item.cost_yuan) for item in area.mends] == [
        ("new", 2000),
        ("hours", 3000),
    ]
    assert [item.mend.workers for item in area.mends] == [430, 430]
    assert area.gap.by_cause == (0, 430, 0, 0)


def test_who_is_covered_is_in_no_area() -> None:
    found = evaluate(RIDERS, stations=({"id": "s", **place(920, 0), **GOOD},))
    assert [area.gap.workers for area in found.gap_areas] == [65]


def test_a_gap_of_a_few_is_not_listed_but_counts() -> None:
    found = evaluate(RIDERS[3:])
    assert found.gap_areas == ()
    assert found.effective.total.uncovered == 5


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_lines_say_what_the_figures_are(lang: Lang) -> None:
    lines = effective_lines(evaluate(RIDERS, stations=({"id": "s", **place(920, 0)},)), lang)
    text = "\n".join(lines)
    assert "430" in text
    assert "兴丰大街" in text
    assert "{" not in text
