"""The inputs of a decision and its parameters, frozen."""

from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from geo.streets import Network
from geo.tables import empty_table
from siting.areas.zones import NO_ZONES, AreaZones

DEFAULT_CUTOFF_M = 1000.0
DEFAULT_ATTACH_CAP_M = 200.0


@dataclass(frozen=True)
class LayerSource:
    """Where one layer came from; every export prints it.

    Attributes
    ----------
    layer
        `streets`, `demand`, `stations`, `candidates`, `enterprises`, `hosts`, `needs` or `outline`.
    source, licence, date
        As the provider states them; empty if unknown.
    sha256
        Of the layer's content, in hex.
    synthetic
        True for invented records; every screen and export then says so.
    """

    layer: str
    source: str
    licence: str = ""
    date: str = ""
    sha256: str = ""
    synthetic: bool = False


@dataclass(frozen=True)
class Parameters:
    """What a planner may set.

    Attributes
    ----------
    cutoff_m
        Impedance cut-off along streets, inclusive (<=), metres.
    attach_cap_m
        Longest access leg from a point to the nearest street, metres.
    alternatives_m
        Let a point use every street whose access leg is at most that of its nearest plus this,
        metres, inclusive; 0: the nearest only.
    standard
        Name of the standard that set the cut-off; None: the planner's own figure.
    windows, groups
        Codes to count; None: all. Workers outside them are neither in the numerator nor in the
        denominator.
    """

    cutoff_m: float = DEFAULT_CUTOFF_M
    attach_cap_m: float = DEFAULT_ATTACH_CAP_M
    alternatives_m: float = 0.0
    standard: str | None = None
    windows: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None


Place = tuple[float, float]
"""Longitude and latitude, WGS-84 degrees."""


@dataclass(frozen=True)
class ChangedStreet:
    """What a scenario changed on the streets; see `siting.street_changes`.

    Attributes
    ----------
    kind
        `closed`: the street from one junction to the next; `added`: a path that was not there.
    street
        Its name; empty if it has none.
    length_m
        Metres.
    places
        The place that was named, or the path.
    """

    kind: Literal["closed", "added"]
    street: str
    length_m: float
    places: tuple[Place, ...]


@dataclass(frozen=True, eq=False)
class Inputs:
    """The tables a decision is taken on; every frame conforms to data/reference/schema.toml.

    Frames have a RangeIndex and every column of their schema (missing text is "", missing numbers
    are NaN / <NA>); positions are WGS-84 degrees. `streets` None: straight lines, and every result
    says so. `street_changes` tells what of `streets` is a scenario's and not its source's.
    `area_zones` say in which areas of the siting rules places lie, whatever figures say.
    """

    demand: pd.DataFrame
    stations: pd.DataFrame
    candidates: pd.DataFrame = field(default_factory=lambda: empty_table("candidates"))
    enterprises: pd.DataFrame = field(default_factory=lambda: empty_table("enterprises"))
    hosts: pd.DataFrame = field(default_factory=lambda: empty_table("hosts"))
    needs: pd.DataFrame = field(default_factory=lambda: empty_table("needs"))
    streets: Network | None = None
    sources: tuple[LayerSource, ...] = ()
    street_changes: tuple[ChangedStreet, ...] = ()
    area_zones: AreaZones = NO_ZONES

    @property
    def synthetic(self) -> bool:
        """Whether any layer is invented."""
        return any(source.synthetic for source in self.sources)
