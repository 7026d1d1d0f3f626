"""数据: a district of one's own, what it holds, files in, and the way back from every change."""

import pandas as pd
import streamlit as st

from geo.streets import summary
from register import Event, Register
from register.sample import SAMPLE_MAKER
from siting.model import Inputs
from ui import edits, keys, projects
from ui.compute import read_book
from ui.import_form import draw_import
from ui.language import current, tell
from ui.project_bar import draw_project_bar
from ui.safe import plain
from words import count

_DRAWN_ONLY = ("outline", "labels")
_RECORDS = ("demand", "stations", "candidates", "enterprises", "hosts", "needs")
_NEEDED = ("demand", "stations", "streets", "candidates")
_LAYER_WIDTHS = {"layer": 150, "rows": 100, "source": 560, "licence": 90, "date": 100}
_CHANGE_WIDTHS = {"when": 140, "who": 100, "did": 500}
_SHOWN_CHANGES = 12
_SEEN_EVENTS = 300


def draw() -> None:
    """Draw the page."""
    register = projects.register()
    draw_project_bar(register)
    edits.draw_notice(register)
    if register.synthetic:
        _draw_start()
    inputs = read_book(register).inputs
    if not register.synthetic:
        st.caption(tell("data.district_intro"))
        _draw_next_step(inputs)
        draw_import(register)
    _draw_layers(inputs)
    _draw_history(register)


def _draw_start() -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(tell("data.sample_intro"), width="stretch")
        st.button(
            tell("data.reset_sample"),
            key="reset_sample",
            icon=":material/restart_alt:",
            type="tertiary",
            on_click=projects.reset_sample,
        )
    if projects.district() is not None:
        return
    with st.container(border=True, key="start"):
        st.markdown(f"**{tell('data.start_title')}**")
        st.caption(tell("data.start_help"))
        with st.form("start_district", border=False):
            name = st.text_input(
                tell("data.district_name"),
                max_chars=40,
                placeholder=tell("data.district_name_hint"),
                key=keys.DISTRICT_NAME,
            )
            created = st.form_submit_button(tell("data.create"), type="primary")
    if not created:
        return
    if not name.strip():
        st.warning(tell("data.name_missing"))
        return
    projects.create_district(name.strip())
    st.rerun()


def _draw_next_step(inputs: Inputs) -> None:
    missing = [layer for layer in _NEEDED if not _held(inputs, layer)]
    said = tell(f"data.next_{missing[0]}") if missing else tell("data.complete")
    st.info(said, icon=":material/arrow_forward:" if missing else ":material/check:")


def _draw_layers(inputs: Inputs) -> None:
    st.markdown(f"**{tell('data.layers')}**")
    st.dataframe(
        layer_table(inputs),
        hide_index=True,
        column_config={
            name: st.column_config.TextColumn(tell(f"data.{name}"), width=width)
            for name, width in _LAYER_WIDTHS.items()
        },
    )


def layer_table(inputs: Inputs) -> pd.DataFrame:
    """Return one row per layer: how much it holds and where it came from."""
    rows = []
    drawn = [layer for layer in _DRAWN_ONLY if any(s.layer == layer for s in inputs.sources)]
    for layer in ("streets", *_RECORDS, *drawn):
        known = [source for source in inputs.sources if source.layer == layer]
        rows.append(
            {
                "layer": tell(f"data.table_{layer}"),
                "rows": _size(inputs, layer),
                **{
                    fact: "；".join(
                        dict.fromkeys(getattr(s, fact) for s in known if getattr(s, fact))
                    )
                    for fact in ("source", "licence", "date")
                },
            }
        )
    return pd.DataFrame(rows)


def _size(inputs: Inputs, layer: str) -> str:
    if layer in _DRAWN_ONLY or not _held(inputs, layer):
        return tell("data.missing")
    if layer == "streets" and inputs.streets is not None:
        return tell("data.streets_size", km=f"{summary(inputs.streets).street_km:,.0f}")
    return tell("data.records", count=count(len(getattr(inputs, layer)), current()))


def _held(inputs: Inputs, layer: str) -> bool:
    if layer == "streets":
        return inputs.streets is not None
    return not getattr(inputs, layer).empty


def _draw_history(register: Register) -> None:
    st.markdown(f"**{tell('data.history')}**")
    changes = heads(register.events(limit=_SEEN_EVENTS))
    if not changes:
        st.caption(tell("data.nothing_yet"))
        return
    st.dataframe(
        pd.DataFrame([_change_row(event) for event in changes[:_SHOWN_CHANGES]]),
        hide_index=True,
        column_config={
            name: st.column_config.TextColumn(tell(f"data.{name}"), width=width)
            for name, width in _CHANGE_WIDTHS.items()
        },
    )
    last = next((event for event in changes if _can_be_undone(event)), None)
    if last is not None:
        st.button(
            tell("data.undo", what=plain(_what(last))),
            key="undo_last",
            icon=":material/undo:",
            on_click=edits.undo,
            args=(register, last.id),
        )


def heads(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Return what people did: an import is one event, and what the sample came with is none."""
    return tuple(
        event for event in events if event.batch in (None, event.id) and event.who != SAMPLE_MAKER
    )


def _can_be_undone(event: Event) -> bool:
    return event.undone_by is None and event.action in {
        "add",
        "update",
        "remove",
        "import",
        "activate",
    }


def _change_row(event: Event) -> dict[str, str]:
    undone = tell("data.was_undone") if event.undone_by is not None else ""
    return {
        "when": f"{event.at.astimezone():%Y-%m-%d %H:%M}",
        "who": event.who,
        "did": _what(event) + undone,
    }


def _what(event: Event) -> str:
    facts = event.after or event.before or {}
    what = str(facts.get("name") or "")
    if event.kind == "layers":
        what = (
            tell(f"data.table_{event.record_id}") if event.record_id in _KNOWN else event.record_id
        )
    if event.action == "import":
        what = tell("data.imported_rows", name=what, count=facts.get("added", 0))
    return f"{tell(f'data.action_{event.action}')} {what or event.record_id}".strip()


_KNOWN = {"streets", *_RECORDS, *_DRAWN_ONLY}
