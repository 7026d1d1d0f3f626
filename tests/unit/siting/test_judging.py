"""Several standards on streets where every distance is known."""

import dataclasses
from typing import Any, cast

import pytest

from siting.coverage.levels import Terms
from siting.effective import evaluate_effective
from siting.judging import Judged, judge
from siting.model import Inputs, Parameters
from siting.standards import standard_names
from siting.weather import Weather, weather_of
from tests.unit.siting.tables import main_street_town, place, table

OPEN = {"hours": "24/7", "access": "public", "services": "water;seat;charging;toilet"}


def town(*stations: dict[str, object]) -> Inputs:
    """Return workers at 0, 500 and 1,000 m along a street and 2,400 m up a lane from its middle."""
    spots = {"west": (0, 0), "middle": (500, 0), "east": (1000, 0), "lane": (500, 2400)}
    workers = {"west": 10, "middle": 20, "east": 40, "lane": 80}
    rows = [
        {"id": name, **place(*at), "workers": workers[name], "town": "甲" if at[1] == 0 else "乙"}
        for name, at in spots.items()
    ]
    listed = stations or ({"id": "s1", **place(20, 0), **OPEN},)
    return Inputs(table("demand", rows), table("stations", listed), streets=main_street_town())


def judged(inputs: Inputs, *names: str, terms: Terms | None = None) -> dict[str, Judged]:
    found = judge(inputs, Parameters(), names, terms).judged
    return {item.standard.name: item for item in found}


def test_each_standard_reaches_as_far_as_it_says() -> None:
    found = judged(town(), *standard_names())
    nominal = {name: item.coverage.total.nominal for name, item in found.items()}
    # East lies at 980 m: within 1,000 m, 1,080 m, 1,250 m, 1,500 m, not within 500 m.
    assert nominal["dense_500m"] == pytest.approx(30)
    assert nominal["walk_15min"] == pytest.approx(70)
    assert nominal["ebike_5min"] == pytest.approx(70)
    assert nominal["density_bands"] == pytest.approx(70)
    assert nominal["radius_1km"] == pytest.approx(70)
    assert nominal["cross_1km"] == 0
    assert nominal["national_both"] <= min(nominal["walk_15min"], nominal["circle_1km"])
    assert {name for name, item in found.items() if item.rides} == {"ebike_5min", "per_group"}
    assert found["ebike_5min"].rides == "estimated"


def test_two_stations_within_reach_cross_cover() -> None:
    pair = [{"id": name, **place(at, 0), **OPEN} for name, at in (("a", 20), ("b", 980))]
    total = judged(town(*pair), "cross_1km")["cross_1km"].coverage.total
    assert [total.nominal, total.verified] == pytest.approx([70, 70])
    # One of the two has a door that is not for them: the second best station is of no use.
    pair[1]["access"] = "patients"
    total = judged(town(*pair), "cross_1km")["cross_1km"].coverage.total
    assert [total.nominal, total.verified] == pytest.approx([70, 0])


def test_a_unit_passes_fails_or_hangs_on_what_nobody_has_asked() -> None:
    known = judged(town(), "walk_15min")["walk_15min"]
    first, second = known.coverage.towns
    assert {first.name: known.verdict(first), second.name: known.verdict(second)} == {
        "甲": "pass",
        "乙": "fail",
    }
    blank = judged(town({"id": "s1", **place(20, 0)}), "walk_15min")["walk_15min"]
    verdicts = {row.name: blank.verdict(row) for row in blank.coverage.towns}
    assert verdicts == {"甲": "unverified", "乙": "fail"}
    assert {row.name: blank.nominal_verdict(row) for row in blank.coverage.towns} == {
        "甲": "pass",
        "乙": "fail",
    }


def test_standards_that_disagree_name_the_place() -> None:
    told = judge(town(), Parameters(), ("dense_500m", "walk_15min")).as_dict()
    (between,) = cast("list[dict[str, Any]]", told["disagreements"])
    assert (between["first"], between["second"]) == ("dense_500m", "walk_15min")
    assert (between["workers_only_first"], between["workers_only_second"]) == (0, 40)
    assert [item["id"] for item in between["most"]] == ["east"]


def test_one_street_standard_is_what_the_cut_off_alone_computes() -> None:
    inputs = town()
    alone = evaluate_effective(inputs, Parameters(cutoff_m=500.0)).effective.total
    beside = judged(inputs, "walk_15min", "dense_500m")["dense_500m"].coverage.total
    assert beside == alone


def test_heat_shortens_every_limit() -> None:
    hot = dataclasses.replace(Terms(), weather=Weather(reach_share=0.9))
    total = judged(town(), "walk_15min", terms=hot)["walk_15min"].coverage.total
    assert total.nominal == pytest.approx(30)
    assert evaluate_effective(town(), Parameters(cutoff_m=1080.0), hot).effective.total == total


def test_without_streets_lines_are_straight() -> None:
    inputs = dataclasses.replace(town(), streets=None)
    found = judged(inputs, "circle_1km", "walk_15min")
    assert found["circle_1km"].coverage.total.nominal >= 30
    assert found["walk_15min"].coverage.total.nominal == pytest.approx(30)


def test_hours_of_a_window_weigh_by_how_much_of_it_they_are() -> None:
    hot = weather_of("summer")
    assert hot.window_weight("workday_morning") == 1
    assert hot.window_weight("workday_noon") == pytest.approx(2)
    # 14-16 of 14-18 h.
    assert hot.window_weight("workday_afternoon") == pytest.approx(1.5)
    # 20-8 h: all of 22-5 h, half of 18-22 h.
    cold = weather_of("winter")
    assert cold.window_weight("workday_night") == pytest.approx(1.5)
    assert cold.window_weight("weekend_evening") == pytest.approx(1.25)
    assert cold.window_weight("workday_dawn") == pytest.approx(1.5)
    assert weather_of("ordinary").mild


def test_heavier_hours_change_the_mean_and_no_heads() -> None:
    rows = [
        {"id": "a", **place(0, 0), "workers": 10, "window": "workday_noon"},
        {"id": "b", **place(0, 3000), "workers": 10, "window": "workday_morning"},
    ]
    stations = table("stations", [{"id": "s1", **place(0, 0), **OPEN}])
    inputs = Inputs(table("demand", rows), stations)
    hot = dataclasses.replace(Terms(), weather=weather_of("summer"))
    mild, heavy = (
        evaluate_effective(inputs, Parameters(), terms).effective for terms in (Terms(), hot)
    )
    assert mild.total.coverage == pytest.approx(1 / 2)
    assert heavy.total.coverage == pytest.approx(2 / 3)
    assert [row.workers for row in heavy.windows] == pytest.approx([10, 10])
    assert heavy.total.workers == pytest.approx(10)


def test_heat_and_cold_change_no_nominal_coverage() -> None:
    rows = [
        {"id": "a", **place(0, 0), "workers": 10, "window": "workday_noon", "town": "甲"},
        {"id": "b", **place(720, 0), "workers": 30, "window": "workday_morning", "town": "甲"},
    ]
    stations = table("stations", [{"id": "s1", **place(20, 0), **OPEN}])
    inputs = Inputs(table("demand", rows), stations, streets=main_street_town())
    hot = dataclasses.replace(Terms(), weather=weather_of("summer"))
    names = ("walk_15min", "dense_500m")
    calm = judge(inputs, Parameters(), names).as_dict()
    heat = judge(inputs, Parameters(), names, hot).as_dict()
    for mild, warm in zip(_told(calm, "standards"), _told(heat, "standards"), strict=True):
        for key in ("nominal_coverage", "nominal_verdict"):
            assert warm[key] == mild[key]
            assert [t[key] for t in warm["towns"]] == [t[key] for t in mild["towns"]]
    # 500 m in heat are 400 m: both reach a, noon weighs twice; 1,080 m are 864 m: b stays.
    assert [item["coverage"] for item in _told(heat, "standards")] == pytest.approx([1, 0.4])
    (between,) = _told(calm, "disagreements")
    (in_heat,) = _told(heat, "disagreements")
    assert in_heat["workers_only_first"] == between["workers_only_first"] > 0
    cut = Parameters(cutoff_m=800.0)
    found = evaluate_effective(inputs, cut, hot)
    figures = found.as_dict()
    assert figures["nominal_coverage"] == found.nominal.coverage == 1
    assert figures["in_reach_coverage"] == pytest.approx(0.4)
    assert found.rows_by("town")[0]["nominal_coverage"] == 1
    assert "in_reach" not in evaluate_effective(inputs, cut).as_dict()


def _told(found: dict[str, object], key: str) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", found[key])
