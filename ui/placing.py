"""What the data say of one place on the map: inside the district, near a street, in which unit."""

import math
from dataclasses import dataclass

import numpy as np
import shapely
import streamlit as st

from geo.streets import AttachStatus, attach
from register import Register
from siting.model import DEFAULT_ATTACH_CAP_M, Inputs
from ui.language import current, tell
from words import distance

NEAR_M = 1000.0
"""Farther demand (as the crow flies, inclusive) says nothing of the unit of a place."""

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
    unit
        Of the nearest demand point within `NEAR_M`; "" where there is none, and outside.
    """

    inside: bool
    attached: bool
    unit: str

    def warnings(self, *, street_told: bool = False) -> tuple[str, ...]:
        """Return what a planner should know before building here, in the session's language.

        `street_told` leaves out the missing street, where another sentence tells it.
        """
        cap = distance(DEFAULT_ATTACH_CAP_M, current())
        told = {
            tell("point.outside"): not self.inside,
            tell("point.no_street", cap=cap): not (self.attached or street_told),
        }
        return tuple(sentence for sentence, holds in told.items() if holds)


def place_at(register: Register, inputs: Inputs, lon: float, lat: float) -> Place:
    """Look at one place, WGS-84 degrees."""
    inside = _inside(register, lon, lat)
    return Place(inside, _attached(inputs, lon, lat), unit_at(inputs, lon, lat) if inside else "")


def _attached(inputs: Inputs, lon: float, lat: float) -> bool:
    if inputs.streets is None:
        return True
    found = attach(inputs.streets, np.array([lon]), np.array([lat]), cap_m=DEFAULT_ATTACH_CAP_M)
    return bool(found.status[0] == AttachStatus.OK)


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
