"""Zones in which a planner has set the areas: a layer of the register, signed and undoable."""

from geo.errors import ConflictError
from register import layers
from register.events import Event, Ledger
from register.layers import Layer
from register.reader import AREA_ZONES, Reader
from register.register import Register
from siting.areas.zones import AreaZones, zones_json
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


def change_zones(
    register: Register, zones: AreaZones, source: LayerSource, *, seen: str, who: str
) -> None:
    """Put zones in use that were made from those that are; none left: use none any more.

    Parameters
    ----------
    seen
        `sha256` of the layer that they were made from; "" where there was none.

    Raises
    ------
    ConflictError
        `zones_changed`: somebody else changed the zones meanwhile.
    PlannerError
        The disk or the database refuses.
    """
    stored = layers.store(register.folder, zones_json(zones), ".geojson")

    def work(ledger: Ledger) -> None:
        if ledger.done("activate", "layers") is not None:
            return
        held = layers.active(ledger.connection, AREA_ZONES)
        if seen != ("" if held is None else held.sha256):
            raise ConflictError("zones_changed")
        if len(zones):
            layers.use(ledger, kind=AREA_ZONES, stored=stored, source=source)
        elif held is not None:
            layers.activate(ledger.connection, ledger, AREA_ZONES, None)

    register.write(work, who=who)


def take_out_zones(register: Register, *, who: str) -> Event | None:
    """Use no zones any more; None: there are none."""
    return register.take_out(AREA_ZONES, who=who)


def zones_in_use(register: Reader) -> Layer | None:
    """Return the layer of the zones in use, which says where they came from."""
    held = (x for x in register.layers() if x.kind == AREA_ZONES and x.active)
    return next(held, None)
