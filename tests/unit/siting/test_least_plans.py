"""Plans for the least, and for short walks: what is refused, and what is said of those left out."""

from dataclasses import replace

import pytest

from geo.errors import InputError
from siting.model import Inputs, Parameters
from siting.plans.goals import walking
from siting.plans.goals.covering import least_covering
from siting.plans.goals.least_lines import covering_lines, walking_lines
from siting.plans.goals.walking import shortest_walks
from siting.plans.wishes import FloorWish, QuotaWish, Wishes
from tests.unit.siting.tables import main_street_town, place, table

PARAMETERS = Parameters(cutoff_m=300.0)


def town() -> Inputs:
    """Return a kilometre of street: workers at both ends, in the middle, far and off the street."""
    spots = {"west": (0, 0), "middle": (500, 0), "east": (1000, 0), "lane": (500, 2300)}
    workers = {"west": 30, "middle": 20, "east": 40, "lane": 5}
    demand = [{"id": n, "workers": workers[n], **place(*at)} for n, at in spots.items()]
    demand.append({"id": "field", "workers": 2, **place(-3000, 3000)})
    return Inputs(
        table("demand", demand),
        table("stations", [{"id": "s", **place(0, 0)}]),
        table(
            "candidates",
            [
                {"id": "both", "cost_yuan": 9000, **place(750, 0)},
                {"id": "mid", "cost_yuan": 3000, **place(500, 0)},
                {"id": "end", "cost_yuan": 4000, **place(1000, 0)},
                {"id": "gone", "cost_yuan": 2000, "state": "rejected", **place(500, 2200)},
            ],
        ),
        streets=main_street_town(),
    )


def test_stations_and_money_are_not_the_same() -> None:
    fewest = least_covering(town(), PARAMETERS, sought="stations")
    cheapest = least_covering(town(), PARAMETERS, sought="money")
    assert [site.id for site in fewest.selected] == ["both"]
    assert {site.id for site in cheapest.selected} == {"mid", "end"}
    assert (fewest.value, fewest.bound, cheapest.value, cheapest.bound) == (1, 1, 7000, 7000)
    assert fewest.workers_covered_after == cheapest.workers_covered_after == 90
    assert fewest.workers_target == 90


def test_whom_nothing_covers_is_told_with_what_would() -> None:
    plan = least_covering(town(), PARAMETERS)
    told = {point.id: point for point in plan.uncoverable}
    assert list(told) == ["lane", "field"]  # most workers first
    assert (told["lane"].why, told["lane"].by) == ("ruled_out", "gone")
    assert told["lane"].cutoff_needed_m == pytest.approx(100, abs=1)
    assert (told["field"].why, told["field"].cutoff_needed_m) == ("off_streets", None)
    assert plan.cutoff_needed_m is None
    said = "\n".join(covering_lines(plan, "zh"))
    assert "gone 走 100 米就到，但它已否决、关闭或被规则排除" in said
    assert "没有接入街道" in said


def test_the_cut_off_that_would_do_does() -> None:
    inputs = town()
    kept = inputs.candidates[inputs.candidates["id"].isin(["mid", "end"])].reset_index(drop=True)
    on_street = inputs.demand[inputs.demand["id"] != "field"].reset_index(drop=True)
    inputs = replace(inputs, candidates=kept, demand=on_street)
    plan = least_covering(inputs, PARAMETERS)
    (lane,) = plan.uncoverable
    assert (lane.why, lane.by, lane.cutoff_needed_m) == ("farther", "mid", plan.cutoff_needed_m)
    assert plan.cutoff_needed_m is not None
    wider = replace(PARAMETERS, cutoff_m=plan.cutoff_needed_m)
    assert least_covering(inputs, wider).uncoverable == ()
    narrower = replace(PARAMETERS, cutoff_m=plan.cutoff_needed_m - 0.001)
    assert [point.id for point in least_covering(inputs, narrower).uncoverable] == ["lane"]


def test_a_share_that_nothing_reaches_is_infeasible_and_says_how_much_is() -> None:
    plan = least_covering(town(), PARAMETERS, target=0.95)
    assert (plan.status, plan.selected, plan.value) == ("infeasible", (), 0)
    assert "92.8%" in plan.remark_zh  # 90 of 97
    assert plan.uncoverable
    assert "没有满足条件的方案。" in covering_lines(plan, "zh")


def test_what_is_covered_already_needs_nothing() -> None:
    plan = least_covering(town(), PARAMETERS, target=0.3)
    assert (plan.selected, plan.value, plan.status) == ((), 0, "optimal")


@pytest.mark.parametrize(
    "wishes",
    [
        Wishes(quotas=(QuotaWish("town", most=1),)),
        Wishes(floors=(FloorWish(0.5),)),
        Wishes(spacing_m=100.0),
        Wishes(require=("gone",)),
        Wishes(require=("nowhere",)),
    ],
)
def test_wishes_that_are_not_kept_to_are_refused(wishes: Wishes) -> None:
    with pytest.raises(InputError):
        least_covering(town(), PARAMETERS, wishes=wishes)
    with pytest.raises(InputError):
        shortest_walks(town(), PARAMETERS, shortened="median", new=1, wishes=wishes)


@pytest.mark.parametrize(
    "how", [{"new": -1}, {"new": 1, "walk_m": 200.0}, {"new": 0, "wishes": Wishes(("mid",))}]
)
def test_walks_that_mean_nothing_are_refused(how: dict[str, object]) -> None:
    with pytest.raises(InputError):
        shortest_walks(town(), PARAMETERS, shortened="median", **how)  # type: ignore[arg-type]


def test_means_and_longest_walks_in_metres() -> None:
    mean = shortest_walks(town(), PARAMETERS, shortened="median", new=1, walk_m=1100.0)
    assert [site.id for site in mean.selected] == ["end"]
    # west 0, middle 500, east 1000 -> 0 m; the lane and the field count as 1,100 m.
    assert mean.mean_walk_m_before == pytest.approx((20 * 500 + 40 * 1000 + 7 * 1100) / 97, abs=0.5)
    assert mean.mean_walk_m_after == pytest.approx((20 * 500 + 7 * 1100) / 97, abs=0.5)
    assert mean.bound_m == pytest.approx(mean.mean_walk_m_after)
    assert (mean.workers_unreached_before, mean.workers_unreached_after) == (7, 7)
    assert mean.out_of_reach == ("lane", "field")
    worst = shortest_walks(town(), PARAMETERS, shortened="center", new=1, walk_m=1100.0)
    assert worst.worst_walk_m_before == pytest.approx(1000, abs=1)
    assert worst.worst_walk_m_after == pytest.approx(250, abs=1)
    assert worst.bound_m == worst.worst_walk_m_after
    assert worst.out_of_reach == ("lane", "field")
    said = "\n".join(walking_lines(worst, "zh"))
    assert "走得最远的由 1,000 米缩短到 250 米；无论怎么选，总有人要走 250 米" in said


def test_walks_go_on_farther_only_where_so_many_sites_are_not_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(walking, "WALK_M", 300.0)
    inputs = town()
    two = inputs.candidates[inputs.candidates["id"].isin(["mid", "end"])].reset_index(drop=True)
    bare = replace(inputs, stations=inputs.stations.iloc[:0], candidates=two)
    plan = shortest_walks(bare, PARAMETERS, shortened="center", new=1)
    assert (plan.walk_m, plan.status) == (600.0, "optimal")
    short = shortest_walks(bare, PARAMETERS, shortened="center", new=1, walk_m=300.0)
    assert (short.walk_m, short.status, short.bound_m, short.gap) == (
        300.0,
        "infeasible",
        None,
        None,
    )
    assert "没有满足条件的方案。" in walking_lines(short, "zh")
