"""What the data say of one place on the map: inside the district, near a street, in which unit."""

import math
from dataclasses import dataclass

import numpy as np
import shapely
import streamlit as st

from geo.streets import attach, street_names
from register import Register
from siting.model import DEFAULT_ATTACH_CAP_M, Inputs
from ui.language import current, tell
from words import distance

NEAR_M = 1000.0
"""Farther demand (as the crow flies, inclusive) says nothing of the unit of a place."""

FARTHEST_M = 5000.0
"""A street is looked for this far (inclusive) to say how far it is."""

_DEGREE_M = 111_320.0


@dataclass(frozen=True)
class Place:
    """One place.

    Attributes
    ----------
    inside
        Of the district's outline; True where there is no outline.
    attached
        Whether a street that leads somewhere is within the cap; True where there are no streets.
    street_m
        As the crow flies to the nearest street that leads somewhere, metres; None: there are no
        streets, or none within `FARTHEST_M`.
    street
        What it is called; "": it has no name.
    unit
        Of the nearest demand point within `NEAR_M`; "" where there is none, and outside.
    """

    inside: bool
    attached: bool
    street_m: float | None
    street: str
    unit: str

    @property
    def snapped(self) -> str:
        """Say how far the nearest street is, in the session's language; "": nobody knows."""
        if self.street_m is None:
            return ""
        away = distance(round(self.street_m), current())
        key = "point.street" if self.attached else "point.street_far"
        name = self.street or tell("point.street_unnamed")
        cap = distance(DEFAULT_ATTACH_CAP_M, current())
        return tell(key, away=away, name=name, cap=cap)

    def warnings(self, *, street_told: bool = False) -> tuple[str, ...]:
        """Return what a planner should know before building here, in the session's language.

        `street_told` leaves out the missing street, where another sentence tells it.
        """
        cap = distance(DEFAULT_ATTACH_CAP_M, current())
        told = {
            tell("point.outside"): not self.inside,
            self.snapped or tell("point.no_street", cap=cap): not (self.attached or street_told),
        }
        return tuple(sentence for sentence, holds in told.items() if holds)


def place_at(register: Register, inputs: Inputs, lon: float, lat: float) -> Place:
    """Look at one place, WGS-84 degrees."""
    inside = _inside(register, lon, lat)
    attached, street_m, street = _street(inputs, lon, lat)
    unit = unit_at(inputs, lon, lat) if inside else ""
    return Place(inside, attached, street_m, street, unit)


def _street(inputs: Inputs, lon: float, lat: float) -> tuple[bool, float | None, str]:
    """Return whether a place is near enough to a street, how far that is, and its name."""
    streets = inputs.streets
    if streets is None:
        return True, None, ""
    for cap_m in (DEFAULT_ATTACH_CAP_M, FARTHEST_M):
        found = attach(streets, [lon], [lat], cap_m=cap_m)
        if found.ok[0]:
            name = str(street_names(streets, found.edge)[0])
            return cap_m == DEFAULT_ATTACH_CAP_M, int(found.leg_mm[0]) / 1000, name
    return False, None, ""


def unit_at(inputs: Inputs, lon: float, lat: float) -> str:
    """Return the unit of the nearest demand point within `NEAR_M`; "": nobody says."""
    demand = inputs.demand.loc[inputs.demand["town"] != ""]
    if demand.empty:
        return ""
    east = (demand["lon"].to_numpy(dtype=float) - lon) * math.cos(math.radians(lat))
    north = demand["lat"].to_numpy(dtype=float) - lat
    away = np.hypot(east, north) * _DEGREE_M
    nearest = int(away.argmin())
    return str(demand["town"].iloc[nearest]) if away[nearest] <= NEAR_M else ""


def own_outline(register: Register) -> shapely.Geometry | None:
    """Return the outline of the district, WGS-84; None: it has none of its own."""
    active = [
        layer.sha256 for layer in register.layers() if layer.kind == "outline" and layer.active
    ]
    return _outline(active[0], register) if active else None


def _inside(register: Register, lon: float, lat: float) -> bool:
    outline = own_outline(register)
    return outline is None or bool(shapely.intersects_xy(outline, lon, lat))


@st.cache_resource(max_entries=4, show_spinner=False)
def _outline(sha256: str, _register: Register) -> shapely.Geometry:
    del sha256
    path = _register.layer_file("outline")
    drawn = None if path is None else shapely.from_geojson(path.read_bytes())
    outline = shapely.union_all(shapely.get_parts(drawn))
    shapely.prepare(outline)
    return outline
