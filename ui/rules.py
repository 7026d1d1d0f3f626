"""The siting rules in force, criterion by criterion, and a trial of edited ones."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from geo.errors import InputError
from geo.reference import DATA_FOLDER
from reports.webmap import candidate_names
from siting.model import Inputs, Parameters
from siting.planning import BUILT_IN_RULES, Evaluation, evaluate
from siting.results import CandidateScore
from siting.rules import RuleBook, read_rules, read_rules_text
from siting.rules.book import Criterion, Measure
from siting.rules.files import ASSUMPTION
from ui import keys
from ui.compute import Situation
from ui.language import current
from ui.look import table_height
from ui.safe import plain
from words import percent, say

_TOP = 20
_KEPT = 4
_TEXT_HEIGHT = 360
_MOST_ROWS = 30
# Pixels: words that must not be cut.
_WIDTHS = {"criterion": 190, "direction": 110, "measures": 260, "must": 130}


@dataclass(frozen=True)
class _Tried:
    """What a trial found: scores, none without candidates; or what is wrong with the text."""

    scores: tuple[CandidateScore, ...] = ()
    wrong: InputError | None = None


def word(key: str, /, **facts: object) -> str:
    """Return the sentence `rules.<key>` in the language of this session."""
    return say(f"rules.{key}", current(), **facts)


def draw_rules(now: Situation) -> None:
    """Draw the criteria of the rules in force, and what may be tried."""
    book = read_rules(BUILT_IN_RULES)
    title = book.title_zh if current() == "zh" else book.title_en
    st.markdown(plain(word("intro", title=title, version=book.version, sentence=book.sentence)))
    st.caption(word("help", rule=percent(book.common.rule_weight, digits=0)))
    table = criteria_table(book)
    st.dataframe(
        table,
        hide_index=True,
        height=table_height(len(table), most=_MOST_ROWS),
        column_config={
            name: st.column_config.TextColumn(word(f"column.{name}"), width=_WIDTHS.get(name))
            for name in map(str, table.columns)
        },
    )
    with st.expander(word("trial.title"), icon=":material/edit_note:"):
        _draw_trial(now)


def criteria_table(book: RuleBook) -> pd.DataFrame:
    """Return one row per criterion: area, share of the whole score, measures, source."""
    rows = [
        _row(say(f"siting.area.{rule.area_type}", current()), one, book.common.rule_weight)
        for rule in book.rules
        for one in rule.criteria
    ]
    rows += [_row(word("cell.common"), one, 1.0) for one in book.common.criteria]
    return pd.DataFrame(rows)


def _row(area: str, one: Criterion, share: float) -> dict[str, str]:
    source = one.source
    assumed = source == ASSUMPTION
    return {
        "area": area,
        "criterion": say(f"siting.measure.{one.measures[0].name}", current()),
        "share": percent(one.weight * share),
        "direction": word(f"direction.{one.direction}"),
        "measures": word("cell.joint").join(_measure(measure) for measure in one.measures),
        "unknown": f"{one.unknown:g}",
        "must": word("cell.joint").join(_filters(one)),
        "source": word("cell.assumption") if assumed else word("cell.source", source=source),
        "sentence": one.sentence,
    }


def _measure(measure: Measure) -> str:
    name = say(f"siting.measure.{measure.name}", current())
    return word("cell.proxy", measure=name) if measure.proxy else name


def _filters(one: Criterion) -> list[str]:
    told: list[str] = []
    for measure in one.measures:
        told += [_code(measure, code) for code in measure.must_not]
        limits = (("<", measure.must_at_least), (">", measure.must_at_most))
        told += [f"{sign} {limit:g}" for sign, limit in limits if limit is not None]
    return told


def _code(measure: Measure, code: str) -> str:
    return say(f"siting.common.{measure.name}.{code}", current(), subject="")


def _draw_trial(now: Situation) -> None:
    st.caption(word("trial.help"))
    original = _original()
    st.session_state.setdefault(keys.RULES_TEXT, original)
    text = st.text_area(word("trial.text"), key=keys.RULES_TEXT, height=_TEXT_HEIGHT)
    with st.container(horizontal=True):
        tried = st.button(word("trial.try"), type="primary", key="rules_try")
        st.button(word("trial.reset"), key="rules_reset", on_click=_reset, type="tertiary")
        st.download_button(
            word("trial.download"),
            data=text,
            file_name=word("trial.file"),
            mime="application/toml",
            key="rules_download",
            icon=":material/download:",
            on_click="ignore",
        )
    if tried:
        _draw_tried(now, _tried(now.scenario, text, now.inputs, now.parameters, now.evaluation))


def _draw_tried(now: Situation, tried: _Tried) -> None:
    if tried.wrong is not None:
        st.error(plain(tried.wrong.message(current())), icon=":material/error:")
        return
    if not tried.scores:
        st.info(word("trial.no_candidates"))
        return
    table = moves_table(now, tried.scores)
    if table.empty:
        st.success(word("trial.same"))
        return
    before = {score.id for score in now.evaluation.scores if score.rank <= _TOP}
    after = {score.id for score in tried.scores if score.rank <= _TOP}
    facts = {"moved": len(table), "top": _TOP, "changed": len(after - before)}
    st.success(word("trial.done", **facts))
    st.dataframe(
        table.rename(columns={name: word(f"trial.{name}") for name in table.columns}),
        hide_index=True,
        height=table_height(len(table)),
    )


def moves_table(now: Situation, scores: tuple[CandidateScore, ...]) -> pd.DataFrame:
    """Return the candidates whose rank changes, by their rank then."""
    names = candidate_names(now.inputs.candidates, current())
    pairs = zip(now.evaluation.scores, scores, strict=True)
    moved = [(before, after) for before, after in pairs if before.rank != after.rank]
    rows = [
        {
            "name": names.get(after.id, after.id),
            "now": before.rank,
            "then": after.rank,
            "points_now": before.points,
            "points_then": after.points,
        }
        for before, after in sorted(moved, key=lambda pair: pair[1].rank)
    ]
    return pd.DataFrame(rows)


def _original() -> str:
    return (DATA_FOLDER / "rules" / f"{BUILT_IN_RULES}.toml").read_text(encoding="utf-8")


def _reset() -> None:
    st.session_state[keys.RULES_TEXT] = _original()


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _tried(
    scenario: str, text: str, _inputs: Inputs, _parameters: Parameters, _before: Evaluation
) -> _Tried:
    del scenario
    try:
        book = read_rules_text(text, word("trial.file"))
    except InputError as error:
        return _Tried(wrong=error)
    return _Tried(evaluate(_inputs, _parameters, rules=book, previous=_before).scores)
