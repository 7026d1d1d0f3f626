"""The GeoPackage, re-opened."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyogrio
import pytest

from geo.streets import Way, network_from_ways
from reports.layers import layers_bytes
from reports.report import Report
from siting.results import Bracket, ThinRule


@pytest.fixture
def package(district: Callable[..., Report], tmp_path: Path) -> Path:
    network = network_from_ways(
        np.array([116.30, 116.31, 116.32]),
        np.array([39.70, 39.70, 39.71]),
        [Way(nodes=(0, 1, 2), tags={"highway": "primary", "name": "兴华大街"}, osm_id=7)],
        source="by hand",
        licence="none",
        date="2026-11-01",
    )
    report = district()
    inputs = replace(report.inputs, streets=network)
    thin = report.coverage.point_id[3]
    bracket = Bracket(100, 50, 60, 7, (thin,), ThinRule(500, 8, 1500))
    coverage = replace(report.coverage, bracket=bracket)
    path = tmp_path / "layers.gpkg"
    path.write_bytes(layers_bytes(replace(report, inputs=inputs, coverage=coverage)))
    return path


def records(path: Path, layer: str) -> tuple[list[str], list[str], list[np.ndarray]]:
    """Return the field names, their types and their columns."""
    info = pyogrio.read_info(path, layer=layer)
    _, _, _, columns = pyogrio.raw.read(path, layer=layer)
    return list(info["fields"]), [str(kind) for kind in info["dtypes"]], list(columns)


def test_layers_and_datum(package: Path) -> None:
    found = {str(name): kind for name, kind in pyogrio.list_layers(package)}
    assert found == {
        "demand": "Point",
        "stations": "Point",
        "candidates": "Point",
        "enterprises": "Point",
        "plan": "Point",
        "gap_areas": "Point",
        "gap_points": "Point",
        "streets": "LineString",
        "credits": None,
    }
    assert pyogrio.read_info(package, layer="plan")["crs"] == "EPSG:4326"


def test_numbers_stay_numbers_and_chinese_stays_readable(package: Path) -> None:
    fields, kinds, columns = records(package, "candidates")
    typed = dict(zip(fields, kinds, strict=True))
    assert (typed["points"], typed["rank"], typed["cost_yuan"]) == (
        "float64",
        "int32",
        "int32",
    ) or (
        typed["points"] == "float64"
        and typed["rank"].startswith("int")
        and typed["cost_yuan"].startswith("int")
    )
    assert columns[fields.index("name")][0] == "富思特候选点1"
    assert columns[fields.index("host_type_label")][0] == "餐馆"
    assert columns[fields.index("rule")][1] == "临街主干道"


def test_demand_says_who_is_covered(package: Path) -> None:
    fields, _, columns = records(package, "demand")
    covered = columns[fields.index("covered")]
    nearest = columns[fields.index("nearest_m")]
    assert covered.astype(bool).tolist() == [number % 2 == 0 for number in range(69)]
    assert np.isnan(nearest[1])
    assert nearest[0] == 321.5
    assert columns[fields.index("covered_workers")].sum() == 11_830
    assert np.flatnonzero(columns[fields.index("streets_thin")]).tolist() == [3]


def test_plan_is_in_its_order(package: Path) -> None:
    fields, _, columns = records(package, "plan")
    assert columns[fields.index("id")].tolist() == ["c0", "c4", "c25", "c7", "c2"]
    assert columns[fields.index("workers_gained")].tolist() == [900, 750, 600, 450, 300]


def test_streets_keep_their_names(package: Path) -> None:
    fields, _, columns = records(package, "streets")
    assert set(columns[fields.index("name")]) == {"兴华大街"}
    assert set(columns[fields.index("highway")]) == {"primary"}


def test_every_credit_is_in_the_file(package: Path) -> None:
    fields, _, columns = records(package, "credits")
    licences = columns[fields.index("licence")].tolist()
    assert licences[:3] == ["LIC-demand", "LIC-stations", "LIC-candidates"]


def test_without_plan_there_is_no_plan_layer(
    district: Callable[..., Report], tmp_path: Path
) -> None:
    path = tmp_path / "layers.gpkg"
    path.write_bytes(layers_bytes(district(plan=None)))
    assert "plan" not in pyogrio.list_layers(path)[:, 0]


def test_same_report_same_bytes(district: Callable[..., Report]) -> None:
    assert layers_bytes(district()) == layers_bytes(district())
