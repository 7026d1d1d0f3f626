"""The register as it was at the end of a day: its records, and its coverage beside today's."""

from collections.abc import Mapping
from datetime import date

import pandas as pd
import streamlit as st

from geo.cells import date_of
from register import Register
from register.finding import unit_column
from siting.model import DEFAULT_CUTOFF_M, Parameters
from siting.planning import coverage
from siting.results import CoverageResult
from ui import keys
from ui.exporting import show_table
from ui.labels import unit_name
from ui.language import current
from ui.ledger.columns import BROWSED, LISTED, column_of, read
from ui.ledger.form import draw_day
from ui.ledger.words import kind_name, spoken, word
from ui.report.words import word as export_word
from words import count, day, percent

_MOST_SHOWN = 500


def chosen_day() -> date | None:
    """Return the day that is looked at; None: now."""
    held: date | None = st.session_state.get(keys.LEDGER_DAY)
    return held


def draw_choice() -> None:
    """Draw the field of the day."""
    with (
        st.popover(word("past.button"), icon=":material/event:", key="past_choice"),
        st.form("past_day", border=False),
    ):
        written = draw_day(word("past.day"), "past_written")
        st.caption(word("past.help"))
        sent = st.form_submit_button(word("past.show"), type="primary")
        if sent and date_of(written) is None:
            st.error(word("past.unreadable"))
    if sent and date_of(written) is not None:
        st.session_state[keys.LEDGER_DAY] = date_of(written)
        st.rerun()


def draw_past(register: Register, when: date) -> None:
    """Draw the state at the end of a day; nothing can be changed in it."""
    with st.container(horizontal=True, vertical_alignment="center", key="past_banner"):
        st.warning(
            word("past.banner", day=day(when, current())), icon=":material/history_toggle_off:"
        )
        st.button(word("past.leave"), key="past_leave", icon=":material/today:", on_click=_leave)
    event = register.event_at(when)
    with st.spinner(word("past.working")):
        then = _coverage(str(register.folder), event.id, register)
        now = _coverage(str(register.folder), register.revision(), register)
    _draw_coverage(then, now, when)
    _draw_records(register, when)


def _leave() -> None:
    st.session_state.pop(keys.LEDGER_DAY, None)


@st.cache_resource(max_entries=12, show_spinner=False)
def _coverage(folder: str, event: int, _register: Register) -> CoverageResult:
    del folder
    cutoff_m = float(DEFAULT_CUTOFF_M)
    return coverage(_register.inputs(as_of=event), Parameters(cutoff_m=cutoff_m))


def _draw_coverage(then: CoverageResult, now: CoverageResult, when: date) -> None:
    lang = current()
    st.markdown(f"**{word('past.coverage')}**")
    if not then.point_id:
        st.caption(word("past.no_demand"))
        return
    with st.container(horizontal=True, key="figures", gap="large"):
        for heading, result in ((day(when, lang), then), (word("past.now"), now)):
            st.metric(
                word("past.share", day=heading),
                percent(result.coverage) if result.point_id else "—",
                width="content",
            )
            st.metric(
                word("past.stations", day=heading), count(result.stations, lang), width="content"
            )
    st.caption(word("past.method", cutoff=f"{round(then.cutoff_m)}"))
    if any(row.name for row in then.towns):
        with st.expander(word("past.units")):
            table = unit_table(then, now)
            show_table(table, export_word("tables.past_units"), name="past_units")


def unit_table(then: CoverageResult, now: CoverageResult) -> pd.DataFrame:
    """Return one row per unit: its share covered then and now, per cent."""
    lang = current()
    today = {row.name: row for row in now.towns}
    rows = [
        {
            word("past.unit"): unit_name(row.name, lang),
            word("past.then_share"): percent(row.coverage),
            word("past.now_share"): percent(today[row.name].coverage) if row.name in today else "—",
        }
        for row in then.towns
    ]
    return pd.DataFrame(rows)


def _draw_records(register: Register, when: date) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            word("filter.kind"),
            BROWSED,
            format_func=spoken(BROWSED, kind_name),
            key="past_kind",
            width=190,
        )
        text = st.text_input(word("filter.text"), key="past_text", width=260)
        found = [r for r in register.records(kind, as_of=when) if _fits(r.row(), text)]
        column = unit_column(kind)
        if column is not None:
            units = sorted({str(record[column]) for record in found})
            chosen = st.selectbox(
                word("filter.units"),
                ["", *(unit for unit in units if unit)],
                format_func=spoken(("", *units), lambda unit: unit or word("filter.all")),
                key=f"past_unit_{kind}",
                width=200,
            )
            found = [r for r in found if chosen in {"", r[column]}]
    lang = current()
    st.caption(word("table.total", count=count(len(found), lang)))
    shown = [column_of(kind, name) for name in LISTED[kind]]
    table = pd.DataFrame(
        [{c.label(lang): read(c, r[c.name]) for c in shown} for r in found[:_MOST_SHOWN]],
        columns=[c.label(lang) for c in shown],
    )
    if found:
        show_table(table, export_word("tables.past"), name="past")
    if len(found) > _MOST_SHOWN:
        st.caption(word("past.first", shown=_MOST_SHOWN))


def _fits(row: Mapping[str, object], text: str) -> bool:
    held = " ".join(str(value) for value in row.values() if value).lower()
    return all(part in held for part in text.lower().split())
