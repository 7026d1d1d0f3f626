"""Pictures of other people's maps under ours: off unless a district asks for them.

The browser of whoever looks at the map fetches them from outside; nothing is computed from them,
and no report and no map that stands alone ever holds one. Addresses are those that the two services
are widely used by: 天地图 publishes its own (a key is needed, positions are CGCS2000, which WGS-84
equals within a metre); 高德 publishes none for its tiles, asks for no key, and shifts all that it
shows to GCJ-02. A map over shifted tiles is drawn shifted, in the browser and for the eye only:
positions come in and go out as WGS-84 (`L.CRS.Gcj02` of assets/station_map.js).
"""

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

Provider = Literal["tianditu", "amap"]
PROVIDERS: Final[tuple[Provider, ...]] = get_args(Provider)

_SHIFTED: Final[frozenset[Provider]] = frozenset({"amap"})
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
    """

    provider: Provider
    key: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return what the page's script needs: addresses, lowest layer first.

        Raises
        ------
        ValueError
            The key is none.
        """
        return {
            "provider": self.provider,
            "urls": _urls(self),
            "subdomains": "01234567" if self.provider == "tianditu" else "1234",
            "closest": _CLOSEST,
        }

    @property
    def crs(self) -> str:
        """Name of the Leaflet CRS that the map is drawn in."""
        return "Gcj02" if self.provider in _SHIFTED else "EPSG3857"


def _urls(tiles: Tiles) -> list[str]:
    if tiles.provider == "amap":
        return [_AMAP]
    if not tiles.key.isascii() or not tiles.key.isalnum():  # it becomes part of an address
        message = "a key of 天地图 is letters and figures only"
        raise ValueError(message)
    return [_TIANDITU.format(layer=layer, key=tiles.key) for layer in ("vec", "cva")]
