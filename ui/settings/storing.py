"""The settings page's changes: asked of the server anew, stored, noted in the access log."""

from dataclasses import replace
from functools import partial

import streamlit as st

from geo.errors import InputError, PlannerError
from register import Register
from register.home import default_folder
from register.settings import APPROVAL, settle
from register.settings_installation import (
    Basemap,
    Installation,
    TileDatum,
    settle_installation,
)
from reports.webmap import is_template
from ui import edits, identity, keys, projects
from ui.edits import Words
from ui.sign_in.ways import note
from words import Lang, say

LONGEST_APPROVAL = 40
"""Signs of a map approval number (inclusive)."""


def register_of_keepers() -> Register:
    """Return the register whose users say who sits here: the district's, if there is one."""
    own = projects.district()
    return projects.sample() if own is None else own


def settle_basemap(seen: Installation, basemap: Basemap, key: str) -> None:
    """Choose what lies under the map, and the key of 天地图; what is refused is told."""
    wanted = replace(seen, basemap=basemap, tianditu_key=key)
    try:
        who = identity.sign_for_settings(register_of_keepers())
        made = settle_installation(default_folder(), wanted, seen=seen.version)
    except PlannerError as error:
        edits.tell_error(error.message)
        return
    note("settings_changed", who=who, setting="basemap", to=made.basemap)
    name = partial(say, f"settings.basemap.{made.basemap}")
    _told(lambda lang: say("settings.basemap.saved", lang, basemap=name(lang)))


def settle_own_tiles(seen: Installation, url: str, datum: TileDatum, credit: str) -> None:
    """Put the house's own tiles under the map; what is refused is told."""
    wanted = replace(
        seen, basemap="intranet", tiles_url=url, tiles_datum=datum, tiles_credit=credit
    )
    try:
        who = identity.sign_for_settings(register_of_keepers())
        if url and not is_template(url):
            raise InputError("settings_tiles_url")
        settle_installation(default_folder(), wanted, seen=seen.version)
    except PlannerError as error:
        edits.tell_error(error.message)
        return
    note("settings_changed", who=who, setting="basemap", to=f"intranet {datum} {url}")
    name = partial(say, "settings.basemap.intranet")
    _told(lambda lang: say("settings.basemap.saved", lang, basemap=name(lang)))


def settle_limits(seen: Installation, plan_seconds: int, searches: int) -> None:
    """Limit plans in time, and how many are looked for at once; what is refused is told."""
    wanted = replace(seen, plan_seconds=plan_seconds, searches=searches)
    try:
        who = identity.sign_for_settings(register_of_keepers())
        settle_installation(default_folder(), wanted, seen=seen.version)
    except PlannerError as error:
        edits.tell_error(error.message)
        return
    note("settings_changed", who=who, setting="limits", to=f"{plan_seconds} s, {searches}")
    _told(partial(say, "settings.limits.saved"))


def settle_approval(register: Register, number: str) -> None:
    """Say by which number the district's maps were approved; "" for none."""
    given = " ".join(number.split())
    try:
        if len(given) > LONGEST_APPROVAL or not given.isprintable():
            raise InputError("settings_approval", most=LONGEST_APPROVAL)
        who = identity.sign_for_district(register)
        settle(register, APPROVAL, given, who=who)
    except PlannerError as error:
        edits.tell_error(error.message)
        return
    key = "map.badge.approved" if given else "map.badge.internal"

    def words(lang: Lang) -> str:
        return say("settings.approval.saved", lang, text=say(key, lang, number=given))

    _told(words)


def _told(words: Words) -> None:
    st.session_state[keys.NOTICE] = edits.Notice("done", words)
