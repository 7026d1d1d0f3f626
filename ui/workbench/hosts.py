"""从依托单位生成候选点: choose where from, look at what comes of it, store it as one change.

Hosts of OpenStreetMap come in here too, for a district of one's own: the register's hosts are one
of the sources.
"""

import tempfile
import uuid
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from geo.errors import PlannerError
from geo.hosts import HostsFound, extract_hosts
from geo.hosts.extract import OSM_LICENCE
from register import Register
from siting.candidates import (
    ORIGINS,
    Generated,
    Origin,
    Spare,
    generate,
    host_defaults,
    lenders,
    read_settings,
    spare_hosts,
)
from siting.hours_words import hours_in_words
from siting.model import Inputs, LayerSource, Parameters
from ui import edits, keys
from ui.guard import show_error
from ui.identity import sign
from ui.labels import label
from ui.language import current
from ui.look import table_height
from ui.safe import plain
from ui.workbench.hosts_sketch import draw_sketch, legend_mark
from ui.workbench.placing import unit_at
from words import Lang, count, say, yuan

_TABLE_ROWS = 12
_SHOWN_SPARES = 2
_SUFFIXES = ("pbf", "osm", "gz", "bz2")
_WIDTHS = {
    "name": 170,
    "origin": 185,
    "host": 95,
    "kind": 165,
    "cost": 125,
    "hours": 210,
    "seats": 65,
    "spares": 260,
    "why": 420,
    "reason": 420,
}


@dataclass(frozen=True, eq=False)
class Preview:
    """What was proposed for one state of a register; `key` keeps one batch one batch."""

    revision: int
    found: Generated
    spares: dict[str, tuple[Spare, ...]]
    key: str


def word(key: str, /, **facts: object) -> str:
    """Return the sentence `candidates.panel.<key>` in the language of this session."""
    return say(f"candidates.panel.{key}", current(), **facts)


def draw_hosts(register: Register, inputs: Inputs) -> None:
    """Draw the panel, closed until somebody opens it or something is being looked at."""
    preview: Preview | None = st.session_state.get(keys.HOSTS_PREVIEW)
    done: edits.Notice | None = st.session_state.get(keys.HOSTS_DONE)
    busy = preview is not None or done is not None or keys.HOSTS_OPEN in st.session_state
    with st.expander(word("title"), expanded=busy, icon=":material/add_business:"):
        st.caption(word("intro"))
        if not register.synthetic:
            _draw_osm(register, inputs)
        chosen = _draw_sources(inputs)
        spacing_m, least_firm = _draw_figures(chosen)
        if st.button(
            word("propose"),
            key="hosts_propose",
            type="secondary" if preview else "primary",
            icon=":material/travel_explore:",
            disabled=not chosen,
        ):
            preview, done = _propose(register, inputs, chosen, spacing_m, least_firm), None
        if done is not None:
            _draw_done(register, done)
        if preview is not None:
            _draw_preview(register, inputs, preview)


def _draw_done(register: Register, done: edits.Notice) -> None:
    """Say what the last button stored, with the way back, until something is proposed anew."""
    if done.kind == "error":
        st.error(plain(done.text))
        return
    if done.event is not None and register.event_at(done.event).undone_by is not None:
        st.session_state.pop(keys.HOSTS_DONE)
        return
    st.success(plain(done.text), icon=":material/check:")
    if done.event is not None:
        st.button(
            word("undo"),
            key="hosts_undo",
            icon=":material/undo:",
            on_click=edits.undo,
            args=(register, done.event),
        )


def _draw_osm(register: Register, inputs: Inputs) -> None:
    """Draw the way in for hosts of an OSM file."""
    file = st.file_uploader(word("osm"), type=_SUFFIXES, key=keys.HOSTS_FILE, help=word("osm_help"))
    if file is None:
        return
    st.session_state[keys.HOSTS_OPEN] = True
    data = file.getvalue()
    digest = sha256(data).hexdigest()
    try:
        with st.spinner(word("reading")):
            found = _extracted(digest, register.revision(), data, file.name, inputs)
    except PlannerError as error:
        show_error(error)
        return
    lang = current()
    between = say("candidates.and", lang)
    kinds = between.join(
        f"{label('host_types', code, lang)} {count(number, lang)}"
        for code, number in found.as_dict()["by_type"].items()
    )
    if found.frame.empty:
        st.warning(word("osm_none"))
        return
    st.markdown(word("osm_found", count=count(len(found.frame), lang), kinds=kinds))
    if found.frame["id"].isin(inputs.hosts["id"]).all():
        st.caption(word("osm_held"))
        return
    st.button(
        word("osm_store", count=count(len(found.frame), lang)),
        key="hosts_store_osm",
        icon=":material/save:",
        on_click=_store_hosts,
        args=(register, found, file.name, digest),
    )


@st.cache_resource(max_entries=2, show_spinner=False)
def _extracted(digest: str, revision: int, _data: bytes, _name: str, _inputs: Inputs) -> HostsFound:
    del digest, revision
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "upload"
        path.write_bytes(_data)
        found = extract_hosts(path, _inputs.streets, name=_name)
    # No map of the units is held: the people around say whose ground it is, as for a tapped place.
    units = [
        row["town"] or unit_at(_inputs, row["lon"], row["lat"])
        for row in found.frame.to_dict("records")
    ]
    return replace(found, frame=found.frame.assign(town=pd.array(units, dtype="str")))


def _store_hosts(register: Register, found: HostsFound, name: str, digest: str) -> None:
    source = LayerSource("hosts", f"OpenStreetMap ({name})", OSM_LICENCE, found.date)
    key = f"hosts-{digest[:32]}-{register.revision()}"
    try:
        batch = register.put_records("hosts", found.frame, source, who=sign(register), key=key)
    except PlannerError as error:
        st.session_state[keys.HOSTS_DONE] = edits.Notice("error", error.message)
        return
    _told(partial(_stored_words, "osm_stored", batch.added, batch.changed), batch.id)
    st.session_state.pop(keys.HOSTS_PREVIEW, None)


def _draw_sources(inputs: Inputs) -> tuple[Origin, ...]:
    lang = current()
    sizes = {
        "host": (len(lenders(inputs.hosts)), "hosts"),
        "gate": (len(inputs.enterprises), "enterprises"),
        "front": (0 if inputs.streets is None else 1, "streets"),
        "hard": (int((inputs.demand["window"] != "").any()), "windows"),
        "scattered": (len(inputs.demand), "demand"),
    }
    there = [origin for origin in ORIGINS if sizes[origin][0]]
    names = {
        "host": word("host_count", count=count(sizes["host"][0], lang)),
        "gate": word("gate_count", count=count(sizes["gate"][0], lang)),
    }
    chosen = st.pills(
        word("from"),
        there,
        selection_mode="multi",
        default=there,
        key=f"{keys.HOSTS_FROM}_{'_'.join(there)}",
        format_func=lambda origin: names.get(origin) or say(f"candidates.origin.{origin}", lang),
    )
    lacking = [origin for origin in ORIGINS if origin not in there]
    if lacking:
        told = "；" if lang == "zh" else "; "
        st.caption(
            told.join(
                f"{say(f'candidates.origin.{origin}', lang)}"
                f"{word('colon')}{say(f'candidates.lacking.{sizes[origin][1]}', lang)}"
                for origin in lacking
            )
        )
    return tuple(origin for origin in ORIGINS if origin in chosen)


def _draw_figures(chosen: tuple[Origin, ...]) -> tuple[float, float]:
    settings = read_settings()
    spacing_m, least_firm = settings.front_spacing_m, settings.gate_least_workers
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if "front" in chosen:
            spacing_m = st.number_input(
                word("spacing"),
                100,
                5000,
                round(spacing_m),
                step=100,
                key=keys.HOSTS_SPACING,
                width=220,
            )
        if "gate" in chosen:
            least_firm = st.number_input(
                word("least_firm"),
                0,
                100_000,
                round(least_firm),
                step=50,
                key=keys.HOSTS_FIRM,
                width=220,
            )
    return float(spacing_m), float(least_firm)


def _propose(
    register: Register,
    inputs: Inputs,
    chosen: tuple[Origin, ...],
    spacing_m: float,
    least_firm: float,
) -> Preview | None:
    st.session_state.pop(keys.HOSTS_DONE, None)
    figures = read_settings()
    settings = replace(figures, front_spacing_m=spacing_m, gate_least_workers=least_firm)
    parameters = Parameters()
    try:
        with st.spinner(word("working")):
            # Names are data: they are Chinese whatever the screen speaks.
            found = generate(inputs, parameters, origins=chosen, settings=settings, lang="zh")
            both = pd.concat([inputs.candidates, found.frame], ignore_index=True)
            ids = found.frame["id"].tolist()
            given = replace(inputs, candidates=both)
            spares = spare_hosts(given, parameters, ids, together=False)
    except PlannerError as error:
        show_error(error)
        return None
    preview = Preview(register.revision(), found, spares, uuid.uuid4().hex)
    st.session_state[keys.HOSTS_PREVIEW] = preview
    return preview


def _draw_preview(register: Register, inputs: Inputs, preview: Preview) -> None:
    if preview.revision != register.revision():
        st.info(word("stale"), icon=":material/refresh:")
        return
    found, lang = preview.found, current()
    if found.frame.empty:
        st.warning(word("nothing"))
        return
    total = count(len(found.frame), lang)
    st.markdown(f"**{word('all', count=total)}**")
    st.html(_legend(found))
    st.caption(word("dropped", count=count(len(found.dropped), lang)))
    known = pd.concat([inputs.stations[["lon", "lat"]], inputs.candidates[["lon", "lat"]]])
    held = known["lon"].to_numpy(dtype=np.float64), known["lat"].to_numpy(dtype=np.float64)
    title = word("map", count=total)
    st.image(
        draw_sketch(found.drafts.places, found.drafts.origins, held, inputs.streets, title),
        width="stretch",
    )
    table = preview_table(preview, lang)
    st.dataframe(
        table,
        hide_index=True,
        height=table_height(min(len(table), _TABLE_ROWS)),
        column_config={
            name: st.column_config.Column(word(f"column_{name}"), width=width)
            for name, width in _WIDTHS.items()
        },
    )
    st.caption(word("assumed"))
    with st.container(horizontal=True):
        st.button(
            word("store", count=total),
            key="hosts_store",
            type="primary",
            icon=":material/save:",
            on_click=_store,
            args=(register, preview),
        )
        st.button(word("discard"), key="hosts_discard", type="tertiary", on_click=_forget)


def _legend(found: Generated) -> str:
    """Return a line per origin, with its mark: sentences and figures of ours, no user text."""
    lang = current()
    kept = Counter(found.drafts.origins)
    lines = [
        f"<div>{legend_mark(origin)} "
        + word(
            "found",
            origin=say(f"candidates.origin.{origin}", lang),
            found=count(number, lang),
            kept=count(kept[origin], lang),
        )
        + "</div>"
        for origin, number in found.found.items()
        if origin not in found.lacking
    ]
    return f'<div style="font-size:.92rem;line-height:1.6">{"".join(lines)}</div>'


def preview_table(preview: Preview, lang: Lang) -> pd.DataFrame:
    """Return one row per proposal; what is assumed says so."""
    found = preview.found
    rows = []
    for number, record in enumerate(found.frame.to_dict("records")):
        item = found.recommendations[number]
        usual = hours_in_words(host_defaults(record["host_type"]).hours, lang)
        assumed = say("candidates.panel.default", lang, value=usual)
        known = hours_in_words(record["hours"], lang) if record["hours"] else ""
        rows.append(
            {
                "name": record["name"],
                "origin": say(f"candidates.origin.{found.drafts.origins[number]}", lang),
                "host": label("host_types", record["host_type"], lang) or word("no_host"),
                "kind": label("kinds", item.kind, lang),
                "cost": say("candidates.panel.default", lang, value=yuan(item.cost_yuan, lang)),
                "hours": known or (assumed if host_defaults(record["host_type"]).hours else ""),
                "seats": item.seats,
                "spares": _spares_text(preview.spares.get(record["id"], ()), lang),
                "why": found.why(number, lang),
                "reason": item.reason_zh if lang == "zh" else item.reason_en,
            }
        )
    return pd.DataFrame(rows, columns=list(_WIDTHS))


def _spares_text(spares: tuple[Spare, ...], lang: Lang) -> str:
    between = say("candidates.joint", lang)
    return between.join(spare.sentence(lang) for spare in spares[:_SHOWN_SPARES])


def _store(register: Register, preview: Preview) -> None:
    """Store a preview as one change; sent twice, it is stored once."""
    frame = preview.found.frame
    source = LayerSource(
        "candidates", say("candidates.panel.source", "zh"), synthetic=register.synthetic
    )
    try:
        batch = register.put_records(
            "candidates", frame, source, who=sign(register), key=preview.key
        )
    except PlannerError as error:
        st.session_state[keys.HOSTS_DONE] = edits.Notice("error", error.message)
        return
    _told(partial(_stored_words, "stored", batch.added, batch.changed), batch.id)
    _forget()


def _told(words: partial[str], event: int | None) -> None:
    st.session_state[keys.HOSTS_DONE] = edits.Notice("done", words, event)


def _stored_words(key: str, added: int, changed: int, lang: Lang) -> str:
    facts = {"added": count(added, lang), "changed": count(changed, lang)}
    return say(f"candidates.panel.{key}", lang, **facts)


def _forget() -> None:
    st.session_state.pop(keys.HOSTS_PREVIEW, None)
