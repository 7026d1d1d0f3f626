"""数据: a district of one's own, what it holds, files in, and the way back from every change."""

from collections.abc import Iterable, Mapping

import pandas as pd
import streamlit as st

from geo.errors import PlannerError
from geo.streets import summary
from geo.tables import TABLES
from register import Event, Register
from register.layers import SETTINGS
from register.sample import SAMPLE_MAKER
from reports.webmap.credit import said_in, source_words
from siting import district_time
from siting.model import Inputs
from ui import edits, keys, pages, projects
from ui.beginning.panel import draw_path, draw_preview
from ui.compute import read_book
from ui.data.demand import draw_demand
from ui.data.district_care import is_held
from ui.data.import_form import draw_import, tell_once
from ui.exporting import Exported, draw_export
from ui.language import current, tell
from ui.ledger.columns import event_title
from ui.project_bar import draw_project_bar
from ui.safe import plain
from ui.scrolling import into_view
from ui.settings.words import word as settings_word
from ui.workbench.hosts import draw_hosts
from words import count

_DRAWN_ONLY = ("outline", "labels", "area_zones")
_RECORDS = ("demand", "stations", "candidates", "enterprises", "hosts", "needs")
_LAYER_WIDTHS = {
    "layer": 175,
    "rows": 90,
    "source": 420,
    "licence": 230,
    "date": 100,
    "imported_on": 100,
}
_CHANGE_WIDTHS = {"when": 140, "who": 100, "did": 500}
_SHOWN_CHANGES = 12
_OFFERED_CHANGES = 40
_SEEN_EVENTS = 300
_UNDOABLE = frozenset({"add", "update", "remove", "import", "activate", "undo"})


def draw() -> None:
    """Draw the page."""
    register = projects.register()
    draw_project_bar(register)
    if register.synthetic:
        tell_once(register)
        _draw_start()
    inputs = read_book(register).inputs
    if not register.synthetic:
        draw_path(register, inputs)
        draw_import(register, inputs)
    # By heading events: the rows of one large import would fill any number of plain ones.
    changes = heads(register.event_page(limit=_SEEN_EVENTS).events)
    _draw_layers(register, inputs, changes)
    draw_demand(register, inputs)
    draw_hosts(register, inputs)
    _draw_history(register, changes)
    if not register.synthetic:
        _draw_elsewhere()


def _draw_elsewhere() -> None:
    """Lead to what is done to the district as a whole."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(settings_word("backup.elsewhere"), width="content")
        if st.button(settings_word("backup.go"), key="to_settings", icon=":material/settings:"):
            pages.go("settings")


def _draw_start() -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(tell("data.sample_intro"), width="stretch")
        st.button(
            tell("data.reset_sample"),
            key="reset_sample",
            icon=":material/restart_alt:",
            type="tertiary",
            on_click=_reset_sample,
        )
    if projects.district() is not None:
        return
    with st.container(border=True, key="start"):
        st.markdown(f"**{tell('data.start_title')}**")
        st.caption(tell("data.start_help"))
        draw_preview()
        with st.form("start_district", border=False):
            name = st.text_input(
                tell("data.district_name"),
                max_chars=40,
                placeholder=tell("data.district_name_hint"),
                key=keys.DISTRICT_NAME,
            )
            created = st.form_submit_button(tell("data.create"), type="primary")
    asked = st.session_state.get(keys.START_ASKED)
    if asked is not None:  # whoever presses the button at the top is brought to the form
        into_view("start", f"start{asked}")
    if not created:
        return
    if not name.strip():
        st.warning(tell("data.name_missing"))
        return
    projects.create_district(name.strip())
    st.rerun()


def _reset_sample() -> None:
    try:
        projects.reset_sample()
    except PlannerError as error:
        edits.tell_error(error.message)


def _draw_layers(register: Register, inputs: Inputs, changes: tuple[Event, ...]) -> None:
    st.markdown(f"**{tell('data.layers')}**")
    units = register.page("units", limit=1).total
    table = layer_table(inputs, changes, units)
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            name: st.column_config.TextColumn(
                tell(f"data.{name}"), width=width, pinned=name == "layer"
            )
            for name, width in _LAYER_WIDTHS.items()
        },
    )
    headings = {name: tell(f"data.{name}") for name in _LAYER_WIDTHS}
    draw_export(Exported(table, tell("data.layers"), headings), key="export_layers")


def layer_table(inputs: Inputs, changes: tuple[Event, ...] = (), units: int = 0) -> pd.DataFrame:
    """Return one row per layer: how much it holds, where it came from, and the two dates.

    The data's own date is not the day on which they were imported. `units` is the length of the
    list of units, which no layer of the inputs holds; 0 leaves its row out.
    """
    rows = []
    drawn = [layer for layer in _DRAWN_ONLY if any(s.layer == layer for s in inputs.sources)]
    for layer in ("streets", *_RECORDS, *drawn):
        known = [source for source in inputs.sources if source.layer == layer]
        rows.append(
            {
                "layer": tell(f"data.table_{layer}"),
                "rows": _size(inputs, layer),
                "source": _said(source_words(source, current()) for source in known),
                "licence": _said(said_in(current(), source.licence) for source in known),
                "date": _said(source.date for source in known),
                "imported_on": imported_on(changes, layer) if _is_there(inputs, layer) else "",
            }
        )
    if units:
        told = {"source": "", "licence": "", "date": ""}
        size = tell("data.records", count=count(units, current()))
        day = imported_on(changes, "units")
        rows.append({"layer": tell("data.table_units"), "rows": size, **told, "imported_on": day})
    return pd.DataFrame(rows)


def _said(facts: Iterable[str]) -> str:
    between = "；" if current() == "zh" else "; "
    return between.join(dict.fromkeys(fact for fact in facts if fact))


def _size(inputs: Inputs, layer: str) -> str:
    if layer in _DRAWN_ONLY:
        return tell("data.outline_held")
    if not is_held(inputs, layer):
        return tell("data.missing")
    if layer == "streets" and inputs.streets is not None:
        return tell("data.streets_size", km=f"{summary(inputs.streets).street_km:,.0f}")
    return tell("data.records", count=count(len(getattr(inputs, layer)), current()))


def _is_there(inputs: Inputs, layer: str) -> bool:
    return layer in _DRAWN_ONLY or is_held(inputs, layer)


def _draw_history(register: Register, changes: tuple[Event, ...]) -> None:
    st.markdown(f"**{tell('data.history')}**")
    if not changes:
        st.caption(tell("data.nothing_yet"))
        return
    known = {event.id: event for event in changes}
    rows = pd.DataFrame([_change_row(register, event, known) for event in changes])
    st.dataframe(
        rows.head(_SHOWN_CHANGES),
        hide_index=True,
        column_config={
            name: st.column_config.TextColumn(tell(f"data.{name}"), width=width)
            for name, width in _CHANGE_WIDTHS.items()
        },
    )
    headings = {name: tell(f"data.{name}") for name in _CHANGE_WIDTHS}
    draw_export(Exported(rows, tell("data.history"), headings), key="export_history")
    _draw_undo(register, known)


def _draw_undo(register: Register, known: Mapping[int, Event]) -> None:
    """Offer to take back the last change, or an earlier one that can be taken back alone."""
    able = [event for event in known.values() if _can_be_undone(event)][:_OFFERED_CHANGES]
    if not able:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # What was undone can be done again, but nobody asks for that first.
        newest = next((n for n, event in enumerate(able) if event.action != "undo"), 0)
        chosen = able[newest]
        if len(able) > 1:
            named = {event.id: _when_what(register, event, known) for event in able}
            # Another key after another change: the newest one comes up again.
            picked = st.selectbox(
                tell("data.undo_which"),
                [*named],
                index=newest,
                format_func=named.__getitem__,
                key=f"undo_which.{able[0].id}",
                width=460,
            )
            chosen = known[picked]
        what = _undone(register, chosen, known)
        again = chosen.action == "undo"
        done = tell("data.redone" if again else "data.undone", what=what)
        st.button(
            tell("data.redo" if again else "data.undo", what=plain(what)),
            key="undo_last",
            icon=":material/redo:" if again else ":material/undo:",
            on_click=_undo,
            args=(register, chosen.id, done),
        )


def _undone(register: Register, event: Event, known: Mapping[int, Event]) -> str:
    """Return what is undone, or what is done again where an undoing is undone."""
    first = known.get(event.undoes or 0) if event.action == "undo" else None
    return _what(register, event if first is None else first, known)


def _when_what(register: Register, event: Event, known: Mapping[int, Event]) -> str:
    return f"{district_time.local(event.at):%m-%d %H:%M} · {_what(register, event, known)}"


def _undo(register: Register, event: int, said: str) -> None:
    edits.undo(register, event)
    notice: edits.Notice = st.session_state[keys.NOTICE]
    if notice.kind == "done":
        st.session_state[keys.NOTICE] = edits.Notice("done", said)
    st.session_state.pop(keys.TABLE, None)  # the page preselects what is missing now


def heads(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Return what people did: an import is one event, and what the sample came with is none."""
    return tuple(
        event for event in events if event.batch in (None, event.id) and event.who != SAMPLE_MAKER
    )


def _can_be_undone(event: Event) -> bool:
    """Tell whether undoing knows an event; tasks are taken back where they are worked at."""
    return event.undone_by is None and event.kind != "tasks" and event.action in _UNDOABLE


def _change_row(register: Register, event: Event, known: Mapping[int, Event]) -> dict[str, str]:
    undone = tell("data.was_undone") if event.undone_by is not None else ""
    return {
        "when": district_time.to_the_minute(event.at),
        "who": event.who,
        "did": _what(register, event, known) + undone,
    }


def _what(register: Register, event: Event, known: Mapping[int, Event]) -> str:
    """Return what somebody did, as people say it: 导入：职工分布."""
    if event.action == "undo":
        undone = known.get(event.undoes or 0)
        if undone is not None and undone.action == "undo":
            first = known.get(undone.undoes or 0)
            return tell("data.redo", what="" if first is None else _what(register, first, known))
        return tell("data.undo", what="" if undone is None else _what(register, undone, known))
    facts = event.after or event.before or {}
    action, what = event.action, event_title(register, event)
    if event.kind == "layers" and event.record_id.startswith(SETTINGS):
        return tell(f"data.set_{event.record_id.removeprefix(SETTINGS)}")
    if event.kind == "layers":
        what = (
            tell(f"data.table_{event.record_id}") if event.record_id in _KNOWN else event.record_id
        )
        action = _layer_action(event)
    if action == "import" and event.action == "import":
        what = _imported(what, int(facts.get("added", 0)), int(facts.get("changed", 0)))
    return tell("data.change", action=tell(f"data.action_{action}"), what=what)


def _imported(name: str, added: int, changed: int) -> str:
    if not changed:
        return tell("data.imported_rows", name=name, count=added)
    if not added:
        return tell("data.imported_changed", name=name, count=changed)
    return tell("data.imported_both", name=name, count=added, changed=changed)


def _layer_action(event: Event) -> str:
    """Return whether an event about a whole layer brought it in or took it out."""
    facts = event.after or {}
    if event.action == "activate":
        return "import" if event.after is not None else "clear"
    return "clear" if facts.get("removed") and not facts.get("added") else "import"


def imported_on(changes: tuple[Event, ...], layer: str) -> str:
    """Return the day on which what a layer holds was last taken in; blank: it was not."""
    days = [
        f"{district_time.local(event.at):%Y-%m-%d}"
        for event in changes
        if (event.kind, event.record_id) == ("layers", layer)
        and event.undone_by is None
        and event.action in {"import", "activate"}
        and _layer_action(event) == "import"
    ]
    return days[0] if days else ""


_KNOWN = {"streets", *TABLES, *_DRAWN_ONLY}
