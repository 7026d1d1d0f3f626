"""A report of a kept scenario: its places and streets, what it opens and closes, on its terms."""

from dataclasses import replace

import streamlit as st

from register import Register
from register.scenarios import Saved, reasons_behind, scenarios_in
from reports.scenario_told import ScenarioTold, told
from siting.plan_results import PlanResult
from siting.plans.given import Reason, given_plan
from siting.plans.variant import Variant, with_variant
from ui.compute import Book, Situation
from ui.ledger.words import event_time
from ui.plan.stored import Shown

_PLANS = 24
_BOOKS = 8


def kept_scenarios(register: Register) -> dict[str, Saved]:
    """Return the scenarios that a report can be made of, by their ids, the latest first."""
    return {saved.id: saved for saved in scenarios_in(register) if saved.variant is not None}


def told_of(saved: Saved) -> ScenarioTold:
    """Return a scenario as a report tells it."""
    who = f"{saved.saved_by}，{event_time(saved.saved_at)}"
    return told(saved.name, saved.note, who, _variant(saved))


def book_of(book: Book, saved: Saved) -> Book:
    """Return the state of the register as a scenario has it: its places and streets.

    Raises
    ------
    PlannerError
        A street that it closes is no longer there.
    """
    variant = _variant(saved)
    return _book(str(book.revision), repr(variant), book, variant)


def shown_of(now: Situation, saved: Saved) -> Shown:
    """Return what a scenario opens and closes as a plan, evaluated in `now`."""
    variant = _variant(saved)
    folder = str(now.register.folder)
    plan = _given(now.scenario, folder, repr(variant), now, variant)
    return Shown(0, saved.saved_at, plan)


def _variant(saved: Saved) -> Variant:
    return saved.variant or Variant()


@st.cache_resource(max_entries=_BOOKS, show_spinner=False)
def _book(revision: str, changes: str, _book: Book, _variant: Variant) -> Book:
    del revision
    inputs = with_variant(_book.inputs, _variant)
    return _book if inputs is _book.inputs else replace(_book, inputs=inputs, changed_by=changes)


@st.cache_resource(max_entries=_PLANS, show_spinner=False)
def _given(
    scenario: str, folder: str, changes: str, _now: Situation, _variant: Variant
) -> PlanResult:
    del folder, changes
    return given_plan(
        _now.inputs,
        _now.evaluation.travel,
        _variant,
        scenario=scenario,
        reasons={
            site: Reason(zh, en)
            for site, (zh, en) in reasons_behind(_now.register, _variant).items()
        },
    )
