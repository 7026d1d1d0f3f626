"""Who sits here: everybody signs what they change; a signature is not a sign-in.

As long as a register knows nobody, whoever sits at this computer may do everything and signs as its
local user. As soon as it knows users, each session says once who it is; until then it only reads.
What a role may do stands in data/reference/roles.toml; `sign` and `sign_for` refuse the rest.
"""

from collections.abc import Mapping

import streamlit as st

from geo.errors import InputError, PlannerError
from geo.reference import read_list
from register import Event, Kind, Record, Register
from register.finding import unit_column
from register.tables import KINDS
from register.users import Actor, actor_of
from ui import keys
from ui.labels import label
from ui.language import current
from words import say

LOCAL_ROLE = "admin"
"""What the local user of a computer is: nobody else is on record."""

_ASKED_FOR: frozenset[Kind] = frozenset({"targets", "totals", "units"})
"""What only those write who speak for the district."""


def local_user() -> Actor:
    """Return whoever sits at this computer while the register knows nobody."""
    return Actor(say("register.local_user", "zh"), LOCAL_ROLE)


def people(register: Register) -> tuple[Record, ...]:
    """Return the active users of a register, in the order of their creation."""
    return tuple(user for user in register.records("users") if user["active"])


def actor(register: Register) -> Actor | None:
    """Return who this session is; None: the register knows users, and nobody was picked."""
    if not register.records("users"):
        return local_user()
    login = _signed().get(str(register.folder))
    if login is None:
        return None
    try:
        return actor_of(register, login)
    except InputError:
        return None  # not active any more: who sits here says so anew


def choose(register: Register, login: str | None) -> None:
    """Remember for this session who sits here; None: nobody."""
    signed = {**_signed()}
    signed.pop(str(register.folder), None)
    if login is not None:
        signed[str(register.folder)] = login
    st.session_state[keys.SIGNED] = signed


def _signed() -> Mapping[str, str]:
    held: Mapping[str, str] = st.session_state.get(keys.SIGNED, {})
    return held


def present(register: Register) -> Actor:
    """Return who this session is.

    Raises
    ------
    InputError
        Nobody was picked.
    """
    found = actor(register)
    if found is None:
        raise InputError("identity_nobody")
    return found


def sign(register: Register, *units: str) -> str:
    """Return the name that a change is signed with.

    Parameters
    ----------
    register
        What is changed.
    units
        Whose records are changed, before and after; none named: the district's as a whole.

    Raises
    ------
    InputError
        Nobody was picked, or their role may not do that.
    """
    who = present(register)
    for unit in units or ("",):
        if not who.writes_for(unit):
            raise _refusal(who)
    return who.who


def may_settle(register: Register) -> bool:
    """Tell whether this session speaks for the district."""
    who = actor(register)
    return who is not None and who.asks and who.writes_for("")


def sign_for_district(register: Register) -> str:
    """Return the name that a ruling of the district is signed with.

    Raises
    ------
    InputError
        This session does not speak for the district.
    """
    if not may_settle(register):
        raise InputError("identity_district_only")
    return sign(register)


def sign_for(register: Register, kind: Kind, *states: Mapping[str, object]) -> str:
    """Return the name that a change of a record is signed with.

    Parameters
    ----------
    register, kind
        What is changed.
    states
        The record's columns before and after the change.

    Raises
    ------
    InputError
        As `sign`.
    """
    who = present(register)
    if kind == "users" and not who.keeps_users:
        raise InputError("identity_keeps_users")
    if kind in _ASKED_FOR and not who.asks:
        raise InputError("identity_district_only")
    return sign(register, *(unit_of(register, kind, state) for state in states))


def sign_undoing(register: Register, event: Event) -> str:
    """Return the name that undoing an event is signed with.

    Raises
    ------
    InputError
        As `sign`; who writes only their unit's records cannot undo a whole import.
    """
    kind = next((kind for kind in KINDS if kind == event.kind), None)
    states = [state for state in (event.before, event.after) if state]
    if kind is None or event.batch == event.id:
        return sign(register)
    if kind == "tasks":
        raise InputError("register_own_door", table=kind)
    return sign_for(register, kind, *states)


def may_change(register: Register, kind: Kind, state: Mapping[str, object]) -> bool:
    """Tell whether this session may change a record: what it may not is not offered."""
    try:
        sign_for(register, kind, state)
    except InputError:
        return False
    return True


def may_add(register: Register, kind: Kind) -> bool:
    """Tell whether this session may add records of a kind, of some unit at least."""
    who = actor(register)
    if who is None or not who.writes_for(who.unit):
        return False
    if kind == "users":
        return who.keeps_users
    return who.asks or kind not in _ASKED_FOR


def unit_of(register: Register, kind: Kind, state: Mapping[str, object]) -> str:
    """Return the unit that a record belongs to: its own, or that of the record it is about."""
    column = unit_column(kind)
    if column is not None:
        return str(state.get(column) or "")
    if "station" in state:
        return _unit_of_named(register, "stations", str(state["station"]))
    about_kind = next((kind for kind in KINDS if kind == state.get("about_kind")), None)
    if about_kind is None:
        return ""
    return _unit_of_named(register, about_kind, str(state.get("about", "")))


def _unit_of_named(register: Register, kind: Kind, record_id: str) -> str:
    try:
        record = register.get(kind, record_id)
    except PlannerError:
        return ""
    return unit_of(register, kind, record.fields)


def _refusal(who: Actor) -> InputError:
    if read_list("reference/roles")[who.role]["writes"] == "none":
        return InputError("identity_reads_only", role=label("roles", who.role, current()))
    return InputError("identity_own_unit", unit=who.unit or "—")
