"""Beside the map, on a phone under it: the form of a point, or the card of the picked one."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from geo.reference import read_list
from geo.tables import split_list
from register import Kind, Register
from reports.webmap import candidate_names
from siting.hours_words import hours_in_words
from siting.results import CandidateScore
from ui import edits, keys
from ui.compute import Situation
from ui.labels import label, rule_labels
from ui.language import current, tell
from ui.plan.wishes import draw_pins
from ui.record_form import draw_fields
from ui.safe import plain
from ui.scrolling import into_view
from ui.workbench.dragging import draw_candidate_grip, draw_station_grip, tried
from ui.workbench.open_windows import shut_windows
from ui.workbench.placing import place_at
from ui.workbench.score_card import draw_score_parts
from ui.workbench.service_card import draw_service
from ui.workbench.what_if import best_at, draw_what_if
from words import Lang, yuan

CARD = "point_card"
"""Key of the container that the form and the card are drawn in."""


def draw_point(situation: Situation) -> None:
    """Draw the form while a place is tapped or a record corrected, the picked point otherwise."""
    tapped: edits.Tap | None = st.session_state.get(keys.TAPPED)
    edited: edits.Edited | None = st.session_state.get(keys.EDITED)
    if tapped is not None:
        _draw_new(situation, tapped)
        into_view(CARD, tapped.key)
    elif edited is not None:
        _draw_correction(situation, edited)
    else:
        _draw_picked(situation, st.session_state.get(keys.PICKED))


def _draw_picked(situation: Situation, picked: str | None) -> None:
    for table, draw in (("candidates", _draw_candidate), ("stations", _draw_station)):
        row = _row(getattr(situation.inputs, table), picked)
        if row is not None:
            with st.container(border=True, key="picked_point", gap="xsmall"):
                draw(situation, row)
            return
    if picked is not None:
        _draw_deleted(situation, picked)


def _draw_deleted(situation: Situation, picked: str) -> None:
    for kind in ("candidates", "stations"):
        words = edits.deleted(situation.register, kind, picked)
        if words is not None:
            st.info(plain(words(current())), icon=":material/delete:")


def _draw_new(situation: Situation, tapped: edits.Tap) -> None:
    place = place_at(situation.register, situation.inputs, tapped.lon, tapped.lat)
    with st.form("new_candidate", clear_on_submit=False):
        st.markdown(f"**{tell('point.new_title')}**")
        st.caption(tell("point.position", lon=f"{tapped.lon:.5f}", lat=f"{tapped.lat:.5f}"))
        for warning in place.warnings():
            st.warning(plain(warning), icon=":material/warning:")
        st.caption(best_at(situation, tapped.lon, tapped.lat))
        values = draw_fields(
            "candidates",
            {"town": place.unit},
            _towns(situation),
            prefix=f"new_{tapped.key}",
            name_hint=tell("point.name_hint", name=_next_name(situation.register)),
        )
        if not place.unit:
            st.caption(tell("point.no_unit"))
        saved, cancelled = _submit(tell("point.save"))
    if cancelled:
        edits.forget_tap()
        st.rerun()
    if saved:
        edits.add_candidate(situation.register, tapped, values)
        st.rerun()


def _next_name(register: Register) -> str:
    return _numbered(str(register.folder), register.revision(), current(), register)


@st.cache_resource(max_entries=8, show_spinner=False)
def _numbered(folder: str, revision: int, lang: Lang, _register: Register) -> str:
    # Once per state: all names are read for it.
    del folder, revision, lang
    return edits.default_name(_register)


def _draw_correction(situation: Situation, edited: edits.Edited) -> None:
    record = edited.record
    with st.form("correction", clear_on_submit=False):
        st.markdown(f"**{tell(f'point.correct_{record.kind}')}**")
        values = draw_fields(
            record.kind,
            record.fields,
            _towns(situation),
            prefix=f"edit_{record.id}_{record.version}",
            name_hint=tell("point.unnamed"),
        )
        saved, cancelled = _submit(tell("point.save_changes"))
    if cancelled:
        edits.forget_tap()
        st.rerun()
    if saved:
        edits.correct(situation.register, edited, values)
        st.rerun()


def _submit(save: str) -> tuple[bool, bool]:
    with st.container(horizontal=True):
        saved = st.form_submit_button(save, type="primary")
        return saved, st.form_submit_button(tell("point.cancel"))


def _draw_title(situation: Situation, kind: Kind, record_id: str, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(name)}**", width="stretch")
        st.button(
            tell("point.correct"),
            key="correct",
            icon=":material/edit:",
            type="tertiary",
            on_click=edits.open_form,
            args=(situation.register, kind, record_id),
        )
        st.button(
            tell("point.close"),
            key="close_card",
            icon=":material/close:",
            type="tertiary",
            on_click=edits.close_card,
        )


def _draw_candidate(situation: Situation, row: Mapping[str, Any]) -> None:
    lang = current()
    name = candidate_names(situation.inputs.candidates, lang)[row["id"]]
    _draw_title(situation, "candidates", row["id"], name)
    score = situation.evaluation.score_of(row["id"])
    if score is None:
        st.caption(tell("point.no_score"))
    else:
        _draw_score(score)
        draw_score_parts(score, situation)
    place = place_at(situation.register, situation.inputs, row["lon"], row["lat"])
    told = score is not None and score.unattached is not None  # by the sentence of the score
    held = tried("candidates", row["id"]) is not None
    for warning in () if held else place.warnings(street_told=told):
        st.warning(plain(warning), icon=":material/warning:")
    draw_candidate_grip(situation, row)
    facts = [
        row["town"],
        label("kinds", row["kind"], lang),
        label("host_types", row["host_type"], lang),
    ]
    facts += [hours_in_words(row["hours"], lang), _cost(row)]
    st.caption(plain(" · ".join(fact for fact in facts if fact)))
    if not held:  # where it is held, other figures stand already
        draw_what_if(situation, "candidates", row)
    if st.session_state.get(keys.TAB) == "plan":
        draw_pins(situation, row["id"])
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
    st.markdown(plain(score.says(lang)))


def _draw_station(situation: Situation, row: Mapping[str, Any]) -> None:
    lang = current()
    _draw_title(situation, "stations", row["id"], row["name"] or tell("point.unnamed"))
    between = "、" if lang == "zh" else ", "
    services = between.join(label("services", code, lang) for code in split_list(row["services"]))
    access = between.join(label("access", code, lang) for code in split_list(row["access"]))
    facts = [
        label("states", row["state"], lang),
        label("kinds", row["kind"], lang),
        row["town"],
        hours_in_words(row["hours"], lang),
        access,
        services,
    ]
    st.caption(plain(" · ".join(fact for fact in facts if fact)))
    counted = situation.parameters.windows
    st.caption(plain(shut_windows(row["hours"], counted, situation.terms.monday, lang)))
    draw_station_grip(situation, row)
    draw_service(situation.effective, row["id"])
    draw_what_if(situation, "stations", row)


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
