"""A server here that answers as Tianditu and Amap do, well and badly."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from geo.datum import from_wgs84
from geo.geocoding import GeocodeServer, geocode_server
from geo.geocoding.services import SERVICES

KEY = "s3cret-0f-the-user"
PLACE = (116.338, 39.727)
SHANGHAI = (121.47, 31.23)


def tianditu(
    lon: float, lat: float, level: str = "门址", address: str = "兴丰大街二段1号"
) -> bytes:
    found = {"lon": str(lon), "lat": str(lat), "score": 100, "level": level, "keyWord": address}
    return json.dumps({"msg": "ok", "location": found, "status": "0"}).encode()


def amap(lon: float, lat: float, level: str = "门牌号") -> bytes:
    """Answer for a true WGS-84 place: Amap shifts it."""
    x, y = from_wgs84(lon, lat, "gcj02")
    found = {
        "formatted_address": "北京市大兴区兴丰大街二段1号",
        "location": f"{float(x):.6f},{float(y):.6f}",
        "level": level,
        "street": [],
    }
    told = {"status": "1", "info": "OK", "infocode": "10000", "count": "1", "geocodes": [found]}
    return json.dumps(told).encode()


def amap_refuses(code: str, info: str) -> bytes:
    return json.dumps({"status": "0", "info": info, "infocode": code}).encode()


NOTHING = {
    "tianditu": b'{"msg": "no result", "status": "101"}',
    "amap": b'{"status": "1", "info": "OK", "infocode": "10000", "count": "0", "geocodes": []}',
}


@dataclass
class Stub:
    """What the server answers, and what it was asked."""

    url: str = ""
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def server(self, name: str = "tianditu") -> GeocodeServer:
        made = geocode_server(
            name,
            url=f"{self.url}/geocoder",
            timeout_s=5,
            environment={SERVICES[name].variable: f" {KEY} "},
        )
        return replace(made, per_second=1000.0)

    def answer(self, path: str) -> tuple[int, bytes]:
        told = parse_qs(urlsplit(path).query)
        self.asked.append({name: values[0] for name, values in told.items()})
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    told = Stub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = told.answer(self.path)
            self.send_response(status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield told
        server.shutdown()
        thread.join()
