"""Layers by their content: any change is noticed, and a bundle gives back what was put in."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.tables import columns
from reports.product import product
from reports.replay_layers import (
    bundled_name,
    layer_hashes,
    read_layer,
    read_zones,
    table_hash,
    write_layers,
)
from reports.report import Report
from siting.areas.zones import AreaZones
from siting.scenario import LAYERS
from tests.unit.reports.conftest import frame, station_records

NAMES = [column.name for column in columns("stations")]
PERSONAL = {column.name for column in columns("stations") if column.personal}
STATIONS = frame("stations", station_records(6))


@settings(max_examples=20)
@given(st.integers(0, len(STATIONS) - 1), st.sampled_from(NAMES), st.integers(1, 90))
def test_a_changed_cell_is_another_layer_unless_it_is_personal(
    row: int, name: str, number: int
) -> None:
    changed = STATIONS.copy()
    texts = STATIONS[name].dtype == "str"
    flag = STATIONS[name].dtype == "boolean"
    changed.loc[row, name] = f"另{number}" if texts else True if flag else number + 0.0
    same = table_hash("stations", changed) == table_hash("stations", STATIONS)
    assert same == (name in PERSONAL or changed[name].equals(STATIONS[name]))


@settings(max_examples=20)
@given(st.permutations(range(len(STATIONS))))
def test_the_order_of_rows_counts_and_that_of_columns_does_not(order: list[int]) -> None:
    mixed = STATIONS.iloc[order].reset_index(drop=True)
    moved = table_hash("stations", mixed) != table_hash("stations", STATIONS)
    assert moved == (order != sorted(order))
    turned = STATIONS[NAMES[::-1]]
    assert table_hash("stations", turned) == table_hash("stations", STATIONS)


def test_a_bundle_gives_back_every_layer(district: Callable[..., Report], tmp_path: Path) -> None:
    square = shapely.box(116.3, 39.6, 116.4, 39.7)
    zones = AreaZones(("片",), (("sparse",),), np.array([square], dtype=object))
    inputs = replace(district().inputs, area_zones=zones)
    written = write_layers(inputs, tmp_path)
    hashes = layer_hashes(inputs)
    assert [path.name for path in written] == [bundled_name(*item) for item in hashes.items()]
    for layer in set(LAYERS) & set(hashes):
        path = tmp_path / bundled_name(layer, hashes[layer])
        back = read_layer(path, layer, hashes[layer])
        held: pd.DataFrame = getattr(inputs, layer)
        open_to_all = [column.name for column in columns(layer) if not column.personal]
        pd.testing.assert_frame_equal(back[open_to_all], held[open_to_all])
        with pytest.raises(InputError):
            read_layer(path, layer, "0" * 64)
    back_zones = read_zones(
        tmp_path / bundled_name("area_zones", hashes["area_zones"]), hashes["area_zones"]
    )
    assert back_zones.areas == zones.areas


def test_a_product_is_told_by_its_code_and_its_lists() -> None:
    told = product()
    assert len(told["code"]) == 64
    assert {"reference/kinds", "standards/radius_1km"} <= set(told["lists"])
