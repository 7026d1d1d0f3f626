"""The form of the house's own tiles, and one tile asked for by the browser that would use them."""

import uuid
from typing import Any

import streamlit as st

from register import Register
from register.settings_installation import (
    LONGEST_TILES_CREDIT,
    LONGEST_TILES_URL,
    TILE_DATUMS,
    Installation,
    TileDatum,
)
from reports.webmap import is_template, tile_at
from reports.webmap.payload import script_json
from ui import edits
from ui.compute import base_of, read_book
from ui.language import current
from ui.settings.storing import settle_own_tiles
from ui.settings.words import word
from words import say

PATIENCE_S = 8
"""So long the browser waits for the tile that is tried."""

_TRY_ZOOM = 12
_URL, _DATUM, _CREDIT, _TRIED = "tiles_url", "tiles_datum", "tiles_credit", "tiles_tried"
_BOX = """<div class="%s" role="status" style="padding:.6rem .8rem;font-size:.95rem;
border:1px solid currentColor;border-radius:.5rem;overflow-wrap:anywhere">%s</div>"""
_SCRIPT = """<script>
(() => {
  const told = %s;
  const say = (text) => {
    const box = document.querySelector("." + told.box);
    if (box) box.textContent = text;
  };
  if (location.protocol === "https:" && told.tile.startsWith("http:")) { say(told.mixed); return; }
  const picture = new Image();
  const late = setTimeout(() => { picture.onload = picture.onerror = null; say(told.late); },
    told.patience);
  picture.onload = () => { clearTimeout(late); say("✓ " + told.ok); };
  picture.onerror = () => { clearTimeout(late); say("✗ " + told.bad + told.tile); };
  picture.referrerPolicy = "no-referrer";
  picture.src = told.tile;
})();
</script>"""


def draw_own_tiles(register: Register, seen: Installation) -> None:
    """Draw the form; a tile is tried before anything is stored, by the browser of who asks."""
    version = seen.version
    with st.form(f"own_tiles_{version}", border=False):
        st.text_input(
            word("basemap.tiles_url"),
            seen.tiles_url,
            max_chars=LONGEST_TILES_URL,
            placeholder=say("settings.basemap.tiles_hint", current()),
            key=f"{_URL}_{version}",
            autocomplete="off",
        )
        st.caption(word("basemap.tiles_url_help"))
        st.radio(
            word("basemap.tiles_datum"),
            TILE_DATUMS,
            index=TILE_DATUMS.index(seen.tiles_datum),
            format_func={name: word(f"basemap.tiles_{name}") for name in TILE_DATUMS}.__getitem__,
            key=f"{_DATUM}_{version}",
        )
        st.text_input(
            word("basemap.tiles_credit"),
            seen.tiles_credit,
            max_chars=LONGEST_TILES_CREDIT,
            placeholder=word("basemap.tiles_credit_hint"),
            key=f"{_CREDIT}_{version}",
        )
        with st.container(horizontal=True):
            st.form_submit_button(
                word("basemap.save"), type="primary", on_click=_save, args=(seen,)
            )
            st.form_submit_button(word("basemap.tiles_try"), on_click=_try, args=(version,))
    tried: tuple[str, str] | None = st.session_state.get(_TRIED)
    if tried is not None:
        _ask(register, *tried)


def _written(version: int) -> tuple[str, TileDatum, str]:
    state: Any = st.session_state
    url, credit = (str(state.get(f"{name}_{version}", "")).strip() for name in (_URL, _CREDIT))
    datum: TileDatum = state.get(f"{_DATUM}_{version}", TILE_DATUMS[0])
    return url, datum, credit


def _save(seen: Installation) -> None:
    st.session_state.pop(_TRIED, None)
    settle_own_tiles(seen, *_written(seen.version))


def _try(version: int) -> None:
    """Keep what is to be tried; another number makes the browser ask anew."""
    url, _, _ = _written(version)
    st.session_state.pop(_TRIED, None)
    edits.forget_notice()
    if is_template(url):
        st.session_state[_TRIED] = (url, uuid.uuid4().hex)
    else:
        key = "settings_tiles_url" if url else "settings_tiles_missing"
        edits.tell_error(lambda lang: say(f"errors.{key}", lang))


def _ask(register: Register, url: str, number: str) -> None:
    west, south, east, north = base_of(register, read_book(register).inputs).bounds
    told = {
        "box": f"tile{number}",
        "tile": tile_at(url, (west + east) / 2, (south + north) / 2, _TRY_ZOOM),
        "ok": word("basemap.tiles_ok"),
        "bad": word("basemap.tiles_bad"),
        "mixed": word("basemap.tiles_mixed"),
        "late": word("basemap.tiles_late", seconds=PATIENCE_S),
        "patience": PATIENCE_S * 1000,
    }
    st.html(_BOX % (told["box"], word("basemap.tiles_trying")))
    st.html(_SCRIPT % script_json(told), unsafe_allow_javascript=True)
