"""What each service of maps is asked, and what its answers mean. No connection is opened here.

Tianditu 天地图 answers in CGCS2000, Amap 高德 in GCJ-02: the datum goes with every position. Both
say how well they knew the address (门牌号, 道路, 村庄 …): their word is kept, and stands for one of
our levels.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Level = Literal["door", "road", "area", "district"]
"""How well an address was known: a house or a named place, a road, a village or unit, or less."""

_WORDS: Final[dict[Level, tuple[str, ...]]] = {
    "door": ("门牌号", "门牌", "门址", "单元号", "楼栋", "兴趣点", "poi"),
    "road": ("道路", "道路交叉路口", "路口", "公交站台", "地铁站", "公交站台、地铁站"),
    "district": ("国家", "省", "直辖市", "市", "城市", "区县", "区", "县"),
}
_LEVELS: Final = {word: level for level, words in _WORDS.items() for word in words}
REMARK_CHARS: Final = 80


@dataclass(frozen=True)
class Place:
    """Where a service believes an address to be.

    Attributes
    ----------
    lon, lat
        In `datum`.
    level, said
        How well it knew the address: our level, and the service's own word ("" for none).
    matched
        The address that it took it for; "" where it does not say.
    """

    lon: float
    lat: float
    datum: str
    level: Level
    said: str
    matched: str


@dataclass(frozen=True)
class Trouble:
    """Why there is no position.

    Attributes
    ----------
    code
        Of the finding, with its `facts`.
    ends
        Whether every further question would end the same way: a wrong key, no quota left.
    failed
        Whether the service did not work, rather than not know the address.
    """

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    ends: bool = False
    failed: bool = False


Answer = Place | Trouble
NOTHING: Final = Trouble("geocode_nothing")
BROKEN: Final = Trouble("geocode_broken", failed=True)


@dataclass(frozen=True)
class Service:
    """A service of maps.

    Attributes
    ----------
    url
        Asked unless somebody names another.
    datum
        Of its positions.
    variable
        Environment variable that holds the user's key.
    question
        (address, city, key) -> the parameters of a question.
    read
        A JSON object that it answered -> what that means.
    """

    url: str
    datum: str
    variable: str
    question: Callable[[str, str, str], dict[str, str]]
    read: Callable[[Mapping[str, object]], Answer]

    @property
    def url_variable(self) -> str:
        """Environment variable that holds another address of the service."""
        return self.variable.removesuffix("KEY") + "URL"


def level_of(said: str) -> Level:
    """Return the level that a service's word stands for; a word that nobody knows: `area`."""
    return _LEVELS.get(said.strip().casefold(), "area")


def read_answer(service: Service, body: bytes) -> Answer:
    """Return what a whole answer means; what is no JSON object is `BROKEN`."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return BROKEN
    return service.read(told) if isinstance(told, dict) else BROKEN


def refusal(status: int, body: bytes) -> Trouble:
    """Return what an HTTP status other than 200 means, with the service's own remark."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = {}
    remark = _text(told, "msg") or _text(told, "info") if isinstance(told, dict) else ""
    facts = {"remark": f"HTTP {status} {remark}".strip()[:REMARK_CHARS]}
    if status in {401, 403, 418}:  # Tianditu says 418 to a key that it does not know
        return Trouble("geocode_key", facts, ends=True, failed=True)
    if status == 429:
        return Trouble("geocode_quota", facts, ends=True, failed=True)
    return Trouble("geocode_refused", facts, failed=True)


def _ask_tianditu(address: str, _city: str, key: str) -> dict[str, str]:
    return {"ds": json.dumps({"keyWord": address}, ensure_ascii=False), "tk": key}


def _read_tianditu(told: Mapping[str, object]) -> Answer:
    status = _text(told, "status")
    if status == "101":  # "no result"
        return NOTHING
    if status != "0":
        return Trouble("geocode_refused", {"remark": _remark(told, "msg", status)}, failed=True)
    found = told.get("location")
    if not isinstance(found, Mapping):
        return NOTHING
    return _place(found.get("lon"), found.get("lat"), "cgcs2000", _text(found, "level"), found)


def _ask_amap(address: str, city: str, key: str) -> dict[str, str]:
    return {"address": address, "city": city, "output": "JSON", "key": key}


_AMAP_KEY: Final = frozenset(
    {"10001", "10002", "10005", "10006", "10007", "10008", "10009", "10011", "10012", "10013"}
)
_AMAP_QUOTA: Final = frozenset({"10003", "10010", "10044", "10045", "40000", "40001", "40002"})
_AMAP_UNKNOWN: Final = frozenset({"30001", "30002", "30003"})


def _read_amap(told: Mapping[str, object]) -> Answer:
    code = _text(told, "infocode")
    if _text(told, "status") != "1":
        facts = {"remark": _remark(told, "info", code)}
        if code in _AMAP_KEY:
            return Trouble("geocode_key", facts, ends=True, failed=True)
        if code in _AMAP_QUOTA:
            return Trouble("geocode_quota", facts, ends=True, failed=True)
        if code in _AMAP_UNKNOWN:  # so it says of addresses that it can make nothing of
            return NOTHING
        return Trouble("geocode_refused", facts, failed=True)
    found = told.get("geocodes")
    if not isinstance(found, list) or not found or not isinstance(found[0], Mapping):
        return NOTHING if found == [] else BROKEN
    first: Mapping[str, object] = found[0]
    lon, _, lat = _text(first, "location").partition(",")
    return _place(lon, lat, "gcj02", _text(first, "level"), first)


SERVICES: Final[dict[str, Service]] = {
    "tianditu": Service(
        "https://api.tianditu.gov.cn/geocoder",
        "cgcs2000",
        "WARM_STATION_TIANDITU_KEY",
        _ask_tianditu,
        _read_tianditu,
    ),
    "amap": Service(
        "https://restapi.amap.com/v3/geocode/geo",
        "gcj02",
        "WARM_STATION_AMAP_KEY",
        _ask_amap,
        _read_amap,
    ),
}


def _place(lon: object, lat: object, datum: str, said: str, told: Mapping[str, object]) -> Answer:
    """Return a position of figures or their text; what are no degrees: `BROKEN`."""
    try:
        x, y = float(str(lon)), float(str(lat))
    except ValueError:
        return BROKEN
    if not (math.isfinite(x) and math.isfinite(y) and abs(x) <= 180 and abs(y) <= 90):
        return BROKEN
    if (x, y) == (0.0, 0.0):
        return NOTHING
    matched = _text(told, "formatted_address") or _text(told, "keyWord")
    return Place(x, y, datum, level_of(said), said[:REMARK_CHARS], matched[:REMARK_CHARS])


def _text(told: Mapping[str, object], name: str) -> str:
    """Return a text or a number as text; Amap sends [] for an empty text."""
    value = told.get(name)
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _remark(told: Mapping[str, object], name: str, code: str) -> str:
    return f"{_text(told, name)} {code}".strip()[:REMARK_CHARS]
