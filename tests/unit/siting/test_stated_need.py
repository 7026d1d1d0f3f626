"""Stated need in sparse areas decides with the workers, and no figure of coverage has it."""

from dataclasses import replace

import pytest

from geo.errors import InputError
from siting.model import Inputs, Parameters
from siting.plan_results import PlanResult
from siting.planning import coverage
from siting.plans.explaining import explain_sites
from siting.plans.goals.task import Limits, task_of
from siting.plans.pricing import price_plan
from siting.plans.proposing import propose
from siting.plans.recorded import from_record, to_record
from siting.plans.wishes import Wishes
from siting.rules import RuleBook, read_rules
from siting.rules.files import read_rules_text
from tests.unit.siting.tables import place, table

PARAMETERS = Parameters(cutoff_m=150)
BOOK = read_rules("daxing")
ONLY_WORKERS = 0.0


def weighing(workers_each: float) -> RuleBook:
    assert BOOK.stated_need is not None
    return replace(BOOK, stated_need=replace(BOOK.stated_need, workers_each=workers_each))


def village(west: int = 10, east: int = 8, records: tuple[float | None, ...] = (2, None)) -> Inputs:
    """Return two hamlets two kilometres apart, a candidate in each, requests in the east."""
    spots = {"west": 0, "east": 2000}
    heads = {"west": west, "east": east}
    demand = [{"id": name, **place(x, 0), "workers": heads[name]} for name, x in spots.items()]
    sites = [{"id": name, **place(x, 20), "cost_yuan": 2000} for name, x in spots.items()]
    asked = [
        {"id": f"n{number}", **place(2010, number), "topic": "water", "records": count}
        for number, count in enumerate(records)
    ]
    wages = {"id": "pay", **place(2010, 9), "topic": "wages", "records": 900}
    return Inputs(
        demand=table("demand", demand),
        stations=table("stations", []),
        candidates=table("candidates", sites),
        needs=table("needs", [*asked, wages]),
    )


def planned(inputs: Inputs, workers_each: float, **how: object) -> PlanResult:
    rules = weighing(workers_each)
    return propose(inputs, PARAMETERS, new=1, rules=rules, tolerance=ONLY_WORKERS, **how)  # type: ignore[arg-type]


def test_requests_weigh_and_are_not_counted() -> None:
    plan = planned(village(), 5)
    assert [site.id for site in plan.selected] == ["east"]
    # 8 workers are covered, whatever three requests weigh; 10 might be.
    assert (plan.workers_covered_after, plan.workers_total) == (8, 18)
    assert plan.bound_workers >= 10
    assert plan.status == "within_gap"
    need = plan.stated_need
    assert need is not None
    assert (need.records, need.records_before, need.records_after) == (3, 0, 3)
    assert need.proved_with_them
    assert plan.selected[0].needs_gained == 3
    assert "3 件" in plan.selected[0].reason_zh
    assert "不计入覆盖率" in plan.remark_zh
    assert from_record(to_record(plan)).as_dict("zh") == plan.as_dict("zh")


def test_requests_that_weigh_too_little_decide_nothing() -> None:
    plan = planned(village(), 0.5)
    assert [site.id for site in plan.selected] == ["west"]
    assert (plan.workers_covered_after, plan.status) == (10, "optimal")
    assert plan.stated_need is not None
    assert plan.stated_need.records_after == 0


@pytest.mark.parametrize("each", [0.0, None])
def test_rules_may_leave_stated_need_out(each: float | None) -> None:
    rules = weighing(0.0) if each is not None else replace(BOOK, stated_need=None)
    plan = propose(village(), PARAMETERS, new=1, rules=rules, tolerance=ONLY_WORKERS)
    assert ([site.id for site in plan.selected], plan.stated_need) == (["west"], None)
    assert propose(village(), PARAMETERS, new=1).stated_need is None


def test_why_a_site_stands_says_that_need_decided() -> None:
    inputs = village()
    limits = Limits(new=1, rules=weighing(5), tolerance=ONLY_WORKERS)
    plan, task = planned(inputs, 5), task_of(inputs, PARAMETERS, limits)
    site = explain_sites(task, plan)[0]
    assert (site.needs, site.gained) == (3, 8)
    assert site.better is not None
    assert (site.better.id, [ground.kind for ground in site.better.grounds]) == ("west", ["need"])
    (price,) = [price for price in price_plan(task, plan) if price.kind == "needs"]
    assert (price.amount, price.proved) == (2, True)


def test_a_station_that_may_move_serves_requests_too() -> None:
    inputs = village(records=(30,))
    old = table("stations", [{"id": "s", **place(2000, 0), "state": "open"}])
    plan = planned(replace(inputs, stations=old), 5, wishes=Wishes(moves=1))
    assert plan.stated_need is not None
    assert (plan.stated_need.records_before, plan.stated_need.records_after) == (30, 30)
    assert plan.workers_covered_after == 18


@pytest.mark.parametrize(
    ("west", "east", "records", "each"),
    [(10, 8, 1, 2.0), (30, 0, 8, 5.0), (30, 0, 5, 5.0), (0, 0, 1, 0.5)],
)
def test_the_plan_is_the_best_of_both_and_its_bound_is_true(
    west: int, east: int, records: int, each: float
) -> None:
    inputs = village(west, east, (records,))
    plan = planned(inputs, each)
    worth = {"west": float(west), "east": east + records * each}
    best = max(worth.values())
    assert best == sum(worth[site.id] for site in plan.selected)
    assert plan.bound_workers >= max(west, east)
    assert plan.workers_covered_after == sum(
        {"west": west, "east": east}[s.id] for s in plan.selected
    )
    assert plan.workers_covered_before == coverage(inputs, PARAMETERS).workers_covered


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('area = "nowhere"', "rules_one_of"),
        ("workers_each = -1", "rules_number"),
        ('who = "me"', "rules_unknown_key"),
    ],
)
def test_a_rule_file_that_says_it_wrongly_is_refused(line: str, code: str) -> None:
    key = line.split(" ", maxsplit=1)[0]
    start = BOOK.text.index("[stated_need]")
    section = BOOK.text[start : BOOK.text.index("[special]")]
    others = [row for row in section.splitlines() if not row.startswith(f"{key} =")]
    text = BOOK.text.replace(section, "\n".join([*others, line, ""]) + "\n")
    with pytest.raises(InputError) as caught:
        read_rules_text(text, "own.toml")
    assert caught.value.code == code
