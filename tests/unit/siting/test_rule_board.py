"""Weighted sums, filters, changes and rank ranges, by hand and by brute force."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.reference import DATA_FOLDER
from siting.model import Inputs, Parameters
from siting.planning import evaluate, score, with_rank_ranges
from siting.plans.proposing import propose
from siting.results import CandidateScore
from siting.rules.board import heard, rank_keys
from siting.rules.book import Criterion, Measure
from siting.rules.common import open_until
from siting.rules.readings import unnamed
from tests.unit.siting.tables import main_street_town, place, table

WINDOWS = ("workday_noon", "workday_evening")


def street(candidates: Sequence[Mapping[str, object]], **layers: object) -> Inputs:
    rows = [
        {"id": f"d{x}", **place(x, 5), "workers": 300 + x, "group": "courier", "window": window}
        for x in range(0, 1001, 100)
        for window in WINDOWS
    ]
    return Inputs(
        demand=table("demand", rows),
        stations=table("stations", [{"id": "s", "name": "甲站", **place(0, 5)}]),
        candidates=table("candidates", candidates),
        streets=main_street_town(),
        **layers,  # type: ignore[arg-type]  # tables by name
    )


def candidate(name: str, x: float, **facts: object) -> dict[str, object]:
    return {"id": name, "name": name, **place(x, 5), **facts}


def by_criterion(found: CandidateScore) -> dict[str, float]:
    return {item.name: item.points for item in found.breakdown}


def test_a_weighted_sum_by_hand() -> None:
    one = candidate(
        "c", 600, host_type="bank", kind="street_front", hours="Mo-Fr 11:00-14:00",
        cost_yuan=2000, consent="agreed", seats=4, services="water;charging",
    )  # fmt: skip
    (found,) = score(street([one]), Parameters())
    points = by_criterion(found)
    # 600 m and two access legs of 5 m: between [300, 40] and [800, 80].
    assert points["apart"] == pytest.approx(40 + 40 * 310 / 500, abs=0.1)
    assert points["reliability"] == 85
    assert (points["money"], points["host_consent"], points["seven_haves"]) == (100, 100, 100)
    # Open through all of noon (15 h a week), in none of the evening.
    hours = next(item for item in found.breakdown if item.name == "hours")
    assert hours.value is not None
    assert 0 < hours.value < 1
    assert points["open_front"] == 100
    rule = next(item for item in found.breakdown if item.name == "street_served")
    assert rule.weight == pytest.approx(0.6 * 0.6)
    assert found.points == pytest.approx(
        sum(item.contribution for item in found.breakdown), abs=0.05
    )


def test_hours_count_by_the_workers_who_are_there() -> None:
    rows = [
        {"id": "d", **place(600, 5), "workers": workers, "group": "courier", "window": window}
        for window, workers in zip(WINDOWS, (200, 100), strict=True)
    ]
    one = candidate("c", 600, hours="Mo-Fr 11:00-14:00")
    inputs = replace(street([one]), demand=table("demand", rows))
    (found,) = score(inputs, Parameters())
    hours = next(item for item in found.breakdown if item.name == "hours")
    noon, evening = 200 * 15, 100 * evening_hours()
    assert hours.value == pytest.approx(noon / (noon + evening))
    assert not hours.assumed


def evening_hours() -> float:
    text = (DATA_FOLDER / "reference" / "windows.toml").read_text(encoding="utf-8")
    entry = tomllib.loads(text)["workday_evening"]
    start, end = (int(entry[key][:2]) + int(entry[key][3:]) / 60 for key in ("start", "end"))
    return (end - start) * len(entry["days"])


def test_a_kind_that_the_haves_do_not_bind_is_not_asked_for_them() -> None:
    (found,) = score(street([candidate("c", 600, host_type="hospital")]), Parameters())
    assert "seven_haves" not in by_criterion(found)
    assert sum(item.weight for item in found.breakdown) == pytest.approx(1)


def test_who_declined_is_never_chosen() -> None:
    spots = [candidate("no", 600, consent="declined"), candidate("yes", 800)]
    inputs = street(spots)
    found = {item.id: item for item in score(inputs, Parameters())}
    assert (found["no"].excluded, found["no"].points, found["no"].rank) == (("host_consent",), 0, 2)
    assert "依托单位已婉拒" in found["no"].sentence_zh
    assert found["no"].what_if[0].change == "consent"
    plan = propose(inputs, Parameters(cutoff_m=300), new=2, rules="daxing")
    assert [site.id for site in plan.selected] == ["yes"]


def test_a_consent_runs_out_the_day_after_its_last() -> None:
    inputs = street([candidate("c", 600, consent="agreed", consent_until="2026-12-31")])
    codes = []
    for today in (None, date(2026, 12, 31), date(2027, 1, 1)):
        (found,) = evaluate(inputs, Parameters(), today=today).scores
        codes.append(next(item.code for item in found.breakdown if item.name == "host_consent"))
    assert codes == ["agreed", "agreed", "expired"]


def test_a_surveyed_way_replaces_its_proxy() -> None:
    firm = {"id": "e", "name": "富思特", **place(600, 0), "workers": 800}
    one = candidate("富思特职工之家", 600, kind="enterprise")
    points = []
    for on_way in (None, True, False):
        rows = [{**firm, "path_on_way": on_way, "path_place": "东门内"}]
        (found,) = score(street([one], enterprises=table("enterprises", rows)), Parameters())
        area = next(fact for fact in found.evidence if fact.measure == "host_workers")
        assert (area.value, area.tag) == (800, 100)
        points.append({fact.measure: fact.value for fact in found.evidence})
    assert "on_way" not in points[0]
    assert (points[1]["on_way"], points[2]["on_way"]) == (1, 0)


@pytest.mark.parametrize(
    ("hours", "longer"),
    [
        ("Mo-Fr 08:30-17:30; PH off", "Mo-Fr 08:30-21:00; PH off"),
        ("Mo-Fr 08:30-12:00,14:30-18:00", "Mo-Fr 08:30-12:00,14:30-21:00"),
        ("Mo-Sa 9:00-22:00", "Mo-Sa 9:00-22:00"),
        ("Mo-Su 20:00-02:00", "Mo-Su 20:00-02:00"),
        ("24/7", "24/7"),
        ("", ""),
    ],
)
def test_longer_hours(hours: str, longer: str) -> None:
    assert open_until(hours, "21:00") == longer


def test_each_change_is_true_when_it_is_made() -> None:
    spots = [
        candidate(f"c{x}", x, hours="Mo-Fr 08:00-15:00", host_type="restaurant")
        for x in range(150, 1000, 200)
    ]
    inputs = street(spots)
    now = score(inputs, Parameters())
    tried = 0
    for row, found in enumerate(now):
        for change in found.what_if:
            changed = inputs.candidates.copy()
            if change.change == "hours_until":
                changed.loc[row, "hours"] = open_until(
                    str(changed.loc[row, "hours"]), change.detail
                )
            else:
                changed.loc[row, "consent"] = "agreed"
            after = score(replace(inputs, candidates=changed), Parameters())[row]
            assert (after.rank, after.points) == (change.rank, change.points)
            assert change.rank < found.rank
            tried += 1
    assert tried > len(spots)
    told = next(item for item in now if item.what_if)
    assert f"现排第 {told.rank} 位" in told.sentence_zh
    assert f"升至第 {told.what_if[0].rank} 位" in told.sentence_zh


def test_rank_ranges_are_seeded_and_hold_the_rank() -> None:
    inputs = street([candidate(f"c{x}", x) for x in range(150, 1000, 100)])
    now = evaluate(inputs, Parameters())
    twice = [with_rank_ranges(inputs, Parameters(), now, draws=20, seed=7) for _ in range(2)]
    assert twice[0] == twice[1]
    for item in twice[0]:
        found = item.rank_range
        assert found is not None
        assert found.best <= found.low <= found.high <= found.worst
        assert (found.draws, found.top, found.share_in_top) == (20, 9, 1.0)
    spread = [item.rank_range.worst - item.rank_range.best for item in twice[0] if item.rank_range]
    assert max(spread) > 0


def test_without_spread_nothing_moves(tmp_path: Path) -> None:
    text = (DATA_FOLDER / "rules" / "daxing.toml").read_text(encoding="utf-8")
    still = text.replace("_spread = 0.2", "_spread = 0")
    path = tmp_path / "still.toml"
    path.write_text(still, encoding="utf-8")
    inputs = street([candidate(f"c{x}", x) for x in range(150, 1000, 100)])
    now = evaluate(inputs, Parameters(), rules=path)
    for item in with_rank_ranges(inputs, Parameters(), now, rules=path, draws=3):
        assert item.rank_range is not None
        assert (item.rank_range.best, item.rank_range.worst) == (item.rank, item.rank)


def test_ranks_follow_points_then_the_table_and_excluded_come_last() -> None:
    points = np.array([50.0, 70.0, 50.0, 0.0])
    keys = rank_keys(points, np.array([False, False, False, True]))
    assert np.argsort(-keys).tolist() == [1, 0, 2, 3]


CURVES = st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 100)), min_size=2, max_size=5)


@settings(max_examples=60, deadline=None)
@given(pairs=CURVES, figures=st.lists(st.floats(0, 2e4), min_size=2, max_size=6))
def test_more_of_what_is_better_never_lowers_points(
    pairs: list[tuple[float, float]], figures: list[float]
) -> None:
    places = sorted({place for place, _ in pairs})
    heights = sorted(height for _, height in pairs)[: len(places)]
    measure = Measure("m", "m", curve=tuple(zip(places, heights, strict=True)))
    points = measure.points(np.array(sorted(figures)))
    assert (np.diff(points) >= 0).all()


@settings(max_examples=60, deadline=None)
@given(
    figures=st.lists(st.one_of(st.just(float("nan")), st.floats(0, 100)), min_size=1, max_size=8),
    limit=st.floats(0, 100),
)
def test_a_filter_is_absolute_and_the_unknown_breaks_none(
    figures: list[float], limit: float
) -> None:
    measure = Measure("m", "m", curve=((0, 0), (100, 100)), must_at_least=limit)
    criterion = Criterion("k", 1.0, "more", 30.0, "assumption", "…", (measure,))
    found = heard(criterion, [unnamed(np.array(figures))], len(figures))
    known = np.isfinite(figures)
    assert (found.passes == (~known | (np.array(figures) >= limit))).all()
    assert (found.points[~known] == 30).all()
