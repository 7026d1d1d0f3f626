"""States that a file brings: as far as whoever imports may go, told by row, the rest kept."""

import pandas as pd
import pytest

from register.candidate_steps import (
    STEPS,
    keep_to_steps,
    said,
    speaks_for_district,
    states_of,
)
from register.register import Register


def table(*states: str) -> pd.DataFrame:
    rows = [{"id": f"c{n}", "name": f"点{n}", "state": state} for n, state in enumerate(states)]
    return pd.DataFrame(rows).astype("str")


def told(before: str, after: str, *, asks: bool) -> tuple[str, str]:
    held = keep_to_steps(table(after), {"c0": before}, asks=asks, rows=[7], column="状态")
    codes = {finding.code for finding in held.findings}
    assert len(codes) == len(held.findings) <= 1
    assert held.frame["name"].tolist() == ["点0"]
    return held.frame["state"].iloc[0], next(iter(codes), "")


@pytest.mark.parametrize("before", ["", *STEPS])
def test_what_units_may_and_what_they_may_not(before: str) -> None:
    now = before or "proposed"
    for after in STEPS:
        state, code = told(before, after, asks=False)
        allowed = after == now or (after in STEPS[now] and after in {"surveyed", "proposed"})
        assert (code == "") == allowed
        assert state == (after if allowed else before)


@pytest.mark.parametrize("before", list(STEPS))
def test_the_district_takes_every_state_and_is_told_of_jumps(before: str) -> None:
    for after in STEPS:
        state, code = told(before, after, asks=True)
        assert state == after
        assert (code == "") == (after == before or after in STEPS[before])


def test_a_blank_state_says_nothing_and_others_are_no_steps() -> None:
    assert told("approved", "", asks=False) == ("approved", "")
    assert told("proposed", "planned", asks=False) == ("planned", "")


def test_rows_that_are_new_are_proposals_and_findings_name_row_and_column() -> None:
    held = keep_to_steps(
        table("surveyed", "approved", "proposed"), {}, asks=False, rows=[2, 3, 4], column="状态"
    )
    assert held.frame["state"].tolist() == ["surveyed", "", "proposed"]
    (finding,) = held.findings
    assert (finding.row, finding.column, finding.severity) == (3, "状态", "warning")
    (named,) = said(held.findings, {"approved": "已批准", "proposed": "提议"})
    assert "“已批准”不是由您定的状态" in named.message("zh")
    assert "提议" in named.message("zh")


def test_who_decides_at_the_command_line(district: Register) -> None:
    assert speaks_for_district(district, "谁")  # the register knows nobody
    for name, role in (("管理员", "admin"), ("王某", "manager")):
        given = {"login": name, "person": name, "role": role, "active": True}
        district.add("users", given, who="x")
    assert speaks_for_district(district, "管理员")
    assert not speaks_for_district(district, "王某")
    assert not speaks_for_district(district, "谁")
    district.add_candidate(116.3, 39.7, who="x", state="approved")
    assert list(states_of(district).values()) == ["approved"]
