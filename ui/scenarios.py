"""方案对比: what stands and stored plans, two at a time; maps that move together, who gains."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import Literal

import pandas as pd
import streamlit as st

from register import Plan
from register.plan_records import from_record
from reports.webmap import Layer, candidate_names, scene_from
from siting.coverage.levels import Terms
from siting.model import Parameters
from siting.plan_results import PlanResult
from siting.plans.after_plan import opened_and_closed
from siting.plans.comparing import Difference, Option, differences, option
from siting.service import Service
from ui import keys, projects
from ui.compute import Situation, base_of, read_book, situation, surfaces_for
from ui.coverage_panel import BY, By, row_name
from ui.language import current, tell
from ui.ledger_words import event_time
from ui.live_map import MapEvent, show_map
from ui.look import table_height
from ui.project_bar import draw_empty, draw_project_bar
from ui.safe import plain
from ui.standard_setting import in_force
from ui.standards_words import name_of
from words import count, percent, say, yuan

_MOST_PLANS = 50
_OPTIONS = 12
_NAMED = 3
_LISTED = 12
_LAYERS: tuple[Layer, ...] = ("gap", "stations", "plan")
NOW = 0
"""The number that stands for what there is; plans begin at 1."""

Side = Literal["one", "other"]
SIDES: tuple[Side, ...] = ("one", "other")


@dataclass(frozen=True, eq=False)
class Chosen:
    """One side of the page: its plan (None: what stands), and what it leads to today."""

    name: str
    plan: PlanResult | None
    option: Option


def word(key: str, /, **facts: object) -> str:
    """Return the sentence `scenarios.<key>` in the language of this session."""
    return say(f"scenarios.{key}", current(), **facts)


def draw() -> None:
    """Draw the page: by the standard in force, an ordinary week, all workers."""
    register = projects.register()
    draw_project_bar(register)
    book = read_book(register)
    if book.inputs.demand.empty:
        draw_empty()
        return
    plans = {plan.id: plan for plan in register.plans(limit=_MOST_PLANS)}
    if not plans:
        st.info(word("none"), icon=":material/arrow_forward:")
        return
    norm = in_force(register)
    st.caption(word("intro", standard=plain(name_of(norm))))
    parameters = Parameters(cutoff_m=norm.cutoff_m, standard=norm.name)
    with st.spinner(tell("coverage.working")):
        now = situation(register, book, parameters, Terms())
    one, other = _draw_choice(now, plans)
    if one.option is other.option:
        st.info(word("same"), icon=":material/compare_arrows:")
        return
    st.markdown(f"**{_verdict(one.option, other.option)}**")
    for side, chosen, column in zip(SIDES, (one, other), st.columns(2, gap="medium"), strict=True):
        with column:
            _draw_side(now, side, chosen)
    _draw_sites(now, one.option, other.option)
    _draw_differences(one.option, other.option)
    st.caption(word("curve"))


def verdict_facts(one: Option, other: Option) -> tuple[int, int]:
    """Return how many more workers the second effectively covers, and how many more yuan."""
    workers = other.effective.total.verified - one.effective.total.verified
    return round(workers), other.cost_yuan - one.cost_yuan


def difference_table(found: Sequence[Difference], by: By) -> pd.DataFrame:
    """Return one row per unit, group or window: workers, covered by each, and what the second adds.

    The greatest gain first; windows keep their order.
    """
    rows = [
        {
            "name": row_name(item.name, by),
            "workers": round(item.workers),
            "one": round(item.one),
            "other": round(item.other),
            "gained": round(item.other) - round(item.one),
        }
        for item in found
    ]
    table = pd.DataFrame(rows, columns=["name", "workers", "one", "other", "gained"])
    if by == "window":
        return table
    return table.sort_values(["gained", "name"], ascending=[False, True], ignore_index=True)


def _draw_choice(now: Situation, plans: Mapping[int, Plan]) -> tuple[Chosen, Chosen]:
    numbers = [NOW, *plans]
    first = {"one": NOW, "other": numbers[1]}
    names = {number: _called(plans.get(number)) for number in numbers}
    chosen: list[Chosen] = []
    for side, column in zip(SIDES, st.columns(2, gap="medium"), strict=True):
        # A list of each language: one that lives on keeps showing the words that it was opened in.
        held = f"{keys.COMPARED}_{side}"
        start = st.session_state.get(held)
        number = column.selectbox(
            word(side),
            numbers,
            index=numbers.index(start if start in names else first[side]),
            format_func=names.__getitem__,
            key=f"{held}_{current()}",
        )
        st.session_state[held] = number
        chosen.append(_chosen(now, plans.get(number), names[number]))
    return chosen[0], chosen[1]


def _called(plan: Plan | None) -> str:
    if plan is None:
        return word("now")
    sites = len(plan.result["selected"])
    if plan.name:
        return word("named", name=plan.name, number=plan.id, sites=sites)
    return word("unnamed", number=plan.id, when=event_time(plan.created_at), sites=sites)


def _chosen(now: Situation, stored: Plan | None, name: str) -> Chosen:
    plan = None if stored is None else from_record(stored.result)
    sites, closed = ([], []) if plan is None else opened_and_closed(plan)
    found = _option(now.scenario, tuple(sites), tuple(closed), now.effective.service)
    if plan is not None:
        known = tuple(site for site in plan.selected if site.id in found.sites)
        plan = replace(plan, selected=known, after=found.nominal)
    return Chosen(name, plan, found)


@st.cache_resource(max_entries=_OPTIONS, show_spinner=False)
def _option(
    scenario: str, sites: tuple[str, ...], closed: tuple[str, ...], _service: Service
) -> Option:
    del scenario
    return option(_service, sites, closed)


def _verdict(one: Option, other: Option) -> str:
    lang = current()
    workers, money = verdict_facts(one, other)
    paid = "more" if money > 0 else "less" if money < 0 else "same"
    way = "more" if workers > 0 else "less" if workers < 0 else "same"
    said = word(f"money_{paid}", yuan=yuan(abs(money), lang))
    return word(f"verdict_{way}", workers=count(abs(workers), lang), money=said)


def _draw_side(now: Situation, side: Side, chosen: Chosen) -> None:
    lang, found = current(), chosen.option
    total = found.effective.total
    st.caption(word("map", title=word(side), name=plain(chosen.name)))
    with st.container(key=f"figures_{side}", horizontal=True, gap="medium"):
        closes = word("closes", count=len(found.closed)) if found.closed else None
        figures = {
            "effective": percent(total.coverage),
            "nominal": percent(found.nominal.coverage),
            "cost": yuan(found.cost_yuan, lang),
        }
        for name, value in figures.items():
            st.metric(word(name), value, width="content")
        st.metric(
            word("sites"),
            len(found.sites),
            closes,
            delta_color="off",
            delta_arrow="off",
            width="content",
        )
    if found.gone:
        st.warning(word("gone", count=len(found.gone), names=plain(_listed(found.gone))))
    scene = scene_from(
        base_of(now.register, now.inputs),
        now.inputs,
        found.nominal,
        (),
        chosen.plan,
        lang=lang,
        ready_surfaces=surfaces_for(found.nominal),
        gap_of="nominal" if chosen.plan is None else "after",
    )
    show_map(
        replace(scene, linked=_link(), visible=_LAYERS),
        key=f"{keys.COMPARED}_map_{side}",
        on_event=_look_only,
    )


def _look_only(_: MapEvent) -> None:
    """Nothing is picked or moved here."""


def _link() -> str:
    """Return the word that the two maps of this session share, and no other page's."""
    word_: str = st.session_state.setdefault(keys.COMPARED, token_hex(8))
    return word_


def _draw_sites(now: Situation, one: Option, other: Option) -> None:
    names = candidate_names(now.inputs.candidates, current())
    sets = {
        "both": [site for site in one.sites if site in other.sites],
        "only_one": [site for site in one.sites if site not in other.sites],
        "only_other": [site for site in other.sites if site not in one.sites],
    }
    lines = [
        word(
            key, names=plain(_listed([names.get(site, site) for site in sites])) or word("nothing")
        )
        for key, sites in sets.items()
    ]
    st.markdown("  \n".join(lines))


def _listed(names: Sequence[str]) -> str:
    between = "、" if current() == "zh" else ", "
    more = "…" if len(names) > _LISTED else ""
    return between.join(names[:_LISTED]) + more


def _draw_differences(one: Option, other: Option) -> None:
    by: By = st.segmented_control(
        word("by"),
        BY,
        default=BY[0],
        required=True,
        key=f"{keys.COMPARED}_by",
        persist_state="session",
        format_func={by: word(f"by_{by}") for by in BY}.__getitem__,
        label_visibility="collapsed",
    )
    table = difference_table(differences(one, other, by), by)
    st.caption("  \n".join(_gainers(table)))
    number = st.column_config.NumberColumn
    st.dataframe(
        table,
        hide_index=True,
        height=table_height(max(len(table), 1), most=24),
        column_order=("name", "gained", "one", "other", "workers"),  # a phone shows the first three
        column_config={
            "name": st.column_config.TextColumn(word(f"name_{by}"), width=130),
            "workers": number(word("all"), format="localized"),
            "one": number(word("one_workers"), format="localized"),
            "other": number(word("other_workers"), format="localized"),
            "gained": number(word("gained"), format="localized"),
        },
    )


def _gainers(table: pd.DataFrame) -> Iterable[str]:
    """Say who gains most and who loses most by the second plan."""
    ranked = table.sort_values("gained", ascending=False)
    gains = ranked[ranked["gained"] > 0].head(_NAMED)
    loses = ranked[ranked["gained"] < 0].tail(_NAMED).iloc[::-1]
    for found, some, none in ((gains, "gains", "no_gainer"), (loses, "loses", "no_loser")):
        told = [
            word("gain", name=plain(row["name"]), workers=f"{row['gained']:+,}")
            for row in found.to_dict("records")
        ]
        yield word(some, names=_listed(told)) if told else word(none)
