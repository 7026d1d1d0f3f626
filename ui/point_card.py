"""Beside the map, on a phone under it: the form of a new candidate, or the picked point."""

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from geo.reference import read_list
from geo.tables import split_list
from siting.results import CandidateScore
from ui import edits, keys
from ui.compute import Situation
from ui.labels import label, rule_labels
from ui.language import current, tell
from ui.safe import plain
from words import Lang, say, yuan


def draw_point(situation: Situation) -> None:
    """Draw the form while a place is tapped, the picked point otherwise."""
    edits.draw_notice(situation.register)
    tapped: edits.Tap | None = st.session_state.get(keys.TAPPED)
    if tapped is not None:
        _draw_form(situation, tapped)
        return
    picked = st.session_state.get(keys.PICKED)
    for table, draw in (("candidates", _draw_candidate), ("stations", _draw_station)):
        row = _row(getattr(situation.inputs, table), picked)
        if row is not None:
            with st.container(border=True, key="picked_point", gap="xsmall"):
                _draw_title(row)
                draw(situation, row)
            return


def _draw_form(situation: Situation, tapped: edits.Tap) -> None:
    with st.form("new_candidate", clear_on_submit=False):
        st.markdown(f"**{tell('point.new_title')}**")
        st.caption(tell("point.position", lon=f"{tapped.lon:.5f}", lat=f"{tapped.lat:.5f}"))
        values: dict[str, object] = {
            "name": st.text_input(
                tell("point.name"),
                max_chars=80,
                placeholder=tell("point.name_hint"),
                key=keys.NEW_NAME,
            ).strip()
            or tell("point.name_default")
        }
        left, right = st.columns(2)
        for column, name, codes in ((left, "kind", "kinds"), (right, "host_type", "host_types")):
            values[name] = column.selectbox(
                tell(f"point.{name}"),
                ["", *read_list(f"reference/{codes}")],
                format_func=partial(_code_name, codes, current()),
            )
        values["town"] = left.selectbox(
            tell("point.town"),
            ("", *_towns(situation)),
            format_func=partial(_or_unknown, tell("point.unknown")),
            index=_town_index(situation, tapped),
        )
        values["cost_yuan"] = right.number_input(
            tell("point.cost"), min_value=0, value=None, step=500
        )
        with st.container(horizontal=True):
            saved = st.form_submit_button(tell("point.save"), type="primary")
            cancelled = st.form_submit_button(tell("point.cancel"))
    if cancelled:
        edits.forget_tap()
        st.rerun()
    if saved:
        edits.add_candidate(situation.register, tapped, values)
        st.rerun()


def _code_name(codes: str, lang: Lang, code: str) -> str:
    return label(codes, code, lang) if code else say("ui.point.unknown", lang)


def _or_unknown(unknown: str, town: str) -> str:
    return town or unknown


def _draw_title(row: Mapping[str, Any]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(row['name'] or row['id'])}**", width="stretch")
        st.button(
            tell("point.close"),
            key="close_card",
            icon=":material/close:",
            type="tertiary",
            on_click=edits.close_card,
        )


def _draw_candidate(situation: Situation, row: Mapping[str, Any]) -> None:
    lang = current()
    scores = {score.id: score for score in situation.evaluation.scores}
    score = scores.get(row["id"])
    if score is None:
        st.caption(tell("point.no_score"))
    else:
        _draw_score(score)
    facts = [
        row["town"],
        label("kinds", row["kind"], lang),
        label("host_types", row["host_type"], lang),
    ]
    facts.append(_cost(row))
    st.caption(plain(" · ".join(fact for fact in facts if fact)))
    version = situation.book.own.get(row["id"])
    if version is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(tell("point.own"), width="stretch")
        st.button(
            tell("point.remove"),
            key="remove_candidate",
            icon=":material/delete:",
            on_click=edits.remove_candidate,
            args=(situation.register, row["id"], version),
        )


def _draw_score(score: CandidateScore) -> None:
    lang = current()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(rule_labels(score.area_types, lang) or "—", color="blue")
        st.caption(tell("point.score", rank=score.rank, points=f"{score.points:.0f}"))
    st.markdown(plain(score.sentence_zh if lang == "zh" else score.sentence_en))


def _draw_station(situation: Situation, row: Mapping[str, Any]) -> None:
    del situation
    lang = current()
    between = "、" if lang == "zh" else ", "
    services = between.join(label("services", code, lang) for code in split_list(row["services"]))
    access = between.join(label("access", code, lang) for code in split_list(row["access"]))
    facts = [
        label("states", row["state"], lang),
        label("kinds", row["kind"], lang),
        row["town"],
        row["hours"],
        access,
        services,
    ]
    st.caption(plain(" · ".join(fact for fact in facts if fact)))


def _cost(row: Mapping[str, Any]) -> str:
    if not pd.isna(row["cost_yuan"]):
        return yuan(int(row["cost_yuan"]), current())
    kind = read_list("reference/kinds").get(row["kind"])
    if kind is None:
        return ""
    return tell("point.default_cost", cost=yuan(kind["cost_yuan"], current()))


def _row(frame: pd.DataFrame, record_id: str | None) -> Mapping[str, Any] | None:
    if record_id is None:
        return None
    found = frame.loc[frame["id"] == record_id]
    return None if found.empty else {str(k): v for k, v in found.iloc[0].items()}


def _towns(situation: Situation) -> tuple[str, ...]:
    return tuple(sorted(row.name for row in situation.coverage.towns if row.name))


def _town_index(situation: Situation, tapped: edits.Tap) -> int:
    """Return the unit of the nearest demand point: a proposal that the person can change."""
    demand = situation.inputs.demand
    if demand.empty:
        return 0
    shrink = math.cos(math.radians(tapped.lat))
    away = (demand["lat"] - tapped.lat) ** 2 + ((demand["lon"] - tapped.lon) * shrink) ** 2
    town = str(demand["town"].iloc[int(away.to_numpy().argmin())])
    towns = _towns(situation)
    return towns.index(town) + 1 if town in towns else 0
