"""设置: what lies under the map, who works here, backups, limits, the district, the look."""

from typing import Literal, get_args

import streamlit as st

from register import Register
from ui import edits, identity, keys, projects
from ui.compute import read_book
from ui.data.backups import draw_backups
from ui.data.district_care import draw_care
from ui.ledger.people import draw_choice_of_person, draw_people
from ui.ledger.words import spoken
from ui.project_bar import draw_project_bar
from ui.settings.basemap import draw_basemap
from ui.settings.limits import draw_limits
from ui.settings.look import draw_look
from ui.settings.words import word

Part = Literal["basemap", "people", "backup", "limits", "district", "look"]
PARTS: tuple[Part, ...] = get_args(Part)


def draw() -> None:
    """Draw the page: one part at a time."""
    register = projects.register()
    draw_project_bar(register)
    if identity.actor(register) is None:
        draw_choice_of_person(register)
    edits.draw_notice(register)
    part = st.segmented_control(
        word("part.title"),
        PARTS,
        default=PARTS[0],
        required=True,
        format_func=spoken(PARTS, lambda name: word(f"part.{name}")),
        key=keys.SETTINGS_PART,
        persist_state="session",
        label_visibility="collapsed",
    )
    {
        "basemap": draw_basemap,
        "people": draw_people,
        "backup": _draw_backup,
        "limits": draw_limits,
        "district": _draw_district,
        "look": _draw_look,
    }[part](register)


def _draw_look(_register: Register) -> None:
    """Draw what is the browser's alone."""
    draw_look()


def _draw_backup(register: Register) -> None:
    if register.synthetic:
        st.info(word("backup.sample"), icon=":material/science:")
    else:
        draw_backups(register)


def _draw_district(register: Register) -> None:
    if register.synthetic:
        st.info(word("district.sample"), icon=":material/science:")
    else:
        draw_care(register, read_book(register).inputs)
