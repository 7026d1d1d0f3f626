"""Criteria on the page of rules and standards, and on a candidate's card."""

import pytest

from siting.model import Inputs, Parameters
from siting.planning import score
from siting.rules import read_rules
from siting.rules.book import RuleQuota
from siting.rules.sentences import Terms
from tests.unit.siting.tables import main_street_town, place, table
from ui.rules.page import criteria_html, criteria_table
from ui.rules.quotas import choices, quota_words
from ui.workbench.score_card import parts_table


def test_every_criterion_is_a_row_with_its_share_and_its_source() -> None:
    book = read_rules("daxing")
    table = criteria_table(book)
    assert len(table) == sum(len(rule.criteria) for rule in book.rules) + len(book.common.criteria)
    shares = table.groupby("area")["share"].agg(
        lambda cells: sum(float(cell.rstrip("%")) for cell in cells)
    )
    # Each area's rule decides 60 %, the common criteria the rest.
    assert sorted(round(share) for share in shares) == [40, 60, 60, 60, 60, 60]
    assert (table[["area", "criterion", "measures", "source", "sentence"]] != "").all().all()
    declined = table.loc[table["must"] != ""]
    assert len(declined) == 1


def test_the_parts_of_a_score_say_what_was_found() -> None:
    demand = [{"id": "d", **place(480, 0), "workers": 4000}]
    candidates = [{"id": "c", **place(500, 10), "host_type": "bank", "consent": "asked"}]
    inputs = Inputs(
        demand=table("demand", demand),
        stations=table("stations", []),
        candidates=table("candidates", candidates),
        streets=main_street_town(),
    )
    (found,) = score(inputs, Parameters())
    parts = parts_table(found, Terms("workers", "street"), read_rules("daxing"))
    assert parts["added"].is_monotonic_decreasing
    assert parts["added"].sum() == pytest.approx(found.points, abs=0.5)
    told = dict(zip(parts["criterion"], parts["found"], strict=True))
    assert "兴丰大街" in told["可服务的主干道长度"]
    assert told["依托单位意见"] == "依托单位已征询、未答复"
    assert told["开放时间与工时的吻合度"] == "开放时间不详"


def test_the_table_names_each_area_once_and_takes_no_word_for_code() -> None:
    table = criteria_table(read_rules("daxing"))
    table.loc[0, "sentence"] = "<img src=x onerror=alert(1)>"
    told = criteria_html(table)
    assert told.count("rowspan") == table["area"].nunique()
    assert told.count("<tr>") == len(table)
    assert "<img" not in told
    assert "&lt;img src=x" in told


def test_quotas_are_said_by_name() -> None:
    quotas = (
        RuleQuota("area", "sparse", 1, 4, "assumption", "x"),
        RuleQuota("kind", "mobile", 0, 3, "assumption", "x"),
    )
    assert [quota_words(quota) for quota in quotas] == [
        "人员稀少区：至少 1 座，最多 4 座",
        "流动驿站：最多 3 座",
    ]
    offered = choices(read_rules("daxing"))
    assert (("area", "central_urban") in offered, ("kind", "riders") in offered) == (True, True)
