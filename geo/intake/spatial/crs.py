"""Reference systems that files state: what they say becomes a code of EPSG, or the file is refused.

Only codes are transformed with, never a stranger's own definition: PROJ opens files that such a
definition names.
"""

from typing import Final

from geo.errors import FileRefusedError
from geo.intake.raw import Note

CRS_MISSING: Final[Note] = ("intake_crs_missing", "warning", {})
"""A format that has a place for the reference system, and the file left it empty."""

_SURE_PERCENT = 70  # how far a definition must agree with a code, as PROJ measures it
_SHOWN_CHARS = 80
_AUTHORITIES = ("EPSG", "ESRI")


def stated_in_wkt(text: str, name: str) -> str:
    """Return `EPSG:n` of a definition in WKT (a .prj file, a GeoPackage).

    Raises
    ------
    FileRefusedError
        `intake_crs_unknown`: it is none, or of no system in EPSG's list.
    """
    code = code_of_wkt(text)
    if not code.startswith("EPSG:"):
        raise unknown(text, name)
    return code


def code_of_wkt(text: str) -> str:
    """Return `EPSG:n` or `ESRI:n` of a definition in WKT; "" where there is none."""
    from pyproj import CRS  # noqa: PLC0415 -- half a second, for files that state one
    from pyproj.exceptions import CRSError  # noqa: PLC0415 -- the same

    try:
        found = CRS.from_wkt(text)
    except CRSError:
        return ""
    for authority in _AUTHORITIES:
        match = found.to_authority(authority, min_confidence=_SURE_PERCENT)
        if match is not None:
            return f"{match[0]}:{match[1]}"
    return ""


def unknown(text: str, name: str) -> FileRefusedError:
    """Return the refusal of a file whose reference system is not known, with what it is called."""
    quoted = text.split('"')
    shown = quoted[1] if len(quoted) > 1 else text
    return FileRefusedError("intake_crs_unknown", file=name, crs=shown.strip()[:_SHOWN_CHARS])
