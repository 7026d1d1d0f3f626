"""Step 1: what the file is to be, and how it is read: encoding, sheet or layer."""

from dataclasses import replace

import shapely
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from geo.errors import PlannerError
from geo.intake.raw import RawTable
from geo.intake.spatial.layers import LayersError
from geo.intake.text import CHOICES
from geo.streets import Network, summary
from geo.tables import TABLES as SCHEMA_TABLES
from ui import keys
from ui.data.template import template
from ui.guard import show_error
from ui.language import current
from ui.safe import plain
from ui.wizard import naming, rows
from ui.wizard.draft import Draft, held, keep
from ui.wizard.reading import open_cells, open_streets
from ui.wizard.words import word
from words import say

FIRST_ASKED = ("demand", "stations", "streets", "candidates", "enterprises", "hosts", "needs")
"""What the page asks for, one after another."""
TABLES = (*FIRST_ASKED, *(table for table in SCHEMA_TABLES if table not in FIRST_ASKED))
_SHOWN_ROWS = 6
_AUTO = ""
_ENCODING_CODES = {"intake_encoding", "intake_encoding_chosen", "intake_encoding_dbf"}


def draw(asked: str, area: shapely.Geometry | None) -> bool:
    """Draw the step; `asked` is the table that the page asks for. Return whether people may go on.

    Of a population grid only the cells in `area` (the district, WGS-84) are read. The draft of the
    session changes with what they choose.
    """
    left, right = st.columns([1, 2], gap="medium")
    with left:
        table = _draw_table(asked)
        source = st.text_input(
            word("source"), placeholder=word("source_hint"), key=keys.SOURCE, max_chars=120
        )
    with right:
        uploaded = st.file_uploader(
            word("file_again" if held() else "file"),
            key=f"{keys.UPLOAD}.{st.session_state.get(keys.UPLOAD_ROUND, 0)}",
        )
        limit = st.get_option("server.maxUploadSize")
        st.caption(word("file_streets_help" if table == "streets" else "file_help", limit=limit))
        _draw_template(table)
    draft = _draft(uploaded, table, source, area)
    return False if draft is None else _draw_read(draft)


def table_name(table: str) -> str:
    """Return what a table is called."""
    return say(f"ui.data.table_{table}", current())


def _draw_table(asked: str) -> str:
    draft = held()
    if draft is None and st.session_state.get(keys.ASKED_TABLE) != asked:
        st.session_state.pop(keys.TABLE, None)  # an undo or a deletion changed what is missing
        st.session_state[keys.ASKED_TABLE] = asked
    if keys.TABLE not in st.session_state:
        st.session_state[keys.TABLE] = asked if draft is None else draft.table
    if draft is not None and keys.SOURCE not in st.session_state:
        st.session_state[keys.SOURCE] = draft.source
    return st.selectbox(
        word("what"),
        TABLES,
        format_func={name: table_name(name) for name in TABLES}.__getitem__,
        key=keys.TABLE,
    )


def _draw_template(table: str) -> None:
    if table == "streets":
        return
    name = word("template_name", table=table_name(table))
    st.download_button(
        word("template"),
        data=template(table, current()),
        file_name=f"{name}.xlsx",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        key="template",
    )


def _draft(
    uploaded: UploadedFile | None, table: str, source: str, area: shapely.Geometry | None
) -> Draft | None:
    """Return the draft after what was chosen now: another file begins a new one."""
    draft = held()
    if uploaded is not None and st.session_state.get(keys.UPLOADED) != uploaded.file_id:
        st.session_state[keys.UPLOADED] = uploaded.file_id
        st.session_state.pop(keys.LEFT_OUT, None)
        draft = Draft(table, uploaded.getvalue(), uploaded.name, area=area)
    if draft is None:
        return None
    if draft.table != table:
        draft = draft.read_as(table)
    return keep(replace(draft, source=source))


def _draw_read(draft: Draft) -> bool:
    size = max(1, round(len(draft.data) / 1024))
    st.markdown(f"**{word('chosen', name=plain(draft.name), size=f'{size:,}')}**")
    try:
        content = open_streets(draft) if draft.table == "streets" else open_cells(draft)
    except LayersError as error:
        st.info(word("layers_ask", layers=plain("、".join(error.layers))))
        _draw_sheet(draft, error.layers, None)
        return False
    except PlannerError as error:
        show_error(error)
        if error.code in _ENCODING_CODES or draft.encoding is not None:
            _draw_encoding(draft, "")
        st.caption(word("nothing_stored"))
        return False
    if isinstance(content, Network):
        draw_streets(content)
        return True
    naming.draw(draft, content)
    _draw_raw(draft, content)
    return True


def draw_streets(network: Network) -> None:
    """Say what a street file holds."""
    facts = summary(network)
    st.success(
        word(
            "streets_read",
            km=f"{facts.street_km:,.1f}",
            edges=f"{facts.edges:,}",
            islands=f"{facts.islands:,}",
        )
    )


def _draw_raw(draft: Draft, raw: RawTable) -> None:
    height, width = raw.cells.shape
    st.caption(
        word("found", format=word(f"format_{raw.format}"), rows=f"{height:,}", columns=width)
    )
    left, right = st.columns(2)
    with left:
        if len(raw.sheets) > 1:
            _draw_sheet(draft, raw.sheets, raw.sheet)
    with right:
        if raw.encoding and raw.format in {"text", "shapefile"}:
            _draw_encoding(draft, raw.encoding)
    st.caption(word("first_rows"))
    rows.show(rows.first_rows(raw, _SHOWN_ROWS))


def _draw_sheet(draft: Draft, sheets: tuple[str, ...], taken: str | None) -> None:
    options = list(sheets)
    key = f"sheet.{draft.key}.{draft.table}"
    st.selectbox(
        word("sheet"),
        options,
        index=options.index(taken) if taken in options else None,
        placeholder=word("sheet_choose"),
        key=key,
        on_change=_choose_sheet,
        args=(key,),
    )


def _draw_encoding(draft: Draft, found: str) -> None:
    options = [_AUTO, *CHOICES]
    names = {code: word(f"encoding_{code.replace('-', '_')}") for code in CHOICES}
    names[_AUTO] = word("encoding_auto", found=found.upper()) if found else word("encoding_choose")
    if draft.encoding is not None:
        names[_AUTO] = word("encoding_again")
    key = f"encoding.{draft.key}"
    st.selectbox(
        word("encoding"),
        options,
        index=options.index(draft.encoding) if draft.encoding in options else 0,
        format_func=names.__getitem__,
        help=word("encoding_help"),
        key=key,
        on_change=_choose_encoding,
        args=(key,),
    )


def _choose_sheet(key: str) -> None:
    draft = held()
    if draft is not None:
        keep(replace(draft.read_as(draft.table), sheet=st.session_state[key]))


def _choose_encoding(key: str) -> None:
    draft = held()
    if draft is not None:
        chosen = st.session_state[key] or None
        keep(replace(draft.read_as(draft.table), sheet=draft.sheet, encoding=chosen))
