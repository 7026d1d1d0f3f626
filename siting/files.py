"""Inputs from files: every table through `geo.intake`, streets through `geo.streets`."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd

from geo.findings import Finding
from geo.intake import Intake, read_table
from geo.reference import DATA_FOLDER
from geo.streets import Network, load_streets, network_sha256
from geo.tables import empty_table
from geo.zones import Zones, fill_towns, read_zones
from siting.areas.zones import NO_ZONES
from siting.model import Inputs, LayerSource

LAYERS = ("demand", "stations", "candidates", "enterprises", "hosts", "needs")


@dataclass(frozen=True)
class InputFiles:
    """The files of one decision.

    Attributes
    ----------
    tables
        Layer -> file; `demand` and `stations` at least.
    streets
        A street file of any kind that `geo.streets` reads; None: straight lines.
    towns
        Polygons with a name, which fill `town` where it is blank.
    datums
        Layer (or `towns`) -> datum of its positions; absent: WGS-84.
    mappings
        Layer -> schema column -> heading, where headings do not speak for themselves.
    """

    tables: Mapping[str, Path]
    streets: Path | None = None
    towns: Path | None = None
    datums: Mapping[str, str] = field(default_factory=dict)
    mappings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_inputs(files: InputFiles) -> tuple[Inputs, tuple[Finding, ...]]:
    """Return the inputs and what there is to tell about their rows.

    Raises
    ------
    FileRefusedError
        A file as a whole cannot be used.
    InputError
        A datum or a mapping makes no sense.
    """
    read = {layer: _read(files, layer) for layer in LAYERS if layer in files.tables}
    zones = _zones(files)
    frames = {layer: _frame(read.get(layer), layer, zones) for layer in LAYERS}
    net = load_streets(files.streets) if files.streets is not None else None
    sources = [_source(layer, files.tables[layer]) for layer in read]
    if net is not None and files.streets is not None:
        sources.insert(0, _streets_source(net, files.streets))
    findings = tuple(finding for intake in read.values() for finding in intake.findings)
    inputs = Inputs(
        streets=net,
        sources=tuple(sources),
        street_changes=(),
        area_zones=NO_ZONES,
        **frames,
    )
    return inputs, findings


def _read(files: InputFiles, layer: str) -> Intake:
    return read_table(
        files.tables[layer],
        layer,
        datum=files.datums.get(layer),
        mapping=files.mappings.get(layer),
    )


def _zones(files: InputFiles) -> Zones | None:
    if files.towns is None:
        return None
    return read_zones(files.towns, datum=files.datums.get("towns", "wgs84"))


def _frame(intake: Intake | None, layer: str, zones: Zones | None) -> pd.DataFrame:
    if intake is None:
        return empty_table(layer)
    return intake.frame if zones is None else fill_towns(intake.frame, zones)


def _source(layer: str, path: Path) -> LayerSource:
    digest = _sha256(path)
    synthetic = digest in _sample_digests()
    return LayerSource(layer=layer, source=path.name, sha256=digest, synthetic=synthetic)


def _streets_source(net: Network, path: Path) -> LayerSource:
    meta = net.meta
    return LayerSource(
        layer="streets",
        source=meta.source or path.name,
        licence=meta.licence,
        date=meta.date,
        sha256=network_sha256(net),
        synthetic=_sha256(path) in _sample_digests(),
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def _sample_digests() -> frozenset[str]:
    """Return the digests of the sample's files: invented records stay so under another name."""
    return frozenset(_sha256(file) for file in (DATA_FOLDER / "sample").iterdir() if file.is_file())
