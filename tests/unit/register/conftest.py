"""Tiny registers: a sample of a few rows and an empty district, in folders of their own."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

from geo.streets import Way, network_from_ways, save_network
from register import Home, Register
from siting.model import LayerSource
from tests.postgres import BOTH, new_database, postgres, team_database, template

__all__ = ["new_database", "postgres", "team_database", "template"]

STATIONS = """id,name,lon,lat,town,kind,host_type,hours,access,services,seats,state
S001,富强西里驿站,116.330000,39.730000,兴丰街道,street_front,community,24/7,public,water;seat,6,open
S002,瑞康家园驿站,116.340000,39.731000,兴丰街道,street_front,community,,public,water,,open
"""
CANDIDATES = """id,name,lon,lat,town,kind,host_type,hours,access,services,seats,state,cost_yuan
C001,刘生记,116.335000,39.732000,兴丰街道,street_front,restaurant,,public,,,proposed,5000
C002,好粥道,116.336000,39.733000,兴丰街道,street_front,restaurant,,public,,,rejected,
"""
NEEDS = """id,lon,lat,town,topic,group,records
N001,116.337000,39.734000,兴丰街道,rest,courier,3
"""


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shipped")
    for name, text in (("stations", STATIONS), ("candidates", CANDIDATES), ("needs", NEEDS)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    demand().to_parquet(folder / "demand.parquet")
    way = Way(nodes=[0, 1, 2], tags={"highway": "residential", "name": "兴丰大街"}, osm_id=1)
    network = network_from_ways(
        [116.33, 116.34, 116.35], [39.73] * 3, [way], source="合成", licence="MIT", date=""
    )
    save_network(network, folder / "streets.wsn")
    (folder / "outline.geojson").write_text('{"type":"FeatureCollection","features":[]}')
    lines = ['[title]\nzh = "大兴区（合成示例数据）"\nen = "Daxing (synthetic sample)"']
    for path in sorted(folder.iterdir()):
        real = path.stem == "outline"
        digest = sha256(path.read_bytes()).hexdigest()
        lines.append(
            f'[[layers]]\nlayer = "{path.stem}"\nfile = "{path.name}"\nsource = "来源"\n'
            f'licence = "MIT"\ndate = "2026-11-01"\nsha256 = "{digest}"\n'
            f"synthetic = {str(not real).lower()}"
        )
    (folder / "sample.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> str | None:
    """Run a test against both: None stands for a file, a text is the URL of a team's database."""
    if request.param == "sqlite":
        return None
    url: str = request.getfixturevalue("team_database")
    return url


@pytest.fixture
def home(tmp_path: Path, sample: Path, database: str | None) -> Home:
    return Home(tmp_path / "home", sample=sample, database=database)


@pytest.fixture
def stored(home: Home, database: str | None) -> Path | str:
    """Return where the district's database is: what `Register` opens."""
    return database or home.folder / "district" / "register.db"


@pytest.fixture
def district(home: Home) -> Iterator[Register]:
    with home.create_district("大兴区", who="李四") as register:
        yield register


@pytest.fixture
def opened_sample(home: Home) -> Iterator[Register]:
    with home.open_sample() as register:
        yield register


@pytest.fixture
def survey() -> LayerSource:
    """Where real records came from."""
    return LayerSource("stations", "区总工会台账", "内部", "2026-10-01")


@pytest.fixture
def invented() -> LayerSource:
    return LayerSource("stations", "合成", "MIT", "2026-11-01", synthetic=True)


@pytest.fixture
def stations() -> pd.DataFrame:
    """Two real stations; the second came without an id."""
    return pd.DataFrame(
        {
            "id": ["A1", ""],
            "name": ["高米店工会服务站", "海子角社区驿站"],
            "lon": [116.3301234, 116.3402345],
            "lat": [39.7601234, 39.7502345],
            "seats": [4, None],
            "state": ["open", "open"],
        }
    )


def demand() -> pd.DataFrame:
    return pd.DataFrame(
        {"id": ["d1", "d2"], "lon": [116.331, 116.342], "lat": [39.73, 39.73], "workers": [30, 5]}
    )
