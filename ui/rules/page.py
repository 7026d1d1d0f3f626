"""The siting rules in force, criterion by criterion, and how they are edited and settled."""

from html import escape
from typing import Literal, get_args

import pandas as pd
import streamlit as st

from geo.errors import InputError
from siting.rules import RuleBook
from siting.rules.book import Criterion, Measure
from siting.rules.files import ASSUMPTION
from siting.rules.naming import edition_text
from ui import keys
from ui.compute import Situation
from ui.language import current
from ui.rules.areas import draw_areas
from ui.rules.draft import draft_of, draw_settling, edit, forget, keep, read, word
from ui.rules.quotas import draw_quotas, quota_words
from ui.rules.trial import draw_moves, ranking_by
from ui.rules.weights import draw_weights
from ui.safe import plain
from words import percent, say

Part = Literal["criteria", "areas"]
PARTS: tuple[Part, ...] = get_args(Part)

_TEXT_HEIGHT = 360


def draw_rules(now: Situation) -> None:
    """Draw which rules are in force and either their criteria or where their areas lie."""
    if st.session_state.pop(keys.RULES_SETTLED, False):
        st.rerun()  # the notice stands on the page around this fragment
    book = now.book.rules
    title = book.title_zh if current() == "zh" else book.title_en
    named = edition_text(book.name, book.version, book.dated, current())
    st.markdown(plain(word("intro", title=title, rules=named, sentence=book.sentence)))
    part: Part = st.segmented_control(
        word("part.title"),
        PARTS,
        default=PARTS[0],
        required=True,
        key=keys.RULES_PART,
        persist_state="session",
        format_func={name: word(f"part.{name}") for name in PARTS}.__getitem__,
        label_visibility="collapsed",
    )
    if part == "areas":
        draw_areas(now)
        return
    st.caption(word("help", rule=percent(book.common.rule_weight, digits=0)))
    st.html(criteria_html(criteria_table(book)))
    for quota in book.quotas:
        st.caption(
            word("quotas.asked", quota=plain(quota_words(quota)), said=plain(quota.sentence))
        )
    _draw_editing(now)


def criteria_table(book: RuleBook) -> pd.DataFrame:
    """Return one row per criterion: area, share of the whole score, measures, source."""
    rows = [
        _row(say(f"siting.area.{rule.area_type}", current()), one, book.common.rule_weight)
        for rule in book.rules
        for one in rule.criteria
    ]
    rows += [_row(word("cell.common"), one, 1.0) for one in book.common.criteria]
    return pd.DataFrame(rows)


def criteria_html(table: pd.DataFrame) -> str:
    """Return the criteria as a table whose words are never cut, the areas' names once each."""
    columns = list(map(str, table.columns))
    head = "".join(f"<th>{escape(word(f'column.{name}'))}</th>" for name in columns)
    rows: list[str] = []
    for area, group in table.groupby("area", sort=False):
        first = f'<th rowspan="{len(group)}">{escape(str(area))}</th>'
        for cells in group.drop(columns="area").to_dict("records"):
            told = "".join(_cell(str(name), str(text)) for name, text in cells.items())
            rows.append(f"<tr>{first}{told}</tr>")
            first = ""
    body = "".join(rows)
    return (
        f'<div class="ws-criteria"><table><thead>{head}</thead><tbody>{body}</tbody></table></div>'
    )


def _cell(name: str, text: str) -> str:
    return f'<td class="ws-{name}">{escape(text)}</td>'


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


def _draw_editing(now: Situation) -> None:
    """Draw weights, the text, what they change, and the way to put them in force."""
    draft = draft_of(now.book.rules)
    found = read(draft.text, word("trial.file"))
    book = None if isinstance(found, InputError) else found
    refused: InputError | None = st.session_state.get(keys.RULES_REFUSED)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        with st.expander(word("weights.title"), icon=":material/tune:"):
            st.caption(word("weights.help"))
            if book is None:
                st.info(word("weights.mend"))
            else:
                draw_weights(book)
            if refused is not None:
                st.error(plain(refused.message(current())), icon=":material/error:")
        if book is not None:
            with st.expander(word("quotas.title"), icon=":material/rule:"):
                draw_quotas(book)
        with st.expander(word("trial.title"), icon=":material/edit_note:"):
            _draw_text(draft.text)
    with right, st.container(key="rules_outcome"):
        if isinstance(found, InputError):
            st.error(plain(found.message(current())), icon=":material/error:")
        else:
            _draw_outcome(now, found, touched=draft.is_touched)
        draw_settling(now.register, now.book.rules, draft, book)


def _draw_outcome(now: Situation, book: RuleBook, *, touched: bool) -> None:
    if not touched:
        st.caption(word("trial.untouched"))
    elif not now.evaluation.scores:
        st.info(word("trial.no_candidates"))
    else:
        draw_moves(now, ranking_by(now, book))
    if book.quotas != now.book.rules.quotas:
        st.caption(word("quotas.effect"))


def _draw_text(text: str) -> None:
    st.caption(word("trial.help"))
    keep(keys.RULES_TEXT, text)
    st.text_area(word("trial.text"), key=keys.RULES_TEXT, height=_TEXT_HEIGHT, on_change=_typed)
    with st.container(horizontal=True):
        st.button(word("trial.reset"), key="rules_reset", on_click=forget, type="tertiary")
        st.download_button(
            word("trial.download"),
            data=text,
            file_name=word("trial.file"),
            mime="application/toml",
            key="rules_download",
            icon=":material/download:",
            on_click="ignore",
        )


def _typed() -> None:
    edit(st.session_state[keys.RULES_TEXT])
