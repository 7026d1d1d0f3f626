import hashlib
import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from geo.streets import Network, Way, network_from_ways
from reports.webmap import Label, base_layer, base_layer_js
from reports.webmap.base import joined

OUTLINE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [
                    [[[116.2, 39.5], [116.5, 39.5], [116.5, 39.8], [116.2, 39.8], [116.2, 39.5]]]
                ],
            },
        }
    ],
}


@pytest.fixture
def network() -> Network:
    lon = [116.30, 116.31, 116.32, 116.31]
    lat = [39.70, 39.70, 39.70, 39.71]
    ways = [
        Way(nodes=[0, 1, 2], tags={"highway": "primary", "name": "兴华大街"}, osm_id=1),
        Way(nodes=[1, 3], tags={"highway": "footway"}, osm_id=2),
    ]
    return network_from_ways(lon, lat, ways, source="test", licence="", date="")


def content(javascript: str) -> dict[str, Any]:
    assert javascript.startswith("window.WS_BASE=")
    assert javascript.endswith(";\n")
    parsed: dict[str, Any] = json.loads(javascript.removeprefix("window.WS_BASE=")[:-2])
    return parsed


def undo(deltas: list[int]) -> list[tuple[float, float]]:
    points = np.cumsum(np.array(deltas).reshape(-1, 2), axis=0) / 100_000
    return [(float(x), float(y)) for x, y in points]


def test_streets_come_back_by_rank_with_their_names(network: Network) -> None:
    base = content(base_layer_js(network, None, ()))
    (main,) = base["streets"][1]
    (path,) = base["streets"][6]
    assert base["names"][main[0]] == "兴华大街"
    assert base["names"][path[0]] == ""
    assert sorted(undo(main[1:])) == [(116.3, 39.7), (116.31, 39.7), (116.32, 39.7)]
    assert [len(lines) for lines in base["streets"]] == [0, 1, 0, 0, 0, 0, 1]


def test_outline_and_labels_come_back() -> None:
    base = content(base_layer_js(None, OUTLINE, [Label("黄村镇", 116.33, 39.73, "unit")]))
    assert undo(base["outline"][0])[:2] == [(116.2, 39.5), (116.5, 39.5)]
    assert base["labels"] == [[11_633_000, 3_973_000, 0, "黄村镇"]]


def test_the_name_of_the_script_is_its_content(network: Network) -> None:
    base = base_layer(network, OUTLINE)
    assert base.sha256 == hashlib.sha256(base.javascript.encode()).hexdigest()
    assert base == base_layer(network, OUTLINE)
    assert base.sha256 != base_layer(network).sha256


def test_bounds_are_the_outline_else_the_streets_else_what_was_given(network: Network) -> None:
    assert base_layer(network, OUTLINE).bounds == (116.2, 39.5, 116.5, 39.8)
    assert base_layer(network).bounds == pytest.approx((116.3, 39.7, 116.32, 39.71))
    assert base_layer(None, bounds=(1.0, 2.0, 3.0, 4.0)).bounds == (1.0, 2.0, 3.0, 4.0)


def test_nothing_to_span_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing spans an area"):
        base_layer(None)


def test_hostile_street_names_stay_data(network: Network) -> None:
    hostile = "</script><script>alert(1)</script>${1}`\u2028"
    javascript = base_layer_js(network, None, [Label(hostile, 116.3, 39.7, "village")])
    assert "</script" not in javascript
    assert "\u2028" not in javascript
    assert content(javascript)["labels"][0][3] == hostile


def test_joining_keeps_every_piece_once() -> None:
    pieces = [
        [(0, 0), (1, 0)],
        [(2, 0), (1, 0)],
        [(2, 0), (3, 0), (4, 0)],
        [(9, 9), (8, 8)],
        [(1, 0), (1, 5)],
    ]
    lines = joined(pieces)
    before = sorted(tuple(sorted(step)) for piece in pieces for step in pairwise(piece))
    after = sorted(tuple(sorted(step)) for line in lines for step in pairwise(line))
    assert after == before
    assert len(lines) == 3


def test_joining_closes_a_ring() -> None:
    (ring,) = joined([[(0, 0), (1, 0)], [(1, 0), (1, 1)], [(1, 1), (0, 0)]])
    assert ring[0] == ring[-1]
    assert set(ring) == {(0, 0), (1, 0), (1, 1)}


def test_street_labels_give_way_to_the_names_of_drawn_streets(network: Network) -> None:
    labels = [Label("兴华大街", 116.3, 39.7, "street"), Label("刘二村", 116.3, 39.7, "village")]
    assert [row[3] for row in content(base_layer_js(network, None, labels))["labels"]] == ["刘二村"]
    assert len(content(base_layer_js(None, None, labels))["labels"]) == 2
