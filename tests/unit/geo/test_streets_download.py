"""The download by OSMnx, from a server here that answers as Overpass and Nominatim do."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import shapely

from geo.errors import DownloadError
from geo.streets import Network, street_names
from geo.streets.download import Area, StreetServer, download_streets

ox = pytest.importorskip("osmnx")
PLACE = "大兴区, 北京市, 中国"
BOX = (116.3, 39.6, 116.5, 39.8)
FOUND = [
    {
        "importance": 0.5,
        "boundingbox": ["39.6", "39.8", "116.3", "116.5"],
        "lat": "39.7",
        "lon": "116.4",
        "display_name": PLACE,
        "geojson": shapely.geometry.mapping(shapely.box(*BOX)),
    }
]
PLACES = [(116.40, 39.70), (116.41, 39.70), (116.42, 39.70), (116.42, 39.71), (116.43, 39.71)]
MAIN = {"highway": "primary", "name": "Xinghua Street", "name:zh": "兴华大街", "oneway": "yes"}


def _way(number: int, nodes: list[int], **tags: str) -> dict[str, Any]:
    return {"type": "way", "id": number, "nodes": nodes, "tags": tags}


def _streets() -> dict[str, Any]:
    nodes = [
        {"type": "node", "id": 100 + i, "lon": lon, "lat": lat}
        for i, (lon, lat) in enumerate(PLACES)
    ]
    ways = [
        _way(7, [100, 101, 102], **MAIN),
        _way(8, [102, 103], highway="footway"),
        _way(9, [103, 104], highway="motorway"),
    ]
    return {"elements": nodes + ways}


@dataclass
class Stub:
    """What the server answers, and what it was asked."""

    url: str = ""
    places: tuple[int, bytes] = (200, json.dumps(FOUND).encode())
    streets: tuple[int, bytes] = (200, json.dumps(_streets()).encode())
    status: bytes = (
        b"Connected as: 1\nCurrent time: x\nAnnounced\nRate limit: 2\n2 slots available\n"
    )
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def server(self) -> StreetServer:
        return StreetServer(f"{self.url}/api", f"{self.url}/places", timeout_s=5)

    def answer(self, path: str, body: str) -> tuple[int, bytes]:
        self.asked.append(path + body)
        if path.startswith("/places/search"):
            return self.places
        if path == "/api/status":
            return 200, self.status
        if path == "/api/interpreter":
            return self.streets
        return 404, b"{}"


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    told = Stub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(size).decode()
            status, answer = told.answer(self.path, body)
            self.send_response(status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        do_POST = do_GET  # noqa: N815 - as the base class calls it

        def log_message(self, *_: object) -> None:
            pass

    monkeypatch.setattr("time.sleep", lambda _: None)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    before = {key: getattr(ox.settings, key) for key in ("overpass_url", "requests_kwargs")}
    resolve = socket.getaddrinfo
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield told
        server.shutdown()
        thread.join()
    assert before == {key: getattr(ox.settings, key) for key in before}
    assert socket.getaddrinfo is resolve


def test_a_place_is_found_and_its_streets_are_chosen_by_our_rules(stub: Stub) -> None:
    net = download_streets(PLACE, server=stub.server)
    assert sorted(net.edge_osm_way.tolist()) == [7, 8]
    assert len(net.geom_lon) == 5
    assert "兴华大街" in street_names(net, net.edge_u * 0 + 1) + street_names(net, net.edge_u * 0)
    assert sorted(net.node_osm.tolist()) == [100, 102, 103]
    assert (net.meta.profile, net.meta.source) == ("walk", f"OpenStreetMap ({PLACE})")
    assert net.meta.date
    place, _, status, streets = stub.asked
    assert parse_qs(urlsplit(place).query)["q"] == [PLACE]
    assert status == "/api/status"
    query = parse_qs(streets.removeprefix("/api/interpreter"))["data"][0]
    assert query.startswith('[out:json][timeout:5];(way["highway"](poly:')


def _asked_box(stub: Stub) -> tuple[float, float, float, float]:
    query = parse_qs(stub.asked[-1].removeprefix("/api/interpreter"))["data"][0]
    numbers = list(map(float, query.split("'")[1].split()))
    lat, lon = numbers[::2], numbers[1::2]
    return min(lon), min(lat), max(lon), max(lat)


def _by_box(stub: Stub, margin_m: float) -> Network:
    return download_streets(BOX, server=stub.server, margin_m=margin_m)


def _by_outline(stub: Stub, margin_m: float) -> Network:
    return download_streets(shapely.box(*BOX), server=stub.server, margin_m=margin_m)


@pytest.mark.parametrize("ask", [_by_box, _by_outline])
def test_a_box_or_an_outline_is_asked_for_with_its_margin(
    stub: Stub, ask: Callable[[Stub, float], Network]
) -> None:
    net = ask(stub, 0.0)
    assert net.edges == 2
    assert not any("search" in path for path in stub.asked)
    narrow = _asked_box(stub)
    ask(stub, 3000.0)
    wide = _asked_box(stub)
    # OSMnx asks for 500 m more than it needs, to know where streets go on.
    assert narrow[1] == pytest.approx(39.6 - 500 / 111_000, abs=2e-4)
    assert narrow[1] - wide[1] == pytest.approx(3000 / 111_000, rel=0.01)
    assert wide[2] - narrow[2] == pytest.approx(3000 / 85_800, rel=0.01)


def test_an_e_bike_obeys_oneway(stub: Stub) -> None:
    net = download_streets(BOX, "ebike", server=stub.server)
    main = net.edge_osm_way.tolist().index(7)
    assert sorted([net.edge_forward[main] > 0, net.edge_backward[main] > 0]) == [False, True]
    assert len(net.arc_head) == 3
    ways = _streets()
    ways["elements"][5]["tags"]["oneway:bicycle"] = "no"
    stub.streets = 200, json.dumps(ways).encode()
    assert len(download_streets(BOX, "ebike", server=stub.server).arc_head) == 4


def test_a_proxy_is_asked_in_place_of_the_server(stub: Stub) -> None:
    server = StreetServer("http://overpass.invalid/api", proxy=stub.url, rate_limit=False)
    with pytest.raises(DownloadError) as caught:
        download_streets(BOX, server=server)
    # The stub is no proxy: it sees the whole address as a path that it does not have.
    assert caught.value.code == "streets_download_refused"
    assert stub.asked[0].startswith("http://overpass.invalid/api/interpreter")


def _cut(stub: Stub) -> None:
    stub.streets = 200, stub.streets[1][:-20]


def _remark(stub: Stub) -> None:
    answer = {"elements": _streets()["elements"], "remark": "runtime error: Query timed out"}
    stub.streets = 200, json.dumps(answer).encode()


def _busy(stub: Stub) -> None:
    stub.streets, stub.headers = (429, b""), {"Retry-After": "17"}


def _overloaded(stub: Stub) -> None:
    stub.streets = 504, b"<html>Gateway Timeout</html>"


def _bad_request(stub: Stub) -> None:
    stub.streets = 400, b"<html>parse error</html>"


def _nothing(stub: Stub) -> None:
    stub.streets = 200, b'{"elements": []}'


def _only_motorways(stub: Stub) -> None:
    stub.streets = (
        200,
        json.dumps({"elements": _streets()["elements"][3:5] + _streets()["elements"][7:]}).encode(),
    )


def _unknown(stub: Stub) -> None:
    stub.places = 200, b"[]"


def _no_area(stub: Stub) -> None:
    point = FOUND[0] | {"geojson": {"type": "Point", "coordinates": [116.4, 39.7]}}
    stub.places = 200, json.dumps([point]).encode()


def _odd_place(stub: Stub) -> None:
    stub.places = 200, b'[{"importance": 1}]'


def _places_busy(stub: Stub) -> None:
    stub.places = 429, b""


def _places_cut(stub: Stub) -> None:
    stub.places = 200, stub.places[1][:-5]


def _gone(stub: Stub) -> None:
    # A port on which nobody listens any more.
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        stub.url = f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.parametrize(
    ("spoil", "code", "said"),
    [
        (_cut, "streets_download_broken", ""),
        (_remark, "streets_download_partial", "Query timed out"),
        (_busy, "streets_download_busy", "17"),
        (_overloaded, "streets_download_busy", "504"),
        (_bad_request, "streets_download_refused", "400"),
        (_nothing, "streets_download_empty", ""),
        (_only_motorways, "streets_download_empty", ""),
        (_unknown, "streets_download_place", ""),
        (_no_area, "streets_download_place", ""),
        (_odd_place, "streets_download_place", ""),
        (_places_busy, "streets_download_busy", "429"),
        (_places_cut, "streets_download_broken", ""),
        (_gone, "streets_download_failed", "ConnectionError"),
    ],
)
def test_every_failure_says_what_happened_and_what_to_do(
    stub: Stub, spoil: Callable[[Stub], None], code: str, said: str
) -> None:
    spoil(stub)
    with pytest.raises(DownloadError) as caught:
        download_streets(PLACE, server=stub.server)
    assert caught.value.code == code
    for lang in ("zh", "en"):
        sentence = caught.value.message(lang)
        assert PLACE in sentence
        assert ".osm.pbf" in sentence
        assert said in sentence
    # Nobody is asked twice: a busy server is left alone. Its status tells that it is there, too.
    asked = [words for words in stub.asked if words != "/api/status"]
    assert len(asked) == len(set(asked))


def test_nobody_waits_for_a_server_that_is_not_there(
    stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    _gone(stub)
    with pytest.raises(DownloadError) as caught:
        download_streets(BOX, server=stub.server)
    assert caught.value.code == "streets_download_failed"
    assert "ConnectionRefusedError" in caught.value.message("zh")
    assert sum(slept) < 10


@pytest.mark.usefixtures("stub")
def test_a_server_that_does_not_answer_is_given_up() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        server = StreetServer(url, url, timeout_s=1, rate_limit=False)
        with pytest.raises(DownloadError) as caught:
            download_streets(BOX, server=server)
    assert caught.value.code == "streets_download_failed"
    assert "ReadTimeout" in caught.value.message("en")


@pytest.mark.parametrize(
    "area",
    [
        (116.5, 39.6, 116.3, 39.8),
        (116.3, 39.6, 116.3, 39.8),
        (500_000.0, 4_400_000.0, 510_000.0, 4_410_000.0),
        shapely.Polygon(),
        shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]),
    ],
)
def test_what_is_no_area_is_a_fault_of_the_caller(area: Area) -> None:
    with pytest.raises(ValueError, match="no area"):
        download_streets(area)


def test_a_negative_margin_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="margin"):
        download_streets(BOX, margin_m=-1.0)
