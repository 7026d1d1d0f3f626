"""Zones in which a planner has set the areas: a layer of the register, signed and undoable."""

from register.events import Event
from register.layers import Layer
from register.reader import AREA_ZONES, Reader
from register.register import Register
from siting.area_zones import AreaZones, zones_json
from siting.model import LayerSource


def put_zones(register: Register, zones: AreaZones, source: LayerSource, *, who: str) -> Layer:
    """Put zones in use instead of those that are.

    Raises
    ------
    InputError
        Invented and real data would mix.
    PlannerError
        The disk or the database refuses.
    """
    return register.put_layer(AREA_ZONES, zones_json(zones), source, suffix=".geojson", who=who)


def take_out_zones(register: Register, *, who: str) -> Event | None:
    """Use no zones any more; None: there are none."""
    return register.take_out(AREA_ZONES, who=who)


def zones_in_use(register: Reader) -> Layer | None:
    """Return the layer of the zones in use, which says where they came from."""
    held = (x for x in register.layers() if x.kind == AREA_ZONES and x.active)
    return next(held, None)
