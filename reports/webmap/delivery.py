"""The scripts and styles a map needs: vendored Leaflet and our own, and where browsers find them.

Live maps get them by address from the app's static folder; a map that stands alone carries them
inside.
"""

import base64
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geo.whole import whole_file
from reports.webmap.base import BaseLayer
from reports.webmap.palette import looks
from reports.webmap.payload import script_json

STATIC_FOLDER = Path(__file__).resolve().parents[2] / "static"
STATIC_URL = "../../app/static"
"""Relative to the page of a Streamlit component: a path prefix of a proxy stays in front."""

_OWN_FOLDER = Path(__file__).resolve().parent / "assets"
_LEAFLET = "leaflet-1.9.4"
_CSS_URL = re.compile(r"""url\((['"]?)([^)'"#]+)\1\)""")

Links = list[tuple[str, str]]


@dataclass(frozen=True)
class Assets:
    """Scripts and styles as (name, address) pairs, in the order in which they must load."""

    js: Links
    css: Links


def served_assets(base: BaseLayer, folder: Path = STATIC_FOLDER, *, tiled: bool = False) -> Assets:
    """Return addresses under the static folder; write what is content-addressed and missing.

    Parameters
    ----------
    tiled
        Whether the map lies on tiles, which a script of its own lays.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    tiles = [("tiles", "tiles.js")] if tiled else []
    tools = ("street-tools", "street_tools.js")  # a map that stands alone changes nothing
    scripts = [*tiles, ("looks", "looks.js"), tools, ("station-map", "station_map.js")]
    own = [("paints", publish(_paints(), "js", folder))]
    own += [(name, publish(_own(file), "js", folder)) for name, file in scripts]
    style = publish(_own("station_map.css"), "css", folder)
    return Assets(
        js=[
            ("leaflet", f"{STATIC_URL}/vendor/{_LEAFLET}/leaflet.js"),
            ("base", f"{STATIC_URL}/base/{publish(base.javascript, 'js', folder)}"),
            *((name, f"{STATIC_URL}/base/{script}") for name, script in own),
        ],
        css=[
            ("leaflet-style", f"{STATIC_URL}/vendor/{_LEAFLET}/leaflet.css"),
            ("station-style", f"{STATIC_URL}/base/{style}"),
        ],
    )


def embedded_assets(base: BaseLayer) -> Assets:
    """Return the same as `data:` addresses, pictures inside the style sheets included."""
    leaflet = STATIC_FOLDER / "vendor" / _LEAFLET
    script = (leaflet / "leaflet.js").read_text(encoding="utf-8")
    return Assets(
        js=[
            ("leaflet", _data_uri(script, "text/javascript")),
            ("base", _data_uri(base.javascript, "text/javascript")),
            ("paints", _data_uri(_paints(), "text/javascript")),
            ("looks", _data_uri(_own("looks.js"), "text/javascript")),
            ("station-map", _data_uri(_own("station_map.js"), "text/javascript")),
        ],
        css=[
            ("leaflet-style", _data_uri(_style_with_pictures(leaflet / "leaflet.css"), "text/css")),
            ("station-style", _data_uri(_own("station_map.css"), "text/css")),
        ],
    )


def publish(text: str, suffix: str, folder: Path = STATIC_FOLDER) -> str:
    """Write `text` once to `<folder>/base/<sha256>.<suffix>` and return the file's name.

    Several servers may do so at once: the file appears whole or not at all.
    """
    content = text.encode()
    name = f"{hashlib.sha256(content).hexdigest()}.{suffix}"
    target = folder / "base" / name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(target) as file:
            file.write(content)
    return name


@cache
def _own(name: str) -> str:
    return (_OWN_FOLDER / name).read_text(encoding="utf-8")


@cache
def _paints() -> str:
    """Return the colours of the map as a script, for `looks.js`."""
    return f"window.WarmPaints = {script_json(looks())};\n"


def _style_with_pictures(path: Path) -> str:
    def inside(match: re.Match[str]) -> str:
        picture = path.parent / match.group(2)
        kind = mimetypes.guess_type(picture.name)[0] or "application/octet-stream"
        encoded = base64.b64encode(picture.read_bytes()).decode("ascii")
        return f"url(data:{kind};base64,{encoded})"

    return _CSS_URL.sub(inside, path.read_text(encoding="utf-8"))


def _data_uri(text: str, kind: str) -> str:
    return f"data:{kind};charset=utf-8;base64,{base64.b64encode(text.encode()).decode('ascii')}"
