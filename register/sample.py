"""The shipped sample: as contents for a register, and as what a real register refuses.

`sample.toml` names the sample and lists its files: layer, file, source, licence, date, sha256,
synthetic.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import InputError, PlannerError
from geo.reference import DATA_FOLDER
from geo.tables import has_position
from register.layers import parquet
from register.tables import KINDS, Kind
from register.values import Values, conform
from siting.model import LayerSource

SHIPPED_SAMPLE = DATA_FOLDER / "sample"

SAMPLE_MAKER = "合成示例"
"""Who the sample's own records were made by."""

_FACTS = "sample.toml"
_DIGITS = 6  # of a degree: 0.1 m

Mark = tuple[str, float, float]


@dataclass(frozen=True, eq=False)
class TableContent:
    """Rows of one kind, and where they came from."""

    kind: Kind
    frame: pd.DataFrame
    source: LayerSource


@dataclass(frozen=True, eq=False)
class FileContent:
    """A file that is a layer of its kind, and where it came from."""

    kind: str
    content: Path | bytes
    suffix: str
    source: LayerSource


def sample_name(folder: Path) -> str:
    """Return the sample's Chinese title.

    Raises
    ------
    PlannerError
        There is no sample.
    """
    return str(_facts(folder)["title"]["zh"])


def read_sample(folder: Path) -> tuple[TableContent | FileContent, ...]:
    """Return every file that the sample lists: records, demand, streets, outline, labels.

    Raises
    ------
    PlannerError
        There is no sample, or it lists a file that is not there.
    """
    return tuple(_content(folder, entry) for entry in _facts(folder)["layers"])


def refuse_invented(folder: Path, frame: pd.DataFrame) -> None:
    """Refuse a table that holds a row of the sample, whatever its ids are now.

    A row is known by its name and its position to 1e-6 degree: no true record shares both. Of rows
    without positions only their source can say that they are invented: the sample ships none.

    Raises
    ------
    InputError
        A row is of the sample; the facts name the first.
    """
    invented = _invented(folder)
    for number, mark in enumerate(_marks(frame), start=1):
        if mark in invented:
            name = mark[0] or frame["id"].iloc[number - 1]
            raise InputError("register_synthetic_row", row=number, name=name)


def refuse_invented_record(folder: Path, kind: Kind, values: Values) -> None:
    """Refuse one record that is a row of the sample, as `refuse_invented` does a table.

    Raises
    ------
    InputError
        It is.
    """
    if not has_position(kind):
        return
    lon, lat = (round(float(values[axis] or 0.0), _DIGITS) for axis in ("lon", "lat"))
    if (str(values.get("name", "")), lon, lat) in _invented(folder):
        raise InputError("register_synthetic_record", name=values.get("name") or f"{lon}, {lat}")


def refuse_invented_file(folder: Path, sha256: str) -> None:
    """Refuse a file that is one of the sample's invented ones, byte for byte.

    Raises
    ------
    InputError
        It is.
    """
    if not (folder / _FACTS).exists():
        return
    if any(entry["sha256"] == sha256 and entry["synthetic"] for entry in _facts(folder)["layers"]):
        raise InputError("register_synthetic_refused")


@lru_cache(maxsize=2)
def _invented(folder: Path) -> frozenset[Mark]:
    """Return the marks of every row of the sample; none where no sample is installed."""
    if not (folder / _FACTS).exists():
        return frozenset()
    entries = [e for e in _facts(folder)["layers"] if e["layer"] in {*KINDS, "demand"}]
    tables = (_read_table(folder / entry["file"]) for entry in entries)
    return frozenset(mark for table in tables for mark in _marks(table))


def _marks(frame: pd.DataFrame) -> Iterable[Mark]:
    if "lon" not in frame:
        return ()
    lon = pd.to_numeric(frame["lon"], errors="coerce").round(_DIGITS)
    lat = pd.to_numeric(frame["lat"], errors="coerce").round(_DIGITS)
    names = frame["name"].fillna("").astype(str) if "name" in frame else [""] * len(frame)
    return zip(names, lon.tolist(), lat.tolist(), strict=True)


def _content(folder: Path, entry: dict[str, Any]) -> TableContent | FileContent:
    layer, path = str(entry["layer"]), folder / entry["file"]
    source = LayerSource(
        layer=layer,
        source=entry["source"],
        licence=entry["licence"],
        date=str(entry["date"]),
        synthetic=entry["synthetic"],
    )
    if not path.exists():
        raise PlannerError("register_sample_missing", folder=path)
    for kind in KINDS:
        if kind == layer:
            return TableContent(kind, _read_table(path), source)
    if layer == "demand":
        table = parquet(conform("demand", _read_table(path)))
        return FileContent(layer, table, ".parquet", source)
    return FileContent(layer, path, path.suffix, source)


def _read_table(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _facts(folder: Path) -> dict[str, Any]:
    try:
        return tomllib.loads((folder / _FACTS).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise PlannerError("register_sample_missing", folder=folder) from error
