"""Layers, what a decision reads of them, and plans."""

from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from geo.errors import ConflictError, InputError, PlannerError
from geo.streets import Way, network_from_ways, network_sha256
from geo.tables import DTYPES, TABLES, columns
from register import Register
from siting.model import LayerSource

GRID = LayerSource("demand", "普查网格", "内部", "2026-06-30")


def demand(workers: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"id": ["x"], "lon": [116.3812345], "lat": [39.7112345], "workers": [workers]}
    )


def test_an_empty_district_gives_empty_tables(district: Register) -> None:
    inputs = district.inputs()
    assert inputs.streets is None
    assert inputs.sources == ()
    assert not inputs.synthetic
    for table in ("demand", "stations", "candidates", "enterprises", "hosts", "needs"):
        frame = getattr(inputs, table)
        assert len(frame) == 0
        assert list(frame) == [column.name for column in columns(table)]
    assert set(TABLES) >= {"demand", "stations"}


def test_frames_conform_and_keep_the_order_of_creation(
    district: Register, stations: pd.DataFrame, survey: LayerSource
) -> None:
    district.put_records("stations", stations, survey, who="张三")
    first = district.add_candidate(116.31, 39.71, name="乙", who="张三", cost_yuan=9000)
    district.add_candidate(116.32, 39.72, name="甲", who="张三")
    district.update("candidates", first.id, {"seats": 1}, version=1, who="张三")
    gone = district.add_candidate(116.33, 39.73, name="否", who="张三", state="rejected")
    removed = district.add("hosts", {"lon": 116.3, "lat": 39.7}, who="张三")
    district.remove("hosts", removed.id, version=1, who="张三")
    inputs = district.inputs()
    assert inputs.candidates["name"].tolist() == ["乙", "甲"]
    assert inputs.candidates["cost_yuan"].isna().tolist() == [False, True]
    assert gone.id not in set(inputs.candidates["id"])
    assert len(inputs.hosts) == 0
    for column in columns("candidates"):
        assert str(inputs.candidates[column.name].dtype) == DTYPES[column.type]
    assert isinstance(inputs.stations.index, pd.RangeIndex)
    assert inputs.stations["town"].tolist() == ["", ""]
    assert [(s.layer, s.source, s.licence) for s in inputs.sources] == [
        ("stations", "区总工会台账", "内部")
    ]


def test_demand_comes_from_the_layer_in_use(district: Register) -> None:
    first = district.put_demand(demand(10), GRID, who="张三")
    district.put_demand(demand(20), GRID, who="张三")
    assert district.inputs().demand["workers"].tolist() == [20.0]
    assert [layer.active for layer in district.layers()] == [False, True]
    district.undo(district.revision(), who="张三", why="旧的更准")
    inputs = district.inputs()
    assert inputs.demand["workers"].tolist() == [10.0]
    assert inputs.demand["group"].tolist() == [""]
    (source,) = inputs.sources
    assert (source.layer, source.sha256) == ("demand", first.sha256)
    # Whoever changes what he got does not change what the next one gets.
    inputs.demand["workers"] = -1.0
    assert district.inputs().demand["workers"].tolist() == [10.0]


def test_undoing_a_layer_that_is_no_longer_in_use_is_refused(district: Register) -> None:
    district.put_demand(demand(10), GRID, who="张三")
    first = district.revision()
    district.put_demand(demand(20), GRID, who="李四")
    with pytest.raises(ConflictError, match="another layer"):
        district.undo(first, who="张三")
    district.undo(district.revision(), who="李四")
    district.undo(first, who="张三")
    assert len(district.inputs().demand) == 0


def test_the_same_layer_again_is_not_a_change(district: Register) -> None:
    first = district.put_demand(demand(10), GRID, who="张三", key="d")
    before = district.revision()
    assert district.put_demand(demand(10), GRID, who="张三", key="d").id == first.id
    assert district.put_demand(demand(10), GRID, who="张三").id == first.id
    assert district.revision() == before


def test_streets_come_back_as_they_were_put(district: Register) -> None:
    way = Way(nodes=[0, 1], tags={"highway": "residential"}, osm_id=7)
    network = network_from_ways(
        [116.30, 116.31], [39.7, 39.7], [way], source="OSM", licence="ODbL", date="2026-01-01"
    )
    layer = district.put_streets(network, LayerSource("streets", "OSM", "ODbL"), who="张三")
    back = district.inputs().streets
    assert back is not None
    assert network_sha256(back) == network_sha256(network)
    assert layer.file.endswith(".wsn")
    assert district.inputs().streets is back  # read once in a process


def test_other_files_are_layers_too(district: Register, tmp_path: Path) -> None:
    path = tmp_path / "from elsewhere.geojson"
    path.write_text("{}")
    source = LayerSource("outline", "OSM", "ODbL")
    district.put_layer("outline", path, source, suffix=".geojson", who="张三")
    stored = district.layer_file("outline")
    assert stored is not None
    assert stored.read_text() == "{}"
    assert stored.parent == district.folder
    assert district.layer_file("labels") is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_damaged_layer_is_refused_and_found(district: Register) -> None:
    layer = district.put_demand(demand(10), GRID, who="张三")
    path = district.folder / layer.file
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)
    with pytest.raises(PlannerError, match="missing or damaged"):
        district.layer_file("demand")
    assert district.verify().layers == (layer.file,)
    path.unlink()
    with pytest.raises(PlannerError, match="missing or damaged"):
        district.inputs()
    # The same content put again mends it.
    district.put_demand(demand(10), GRID, who="张三")
    assert district.verify().whole


def test_demand_without_heads_or_places_is_refused(district: Register) -> None:
    for frame in (
        demand(10).drop(columns="workers"),
        demand(10).assign(lon=float("nan")),
        demand(10).assign(workers=float("inf")),
    ):
        with pytest.raises(InputError, match="must be given"):
            district.put_demand(frame, GRID, who="张三")
    assert_frame_equal(district.inputs().demand, district.inputs().demand.iloc[:0])


def test_a_plan_is_found_again(district: Register) -> None:
    assert district.last_plan() is None
    district.add_candidate(116.3, 39.7, who="张三")
    result = {"selected": [{"id": "C1", "workers_gained": 12.5}], "gap": 0.0}
    first = district.save_plan("abc", {"new": 5}, result, who="张三", name="五个点", key="p")
    assert district.save_plan("abc", {"new": 5}, result, who="张三", name="x", key="p") == first
    second = district.save_plan("def", {"new": 6}, {"selected": []}, who="李四")
    assert district.last_plan() == second
    assert district.last_plan("abc") == first
    assert district.last_plan("xyz") is None
    assert (first.result, first.parameters, first.revision) == (result, {"new": 5}, 2)
    with pytest.raises(InputError, match="cannot be undone"):
        district.undo(district.revision(), who="张三")
