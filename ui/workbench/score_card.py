"""How a candidate's points add up, what would raise its rank, and how firm the rank is."""

from datetime import date

import pandas as pd
import streamlit as st

from siting.model import Inputs, Parameters
from siting.planning import Evaluation, with_rank_ranges
from siting.results import CandidateScore
from siting.rules import RuleBook
from siting.rules.naming import edition_text
from siting.rules.sentences import Terms, change_text, criterion_clause, range_text
from siting.score_parts import CriterionScore, RankRange
from ui import keys
from ui.compute import Situation
from ui.language import current
from ui.look import table_height
from ui.rules.draft import word
from ui.safe import plain
from words import say

_KEPT = 2


def draw_score_parts(score: CandidateScore, now: Situation) -> None:
    """Draw the criteria of a score, its changes and how firm its rank is, folded away."""
    if not score.breakdown:
        return
    rules = now.book.rules
    with st.expander(word("parts.title"), icon=":material/functions:"):
        table = parts_table(score, Terms(now.coverage.measure, now.coverage.method), rules)
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
        firm = st.toggle(
            word("parts.firm", draws=rules.shaking.draws),
            key=keys.RANK_RANGES,
            persist_state="session",
            help=word("parts.firm_help"),
        )
        if firm:
            with st.spinner(word("parts.shaking")):
                st.markdown(plain(range_text(_ranges(now)[score.id], current())))


def _ranges(now: Situation) -> dict[str, RankRange]:
    return _shaken(
        now.scenario, now.today, now.inputs, now.parameters, now.evaluation, now.book.rules
    )


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _shaken(
    scenario: str,
    today: date,
    _inputs: Inputs,
    _parameters: Parameters,
    _evaluation: Evaluation,
    _rules: RuleBook,
) -> dict[str, RankRange]:
    del scenario
    scores = with_rank_ranges(_inputs, _parameters, _evaluation, rules=_rules, today=today)
    return {one.id: one.rank_range for one in scores if one.rank_range is not None}


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
