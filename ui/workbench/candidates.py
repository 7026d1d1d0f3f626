"""The candidates as the siting rules rank them; picking a row is picking it on the map."""

import pandas as pd
import streamlit as st

from reports.webmap import candidate_names
from siting.results import CandidateScore, Measure
from ui import edits, keys
from ui.exporting import show_table
from ui.labels import evidence_text, rule_labels
from ui.language import current, tell
from ui.onward import draw_onward
from ui.report.words import word as export_word


def draw_candidates(
    candidates: pd.DataFrame, scores: tuple[CandidateScore, ...], measure: Measure
) -> None:
    """Draw the ranked table; a row that is clicked becomes the picked candidate."""
    if not scores:
        draw_onward(tell("candidates.none"), "data", key="candidates")
        return
    lang = current()
    table = candidate_table(candidates, scores)
    st.caption(tell("candidates.help", count=len(table)))
    show_table(
        table.drop(columns="id"),
        export_word("tables.candidates"),
        name="candidates",
        key=keys.CANDIDATE_TABLE,
        on_select=lambda: _pick(table),
        selection_mode="single-row",
        column_config={
            "rank": st.column_config.NumberColumn(tell("candidates.rank"), width=50),
            "name": st.column_config.TextColumn(
                tell("candidates.name"), width=175 if lang == "zh" else 145
            ),
            "rule": st.column_config.TextColumn(
                tell("candidates.rule"), width=90 if lang == "zh" else 125
            ),
            "points": st.column_config.ProgressColumn(
                tell("candidates.points"), format="%.0f", min_value=0, max_value=100, width=80
            ),
            "gained": st.column_config.NumberColumn(
                tell("candidates.gained"),
                help=tell(f"candidates.gained_{measure}"),
                format="localized",
                width=95 if lang == "zh" else 70,
            ),
            "evidence": st.column_config.TextColumn(tell("candidates.evidence"), width=220),
        },
    )


def candidate_table(candidates: pd.DataFrame, scores: tuple[CandidateScore, ...]) -> pd.DataFrame:
    """Return one row per candidate, the best first."""
    lang = current()
    names = candidate_names(candidates, lang)
    rows = [
        {
            "id": score.id,
            "rank": score.rank,
            "name": names.get(score.id, score.id),
            "rule": rule_labels(score.area_types[:1], lang),
            "points": score.points,
            "gained": round(score.workers_gained),
            "evidence": evidence_text(score.evidence[0], lang) if score.evidence else "",
        }
        for score in sorted(scores, key=lambda score: score.rank)
    ]
    columns = ["id", "rank", "name", "rule", "points", "gained", "evidence"]
    return pd.DataFrame(rows, columns=columns)


def _pick(table: pd.DataFrame) -> None:
    rows = st.session_state[keys.CANDIDATE_TABLE].selection.rows
    if rows:
        edits.fly_to(str(table["id"].iloc[rows[0]]))
