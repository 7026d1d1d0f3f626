"""Photos of a record: shown small, added from a file or with a phone's camera."""

from collections.abc import Sequence

import streamlit as st

from geo.errors import PlannerError
from geo.reference import read_list
from register import Kind, Record, Register, Wanted
from register.photos import MAX_PHOTO_BYTES, Shown, photo_bytes
from ui.labels import label
from ui.language import current
from ui.ledger import edits as ledger_edits
from ui.ledger.form import draw_day
from ui.ledger.words import word
from ui.safe import plain

PHOTOGRAPHED: frozenset[Kind] = frozenset({"stations", "candidates", "enterprises", "hosts"})
"""The kinds whose records have photos on their page."""

TYPES = ("jpg", "jpeg", "png")
_SMALL_PX = 150
_MOST = 24


def photos_of(register: Register, kind: Kind, record_id: str) -> tuple[Record, ...]:
    """Return the latest photos of a record, at most two dozen, the newest first."""
    wanted = Wanted(only={"about_kind": [kind], "about": [record_id]})
    return register.page("photos", wanted, descending=True, limit=_MOST).records


def draw_photos(register: Register, record: Record, *, may: bool) -> None:
    """Draw what is there, and where it is allowed, how to add one."""
    held = photos_of(register, record.kind, record.id)
    with st.container(border=True, key="ledger_photos"):
        st.markdown(f"**{word('photo.title', count=len(held))}**")
        draw_small(register, [photo.id for photo in held])
        if not held:
            st.caption(word("photo.none"))
        if may:
            _draw_adding(register, record)


def draw_small(register: Register, photos: Sequence[str]) -> None:
    """Draw photos small, each with what it shows; one that cannot be read is told."""
    if not photos:
        return
    with st.container(horizontal=True, gap="small"):
        for sha256 in photos:
            try:
                photo = register.get("photos", sha256)
                content = photo_bytes(register, sha256)
            except PlannerError as error:
                st.caption(plain(error.message(current())), width=_SMALL_PX)
                continue
            facts = (label("photo_kinds", str(photo["photo_kind"]), current()), photo["taken_on"])
            told = " · ".join(str(fact) for fact in facts if fact)
            st.image(content, caption=plain(told), width=_SMALL_PX)


def _draw_adding(register: Register, record: Record) -> None:
    number = ledger_edits.form_id()
    form = f"photo_{record.id}_{number}"
    with st.expander(word("photo.add"), icon=":material/add_a_photo:", key="ledger_photo_add"):
        by_camera = st.toggle(word("photo.camera"), key=f"{form}_camera")
        if by_camera:
            st.caption(word("photo.camera_help"))
            sent = st.camera_input(
                word("photo.take"), key=f"{form}_taken", label_visibility="collapsed"
            )
        else:
            sent = st.file_uploader(
                word("photo.file"), type=list(TYPES), key=f"{form}_file", max_upload_size=20
            )
        lang = current()
        with st.container(horizontal=True, vertical_alignment="bottom"):
            shows = st.selectbox(
                word("photo.shows"),
                list(read_list("reference/photo_kinds")),
                format_func=lambda code: label("photo_kinds", code, lang),
                key=f"{form}_kind",
            )
            taken_on = draw_day(word("photo.taken_on"), f"{form}_day", today=True)
        st.caption(word("photo.cleaned", limit=MAX_PHOTO_BYTES // 2**20))
        stored = st.button(
            word("photo.store"), key=f"{form}_store", type="primary", disabled=sent is None
        )
    if not stored or sent is None:
        return
    shown = Shown(shows, record.kind, record.id, taken_on)
    ledger_edits.store_photo(register, sent.getvalue(), shown, f"photo-{number}")
    st.rerun()
