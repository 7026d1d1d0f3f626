"""The accounts as an administrator keeps them: added, changed, shut out, given another password."""

from datetime import datetime
from functools import partial

import pandas as pd
import streamlit as st

from geo.errors import InputError, PlannerError
from register import Register, access_log, passwords
from register.accounts import Account, Given
from register.home import default_folder
from siting import district_time
from ui import edits, identity, keys
from ui.labels import label
from ui.language import current
from ui.ledger import edits as ledger_edits
from ui.ledger.words import refused
from ui.ledger.words import word as ledger_word
from ui.look import table_height
from ui.safe import plain
from ui.sign_in.page import word
from ui.sign_in.role_choice import role_and_unit
from ui.sign_in.ways import accounts, note, settings
from words import has, say

_SHOWN = 30


def draw_accounts(register: Register) -> None:
    """Draw the accounts and, for who keeps them, the forms."""
    st.caption(word("accounts.help"))
    if not identity.may_change(register, "users", {}):
        st.info(ledger_word("people.not_allowed"), icon=":material/lock:")
        return
    everybody = accounts().listed()
    table = _table(everybody)
    st.dataframe(table, hide_index=True, height=table_height(len(table)))
    _draw_given()
    _draw_new(register)
    _draw_changing(register, everybody)
    _draw_log()


def add_account(register: Register, given: Given) -> None:
    """Add somebody; where they come in by a password, a temporary one is made and shown once."""
    local = settings().way == "local"
    password = passwords.temporary() if local else ""
    try:
        who = identity.sign_for(register, "users")
        made = accounts().add(given, password)
    except PlannerError as error:
        refused(error)
        return
    note("account_added", made.login, role=made.role, unit=made.unit, by=who)
    ledger_edits.next_form()
    _told("accounts.added", made, password)


def change_account(
    register: Register, seen: Account, role: str, unit: str, *, active: bool
) -> None:
    """Give somebody another role or unit, or shut them out."""
    try:
        who = identity.sign_for(register, "users")
        made = accounts().change(seen, role, unit, active=active)
    except PlannerError as error:
        refused(error)
        return
    state = "active" if active else "inactive"
    note("account_changed", made.login, role=role, unit=unit, state=state, by=who)
    _told("accounts.changed", made)


def reset_password(register: Register, seen: Account) -> None:
    """Give somebody else a temporary password, shown once; every page that they have open ends."""
    password = passwords.temporary()
    try:
        who = identity.sign_for(register, "users")
        if seen.person == who:  # it would shut them out before they have read it
            raise InputError("account_own_reset")
        made = accounts().set_password(seen.login, password, by_admin=True)
    except PlannerError as error:
        refused(error)
        return
    note("password_reset", made.login, by=who)
    _told("accounts.changed", made, password)


def _told(key: str, account: Account, password: str = "") -> None:
    words = partial(say, f"sign_in.{key}", person=account.person)
    st.session_state[keys.NOTICE] = edits.Notice("done", words)
    if password:
        st.session_state[keys.GIVEN] = (account.person, password)


def _draw_given() -> None:
    given = st.session_state.get(keys.GIVEN)
    if given is None:
        return
    person, password = given
    with st.container(border=True, key="given_password"):
        st.markdown(word("accounts.given", person=plain(person)))
        st.code(password, language=None)
        st.button(
            word("accounts.noted"),
            key="given_noted",
            icon=":material/check:",
            on_click=st.session_state.pop,
            args=(keys.GIVEN, None),
        )


def _draw_new(register: Register) -> None:
    form = f"account-{ledger_edits.form_id()}"
    local = settings().way == "local"
    with (
        st.expander(word("accounts.add"), icon=":material/person_add:"),
        st.form(form, border=False),
    ):
        st.caption(word("accounts.add_help" if local else "accounts.add_sso"))
        person = st.text_input(ledger_word("people.person"), max_chars=64, key=f"{form}_person")
        login = st.text_input(
            word("accounts.login"), max_chars=64, key=f"{form}_login", autocomplete="off"
        )
        role, unit = role_and_unit(register, form, "staff", "")
        sent = st.form_submit_button(word("accounts.store"), type="primary")
    if sent:
        add_account(register, Given(login, person, role, unit))
        st.rerun()


def _draw_changing(register: Register, everybody: tuple[Account, ...]) -> None:
    names = {account.login: f"{account.person} · {account.login}" for account in everybody}
    with st.expander(word("accounts.change"), icon=":material/manage_accounts:"):
        login = st.selectbox(
            word("accounts.whom"),
            list(names),
            index=None,
            format_func=lambda name: names.get(name, name),
            placeholder=ledger_word("sign.choose"),
            key="account_whom",
        )
        if login is None:
            return
        seen = next(account for account in everybody if account.login == login)
        prefix = f"account_{everybody.index(seen)}_{seen.version}"
        with st.form(prefix, border=False):
            role, unit = role_and_unit(register, prefix, seen.role, seen.unit)
            active = st.toggle(
                ledger_word("people.active"), value=seen.active, key=f"{prefix}_active"
            )
            sent = st.form_submit_button(word("accounts.save"))
        if settings().way == "local":
            st.button(
                word("accounts.reset"),
                key="account_reset",
                icon=":material/lock_reset:",
                on_click=reset_password,
                args=(register, seen),
            )
    if sent:
        change_account(register, seen, role, unit, active=active)
        st.rerun()


def _draw_log() -> None:
    with st.expander(word("accounts.log"), icon=":material/policy:"):
        lines = access_log.last(default_folder(), _SHOWN)
        if not lines:
            st.caption(word("accounts.log_none"))
            return
        table = pd.DataFrame(
            [
                {
                    word("accounts.log_when"): _when(line.get("at", "")),
                    word("accounts.log_what"): _log_word(line.get("what", "")),
                    word("accounts.log_who"): line.get("who") or line.get("login", ""),
                    word("accounts.log_why"): _why(line.get("code", "")),
                    word("accounts.log_from"): line.get("peer", ""),
                }
                for line in lines
            ]
        )
        st.dataframe(table, hide_index=True, height=table_height(len(table)))


def _log_word(what: str) -> str:
    return word(f"log.{what}") if has(f"sign_in.log.{what}") else what


def _why(code: str) -> str:
    """Return what kind of refusal it was: the sentence's key, where it names facts of its own."""
    key = f"sign_in.why.{code}"
    return say(key, current()) if has(key) else code


def _when(at: str) -> str:
    try:
        return district_time.to_the_minute(datetime.fromisoformat(at))
    except ValueError:
        return at


def _table(everybody: tuple[Account, ...]) -> pd.DataFrame:
    lang = current()
    return pd.DataFrame(
        [
            {
                ledger_word("people.person"): account.person,
                word("accounts.login"): account.login,
                ledger_word("people.role"): label("roles", account.role, lang),
                ledger_word("people.unit"): account.unit,
                word("accounts.state"): word(f"accounts.{_state(account)}"),
            }
            for account in everybody
        ]
    )


def _state(account: Account) -> str:
    if not account.active:
        return "inactive"
    return "must_change" if account.must_change else "active"
