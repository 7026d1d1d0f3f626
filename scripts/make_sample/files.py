"""Writes the sample: tables, network, outline and sample.toml, the same bytes every time."""

import csv
import hashlib
import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from geo.streets import Way, network_from_ways, save_network
from scripts.make_sample.candidates import make_candidates
from scripts.make_sample.care import (
    HAVES,
    INSPECTIONS,
    TARGETS,
    have_lines,
    inspection_lines,
    opened,
    target_lines,
)
from scripts.make_sample.demand import DemandPoint, demand_rows, make_points
from scripts.make_sample.firms import Firm, make_firms
from scripts.make_sample.ground import survey
from scripts.make_sample.labels import make_labels, make_needs
from scripts.make_sample.noding import Noded
from scripts.make_sample.plane import DATA, MADE_ON, SEED, XY, to_degrees
from scripts.make_sample.sites import Site, Venue, make_venues
from scripts.make_sample.stations import make_stations
from scripts.make_sample.streets import draw

INVENTED = (
    "合成示例数据，由 scripts/make_sample 生成 / synthetic sample, made by scripts/make_sample"
)
INVENTED_LICENCE = "MIT"
_SITE_COLUMNS = (
    "id", "name", "lon", "lat", "town", "kind", "host_type",
    "hours", "access", "services", "seats", "state",
)  # fmt: skip


def make_sample(folder: Path) -> None:
    """Write every file of the sample into `folder`, which exists."""
    drawing, noded = draw()
    ground = survey(noded)
    firms = make_firms(ground)
    places = make_venues(ground)
    stations = opened(make_stations(ground, firms, places))
    candidates = make_candidates(ground, firms, places, stations, drawing)
    points = make_points(ground, drawing, noded, firms, places)
    _write_streets(folder / "streets.wsn", noded)
    _write_sites(folder / "stations.csv", "S", stations)
    _write_sites(folder / "candidates.csv", "C", candidates)
    _write_firms(folder / "enterprises.csv", firms)
    _write_hosts(folder / "hosts.csv", places)
    targets, haves = target_lines(stations), have_lines(stations)
    inspections = inspection_lines(stations)
    _write_csv(folder / "targets.csv", TARGETS, targets)
    _write_csv(folder / "haves.csv", HAVES, haves)
    _write_csv(folder / "inspections.csv", INSPECTIONS, inspections)
    needs = make_needs(ground, drawing)
    _write_csv(
        folder / "needs.csv",
        ("id", "lon", "lat", "town", "topic", "group", "records"),
        (
            (n["id"], *_degrees(n["at"]), n["unit"], n["topic"], n["group"], n["records"])
            for n in needs
        ),
    )
    labels = make_labels(ground, drawing, places)
    _write_csv(
        folder / "labels.csv",
        ("name", "lon", "lat", "kind", "source"),
        ((n["name"], *_degrees(n["at"]), n["kind"], n["source"]) for n in labels),
    )
    demand_count = _write_demand(folder / "demand.parquet", points)
    shutil.copyfile(DATA / "open" / "daxing_outline_osm.geojson", folder / "outline.geojson")
    counts = {
        "stations": len(stations),
        "candidates": len(candidates),
        "enterprises": len(firms),
        "hosts": len(places),
        "needs": len(needs),
        "labels": len(labels),
        "targets": len(targets),
        "haves": len(haves),
        "inspections": len(inspections),
        "demand_points": len(points),
        "demand_rows": demand_count,
    }
    (folder / "sample.toml").write_bytes(_sample_toml(folder, counts).encode())


def _degrees(at: XY) -> tuple[str, str]:
    lon, lat = to_degrees(*at)
    return f"{lon:.6f}", f"{lat:.6f}"


def _write_csv(path: Path, heading: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heading)
        writer.writerows(lines)


def _write_streets(path: Path, noded: Noded) -> None:
    ways = [
        Way(nodes=nodes, tags=line.tags, osm_id=0)
        for line, nodes in zip(noded.lines, noded.nodes, strict=True)
    ]
    network = network_from_ways(
        noded.lon, noded.lat, ways, source=INVENTED, licence=INVENTED_LICENCE, date=MADE_ON
    )
    save_network(network, path)


def _write_sites(path: Path, letter: str, sites: Sequence[Site]) -> None:
    candidates = letter == "C"
    _write_csv(
        path,
        (*_SITE_COLUMNS, "cost_yuan" if candidates else "opened_on"),
        (
            (
                f"{letter}{number:03d}",
                site.name,
                *_degrees(site.at),
                site.unit,
                site.kind,
                site.host_type,
                site.hours,
                ";".join(site.access),
                ";".join(site.services),
                "" if site.seats is None else site.seats,
                site.state,
                _blank(site.cost_yuan) if candidates else site.opened_on,
            )
            for number, site in enumerate(sites, start=1)
        ),
    )


def _blank(value: int | None) -> int | str:
    return "" if value is None else value


def _write_firms(path: Path, firms: Sequence[Firm]) -> None:
    _write_csv(
        path,
        ("id", "name", "lon", "lat", "town", "workers"),
        ((firm.id, firm.name, *_degrees(firm.at), firm.unit, firm.workers) for firm in firms),
    )


def _write_hosts(path: Path, places: Sequence[Venue]) -> None:
    _write_csv(
        path,
        ("id", "name", "lon", "lat", "town", "host_type", "visits_per_day"),
        ((v.id, v.name, *_degrees(v.at), v.unit, v.host_type, v.visits) for v in places),
    )


def _write_demand(path: Path, points: Sequence[DemandPoint]) -> int:
    """Write the long form, one row per (point, group, window) with anybody present."""
    columns: dict[str, list[Any]] = {
        name: [] for name in ("id", "lon", "lat", "town", "workers", "group", "window")
    }
    for point, group, window, workers in demand_rows(list(points)):
        lon, lat = to_degrees(*point.at)
        row = (point.id, lon, lat, point.unit, float(workers), group, window)
        for name, value in zip(columns, row, strict=True):
            columns[name].append(value)
    pq.write_table(pa.table(columns), path, compression="zstd", compression_level=9)
    return len(columns["id"])


# --- sample.toml ----------------------------------------------------------------------------

_FILES = {
    "streets": "streets.wsn",
    "demand": "demand.parquet",
    "stations": "stations.csv",
    "candidates": "candidates.csv",
    "enterprises": "enterprises.csv",
    "hosts": "hosts.csv",
    "needs": "needs.csv",
    "outline": "outline.geojson",
    "labels": "labels.csv",
    "targets": "targets.csv",
    "haves": "haves.csv",
    "inspections": "inspections.csv",
}


def _sample_toml(folder: Path, counts: dict[str, int]) -> str:
    parts = [
        "# What the sample district is; written by scripts/make_sample, do not edit.",
        f"seed = {SEED}",
        'maker = "python -m scripts.make_sample"',
        f'date = "{MADE_ON}"',
        "synthetic = true",
        "",
        "[title]",
        'zh = "大兴区（合成示例数据）"',
        'en = "Daxing District (synthetic sample)"',
        "",
        "[label]",
        'zh = "合成示例数据"',
        'en = "synthetic sample"',
        "",
        "[counts]",
        *(f"{name} = {count}" for name, count in counts.items()),
    ]
    for layer, name in _FILES.items():
        parts += ["", "[[layers]]", *_layer_lines(folder, layer, name)]
    return "\n".join(parts) + "\n"


def _layer_lines(folder: Path, layer: str, name: str) -> list[str]:
    source, licence, date, synthetic = INVENTED, INVENTED_LICENCE, MADE_ON, True
    if layer == "outline":
        notice = json.loads((folder / name).read_text(encoding="utf-8"))["notice"]
        source, licence, date, synthetic = notice, "ODbL 1.0", "", False
    if layer == "labels":
        source += "；镇政府驻地 / town seats © GeoNames"
        licence += "；镇政府驻地 CC BY 4.0 / town seats CC BY 4.0"
    return [
        f'layer = "{layer}"',
        f'file = "{name}"',
        f'source = "{source}"',
        f'licence = "{licence}"',
        f'date = "{date}"',
        f'sha256 = "{hashlib.sha256((folder / name).read_bytes()).hexdigest()}"',
        f"synthetic = {'true' if synthetic else 'false'}",
    ]
