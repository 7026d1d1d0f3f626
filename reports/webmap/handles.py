"""The handle by which people take hold of the point that they picked."""

from dataclasses import dataclass
from typing import Any, Literal

from reports.webmap.base import SCALE


@dataclass(frozen=True)
class Grip:
    """A handle on the picked point.

    Attributes
    ----------
    id, kind
        Of the point.
    version
        Of the record that was seen.
    lon, lat
        Where the handle stands, WGS-84 degrees: on the point, or where it is tried.
    name
        What it is called.
    """

    id: str
    kind: Literal["candidate", "station"]
    version: int
    lon: float
    lat: float
    name: str

    def as_dict(self) -> dict[str, Any]:
        """Return what the page's script draws."""
        return {
            "id": self.id,
            "kind": self.kind,
            "version": self.version,
            "x": round(self.lon * SCALE),
            "y": round(self.lat * SCALE),
            "name": self.name,
        }
