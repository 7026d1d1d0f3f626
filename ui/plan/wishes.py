"""What the planner asks of a plan beside its size: told as sentences, added, and taken back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, get_args

import streamlit as st

from geo.reference import read_list
from reports.webmap import candidate_names
from siting.plans.asked import wishes_in
from siting.plans.pricing import apart
from siting.plans.reasons import value_name, wish_sentences
from siting.plans.wishes import (
    NO_WISHES,
    FloorField,
    FloorWish,
    QuotaField,
    QuotaWish,
    Wishes,
    with_rule_quotas,
)
from ui import keys
from ui.compute import Situation
from ui.labels import label
from ui.language import current, tell
from ui.plan.stored import Shown, remembered
from ui.safe import plain
from words import say

Way = Literal["site", "quota", "floor", "spacing"]
_WAYS: tuple[Way, ...] = get_args(Way)
_MOST_SITES = 1000
_MOST_SPACING_M = 10_000
_USUAL_SPACING_M = 500
_USUAL_FLOOR = 50


def wishes_of(situation: Situation, shown: Shown | None) -> Wishes:
    """Return what is asked in this session; at first, what the plan that is shown was asked.

    Quotas of the rules in force are not the planner's: they hold in any case.
    """
    held: Wishes | None = st.session_state.get(keys.PLAN_WISHES)
    if held is not None:
        return held
    stored = NO_WISHES if shown is None else wishes_in(shown.plan.parameters)
    of_rules = with_rule_quotas(NO_WISHES, situation.book.rules).quotas
    return replace(stored, quotas=tuple(q for q in stored.quotas if q not in of_rules))


def still_asked(situation: Situation, shown: Shown) -> bool:
    """Tell whether a plan was asked what is asked now."""
    now = with_rule_quotas(wishes_of(situation, shown), situation.book.rules)
    return now == wishes_in(shown.plan.parameters)


def ask(wishes: Wishes) -> None:
    """Remember what is asked from now on."""
    st.session_state[keys.PLAN_WISHES] = wishes


def pinned(wishes: Wishes, which: Literal["require", "forbid"], site: str) -> Wishes:
    """Return the wishes with one candidate required or forbidden, whatever it was before."""
    free = replace(
        wishes,
        require=tuple(held for held in wishes.require if held != site),
        forbid=tuple(held for held in wishes.forbid if held != site),
    )
    if which == "require":
        return replace(free, require=(*free.require, site))
    return replace(free, forbid=(*free.forbid, site))


def swapped(wishes: Wishes, site: str, other: str) -> Wishes:
    """Return the wishes with `other` asked for in the place of `site`."""
    return pinned(pinned(wishes, "forbid", site), "require", other)


def draw_wishes(situation: Situation, wishes: Wishes) -> None:
    """Draw what is asked, each with a button that takes it back, and the form that adds one."""
    names = candidate_names(situation.inputs.candidates, current())
    if wishes:
        with st.container(key="plan_asked", gap="xxsmall"):
            st.caption(tell("wishes.asked"))
            for number, (one, others) in enumerate(apart(wishes)):
                _draw_one(number, one, others, names)
    more = st.expander(
        tell("wishes.title"),
        key=keys.PLAN_WISHES_OPEN,
        icon=":material/rule:",
        on_change="rerun",
    )
    if not more.open:
        return
    with more:
        way: Way | None = st.segmented_control(
            tell("wishes.way"),
            _WAYS,
            default=_WAYS[0],
            required=True,
            key=keys.PLAN_WISH_WAY,
            format_func={way: tell(f"wishes.way_{way}") for way in _WAYS}.__getitem__,
            label_visibility="collapsed",
        )
        draws = {"site": _site, "quota": _quota, "floor": _floor, "spacing": _spacing}
        draws[way or _WAYS[0]](situation, wishes)


def draw_pins(situation: Situation, site: str) -> None:
    """Draw on a candidate's card the buttons by which the next plan must have it, or must not."""
    _pins(wishes_of(situation, remembered(situation)), site, key="card")


def _draw_one(number: int, one: Wishes, others: Wishes, names: Mapping[str, str]) -> None:
    said = say("siting.wish.joint", current()).join(wish_sentences(one, current(), names))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(plain(said), width="stretch")
        st.button(
            tell("wishes.drop"),
            key=f"wish_drop_{number}",
            icon=":material/close:",
            type="tertiary",
            on_click=ask,
            args=(others,),
        )


def _site(situation: Situation, wishes: Wishes) -> None:
    names = candidate_names(situation.inputs.candidates, current())
    ranked = [s.id for s in sorted(situation.evaluation.scores, key=lambda s: s.rank)]
    picked = st.session_state.get(keys.PICKED)
    site = st.selectbox(
        tell("wishes.candidate"),
        ranked,
        index=ranked.index(picked) if picked in ranked else 0,
        format_func=lambda key: names.get(key, key),
        key=f"wish_site_{picked}",
        help=tell("wishes.candidate_help"),
    )
    if site is not None:
        _pins(wishes, site, key="wish")


def _pins(wishes: Wishes, site: str, *, key: str) -> None:
    ways: tuple[Literal["require", "forbid"], ...] = ("require", "forbid")
    icons = {"require": ":material/push_pin:", "forbid": ":material/block:"}
    with st.container(horizontal=True, gap="small"):
        for which in ways:
            st.button(
                tell(f"wishes.{which}"),
                key=f"{key}_{which}",
                icon=icons[which],
                disabled=site in getattr(wishes, which),
                on_click=ask,
                args=(pinned(wishes, which, site),),
            )


def _quota(situation: Situation, wishes: Wishes) -> None:
    fields: tuple[QuotaField, ...] = get_args(QuotaField)
    lang = current()
    field = st.selectbox(
        tell("wishes.field"),
        fields,
        format_func=lambda name: say(f"siting.wish.{name}", lang),
        key="wish_field",
    )
    values = (None, *_values(situation, field))
    every = tell("wishes.every", field=say(f"siting.wish.{field}", lang))
    with st.form("wish_quota", border=False):
        value = st.selectbox(
            tell("wishes.value"),
            values,
            format_func=lambda code: every if code is None else value_name(code, lang),
            key=f"wish_value_{field}",
        )
        with st.container(horizontal=True):
            least = st.number_input(tell("wishes.least"), 0, _MOST_SITES, 0, key="wish_least")
            most = st.number_input(
                tell("wishes.most"), 0, _MOST_SITES, None, key="wish_most", placeholder="—"
            )
        if not st.form_submit_button(tell("wishes.add"), key="wish_add_quota"):
            return
    if (most is None and not least) or (most is not None and most < least):
        st.warning(tell("wishes.quota_wrong"), icon=":material/warning:")
        return
    wish = QuotaWish(field, value, int(least), None if most is None else int(most))
    kept = tuple(q for q in wishes.quotas if (q.field, q.value) != (field, value))
    ask(replace(wishes, quotas=(*kept, wish)))
    st.rerun()


def _values(situation: Situation, field: str) -> list[str]:
    table = situation.inputs.candidates
    if field in table:
        usual = [row.name for row in situation.coverage.towns] if field == "town" else []
        there = set(table[field].astype(str)) - {""}
        return [*(name for name in usual if name in there), *sorted(there.difference(usual))]
    return list(read_list("reference/area_types"))


def _floor(situation: Situation, wishes: Wishes) -> None:
    fields: tuple[FloorField, ...] = get_args(FloorField)
    lang = current()
    field = st.selectbox(
        tell("wishes.field"),
        fields,
        format_func=lambda name: say(f"siting.wish.{name}", lang),
        key="wish_floor_field",
    )
    every = tell("wishes.every", field=say(f"siting.wish.{field}", lang))
    with st.form("wish_floor", border=False):
        value = st.selectbox(
            tell("wishes.value"),
            (None, *_rows(situation, field)),
            format_func=lambda code: every if code is None else _row_name(field, code),
            key=f"wish_floor_{field}",
        )
        share = st.number_input(tell("wishes.share"), 1, 100, _USUAL_FLOOR, key="wish_share")
        st.caption(tell("wishes.share_help"))
        if not st.form_submit_button(tell("wishes.add"), key="wish_add_floor"):
            return
    town, code = (value, None) if field == "town" else (None, value)
    wish = FloorWish(int(share) / 100, town, field, code)
    kept = tuple(f for f in wishes.floors if (f.field, f.value) != (field, value))
    ask(replace(wishes, floors=(*kept, wish)))
    st.rerun()


def _rows(situation: Situation, field: FloorField) -> list[str]:
    found = situation.coverage
    rows = {"town": found.towns, "group": found.groups, "window": found.windows}[field]
    return [row.name for row in rows if row.name]


def _row_name(field: FloorField, code: str) -> str:
    return code if field == "town" else label(f"{field}s", code, current())


def _spacing(situation: Situation, wishes: Wishes) -> None:
    del situation
    with st.form("wish_spacing", border=False):
        metres = st.number_input(
            tell("wishes.spacing"),
            1,
            _MOST_SPACING_M,
            round(wishes.spacing_m) or _USUAL_SPACING_M,
            step=50,
            key="wish_spacing_m",
        )
        if not st.form_submit_button(tell("wishes.add"), key="wish_add_spacing"):
            return
    ask(replace(wishes, spacing_m=float(metres)))
    st.rerun()
