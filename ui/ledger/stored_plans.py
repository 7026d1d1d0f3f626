"""已存方案: the plans that were stored, one opened with the data and the rules that it rests on."""

import tomllib
from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from geo.errors import PlannerError
from register import Plan, Record, Register
from register.editions import edition
from register.plan_records import Basis, basis_of, from_record
from siting.plan_results import PlanResult
from siting.plans.goals.lines import goal_sentence
from ui import keys
from ui.exporting import show_table
from ui.labels import label
from ui.language import current
from ui.ledger.words import event_time, word
from ui.onward import draw_onward
from ui.report.words import word as export_word
from ui.safe import plain
from words import count, distance, has, percent, say, yuan

_REASON_PX = 70
"""Height of a row whose reason takes three lines."""
_HEAD_PX = 38
_PAGE = 20
_SHORT = 12  # of a checksum's 64 letters


def draw_plans(register: Register) -> None:
    """Draw the list of plans, or the one that is open."""
    opened = st.session_state.get(keys.LEDGER_PLAN)
    if opened is not None:
        _draw_one(register, register.plan(int(opened)))
        return
    before = st.session_state.get(keys.LEDGER_PLANS)
    found = register.plans(limit=_PAGE + 1, before=before)
    if not found:
        draw_onward(word("plans.none"), "workbench", key="plans")
    with st.container(key="ledger_plans", gap="xsmall"):
        for plan in found[:_PAGE]:
            st.button(
                _line(plan),
                key=f"plan_{plan.id}",
                icon=":material/chevron_right:",
                type="tertiary",
                width="stretch",
                on_click=partial(_open, plan.id),
            )
    with st.container(horizontal=True):
        if before is not None:
            st.button(word("plans.newest"), key="plans_newest", on_click=partial(_turn, None))
        if len(found) > _PAGE:
            older = partial(_turn, found[_PAGE - 1].id)
            st.button(word("plans.older"), key="plans_older", on_click=older)


def _draw_one(register: Register, plan: Plan) -> None:
    st.button(
        word("plans.back"),
        key="plans_back",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=partial(_open, None),
    )
    result, lang = from_record(plan.result), current()
    st.markdown(f"### {plain(_name(plan))}")
    st.caption(
        word(
            "plans.stored",
            who=plain(plan.created_by),
            when=event_time(plan.created_at),
        )
    )
    total = result.workers_total or 1.0
    before, after = result.workers_covered_before / total, result.workers_covered_after / total
    with st.container(key="figures_plan", horizontal=True, gap="medium"):
        st.metric(word("plans.coverage"), f"{percent(before)} → {percent(after)}", width="content")
        sites = word("plans.count", count=count(len(result.selected), lang))
        st.metric(word("plans.sites"), sites, width="content")
        st.metric(word("plans.cost"), yuan(result.cost_yuan, lang), width="content")
    if result.goal is not None:
        st.markdown(plain(goal_sentence(result, result.goal, lang)))
    basis = basis_of(register, plan)
    _draw_basis(register, plan, basis)
    table = _sites(result, basis.candidates)
    text = st.column_config.TextColumn
    show_table(
        table,
        export_word("tables.plan"),
        name="plan_sites",
        column_config={
            word("plans.order"): st.column_config.NumberColumn(width=60),
            word("plans.site"): text(width=170),
            word("plans.gained"): text(width=100),
            word("plans.cost"): text(width=100),
            word("plans.reason"): text(width="large"),
        },
        row_height=_REASON_PX,
        height=_REASON_PX * max(len(table), 1) + _HEAD_PX,
    )


def _draw_basis(register: Register, plan: Plan, basis: Basis) -> None:
    with st.container(border=True, key="plan_basis"):
        st.markdown(f"**{word('plans.basis')}**")
        lines = [word("plans.data", event=basis.event.id, when=event_time(basis.event.at))]
        lines += [word("plans.layers", layers=_layers(basis))] if basis.layers else []
        lines.append(word("plans.asked", asked=plain(_asked(plan.parameters))))
        st.markdown("  \n".join(lines))
        for name, digest in plan.editions.items():
            _draw_edition(register, name, digest)
        if not plan.editions:
            st.caption(word("plans.no_editions"))
    if basis.changed:
        st.warning(word("plans.changed"), icon=":material/update:")


def _draw_edition(register: Register, name: str, digest: str) -> None:
    sort, _, base = name.partition("/")
    try:
        content = edition(register, digest)
    except PlannerError as error:
        st.caption(plain(error.message(current())))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        called = plain(_called(content) or base)
        st.markdown(word(f"plans.{sort}", name=called, sha256=digest[:_SHORT]), width="stretch")
        st.download_button(
            word("plans.download"),
            data=content,
            file_name=f"{sort}-{base.removesuffix('.toml')}.toml",
            mime="application/toml",
            key=f"edition_{sort}_{base}",
            icon=":material/download:",
            on_click="ignore",
        )


def _called(content: bytes) -> str:
    """Return the title that a rule or standard file gave itself."""
    held = tomllib.loads(content.decode())
    lang = current()
    return str(held.get(lang) or held.get("file", {}).get(f"title_{lang}", ""))


def _layers(basis: Basis) -> str:
    between = "、" if current() == "zh" else ", "
    named = [_layer_name(layer.kind) for layer in basis.layers]
    return plain(between.join(named))


def _layer_name(kind: str) -> str:
    key = f"ui.data.table_{kind}"
    return say(key, current()) if has(key, current()) else kind


def _asked(parameters: Mapping[str, Any]) -> str:
    """Return what was asked for: how many or for how much, and within what distance."""
    lang, said = current(), []
    if parameters.get("objective") is not None:
        said.append(say(f"ui.goal.name_{parameters['objective']}", lang))
    if parameters.get("new") is not None:
        said.append(word("plans.new", new=parameters["new"]))
    if parameters.get("budget_yuan") is not None:
        said.append(word("plans.budget", budget=yuan(parameters["budget_yuan"], lang)))
    if parameters.get("cutoff_m") is not None:
        said.append(word("plans.cutoff", cutoff=distance(float(parameters["cutoff_m"]), lang)))
    for name in ("windows", "groups"):
        codes = parameters.get(name) or ()
        said += [label(name, str(code), lang) for code in codes]
    return ("，" if lang == "zh" else ", ").join(said)


def _sites(result: PlanResult, candidates: Mapping[str, Record]) -> pd.DataFrame:
    lang = current()
    return pd.DataFrame(
        [
            {
                word("plans.order"): site.order,
                word("plans.site"): _site_name(candidates, site.id),
                word("plans.gained"): count(site.workers_gained, lang),
                word("plans.cost"): yuan(site.cost_yuan, lang),
                word("plans.reason"): site.reason_zh if lang == "zh" else site.reason_en,
            }
            for site in result.selected
        ]
    )


def _site_name(candidates: Mapping[str, Record], record_id: str) -> str:
    record = candidates.get(record_id)
    return str(record["name"] or record_id) if record is not None else record_id


def _line(plan: Plan) -> str:
    result = from_record(plan.result)
    total = result.workers_total or 1.0
    told = word(
        "plans.line",
        when=event_time(plan.created_at),
        who=plain(plan.created_by),
        sites=len(result.selected),
        before=percent(result.workers_covered_before / total),
        after=percent(result.workers_covered_after / total),
    )
    return f"**{plain(_name(plan))}** :gray[{told}]"


def _name(plan: Plan) -> str:
    return plan.name or word("plans.unnamed", number=plan.id)


def _open(number: int | None) -> None:
    st.session_state[keys.LEDGER_PLAN] = number


def _turn(before: int | None) -> None:
    st.session_state[keys.LEDGER_PLANS] = before
