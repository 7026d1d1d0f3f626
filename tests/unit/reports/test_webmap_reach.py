import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from geo.service_areas import reached_lines
from geo.streets import Network, attach, load_streets
from reports.report import Report
from reports.webmap import Reach, base_layer, reach_of, scene_from, standalone_html
from reports.webmap.base import SCALE
from reports.webmap.content import content
from words import LANGUAGES

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample" / "streets.wsn"


@pytest.fixture(scope="module")
def net() -> Network:
    return load_streets(SAMPLE)


def reach(net: Network, node: int, cutoff_m: float = 800) -> Reach:
    lon, lat = float(net.node_lon[node]), float(net.node_lat[node])
    found = reach_of(net, "S1", lon, lat, cutoff_m=cutoff_m, cap_m=200, lang="zh")
    assert found is not None
    return found


def places(numbers: list[int]) -> np.ndarray:
    return np.cumsum(np.array(numbers).reshape(-1, 2), axis=0) / SCALE


def test_the_drawn_streets_are_the_reached_ones(net: Network) -> None:
    site = attach(net, net.node_lon[40], net.node_lat[40])
    exact = reached_lines(net, site, 800)
    drawn = reach(net, 40).as_dict()
    assert len(drawn["lines"]) == len(exact.line)
    for numbers, line in zip(drawn["lines"], exact.line, strict=True):
        ends = places(numbers)[[0, -1]]
        assert ends == pytest.approx(np.array(line.coords)[[0, -1]], abs=1 / SCALE)
    assert drawn["title"] == "选中点沿街步行 800 米内可达"


def test_rings_close_and_travel_light(net: Network) -> None:
    drawn = reach(net, 40, 1000).as_dict()
    for numbers in drawn["rings"]:
        ring = places(numbers)
        assert ring[0] == pytest.approx(ring[-1], abs=2 / SCALE)
    assert len(json.dumps(drawn)) < 60_000


def test_a_point_off_the_streets_reaches_nothing(net: Network) -> None:
    lon, lat = float(net.node_lon[0]) + 3, float(net.node_lat[0])
    assert reach_of(net, "S1", lon, lat, cutoff_m=800, cap_m=200, lang="zh") is None


def test_the_scene_carries_it_in_both_languages(
    net: Network, district: Callable[..., Report]
) -> None:
    report = district()
    base = base_layer(net, None, ())
    scene = scene_from(base, report.inputs, report.coverage)
    assert content(scene, details=False)["reach"] is None
    for lang in LANGUAGES:
        found = reach(net, 40)
        shown = content(replace(scene, lang=lang, reach=found), details=False)
        assert shown["reach"]["id"] == "S1"
    assert "选中点沿街步行" in standalone_html(replace(scene, reach=reach(net, 40)))
