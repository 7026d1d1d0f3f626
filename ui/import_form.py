"""Files in: what a file holds is read, checked and shown; only a click takes it in.

The name that a browser sends is shown and nothing else: on disk files have names of our own.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import get_args

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from geo.errors import PlannerError
from geo.findings import Finding, Severity
from geo.intake import Intake, read_table
from geo.intake.headings import ColumnsMissingError
from geo.intake.streets import read_streets
from geo.streets import Network, summary
from geo.tables import columns, split_list
from register import Kind, Register
from siting.model import Inputs, LayerSource
from ui import column_form, edits, keys, projects
from ui.district_care import is_held
from ui.guard import show_error
from ui.labels import label
from ui.language import current, tell
from ui.look import table_height
from ui.safe import plain
from ui.template import template
from words import Lang, count, say

TABLES = ("demand", "stations", "streets", "candidates", "enterprises", "hosts", "needs")
DATUMS = ("wgs84", "gcj02", "bd09")
_PREVIEW_ROWS = 5
_FEWEST_KNOWN = 3
_GRAVITY: tuple[Severity, ...] = ("error", "warning", "info")
_FINDING_WIDTHS = {"severity": 80, "row": 90, "column": 120, "problem": 600}


@dataclass(frozen=True, eq=False)
class Read:
    """What came of one uploaded file; `key` makes taking it in twice the same as once."""

    asked: tuple[object, ...]
    table: str
    content: Intake | Network
    name: str
    key: str


def draw_import(register: Register, inputs: Inputs) -> None:
    """Draw the form; what was read waits below it for a decision."""
    if keys.TABLE not in st.session_state:
        st.session_state[keys.TABLE] = next_table(inputs)
    with st.container(border=True, key="import"):
        st.markdown(f"**{tell('data.import_title')}**")
        left, right = st.columns([1, 2], gap="medium")
        with left:
            table = st.selectbox(
                tell("data.what"),
                TABLES,
                format_func={name: tell(f"data.table_{name}") for name in TABLES}.__getitem__,
                key=keys.TABLE,
            )
            datum = _draw_datum(table)
            source = st.text_input(
                tell("data.source"),
                placeholder=tell("data.source_hint"),
                key=keys.SOURCE,
                max_chars=120,
            )
        with right:
            uploaded = st.file_uploader(
                tell("data.file"),
                key=f"{keys.UPLOAD}.{st.session_state.get(keys.UPLOAD_ROUND, 0)}",
                help=tell("data.file_streets_help" if table == "streets" else "data.file_help"),
            )
            st.caption(tell("data.file_streets_help" if table == "streets" else "data.file_help"))
            _draw_template(table)
        if uploaded is not None:
            _draw_read(register, uploaded, (table, datum, source), middle_of(inputs))
        tell_once(register)  # where the button was that people pressed


def tell_once(register: Register) -> None:
    """Show what the last change did until the next action, and in passing wherever people are."""
    notice: edits.Notice | None = st.session_state.get(keys.NOTICE)
    if notice is not None and notice.kind == "done":
        st.toast(plain(notice.text), icon=":material/check:")
    edits.draw_notice(register)
    edits.forget_notice()


def next_table(inputs: Inputs) -> str:
    """Return the first table that is still empty: the one that the page asks for."""
    return next((table for table in TABLES if not is_held(inputs, table)), TABLES[0])


def middle_of(inputs: Inputs) -> tuple[float, float] | None:
    """Return the middle of the known points, longitude and latitude; None: there are too few."""
    frames = (inputs.demand, inputs.stations, inputs.candidates)
    points = pd.concat([frame[["lon", "lat"]] for frame in frames])
    if len(points) < _FEWEST_KNOWN:
        return None
    return float(points["lon"].median()), float(points["lat"].median())


def _draw_template(table: str) -> None:
    if table == "streets":
        return
    name = tell("data.template_name", table=tell(f"data.table_{table}"))
    st.download_button(
        tell("data.template"),
        data=template(table, current()),
        file_name=f"{name}.xlsx",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        key="template",
    )


def _draw_datum(table: str) -> str:
    if table == "streets":
        return DATUMS[0]
    return st.selectbox(
        tell("data.datum"),
        DATUMS,
        format_func={name: tell(f"data.datum_{name}") for name in DATUMS}.__getitem__,
        help=tell("data.datum_help"),
        key=keys.DATUM,
    )


def _draw_read(
    register: Register,
    uploaded: UploadedFile,
    choice: tuple[str, str, str],
    near: tuple[float, float] | None,
) -> None:
    table, datum, source = choice
    upload = (uploaded.file_id, table)
    try:
        found = _read_once(uploaded, (table, datum), column_form.stated(upload), near)
    except PlannerError as error:
        show_error(error)
        if isinstance(error, ColumnsMissingError):
            column_form.draw_missing(upload, error.missing, error.choices, error.places)
        return
    provenance = provenance_of(found, source)
    if isinstance(found.content, Network):
        _draw_streets(found.content)
        usable = True
    else:
        _draw_intake(found.content, table)
        column_form.draw_found(upload, found.content.choices, found.content.columns)
        usable = found.content.imported > 0
    with st.container(horizontal=True):
        st.button(
            _confirm_label(found),
            type="primary",
            key="confirm_import",
            disabled=not usable,
            on_click=partial(take_in, register, found, provenance),
        )
        st.button(tell("data.discard"), key="discard_import", on_click=_forget)


def provenance_of(found: Read, source: str) -> LayerSource:
    """Return where it came from: as people say, or else as the file itself states."""
    given = source.strip()
    if not isinstance(found.content, Network):
        return LayerSource(found.table, given or found.name)
    meta = found.content.meta
    return LayerSource(found.table, given or meta.source or found.name, meta.licence, meta.date)


def _read_once(
    uploaded: UploadedFile,
    choice: tuple[str, str],
    mapping: Mapping[str, str],
    near: tuple[float, float] | None,
) -> Read:
    """Read a file when it, its table, its datum or its columns are others than before."""
    table, datum = choice
    asked = (uploaded.file_id, table, datum, *sorted(mapping.items()))
    held: Read | None = st.session_state.get(keys.READ)
    if held is not None and held.asked == asked:
        return held
    with st.spinner(tell("data.checking")):
        data = uploaded.getvalue()
        content: Intake | Network
        if table == "streets":
            content = read_streets(data, uploaded.name)
        else:
            content = read_table(
                data, table, name=uploaded.name, datum=datum, mapping=mapping, near=near
            )
    found = Read(asked, table, content, uploaded.name, uuid.uuid4().hex)
    st.session_state[keys.READ] = found
    return found


def take_in(register: Register, found: Read, source: LayerSource) -> None:
    """Store what was read, as one change that can be undone; a callback."""
    try:
        event, text = _stored(register, found, source)
    except PlannerError as error:
        st.session_state[keys.NOTICE] = edits.Notice("error", error.message)
        return
    st.session_state[keys.NOTICE] = edits.Notice("done", text, event)
    _forget()
    st.session_state.pop(keys.TABLE, None)  # the page preselects what it asks for next


def _stored(
    register: Register, found: Read, source: LayerSource
) -> tuple[int | None, Callable[[Lang], str]]:
    who = projects.who()
    if isinstance(found.content, Network):
        register.put_streets(found.content, source, who=who, key=found.key)
        street_km = summary(found.content).street_km
        return register.revision(), partial(say, "ui.data.done_streets", km=f"{street_km:,.0f}")
    frame = found.content.frame
    if found.table == "demand":
        register.put_demand(frame, source, who=who, key=found.key)
        points, workers = frame["id"].nunique(), int(frame["workers"].sum())
        return register.revision(), lambda lang: say(
            f"ui.data.done_{'windows' if (frame['window'] != '').any() else 'demand'}",
            lang,
            points=count(points, lang),
            workers=count(workers, lang),
        )
    kind = next(kind for kind in get_args(Kind) if kind == found.table)
    batch = register.put_records(kind, frame, source, who=who, key=found.key)

    def words(lang: Lang) -> str:
        return say(
            "ui.data.imported",
            lang,
            name=say(f"ui.data.table_{kind}", lang),
            added=count(batch.added, lang),
            changed=count(batch.changed, lang),
            unchanged=count(batch.unchanged, lang),
        )

    return batch.id, words


def _forget() -> None:
    st.session_state.pop(keys.READ, None)
    st.session_state[keys.UPLOAD_ROUND] = st.session_state.get(keys.UPLOAD_ROUND, 0) + 1


def _confirm_label(found: Read) -> str:
    if isinstance(found.content, Network):
        return tell("data.use_streets")
    return tell("data.confirm", count=count(found.content.imported, current()))


def _draw_streets(network: Network) -> None:
    facts = summary(network)
    st.success(
        tell(
            "data.streets_read",
            km=f"{facts.street_km:,.1f}",
            edges=f"{facts.edges:,}",
            islands=f"{facts.islands:,}",
        )
    )


def _draw_intake(intake: Intake, table: str) -> None:
    lang = current()
    good, bad = count(intake.imported, lang), count(intake.rejected, lang)
    said = tell("data.read", good=good, bad=bad)
    (st.warning if intake.rejected else st.success)(said)
    if intake.findings:
        st.dataframe(
            findings_table(intake.findings, lang),
            hide_index=True,
            height=table_height(len(intake.findings)),
            column_config={
                name: st.column_config.TextColumn(tell(f"data.{name}"), width=width)
                for name, width in _FINDING_WIDTHS.items()
            },
        )
        st.download_button(
            tell("data.problems_file"),
            data=_problems(intake.findings, lang),
            file_name=f"{tell('data.problems_name')}.xlsx",
            on_click="ignore",
            icon=":material/download:",
        )
    else:
        st.caption(tell("data.all_good"))
    st.caption(tell("data.preview"))
    st.dataframe(preview(intake, table, lang), hide_index=True)


def findings_table(findings: tuple[Finding, ...], lang: Lang) -> pd.DataFrame:
    """Return one row per finding, what was left out first, with the row of the original file."""
    graver = sorted(findings, key=lambda finding: _GRAVITY.index(finding.severity))
    return pd.DataFrame(
        {
            "severity": [tell(f"data.severity_{finding.severity}") for finding in graver],
            "row": ["" if finding.row is None else str(finding.row) for finding in graver],
            "column": [finding.column or "" for finding in graver],
            "problem": [finding.message(lang) for finding in graver],
        }
    )


def preview(intake: Intake, table: str, lang: Lang) -> pd.DataFrame:
    """Return the first rows as they were understood, under the headings of the file."""
    shown = {}
    for column in columns(table):
        if column.name not in intake.columns:
            continue
        cells = intake.frame[column.name].head(_PREVIEW_ROWS)
        words = ["" if pd.isna(cell) else str(cell) for cell in cells]
        if column.codes:
            words = [_names(column.codes, word, lang) for word in words]
        heading = intake.columns[column.name]
        # One column of the file may hold longitude and latitude.
        shown[heading if heading not in shown else column.label(lang)] = words
    return pd.DataFrame(shown)


def _names(codes: str, cell: str, lang: Lang) -> str:
    return "；".join(label(codes, code, lang) for code in split_list(cell))


def _problems(findings: tuple[Finding, ...], lang: Lang) -> Callable[[], bytes]:
    def build() -> bytes:
        # Late: the writer of spreadsheets is not needed to start the app.
        from reports.tables import rejected_workbook  # noqa: PLC0415

        made_on = datetime.now(UTC).astimezone().date()
        return rejected_workbook(findings, lang=lang, made_on=made_on)

    return build
