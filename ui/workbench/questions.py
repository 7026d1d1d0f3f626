"""先核实: the stations whose records are not complete, those that most depend on first."""

from collections.abc import Callable

import streamlit as st

from siting import district_time
from siting.coverage.mends import Question
from siting.effective import EffectiveEvaluation
from siting.effective_lines import question_line
from ui import keys
from ui.compute import Situation
from ui.labels import unit_name
from ui.language import current, tell
from ui.safe import plain
from words import Lang, say

_FIRST = 8
_MORE = 20


def draw_questions(now: Situation, on_pick: Callable[[str], None]) -> None:
    """Draw the list, page after page, and the whole of it as a file.

    Parameters
    ----------
    now
        Its questions are listed.
    on_pick
        Called with the id of the station that was clicked.
    """
    found = now.effective
    if not found.questions:
        st.caption(tell("areas.nothing_to_ask"))
        return
    with st.expander(tell("areas.ask", count=len(found.questions)), icon=":material/help:"):
        st.caption(tell("areas.ask_help"))
        shown = _FIRST + _MORE * int(st.session_state.get(keys.MORE_QUESTIONS, 0))
        with st.container(key="questions", gap="xxsmall"):
            for item in found.questions[:shown]:
                st.button(
                    plain(question_line(found, item, current())),
                    key=f"ask_{item.site}",
                    type="tertiary",
                    width="stretch",
                    on_click=on_pick,
                    args=(found.station_ids[item.site],),
                )
        left = len(found.questions) - shown
        with st.container(horizontal=True):
            if left > 0:
                st.button(
                    tell("areas.ask_more", count=_MORE, left=left)
                    if left > _MORE
                    else tell("areas.ask_rest", left=left),
                    key="more_questions",
                    icon=":material/expand_more:",
                    on_click=_show_more,
                )
            st.download_button(
                tell("areas.ask_file"),
                data=questions_file(found, current()),
                file_name=f"{tell('areas.ask_name')}.xlsx",
                mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                key="questions_file",
                icon=":material/download:",
                on_click="ignore",
            )


def questions_file(found: EffectiveEvaluation, lang: Lang) -> Callable[[], bytes]:
    """Return what makes the .xlsx of all questions when somebody asks for it."""

    def build() -> bytes:
        # Late: the writer of spreadsheets is not needed to start the app.
        from reports.tables import Sheet, SheetColumn, write_sheets  # noqa: PLC0415

        def words(key: str) -> str:
            return say(f"ui.areas.{key}", lang)

        title = words("ask_name")
        sheet = Sheet(
            name=title,
            title=title,
            columns=(
                SheetColumn(words("ask_order"), "count"),
                SheetColumn(words("ask_id")),
                SheetColumn(words("ask_station")),
                SheetColumn(words("ask_town")),
                SheetColumn(words("ask_blanks")),
                SheetColumn(words("ask_workers"), "count"),
                SheetColumn(words("ask_answer")),
            ),
            rows=[
                (number, *_row(found, item, lang)) for number, item in enumerate(found.questions, 1)
            ],
            notes=(words("ask_note"),),
        )
        made_on = district_time.today()
        return write_sheets([sheet], title=title, made_on=made_on, lang=lang, empty="")

    return build


def _row(
    found: EffectiveEvaluation, item: Question, lang: Lang
) -> tuple[str, str, str, str, int, str]:
    blanks = [say(f"effective.blank.{name}", lang) for name in item.blanks]
    return (
        found.station_ids[item.site],
        found.station_names[item.site],
        unit_name(str(found.stations["town"].iloc[item.site]), lang),
        say("effective.line.listed", lang).join(blanks),
        round(item.workers),
        "",
    )


def _show_more() -> None:
    st.session_state[keys.MORE_QUESTIONS] = int(st.session_state.get(keys.MORE_QUESTIONS, 0)) + 1
