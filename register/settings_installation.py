"""What an administrator has settled for this computer: the base map, and limits on long work.

It stands in a file of its own beside the registers, as the accounts do: a key must be in no ledger,
no backup, no export and no log, and a limit belongs to the machine that does the work. Several
servers of one team have a file each.
"""

import json
import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, get_args

from geo.errors import ConflictError, InputError, PlannerError
from geo.whole import whole_file

FILE = "settings.json"
"""In the folder of the installation; nobody but its owner may read it."""

Basemap = Literal["own", "tianditu", "amap", "intranet"]
BASEMAPS: Final[tuple[Basemap, ...]] = get_args(Basemap)

TileDatum = Literal["wgs84", "gcj02"]
TILE_DATUMS: Final[tuple[TileDatum, ...]] = get_args(TileDatum)

LONGEST_TILES_URL: Final = 300
LONGEST_TILES_CREDIT: Final = 80
"""Signs (inclusive)."""

PLAN_SECONDS: Final = (5, 600)
"""Least and longest time for one plan, seconds of wall clock (both inclusive)."""

SEARCHES: Final = (1, 16)
"""Fewest and most plans that are looked for at once (both inclusive)."""

_KEY = re.compile(r"[0-9A-Za-z]{16,64}")
_LARGEST_BYTES = 100_000


@dataclass(frozen=True)
class Installation:
    """What is settled; without a file, the values here.

    Attributes
    ----------
    basemap
        What lies under the live map: its own drawing, or tiles that each browser fetches outside.
    tianditu_key
        What 天地图 gives its tiles for; "" for none.
    tiles_url, tiles_datum, tiles_credit
        Address of the house's own tiles with `{z}`, `{x}`, `{y}`; where they show what they show;
        what the map says they are. Whether the address is one, whoever draws it knows.
    plan_seconds
        How long one plan is looked for at most, wall clock.
    searches
        How many plans are looked for at once; the next planner waits for a turn.
    version
        Grows with every change; a change wants back the one it began with.
    """

    basemap: Basemap = "own"
    tianditu_key: str = ""
    tiles_url: str = ""
    tiles_datum: TileDatum = "wgs84"
    tiles_credit: str = ""
    plan_seconds: int = 30
    searches: int = 2
    version: int = 0

    def __repr__(self) -> str:
        """Return it without the key: a log may print it."""
        shown = "…" if self.tianditu_key else ""
        return (
            f"Installation(basemap={self.basemap!r}, tianditu_key={shown!r}, "
            f"tiles_url={self.tiles_url!r}, tiles_datum={self.tiles_datum!r}, "
            f"plan_seconds={self.plan_seconds}, searches={self.searches}, version={self.version})"
        )


def installation(folder: Path) -> Installation:
    """Return what is settled in the folder of an installation.

    Raises
    ------
    InputError
        `settings_unreadable`: the file is damaged, or of a newer version.
    """
    file = folder / FILE
    try:
        with file.open("rb") as opened:
            content = json.loads(opened.read(_LARGEST_BYTES))
    except FileNotFoundError:
        return Installation()
    except (OSError, ValueError) as error:
        raise InputError("settings_unreadable", file=FILE) from error
    return _read(content)


def settle_installation(folder: Path, new: Installation, *, seen: int) -> Installation:
    """Put settings in force and return them with their version.

    Parameters
    ----------
    seen
        The version that whoever changes them began with.

    Raises
    ------
    InputError
        A value is out of its range.
    ConflictError
        `settings_changed`: somebody else changed them meanwhile.
    PlannerError
        The folder cannot be written.
    """
    _check(new)
    if installation(folder).version != seen:
        raise ConflictError("settings_changed")
    made = replace(new, version=seen + 1)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with whole_file(folder / FILE) as file:
            file.write(json.dumps(asdict(made), indent=1).encode())
        (folder / FILE).chmod(0o600)
    except OSError as error:
        detail = error.strerror or str(error)
        raise PlannerError("register_home_not_writable", folder=folder, detail=detail) from error
    return made


def _check(given: Installation) -> None:
    if given.basemap == "tianditu" and not given.tianditu_key:
        raise InputError("settings_key_missing")
    if given.tianditu_key and _KEY.fullmatch(given.tianditu_key) is None:
        raise InputError("settings_key")
    if given.basemap == "intranet" and not given.tiles_url:
        raise InputError("settings_tiles_missing")
    if given.tiles_datum not in TILE_DATUMS or len(given.tiles_url) > LONGEST_TILES_URL:
        raise InputError("settings_tiles_url")
    if len(given.tiles_credit) > LONGEST_TILES_CREDIT or not given.tiles_credit.isprintable():
        raise InputError("settings_tiles_credit", most=LONGEST_TILES_CREDIT)
    for value, (least, most) in ((given.plan_seconds, PLAN_SECONDS), (given.searches, SEARCHES)):
        if not least <= value <= most:
            raise InputError("settings_range", value=value, least=least, most=most)


def _read(content: Any) -> Installation:  # noqa: ANN401 -- whatever stands in the file
    usual = asdict(Installation())
    if not isinstance(content, dict) or set(content) - set(usual):
        raise InputError("settings_unreadable", file=FILE)
    held = usual | content
    if any(type(held[name]) is not type(value) for name, value in usual.items()):
        raise InputError("settings_unreadable", file=FILE)
    basemap = next((known for known in BASEMAPS if known == held["basemap"]), None)
    if basemap is None:
        raise InputError("settings_unreadable", file=FILE)
    found = Installation(**{**held, "basemap": basemap})
    try:
        _check(found)
    except InputError as error:
        raise InputError("settings_unreadable", file=FILE) from error
    return found
