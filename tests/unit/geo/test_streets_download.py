"""The download by OSMnx, with canned answers in place of the internet."""

from collections.abc import Iterator
from typing import Any

import networkx as nx
import pytest
import shapely

from geo.errors import DownloadError
from geo.streets import street_names
from geo.streets.download import download_streets

ox = pytest.importorskip("osmnx")
PLACE = "大兴区, 北京市, 中国"


class _Places:
    """Stands in for the GeoDataFrame that a geocoder gives."""

    def __init__(self) -> None:
        self.geometry = self
        self.iloc = [shapely.box(116.3, 39.6, 116.5, 39.8)]


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ox, "geocode_to_gdf", lambda _: _Places())
    yield
    assert ox.settings.requests_timeout == 180
    assert ox.settings.use_cache is True


def _graph() -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph(crs="epsg:4326")
    for node, (lon, lat) in enumerate([(0, 0), (1, 0), (2, 0), (2, 1), (3, 1)]):
        graph.add_node(node, x=116.40 + 0.01 * lon, y=39.70 + 0.01 * lat)
    pairs = [
        (0, 1, 7, "primary"),
        (1, 2, 7, "primary"),
        (2, 3, 8, "footway"),
        (3, 4, 9, "motorway"),
    ]
    for u, v, osmid, highway in pairs:
        for a, b in ((u, v), (v, u)):
            facts = {"osmid": osmid, "highway": highway, "name": "兴华大街", "oneway": False}
            graph.add_edge(a, b, **facts, reversed=a > b, length=1000.0)
    return graph


@pytest.mark.usefixtures("place")
def test_ways_are_chosen_by_our_rules_and_chains_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def answer(area: shapely.Polygon, **options: object) -> nx.MultiDiGraph:
        asked.update(options, doh=ox.settings.doh_url_template, area=area)
        return _graph()

    monkeypatch.setattr(ox, "graph_from_polygon", answer)
    net = download_streets(PLACE)
    assert sorted(net.edge_osm_way.tolist()) == [7, 8]
    assert len(net.geom_lon) == 5
    assert street_names(net, net.edge_u[:1] * 0) == ("兴华大街",)
    assert asked["doh"] is None
    assert asked["retain_all"] is True
    assert PLACE in net.meta.source
    assert net.meta.date


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ox._errors.InsufficientResponseError("none"), "streets_download_place"),
        (TypeError("no polygon"), "streets_download_place"),
        (ConnectionError("refused"), "streets_download_failed"),
        (TimeoutError("too long"), "streets_download_failed"),
        (ox._errors.ResponseStatusCodeError("504"), "streets_download_failed"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value,
)
def test_every_failure_of_the_geocoder_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    def fail(_: str) -> None:
        raise error

    monkeypatch.setattr(ox, "geocode_to_gdf", fail)
    _expect(code)


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ox._errors.InsufficientResponseError("none"), "streets_download_empty"),
        (ConnectionError("refused"), "streets_download_failed"),
        (ox._errors.ResponseStatusCodeError("429"), "streets_download_failed"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value,
)
def test_every_failure_of_the_street_server_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    def fail(_: shapely.Polygon, **_options: object) -> None:
        raise error

    monkeypatch.setattr(ox, "graph_from_polygon", fail)
    _expect(code)


@pytest.mark.usefixtures("place")
def test_a_place_without_a_walkable_street_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = _graph()
    graph.remove_nodes_from([0, 1, 2])
    monkeypatch.setattr(ox, "graph_from_polygon", lambda *_, **__: graph)
    _expect("streets_download_empty")


def _expect(code: str) -> None:
    with pytest.raises(DownloadError) as caught:
        download_streets(PLACE)
    assert caught.value.code == code
    for lang in ("zh", "en"):
        said = caught.value.message(lang)
        assert PLACE in said
        assert ".osm.pbf" in said
