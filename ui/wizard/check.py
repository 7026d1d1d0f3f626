"""Step 4: what comes in, what does not and why; rows mended, doubles settled, places found."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from geo.errors import PlannerError
from geo.findings import Finding, Severity
from geo.intake import Intake
from geo.intake.duplicates import Decision
from geo.intake.raw import RawTable
from geo.intake.rejects import Rejects
from geo.tables import columns, has_position, split_list
from register import Register
from siting.hours_words import hours_in_words, shift_in_words
from siting.model import Inputs
from ui.guard import show_error
from ui.labels import label
from ui.language import current
from ui.look import table_height
from ui.wizard import doubles, known, mending, merging, naming, unplaced
from ui.wizard.draft import Draft, change, group_key
from ui.wizard.file import table_name
from ui.wizard.reading import Known, cells_shown, header_of, read_cells
from ui.wizard.rejected import left_out_file, left_out_name
from ui.wizard.storing import Prepared, Ready, counted_on_visits, in_steps, prepare
from ui.wizard.words import word
from words import Lang, count

_PREVIEW_ROWS = 5
_SHOWN_CHARS = 40
_FOUND_OUT = frozenset({"position_state", "workers_on", "workers_from"})
_AXES = ("lon", "lat")
_GRAVITY: tuple[Severity, ...] = ("error", "warning", "info")
_WIDTHS = {"severity": 80, "row": 90, "column": 120, "problem": 520, "repair": 240}


def draw(
    draft: Draft, raw: RawTable, beside: Known, register: Register, inputs: Inputs
) -> Ready | None:
    """Draw the step; return what may be stored, None where there is nothing."""
    try:
        header = header_of(draft, raw)
        intake = read_cells(draft, raw, beside)
        held = known.places_of_known(inputs, draft.table, intake)
        if held:
            at_home = replace(draft, corrections={**held, **draft.corrections})
            intake = read_cells(at_home, raw, beside)
    except PlannerError as error:
        show_error(error)
        return None
    ready = prepare(draft, intake, inputs)
    raw = cells_shown(draft, raw)
    rejects = left_out(draft, raw, intake, ready)
    renamed = known.other_names(inputs, draft.table, ready, intake)
    naming.draw(draft, raw)
    _draw_figures(draft, intake, ready, rejects)
    _draw_known(draft, ready, inputs, renamed)
    if draft.table == "enterprises" and counted_on_visits(intake.columns):
        st.info(word("counted_on_visits"))
    if held:
        st.info(word("known_places", count=count(len({row for row, _ in held}), current())))
    mending.draw(draft, raw, header, intake, renamed)
    unplaced.draw(draft, intake, beside, register, inputs)
    doubles.draw(draft, raw, header, ready.groups)
    if ready.merged is not None:
        merging.draw(draft, ready.merged)
    stepped = in_steps(
        register,
        draft.table,
        ready.settled.frame,
        ready.settled.rows.tolist(),
        intake.columns.get("state"),
    ).findings
    if stepped:
        st.warning(word("steps", count=count(len(stepped), current())))
    _draw_findings((*intake.findings, *stepped))
    _draw_preview(ready, draft.table, intake)
    if not ready.size:
        return None
    return Ready(draft.table, ready.frame, draft.name, draft.key, ready.size, rejects)


def left_out(draft: Draft, raw: RawTable, intake: Intake, ready: Prepared) -> Rejects:
    """Return every row that does not come in, with the reason; one merged into another is in.

    Rows with errors have theirs from the reading; what people left out themselves says so.
    """
    taken = {int(row) for row in ready.settled.rows} | _later_rows(draft, ready, "merge")
    doubles = _later_rows(draft, ready, "skip")
    reasons = {
        int(row): found
        for row, found in zip(intake.rejects.rows, intake.rejects.reasons, strict=True)
        if int(row) not in taken
    }
    for group in ready.groups:
        told = {"first": group.rows[0], "name": group.names[0][:_SHOWN_CHARS]}
        for row in doubles & set(group.rows):
            chosen = Finding("intake_left_double", "error", row=row, facts=told)
            reasons.setdefault(row, (chosen,))
    for row in draft.skipped:
        reasons[row] = (Finding("intake_left_row", "error", row=row),)
    rows = np.array(sorted(reasons), dtype=np.int64)
    cells = raw.cells.iloc[rows - raw.first_row].reset_index(drop=True)
    headings = intake.rejects.headings
    if has_position(draft.table) and not set(_AXES) & set(header_of(draft, raw).places):
        # What is missing has its place in the file that people mend.
        cells = cells.iloc[:, : len(headings)].assign(**dict.fromkeys(_AXES, ""))
        headings = (*headings, *(_label(draft.table, axis) for axis in _AXES))
    return Rejects(
        rows,
        cells,
        headings,
        tuple(reasons[int(row)] for row in rows),
    )


def _label(table: str, column: str) -> str:
    return next(c.label(current()) for c in columns(table) if c.name == column)


def _later_rows(draft: Draft, ready: Prepared, decision: Decision) -> set[int]:
    """Return the rows that a decision, made or proposed, puts behind the first of their group."""
    return {
        row
        for group in ready.groups
        if draft.doubles.get(group_key(group), group.proposed) == decision
        for row in group.rows[1:]
    }


def _draw_figures(draft: Draft, intake: Intake, ready: Prepared, rejects: Rejects) -> None:
    lang = current()
    waiting = set(intake.unplaced.rows.tolist())
    doubled = _later_rows(draft, ready, "skip")
    merged = _later_rows(draft, ready, "merge")
    bad = set(rejects.rows.tolist()) - waiting - doubled - draft.skipped
    parts = [word("figures_good", good=count(ready.size, lang))]
    for key, rows in (
        ("figures_merged", merged),
        ("figures_bad", bad),
        ("figures_waiting", waiting),
        ("figures_doubled", doubled),
        ("figures_skipped", draft.skipped),
    ):
        if rows:
            parts.append(word(key, count=count(len(rows), lang)))
    (st.warning if bad or waiting else st.success)(word("figures_joint").join(parts) + word("stop"))
    if draft.corrections or draft.skipped:
        with st.container(horizontal=True, vertical_alignment="center"):
            mended = len({row for row, _ in draft.corrections})
            st.caption(word("mended", rows=count(mended, lang), skipped=len(draft.skipped)))
            st.button(
                word("mended_undo"),
                key="mended_undo",
                type="tertiary",
                icon=":material/undo:",
                on_click=change,
                kwargs={"corrections": {}, "skipped": frozenset()},
            )
    if len(rejects.rows):
        st.download_button(
            word("left_out", count=count(len(rejects.rows), lang)),
            data=left_out_file(rejects, lang),
            file_name=left_out_name(draft.name),
            on_click="ignore",
            icon=":material/download:",
            key="left_out",
        )


def _draw_known(draft: Draft, ready: Prepared, inputs: Inputs, renamed: Sequence[Finding]) -> None:
    """Say what the import would change of what is there."""
    if known.is_replaced(inputs, draft.table):
        st.info(word("replaces", table=table_name(draft.table)))
    changed = known.rows_of_known_ids(inputs, draft.table, ready)
    if changed:
        st.info(word("known_ids", count=count(changed, current())))
    if renamed:
        st.warning(word("known_other", count=count(len(renamed), current())))


def _draw_findings(findings: Sequence[Finding]) -> None:
    if not findings:
        st.caption(word("all_good"))
        return
    with st.expander(word("findings", count=len(findings))):
        st.dataframe(
            findings_table(findings, current()),
            hide_index=True,
            height=table_height(len(findings)),
            column_config={
                name: st.column_config.TextColumn(word(name), width=width)
                for name, width in _WIDTHS.items()
            },
        )


def findings_table(findings: Sequence[Finding], lang: Lang) -> pd.DataFrame:
    """Return one row per finding, what was left out first, with the row of the original file."""
    graver = sorted(findings, key=lambda finding: _GRAVITY.index(finding.severity))
    return pd.DataFrame(
        {
            "severity": [word(f"severity_{finding.severity}") for finding in graver],
            "row": ["" if finding.row is None else str(finding.row) for finding in graver],
            "column": [finding.column or "" for finding in graver],
            "problem": [mending.told(finding, lang) for finding in graver],
            "repair": [mending.repair_text(finding.repair, lang) for finding in graver],
        }
    )


def _draw_preview(ready: Prepared, table: str, intake: Intake) -> None:
    if not ready.size:
        return
    said = "preview" if ready.merged is None else "preview_file"
    st.caption(word(said, count=min(_PREVIEW_ROWS, ready.size)))
    st.dataframe(preview(ready, table, intake, current()), hide_index=True)


def preview(ready: Prepared, table: str, intake: Intake, lang: Lang) -> pd.DataFrame:
    """Return the first rows as they were understood, with their numbers in the original file."""
    settled = ready.settled
    shown = {word("row"): [str(row) for row in settled.rows[:_PREVIEW_ROWS].tolist()]}
    for column in columns(table):
        if column.name not in settled.frame:
            continue
        if column.name not in intake.columns and not _is_told(column.name, settled.frame):
            continue
        cells = settled.frame[column.name].head(_PREVIEW_ROWS)
        words = ["" if pd.isna(cell) else _shown(column.name, cell) for cell in cells]
        if column.codes:
            words = [_names(column.codes, word, lang) for word in words]
        shown[column.label(lang)] = words
    return pd.DataFrame(shown)


def _is_told(column: str, frame: pd.DataFrame) -> bool:
    """Tell whether a column that the file does not have is shown: what the reading found out."""
    found_out = column in _FOUND_OUT and bool((frame[column] != "").any())
    return found_out or column in {"lon", "lat"}


def _shown(column: str, cell: object) -> str:
    if column == "hours":
        return hours_in_words(str(cell), current())
    if column == "shift":
        return shift_in_words(str(cell), current())
    if not isinstance(cell, float):
        return str(cell)
    return f"{cell:.6f}" if column in {"lon", "lat"} else f"{cell:.12g}"


def _names(codes: str, cell: str, lang: Lang) -> str:
    return "；".join(label(codes, code, lang) for code in split_list(cell))
