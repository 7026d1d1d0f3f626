"""The shipped sample as contents for a register.

`sample.toml` names the sample and, under `[sources.<layer>]`, where each file came from; what it
does not name was invented by us.
"""

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import PlannerError
from register.layers import parquet
from register.register import FileContent, TableContent
from register.tables import KINDS
from register.values import conform
from siting.model import LayerSource

SAMPLE_MAKER = "合成示例"
"""Who the sample's own records were made by."""

_SUFFIXES = {"streets": ".wsn", "outline": ".geojson", "labels": ".csv"}


def sample_name(folder: Path) -> str:
    """Return the sample's Chinese title.

    Raises
    ------
    PlannerError
        There is no sample.
    """
    return str(_facts(folder)["title"]["zh"])


def read_sample(folder: Path) -> tuple[TableContent | FileContent, ...]:
    """Return every file of the sample: records, demand, streets, outline, labels.

    Raises
    ------
    PlannerError
        There is no sample.
    """
    facts = _facts(folder)
    contents: list[TableContent | FileContent] = []
    for kind in KINDS:
        path = folder / f"{kind}.csv"
        if path.exists():
            frame = pd.read_csv(path, dtype=str, keep_default_na=False)
            contents.append(TableContent(kind, frame, _source(facts, kind)))
    path = folder / "demand.parquet"
    if path.exists():
        demand = parquet(conform("demand", pd.read_parquet(path)))
        contents.append(FileContent("demand", demand, ".parquet", _source(facts, "demand")))
    for layer, suffix in _SUFFIXES.items():
        path = folder / f"{layer}{suffix}"
        if path.exists():
            contents.append(FileContent(layer, path, suffix, _source(facts, layer)))
    return tuple(contents)


def _facts(folder: Path) -> dict[str, Any]:
    try:
        return tomllib.loads((folder / "sample.toml").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise PlannerError("register_sample_missing", folder=folder) from error


def _source(facts: dict[str, Any], layer: str) -> LayerSource:
    named = facts.get("sources", {}).get(layer, {})
    return LayerSource(
        layer=layer,
        source=named.get("source", facts["title"]["zh"]),
        licence=named.get("licence", ""),
        date=str(named.get("date", "")),
        synthetic=named.get("synthetic", True),
    )
