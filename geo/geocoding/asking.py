"""One address asked of a service: the second door to the internet, shut unless a person asks.

geopy was looked at (2.4, MIT): it knows Baidu, but neither Tianditu nor Amap, so that a class of
ours would be needed for each all the same.
"""

import http.client
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import IO, Final

from geo.errors import InputError
from geo.geocoding.services import (
    BROKEN,
    SERVICES,
    Answer,
    Service,
    Trouble,
    read_answer,
    refusal,
)

DEFAULT_REGION: Final = "北京市大兴区"
"""Put before addresses that name neither the city nor the district."""
DEFAULT_TIMEOUT_S: Final = 10.0
DEFAULT_PER_SECOND: Final = 3.0
"""Questions a second: what Amap allows a person's key."""
DEFAULT_MOST: Final = 1_000
"""Addresses asked in one import: keys have daily quotas."""
MAX_ANSWER_BYTES: Final = 2**20
_CHUNK_BYTES: Final = 2**16
_STATUS_OK: Final = 200
_AGENT: Final = "Mozilla/5.0 (compatible; warm-station-planner)"
"""Who asks: services turn away what calls itself a library."""


@dataclass(frozen=True)
class GeocodeServer:
    """Whom to ask, and how.

    Attributes
    ----------
    name
        `tianditu` or `amap`.
    key
        The user's own; stands in no message, no file and no `repr`.
    url
        Empty: the service's own.
    proxy
        Such as http://proxy.example:3128; empty: what the environment says.
    timeout_s
        Longest wait for a whole answer, seconds.
    per_second
        Questions at most in a second.
    region
        City and district, put before addresses that name neither.
    most
        Addresses at most in one import.
    """

    name: str
    key: str = field(repr=False)
    url: str = ""
    proxy: str = ""
    timeout_s: float = DEFAULT_TIMEOUT_S
    per_second: float = DEFAULT_PER_SECOND
    region: str = DEFAULT_REGION
    most: int = DEFAULT_MOST

    @property
    def service(self) -> Service:
        """What is asked, and how its answers are read."""
        return SERVICES[self.name]

    @property
    def host(self) -> str:
        """Who is asked: the part of the address before the path."""
        return urllib.parse.urlsplit(self.url or self.service.url).netloc

    @property
    def city(self) -> str:
        """The region up to its first 市; "" where it has none."""
        city, mark, _ = self.region.partition("市")
        return city + mark if mark else ""


def geocode_server(
    name: str,
    *,
    url: str = "",
    proxy: str = "",
    timeout_s: float = DEFAULT_TIMEOUT_S,
    environment: Mapping[str, str] = os.environ,
) -> GeocodeServer:
    """Return a service with the key that the environment holds, and the address if it holds one.

    Raises
    ------
    InputError
        `geocode_no_key`: it holds none; `geocode_endpoint`: `url` is no address of the web.
    """
    service = SERVICES[name]
    url = url or environment.get(service.url_variable, "").strip()
    key = environment.get(service.variable, "").strip()
    if not key:
        raise InputError("geocode_no_key", service=name, variable=service.variable)
    if url and urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
        raise InputError("geocode_endpoint", url=url)
    return GeocodeServer(name, key, url, proxy, timeout_s)


def full_address(address: str, server: GeocodeServer) -> str:
    """Return an address with the city and the district before it, unless it names either."""
    city = server.city
    district = server.region.removeprefix(city)
    if not server.region or (city and address.startswith((city, city.removesuffix("市")))):
        return address
    if district and address.startswith(district):
        return city + address
    return server.region + address


def ask(server: GeocodeServer, address: str) -> Answer:
    """Ask where an address is; whatever goes wrong is a `Trouble`, never an exception.

    No redirection is followed: it would take the key elsewhere.
    """
    service = server.service
    question = service.question(full_address(address, server), server.city, server.key)
    url = f"{server.url or service.url}?{urllib.parse.urlencode(question)}"
    try:
        status, body = _fetched(server, url)
    except TimeoutError:
        return Trouble("geocode_timeout", {"seconds": f"{server.timeout_s:g}"}, failed=True)
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            return Trouble("geocode_timeout", {"seconds": f"{server.timeout_s:g}"}, failed=True)
        return _unreachable(error.reason)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return _unreachable(error)
    if len(body) > MAX_ANSWER_BYTES:
        return BROKEN
    found = read_answer(service, body) if status == _STATUS_OK else refusal(status, body)
    return _without_key(found, server.key)


def _unreachable(reason: object) -> Trouble:
    # Only what sort of failure it was: the text of one may hold the address asked, and the key.
    return Trouble("geocode_unreachable", {"reason": type(reason).__name__}, failed=True)


def _fetched(server: GeocodeServer, url: str) -> tuple[int, bytes]:
    proxies = {"http": server.proxy, "https": server.proxy} if server.proxy else None
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies), _NoRedirection())
    opener.addheaders = [("User-Agent", _AGENT)]
    deadline = time.monotonic() + server.timeout_s
    try:
        with opener.open(url, timeout=server.timeout_s) as answer:
            return int(answer.status), _read(answer, deadline)
    except urllib.error.HTTPError as error:
        with error:
            return int(error.code), _read(error, deadline)


def _read(answer: IO[bytes], deadline: float) -> bytes:
    """Return an answer up to a byte more than is allowed.

    Raises
    ------
    TimeoutError
        It is not there whole in time: a server may send a byte now and then for ever.
    """
    parts: list[bytes] = []
    size = 0
    while size <= MAX_ANSWER_BYTES:
        if time.monotonic() > deadline:
            raise TimeoutError
        part = answer.read1(_CHUNK_BYTES)  # type: ignore[attr-defined] # both kinds of answer have it
        if not part:
            break
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _without_key(found: Answer, key: str) -> Answer:
    """Take the key out of what the service says, should it say it back."""
    if not isinstance(found, Trouble):
        return replace(
            found, said=found.said.replace(key, "…"), matched=found.matched.replace(key, "…")
        )
    told = {name: str(fact).replace(key, "…") for name, fact in found.facts.items()}
    return replace(found, facts=told)


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    """Lets a redirection come back as the status that it is."""

    def redirect_request(self, *_args: object) -> None:
        """Follow nothing."""
