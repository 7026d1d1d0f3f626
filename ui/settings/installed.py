"""What an administrator has settled for this installation, as pages ask for it."""

from dataclasses import replace

import streamlit as st

from geo.errors import InputError
from register.home import default_folder
from register.settings import APPROVAL, settled
from register.settings_installation import Installation, installation
from reports.webmap import PROVIDERS, MapScene, Tiles, approved, is_template
from ui import projects
from ui.language import current
from ui.safe import plain


def in_force() -> Installation:
    """Return what is settled; where the file cannot be read the usual values hold.

    The pages say so (`draw_alarm`): no base map and usual limits are the safe side.
    """
    try:
        return installation(default_folder())
    except InputError:
        return Installation()


def tiles() -> Tiles | None:
    """Return the tiles that live maps lie on; None: on their own drawing."""
    found = in_force()
    provider = next((known for known in PROVIDERS if known == found.basemap), None)
    if provider is None:
        return None
    if provider != "intranet":
        return Tiles(provider, found.tianditu_key if provider == "tianditu" else "")
    if not is_template(found.tiles_url):  # a file that somebody wrote by hand
        return None
    return Tiles(provider, url=found.tiles_url, datum=found.tiles_datum, credit=found.tiles_credit)


def dressed(scene: MapScene) -> MapScene:
    """Return a scene on the tiles that are settled, saying what the district's maps are."""
    number = settled(projects.register(), APPROVAL)
    return replace(approved(scene, number or ""), tiles=tiles())


def draw_alarm() -> None:
    """Say that the settings cannot be read, if so."""
    try:
        installation(default_folder())
    except InputError as error:
        st.warning(plain(error.message(current())), icon=":material/warning:")
