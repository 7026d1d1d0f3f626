"""Whole tables: one batch, all or nothing, taken back as one."""

import pandas as pd
import pytest

from geo.errors import ConflictError, InputError
from geo.intake import read_table
from register import Register
from siting.model import LayerSource


def test_a_table_is_one_batch(
    district: Register, stations: pd.DataFrame, survey: LayerSource
) -> None:
    batch = district.put_records("stations", stations, survey, who="张三", why="首次导入")
    assert (batch.added, batch.changed, batch.unchanged) == (2, 0, 0)
    records = district.records("stations")
    assert [record["name"] for record in records] == stations["name"].tolist()
    assert records[0].id == "A1"
    assert records[1]["seats"] is None
    heading, *rows = district.events()[::-1][1:]
    assert (heading.id, heading.action, heading.kind) == (batch.id, "import", "layers")
    assert {row.batch for row in rows} == {batch.id}
    (layer,) = district.layers()
    kept = pd.read_parquet(district.folder / layer.file)
    assert kept["name"].tolist() == stations["name"].tolist()
    assert kept["lon"].tolist() == stations["lon"].tolist()
    assert kept["id"].tolist() == [record.id for record in records]


def test_the_same_table_again_changes_nothing(
    district: Register, stations: pd.DataFrame, survey: LayerSource
) -> None:
    district.put_records("stations", stations, survey, who="张三")
    before = district.revision()
    again = district.put_records("stations", stations, survey, who="张三")
    assert (again.id, again.unchanged) == (None, 2)
    assert district.revision() == before
    assert len(district.layers()) == 1


def test_made_ids_are_those_of_the_intake(
    district: Register, stations: pd.DataFrame, survey: LayerSource
) -> None:
    content = stations.drop(columns="id").to_csv(index=False).encode()
    read = read_table(content, "stations").frame
    district.put_records("stations", stations.assign(id=""), survey, who="张三")
    assert [record.id for record in district.records("stations")] == read["id"].tolist()
    assert district.put_records("stations", read, survey, who="张三").added == 0


def test_a_second_table_changes_adds_and_with_replace_removes(
    district: Register, stations: pd.DataFrame, survey: LayerSource
) -> None:
    district.put_records("stations", stations, survey, who="张三")
    made = district.records("stations")[1].id
    second = pd.DataFrame(
        {"id": ["A1", "A2"], "name": ["新名", "丙"], "lon": [116.3, 116.4], "lat": [39.7, 39.7]}
    )
    kept = district.put_records("stations", second, survey, who="李四")
    assert (kept.added, kept.changed, kept.removed) == (1, 1, 0)
    assert [r.id for r in district.records("stations")] == ["A1", made, "A2"]
    only = district.put_records("stations", second, survey, who="李四", replace_all=True)
    assert (only.added, only.changed, only.removed, only.unchanged) == (0, 0, 1, 2)
    assert [r.id for r in district.records("stations")] == ["A1", "A2"]
    back = district.put_records("stations", stations.assign(id=["A1", made]), survey, who="李四")
    assert (back.added, back.changed) == (1, 1)  # one had been removed
    assert [r.id for r in district.records("stations")] == ["A1", made, "A2"]


def test_a_batch_is_undone_and_redone_as_one(
    district: Register, stations: pd.DataFrame, survey: LayerSource
) -> None:
    mine = district.add("stations", {"id": "A1", "name": "旧", "lon": 116, "lat": 39}, who="李四")
    batch = district.put_records("stations", stations, survey, who="张三")
    assert batch.id is not None
    undone = district.undo_batch(batch.id, who="张三", why="导错文件")
    (left,) = district.records("stations")
    assert (left.id, left["name"], left.version) == ("A1", mine["name"], 3)
    with pytest.raises(InputError, match="has been undone"):
        district.undo_batch(batch.id, who="张三")
    district.undo(undone.id, who="张三")
    assert [r["name"] for r in district.records("stations")] == stations["name"].tolist()
    assert district.verify().whole


def test_a_batch_with_a_row_changed_since_is_not_undone_at_all(
    district: Register, stations: pd.DataFrame, survey: LayerSource
) -> None:
    batch = district.put_records("stations", stations, survey, who="张三")
    assert batch.id is not None
    second = district.records("stations")[1]
    district.update("stations", second.id, {"seats": 8}, version=1, who="李四")
    change, before = district.revision(), district.records("stations")
    with pytest.raises(ConflictError, match="李四"):
        district.undo_batch(batch.id, who="张三")
    assert district.records("stations") == before
    assert district.revision() == change


def test_a_row_undone_by_itself_does_not_block_its_batch(
    district: Register, stations: pd.DataFrame, survey: LayerSource
) -> None:
    batch = district.put_records("stations", stations, survey, who="张三")
    assert batch.id is not None
    district.undo(batch.id + 1, who="张三")
    assert len(district.records("stations")) == 1
    district.undo_batch(batch.id, who="张三")
    assert district.records("stations") == ()


def test_one_bad_row_refuses_the_table(
    district: Register, stations: pd.DataFrame, survey: LayerSource
) -> None:
    with pytest.raises(InputError, match=r"Row 2: .*outside what is allowed"):
        district.put_records("stations", stations.assign(lat=[39.7, 99]), survey, who="张三")
    with pytest.raises(InputError, match="“A1” of row 2"):
        district.put_records("stations", stations.assign(id="A1"), survey, who="张三")
    assert district.records("stations") == ()
    assert district.revision() == 1


def test_rows_alike_without_ids_are_both_kept(district: Register, survey: LayerSource) -> None:
    frame = pd.DataFrame({"lon": [116.3] * 2, "lat": [39.7] * 2, "topic": ["rest", "water"]})
    assert district.put_records("needs", frame, survey, who="张三").added == 2
    assert [r["topic"] for r in district.records("needs")] == ["rest", "water"]


def test_a_table_without_rows_is_valid(district: Register, survey: LayerSource) -> None:
    frame = pd.DataFrame({"name": [], "lon": [], "lat": []})
    assert district.put_records("hosts", frame, survey, who="张三").id is None


def test_an_import_counts_once_by_its_key(
    district: Register, stations: pd.DataFrame, survey: LayerSource
) -> None:
    first = district.put_records("stations", stations, survey, who="张三", key="import-1")
    assert district.put_records("stations", stations, survey, who="张三", key="import-1") == first
