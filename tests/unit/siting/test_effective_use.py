from collections.abc import Mapping
from datetime import date

import pytest

from geo.errors import InputError
from siting.coverage.levels import Level, Terms, week_of
from siting.effective import EffectiveEvaluation, evaluate_effective
from siting.filters import Passed, admits, missing, need_of, offers, opened
from siting.model import Inputs, Parameters
from tests.unit.siting.tables import place, table

MONDAY = date(2026, 11, 16)


def evaluate(
    *stations: Mapping[str, object], candidates: tuple[Mapping[str, object], ...] = ()
) -> EffectiveEvaluation:
    """Return what stations do for 10 sweepers at noon, 4 at night and 6 far away at noon."""
    rows = [
        {"id": "p", **place(0, 0), "workers": 10, "group": "sweeper", "window": "workday_noon"},
        {"id": "p", **place(0, 0), "workers": 4, "group": "sweeper", "window": "workday_night"},
        {"id": "q", **place(9000, 0), "workers": 6, "group": "sweeper", "window": "workday_noon"},
    ]
    numbered = [{"id": f"s{i}", **place(10, 0), **row} for i, row in enumerate(stations)]
    inputs = Inputs(
        demand=table("demand", rows),
        stations=table("stations", numbered),
        candidates=table("candidates", candidates),
    )
    return evaluate_effective(inputs, Parameters(cutoff_m=500))


def test_a_bank_corner_does_not_exist_at_night() -> None:
    bank = {"hours": "Mo-Fr 09:00-17:00", "access": "public", "services": "water;microwave"}
    found = evaluate(bank)
    noon, night = found.effective.windows
    assert (noon.verified, noon.nominal) == (10, 10)
    assert (night.verified, night.nominal) == (0, 4)
    assert night.by_level[Level.CLOSED] == 4
    assert [(m.kind, m.windows) for m in found.mends] == [("hours", ("workday_night",))]


def test_an_inner_room_of_a_firm_does_not_exist_for_a_sweeper() -> None:
    room = {"hours": "24/7", "access": "employees", "services": "water;microwave"}
    found = evaluate(room)
    assert found.nominal.workers_covered > 0
    assert found.effective.total.verified == 0
    assert found.effective.total.by_level[Level.NOT_ADMITTED] > 0
    assert found.mends[0].kind == "access"


def test_what_is_blank_is_neither_open_nor_closed_and_is_asked() -> None:
    found = evaluate({"access": "public", "services": "water;microwave"})
    total = found.effective.total
    assert total.verified == 0
    assert total.unverified == pytest.approx(total.nominal)
    (question,) = found.questions
    assert question.blanks == ("hours",)
    assert question.workers == pytest.approx(total.nominal)


def test_a_microwave_is_what_is_missing_at_noon() -> None:
    found = evaluate({"hours": "24/7", "access": "public", "services": "water"})
    (mend,) = found.mends
    assert (mend.kind, mend.services, mend.windows) == (
        "services",
        ("microwave",),
        ("workday_noon",),
    )


def test_a_candidate_wins_whom_nobody_reaches() -> None:
    new = {
        "id": "c1",
        **place(9000, 0),
        "hours": "24/7",
        "access": "public",
        "services": "water;hot_meals",
    }
    found = evaluate(candidates=(new, {**new, "id": "c2", "state": "rejected"}))
    assert [(found.site_id(mend), mend.kind) for mend in found.mends] == [("c1", "new")]


def test_a_closed_station_serves_nobody() -> None:
    open_to_all = {"hours": "24/7", "access": "public", "services": "water;microwave"}
    found = evaluate({**open_to_all, "state": "closed"})
    assert (found.counting, found.effective.total.nominal) == (0, 0)


def test_the_json_is_whole_and_sums_up() -> None:
    block = evaluate({"hours": "24/7", "access": "public"}).as_dict()
    parts = sum(float(str(block[key])) for key in ("verified", "unverified", "uncovered"))
    assert parts == pytest.approx(block["workers"], abs=1e-5)
    assert set(block["causes"]) == {"out_of_reach", "closed", "not_admitted", "not_served"}  # type: ignore[call-overload]  # the block is plain JSON


def test_filters_answer_in_three_values() -> None:
    assert opened("", "workday_noon", MONDAY, 0.5) == (Passed.UNVERIFIED,) * 5
    assert opened("Mo-Fr 11:00-12:30", "workday_noon", MONDAY, 0.5) == (Passed.YES,) * 5
    assert opened("Mo-Fr 11:00-12:29", "workday_noon", MONDAY, 0.5) == (Passed.NO,) * 5
    assert opened("Mo-Sa 11:00-14:00", "weekend_noon", MONDAY, 0.5) == (Passed.YES, Passed.NO)
    assert admits("", "courier", own_grounds=True) == Passed.UNVERIFIED
    assert admits("employees", "enterprise", own_grounds=True) == Passed.YES
    assert admits("employees", "enterprise", own_grounds=False) == Passed.NO
    assert admits("drivers", "", own_grounds=True) == Passed.NO
    assert offers("", need_of("food_rider", "workday_noon")) == Passed.UNVERIFIED
    assert missing("seat", need_of("sweeper", "weekend_noon")) == ("water", "microwave")
    assert need_of("", "") == need_of("nobody listed", "") == (("water",),)
    assert offers("", ()) == Passed.YES


def test_where_no_time_is_named_a_station_need_only_open_at_all() -> None:
    assert opened("Sa 10:00-12:00", "", MONDAY, 0.5) == (Passed.YES,)
    assert opened("off", "", MONDAY, 0.5) == (Passed.NO,)
    assert opened("", "", MONDAY, 0.5) == (Passed.UNVERIFIED,)
    assert opened("ask the guard", "", MONDAY, 0.5) == (Passed.UNVERIFIED,)


def test_weeks_that_stand_for_seasons_have_every_window() -> None:
    for season in ("ordinary", "summer", "winter"):
        for code in ("workday_noon", "weekend_night"):
            assert set(opened("24/7", code, week_of(season), 1.0)) == {Passed.YES}


def test_a_week_without_a_window_is_refused() -> None:
    golden_week = date(2025, 10, 1)
    with pytest.raises(InputError, match="2025-10-01"):
        opened("", "workday_noon", golden_week, 0.5)


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1])
def test_a_share_of_a_window_lies_between_nothing_and_all(share: float) -> None:
    with pytest.raises(InputError):
        Terms(open_share=share)


def test_an_unknown_right_is_named() -> None:
    with pytest.raises(InputError, match="谁都行"):
        admits("谁都行", "courier", own_grounds=True)
