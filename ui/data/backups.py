"""备份与恢复: a backup by button and every day, the way back from one, and what is wrong."""

import math
from functools import partial
from pathlib import Path

import streamlit as st

from geo.errors import PlannerError
from register import Home, Register, checking
from register.aside import aside_in
from register.backup import Backup
from register.health import DAMAGED
from register.home import default_folder
from register.schedule import DAILY, Keeper
from siting import district_time
from ui import edits, identity, keys, projects
from ui.language import current, tell
from ui.safe import plain
from ui.settings import installed
from ui.settings.words import word
from words import count, say

MAX_DOWNLOAD_BYTES = 50 << 20
"""Largest backup (inclusive) that is handed to the browser; a larger one is copied as a file."""

_SHOWN = 30
_LOOK_S = 1.0  # how often the page looks how far a check is
_MEGABYTE = 1_000_000
_RESCUED = {DAMAGED, "register_empty"}


def draw_alarm(register: Register) -> None:
    """Say on every page what is wrong with register or settings, or that a backup failed."""
    installed.draw_alarm()
    if register.health.read_only:
        st.error(tell("backup.read_only"), icon=":material/lock:")
    elif register.health.files:
        st.warning(
            tell("backup.files", count=len(register.health.files)), icon=":material/warning:"
        )
    if register.synthetic:
        return
    failure = keeper().failure
    if failure is not None:
        when = district_time.to_the_minute(failure.at)
        why = failure.error.message(current())
        st.warning(plain(tell("backup.failed", when=when, why=why)), icon=":material/warning:")


def draw_backups(register: Register) -> None:
    """Draw the check of the whole, the last backup, one by button, and the way back from one."""
    home = Home()
    _draw_check(register)
    if home.on_server:
        st.info(tell("backup.on_server"))
        return
    own = register.backups_in(home.backups_folder)
    _draw_last(own, register)
    st.caption(tell("backup.schedule", keep=DAILY.keep, folder=plain(str(home.backups_folder))))
    st.divider()
    if identity.may_replace(register):
        _draw_restore(home, register.name)
    else:
        st.caption(f":material/lock: {word('who.restores')}")


def draw_rescue(error: PlannerError) -> None:
    """Offer to restore where the register cannot be opened at all."""
    home = Home()
    if error.code in _RESCUED and not home.on_server:
        with st.container(border=True, key="rescue"):
            _draw_restore(home, tell("backup.word"))


def keeper() -> Keeper:
    """Return the keeper of the daily backups; one runs as long as the server does."""
    found = kept(str(default_folder()))
    found.start()
    return found


@st.cache_resource(show_spinner=False, on_release=Keeper.stop)
def kept(folder: str) -> Keeper:
    """Return the keeper of the home in a folder; a team's register is backed up by its server."""
    del folder
    return Keeper(Home(), projects.district)


def back_up(register: Register) -> None:
    """Write a backup now, and tell where it is."""
    try:
        identity.sign_for_whole(register)
        made = checking.back_up(
            register, Home().backups_folder, daily=False, watch=lambda _share: True
        )
    except PlannerError as error:
        st.session_state[keys.NOTICE] = edits.Notice("error", error.message)
        return
    if made is None:  # nobody ends it here
        return
    kept(str(default_folder())).failure = None
    st.session_state[keys.NOTICE] = edits.Notice(
        "done", partial(say, "ui.backup.made", file=made.path.name, folder=made.path.parent)
    )


def _draw_check(register: Register) -> None:
    """Draw whether everything was compared with the ledger, and how far that is."""
    check = keeper().full_check
    going = check.share is not None
    every = _LOOK_S if going else None
    st.fragment(run_every=every)(partial(_check_status, register, check, going=going))()


def _check_status(register: Register, check: checking.FullCheck, *, going: bool) -> None:
    if (check.share is not None) != going:
        st.rerun()
    if check.share is not None:
        share = math.floor(check.share * 100)
        st.progress(check.share, tell("backup.checking", share=share))
        st.button(
            tell("backup.check_stop"), key="stop_check", icon=":material/stop:", on_click=check.stop
        )
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        state = "checked" if register.health.checked else "unchecked"
        if register.health.checked and not register.health.whole:
            state = "check_found"
        st.markdown(tell(f"backup.{state}"), width="stretch")
        st.button(
            tell("backup.check_now"),
            key="check_now",
            icon=":material/fact_check:",
            on_click=check.start,
            args=(register,),
        )
    if check.failure is not None:
        st.warning(plain(check.failure.message(current())), icon=":material/warning:")


def _draw_last(own: tuple[Backup, ...], register: Register) -> None:
    if own:
        last = own[0]
        same = last.head == register.head()
        st.markdown(
            tell(
                "backup.last" if same else "backup.last_older",
                when=_when(last),
                file=plain(last.path.name),
                size=_size(last.size_bytes),
                count=count(register.revision() - last.revision, current()),
            )
        )
    else:
        st.info(tell("backup.none"))
    if not identity.may_keep_whole(register):
        st.caption(f":material/lock: {word('who.whole')}")
        return
    with st.container(horizontal=True):
        st.button(
            tell("backup.now"),
            key="back_up",
            type="primary",
            icon=":material/save:",
            on_click=back_up,
            args=(register,),
        )
        if own and own[0].size_bytes <= MAX_DOWNLOAD_BYTES:
            st.download_button(
                tell("backup.download"),
                data=own[0].path.read_bytes,
                file_name=own[0].path.name,
                mime="application/zip",
                key="download_backup",
                icon=":material/download:",
                on_click="ignore",
            )


def _draw_restore(home: Home, to_type: str) -> None:
    st.markdown(f"**{tell('backup.restore_title')}**")
    st.caption(tell("backup.restore_help"))
    offered = [found for found in home.backups() if not found.synthetic][:_SHOWN]
    labels = {str(found.path): _label(found) for found in offered}
    with st.form("restore", border=False):
        chosen = st.selectbox(
            tell("backup.which"),
            list(labels),
            format_func=lambda path: labels.get(path, ""),
            placeholder=tell("backup.none_listed"),
        )
        brought = st.file_uploader(tell("backup.upload"), type=["zip"])
        typed = st.text_input(tell("backup.confirm", name=plain(to_type)))
        sent = st.form_submit_button(tell("backup.restore"), icon=":material/history:")
    if not sent:
        return
    if typed.strip() != to_type:
        st.warning(tell("care.not_confirmed"))
    elif brought is not None:
        with aside_in(home.folder) as aside:
            safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in Path(brought.name).stem)
            path = aside / f"{safe[:80]}.zip"
            path.write_bytes(brought.getbuffer())
            _restore(path)
    elif offered:
        _restore(Path(chosen))
    else:
        st.warning(tell("backup.none_listed"))


def _restore(path: Path) -> None:
    try:
        with st.spinner(tell("backup.restoring")):
            restored = projects.restore_district(path)
    except PlannerError as error:
        st.error(plain(error.message(current())), icon=":material/error:")
        return
    aside = restored.aside.name if restored.aside is not None else "–"
    st.session_state[keys.NOTICE] = edits.Notice(
        "done", partial(say, "ui.backup.restored", when=_when(restored.backup), folder=aside)
    )
    st.rerun()


def _size(in_bytes: int) -> str:
    if in_bytes < _MEGABYTE:
        return f"{in_bytes / 1000:,.0f} kB"
    return f"{in_bytes / _MEGABYTE:,.1f} MB"


def _label(found: Backup) -> str:
    sort = tell("backup.daily" if found.daily else "backup.by_hand")
    return f"{_when(found)} · {found.name} · {sort}"


def _when(found: Backup) -> str:
    return district_time.to_the_minute(found.made_at)
