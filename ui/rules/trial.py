"""What edited rules would change: candidates ranked anew, live where only weights differ."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from reports.webmap import candidate_names
from siting.model import Inputs, Parameters
from siting.planning import Evaluation, board_of, evaluate
from siting.rules import RuleBook
from siting.rules.board import Board
from ui.compute import Situation
from ui.language import current
from ui.look import table_height
from ui.rules.draft import word

TOP = 20
_KEPT = 4


@dataclass(frozen=True, eq=False)
class Ranking:
    """Ranks (1 is the best) and points of the candidates, in the order of the table."""

    ranks: NDArray[np.int64]
    points: NDArray[np.float64]


def ranking_now(now: Situation) -> Ranking:
    """Return the ranks by the rules in force."""
    scores = now.evaluation.scores
    ranks = np.array([score.rank for score in scores], dtype=np.int64)
    return Ranking(ranks, np.array([score.points for score in scores], dtype=np.float64))


def ranking_by(now: Situation, book: RuleBook) -> Ranking:
    """Return the ranks by edited rules; where only weights differ nothing is measured again."""
    if book.asks_as(now.book.rules):
        args = now.inputs, now.parameters, now.evaluation, now.book.rules
        totals = _board(now.scenario, now.today, *args).reweighed(book).totals
        return Ranking(totals.ranks, totals.points)
    return _measured(
        now.scenario, now.today, book.sha256, now.inputs, now.parameters, now.evaluation, book
    )


def draw_moves(now: Situation, then: Ranking) -> None:
    """Draw how many ranks change, and the best of then with how far each has moved."""
    before = ranking_now(now)
    moved = int((before.ranks != then.ranks).sum())
    if not moved:
        st.info(word("trial.same"), icon=":material/drag_handle:")
    else:
        new = int(((then.ranks <= TOP) & (before.ranks > TOP)).sum())
        st.success(word("trial.done", moved=moved, top=TOP, changed=new))
    table = moves_table(now, then)
    st.dataframe(
        table.rename(columns={name: word(f"trial.{name}") for name in map(str, table.columns)}),
        hide_index=True,
        height=table_height(len(table), most=TOP),
        column_config={
            word(f"trial.{name}"): st.column_config.NumberColumn(format="%.1f")
            for name in ("points_then", "points_now")
        },
    )


def moves_table(now: Situation, then: Ranking) -> pd.DataFrame:
    """Return the best `TOP` candidates of then, each with its change of rank."""
    before, names = ranking_now(now), candidate_names(now.inputs.candidates, current())
    ids = now.inputs.candidates["id"].tolist()
    best = np.argsort(then.ranks, kind="stable")[:TOP]
    rows = [
        {
            "then": int(then.ranks[one]),
            "moved": _moved(int(before.ranks[one]) - int(then.ranks[one])),
            "name": names.get(ids[one], ids[one]),
            "now": int(before.ranks[one]),
            "points_then": float(then.points[one]),
            "points_now": float(before.points[one]),
        }
        for one in best.tolist()
    ]
    return pd.DataFrame(rows)


def _moved(places: int) -> str:
    if not places:
        return "–"
    return f"↑ {places}" if places > 0 else f"↓ {-places}"


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _board(
    scenario: str,
    today: date,
    _inputs: Inputs,
    _parameters: Parameters,
    _evaluation: Evaluation,
    _rules: RuleBook,
) -> Board:
    del scenario
    return board_of(_inputs, _parameters, _evaluation, rules=_rules, today=today)


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _measured(
    scenario: str,
    today: date,
    edition: str,
    _inputs: Inputs,
    _parameters: Parameters,
    _evaluation: Evaluation,
    _book: RuleBook,
) -> Ranking:
    del scenario, edition
    found = evaluate(_inputs, _parameters, rules=_book, previous=_evaluation, today=today)
    ranks = np.array([score.rank for score in found.scores], dtype=np.int64)
    return Ranking(ranks, np.array([score.points for score in found.scores], dtype=np.float64))
