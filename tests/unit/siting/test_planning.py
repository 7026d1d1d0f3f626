"""The use cases on a small town with a real (small) street network."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from geo.catchments import Travel, travel
from geo.errors import InputError
from geo.streets import Network
from siting import sites
from siting.costs import costs_yuan
from siting.lines import plan_lines
from siting.model import Inputs, Parameters
from siting.planning import coverage, evaluate
from siting.plans.proposing import propose
from tests.unit.siting.tables import main_street_town, place, table

Floats = NDArray[np.float64]
PARAMETERS = Parameters(cutoff_m=300)


def town(*, candidates: pd.DataFrame | None = None) -> Inputs:
    """Return demand every 100 m along the main street, one station at its west end."""
    spots = [
        {"id": f"d{x}", **place(x, 5), "town": "兴丰街道", "workers": 100 + x}
        for x in range(0, 1001, 100)
    ]
    spare = [
        {"id": "c400", "name": "刘生记", **place(400, 8), "cost_yuan": 3000},
        {"id": "c700", "name": "好粥道", **place(700, 8), "kind": "riders"},
        {"id": "c900", "name": "海子角社区", **place(900, 8), "host_type": "hospital"},
        {"id": "lost", "name": "孤点", **place(500, 9000), "cost_yuan": 1},
    ]
    return Inputs(
        demand=table("demand", [*spots, {"id": "far", **place(500, 5000), "workers": 50}]),
        stations=table("stations", [{"id": "s0", **place(0, 8)}]),
        candidates=table("candidates", spare) if candidates is None else candidates,
        streets=main_street_town(),
    )


def test_coverage_and_evaluation_agree() -> None:
    result = coverage(town(), PARAMETERS)
    assert result.method == "street"
    # 5 m and 8 m of access leg: 280 m along the street are within 300 m.
    assert result.workers_covered == 100 + 200 + 300
    assert result.workers_total == sum(range(100, 1101, 100)) + 50
    assert result.unsnapped_demand == ("far",)
    assert evaluate(town(), PARAMETERS).coverage.as_dict() == result.as_dict()


def test_without_streets_the_method_says_so() -> None:
    assert coverage(replace(town(), streets=None), PARAMETERS).method == "straight_line"


def test_a_plan_states_what_it_adds() -> None:
    plan = propose(town(), PARAMETERS, new=2)
    assert plan.status == "optimal"
    assert [site.order for site in plan.selected] == [1, 2]
    gains = sum(site.workers_gained for site in plan.selected)
    assert gains == pytest.approx(plan.workers_covered_after - plan.workers_covered_before)
    assert plan.after is not None
    assert plan.after.workers_covered == pytest.approx(plan.workers_covered_after)
    assert plan.after.stations == 3
    assert plan.workers_covered_before == coverage(town(), PARAMETERS).workers_covered
    assert plan.remark_zh.startswith("1 个候选点未接入街道，没有参与比选：孤点（离街道太远）。")
    assert plan.remark_zh.endswith("1 个没有可用的费用，按类型的默认金额估算：海子角社区。")
    assert plan.as_dict("zh")["parameters"] == plan.parameters
    assert "新覆盖职工" in plan.selected[0].reason_zh


def test_a_plan_with_rules_says_rule_evidence_and_workers() -> None:
    plan = propose(town(), PARAMETERS, new=1, rules="daxing")
    assert plan.rules == "daxing"
    reason = plan.selected[0]
    assert "兴丰大街" in reason.reason_zh
    assert "兴丰大街" in reason.reason_en
    assert f"{round(reason.workers_gained):,}" in reason.reason_zh


def test_costs_come_from_the_record_the_kind_or_the_host_and_say_so() -> None:
    costs, assumed = costs_yuan(town().candidates)
    assert costs.tolist() == [3000, 40000, 2000, 1]
    assert assumed.tolist() == [False, True, True, False]
    bare = table("candidates", [{"id": "c", **place(0, 0)}])
    assert [part.tolist() for part in costs_yuan(bare)] == [[5000], [True]]
    plan = propose(town(), PARAMETERS, new=3)
    assert {site.id: (site.cost_yuan, site.cost_assumed) for site in plan.selected} == {
        "c400": (3000, False),
        "c900": (2000, True),
    }


def test_a_budget_is_kept() -> None:
    plan = propose(town(), PARAMETERS, budget_yuan=5000)
    assert {site.id for site in plan.selected} == {"c400", "c900"}
    assert plan.cost_yuan == 5000


@pytest.mark.parametrize(
    ("new", "budget_yuan"), [(None, 1999), (3, 1999), (None, 1), (1, 0), (10, 0)]
)
def test_what_cannot_be_bought_is_infeasible(new: int | None, budget_yuan: int) -> None:
    plan = propose(town(), PARAMETERS, new=new, budget_yuan=budget_yuan)
    now = coverage(town(), PARAMETERS).workers_covered
    assert plan.status == "infeasible"
    assert (plan.selected, plan.after, plan.proved_optimal) == ((), None, False)
    assert plan.workers_covered_before == plan.workers_covered_after == plan.bound_workers == now
    assert "2,000" in plan.remark_zh
    assert "lost" in plan.remark_en
    possible = propose(town(), PARAMETERS, new=1)
    assert set(plan.as_dict("zh")) == set(possible.as_dict("zh"))
    assert plan.parameters["scenario"]


@pytest.mark.parametrize(("new", "budget_yuan"), [(0, None), (0, 0), (0, 9000), (None, 0)])
def test_asking_for_nothing_is_met(new: int | None, budget_yuan: int | None) -> None:
    plan = propose(town(), PARAMETERS, new=new, budget_yuan=budget_yuan)
    assert (plan.status, plan.selected) == ("optimal", ())
    assert plan.after is not None


def test_candidates_off_the_streets_are_named_with_why() -> None:
    plan = propose(town(), PARAMETERS, new=4)
    assert plan.unattached_candidates == {"lost": "too_far"}
    told = plan.as_dict("en")["unattached_candidates"]
    assert told == [{"id": "lost", "why": "too_far"}]
    found = evaluate(town(), PARAMETERS)
    off_streets = {score.id: score.unattached for score in found.scores if score.unattached}
    assert off_streets == plan.unattached_candidates
    lost = found.scores[3]
    assert lost.sentence_zh.startswith("未接入街道（离街道太远）")
    assert "0 人" not in lost.sentence_zh
    assert lost.as_dict()["unattached"] == "too_far"
    assert all(score.unattached is None for score in found.scores[:3])
    straight = evaluate(replace(town(), streets=None), PARAMETERS)
    assert all(score.unattached is None for score in straight.scores)


def test_one_score_is_that_of_all_and_is_worked_out_where_somebody_asks() -> None:
    found = evaluate(town(), PARAMETERS)
    assert found.scoring is not None
    assert not vars(found.scoring).keys() & {"around", "board", "all"}
    assert [found.score_of(score.id) for score in found.scores] == list(found.scores)
    assert found.score_of("nobody") is None
    assert found.scores[0].sentence_en == found.scores[0].says("en") != found.scores[0].says("zh")


def test_a_plan_reads_on_a_terminal() -> None:
    lines = plan_lines(propose(town(), PARAMETERS, new=4), "zh")
    text = "\n".join(lines)
    assert "None" not in text
    assert lines[2].endswith("300 米")
    assert "1 个候选点未接入街道" in text
    assert "2,000 元（估）" in text
    assert "3,000 元（估）" not in text
    assert lines[-1] == "未接入街道：lost（离街道太远）"
    english = plan_lines(propose(town(), PARAMETERS, budget_yuan=1), "en")
    assert any("too small" in line for line in english)


def test_over_windows_workers_are_said_to_be_an_average() -> None:
    demand = town().demand.assign(window="workday_noon")
    plan = propose(replace(town(), demand=demand), PARAMETERS, new=1, rules="daxing")
    assert plan.measure == "worker_hours"
    assert plan.as_dict("zh")["measure"] == "worker_hours"
    assert re.search("新覆盖职工（平均在岗）[0-9]", plan.selected[0].reason_zh)
    assert "workers (average present)" in plan.selected[0].reason_en
    assert any("平均在岗" in line for line in plan_lines(plan, "zh"))
    (*_, score) = evaluate(replace(town(), demand=demand), PARAMETERS).scores[:3]
    assert "新覆盖职工（平均在岗）" in score.sentence_zh
    heads = propose(town(), PARAMETERS, new=1)
    assert re.search("新覆盖职工 [0-9]", heads.selected[0].reason_zh)
    assert "平均" not in heads.selected[0].reason_zh


def test_fewer_than_asked_for_is_said() -> None:
    plan = propose(town(), PARAMETERS, new=9)
    # The site between them would add nobody.
    assert [site.id for site in plan.selected] == ["c900", "c400"]
    assert plan.remark_zh.startswith(
        "要求新建 9 个，选出 2 个：1 个候选点未接入街道，其余 1 个不再增加覆盖。"
    )
    assert "2 were chosen" in plan.remark_en
    poor = propose(town(), PARAMETERS, new=9, budget_yuan=3000)
    assert "2 个超出余下的经费" in poor.remark_zh


def test_rejected_candidates_stay_out() -> None:
    rejected = town().candidates.assign(state="rejected")
    assert propose(town(candidates=rejected), PARAMETERS, new=1).status == "infeasible"
    some = town().candidates.assign(state=["rejected", "approved", "", ""])
    assert "c400" not in {
        site.id for site in propose(town(candidates=some), PARAMETERS, new=3).selected
    }


def test_nothing_new_and_no_candidates() -> None:
    none = town(candidates=table("candidates", []))
    assert propose(none, PARAMETERS, new=0).selected == ()
    assert propose(none, PARAMETERS, new=0, rules="daxing").status == "optimal"
    with pytest.raises(InputError, match="no candidates"):
        propose(none, PARAMETERS, new=1)
    assert evaluate(none, PARAMETERS).scores == ()


def test_nothing_to_gain_is_an_empty_plan_that_says_so() -> None:
    idle = replace(town(), demand=table("demand", []))
    plan = propose(idle, PARAMETERS, new=2)
    assert (plan.selected, plan.status, plan.gap) == ((), "optimal", 0)
    assert plan.remark_zh
    assert plan.after is not None
    assert plan.after.coverage == 0


def test_one_more_candidate_costs_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    before = evaluate(town(), PARAMETERS)
    moved, same, added = (
        {"id": "c400", "name": "刘生记", **place(450, 8)},
        {"id": "c900", "name": "海子角社区", **place(900, 8)},
        {"id": "mine", "name": "我的点", **place(800, 8)},
    )
    inputs = town(candidates=table("candidates", [moved, same, added]))
    inputs = replace(inputs, streets=before.travel.streets)
    walked: list[int] = []

    def counting(streets: Network | None, lon: Floats, *rest: Floats, **how: float) -> Travel:
        walked.append(len(lon))
        return travel(streets, lon, *rest, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(sites, "travel", counting)
    after = evaluate(inputs, PARAMETERS, previous=before)
    assert walked == [2]
    monkeypatch.undo()
    fresh = evaluate(inputs, PARAMETERS)
    np.testing.assert_array_equal(after.travel.matrix.indptr, fresh.travel.matrix.indptr)
    np.testing.assert_array_equal(after.travel.matrix.cost_mm, fresh.travel.matrix.cost_mm)
    assert after.scores == fresh.scores


def test_other_parameters_are_walked_again() -> None:
    before = evaluate(town(), PARAMETERS)
    inputs = replace(town(), streets=before.travel.streets)
    corner = replace(inputs, stations=table("stations", [{"id": "s0", **place(520, 12)}]))
    start = evaluate(corner, PARAMETERS)
    reached = []
    for other in (Parameters(cutoff_m=600), replace(PARAMETERS, alternatives_m=15.0)):
        after = evaluate(corner, other, previous=start).coverage
        assert after.as_dict() == coverage(corner, other).as_dict()
        reached.append(after.workers_covered)
    assert len({start.coverage.workers_covered, *reached}) > 1


def test_more_streets_than_the_nearest_are_none_or_some() -> None:
    for more_m in (-1.0, float("nan"), float("inf")):
        with pytest.raises(InputError, match="alternatives_m"):
            coverage(town(), Parameters(alternatives_m=more_m))


@pytest.mark.parametrize("cutoff_m", [0.0, -5.0, float("nan"), float("inf")])
def test_a_cut_off_that_means_nothing_is_refused(cutoff_m: float) -> None:
    with pytest.raises(InputError, match="cutoff_m"):
        coverage(town(), Parameters(cutoff_m=cutoff_m))


def test_a_tolerance_outside_its_range_is_refused() -> None:
    with pytest.raises(InputError, match="tolerance"):
        propose(town(), PARAMETERS, new=1, tolerance=1.0)
