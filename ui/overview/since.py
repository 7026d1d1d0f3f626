"""What has moved since the last report, and the next report by one click."""

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from register.reporting import Taken, changes_since, last_report, note_report
from reports.since import figures_now, since_lines
from ui import pages
from ui.compute import Situation
from ui.exporting import Exported
from ui.exporting import draw_export as draw_table_export
from ui.identity import may_settle, sign_for_district
from ui.language import current, tell
from ui.ledger.words import kind_name
from ui.look import table_height
from ui.overview.words import word
from ui.overview.year_so_far import YearSoFar
from ui.plan.stored import remembered
from ui.safe import plain
from ui.workbench.downloads import TYPES, report_of
from words import day

_FORMATS = ("docx", "pdf", "xlsx")
_WIDE = {"figure": 140, "then": 68, "now": 68, "change": 92}


def figures_of(now: Situation, year: YearSoFar) -> dict[str, float]:
    """Return the figures of today that a later report is compared to."""
    return figures_now(now.effective, now.coverage, len(now.inputs.candidates), year)


def draw_since(now: Situation, year: YearSoFar) -> None:
    """Draw the figures of the last report beside today's."""
    st.markdown(f"**{word('since.title')}**")
    last = last_report(now.register, today=now.today)
    if last is None:
        st.caption(word("since.none"))
        return
    st.caption(word("since.when", day=day(last.made_on, current()), who=plain(last.who)))
    table = since_table(last.figures, figures_of(now, year))
    st.dataframe(
        table,
        hide_index=True,
        height=table_height(len(table)),
        column_config={
            name: st.column_config.TextColumn(word(f"since.{name}"), width=width)
            for name, width in _WIDE.items()
        },
    )
    draw_table_export(
        Exported(table, word("since.title"), {n: word(f"since.{n}") for n in _WIDE}),
        key="export_since",
    )
    changed = changes_since(now.register, last)
    kinds = "、" if current() == "zh" else ", "
    told = [word("since.changed_kind", kind=kind_name(k), count=n) for k, n in changed.items()]
    st.caption(word("since.changed", kinds=kinds.join(told)) if told else word("since.nothing"))


def since_table(then: Mapping[str, float], now: Mapping[str, float]) -> pd.DataFrame:
    """Return one row per figure that both have, as people read them."""
    lines = since_lines(then, now, current())
    rows = [(line.name, line.then, line.now, line.change) for line in lines]
    return pd.DataFrame(rows, columns=list(_WIDE))


def draw_export(now: Situation, year: YearSoFar) -> None:
    """Draw a button per file; who speaks for the district leaves today's figures by taking it."""
    keeps = may_settle(now.register)
    st.markdown(f"**{word('export.title')}**")
    recorded = word("export.recorded" if keeps else "export.not_recorded")
    st.caption(word("export.help", recorded=recorded))
    shown = remembered(now)

    def taken(name: str) -> Callable[[], Taken]:
        replay = report_of(now, shown, "json")
        plan = None if shown is None else shown.number
        return lambda: Taken(now.scenario, plan, (name,), replay())

    with st.container(horizontal=True):
        for name in _FORMATS:
            st.download_button(
                word(f"export.{name}"),
                data=noted(report_of(now, shown, name), now, year, keeps=keeps, taken=taken(name)),
                file_name=f"{tell('download.file')}.{name}",
                mime=TYPES[name],
                key=f"overview_{name}",
                icon=":material/download:",
                on_click="ignore",
            )
        if st.button(word("export.more"), key="overview_to_reports", type="tertiary"):
            pages.go("reports")


def noted(
    build: Callable[[], bytes],
    now: Situation,
    year: YearSoFar,
    *,
    keeps: bool,
    taken: Callable[[], Taken] = Taken,
) -> Callable[[], bytes]:
    """Return what builds a file and, for who `keeps` them, leaves the figures of today.

    `taken` says what is kept beside the figures, once the file is there.
    """
    figures = figures_of(now, year)
    today, register = now.today, now.register
    who = sign_for_district(register) if keeps else None

    def written() -> bytes:
        made = build()
        if who is not None:
            note_report(register, figures, made_on=today, who=who, taken=taken())
        return made

    return written
