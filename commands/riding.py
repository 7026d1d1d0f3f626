"""The options of a matrix by e-bike, which costs seconds and knows directions."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.inputs import tell_engine
from commands.options import FILE, Settings, positive
from commands.trouble import reading
from commands.usage import Misuse

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from geo.catchments import Direction, Travel
    from siting.coverage import Demand
    from siting.model import Inputs, Parameters

_OF_WALKERS = ("streets", "cutoff_m", "standard", "close_street", "add_path")
"""Options that speak of walking: beside a ride they would be silently without effect."""

LONGEST_S = 86_400
"""No ride on the command line is longer than a day."""

RIDING = (
    click.option("--ride-streets", type=FILE, help="骑行路网，按用时 / by e-bike, in seconds"),
    click.option(
        "--cutoff-s",
        type=float,
        callback=positive,
        help="最长骑行用时（秒，含） / longest ride, inclusive",
    ),
    click.option(
        "--direction",
        type=click.Choice(("to_site", "from_site")),
        default="to_site",
        show_default=True,
        help="骑行方向 / who rides: to the site, or from it",
    ),
)


@dataclass(frozen=True)
class Ride:
    """The ride that is asked for; without streets: none."""

    ride_streets: Path | None
    cutoff_s: float | None
    direction: "Direction"

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> "Ride":
        """Take these options out of all options of a command."""
        return cls(**{field.name: options.pop(field.name) for field in fields(cls)})

    def check(self, settings: Settings) -> None:
        """Refuse half of a ride, and a ride beside a walk.

        Raises
        ------
        Misuse
            `ride_cutoff`, `ride_too_long`, `ride_or_walk`.
        """
        if (self.ride_streets is None) != (self.cutoff_s is None):
            raise Misuse("ride_cutoff")
        if (self.cutoff_s or 0.0) > LONGEST_S:
            raise Misuse("ride_too_long", most=f"{LONGEST_S:,}")
        for name in () if self.ride_streets is None else _OF_WALKERS:
            if getattr(settings, name):
                raise Misuse("ride_or_walk", option=f"--{name.replace('_', '-')}")


def ride_travel(
    ride: Ride, inputs: "Inputs", parameters: "Parameters", settings: Settings
) -> "tuple[Travel, Demand]":
    """Return the matrix in milliseconds, stations first, then candidates, and its demand."""
    import numpy as np  # noqa: PLC0415 -- start-up

    from geo.catchments import travel  # noqa: PLC0415 -- start-up
    from geo.streets import load_streets  # noqa: PLC0415 -- start-up
    from siting.coverage import read_demand  # noqa: PLC0415 -- start-up

    tell_engine(settings.lang)
    with reading(settings.lang):
        streets = load_streets(ride.ride_streets or "", "ebike")
    demand = read_demand(inputs.demand, parameters)
    sites = (inputs.stations, inputs.candidates)
    lon, lat = (
        np.concatenate([part[name].to_numpy(dtype=float) for part in sites])
        for name in ("lon", "lat")
    )
    matrix = travel(
        streets,
        lon,
        lat,
        demand.point_lon,
        demand.point_lat,
        cutoff_s=ride.cutoff_s,
        cap_m=parameters.attach_cap_m,
        alternatives_m=parameters.alternatives_m,
        direction=ride.direction,
    )
    return matrix, demand
