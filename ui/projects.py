"""The sample and the district: two registers, one shown at a time, never mixed."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Literal

import streamlit as st

from geo.errors import PlannerError
from register import Home, Register
from register.home import default_folder
from register.restore import Restored
from ui import identity, keys
from ui.language import tell

Project = Literal["sample", "district"]

_OPENING = Lock()


def who(*units: str) -> str:
    """Return the name that changes are signed with; `units`: whose records they change.

    Raises
    ------
    InputError
        Nobody said who they are, or their role may not change that (`identity.sign`).
    """
    return identity.sign(register(), *units)


def current() -> Project:
    """Return the project of this session: the district as soon as there is one."""
    if keys.PROJECT not in st.session_state:
        st.session_state[keys.PROJECT] = "sample" if district() is None else "district"
    project: Project = st.session_state[keys.PROJECT]
    return project


def register() -> Register:
    """Return the register of this session's project."""
    own = district() if current() == "district" else None
    return sample() if own is None else own


def sample() -> Register:
    """Return this installation's copy of the sample."""
    opened = _opened(str(default_folder()))
    with _OPENING:
        if "sample" not in opened:
            opened["sample"] = Home().open_sample()
        return opened["sample"]


def district() -> Register | None:
    """Return the district's own register; None: nobody has created one."""
    opened = _opened(str(default_folder()))
    with _OPENING:
        if "district" not in opened:
            found = Home().open_district()
            if found is None:
                return None
            opened["district"] = found
        return opened["district"]


def create_district(name: str) -> None:
    """Create the district's own register, empty, and show it."""
    created = Home().create_district(name, who=who())
    with _OPENING:
        _opened(str(default_folder()))["district"] = created
    show("district")


def set_aside_district() -> str:
    """Put the district's register away under a dated name, and show the sample; return the name.

    Raises
    ------
    InputError
        As `identity.sign_for_replacing`.
    """
    identity.sign_for_replacing(_replaced(district))
    opened = _opened(str(default_folder()))
    with _OPENING:
        for held in opened.values():
            held.close()  # who still holds one opens it again by using it
        aside = Home().set_aside_district()
    st.cache_resource.clear()  # what was computed of it, under a name that another may get
    show("sample")
    return aside.name


def restore_district(path: Path) -> Restored:
    """Put the register of a backup in the district's place, and show it.

    Raises
    ------
    PlannerError
        As `Home.restore` and `identity.sign_for_replacing`; nothing was changed.
    """
    signed = identity.sign_for_replacing(_replaced(district))
    restored = Home().restore(path, who=signed)
    opened = _opened(str(default_folder()))
    with _OPENING:
        held = opened.pop("district", None)
        if held is not None:
            held.close()
    st.cache_resource.clear()  # what was computed of the other one, under the same number
    show("district")
    return restored


def _replaced(opening: Callable[[], Register | None]) -> Register | None:
    """Return a register that is to be replaced; one that cannot be read cannot say who may."""
    try:
        found = opening()
        if found is not None:
            identity.actor(found)
    except PlannerError:
        return None
    return found


def reset_sample() -> None:
    """Bring the sample back to what was shipped; the district is not touched.

    Raises
    ------
    InputError
        As `identity.sign`.
    """
    found = _replaced(sample)
    signed = identity.sign_for_replacing(None) if found is None else identity.sign(found)
    Home().reset_sample(who=signed).close()
    show("sample")


def show(project: Project) -> None:
    """Switch this session to a project; what was picked in the other one is forgotten."""
    st.session_state[keys.PROJECT] = project
    for key in keys.OF_ONE_PROJECT:
        st.session_state.pop(key, None)


def title(opened: Register) -> str:
    """Return what the project on the screen is called."""
    return tell("project.sample") if opened.synthetic else opened.name


def _close(opened: dict[Project, Register]) -> None:
    for held in opened.values():
        held.close()


@st.cache_resource(show_spinner=False, on_release=_close)
def _opened(folder: str) -> dict[Project, Register]:
    del folder
    return {}
