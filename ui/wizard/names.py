"""What datums and projections are called."""

from typing import Final

from geo.reference import read_list
from ui.language import current
from ui.wizard.words import word

EPSG: Final = "EPSG:"
# CGCS2000 by the central meridian: first code, how many, degrees of a zone, whether its number
# stands before the easting.
_ZONE_CODES: Final = (
    (4534, 21, 3, False),
    (4513, 21, 3, True),
    (4502, 11, 6, False),
    (4491, 11, 6, True),
)
_FIRST_MERIDIAN: Final = 75
_OTHER_ZONES: Final = frozenset({32650, 3857})


def datum_name(datum: str) -> str:
    """Return what a datum is called."""
    entry = read_list("reference/datums").get(datum)
    return str(entry[current()]) if isinstance(entry, dict) and current() in entry else datum


def zone_name(code: str) -> str:
    """Return what surveyors call a projection: 国家 2000，3 度带，中央经线 117°（EPSG:4548）."""
    number = int(code.removeprefix(EPSG))
    for first, size, degrees, numbered in _ZONE_CODES:
        if first <= number < first + size:
            meridian = _FIRST_MERIDIAN + degrees * (number - first)
            key = "zone_numbered" if numbered else "zone"
            return word(key, degrees=degrees, meridian=meridian, code=code)
    return word(f"zone_{number}", code=code) if number in _OTHER_ZONES else code
