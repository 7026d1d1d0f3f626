"""How a candidate's points add up, and what would raise its rank."""

import pandas as pd
import streamlit as st

from siting.results import CandidateScore, CoverageResult
from siting.rules import RuleBook
from siting.rules.naming import edition_text
from siting.rules.sentences import Terms, change_text, criterion_clause
from siting.score_parts import CriterionScore
from ui.language import current
from ui.look import table_height
from ui.rules_draft import word
from ui.safe import plain
from words import say


def draw_score_parts(score: CandidateScore, now: CoverageResult, rules: RuleBook) -> None:
    """Draw the criteria of a score and its changes, folded away; `now` says what is counted."""
    if not score.breakdown:
        return
    with st.expander(word("parts.title"), icon=":material/functions:"):
        table = parts_table(score, Terms(now.measure, now.method), rules)
        st.dataframe(
            table.rename(columns={name: word(f"parts.{name}") for name in map(str, table.columns)}),
            hide_index=True,
            height=table_height(len(table)),
        )
        named = edition_text(rules.name, rules.version, rules.dated, current())
        st.caption(plain(word("parts.by", rules=named)))
        for change in score.what_if:
            what = change_text(change, current())
            points = f"{change.points:g}"
            st.markdown(plain(word("parts.change", what=what, rank=change.rank, points=points)))


def parts_table(score: CandidateScore, terms: Terms, rules: RuleBook) -> pd.DataFrame:
    """Return one row per criterion, those that add most first."""
    spacing_m = rules.common.spacing_m
    parts = sorted(score.breakdown, key=lambda item: -item.contribution)
    return pd.DataFrame([_row(item, spacing_m, terms) for item in parts])


def _row(item: CriterionScore, spacing_m: float, terms: Terms) -> dict[str, str | float]:
    area = item.area_type
    return {
        "criterion": say(f"siting.measure.{item.asked}", current()),
        "added": round(item.contribution, 1),
        "of": round(item.weight * 100, 1),
        "points": item.points,
        "found": criterion_clause(item, spacing_m, terms, current()),
        "of_rule": word("cell.common") if area is None else say(f"siting.rule.{area}", current()),
    }
