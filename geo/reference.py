"""The lists under data/reference, data/rules and data/standards, read once each."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

DATA_FOLDER = Path(__file__).resolve().parents[1] / "data"


@cache
def read_list(name: str) -> dict[str, Any]:
    """Return `data/<name>.toml` as a dictionary; do not change what you get."""
    return tomllib.loads((DATA_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
