"""The records of one kind: what is looked for, how many there are, and one page of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from register import Kind, Page, Record, Register, Sort, Wanted
from register.finding import state_column, unit_column
from ui import identity, keys
from ui.labels import label
from ui.language import current
from ui.ledger import edits as ledger_edits
from ui.ledger.columns import BROWSED, LISTED, column_of, lacking, read, states_of, title, wanted
from ui.ledger.export import draw_ledger_export
from ui.ledger.words import event_time, kind_name, spoken, word
from ui.onward import draw_onward
from ui.safe import plain
from words import count

PER_PAGE = 25
_SORTS: tuple[Sort, ...] = ("created", "changed", "name", "unit")
_TAP = ":material/chevron_right:"


@dataclass(frozen=True)
class Looked:
    """What somebody looks for: a kind, and which of its records in which order."""

    kind: Kind
    wanted: Wanted
    sort: Sort


def draw_table(register: Register) -> None:
    """Draw the filters, the counts and one page of records; a row that is tapped opens."""
    looked = _draw_filters(register)
    who = identity.actor(register)
    own = "" if who is None else who.unit
    offset = st.session_state.get(keys.LEDGER_OFFSET, 0)

    def fetch(at: int) -> Page:
        return register.page(
            looked.kind,
            looked.wanted,
            sort=looked.sort,
            descending=looked.sort == "changed",
            first_unit=own,
            limit=PER_PAGE,
            offset=at,
        )

    page = fetch(offset)
    if offset and not page.records:
        st.session_state[keys.LEDGER_OFFSET] = offset = 0
        page = fetch(0)
    _draw_counts(looked, page)
    if not page.records:
        _draw_none(register, looked)
        return
    draw_rows(register, looked.kind, page.records)
    _draw_turning(page.total, offset)
    draw_ledger_export(register, looked.kind, looked.wanted, looked.sort)


def draw_rows(register: Register, kind: Kind, records: Sequence[Record]) -> None:
    """Draw records as a table, on a phone as cards; one that is tapped opens."""
    table = record_table(register, kind, records)
    key = f"ledger_rows_{kind}_{st.session_state.get(keys.LEDGER_ROUND, 0)}"

    def picked() -> None:
        selected = st.session_state[key].selection
        rows = [*selected.rows, *(row for row, _ in selected.cells)]
        if rows:
            ledger_edits.open_record(kind, records[rows[0]].id)

    with st.container(key="ledger_rows"):
        st.dataframe(
            table,
            hide_index=True,
            height="content",
            key=key,
            on_select=picked,
            selection_mode=["single-row", "single-cell"],
        )
    with st.container(key="ledger_cards", gap="xsmall"):
        for record in records:
            _draw_card(register, record)


def record_table(register: Register, kind: Kind, records: Sequence[Record]) -> pd.DataFrame:
    """Return one row per record: the columns of its kind, what it lacks, its last change."""
    lang = current()
    shown = [column_of(kind, name) for name in LISTED[kind]]
    rows = []
    for record in records:
        row = {c.label(lang): read(c, record[c.name], register) for c in shown}
        if wanted(kind):
            row[word("table.lacks")] = _lacks(record)
        row[word("table.changed")] = f"{event_time(record.updated_at)} {record.updated_by}"
        rows.append(row)
    return pd.DataFrame(rows)


def _lacks(record: Record) -> str:
    missing = lacking(record)
    if not missing:
        return "✓"
    named = "、".join(column.label(current()) for column in missing[:3])
    return named if len(missing) <= 3 else word("table.lacks_more", named=named, count=len(missing))


def _draw_card(register: Register, record: Record) -> None:
    facts = [
        read(column_of(record.kind, name), record[name], register)
        for name in LISTED[record.kind][1:4]
    ]
    told = " · ".join(fact for fact in facts if fact)
    st.button(
        f"**{plain(title(register, record))}** :gray[{plain(told)}]",
        key=f"card_{record.kind}_{record.id}",
        icon=_TAP,
        type="tertiary",
        width="stretch",
        on_click=partial(ledger_edits.open_record, record.kind, record.id),
    )


def _draw_filters(register: Register) -> Looked:
    with st.container(horizontal=True, vertical_alignment="bottom", key="ledger_filters"):
        kind = st.selectbox(
            word("filter.kind"),
            BROWSED,
            format_func=spoken(BROWSED, kind_name),
            key=keys.LEDGER_KIND,
            persist_state="session",
            on_change=_anew,
            width=190,
        )
        text = st.text_input(
            word("filter.text"),
            placeholder=word("filter.text_hint"),
            key=keys.LEDGER_TEXT,
            persist_state="session",
            on_change=_first_page,
            width=260,
        )
        with st.popover(_filter_title(), icon=":material/filter_alt:"):
            only, lacks, deleted, sort = _draw_more(register, kind, text)
        _draw_new(register, kind)
    return Looked(kind, Wanted(text, only, tuple(lacks), deleted=deleted), sort)


def _draw_more(
    register: Register, kind: Kind, text: str
) -> tuple[dict[str, list[str]], list[str], bool, Sort]:
    lang = current()
    everything = register.page(kind, Wanted(text), limit=1)
    only: dict[str, list[str]] = {}
    unit, state = unit_column(kind), state_column(kind)
    if unit is not None:
        units = _choose("units", everything.by_unit, keys.LEDGER_UNITS, _unit_or_none)
        only |= {unit: units} if units else {}
    if state is not None and states_of(kind):
        known = {code: everything.by_state.get(code, 0) for code in ("", *states_of(kind))}
        name = partial(_state_name, column_of(kind, state).codes)
        states = _choose("states", known, keys.LEDGER_STATES, name)
        only |= {state: states} if states else {}
    lacks: list[str] = []
    if wanted(kind):
        names = {column.name: column.label(lang) for column in wanted(kind)}
        lacks = st.multiselect(
            word("filter.lacks"),
            list(names),
            format_func=lambda name: names.get(name, name),
            placeholder=word("filter.all"),
            key=keys.LEDGER_LACKS,
            persist_state="session",
            on_change=_first_page,
        )
    sort = st.selectbox(
        word("filter.sort"),
        _SORTS,
        format_func=spoken(_SORTS, lambda by: word(f"filter.by_{by}")),
        key="ledger_sort",
        persist_state="session",
    )
    deleted = st.toggle(
        word("filter.deleted"),
        key=keys.LEDGER_DELETED,
        persist_state="session",
        on_change=_first_page,
    )
    return only, lacks, deleted, sort


def _choose(
    what: str, counts: Mapping[str, int], key: str, name: partial[str] | object
) -> list[str]:
    def shown(value: str) -> str:
        return f"{name(value)}（{counts.get(value, 0)}）"  # type: ignore[operator]

    return st.multiselect(
        word(f"filter.{what}"),
        list(counts),
        format_func=spoken(counts, shown),
        placeholder=word("filter.all"),
        key=key,
        persist_state="session",
        on_change=_first_page,
    )


def _unit_or_none(unit: str) -> str:
    return unit or word("filter.no_unit")


def _state_name(codes: str, state: str) -> str:
    return label(codes, state, current()) if state else word("filter.no_state")


def _filter_title() -> str:
    held = [
        name
        for name in (keys.LEDGER_UNITS, keys.LEDGER_STATES, keys.LEDGER_LACKS, keys.LEDGER_DELETED)
        if st.session_state.get(name)
    ]
    return word("filter.set", count=len(held)) if held else word("filter.title")


def _draw_new(register: Register, kind: Kind) -> None:
    who = identity.actor(register)
    column = unit_column(kind)
    values = {column: who.unit} if who is not None and column is not None else {}
    if kind == "candidates":
        values["state"] = "proposed"
    if identity.may_add(register, kind):
        st.button(
            word("form.add", kind=kind_name(kind)),
            key="ledger_new",
            icon=":material/add:",
            on_click=ledger_edits.open_new,
            args=(kind, {name: value for name, value in values.items() if value}),
        )


def _draw_counts(looked: Looked, page: Page) -> None:
    lang = current()
    told = [word("table.total", count=count(page.total, lang))]
    column = state_column(looked.kind)
    if column is not None:
        codes = column_of(looked.kind, column).codes
        told += [f"{_state_name(codes, s)} {number}" for s, number in page.by_state.items()]
    if looked.wanted.deleted:
        told.append(word("table.deleted"))
    if page.total:
        told.append(word("table.open"))
    st.caption(plain(" · ".join(told)))


def _draw_none(register: Register, looked: Looked) -> None:
    if looked.wanted == Wanted() and register.page(looked.kind, limit=1).total == 0:
        draw_onward(word("table.empty", kind=kind_name(looked.kind)), "data", key="table")
    else:
        st.info(word("table.none_found"), icon=":material/search_off:")


def _draw_turning(total: int, offset: int) -> None:
    if total <= PER_PAGE:
        return
    last = min(offset + PER_PAGE, total)
    with st.container(horizontal=True, vertical_alignment="center", key="ledger_turning"):
        for key, icon, to, there in (
            ("earlier", ":material/chevron_left:", offset - PER_PAGE, offset > 0),
            ("later", ":material/chevron_right:", offset + PER_PAGE, last < total),
        ):
            st.button(
                word(f"table.{key}"),
                key=f"ledger_{key}",
                icon=icon,
                disabled=not there,
                on_click=_turn,
                args=(max(0, to),),
            )
        st.caption(word("table.page", first=offset + 1, last=last, total=total), width="content")


def _turn(offset: int) -> None:
    st.session_state[keys.LEDGER_OFFSET] = offset
    st.session_state[keys.LEDGER_ROUND] = st.session_state.get(keys.LEDGER_ROUND, 0) + 1


def _first_page() -> None:
    _turn(0)


def _anew() -> None:
    """Another kind: its units, states and columns are others."""
    for key in (keys.LEDGER_UNITS, keys.LEDGER_STATES, keys.LEDGER_LACKS):
        st.session_state[key] = []
    _turn(0)
