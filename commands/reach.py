"""The commands that tell how far people walk: catchments, service-area."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from commands.answers import answer
from commands.inputs import attaching, attaching_lines, load, parameters_of
from commands.options import (
    FILE,
    Settings,
    all_positive,
    deciding,
    not_negative,
    positive,
    reaching,
)
from commands.riding import RIDING, Ride, ride_travel
from commands.usage import Misuse
from geo.errors import InputError
from words import Lang, count, distance, say

if TYPE_CHECKING:  # a second together: the commands that need them import them
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from geo.catchments import Travel
    from geo.streets import Network
    from siting.coverage import Demand
    from siting.model import Inputs, Parameters

PACE_M_PER_S = 1.2
"""Our own assumption, as in data/standards/walk_15min.toml: what crossings are designed for."""

_SECONDS_PER_MINUTE = 60
_SHOWN = 5
"""How many names a line tells; JSON has them all."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Drawing:
    """The options of `service-area`."""

    band_m: tuple[float, ...]
    minutes: tuple[float, ...]
    pace_m_per_s: float
    max_leg_m: float
    cell_m: float
    min_hole_m2: float

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> "Drawing":
        """Take these options out of all options of a command."""
        return cls(**{field.name: options.pop(field.name) for field in fields(cls)})

    @property
    def bands_m(self) -> tuple[float, ...]:
        """Ends of the bands, ascending, to the millimetre."""
        walked = [minutes * _SECONDS_PER_MINUTE * self.pace_m_per_s for minutes in self.minutes]
        return tuple(sorted({round(metres, 3) for metres in (*self.band_m, *walked)}))


def _riding(command: _Command) -> _Command:
    for option in reversed(RIDING):
        command = option(command)
    return command


@click.command()
@deciding
@_riding
@click.option("--out", type=FILE, required=True, help=".parquet, .csv")
def catchments(*, out: Path, **options: Any) -> int:  # noqa: ANN401 -- click's
    """Write which demand points each site reaches, and how far it is / 可达矩阵."""
    from geo.tables import save_table  # noqa: PLC0415 -- start-up

    ride = Ride.taken_from(options)
    settings = Settings.of(options)
    ride.check(settings)
    parameters = parameters_of(settings)
    inputs, findings = load(settings)
    matrix, demand = _matrix(ride, inputs, parameters, settings)
    table = _matrix_table(inputs, matrix, demand)
    save_table(table, out)
    lang, sites, points = settings.lang, _ids(inputs), demand.point_id
    off, off_demand = (
        [str(names[i]) for i in status.nonzero()[0]]
        for names, status in ((sites, matrix.site_status), (points, matrix.demand_status))
    )
    islands = [
        [str(names[i]) for i in _islands(status)]
        for names, status in ((sites, matrix.site_status), (points, matrix.demand_status))
    ]
    content = {
        "sites": matrix.sites,
        "stations": len(inputs.stations),
        "candidates": len(inputs.candidates),
        "demand_points": matrix.points,
        "entries": len(table),
        "profile": "walk" if matrix.cost_unit == "mm" else "ebike",
        "cutoff_m": parameters.cutoff_m if matrix.cost_unit == "mm" else None,
        "cutoff_s": ride.cutoff_s,
        "direction": ride.direction if matrix.cost_unit == "ms" else None,
        **attaching(parameters),
        "method": matrix.method,
        "unreachable_sites": off,
        "unsnapped_demand": off_demand,
        "island_sites": islands[0],
        "island_demand": islands[1],
        "out": str(out),
    }
    size = {"sites": matrix.sites, "points": matrix.points, "entries": len(table)}
    lines = [
        say("cli.catchments", lang, **{name: count(n, lang) for name, n in size.items()}),
        _method_line(matrix, ride, lang),
        *attaching_lines(parameters, lang),
        *_listed("cli.off_streets", off, lang),
        *_listed("cli.off_demand", off_demand, lang),
        *_listed("cli.only_islands", [name for part in islands for name in part], lang),
    ]
    written = [say("cli.written", lang, file=out)]
    return answer(settings, inputs, content, lambda: lines, findings, written=written)


@click.command("service-area")
@reaching
@click.option(
    "--band-m", type=float, multiple=True, callback=all_positive, help="分级（米） / end of a band"
)
@click.option(
    "--minutes", type=float, multiple=True, callback=all_positive, help="分级（分钟） / the same"
)
@click.option(
    "--pace-m-per-s", type=float, callback=positive, default=PACE_M_PER_S, show_default=True
)
@click.option("--max-leg-m", type=float, callback=positive, default=25.0, show_default=True)
@click.option("--cell-m", type=float, callback=positive, default=10.0, show_default=True)
@click.option("--min-hole-m2", type=float, callback=not_negative, default=0.0, show_default=True)
@click.option("--out", type=FILE, required=True, help=".gpkg")
def service_area(*, out: Path, **options: Any) -> int:  # noqa: ANN401 -- click's
    """Write the streets and the area that each site reaches / 服务区、分级和沿街可达线."""
    from reports.service_areas import AreaSettings, service_area_layers  # noqa: PLC0415 -- start-up

    drawing = Drawing.taken_from(options)
    settings = Settings(**options)
    lang = settings.lang
    if settings.streets is None:
        raise Misuse("needs_streets")
    if out.suffix.lower() != ".gpkg":
        raise InputError("service_areas_suffix", file=out.name)
    parameters = parameters_of(settings)
    inputs, findings = load(settings)
    wish = AreaSettings(
        cutoff_m=parameters.cutoff_m,
        bands_m=drawing.bands_m,
        attach_cap_m=parameters.attach_cap_m,
        alternatives_m=parameters.alternatives_m,
        max_leg_m=drawing.max_leg_m,
        cell_m=drawing.cell_m,
        min_hole_m2=drawing.min_hole_m2,
    )
    layers = service_area_layers(cast("Network", inputs.streets), _site_table(inputs), wish)
    _write(layers, out)
    sites = layers["sites"]
    off = [str(name) for name in sites.loc[sites["status"] != "ok", "id"]]
    areas = layers.get("service_areas")
    street_km = float(areas["street_km"].sum()) if areas is not None else 0.0
    content = {
        "sites": len(sites),
        "unreachable_sites": off,
        "cutoff_m": parameters.cutoff_m,
        **attaching(parameters),
        "bands_m": list(drawing.bands_m),
        "pace_m_per_s": drawing.pace_m_per_s if drawing.minutes else None,
        "street_km": round(street_km, 6),
        "layers": {name: len(frame) for name, frame in layers.items()},
        "out": str(out),
    }
    lines = [
        say("cli.service_areas", lang, areas=len(sites) - len(off), street_km=f"{street_km:,.1f}"),
        f"{say('cli.method_street', lang)} {distance(parameters.cutoff_m, lang)}",
        *attaching_lines(parameters, lang),
        *_band_lines(drawing, lang),
        *_listed("cli.off_streets", off, lang),
    ]
    written = [say("cli.written", lang, file=out)]
    return answer(settings, inputs, content, lambda: lines, findings, written=written)


def _matrix(
    ride: Ride, inputs: "Inputs", parameters: "Parameters", settings: Settings
) -> "tuple[Travel, Demand]":
    """Return the costs from stations, then candidates, to the demand that counts."""
    from siting.sites import site_travel  # noqa: PLC0415 -- start-up

    if ride.ride_streets is not None:
        return ride_travel(ride, inputs, parameters, settings)
    sites = site_travel(inputs, parameters)
    return sites.matrix, sites.demand


def _matrix_table(inputs: "Inputs", matrix: "Travel", demand: "Demand") -> "pd.DataFrame":
    """Return one row per pair within the cut-off, in the order of the tables."""
    import numpy as np  # noqa: PLC0415 -- start-up
    import pandas as pd  # noqa: PLC0415 -- start-up

    row = np.repeat(np.arange(matrix.sites), np.diff(matrix.indptr))
    names = np.array(_ids(inputs), dtype=object)
    points = np.array(demand.point_id, dtype=object)
    layer = np.where(row < len(inputs.stations), "stations", "candidates")
    return pd.DataFrame(
        {
            "layer": layer,
            "site_id": names[row],
            "demand_id": points[matrix.demand],
            "cost_m" if matrix.cost_unit == "mm" else "cost_s": matrix.cost / 1000,
            # The file may go where what was printed beside it does not.
            "method": matrix.method,
        }
    )


def _islands(status: "NDArray[np.uint8]") -> list[int]:
    """Return the points that have only streets near that lead nowhere."""
    from geo.streets import AttachStatus  # noqa: PLC0415 -- start-up

    return [i for i, code in enumerate(status.tolist()) if code == AttachStatus.ISLAND]


def _ids(inputs: "Inputs") -> list[str]:
    return [*inputs.stations["id"], *inputs.candidates["id"]]


def _site_table(inputs: "Inputs") -> "pd.DataFrame":
    """Return stations, then candidates, with their layer, id, name and position."""
    import pandas as pd  # noqa: PLC0415 -- start-up

    columns = ["id", "name", "lon", "lat"]
    parts = [
        getattr(inputs, layer)[columns].assign(layer=layer) for layer in ("stations", "candidates")
    ]
    table: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return table


def _write(layers: "dict[str, pd.DataFrame]", out: Path) -> None:
    """Write the GeoPackage whole or not at all."""
    from geo.whole import whole_file  # noqa: PLC0415 -- start-up
    from reports.service_areas import service_areas_bytes  # noqa: PLC0415 -- start-up

    content = service_areas_bytes(layers)
    with whole_file(out) as file:
        file.write(content)


def _band_lines(drawing: Drawing, lang: Lang) -> list[str]:
    lines = []
    if drawing.bands_m:
        ends = "、".join(f"{metres:g}" for metres in drawing.bands_m)
        lines.append(
            say("cli.bands", lang, bands=ends if lang == "zh" else ends.replace("、", ", "))
        )
    if drawing.minutes:
        minutes = " / ".join(f"{part:g}" for part in drawing.minutes)
        lines.append(say("cli.pace", lang, minutes=minutes, pace=f"{drawing.pace_m_per_s:g}"))
    return lines


def _method_line(matrix: "Travel", ride: Ride, lang: Lang) -> str:
    if matrix.cost_unit == "ms":
        return say("cli.method_ride", lang, seconds=f"{ride.cutoff_s:g}")
    return f"{say(f'cli.method_{matrix.method}', lang)} {distance(matrix.cutoff_m, lang)}"


def _listed(key: str, ids: Sequence[str], lang: Lang) -> list[str]:
    """Return how many there are and who they are, where there are any."""
    return [say(key, lang, count=count(len(ids), lang), names=_some(ids, lang))] if ids else []


def _some(ids: Sequence[str], lang: Lang) -> str:
    """Return the first names, and that there are more."""
    shown = ("、" if lang == "zh" else ", ").join(ids[:_SHOWN])
    return shown if len(ids) <= _SHOWN else say("cli.and_more", lang, names=shown)
