"""Who sits here, and what they may do: everybody signs what they change.

Where a way to sign in is configured, a session is whose account came in (`current_user`).
Where none is, a signature is not a sign-in: as long as a register knows nobody, whoever sits at
this computer may do everything and signs as its local user; as soon as it knows users, each session
says once who it is, and until then it only reads.
What a role may do stands in data/reference/roles.toml; `sign` and its like refuse the rest, and the
access log tells what was refused.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

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
from ui.sign_in import ways as sign_in_ways
from words import say

LOCAL_ROLE = "admin"
"""What the local user of a computer is: nobody else is on record."""

_ASKED_FOR: frozenset[Kind] = frozenset({"targets", "totals", "units"})
"""What only those write who speak for the district."""

_REFUSALS = frozenset(
    {
        "identity_nobody",
        "identity_not_signed_in",
        "identity_reads_only",
        "identity_own_unit",
        "identity_district_only",
        "identity_keeps_settings",
        "identity_keeps_users",
        "identity_whole_register",
        "identity_restores",
        "task_for_district",
        "task_for_unit",
    }
)
"""Codes of what is refused to somebody, and not to what they gave."""


def signs_in() -> bool:
    """Tell whether a way to sign in is configured.

    Raises
    ------
    InputError
        What is configured cannot work: nobody comes in.
    """
    return sign_in_ways.settings().way != "none"


def current_user() -> Actor | None:
    """Return who has signed in; None: nobody, or who must first set a password of their own.

    Raises
    ------
    PlannerError
        What is configured cannot work, or the accounts cannot be read.
    """
    account = sign_in_ways.arrival().account
    if account is None:
        return None
    waits = account.must_change and sign_in_ways.settings().way == "local"
    return None if waits else account.actor


def local_user() -> Actor:
    """Return whoever sits at this computer while the register knows nobody."""
    return Actor(say("register.local_user", "zh"), LOCAL_ROLE)


def people(register: Register) -> tuple[Record, ...]:
    """Return the active users of a register, in the order of their creation."""
    return tuple(user for user in register.records("users") if user["active"])


def actor(register: Register) -> Actor | None:
    """Return who this session is; None: nobody has signed in, or was picked among the users."""
    if signs_in():
        return current_user()
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
        raise _nobody()
    return found


def _nobody() -> InputError:
    return InputError("identity_not_signed_in" if signs_in() else "identity_nobody")


@contextmanager
def refusals_noted(register: Register) -> Iterator[None]:
    """Note in the access log what a block refuses to who sits here; it stays refused."""
    try:
        yield
    except InputError as error:
        if error.code in _REFUSALS:
            _note_refusal(error, actor(register), register.name)
        raise


def _note_refusal(error: InputError, who: Actor | None, register: str) -> None:
    facts = {} if who is None else {"who": who.who, "role": who.role, "unit": who.unit}
    sign_in_ways.note("refused", code=error.code, register=register, **facts)


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
    with refusals_noted(register):
        return _sign(register, *units)


def _sign(register: Register, *units: str) -> str:
    who = present(register)
    for unit in units or ("",):
        if not who.writes_for(unit):
            raise _refusal(who)
    return who.who


def _sign_if(register: Register, allowed: Callable[[Actor], bool], refusal: str) -> str:
    """Return who sits here if their role is allowed to; else refuse by this code, and note it."""
    with refusals_noted(register):
        who = present(register)
        if not allowed(who):
            raise InputError(refusal)
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
    with refusals_noted(register):
        if not present(register).asks:
            raise InputError("identity_district_only")
        return _sign(register)


def may_keep_whole(register: Register) -> bool:
    """Tell whether this session may take a whole register out of the house, or bring one in."""
    who = actor(register)
    return who is not None and _keeps_whole(who)


def sign_for_whole(register: Register) -> str:
    """Return the name that is signed with when a whole register is backed up or taken along.

    A backup holds every name and phone: whoever takes one must see them all and write everywhere.

    Raises
    ------
    InputError
        Nobody has signed in, or their role may not do that.
    """
    return _sign_if(register, _keeps_whole, "identity_whole_register")


def sign_for_replacing(register: Register | None) -> str:
    """Return the name that is signed with when a register is put in another one's place.

    The other one may have other users: whoever could choose it could make themselves anything.

    Parameters
    ----------
    register
        What is replaced; None: there is none, or it cannot be opened, and cannot say who may.

    Raises
    ------
    InputError
        Nobody has signed in, or their role does not keep users.
    """
    who = _who_replaces(register)
    if who is not None and who.keeps_users:
        return who.who
    error = _nobody() if who is None else InputError("identity_restores")
    _note_refusal(error, who, "" if register is None else register.name)
    raise error


def may_replace(register: Register | None) -> bool:
    """Tell whether this session may put a register in this one's place, or start afresh."""
    who = _who_replaces(register)
    return who is not None and who.keeps_users


def _who_replaces(register: Register | None) -> Actor | None:
    if register is not None:
        return actor(register)
    return current_user() if signs_in() else local_user()


def may_keep_settings(register: Register) -> bool:
    """Tell whether this session may settle what holds for the whole installation."""
    who = actor(register)
    return who is not None and _keeps_settings(who)


def sign_for_settings(register: Register) -> str:
    """Return who settles what holds for the whole installation: base map, key, limits.

    Parameters
    ----------
    register
        Whose users say who sits here, where nobody signs in: the district's, if there is one.

    Raises
    ------
    InputError
        Nobody has signed in, or their role may not do that.
    """
    return _sign_if(register, _keeps_settings, "identity_keeps_settings")


def _keeps_settings(who: Actor) -> bool:
    return bool(read_list("reference/roles")[who.role]["keeps_settings"])


def _keeps_whole(who: Actor) -> bool:
    return who.writes_for("") and read_list("reference/roles")[who.role]["sees_personal"] == "any"


def check_reader(register: Register) -> None:
    """Refuse who may not even read: where people sign in, whoever has not.

    Raises
    ------
    InputError
        Nobody has signed in.
    """
    if signs_in():
        with refusals_noted(register):
            present(register)


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
    with refusals_noted(register):
        return _sign_for(register, kind, *states)


def _sign_for(register: Register, kind: Kind, *states: Mapping[str, object]) -> str:
    who = present(register)
    if kind == "users" and not who.keeps_users:
        raise InputError("identity_keeps_users")
    if kind in _ASKED_FOR and not who.asks:
        raise InputError("identity_district_only")
    return _sign(register, *(unit_of(register, kind, state) for state in states))


def sign_undoing(register: Register, event: Event) -> str:
    """Return the name that undoing an event is signed with.

    Raises
    ------
    InputError
        As `sign`; who writes only their unit's records cannot undo a whole import.
    """
    kind = next((kind for kind in KINDS if kind == event.kind), None)
    if kind is None:
        return sign(register)
    if event.batch == event.id:  # a whole import: what it holds decides, and every unit is in it
        return sign_for(register, kind)
    if kind == "tasks":
        raise InputError("register_own_door", table=kind)
    states = [state for state in (event.before, event.after) if state]
    return sign_for(register, kind, *states)


def may_change(register: Register, kind: Kind, state: Mapping[str, object]) -> bool:
    """Tell whether this session may change a record: what it may not is not offered."""
    try:
        _sign_for(register, kind, state)
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
