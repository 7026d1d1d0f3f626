"""From an OSM file to the table `hosts`, read in a process of its own."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from opening_hours import validate

from geo.crs import GEOD
from geo.errors import FileRefusedError
from geo.hosts.places import Place, PlacesFound, outlines_of, read_places
from geo.hosts.placing import How, Placed, place_hosts
from geo.hosts.tags import HostRules, host_rules
from geo.intake.guarded import guard
from geo.intake.hours import plain_hours
from geo.intake.meanings import normalise
from geo.intake.streets import STREETS_LIMITS
from geo.streets import Network
from geo.streets.load import osm_form
from geo.tables import DTYPES, columns

OSM_LICENCE = "ODbL 1.0, © OpenStreetMap contributors"
_PREFIX = {"node": "n", "way": "w", "relation": "r"}


@dataclass(frozen=True, eq=False)
class HostsFound:
    """Hosts of one OSM file.

    Attributes
    ----------
    frame
        As the schema's `hosts`; ids are `osm-n…`, `osm-w…`, `osm-r…`.
    how
        How each position came about, in the order of the rows.
    left_out
        Relations that close no area.
    doubled
        Places left out because they are drawn twice: a point and the area around it.
    hours_unread
        Hosts whose opening hours nobody can read; theirs are blank.
    date
        Of the file; "".
    """

    frame: pd.DataFrame
    how: tuple[How, ...]
    left_out: tuple[int, ...]
    doubled: int
    hours_unread: int
    date: str

    def as_dict(self) -> dict[str, Any]:
        """Return the keys of the command line's JSON."""
        return {
            "hosts": len(self.frame),
            "by_type": _counted(self.frame["host_type"]),
            "placed": _counted(self.how),
            "named": int((self.frame["name"] != "").sum()),
            "with_hours": int((self.frame["hours"] != "").sum()),
            "with_address": int((self.frame["address"] != "").sum()),
            "left_out": list(self.left_out),
            "doubled": self.doubled,
            "hours_unread": self.hours_unread,
            "date": self.date,
        }


def extract_hosts(
    path: Path, net: Network | None, *, rules: HostRules | None = None, name: str | None = None
) -> HostsFound:
    """Return the hosts of an OSM file.

    Parameters
    ----------
    path
        .osm.pbf or OSM XML (also .gz, .bz2), by content.
    net
        Streets that areas are to face; None: areas without a door stand inside.
    rules
        None: those that the product ships.
    name
        What messages call the file; None: its own name.

    Raises
    ------
    FileRefusedError
        `hosts_not_osm`, `streets_not_found`, `streets_osm_damaged`; `intake_limit_time`,
        `intake_limit_memory`.
    """
    shown = name or path.name
    form = osm_form(path)
    if not form:
        raise FileRefusedError("hosts_not_osm", file=shown)
    chosen = rules or host_rules()
    try:
        found = guard(read_places, path, form, chosen, name=shown, limits=STREETS_LIMITS)
    except FileRefusedError as error:
        raise FileRefusedError(error.code, **{**error.facts, "file": shown}) from error
    return _hosts(found, net, chosen)


def _hosts(found: PlacesFound, net: Network | None, rules: HostRules) -> HostsFound:
    places = _once(found.places)
    placed = place_hosts(places, net, rules.placing)
    hours = [_hours(place.hours) for place in places]
    unread = sum(bool(place.hours) and not read for place, read in zip(places, hours, strict=True))
    return HostsFound(
        frame=_frame(places, placed, hours),
        how=placed.how,
        left_out=found.left_out,
        doubled=len(found.places) - len(places),
        hours_unread=unread,
        date=found.date,
    )


def _frame(places: tuple[Place, ...], placed: Placed, hours: Sequence[str]) -> pd.DataFrame:
    known: dict[str, object] = {
        "id": [f"osm-{_PREFIX[place.shape]}{place.osm_id}" for place in places],
        "name": [place.name for place in places],
        "lon": np.round(placed.lon, 7),
        "lat": np.round(placed.lat, 7),
        "host_type": [place.host_type for place in places],
        "hours": list(hours),
        "address": [place.address for place in places],
        "position_state": ["given"] * len(places),
        "area_m2": _areas(places),
    }
    blank = {"text": "", "list": "", "date": ""}
    return pd.DataFrame(
        {
            column.name: pd.Series(
                known.get(column.name, [blank.get(column.type)] * len(places)),
                dtype=DTYPES[column.type],
            )
            for column in columns("hosts")
        }
    )


def _areas(places: tuple[Place, ...]) -> NDArray[np.float64]:
    """Return m2 of outlines on the ellipsoid, courtyards apart, times floors; NaN for points."""
    found = np.full(len(places), np.nan)
    rows, shapes = outlines_of(places)
    for row, shape in zip(rows.tolist(), shapely.orient_polygons(shapes), strict=True):
        found[row] = round(GEOD.geometry_area_perimeter(shape)[0] * places[row].floors)
    return found


def _once(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Leave out points and smaller areas inside an area of the same host, which is drawn twice.

    It is the same host where the kind is the same and so is the name, or one of them has none. What
    the area does not say is taken from the point.
    """
    rows, shapes = outlines_of(places)
    if not len(rows):
        return places
    inner = shapely.point_on_surface(shapes)
    at = shapely.points([(place.lon, place.lat) for place in places])
    at[rows] = inner
    spot, area = shapely.STRtree(shapes).query(at, predicate="intersects")
    size = shapely.area(shapes)
    kept = list(places)
    gone: set[int] = set()
    area_of = {row: number for number, row in enumerate(rows.tolist())}
    for within, number in zip(spot.tolist(), area.tolist(), strict=True):
        around = int(rows[number])
        smaller = within not in area_of or size[area_of[within]] < size[number]
        if within == around or around in gone or within in gone or not smaller:
            continue
        if _same(kept[within], kept[around]):
            kept[around] = _filled(kept[around], kept[within])
            gone.add(within)
    return tuple(place for row, place in enumerate(kept) if row not in gone)


def _same(one: Place, other: Place) -> bool:
    if one.host_type != other.host_type:
        return False
    names = normalise(one.name), normalise(other.name)
    return names[0] == names[1] or not all(names)


def _filled(place: Place, other: Place) -> Place:
    """Return an area with what it lacks; a point of it that has a name is no door of it."""
    return Place(
        shape=place.shape,
        osm_id=place.osm_id,
        host_type=place.host_type,
        name=place.name or other.name,
        hours=place.hours or other.hours,
        address=place.address or other.address,
        lon=place.lon,
        lat=place.lat,
        outline=place.outline,
        doors=place.doors,
        floors=place.floors,
    )


def _hours(text: str) -> str:
    """Return opening hours that can be read; "" for others."""
    if not text or validate(text):
        return text
    return plain_hours(text) or ""


def _counted(values: "pd.Series[str] | Sequence[str]") -> Mapping[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))
