"""Quotas of a rule file: read, refused, written by machine, and kept to by plans."""

import tomllib
from typing import Any

import pytest

from geo.errors import InputError
from siting.model import Inputs, Parameters
from siting.plans.goals.task import Limits, task_of
from siting.plans.proposing import propose
from siting.plans.wishes import QuotaWish, Wishes, side_constraints, with_rule_quotas
from siting.rules import read_rules
from siting.rules.book import RuleQuota
from siting.rules.editing import with_quotas
from siting.rules.files import parse_rules
from tests.unit.siting.tables import place, table

SHIPPED = read_rules("daxing")
SPARSE = RuleQuota("area", "sparse", 1, None, "assumption", '偏远处"先"有 \\ 一座')
MOBILE = RuleQuota("kind", "mobile", 0, 2, "2", "流动驿站不超过两座")


def of_file(**quota: object) -> dict[str, Any]:
    content = tomllib.loads(SHIPPED.text)
    content["quotas"] = [{"source": "assumption", "sentence": "x", **quota}]
    return content


def test_quotas_are_written_into_the_file_and_read_again() -> None:
    assert SHIPPED.quotas == ()
    book = with_quotas(SHIPPED, [SPARSE, MOBILE])
    assert book.quotas == (SPARSE, MOBILE)
    assert with_quotas(book, [MOBILE]).quotas == (MOBILE,)
    assert with_quotas(book, []).text == SHIPPED.text
    # They move no rank: candidates need not be measured again.
    assert book.asks_as(SHIPPED)


@pytest.mark.parametrize(
    ("quota", "code"),
    [
        ({"at_least": 1}, "rules_quota_of"),
        ({"area": "sparse", "kind": "mobile", "at_least": 1}, "rules_quota_of"),
        ({"area": "sparse"}, "rules_quota_limits"),
        ({"area": "sparse", "at_least": 0}, "rules_quota_limits"),
        ({"area": "sparse", "at_least": 3, "at_most": 2}, "rules_quota_limits"),
        ({"area": "sparse", "at_least": 1.5}, "rules_whole"),
        ({"area": "sparse", "at_most": -1}, "rules_number"),
        ({"area": "闹市", "at_most": 1}, "rules_one_of"),
        ({"kind": "castle", "at_most": 1}, "rules_one_of"),
        ({"town": "黄村镇", "at_most": 1}, "rules_unknown_key"),
    ],
)
def test_what_is_no_quota_is_refused(quota: dict[str, object], code: str) -> None:
    with pytest.raises(InputError) as error:
        parse_rules(of_file(**quota), "own.toml")
    assert error.value.code == code
    assert "own.toml" in error.value.message("zh")


def test_a_second_quota_of_the_same_is_refused() -> None:
    content = of_file(area="sparse", at_least=1)
    content["quotas"].append({**content["quotas"][0], "at_least": 2})
    with pytest.raises(InputError) as error:
        parse_rules(content, "own.toml")
    assert error.value.code == "rules_quota_twice"


def test_an_area_without_a_rule_has_no_quota() -> None:
    content = of_file(area="special", at_most=1)
    del content["special"]
    with pytest.raises(InputError) as error:
        parse_rules(content, "own.toml")
    assert error.value.code == "rules_one_of"


def town() -> Inputs:
    """Return a town of many workers along its street, and a hamlet far away."""
    demand = [{"id": f"d{n}", **place(100 + 200 * n, 10), "workers": 900} for n in range(5)]
    demand.append({"id": "far", **place(9000, 0), "workers": 5})
    candidates = [{"id": f"c{n}", **place(100 + 200 * n, 10)} for n in range(5)]
    candidates.append({"id": "far", **place(9000, 0), "kind": "mobile"})
    return Inputs(
        demand=table("demand", demand),
        stations=table("stations", []),
        candidates=table("candidates", candidates),
    )


def test_plans_by_rules_keep_to_their_quotas_and_say_so() -> None:
    inputs, parameters = town(), Parameters(cutoff_m=150.0)
    free = propose(inputs, parameters, new=2, rules=SHIPPED)
    assert "far" not in {site.id for site in free.selected}
    book = with_quotas(SHIPPED, [SPARSE, MOBILE])
    plan = propose(inputs, parameters, new=2, rules=book)
    assert "far" in {site.id for site in plan.selected}
    assert plan.workers_covered_after < free.workers_covered_after
    assert "人员稀少区（区域类型）至少 1 座" in plan.remark_zh
    assert "流动驿站（驿站类型）最多 2 座" in plan.remark_zh


def test_a_quota_of_an_area_holds_for_the_candidates_in_it() -> None:
    book = with_quotas(SHIPPED, [SPARSE, MOBILE])
    task = task_of(town(), Parameters(cutoff_m=150.0), Limits(new=2, rules=book))
    # What is explained and priced after a plan keeps to the same.
    quotas = task.problem().quotas
    assert [(quota.name, quota.sites) for quota in quotas] == [("sparse", (5,)), ("mobile", (5,))]
    demand = task.sites.demand

    def refused(wish: QuotaWish, *, known: bool = True) -> InputError:
        with pytest.raises(InputError) as error:
            side_constraints(
                task.inputs, demand, Wishes(quotas=(wish,)), task.scores if known else None
            )
        return error.value

    # Without rules nobody knows what is sparse; where no candidate lies, not one can be opened.
    no_rules = refused(QuotaWish("area", "sparse", least=1), known=False)
    assert no_rules.code == "siting_plan_area_needs_rules"
    nobody = refused(QuotaWish("area", "function_zone", least=1))
    assert nobody.code == "siting_plan_no_area"
    assert "服务功能区" in nobody.message("zh")
    assert refused(QuotaWish("area", "闹市", most=1)).code == "siting_plan_no_value"
    none = Wishes(quotas=(QuotaWish("area", "function_zone", most=1),))
    assert side_constraints(task.inputs, demand, none, task.scores).quotas == ()


def test_a_quota_that_is_asked_for_twice_counts_once() -> None:
    asked = Wishes(quotas=(QuotaWish("area", "sparse", 1),))
    book = with_quotas(SHIPPED, [SPARSE, MOBILE])
    found = with_rule_quotas(asked, book)
    assert found.quotas == (QuotaWish("area", "sparse", 1), QuotaWish("kind", "mobile", 0, 2))
    assert with_rule_quotas(found, book) is found
    assert with_rule_quotas(asked, None) is asked
