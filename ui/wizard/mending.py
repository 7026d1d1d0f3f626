"""Rows with an error or a proposed repair: accept it, type a correction, or leave the row out.

What people accept or type changes how the file is read; the file itself stays as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo.datum import is_projected
from geo.findings import Finding
from geo.intake import Intake
from geo.intake.codes import find_code
from geo.intake.datums import named_datum
from geo.intake.duplicates import DOUBTED
from geo.intake.ledger import DOUBLES
from geo.intake.meanings import Header
from geo.intake.positions import split_positions
from geo.intake.raw import RawTable
from geo.intake.wishes import DATUM
from geo.reference import read_list
from geo.tables import Column, columns
from siting.hours_words import hours_in_words
from ui import keys
from ui.language import current
from ui.safe import plain
from ui.wizard.datum import USUAL
from ui.wizard.draft import Draft, correct, skip
from ui.wizard.names import zone_name
from ui.wizard.rows import cells_of, datum_of
from ui.wizard.words import word
from words import Lang, count, say

PAGE_ROWS: Final = 6
"""So many rows are shown at a time."""
_AXES: Final = ("lon", "lat")
_DATUM_OF_ROW: Final = "intake_datum_of_row"
_SHOWN_OPEN: Final = DOUBTED | {"intake_number_cut"}
_UNKNOWN_CODE: Final = frozenset({"intake_unknown_code", "intake_unknown_code_left_blank"})
_ASKED_AT_ONCE: Final = 12
_SETTLED_ELSEWHERE: Final = frozenset({"intake_unplaced", "intake_town_place", *DOUBLES})


@dataclass(frozen=True)
class Trouble:
    """One row of the file, and what is wrong with it."""

    row: int
    findings: tuple[Finding, ...]

    @property
    def wrong(self) -> bool:
        """Whether the row is left out, or somebody knows what would mend it."""
        return any(f.severity == "error" or f.repair for f in self.findings)

    @property
    def repair(self) -> dict[str, str]:
        """Schema column -> text of everything that is proposed for the row."""
        return {c: text for finding in self.findings for c, text in finding.repair.items()}

    def columns(self, headings: Mapping[str, str]) -> tuple[str, ...]:
        """Return the schema's columns to look at; `headings` are those of the file."""
        named = {heading: column for column, heading in headings.items()}
        found = dict.fromkeys(self.repair)
        for finding in self.findings:
            if finding.code == _DATUM_OF_ROW:
                found[DATUM] = None
            elif finding.column in named:
                found[named[finding.column]] = None
        if set(_AXES) & set(found):  # a position means nothing without its datum: asked together
            found = dict.fromkeys([*_AXES, DATUM, *found])
        return tuple(found)


def troubles(intake: Intake, more: Sequence[Finding] = ()) -> tuple[Trouble, ...]:
    """Return the rows with something to mend or to look at, by number.

    `more` is what was found beside the reading.
    What rows lack a position, and which are second rows of an id, is settled elsewhere.
    """
    by_row: dict[int, list[Finding]] = {}
    for finding in (*intake.findings, *more):
        told = finding.severity != "info" or finding.repair
        if finding.row is not None and told and finding.code not in _SETTLED_ELSEWHERE:
            by_row.setdefault(finding.row, []).append(finding)
    return tuple(Trouble(row, tuple(by_row[row])) for row in sorted(by_row))


def told(finding: Finding, lang: Lang) -> str:
    """Return the sentence of a finding, opening hours as people say them."""
    if finding.code != "intake_hours_read":
        return finding.message(lang)
    hours = hours_in_words(str(finding.facts["hours"]), lang)
    return replace(finding, facts={**finding.facts, "hours": hours}).message(lang)


def repair_text(repair: Mapping[str, str], lang: Lang) -> str:
    """Return a proposed repair as people read it: 经度改为 116.44，纬度改为 39.757."""
    names = {
        column.name: column.label(lang)
        for table in ("candidates", "demand", "enterprises", "hosts", "needs", "visits", "units")
        for column in columns(table)
    }
    return say("intake.comma", lang).join(
        say("import.repair_cell", lang, column=names.get(column, column), text=text)
        for column, text in repair.items()
    )


def draw(
    draft: Draft, raw: RawTable, header: Header, intake: Intake, more: Sequence[Finding]
) -> None:
    """Draw the rows to be mended, then those to look at, a page of them at a time."""
    found = troubles(intake, more)
    wrong = [trouble for trouble in found if trouble.wrong]
    doubtful = sorted(
        (trouble for trouble in found if not trouble.wrong),
        key=lambda trouble: not any(f.code in DOUBTED for f in trouble.findings),
    )

    def draw_rows(some: Sequence[Trouble], key: str) -> None:
        turn = min(st.session_state.get(key, 0), (len(some) - 1) // PAGE_ROWS)
        for trouble in some[turn * PAGE_ROWS : (turn + 1) * PAGE_ROWS]:
            _draw_row(draft, trouble, _cells(raw, header, trouble.row, intake), intake)
        draw_pages(key, turn, len(some))

    _draw_unknown(draft, unknown_codes(intake, draft.corrections))
    if wrong:
        st.markdown(f"**{word('mend_title', count=count(len(wrong), current()))}**")
        st.caption(word("mend_help"))
        _draw_all(wrong)
        draw_rows(wrong, keys.MEND_PAGE)
    if doubtful:
        grave = any(f.code in _SHOWN_OPEN for trouble in doubtful for f in trouble.findings)
        with st.expander(
            word("doubt_title", count=count(len(doubtful), current())),
            expanded=bool(more) or grave,
        ):
            st.caption(word("doubt_help"))
            draw_rows(doubtful, keys.DOUBT_PAGE)


def unknown_codes(
    intake: Intake, corrections: Mapping[tuple[int, str], str]
) -> dict[tuple[str, str], tuple[int, ...]]:
    """Return (schema column, text of the file) -> rows, of what no list of codes knows.

    Only columns of one code; texts that people have changed already are settled.
    """
    named = {heading: column for column, heading in intake.columns.items()}
    rows: dict[tuple[str, str], list[int]] = {}
    for finding in intake.findings:
        column = named.get(finding.column or "", finding.column or "")
        fits = finding.code in _UNKNOWN_CODE and finding.row is not None
        if fits and (finding.row, column) not in corrections:
            rows.setdefault((column, str(finding.facts["value"])), []).append(finding.row or 0)
    return {text: tuple(found) for text, found in rows.items()}


def _draw_unknown(draft: Draft, unknown: Mapping[tuple[str, str], Sequence[int]]) -> None:
    """Ask once for each text that no list knows, however many rows say it."""
    asked = {
        column.name: column
        for column in columns(draft.table)
        if column.codes and column.type != "list"
    }
    most = sorted(
        (
            (column, text, rows)
            for (column, text), rows in unknown.items()
            if column in asked and len(rows) > 1
        ),
        key=lambda one: -len(one[2]),
    )[:_ASKED_AT_ONCE]
    if not most:
        return
    st.markdown(f"**{word('unknown_title')}**")
    st.caption(word("unknown_help"))
    for number, (column, text, rows) in enumerate(most):
        if number % 3 == 0:
            cells = st.columns(3)
        key = f"unknown.{draft.key}.{column}.{text}"
        codes = read_list(f"reference/{asked[column].codes}")
        size = count(len(rows), current())
        with cells[number % 3]:
            st.selectbox(
                word("unknown_one", column=asked[column].label(current()), text=text, count=size),
                [*codes],
                index=None,
                format_func=partial(_code_name, codes),
                placeholder=word("unknown_blank"),
                key=key,
                on_change=_settle_code,
                args=(key, column, tuple(rows)),
            )


def _settle_code(key: str, column: str, rows: Sequence[int]) -> None:
    chosen = st.session_state.get(key)
    if chosen is not None:
        correct({(row, column): str(chosen) for row in rows})


def draw_pages(key: str, turn: int, items: int) -> None:
    """Draw the buttons that lead to the other pages of a list."""
    last = (items - 1) // PAGE_ROWS
    if not last:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for step, name in ((-1, "page_back"), (1, "page_on")):
            st.button(
                word(name),
                key=f"{key}.{name}",
                disabled=not 0 <= turn + step <= last,
                on_click=_turn,
                args=(key, turn + step),
            )
        first = turn * PAGE_ROWS + 1
        st.caption(word("page", first=first, last=min(first + PAGE_ROWS - 1, items), all=items))


def _turn(key: str, turn: int) -> None:
    st.session_state[key] = turn


def _draw_all(found: Sequence[Trouble]) -> None:
    """Offer to accept every repair at once, where there are several."""
    offered = [trouble for trouble in found if trouble.repair]
    if len(offered) < 2:
        return
    texts = {(t.row, column): text for t in offered for column, text in t.repair.items()}
    st.button(
        word("repair_all", count=count(len(offered), current())),
        key="repair_all",
        icon=":material/done_all:",
        on_click=correct,
        args=(texts,),
    )


def _draw_row(draft: Draft, trouble: Trouble, cells: Mapping[str, str], intake: Intake) -> None:
    lang, row = current(), trouble.row
    name = cells.get("name", "") or cells.get("id", "")
    with st.container(border=True, key=f"mend_{row}"):
        st.markdown(f"**{word('row_number', row=row)}** {plain(name)}")
        for finding in trouble.findings:
            where = f"{plain(finding.column)}：" if finding.column else ""
            st.markdown(f"{where}{plain(told(finding, lang))}")
        if trouble.repair:
            said = repair_text(trouble.repair, lang)
            st.markdown(f"**{word('repair_proposed', repair=plain(said))}**")
        asked = trouble.columns(intake.columns)
        given = {c: draft.corrections.get((row, c), cells.get(c, "")) for c in asked}
        boxes = _draw_boxes(draft, row, given)
        datum = given.get(DATUM, "")
        with st.container(horizontal=True):
            if trouble.repair:
                st.button(
                    word("repair_take"),
                    key=f"take_{row}",
                    type="primary",
                    icon=":material/check:",
                    on_click=correct,
                    args=({(row, column): text for column, text in trouble.repair.items()},),
                )
            if asked:
                st.button(
                    word("mend_save"),
                    key=f"save_{row}",
                    on_click=_save,
                    args=(row, boxes, datum),
                )
            st.button(
                word("mend_skip"), key=f"skip_{row}", type="tertiary", on_click=skip, args=(row,)
            )


def _draw_boxes(draft: Draft, row: int, given: Mapping[str, str]) -> dict[str, str]:
    """Draw a box for each cell; return schema column -> key of its box."""
    known = {column.name: column for column in columns(draft.table)}
    boxes = {}
    cells: Sequence[DeltaGenerator] = ()
    for number, (column, text) in enumerate(given.items()):
        if number % 3 == 0:
            cells = st.columns(3)  # row by row, so that one above the other they keep their order
        boxes[column] = key = f"cell.{draft.key}.{row}.{column}"
        with cells[number % 3]:
            if column == DATUM:
                _draw_datum(text, key)
            elif column in known and known[column].codes and known[column].type != "list":
                _draw_code(known[column], text, key)
            else:
                name = known[column].label(current()) if column in known else column
                st.text_input(name, value=text, max_chars=400, key=key)
    return boxes


def _draw_code(column: Column, given: str, key: str) -> None:
    """Draw the box of one code: what the list knows, nothing chosen where it does not know it."""
    codes = read_list(f"reference/{column.codes}")
    code = find_code(column.codes, given)
    st.selectbox(
        column.label(current()),
        [*codes],
        index=None if code is None else [*codes].index(code),
        format_func=partial(_code_name, codes),
        placeholder=word("unknown_blank"),
        key=key,
    )


def _code_name(codes: Mapping[str, Mapping[str, str]], code: str) -> str:
    return codes[code][current()]


def _draw_datum(given: str, key: str) -> None:
    """Draw the box of the datum of one row: what it says, or else what people choose."""
    same = "wgs84" if given == "cgcs2000" else given
    options = (same, *USUAL) if same and same not in USUAL else USUAL
    st.selectbox(
        word("datum_of_row"),
        options,
        index=options.index(same) if same in options else None,
        format_func={
            d: zone_name(d) if is_projected(d) else word(f"datum_{d}") for d in options
        }.__getitem__,
        placeholder=word("columns_choose"),
        key=key,
    )


def _cells(raw: RawTable, header: Header, row: int, intake: Intake) -> dict[str, str]:
    """Return the cells of a row with its datum: its own, or that of the file; "" where none says.

    Of a column that holds both axes each box gets its own part.
    """
    cells = cells_of(raw, header, row)
    said = datum_of(raw, header, row)
    by_file = "" if intake.stated.by == "column" else intake.stated.datum
    cells[DATUM] = named_datum(said) if said else by_file
    if header.positions_together:
        lat_first = any(f.code == "intake_position_lat_lon" for f in intake.findings)
        together = pd.Series([cells["lon"]], dtype="str")
        # The order is that of the whole column: one row alone would be put right unasked.
        first, second, _ = split_positions(together, projected=True, lat_first=False)
        lon, lat = (second, first) if lat_first else (first, second)
        cells |= {"lon": lon.iloc[0], "lat": lat.iloc[0]}
    return cells


def _save(row: int, boxes: Mapping[str, str], datum: str) -> None:
    """Take what was typed; a datum that stays as it was is no correction."""
    typed = {column: st.session_state.get(key) for column, key in boxes.items()}
    if typed.get(DATUM) == datum:
        del typed[DATUM]
    correct({(row, column): str(text) for column, text in typed.items() if text is not None})
