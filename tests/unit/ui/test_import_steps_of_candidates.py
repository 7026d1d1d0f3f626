"""A file of candidates with states: who may not decide keeps the rest of the row, and is told."""

from typing import Any

import pandas as pd
import pytest
import streamlit

from register import Register
from siting.model import LayerSource
from tests.unit.ui.conftest import SOURCE, WHO, candidates
from ui import identity, keys
from ui.wizard.storing import Ready, in_steps, take_in


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    held: dict[str, Any] = {keys.LANGUAGE: "zh"}
    monkeypatch.setattr(streamlit, "session_state", held)
    return held


def given() -> pd.DataFrame:
    return candidates().assign(
        state=["approved", "surveyed", "", "proposed", "rejected", "proposed"],
        name=[f"新名{n}" for n in range(6)],
    )


@pytest.mark.parametrize(("decides", "told"), [(True, 1), (False, 2)])
def test_states_are_taken_as_far_as_one_may_go(
    district: Register,
    session: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    *,
    decides: bool,
    told: int,
) -> None:
    monkeypatch.setattr("ui.wizard.storing.may_settle", lambda _: decides)
    rows = [2, 3, 4, 5, 6, 7]
    found = in_steps(district, "candidates", given(), rows, "状态").findings
    assert [(f.row, f.column) for f in found] == [(2, "状态"), (6, "状态")][:told]
    assert "已批准" in found[0].message("zh")
    take_in(district, Ready("candidates", given(), "x.csv", "k", 6), LayerSource("candidates", "x"))
    assert session[keys.NOTICE].kind == "done"
    stored = {r.id: (r["state"], r["name"]) for r in district.records("candidates")}
    approved = "approved" if decides else "proposed"
    rejected = "rejected" if decides else "proposed"
    states = [approved, "surveyed", "proposed", "proposed", rejected, "proposed"]
    assert list(stored.values()) == [(s, f"新名{n}") for n, s in enumerate(states)]


def test_who_sits_at_a_computer_that_knows_nobody_decides(district: Register) -> None:
    assert identity.may_settle(district)
    district.put_records("candidates", given(), SOURCE, who=WHO)
    again = in_steps(district, "candidates", given())
    assert again.findings == ()
