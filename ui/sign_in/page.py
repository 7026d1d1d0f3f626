"""The way in and out: the first administrator, the sign-in page, the corner of who is in."""

import hmac
from functools import partial

import streamlit as st

from geo.errors import InputError, PlannerError
from register import passwords
from register.accounts import Account, Given
from ui import identity, keys
from ui.language import current
from ui.safe import plain
from ui.sign_in.settings import is_loopback
from ui.sign_in.ways import (
    accounts,
    arrival,
    come_in,
    first_code,
    go_out,
    note,
    settings,
)
from words import say

_STYLE = """<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-sign_in_corner) { position: absolute; }
.st-key-sign_in_corner { position: fixed; top: .65rem; right: 5.2rem; width: auto;
  z-index: 999991; }
.st-key-sign_in_corner [data-testid="stPopover"] button { min-height: 2.1rem; padding: .1rem .6rem;
  max-width: 12rem; }
.st-key-sign_in_corner [data-testid="stPopover"] button p { overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; }
.st-key-sign_in_page { max-width: 27rem; margin: 1.5rem auto 0; }
@media (max-width: 640px) {
  /* The head has no room beside the way to the pages: a line of its own. */
  [data-testid="stLayoutWrapper"]:has(> .st-key-sign_in_corner) { position: static; }
  .st-key-sign_in_corner { position: static; width: 100%; align-items: flex-end; }
}
@media print { .st-key-sign_in_corner { display: none; } }
</style>"""


def word(key: str, /, **facts: object) -> str:
    """Return the sentence `sign_in.<key>` in the language of this session."""
    return say(f"sign_in.{key}", current(), **facts)


def admitted() -> bool:
    """Tell whether this session may see the pages; what cannot be asked admits nobody."""
    try:
        return not identity.signs_in() or identity.current_user() is not None
    except PlannerError:
        return False


def draw() -> None:
    """Draw the page of those who are not in yet.

    Raises
    ------
    PlannerError
        What is configured cannot work, or the accounts cannot be read.
    """
    st.html(_STYLE)
    found = settings()
    with st.container(border=True, key="sign_in_page"):
        if found.way == "local":
            _draw_local(arrival().account)
        else:
            _draw_single(found.way, found.provider)


def draw_head() -> None:
    """Draw who is in, and the way out; where nobody signs in, the warning that others could."""
    if identity.signs_in():
        _draw_corner()
    else:
        _draw_open_door()


def _draw_corner() -> None:
    account = arrival().account
    if account is None:
        return
    st.html(_STYLE)
    way = settings().way
    with (
        st.container(key="sign_in_corner"),
        st.popover(plain(account.person), icon=":material/person:", key="sign_in_who"),
    ):
        st.caption(word("corner.signed", who=plain(account.person)))
        if way == "header":
            st.caption(word("corner.proxy"))
            return
        if way == "local":
            _draw_own(account, temporary=False)
        st.button(word("out"), key="sign_out", icon=":material/logout:", on_click=go_out)


def _draw_open_door() -> None:
    how = _reached_by()
    if how:
        with st.container(key="open_door"):
            text = word("open.help", how=plain(how))
            st.warning(f"**{word('open.title')}**  \n{text}", icon=":material/lock_open:")


def found_administrator(code: str, given: Given, password: str, again: str) -> Account:
    """Make the first administrator, who has read the code on the server's console.

    Raises
    ------
    InputError
        The code is wrong, or as `Accounts.add`.
    """
    if not hmac.compare_digest(code.strip().encode(), first_code().encode()):
        note("failed", given.login, code="account_code")
        raise InputError("account_code")
    _check_again(password, again)
    made = accounts().add(given, password, first=True)
    note("account_added", made.login, role=made.role, by="console")
    return made


def sign_in(login: str, password: str) -> Account:
    """Return whose login and password these are; a failure is noted.

    Raises
    ------
    InputError
        As `Accounts.sign_in`.
    """
    try:
        return accounts().sign_in(login, password)
    except InputError as error:
        note("failed", login, code=error.code)
        raise


def set_own_password(account: Account, old: str, new: str, again: str) -> Account:
    """Give oneself another password.

    Raises
    ------
    InputError
        The present one is wrong, the new ones differ, or as `Accounts.set_password`.
    """
    _check_again(new, again)
    sign_in(account.login, old)
    changed = accounts().set_password(account.login, new, by_admin=False)
    note("password_changed", account.login)
    return changed


def _draw_local(account: Account | None) -> None:
    if not accounts().has_keeper():
        _draw_first()
    elif account is not None:
        st.markdown(f"### {word('own.title')}")
        st.caption(word("own.help"))
        _draw_own(account, temporary=True)
        st.button(word("out"), key="sign_out", type="tertiary", on_click=go_out)
    else:
        _draw_sign_in()


def _draw_first() -> None:
    first_code()  # told on the console as soon as somebody is asked for it
    st.markdown(f"### {word('first.title')}")
    st.caption(word("first.help"))
    with st.form("first_admin", border=False):
        code = st.text_input(word("first.code"), key="first_code", autocomplete="off")
        person = st.text_input(word("first.person"), key="first_person", autocomplete="name")
        login = st.text_input(word("login"), key="first_login", autocomplete="username")
        password = _secret("first.password", "first_password", least=passwords.MIN_LENGTH)
        again = _secret("first.repeat", "first_repeat")
        sent = st.form_submit_button(word("first.store"), type="primary", width="stretch")
    if sent:
        given = Given(login, person, "admin")
        _enter(partial(found_administrator, code, given, password, again))


def _draw_sign_in() -> None:
    st.markdown(f"### {word('title')}")
    with st.form("sign_in", border=False):
        login = st.text_input(word("login"), key="sign_in_login", autocomplete="username")
        password = _secret("password", "sign_in_password", autocomplete="current-password")
        sent = st.form_submit_button(word("enter"), type="primary", width="stretch")
    if sent:
        _enter(partial(sign_in, login, password))
    st.caption(word("forgot"))


def _draw_own(account: Account, *, temporary: bool) -> None:
    least = passwords.MIN_LENGTH
    if st.session_state.pop(keys.OWN_CHANGED, False):
        st.success(word("own.changed"))
    with st.form("own_password", border=False, clear_on_submit=True):
        old = _secret("own.old", "own_old", autocomplete="current-password")
        new = _secret("own.new", "own_new", least=least)
        again = _secret("own.repeat", "own_repeat")
        title = word("own.store" if temporary else "own.change")
        sent = st.form_submit_button(title, type="primary" if temporary else "secondary")
    if sent:
        st.session_state[keys.OWN_CHANGED] = not temporary
        _enter(partial(set_own_password, account, old, new, again))
        st.session_state[keys.OWN_CHANGED] = False


def _draw_single(way: str, provider: str) -> None:
    found = arrival()
    st.markdown(f"### {word('title')}")
    if found.refused is not None:
        note("spoofed" if found.refused.code == "sign_in_untrusted" else "failed")
        st.error(plain(found.refused.message(current())))
    elif found.login:
        st.info(word("unknown", login=plain(found.login)), icon=":material/person_off:")
    elif way == "header":
        st.info(word("header"), icon=":material/door_front:")
    else:
        st.caption(word("oidc_help"))
        st.button(
            word("oidc"),
            key="sign_in_oidc",
            type="primary",
            width="stretch",
            on_click=st.login,
            args=(provider,) if provider else (),
        )
    if way == "oidc" and (found.login or found.refused is not None):
        st.button(word("out"), key="sign_out", type="tertiary", on_click=go_out)


def _enter(step: partial[Account]) -> None:
    """Take a step that lets somebody in, or say why not."""
    try:
        account = step()
    except PlannerError as error:
        st.error(plain(error.message(current())), icon=":material/error:")
        return
    come_in(account)
    st.rerun()


def _secret(key: str, widget: str, autocomplete: str = "new-password", **facts: object) -> str:
    return st.text_input(word(key, **facts), type="password", key=widget, autocomplete=autocomplete)


def _check_again(password: str, again: str) -> None:
    if password != again:
        raise InputError("account_repeat")


def _reached_by() -> str:
    """Return how other computers reach the app, in words; "" where they do not."""
    address = st.get_option("server.address")
    if not address or address in {"0.0.0.0", "::"}:  # noqa: S104 -- what is warned of
        return word("open.any_address")
    if not is_loopback(str(address)):
        return word("open.listening", address=address)
    host = next(iter(st.context.headers.get_all("Host")), "localhost")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    return "" if is_loopback(name.strip("[]")) else word("open.visited", host=host)
