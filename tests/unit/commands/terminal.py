"""The command line as tests call it, on a district of one street."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

import cli as door

NODES = [116.30 + 0.01 * i for i in range(11)]
# One street of 8.6 km east to west; 0.01 degrees of longitude are 857 m here.
STREETS = "".join(
    [
        '<osm version="0.6">',
        *(f'<node id="{i}" lat="39.7" lon="{lon:.2f}"/>' for i, lon in enumerate(NODES, 1)),
        '<way id="1">',
        *(f'<nd ref="{i}"/>' for i in range(1, 12)),
        '<tag k="highway" v="residential"/><tag k="name" v="兴华大街"/></way></osm>',
    ]
)
DEMAND = (
    "id,lon,lat,town,workers\nnear,116.305,39.7,兴丰街道,10\nedge,116.31,39.7,,20\n"
    "far,116.33,39.7,,40\noff,116.35,39.8,,5\n"
)
STATIONS = "id,name,lon,lat\ns1,兴丰驿站,116.30,39.7\n"
CANDIDATES = "id,name,lon,lat,cost_yuan\nc1,甲,116.33,39.7,4000\nc2,乙,116.40,39.7,2000\n"


def run(*words: object) -> Result:
    return CliRunner().invoke(door.cli, [str(word) for word in words])


def answer(result: Result, exit_code: int = 0) -> dict[str, Any]:
    """Return the one JSON object on stdout."""
    assert result.exit_code == exit_code, result.output
    content: dict[str, Any] = json.loads(result.stdout)
    assert result.stdout.count("\n") == 1
    return content


def base(files: dict[str, Path]) -> list[object]:
    return ["--demand", files["demand"], "--stations", files["stations"]]


def all_files(files: dict[str, Path]) -> list[object]:
    more = ["--streets", files["streets"], "--candidates", files["candidates"]]
    return [*base(files), *more, "--cutoff-m", 1000]
