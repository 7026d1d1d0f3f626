"""Who has come in, by whichever way is configured.

It is asked anew in every run, so that rights end at once: an account that is shut out, or
whose password was changed, has no session from the next click on.
"""

import hmac
import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import streamlit as st

from geo.errors import InputError
from register import access_log
from register.accounts import FILE, Account, Accounts, Given, normal_login
from register.home import DATABASE_VARIABLE, default_folder
from ui import keys
from ui.sign_in.settings import SECTION, Settings, read_settings

_LOG = logging.getLogger(__name__)
_CODE_BYTES = 10
_FORWARDED = "X-Forwarded-For"


@dataclass(frozen=True)
class Arrival:
    """Who stands at the door.

    Attributes
    ----------
    account
        Whose account it is; None: nobody's.
    login
        As the single sign-on calls them; "" for nobody.
    refused
        Why the single sign-on is not believed.
    """

    account: Account | None = None
    login: str = ""
    refused: InputError | None = None


def settings() -> Settings:
    """Return how people come in here.

    Raises
    ------
    InputError
        As `read_settings`.
    """
    section: Mapping[str, object] = {}
    if st.secrets.load_if_toml_exists():
        section = st.secrets.get(SECTION, {})
    return read_settings(os.environ, section)


def accounts() -> Accounts:
    """Return the accounts of this installation.

    Raises
    ------
    PlannerError
        They cannot be opened.
    """
    return _opened(str(default_folder()), os.environ.get(DATABASE_VARIABLE, ""))


def arrival() -> Arrival:
    """Return who stands at the door of this session."""
    found = settings()
    if found.way == "local":
        return _by_password()
    if found.way == "header":
        try:
            login = header_login(found)
        except InputError as error:
            return Arrival(refused=error)
        return _by_name(found, login)
    if found.way == "oidc":
        try:
            return _by_name(found, _token_login(found))
        except InputError as error:
            return Arrival(refused=error)
    return Arrival()


def come_in(account: Account) -> None:
    """Remember for this session whose password was right."""
    st.session_state[keys.ACCOUNT] = (account.login, account.stamp)
    note("signed_in", account.login)


def go_out() -> None:
    """Forget who this session is, and everything that they had open."""
    account = arrival().account
    if account is not None:
        note("signed_out", account.login)
    lang = st.session_state.get(keys.LANGUAGE)
    st.session_state.clear()
    if lang is not None:
        st.session_state[keys.LANGUAGE] = lang
    if settings().way == "oidc":
        st.logout()


def header_login(found: Settings) -> str:
    """Return who the proxy says this is; "" where it says nothing.

    Raises
    ------
    InputError
        Whoever says so is not the proxy, or the header stands there twice.
    """
    told = st.context.headers.get_all(found.header)
    if not told:
        return ""
    if len(told) > 1 or not _is_proxy(found):
        raise InputError("sign_in_untrusted", header=found.header)
    return normal_login(told[0])


def first_code() -> str:
    """Return the code by which the first administrator proves to have the server's console."""
    return _code(str(default_folder()))


def note(what: str, login: str = "", **facts: str) -> None:
    """Write into the access log of this installation."""
    access_log.note(default_folder(), what, login=login, peer=_peer(), **facts)


def _by_password() -> Arrival:
    login, stamp = st.session_state.get(keys.ACCOUNT, ("", 0))
    if not login:
        return Arrival()
    found = accounts().find(login)
    return Arrival(found if found is not None and found.stamp == stamp else None)


def _by_name(found: Settings, login: str) -> Arrival:
    if not login:
        return Arrival()
    account = accounts().find(login)
    if account is None and login in found.admins:
        account = _appointed(login)
    return Arrival(account, login)


def _appointed(login: str) -> Account | None:
    """Add somebody whom the configuration names as an administrator; who was shut out stays so."""
    try:
        made = accounts().add(Given(login, login, "admin"))
    except InputError:
        return None
    note("account_added", login, role="admin", by="configuration")
    return made


def _token_login(found: Settings) -> str:
    """Return who the provider says this is; "" as long as nobody has signed in there.

    Raises
    ------
    InputError
        The provider has not verified the address, or does not say what the login is read from.
    """
    if not st.user.get("is_logged_in", False):
        return ""
    if found.claim == "email" and str(st.user.get("email_verified", True)).lower() == "false":
        raise InputError("sign_in_unverified")
    login = normal_login(str(st.user.get(found.claim) or ""))
    if not login:
        raise InputError("sign_in_claim", claim=found.claim)
    return login


def _is_proxy(found: Settings) -> bool:
    shown = st.context.headers.get_all(found.secret_header) if found.secret else []
    if len(shown) == 1 and hmac.compare_digest(shown[0].encode(), found.secret.encode()):
        return True
    peer = _peer()
    # A server that believes X-Forwarded-For reports an address from there as its peer: what anybody
    # may write into a header is not where a request came from.
    forwarded = ",".join(st.context.headers.get_all(_FORWARDED))
    if peer in {part.strip() for part in forwarded.split(",")}:
        return False
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in network for network in found.proxies)


def _peer() -> str:
    """Return the address of the other end; Streamlit tells that of this computer as None."""
    peer = st.context.ip_address
    return peer if isinstance(peer, str) else "127.0.0.1"


@st.cache_resource(show_spinner=False, on_release=Accounts.close)
def _opened(folder: str, database: str) -> Accounts:
    return Accounts(database or Path(folder) / FILE)


@st.cache_resource(show_spinner=False)
def _code(folder: str) -> str:
    """Make a code and tell it on the server's console; one for as long as the server runs."""
    del folder
    code = secrets.token_hex(_CODE_BYTES)
    _LOG.warning("one-time code of the first administrator / 首位管理员一次性代码: %s", code)
    return code
