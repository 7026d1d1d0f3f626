"""Main streets: how far street-front stations serve each of them, the worst first, on the map."""

from dataclasses import replace

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from reports.webmap import main_street_sets, view_of
from reports.webmap.surfaces import BANDWIDTH_M
from siting.street_service import MainStreets, ServedLength, StreetService
from ui import keys
from ui.compute import Situation
from ui.exporting import show_table
from ui.language import current
from ui.look import table_height
from ui.report.words import word as export_word
from ui.standards.compute import streets_of
from ui.standards.map import draw_map, fly, scene_of
from ui.standards.words import word
from words import distance, percent, say

_PER_KM = 1000
_PER_CENT = 100


def draw_streets(now: Situation) -> None:
    """Draw the share in all, by road class and by street, and the map of what is served."""
    found = streets_of(now)
    if found is None or not found[0].total.length_m:
        st.info(word("streets.none" if now.inputs.streets is not None else "streets.no_streets"))
        return
    service, ground = found
    left, right = st.columns([3, 2], gap="medium")
    with right:
        _draw_figures(service)
        _draw_table(street_table(service))
    with left:
        _draw_map(now, ground)


def street_table(service: StreetService) -> pd.DataFrame:
    """Return one row per street, the least served first, of equals the longest; no name last."""
    rows = sorted(service.streets, key=lambda row: (not row.name, row.share, -row.length_m))
    return pd.DataFrame([_row(row, row.name or word("streets.unnamed")) for row in rows])


def _draw_figures(service: StreetService) -> None:
    with st.container(key="headline", width="content"):
        st.metric(word("streets.share"), percent(service.total.share))
    st.caption(
        word(
            "streets.said",
            served=_km(service.total.served_m),
            length=_km(service.total.length_m),
            stations=service.stations,
            cutoff=f"{service.cutoff_m:,.0f}",
        )
    )
    classes = pd.DataFrame(
        [_row(row, word(f"road_class.{row.name}")) for row in service.classes if row.length_m]
    )
    st.dataframe(
        classes.drop(columns="id"),
        hide_index=True,
        height=table_height(len(classes)),
        column_config=_columns(word("streets.road_class")),
    )


def _draw_table(table: pd.DataFrame) -> None:
    st.markdown(f"**{word('streets.by_street', count=len(table))}**")
    st.caption(word("streets.help"))
    show_table(
        table.drop(columns="id"),
        export_word("tables.streets"),
        name="streets",
        key=keys.MAIN_STREET_TABLE,
        on_select=lambda: _pick(table),
        selection_mode="single-row",
        column_config=_columns(word("streets.street")),
    )


def _columns(title: str) -> dict[str, ColumnConfig | str | None]:
    number = st.column_config.NumberColumn
    return {
        "name": st.column_config.TextColumn(title, width=110),
        "share": st.column_config.ProgressColumn(
            word("streets.served_share"), format="%.1f%%", min_value=0, max_value=100, width=95
        ),
        "left": number(word("streets.left"), format="%.1f", width=88),
        "served": number(word("streets.served"), format="%.1f", width=75),
        "length": number(word("streets.length"), format="%.1f", width=65),
    }


def _draw_map(now: Situation, ground: MainStreets) -> None:
    net, chosen = now.inputs.streets, st.session_state.get(keys.MAIN_STREET)
    if net is None:
        return
    focus = None if chosen is None else view_of(net, ground, chosen)
    lines = main_street_sets(net, ground, None if focus is None else chosen, current())
    scene = scene_of(now, (), focus)
    smoothing = say("map.method.smoothing", current(), bandwidth=distance(BANDWIDTH_M, current()))
    notes = tuple(note for note in scene.notes if note != smoothing)  # no surface lies here
    draw_map(replace(scene, lines=lines, notes=notes))


def _row(row: ServedLength, name: str) -> dict[str, object]:
    length, served = round(row.length_m / _PER_KM, 1), round(row.served_m / _PER_KM, 1)
    return {
        "id": row.name,
        "name": name,
        "share": row.share * _PER_CENT,
        "left": round(length - served, 1),  # of what is printed: the columns add up
        "served": served,
        "length": length,
    }


def _km(metres: float) -> str:
    return f"{metres / _PER_KM:,.1f}"


def _pick(table: pd.DataFrame) -> None:
    rows = st.session_state[keys.MAIN_STREET_TABLE].selection.rows
    if rows:
        st.session_state[keys.MAIN_STREET] = str(table["id"].iloc[rows[0]])
        fly()
