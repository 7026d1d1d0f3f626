"""Who works with this register: chosen once per session, kept by who may."""

from functools import partial

import pandas as pd
import streamlit as st

from geo.errors import InputError, PlannerError
from geo.reference import read_list
from register import Record, Register
from register.users import Actor
from ui import identity
from ui.identity import sign_for
from ui.labels import label
from ui.language import current
from ui.ledger import edits as ledger_edits
from ui.ledger.words import done, refused, word
from ui.look import table_height
from ui.safe import plain
from ui.sign_in.page import word as sign_in_word
from ui.sign_in.people import draw_accounts
from ui.sign_in.role_choice import role_and_unit


def draw_signature(register: Register, who: Actor) -> None:
    """Draw who signs here, and the way to say that somebody else sits here now."""
    if identity.signs_in():
        st.caption(sign_in_word("corner.signed", who=plain(described(who))), width="content")
        return
    if who == identity.local_user():
        st.caption(word("sign.local", who=plain(who.who)), width="content")
        return
    with st.popover(plain(described(who)), icon=":material/person:", key="signed"):
        st.caption(word("sign.told", who=plain(who.who)))
        st.button(
            word("sign.change"),
            key="sign_change",
            on_click=partial(identity.choose, register, None),
        )


def described(who: Actor) -> str:
    """Return somebody with their unit and role, as people tell them apart."""
    facts = [who.who, who.unit, label("roles", who.role, current())]
    return " · ".join(fact for fact in facts if fact)


def draw_people(register: Register) -> None:
    """Draw the users on record, or the accounts, and, for who may, the form of another one."""
    if identity.signs_in():
        draw_accounts(register)
        return
    users = register.records("users")
    st.caption(word("people.help"))
    if users:
        table = _table(users)
        st.dataframe(table, hide_index=True, height=table_height(len(table)))
    if not identity.may_change(register, "users", {}):
        st.info(word("people.not_allowed"), icon=":material/lock:")
        return
    if not users:
        st.info(word("people.first"), icon=":material/person_add:")
    _draw_new(register)
    _draw_changing(register, users)


def add_user(register: Register, person: str, role: str, unit: str, form: str) -> None:
    """Put somebody on record; they are known by their name.

    The first one must be able to keep users: nobody else could add the second.
    """
    name = " ".join(person.split())
    if not name:
        refused(InputError("register_missing_value", column="person", table="users"))
        return
    given = {"login": name, "person": name, "role": role, "unit": unit, "active": True}
    first = not register.records("users")
    try:
        _check_first(register, role)
        who = sign_for(register, "users", given)
        register.add("users", given, who=who, key=form)
    except PlannerError as error:
        refused(error)
        return
    ledger_edits.next_form()
    if first:
        identity.choose(register, name)
    done("people.added", name=name)


def change_user(register: Register, user: Record, role: str, unit: str, *, active: bool) -> None:
    """Give somebody another role or unit, or let them sign no more; one who keeps users remains."""
    keepers = [u for u in identity.people(register) if _keeps(str(u["role"]))]
    if keepers == [user] and not (active and _keeps(role)):
        refused(InputError("identity_last_keeper"))
        return
    try:
        who = sign_for(register, "users", user.fields)
        new = {"role": role, "unit": unit, "active": active}
        register.update("users", user.id, new, version=user.version, who=who)
    except PlannerError as error:
        refused(error)
        return
    done("people.changed", name=str(user["person"]) or user.id)


def _check_first(register: Register, role: str) -> None:
    if not register.records("users") and not _keeps(role):
        raise InputError("identity_first_keeps", role=label("roles", role, current()))


def _keeps(role: str) -> bool:
    return bool(read_list("reference/roles")[role]["keeps_users"])


def draw_choice_of_person(register: Register) -> None:
    """Ask who sits here: one of the users on record."""
    lang = current()
    names = {
        user.id: " · ".join(
            part
            for part in (
                str(user["person"]) or user.id,
                str(user["unit"]),
                label("roles", str(user["role"]), lang),
            )
            if part
        )
        for user in identity.people(register)
    }
    with st.container(border=True, key="sign"):
        st.markdown(f"**{word('sign.title')}**")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = st.selectbox(
                word("sign.who"),
                list(names),
                index=None,
                format_func=lambda login: names.get(login, login),
                placeholder=word("sign.choose"),
                key="sign_who",
                width=340,
            )
            st.button(
                word("sign.confirm"),
                key="sign_confirm",
                type="primary",
                disabled=chosen is None,
                on_click=partial(identity.choose, register, chosen),
            )
        st.caption(word("sign.help"))


def _table(users: tuple[Record, ...]) -> pd.DataFrame:
    lang = current()
    return pd.DataFrame(
        [
            {
                word("people.person"): str(user["person"]) or user.id,
                word("people.role"): label("roles", str(user["role"]), lang),
                word("people.unit"): str(user["unit"]),
                word("people.active"): word("yes" if user["active"] else "no"),
            }
            for user in users
        ]
    )


def _draw_new(register: Register) -> None:
    form = f"user-{ledger_edits.form_id()}"
    first = not register.records("users")
    with (
        st.expander(word("people.add"), icon=":material/person_add:", expanded=first),
        st.form(form, border=False),
    ):
        person = st.text_input(word("people.person"), max_chars=40, key=f"{form}_person")
        role, unit = role_and_unit(register, form, "admin" if first else "staff", "")
        sent = st.form_submit_button(word("people.store"), type="primary")
    if sent:
        add_user(register, person, role, unit, form)
        st.rerun()


def _draw_changing(register: Register, users: tuple[Record, ...]) -> None:
    if not users:
        return
    names = {user.id: str(user["person"]) or user.id for user in users}
    with st.expander(word("people.change"), icon=":material/manage_accounts:"):
        login = st.selectbox(
            word("people.whom"), list(names), format_func=lambda u: names.get(u, u), key="user_whom"
        )
        user = next(user for user in users if user.id == login)
        prefix = f"user_{user.id}_{user.version}"
        with st.form(prefix, border=False):
            role, unit = role_and_unit(register, prefix, str(user["role"]), str(user["unit"]))
            active = st.toggle(
                word("people.active"), value=bool(user["active"]), key=f"{prefix}_active"
            )
            sent = st.form_submit_button(word("people.save"))
    if sent:
        change_user(register, user, role, unit, active=active)
        st.rerun()
