"""Pictures of other people's maps under ours: off unless a district asks for them.

A tile server of the house, in the intranet, may stand in the place of both services below.

The browser of whoever looks at the map fetches them from outside; nothing is computed from them,
and no report and no map that stands alone ever holds one. Addresses are those that the two services
are widely used by: 天地图 publishes its own (a key is needed, positions are CGCS2000, which WGS-84
equals within a metre); 高德 publishes none for its tiles, asks for no key, and shifts all that it
shows to GCJ-02. A map over shifted tiles is drawn shifted, in the browser and for the eye only:
positions come in and go out as WGS-84 (`L.CRS.Gcj02` of assets/station_map.js).
"""

import math
import re
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args
from urllib.parse import urlsplit

Provider = Literal["tianditu", "amap", "intranet"]
PROVIDERS: Final[tuple[Provider, ...]] = get_args(Provider)

TileDatum = Literal["wgs84", "gcj02"]
"""Where tiles show what they show; CGCS2000 is wgs84 here."""

_SHIFTED: Final[frozenset[Provider]] = frozenset({"amap"})
_SUBDOMAINS: Final[dict[Provider, str]] = {"tianditu": "01234567", "amap": "1234", "intranet": "a"}
_NAMED: Final = re.compile(r"\{(?:z|x|-?y)\}")
_UNSAFE: Final = frozenset(" \"'<>\\^`|")
_CLOSEST: Final = 18  # neither service has closer tiles everywhere
_TIANDITU = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    "&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
_AMAP = (
    "https://webrd0{s}.is.autonavi.com/appmaptile"
    "?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}"
)


@dataclass(frozen=True)
class Tiles:
    """Whose tiles lie under the map.

    Attributes
    ----------
    provider
        Who sends them.
    key
        Of 天地图: their addresses carry it, and with them every browser that shows the map.
    url, datum, credit
        Of a tile server of the house: its address with `{z}`, `{x}` and `{y}` (or `{-y}`), where
        its tiles are, and what the map says they are.
    """

    provider: Provider
    key: str = ""
    url: str = ""
    datum: TileDatum = "wgs84"
    credit: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return what the page's script needs: addresses, lowest layer first.

        Raises
        ------
        ValueError
            The key is none, or the address.
        """
        return {
            "provider": self.provider,
            "urls": _urls(self),
            "subdomains": _SUBDOMAINS[self.provider],
            "closest": _CLOSEST,
        }

    @property
    def crs(self) -> str:
        """Name of the Leaflet CRS that the map is drawn in."""
        shifted = self.provider in _SHIFTED
        if self.provider == "intranet":
            shifted = self.datum == "gcj02"
        return "Gcj02" if shifted else "EPSG3857"


def is_template(url: str) -> bool:
    """Tell whether an address can be one of tiles: http(s), a host, each of z, x and y once."""
    if not (url.isascii() and url.isprintable()) or set(url) & _UNSAFE:
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        return False
    named = sorted(_NAMED.findall(url))
    return named in (["{x}", "{y}", "{z}"], ["{-y}", "{x}", "{z}"]) and not (
        set("{}") & set(_NAMED.sub("", url) + parts.netloc)
    )


def tile_at(url: str, lon: float, lat: float, zoom: int) -> str:
    """Return the address of the tile that holds a place (degrees, as the tiles have it).

    Parameters
    ----------
    url
        A template (`is_template`).
    """
    across = 2**zoom
    x = int((lon + 180.0) / 360.0 * across)
    swell = math.asinh(math.tan(math.radians(lat)))
    y = int((1.0 - swell / math.pi) / 2.0 * across)
    values = {"{z}": zoom, "{x}": x, "{y}": y, "{-y}": across - 1 - y}
    return _NAMED.sub(lambda found: str(values[found.group()]), url)


def _urls(tiles: Tiles) -> list[str]:
    if tiles.provider == "amap":
        return [_AMAP]
    if tiles.provider == "intranet":
        if not is_template(tiles.url):
            message = "an address of tiles has {z}, {x} and {y}"
            raise ValueError(message)
        return [tiles.url]
    if not tiles.key.isascii() or not tiles.key.isalnum():  # it becomes part of an address
        message = "a key of 天地图 is letters and figures only"
        raise ValueError(message)
    return [_TIANDITU.format(layer=layer, key=tiles.key) for layer in ("vec", "cva")]
