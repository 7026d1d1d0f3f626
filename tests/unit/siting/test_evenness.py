"""Evenness before coverage, or within what coverage may give up."""

import pytest

from geo.errors import InputError
from register.plan_records import from_record, to_record
from siting.plans.goals.task import Limits, task_of
from siting.plans.proposing import propose
from siting.plans.wishes import Wishes
from tests.unit.siting.test_closing import PARAMETERS, district

# Guards at 0 and 6 km, couriers at 3 km; the stations there are none.
POINTS = [(0.0, 50), (3000.0, 10), (6000.0, 30)]


def test_the_worst_off_come_first_and_then_coverage() -> None:
    inputs = district(POINTS, [9000.0], [0.0, 3000.0, 6000.0])
    wishes = Wishes(fair="group")
    alone = propose(inputs, PARAMETERS, new=2)
    even = propose(inputs, PARAMETERS, new=2, wishes=wishes)
    assert (alone.workers_covered_after, alone.evenness) == (80, None)
    # Guards have 5 of 8 with the greater of their places, couriers all: no plan does better.
    assert even.evenness is not None
    assert even.evenness.least_share == pytest.approx(50 / 80)
    assert (even.evenness.proved, even.evenness.lowest) == (True, ("guard",))
    assert (even.workers_covered_after, even.status) == (60, "optimal")
    assert "名义覆盖率最低的职工群体是" in even.remark_zh
    assert from_record(to_record(even)).evenness == even.evenness


def test_coverage_comes_first_where_only_so_much_may_be_given_up() -> None:
    inputs = district(POINTS, [9000.0], [0.0, 3000.0, 6000.0])
    little, much = (
        propose(inputs, PARAMETERS, new=2, wishes=Wishes(fair="group", fair_within=share))
        for share in (0.2, 0.3)
    )
    assert (little.workers_covered_after, much.workers_covered_after) == (80, 60)
    assert little.evenness is not None
    assert little.evenness.least_share == 0


def test_other_goals_do_not_come_after_it() -> None:
    inputs = district(POINTS, [9000.0], [0.0])
    with pytest.raises(InputError) as caught:
        task_of(inputs, PARAMETERS, Limits(new=1, wishes=Wishes(fair="town")))
    assert caught.value.code == "siting_plan_closing_only"
