"""The GeoPackage of service areas, WGS-84 (EPSG:4326): sites, streets they reach, areas, bands."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from geo.crs import GEOD
from geo.service_areas import ReachedLines, bands, reached_lines, service_area
from geo.streets import Attached, AttachStatus, Network, attach, street_classes, street_names
from reports.tables import clean_text

CRS = "EPSG:4326"
LAYERS = ("sites", "service_areas", "bands", "reached_streets")
SITE_COLUMNS = ("layer", "id", "name", "lon", "lat")


@dataclass(frozen=True)
class AreaSettings:
    """How far one walks and how areas are drawn; all in metres, `min_hole_m2` in square metres.

    `bands_m` ascends; empty: no bands.
    """

    cutoff_m: float
    bands_m: tuple[float, ...]
    attach_cap_m: float
    alternatives_m: float
    max_leg_m: float
    cell_m: float
    min_hole_m2: float


def service_area_layers(
    net: Network, sites: pd.DataFrame, settings: AreaSettings
) -> dict[str, pd.DataFrame]:
    """Return one frame per layer, by the names in `LAYERS`.

    A site that is on no street is in `sites`, with its status, and in no other layer.

    Parameters
    ----------
    net
        The streets.
    sites
        Columns of `SITE_COLUMNS`; positions WGS-84.
    settings
        How far, and how it is drawn.

    Raises
    ------
    ValueError
        A setting makes no area, see `geo.service_areas`.
    """
    attached = attach(
        net,
        sites["lon"].to_numpy(),
        sites["lat"].to_numpy(),
        cap_m=settings.attach_cap_m,
        alternatives_m=settings.alternatives_m,
    )
    labels = pd.DataFrame(
        {name: [clean_text(str(text)) for text in sites[name]] for name in ("layer", "id", "name")},
        dtype="object",
    )
    rows: dict[str, list[pd.DataFrame]] = {name: [] for name in LAYERS}
    for i in np.unique(attached.point[attached.ok]).tolist():
        for name, frame in _of_site(net, _of_point(attached, i), settings):
            label = labels.iloc[[i] * len(frame)].reset_index(drop=True)
            rows[name].append(pd.concat([label, frame], axis=1))
    rows["sites"] = [_sites(labels, sites, attached)]
    return {name: _frame(parts) for name, parts in rows.items() if parts}


def service_areas_bytes(layers: dict[str, pd.DataFrame]) -> bytes:
    """Return the GeoPackage of layers that have rows."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "areas.gpkg"
        for name, frame in layers.items():
            more = {} if path.exists() else {"dataset_options": {"VERSION": "1.3"}}
            pyogrio.write_dataframe(
                frame, path, layer=name, driver="GPKG", append=path.exists(), **more
            )
        return path.read_bytes()


def _of_site(
    net: Network, site: Attached, settings: AreaSettings
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield layer and rows of one site."""
    drawn = {
        "max_leg_m": settings.max_leg_m,
        "cell_m": settings.cell_m,
        "min_hole_m2": settings.min_hole_m2,
    }
    area = service_area(net, site, settings.cutoff_m, **drawn)
    lines = reached_lines(net, site, settings.cutoff_m)
    facts = {
        "cutoff_m": [settings.cutoff_m],
        "street_km": [lines.length_m / 1000],
        "area_km2": [_km2(area)],
        "geometry": [area],
    }
    yield "service_areas", pd.DataFrame(facts)
    parts = bands(net, site, settings.bands_m, **drawn)
    if parts:
        yield (
            "bands",
            pd.DataFrame(
                {
                    "from_m": [part.from_m for part in parts],
                    "to_m": [part.to_m for part in parts],
                    "area_km2": [_km2(part.area) for part in parts],
                    "geometry": [part.area for part in parts],
                }
            ),
        )
    yield "reached_streets", _streets(net, lines)


def _streets(net: Network, lines: ReachedLines) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "street": [clean_text(name) for name in street_names(net, lines.edge)],
            "highway": [clean_text(name) for name in street_classes(net, lines.edge)],
            "length_m": (lines.to_mm - lines.from_mm) / 1000,
            "geometry": lines.line,
        }
    )


def _sites(labels: pd.DataFrame, sites: pd.DataFrame, attached: Attached) -> pd.DataFrame:
    first = np.searchsorted(attached.point, np.arange(len(sites)))
    leg_m = np.where(attached.ok, attached.leg_mm / 1000, np.nan)[first]
    facts = {
        "status": [AttachStatus(value).name.lower() for value in attached.status[first]],
        "leg_m": leg_m,
        "geometry": shapely.points(sites["lon"].to_numpy(), sites["lat"].to_numpy()),
    }
    return pd.concat([labels, pd.DataFrame(facts)], axis=1)


def _frame(parts: list[pd.DataFrame]) -> pd.DataFrame:
    table = pd.concat(parts, ignore_index=True)
    made: pd.DataFrame = gpd.GeoDataFrame(table, geometry="geometry", crs=CRS)
    return made


def _of_point(points: Attached, number: int) -> Attached:
    """Return the streets of one point, as if each were a site: it reaches what any of them does."""
    part = slice(*np.searchsorted(points.point, (number, number + 1)).tolist())
    return Attached(
        edge=points.edge[part],
        pos_mm=points.pos_mm[part],
        leg_mm=points.leg_mm[part],
        status=points.status[part],
    )


def _km2(area: shapely.Polygon | shapely.MultiPolygon) -> float:
    square_m, _ = GEOD.geometry_area_perimeter(shapely.orient_polygons(area))
    return abs(float(square_m)) / 1e6
