"""Why plans are as they are, on a short street: recounted by opening and closing stations."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from siting.model import Inputs, Parameters
from siting.plan_results import PlanResult
from siting.planning import coverage
from siting.plans.explaining import explain_sites
from siting.plans.goals.task import Limits, task_of
from siting.plans.pricing import price_plan
from siting.plans.proposing import propose
from siting.plans.why import PlanWhy, SiteWhy
from siting.plans.why_lines import why_lines
from siting.plans.wishes import FloorWish, QuotaWish, Wishes
from tests.unit.siting.tables import main_street_town, place, table

PARAMETERS = Parameters(cutoff_m=150)
SPOTS = (200, 300, 500, 600, 800, 900)


def street(*, windows: bool = False) -> Inputs:
    """Return demand every 100 m, more of it in the east; a station at 0, candidates eastwards."""
    rows: list[dict[str, object]] = []
    for x in range(0, 1001, 100):
        town = "兴丰街道" if x < 550 else "清源街道"
        row = {"id": f"d{x}", **place(x, 5), "town": town, "workers": 100 + x}
        if windows:
            rows += [
                {**row, "group": "courier", "window": "workday_noon"},
                {**row, "group": "sweeper", "window": "workday_morning", "workers": 40},
            ]
        else:
            rows.append(row)
    sites = [
        {
            "id": f"c{x}",
            "name": f"点{x}",
            **place(x, 8),
            "town": "兴丰街道" if x < 550 else "清源街道",
            "kind": "street_front",
            "cost_yuan": 2000 + 10 * x,
        }
        for x in SPOTS
    ]
    return Inputs(
        demand=table("demand", rows),
        stations=table("stations", [{"id": "s0", **place(0, 8), "state": "open"}]),
        candidates=table("candidates", sites),
        streets=main_street_town(),
    )


def covered(inputs: Inputs, opened: set[str]) -> float:
    """Return the workers covered once some candidates are stations."""
    chosen = inputs.candidates[inputs.candidates["id"].isin(opened)]
    columns = list(inputs.stations.columns)
    stations = pd.concat([inputs.stations, chosen[columns].assign(state="open")], ignore_index=True)
    return coverage(replace(inputs, stations=stations), PARAMETERS).workers_covered


def explained(inputs: Inputs, limits: Limits) -> tuple[PlanResult, tuple[SiteWhy, ...]]:
    how = {name: getattr(limits, name) for name in ("new", "budget_yuan", "rules", "wishes")}
    plan = propose(inputs, PARAMETERS, **how)
    return plan, explain_sites(task_of(inputs, PARAMETERS, limits), plan)


@pytest.mark.parametrize(
    ("limits", "parts"),
    [
        (Limits(new=3), "windows"),
        (Limits(budget_yuan=14_000), ""),
        (Limits(new=3, wishes=Wishes(require=("c200",), forbid=("c900",))), ""),
    ],
)
def test_every_figure_is_what_opening_and_closing_gives(limits: Limits, parts: str) -> None:
    inputs = street(windows=bool(parts))
    plan, sites = explained(inputs, limits)
    ids = {site.id for site in plan.selected}
    after, now = covered(inputs, ids), covered(inputs, set())
    assert [site.id for site in sites] == [site.id for site in plan.selected]
    assert sum(site.gained or 0 for site in sites) == pytest.approx(after - now)
    for site, selected in zip(sites, plan.selected, strict=True):
        others = ids - {site.id}
        assert site.gained == pytest.approx(selected.workers_gained)
        assert site.alone == pytest.approx(covered(inputs, {site.id}) - now)
        assert site.lost == pytest.approx(after - covered(inputs, others))
        for told in (site.towns, site.groups):
            assert sum(part.workers for part in told) == pytest.approx(site.gained)
        cost = dict(zip(inputs.candidates["id"], inputs.candidates["cost_yuan"], strict=True))
        left = (limits.budget_yuan or 10**9) - sum(cost[other] for other in others)
        free = {
            name: covered(inputs, others | {name})
            for name in set(cost) - ids - set(limits.wishes.forbid)
            if cost[name] <= left
        }
        best = max(free.values(), default=0.0)
        if best <= covered(inputs, others) + 1e-9:
            assert site.runner_up is None
        else:
            assert site.runner_up is not None
            assert after + site.runner_up.better_by == pytest.approx(best)
            assert free[site.runner_up.id] == pytest.approx(best)


def test_windows_are_in_heads_of_each() -> None:
    _, (site,) = explained(street(windows=True), Limits(new=1))
    told = {part.name: part.workers for part in site.windows}
    reached = round(sum(part.workers for part in site.towns)) > 0
    assert reached
    assert list(told) == ["workday_morning", "workday_noon"]
    assert told["workday_morning"] % 40 == 0  # so many at each point
    assert explained(street(), Limits(new=1))[1][0].windows == ()


@pytest.mark.parametrize(
    ("wishes", "budget", "kind", "name"),
    [
        (Wishes(forbid=("c900",)), None, "forbid", ""),
        (Wishes(require=("c200",)), None, "require", "c200"),
        (Wishes(quotas=(QuotaWish("town", "清源街道", most=0),)), None, "quota", "清源街道"),
        (Wishes(floors=(FloorWish(0.5, "兴丰街道"),)), None, "floor", "兴丰街道"),
        (Wishes(), 9_000, "budget", ""),
    ],
)
def test_what_kept_the_better_site_out(
    wishes: Wishes, budget: int | None, kind: str, name: str
) -> None:
    inputs = street()
    plan, (site,) = explained(inputs, Limits(new=1, wishes=wishes, budget_yuan=budget))
    assert site.better is not None
    assert (kind, name) in {(ground.kind, ground.name) for ground in site.better.grounds}
    with_it = covered(inputs, {site.better.id})
    assert with_it - plan.workers_covered_after == pytest.approx(site.better.better_by)
    lines = why_lines(PlanWhy((site,)), "zh")
    assert "没有选它，是因为" in lines[1]
    assert "but" not in lines[1]


def test_rule_points_decide_only_where_the_swap_costs_points() -> None:
    inputs = street()
    plan, sites = explained(inputs, Limits(new=1, rules="daxing"))
    (site,) = sites
    assert plan.rules == "daxing"
    if site.better is not None:
        assert site.better.points is not None
        assert site.better.points < 0


def test_nothing_better_is_said_so() -> None:
    _, sites = explained(street(), Limits(new=2))
    assert all(site.better is None for site in sites)
    told = why_lines(PlanWhy(sites), "en")
    assert all("best choice" in line for line in told[1:])


def test_prices_are_the_plans_without() -> None:
    inputs = street()
    wishes = Wishes(
        require=("c200",),
        forbid=("c900",),
        quotas=(QuotaWish("town", most=1), QuotaWish("kind", least=1)),
        floors=(FloorWish(0.35, "兴丰街道"),),
        spacing_m=180.0,
    )
    limits = Limits(new=2, budget_yuan=20_000, wishes=wishes)
    plan = propose(inputs, PARAMETERS, new=2, budget_yuan=20_000, wishes=wishes)
    prices = price_plan(task_of(inputs, PARAMETERS, limits), plan)
    assert [price.kind for price in prices] == ["station", "money", *["wish"] * 6, "wishes"]
    others: list[dict[str, Any]] = [
        {"new": 3, "budget_yuan": 20_000, "wishes": wishes},
        {"new": 2, "budget_yuan": 30_000, "wishes": wishes},
        *(
            {"new": 2, "budget_yuan": 20_000, "wishes": replace(wishes, **less)}
            for less in (
                {"require": ()},
                {"forbid": ()},
                {"quotas": wishes.quotas[1:]},
                {"quotas": wishes.quotas[:1]},
                {"floors": ()},
                {"spacing_m": 0.0},
            )
        ),
        {"new": 2, "budget_yuan": 20_000, "wishes": Wishes()},
    ]
    for price, how in zip(prices, others, strict=True):
        free = propose(inputs, PARAMETERS, **how)
        assert price.proved
        assert price.amount == pytest.approx(
            free.workers_covered_after - plan.workers_covered_after
        )
        assert price.least <= price.amount <= price.most


def test_no_plan_has_no_price() -> None:
    inputs = street()
    asked = Limits(new=1, wishes=Wishes(require=("c200", "c300")))
    plan, sites = explained(inputs, asked)
    assert plan.status == "infeasible"
    assert sites == ()
    assert price_plan(task_of(inputs, PARAMETERS, asked), plan) == ()


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (
            Limits(new=1, wishes=Wishes(require=("c200", "c300"))),
            "必选了 2 个候选点，但只新建 1 座",
        ),
        (Limits(budget_yuan=4999, wishes=Wishes(require=("c300",))), "经费只有 4,999 元"),
        (Limits(new=2, wishes=Wishes(spacing_m=5000.0)), "请放宽与其他驿站的最小距离"),
    ],
)
def test_what_cannot_be_is_told_with_what_to_relax(limits: Limits, told: str) -> None:
    plan, _ = explained(street(), limits)
    assert plan.status == "infeasible"
    assert told in plan.remark_zh
