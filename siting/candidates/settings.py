"""The figures by which candidates are proposed: data/reference/candidates.toml."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo.errors import InputError
from geo.reference import read_list


@dataclass(frozen=True)
class Settings:
    """When two places are one, and where candidates are proposed; metres, heads, hours.

    Attributes
    ----------
    near_m, name_m
        At most (<=) this far apart in a straight line, whatever they are; of one name and kind.
    front_classes
        OSM classes of main streets.
    front_spacing_m
        Least (>=) distance between two fronts, in a straight line.
    front_host_within_m
        A front with a host, station or candidate so near (<=) needs none, in a straight line.
    front_workers_within_m, front_least_workers
        A front needs so many (>=) average present workers so near (<=), on foot.
    gate_least_workers
        Head count (>=) of a large firm.
    gate_station_within_m
        A firm with a station so near (<=) has one, in a straight line.
    hard_groups, hard_reach_m, hard_least_worker_hours, hard_least_hours
        Hard outdoor work: groups; how far a container serves, on foot; worker-hours per week within
        reach (>=); the same per worker of the busiest window (>=), how long the work is.
    scattered_groups, scattered_reach_m, scattered_most_at_once, scattered_least_places
        Scattered work: groups; how far a round goes, on foot; workers at one place in the busiest
        window (<=); places within reach (>=).
    """

    near_m: float
    name_m: float
    front_classes: tuple[str, ...]
    front_spacing_m: float
    front_host_within_m: float
    front_workers_within_m: float
    front_least_workers: float
    gate_least_workers: float
    gate_station_within_m: float
    hard_groups: tuple[str, ...]
    hard_reach_m: float
    hard_least_worker_hours: float
    hard_least_hours: float
    scattered_groups: tuple[str, ...]
    scattered_reach_m: float
    scattered_most_at_once: float
    scattered_least_places: int

    def __post_init__(self) -> None:
        """Refuse figures that make no sense.

        Raises
        ------
        InputError
            `candidates_setting`: negative, not finite, or zero where a length is asked.
        """
        for name, value in vars(self).items():
            if not isinstance(value, tuple):
                least = 1.0 if name == "front_spacing_m" or name.endswith("reach_m") else 0.0
                if not (math.isfinite(value) and value >= least):
                    raise InputError("candidates_setting", name=name, given=f"{value:g}")


def read_settings() -> Settings:
    """Return the settings that the product ships."""
    content: Mapping[str, Any] = read_list("reference/candidates")
    same, fronts, gates = content["same"], content["fronts"], content["gates"]
    hard, scattered = content["hard"], content["scattered"]
    return Settings(
        near_m=same["near_m"],
        name_m=same["name_m"],
        front_classes=tuple(fronts["street_classes"]),
        front_spacing_m=fronts["spacing_m"],
        front_host_within_m=fronts["host_within_m"],
        front_workers_within_m=fronts["workers_within_m"],
        front_least_workers=fronts["least_workers"],
        gate_least_workers=gates["least_workers"],
        gate_station_within_m=gates["station_within_m"],
        hard_groups=tuple(hard["groups"]),
        hard_reach_m=hard["reach_m"],
        hard_least_worker_hours=hard["least_worker_hours"],
        hard_least_hours=hard["least_hours"],
        scattered_groups=tuple(scattered["groups"]),
        scattered_reach_m=scattered["reach_m"],
        scattered_most_at_once=scattered["most_at_once"],
        scattered_least_places=scattered["least_places"],
    )
