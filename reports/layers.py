"""The GeoPackage of every layer, WGS-84 (EPSG:4326): what a GIS opens beside the report.

Codes stay as they are; a column `<name>_label` beside each says them in the report's language.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from geo.streets import Network, iter_street_lines
from geo.tables import Column, columns
from reports import figures, served
from reports.layers_served import gap_areas, gap_points, level_columns
from reports.report import Report
from reports.shown import hidden_points, small_cells_sentence, told
from reports.tables import clean_text

CRS = "EPSG:4326"
# GDAL's settings are those of the whole process: one export at a time sets its day.
_ONE_DATE = Lock()
_LISTED = ("stations", "enterprises", "hosts", "needs")
_CREDITS = (
    *("layer", "source", "licence", "date", "sha256", "data"),
    *("scenario_hash", "method", "small_cells", "terms"),
)


def layers_bytes(report: Report) -> bytes:
    """Return layers.gpkg; layers without records are left out.

    Layers: demand (per point: `workers`, `covered_workers`, both empty where there are few, see
    `reports.shown`; `covered`, `nearest_m`; `streets_thin`: distances may be too long, see
    `siting.coverage.thin`; effective coverage: `level`, `worker_hours_…`),
    stations, candidates (with rule, points, rank), plan (in its order), gap_areas (centres) and
    gap_points (their demand points), streets (lines), enterprises, hosts, needs, and `credits`, a
    table without positions.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "layers.gpkg"
        # The day of the report, or the file would say when it was written.
        stamp = f"{report.made_on.isoformat()}T00:00:00.000Z"
        with _ONE_DATE:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": stamp})
            try:
                for name, frame in _layers(report):
                    _write(report, path, name, frame)
            finally:
                pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
        return path.read_bytes()


def point_layers(report: Report) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield every layer of points that has records, with columns `lon` and `lat`, WGS-84."""
    inputs = report.inputs
    made = {
        "demand": _demand(report),
        **{name: _records(report, name, getattr(inputs, name)) for name in _LISTED},
        "candidates": _candidates(report),
        "plan": _plan(report),
        "gap_areas": gap_areas(report),
        "gap_points": gap_points(report),
    }
    yield from ((name, frame) for name, frame in made.items() if len(frame))


def _layers(report: Report) -> Iterator[tuple[str, pd.DataFrame]]:
    for name, frame in point_layers(report):
        points = shapely.points(frame.pop("lon"), frame.pop("lat"))
        yield name, gpd.GeoDataFrame(frame, geometry=points, crs=CRS)
    if report.inputs.streets is not None:
        yield "streets", _streets(report.inputs.streets)
    yield "credits", pd.DataFrame(credit_rows(report), columns=list(_CREDITS), dtype="object")


def _write(report: Report, path: Path, name: str, frame: pd.DataFrame) -> None:
    options = {
        "layer": name,
        "driver": "GPKG",
        "append": path.exists(),
        "layer_options": {"DESCRIPTION": figures.layer_name(report, name)},
    }
    if path.exists():
        pyogrio.write_dataframe(frame, path, **options)
    else:
        pyogrio.write_dataframe(frame, path, dataset_options={"VERSION": "1.3"}, **options)


def _records(report: Report, table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table's own columns, and what its codes mean; personal data stays in the house."""
    made = {}
    for column in (column for column in columns(table) if not column.personal):
        if column.words:
            texts = [_clean(value) for value in frame[column.name]]
            made[column.name] = pd.Series(texts, dtype="object")
            if column.codes:
                made[f"{column.name}_label"] = _labels(report, column, texts)
        else:
            made[column.name] = frame[column.name].reset_index(drop=True)
    if "workers" in made:
        made["workers"] = told(report, made["workers"])
    return pd.DataFrame(made)


def _labels(report: Report, column: Column, texts: list[str]) -> pd.Series:
    say = figures.labels if column.type == "list" else figures.label
    return pd.Series([say(column.codes, text, report.lang) for text in texts], dtype="object")


def _demand(report: Report) -> pd.DataFrame:
    result = report.coverage
    towns = figures.first_towns(report.inputs.demand)
    hidden = hidden_points(report)
    return pd.DataFrame(
        {
            "id": pd.Series([_clean(identity) for identity in result.point_id], dtype="object"),
            "town": pd.Series(
                [_clean(towns.get(identity, "")) for identity in result.point_id], dtype="object"
            ),
            "workers": np.where(hidden, np.nan, result.point_workers),
            "covered_workers": np.where(hidden, np.nan, result.point_covered),
            "covered": ~np.isnan(result.nearest_m),
            "nearest_m": result.nearest_m,
            "streets_thin": np.isin(result.point_id, _thin(report)),
            **level_columns(report),
            "lon": result.point_lon,
            "lat": result.point_lat,
        }
    )


def _thin(report: Report) -> list[str]:
    bracket = report.coverage.bracket
    return [] if bracket is None else list(bracket.thin_demand)


def _candidates(report: Report) -> pd.DataFrame:
    lines = {line.id: line for line in figures.candidate_lines(report)}
    frame = _records(report, "candidates", report.inputs.candidates)
    ordered = [lines[identity] for identity in report.inputs.candidates["id"].astype(str)]
    frame["rule"] = pd.Series([line.rule for line in ordered], dtype="object")
    frame["points"] = pd.Series([line.points for line in ordered], dtype="Float64")
    frame["rank"] = pd.Series([line.rank for line in ordered], dtype="Int64")
    frame["selected"] = pd.Series([line.selected for line in ordered], dtype="bool")
    frame["sentence"] = pd.Series([_clean(line.sentence) for line in ordered], dtype="object")
    return frame


def _plan(report: Report) -> pd.DataFrame:
    records = figures.candidate_rows(report)
    rows = []
    for line in figures.plan_lines(report):
        record = records[line.id]
        rows.append(
            {
                "order": line.order,
                "id": _clean(line.id),
                "name": _clean(line.name),
                "town": _clean(line.town),
                "kind": line.kind,
                "host": line.host,
                "rule": line.rule,
                "workers_gained": line.workers_gained,
                "cost_yuan": line.cost_yuan,
                "cost_assumed": line.cost_assumed,
                "reason": _clean(line.reason),
                "lon": record["lon"],
                "lat": record["lat"],
            }
        )
    return pd.DataFrame(rows)


def _streets(network: Network) -> pd.DataFrame:
    lines = list(iter_street_lines(network))
    owners = np.repeat(np.arange(len(lines)), [len(line.lon) for line in lines])
    lon = np.concatenate([line.lon for line in lines])
    lat = np.concatenate([line.lat for line in lines])
    geometry = shapely.linestrings(np.column_stack([lon, lat]), indices=owners)
    table = pd.DataFrame(
        {
            "name": pd.Series([_clean(line.name) for line in lines], dtype="object"),
            "highway": pd.Series([_clean(line.highway) for line in lines], dtype="object"),
        }
    )
    frame: pd.DataFrame = gpd.GeoDataFrame(table, geometry=geometry, crs=CRS)
    return frame


def credit_rows(report: Report) -> list[dict[str, str]]:
    """Return where each layer came from, and how the report was reckoned, one row each."""
    reckoned = (
        report.scenario_hash,
        figures.method_sentence(report),
        small_cells_sentence(report),
        served.terms_sentence(report),
    )
    return [
        dict(
            zip(
                _CREDITS,
                (
                    credit.layer,
                    _clean(figures.source_text(report, credit)),
                    _clean(credit.licence),
                    _clean(credit.date),
                    credit.sha256,
                    "synthetic" if credit.synthetic else "",
                    *reckoned,
                ),
                strict=True,
            )
        )
        for credit in report.credits
    ]


def _clean(value: object) -> str:
    return "" if pd.isna(value) else clean_text(str(value))  # type: ignore[call-overload]
