"""使用与七有: which stations are idle, overloaded or duplicate, and what the seven haves cost."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd
import streamlit as st

from geo.errors import PlannerError
from geo.reference import read_list
from register import Kind, Register
from register.settings import settle, settled
from register.values import frame_of
from siting.adding_up import whole_levels
from siting.coverage.effective import LevelRow
from siting.coverage.levels import Level
from siting.haves_audit import HavesAudit, Standing, bound_kinds, haves_audit
from siting.utilisation import Flag, StationUse, Utilisation, utilisation
from ui import identity, keys
from ui.compute import Situation, read_book, situation
from ui.exporting import show_table
from ui.labels import label, unit_name
from ui.language import current, tell
from ui.ledger import edits as ledger_edits
from ui.ledger.words import refused, word
from ui.look import table_height
from ui.onward import draw_onward
from ui.project_bar import to_data_page
from ui.report.words import word as export_word
from ui.standards.setting import in_force
from ui.standards.words import name_of
from ui.workbench.filters import draw_terms, kept_parameters
from words import count, percent, points, say

SEVEN_HAVES = "seven_haves"
"""The setting that lists the kinds which the seven haves bind, separated by commas."""

Part = Literal["use", "haves"]
PARTS: tuple[Part, ...] = ("use", "haves")
Shown = Literal["all", "idle", "overloaded", "duplicate"]
SHOWN: tuple[Shown, ...] = ("all", "idle", "overloaded", "duplicate")
_STANDINGS: tuple[Standing, ...] = ("fails", "unverified", "passes", "free")
_KEPT = 6


@dataclass(frozen=True)
class Checked:
    """What a district has recorded of its stations' use and checks."""

    visits: pd.DataFrame
    haves: pd.DataFrame


def draw_use(register: Register) -> None:
    """Draw the use of stations or the seven haves, under the standard and on the terms in force."""
    book = read_book(register)
    inputs = book.inputs
    if inputs.demand.empty or inputs.stations.empty:
        missing = "demand" if inputs.demand.empty else "stations"
        draw_onward(tell(f"data.next_{missing}"), "data", key="use")
        return
    norm = in_force(register)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        part: Part = st.segmented_control(
            word("use.title"),
            PARTS,
            default=PARTS[0],
            required=True,
            key=keys.USE_PART,
            persist_state="session",
            format_func={name: word(f"use.{name}") for name in PARTS}.__getitem__,
            label_visibility="collapsed",
        )
        terms = draw_terms()
    parameters = kept_parameters(inputs.demand, norm)
    with st.spinner(tell("coverage.working")):
        now = situation(register, book, parameters, terms)
        checked = _checked(str(register.folder), book.revision, register)
    st.caption(word("use.terms", name=name_of(norm), cutoff=f"{parameters.cutoff_m:,.0f}"))
    if part == "use":
        _draw_visits(now, checked)
    else:
        _draw_haves(now, checked)


def use_table(found: Utilisation, stations: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    """Return one row per station that counts: those to look at first, then by visits.

    Parameters
    ----------
    found
        How they are used.
    stations
        The table that names them.
    shown
        Which flag to keep.
    """
    lang = current()
    names, towns = _named(stations)
    kept = [item for item in found.stations if shown == "all" or shown in item.flags]
    ordered = sorted(kept, key=lambda item: (not item.flags, item.visits_per_day or 0.0))
    rows = [
        {
            "id": item.station,
            "name": names[item.station],
            "says": _flags(item),
            "town": unit_name(towns[item.station], lang),
            "visits": item.visits_per_day,
            "to_median": None if item.to_median is None else item.to_median * 100,
            "per_seat": item.visits_per_seat,
            "days": item.days,
            "served": round(item.served),
            "alone": round(item.alone),
        }
        for item in ordered
    ]
    columns = [
        "id",
        "name",
        "town",
        "says",
        "visits",
        "to_median",
        "per_seat",
        "days",
        "served",
        "alone",
    ]
    return pd.DataFrame(rows, columns=columns)


def haves_table(audit: HavesAudit, stations: pd.DataFrame) -> pd.DataFrame:
    """Return one row per bound station that fails or was not checked through."""
    lang = current()
    names, towns = _named(stations)
    kinds = dict(zip(stations["id"].astype(str), stations["kind"].astype(str), strict=True))
    listed = (item for standing in ("fails", "unverified") for item in audit.of(standing))
    rows = [
        {
            "id": item.station,
            "name": names[item.station],
            "town": unit_name(towns[item.station], lang),
            "kind": label("kinds", kinds[item.station], lang),
            "standing": word(f"audit.{item.standing}"),
            "missing": _items(item.missing),
            "unchecked": _items(item.unchecked),
        }
        for item in listed
    ]
    return pd.DataFrame(
        rows, columns=["id", "name", "town", "kind", "standing", "missing", "unchecked"]
    )


def bound(register: Register) -> frozenset[str]:
    """Return the kinds that the seven haves bind here."""
    stored = settled(register, SEVEN_HAVES)
    if stored is None:
        return bound_kinds()
    return frozenset(code for code in stored.split(",") if code in read_list("reference/kinds"))


def _draw_visits(now: Situation, checked: Checked) -> None:
    found = utilisation(now.effective.service, checked.visits)
    recorded = sum(item.days > 0 for item in found.stations)
    if not recorded:
        _draw_empty("visits", "use.empty", "use.empty_help")
    with st.container(key="figures", horizontal=True, gap="medium"):
        if found.median_per_day is not None:
            st.metric(word("use.median"), f"{found.median_per_day:,.1f}", width="content")
            told = word("use.recorded_of", recorded=recorded, stations=len(found.stations))
            st.metric(word("use.recorded"), told, width="content")
        flags: tuple[Flag, ...] = ("idle", "overloaded", "duplicate")
        for flag in flags if recorded else flags[-1:]:
            st.metric(word(f"use.{flag}"), len(found.flagged(flag)), width="content")
    limits = found.limits
    st.caption(
        word(
            "use.limits",
            idle=percent(limits.idle_below, digits=0),
            overloaded=f"{limits.overloaded_from:g}",
            duplicate=percent(limits.duplicate_below, digits=0),
            days=limits.least_days,
        )
    )
    shown: Shown = "duplicate"
    if recorded:
        shown = st.segmented_control(
            word("use.show"),
            SHOWN,
            default=SHOWN[0],
            required=True,
            key=keys.USE_SHOWN,
            persist_state="session",
            format_func={name: word(f"use.{name}") for name in SHOWN}.__getitem__,
            label_visibility="collapsed",
        )
    _draw_use_table(use_table(found, now.inputs.stations, shown), with_visits=bool(recorded))
    if found.unknown:
        st.caption(
            word("use.unknown", count=len(found.unknown), names="、".join(found.unknown[:8]))
        )


def _draw_use_table(table: pd.DataFrame, *, with_visits: bool) -> None:
    if table.empty:
        st.caption(word("use.none_of_these"))
        return
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    hidden = [] if with_visits else ["visits", "to_median", "per_seat", "days"]
    st.caption(word("use.click"))
    show_table(
        table.drop(columns=["id", *hidden]),
        export_word("tables.use"),
        name="use",
        height=table_height(len(table), most=16),
        key=keys.USE_TABLE,
        placeholder="—",
        on_select=lambda: _open(table, keys.USE_TABLE),
        selection_mode="single-row",
        column_config={
            "name": text(word("use.station"), width=200),
            "town": text(tell("coverage.column_town"), width=130),
            "says": text(word("use.says"), width=120),
            "visits": number(word("use.visits"), format="%.1f", width=90),
            "to_median": number(word("use.to_median"), format="%.0f%%", width=100),
            "per_seat": number(word("use.per_seat"), format="%.1f", width=120),
            "days": number(word("use.days"), format="%d", width=80),
            "served": number(word("use.served"), format="localized", width=130),
            "alone": number(word("use.alone"), format="localized", width=150),
        },
    )


def _draw_haves(now: Situation, checked: Checked) -> None:
    binds = bound(now.register)
    audit = haves_audit(now.effective.service, checked.haves, binds)
    if checked.haves.empty:
        _draw_empty("haves", "audit.empty", "audit.empty_help")
    lang = current()
    every = audit.every.coverage
    with st.container(key="figures", horizontal=True, gap="medium"):
        st.metric(word("audit.every"), percent(every), width="content")
        rows: tuple[tuple[str, LevelRow], ...] = (
            ("without_failing", audit.without_failing),
            ("without_doubtful", audit.without_doubtful),
        )
        for name, row in rows:
            st.metric(
                word(f"audit.{name}"),
                percent(row.coverage),
                points(every, row.coverage, lang),
                delta_color="off" if row.coverage == every else "normal",
                width="content",
            )
    lost = (
        whole_levels(audit.every)[Level.VERIFIED]
        - whole_levels(audit.without_failing)[Level.VERIFIED]
    )
    numbers = {standing: len(audit.of(standing)) for standing in _STANDINGS}
    st.caption(word("audit.said", lost=count(lost, lang), **numbers))
    _draw_bound(now.register, binds)
    table = haves_table(audit, now.inputs.stations)
    if table.empty:
        st.success(word("audit.all_pass"), icon=":material/check:")
        return
    st.caption(word("use.click"))
    text = st.column_config.TextColumn
    show_table(
        table.drop(columns="id"),
        export_word("tables.audit"),
        name="audit",
        height=table_height(len(table), most=16),
        key=keys.HAVES_TABLE,
        on_select=lambda: _open(table, keys.HAVES_TABLE),
        selection_mode="single-row",
        column_config={
            "name": text(word("use.station"), width=200),
            "town": text(tell("coverage.column_town"), width=130),
            "kind": text(word("audit.kind"), width=130),
            "standing": text(word("audit.standing"), width=90),
            "missing": text(word("audit.missing"), width=220),
            "unchecked": text(word("audit.unchecked"), width=320),
        },
    )


def _draw_bound(register: Register, binds: frozenset[str]) -> None:
    """Draw which kinds the seven haves bind; who speaks for the district changes it."""
    kinds, lang = tuple(read_list("reference/kinds")), current()
    named = ("、" if lang == "zh" else ", ").join(
        label("kinds", code, lang) for code in kinds if code in binds
    )
    if not identity.may_settle(register):
        st.caption(word("audit.binds", kinds=named or "—"))
        return
    with st.popover(word("audit.which"), icon=":material/tune:"):
        st.caption(word("audit.which_help"))
        with st.form("bound_kinds", border=False):
            chosen = [
                code
                for code in kinds
                if st.checkbox(label("kinds", code, lang), value=code in binds, key=f"bind_{code}")
            ]
            stored = st.form_submit_button(tell("point.save_changes"), type="primary")
    if stored:
        _settle(register, chosen)
        st.rerun()


def _settle(register: Register, chosen: list[str]) -> None:
    try:
        who = identity.sign_for_district(register)
        settle(register, SEVEN_HAVES, ",".join(chosen), who=who)
    except PlannerError as error:
        refused(error)


def _draw_empty(table: str, title: str, text: str) -> None:
    """Say what to bring in where nothing is recorded, and lead there."""
    with st.container(border=True, key=f"empty_{table}", gap="xsmall"):
        st.markdown(f"**{word(title)}**")
        st.caption(word(text))
        if st.button(tell("project.go_import"), key=f"import_{table}", icon=":material/upload:"):
            to_data_page()


def _flags(item: StationUse) -> str:
    between = "、" if current() == "zh" else ", "
    return between.join(word(f"use.{flag}") for flag in item.flags)


def _items(codes: tuple[str, ...]) -> str:
    haves, lang = read_list("reference/haves"), current()
    return say("audits.use.listed", lang).join(str(haves[code][lang]) for code in codes)


def _named(stations: pd.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
    ids = stations["id"].astype(str)
    names = stations["name"].where(stations["name"] != "", ids).astype(str)
    return dict(zip(ids, names, strict=True)), dict(
        zip(ids, stations["town"].astype(str), strict=True)
    )


def _open(table: pd.DataFrame, key: str) -> None:
    rows = st.session_state[key].selection.rows
    if rows:
        ledger_edits.open_record("stations", str(table["id"].iloc[rows[0]]))


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _checked(folder: str, revision: int, _register: Register) -> Checked:
    del folder, revision
    kinds: tuple[Kind, Kind] = ("visits", "haves")
    visits, haves = (
        frame_of(kind, (record.fields for record in _register.records(kind))) for kind in kinds
    )
    return Checked(visits, haves)
