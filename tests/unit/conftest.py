from pathlib import Path

import pytest

from tests.unit.commands.terminal import CANDIDATES, DEMAND, STATIONS, STREETS


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    texts = {
        "streets.osm": STREETS,
        "demand.csv": DEMAND,
        "stations.csv": STATIONS,
        "candidates.csv": CANDIDATES,
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return {name.split(".")[0]: tmp_path / name for name in texts}
