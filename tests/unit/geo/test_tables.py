from pathlib import Path

import pytest

from geo.errors import InputError
from geo.intake import read_table
from geo.intake.meanings import normalise
from geo.reference import read_list
from geo.tables import DTYPES, TABLES, columns, empty_table, save_table, split_list

STATIONS = """id,name,lon,lat,town,kind,services,seats
s1,=1+1,116.3381234,39.7271234,兴丰,street_front,water;seat,4
s2,"兴华,大街",116.35,39.73,,,,
"""


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_typed_columns_and_an_empty_form(table: str) -> None:
    frame = empty_table(table)
    assert list(frame.columns) == [column.name for column in columns(table)]
    assert all(column.type in DTYPES for column in columns(table))
    assert len(frame) == 0


def test_candidates_are_stations_with_a_cost() -> None:
    names = [column.name for column in columns("candidates")]
    assert names == [*(column.name for column in columns("stations")), "cost_yuan"]


@pytest.mark.parametrize("table", TABLES)
def test_every_list_of_codes_exists(table: str) -> None:
    for column in columns(table):
        if column.codes:
            assert read_list(f"reference/{column.codes}")


def test_every_synonym_belongs_to_a_code() -> None:
    for codes, entries in read_list("reference/schema")["synonyms"].items():
        assert set(entries) <= set(read_list(f"reference/{codes}")), codes


@pytest.mark.parametrize("table", TABLES)
def test_a_heading_means_one_column(table: str) -> None:
    meant: dict[str, set[str]] = {}
    for column in columns(table):
        for heading in (column.name, column.zh, column.en, *column.aliases):
            meant.setdefault(normalise(heading), set()).add(column.name)
    assert {heading: names for heading, names in meant.items() if len(names) > 1} == {}


def test_an_unknown_table() -> None:
    with pytest.raises(KeyError):
        columns("dragons")


def test_lists_are_split_at_chinese_and_western_separators() -> None:
    assert split_list(" 饮水；座椅、 wifi ;;") == ("饮水", "座椅", "wifi")


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".geojson"])
def test_what_is_written_reads_back_the_same(suffix: str, tmp_path: Path) -> None:
    frame = read_table(STATIONS.encode(), "stations").frame
    save_table(frame, tmp_path / f"out{suffix}")
    again = read_table(tmp_path / f"out{suffix}", "stations")
    assert again.rejected == 0
    assert again.frame.to_dict() == frame.to_dict()
    assert [file.name for file in tmp_path.iterdir()] == [f"out{suffix}"]


def test_text_that_looks_like_a_formula_is_harmless_in_csv(tmp_path: Path) -> None:
    save_table(read_table(STATIONS.encode(), "stations").frame, tmp_path / "out.csv")
    text = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert "s1,'=1+1,116.3381234" in text


@pytest.mark.parametrize("name", ["out.xlsx", "out", "out.geojson"])
def test_other_files_are_not_written(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.csv"):
        save_table(empty_table("visits"), tmp_path / name)
    assert not list(tmp_path.iterdir())
