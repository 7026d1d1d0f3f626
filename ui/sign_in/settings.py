"""Which way people come in: from the environment, else from `.streamlit/secrets.toml`.

With nothing configured there is no sign-in: whoever sits here signs, as `ui.identity` says.
A way that is configured and cannot work is an error; it never falls back to an open door.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Literal, get_args

from geo.errors import InputError
from register.accounts import normal_login

Way = Literal["none", "local", "header", "oidc"]
WAYS: tuple[Way, ...] = get_args(Way)

VARIABLE = "WARM_STATION_SIGN_IN"
"""Environment variable of the way; `_HEADER`, `_PROXIES` and so on behind it name the rest."""

SECTION = "sign_in"
"""The section of secrets.toml that says the same: `way`, `header`, `proxies` ..."""

LEAST_SECRET = 16
"""Shortest secret of a proxy, signs (inclusive)."""


@dataclass(frozen=True)
class Settings:
    """How people come in.

    Attributes
    ----------
    way
        Which of the ways.
    header
        Where the proxy writes who it is.
    proxies
        Addresses that may say so, as the direct peer.
    secret_header, secret
        Or who shows this secret in this header; "" for nobody.
    claim
        What of an OpenID token is the login.
    provider
        Which of several providers in secrets.toml; "" for the only one.
    admins
        Logins that keep accounts from the first day, of people who come in by the two other ways.
    """

    way: Way = "none"
    header: str = "X-Forwarded-User"
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    secret_header: str = "X-Sign-In-Secret"  # noqa: S105 -- the name of a header
    secret: str = ""
    claim: str = "email"
    provider: str = ""
    admins: frozenset[str] = frozenset()


def read_settings(environment: Mapping[str, str], secrets: Mapping[str, object]) -> Settings:
    """Return what is configured.

    Parameters
    ----------
    environment
        Variables; they win.
    secrets
        The section `[sign_in]` of secrets.toml.

    Raises
    ------
    InputError
        A word is unknown, an address is none, or the way cannot work with what is configured.
    """

    def text(name: str, default: str = "") -> str:
        variable = VARIABLE if name == "way" else f"{VARIABLE}_{name.upper()}"
        given = environment.get(variable, secrets.get(name, default))
        if isinstance(given, list | tuple):
            return ",".join(str(part) for part in given)
        return str(given).strip()

    way = next((known for known in WAYS if known == (text("way") or "none")), None)
    if way is None:
        raise InputError("sign_in_way", given=text("way"), ways=", ".join(WAYS))
    usual = Settings()
    found = Settings(
        way,
        text("header", usual.header),
        tuple(_network(part) for part in _parts(text("proxies"))),
        text("secret_header", usual.secret_header),
        text("secret"),
        text("claim", usual.claim),
        text("provider"),
        frozenset(normal_login(part) for part in _parts(text("admins"))),
    )
    if way == "header":
        _check_proxy(found)
    return found


def is_loopback(host: str) -> bool:
    """Tell whether a name or an address is this very computer; a blank is every address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _check_proxy(found: Settings) -> None:
    if not found.proxies and not found.secret:
        raise InputError("sign_in_no_proxy")
    if found.secret and len(found.secret) < LEAST_SECRET:
        raise InputError("sign_in_short_secret", least=LEAST_SECRET)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError:
        raise InputError("sign_in_address", given=text) from None
