"""What is drawn so far: lines, blocks between them, villages."""

import re
from dataclasses import dataclass, field

import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from scripts.make_sample.noding import Line

URBAN = 0.35
"""From this share of built-up ground on, blocks are urban."""


@dataclass(frozen=True)
class Village:
    """One drawn village: its NBS name without the ending, its unit and middle."""

    name: str
    unit: str
    x: float
    y: float


@dataclass(frozen=True)
class Block:
    """One block between streets, and how built-up its middle is."""

    shape: Polygon
    built_up: float


@dataclass
class Drawing:
    """Everything drawn so far."""

    lines: list[Line] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    villages: list[Village] = field(default_factory=list)
    used_names: set[str] = field(default_factory=set)


def bare_name(name: str) -> str:
    """Return a community's or village's name without its administrative ending."""
    return re.sub(r"(社区居民委员会|社区居委会|村村委会|村委会|社区)$", "", name)


def line_parts(shape: BaseGeometry) -> list[LineString]:
    """Return the lines of a geometry."""
    return [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]
