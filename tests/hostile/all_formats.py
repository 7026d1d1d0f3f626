"""Every format in one process: half a second each for one of their own would be too long."""

import sys
from typing import NamedTuple

from geo.intake.formats import detect
from geo.intake.guarded import parse
from geo.intake.raw import RawTable


class Seen(NamedTuple):
    """What a process read, and what of GDAL it had loaded by then."""

    tables: dict[str, RawTable]
    gdal: list[str]


def read_all(files: dict[str, bytes]) -> Seen:
    """Read every file in one process, as `read_raw` has each read in one of its own."""
    tables = {
        name: parse(data, detect(data, name), "demand", name, None, None)
        for name, data in files.items()
    }
    packages = {name.partition(".")[0] for name in sys.modules}
    return Seen(tables, sorted(packages & {"pyogrio", "osgeo", "fiona", "rasterio", "geopandas"}))
