"""Streets from OpenStreetMap's servers or one's own, by OSMnx: the first door to the internet.

The other one is `geo.geocoding.asking`; neither opens unless a person asks.

OSMnx asks and parses; every answer is looked at before OSMnx sees it, because it would try for ever
again on a busy server, and take a partial answer for a whole one.
"""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import shapely

from geo.crs import LocalFrame
from geo.errors import DownloadError, FileRefusedError
from geo.streets.build import build_network, in_degrees
from geo.streets.graphml import StreetCollector
from geo.streets.network import DEFAULT_ISLAND_BELOW_M, Network
from geo.streets.osm import OSM_LICENCE
from geo.streets.profiles import travel_rules
from geo.streets.rules import Profile, TravelRules
from geo.streets.ways import network_meta

DEFAULT_TIMEOUT_S = 180
DEFAULT_MARGIN_M = 1000.0
FILTER = '["highway"]'
"""All ways: the rules of the profile choose among them, as they do in a file."""

CONNECT_S = 15
"""Longest wait for a server to show that it is there, seconds."""

BUSY = frozenset({429, 503, 504})
REMARK_LENGTH = 200

Area = str | shapely.Polygon | shapely.MultiPolygon | tuple[float, float, float, float]
"""Name of a place, its outline, or west, south, east, north; WGS-84 degrees."""


@dataclass(frozen=True)
class StreetServer:
    """Whom to ask, and how.

    Attributes
    ----------
    overpass_url
        Base of an Overpass API, without `/interpreter`.
    nominatim_url
        Base of a Nominatim API, asked for places by name only.
    proxy
        Such as http://proxy.example:3128; empty: what the environment says.
    timeout_s
        Longest wait for an answer, seconds; the server is told the same.
    rate_limit
        Whether to ask the server for a free slot first; one's own may not tell.
    """

    overpass_url: str = "https://overpass-api.de/api"
    nominatim_url: str = "https://nominatim.openstreetmap.org"
    proxy: str = ""
    timeout_s: int = DEFAULT_TIMEOUT_S
    rate_limit: bool = True


def download_streets(
    area: Area,
    profile: Profile = "walk",
    *,
    server: StreetServer | None = None,
    margin_m: float = DEFAULT_MARGIN_M,
    island_below_m: float = DEFAULT_ISLAND_BELOW_M,
) -> Network:
    """Return the streets of an area, as OpenStreetMap has them now.

    Parameters
    ----------
    area
        Name of a place that OpenStreetMap knows (大兴区, 北京市, 中国), its outline, or a box of
        west, south, east, north.
    profile
        `walk` or `ebike`.
    server
        Whom to ask; OpenStreetMap's public servers when nothing is said.
    margin_m
        Streets up to this far outside come too, metres: people cross the boundary of a district.
    island_below_m
        A component with less street is an island, metres.

    Raises
    ------
    DownloadError
        The place is not known, has no open street, or the servers did not answer, were busy,
        answered in part, or refused; the sentence says what to do instead.
    ValueError
        The outline or the box is not one in degrees, or the margin is negative.
    """
    import osmnx as ox  # noqa: PLC0415 - takes seconds; nobody else needs it

    rules, place = travel_rules(profile), _title(area)
    outline = None if isinstance(area, str) else _outline(area)
    if not margin_m >= 0:
        msg = f"the margin is {margin_m} m"
        raise ValueError(msg)
    with _settings(ox, rules, server or StreetServer(), place):
        with _sentences(place, nothing="streets_download_place"):
            found = outline or ox.geocode_to_gdf(place).geometry.iloc[0]
        with _sentences(place, nothing="streets_download_empty"):
            _require_answer(server or StreetServer())
            graph = ox.graph_from_polygon(
                _widened(found, margin_m),
                # For walking OSMnx makes all ways two-way, for "all" it obeys oneway.
                network_type="walk" if rules.cost_unit == "mm" else "all",
                simplify=False,
                retain_all=True,
                custom_filter=FILTER,
            )
        streets = _open(graph, rules)
        if not streets.edges:
            raise DownloadError("streets_download_empty", place=place)
        # Merging chains of nodes only within a way keeps its name, class and permission.
        merged = ox.simplify_graph(streets, edge_attrs_differ=["osmid"], remove_rings=False)
    return _network(merged, place, rules, island_below_m)


@contextmanager
def _sentences(place: str, *, nothing: str) -> Iterator[None]:
    """Say what went wrong; `nothing` is the code for an answer without what was asked for."""
    from osmnx._errors import InsufficientResponseError  # noqa: PLC0415 - as late as osmnx

    try:
        yield
    except DownloadError:
        # An OSError as well, but it says what happened already.
        raise
    except (InsufficientResponseError, TypeError) as error:
        raise DownloadError(nothing, place=place) from error
    except (OSError, ValueError, KeyError) as error:
        reason = type(error).__name__
        raise DownloadError("streets_download_failed", place=place, reason=reason) from error


def _require_answer(server: StreetServer) -> None:
    """Let nobody wait who is off line.

    OSMnx asks for a free slot first, and where nobody answers it sleeps a minute before it asks for
    the streets all the same.

    Raises
    ------
    OSError
        Nobody is there. What a server answers is looked at when OSMnx asks.
    """
    if not server.rate_limit:
        return
    proxies = {"http": server.proxy, "https": server.proxy} if server.proxy else None
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies))
    url = f"{server.overpass_url.rstrip('/')}/status"
    try:
        opener.open(url, timeout=min(CONNECT_S, server.timeout_s)).close()
    except urllib.error.HTTPError as answer:
        answer.close()
    except urllib.error.URLError as error:
        reason = error.reason
        raise (reason if isinstance(reason, OSError) else error) from error


def _title(area: Area) -> str:
    if isinstance(area, str):
        return area
    west, south, east, north = area if isinstance(area, tuple) else area.bounds
    return f"{west:.4f}, {south:.4f}, {east:.4f}, {north:.4f}"


def _outline(
    area: shapely.Polygon | shapely.MultiPolygon | tuple[float, float, float, float],
) -> shapely.Polygon | shapely.MultiPolygon:
    """Return the outline.

    Raises
    ------
    ValueError
        It is empty, crosses itself, or is not in degrees.
    """
    outline = shapely.box(*area) if isinstance(area, tuple) else area
    west, south, east, north = outline.bounds
    fit = in_degrees(np.array([west, east]), np.array([south, north]))
    turned = isinstance(area, tuple) and not (area[0] < area[2] and area[1] < area[3])
    if turned or not (fit and outline.is_valid and outline.area > 0):
        msg = f"no area in degrees: {_title(area)}"
        raise ValueError(msg)
    return outline


def _widened(outline: Any, margin_m: float) -> Any:  # noqa: ANN401 - polygons, one or several
    frame = LocalFrame(*outline.centroid.coords[0])

    def to_m(places: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.stack(frame.to_m(*places.T), axis=1)

    def to_degrees(places: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.stack(frame.to_degrees(*places.T), axis=1)

    return shapely.transform(shapely.transform(outline, to_m).buffer(margin_m), to_degrees)


@contextmanager
def _settings(
    ox: Any,  # noqa: ANN401 - the module, imported late
    rules: TravelRules,
    server: StreetServer,
    place: str,
) -> Iterator[None]:
    """Set OSMnx up for one download and put back all that it and we have changed."""

    def look(response: Any, **_: object) -> None:  # noqa: ANN401 - a requests.Response
        try:
            _require_whole(response, place)
        except DownloadError:
            response.close()
            raise

    options: dict[str, Any] = {"hooks": {"response": look}}
    if server.proxy:
        options["proxies"] = {"http": server.proxy, "https": server.proxy}
    ours = {
        "overpass_url": server.overpass_url,
        "nominatim_url": server.nominatim_url,
        "overpass_rate_limit": server.rate_limit,
        "requests_timeout": server.timeout_s,
        "requests_kwargs": options,
        # OSMnx would otherwise ask a name server of its own choice.
        "doh_url_template": None,
        "use_cache": False,
        "useful_tags_way": [*rules.tags_read, "name", "name:zh"],
    }
    before = {key: getattr(ox.settings, key) for key in ours}
    resolve = socket.getaddrinfo
    try:
        for key, value in ours.items():
            setattr(ox.settings, key, value)
        yield
    finally:
        for key, value in before.items():
            setattr(ox.settings, key, value)
        # OSMnx pins the address of the server for the whole process.
        socket.getaddrinfo = resolve


def _require_whole(response: Any, place: str) -> None:  # noqa: ANN401 - a requests.Response
    """Refuse an answer that is none, or not all of one.

    Raises
    ------
    DownloadError
        The server is busy, refuses, or its answer is cut short or partial.
    """
    status = int(response.status_code)
    if status in BUSY:
        wait = response.headers.get("Retry-After", "")
        seconds = wait if wait.isdecimal() else "60"
        raise DownloadError("streets_download_busy", place=place, status=status, seconds=seconds)
    if status >= 400:
        raise DownloadError("streets_download_refused", place=place, status=status)
    if response.is_redirect or response.url.endswith("/status"):
        return
    try:
        answer = response.json()
    except ValueError as error:
        raise DownloadError("streets_download_broken", place=place) from error
    if isinstance(answer, dict) and "remark" in answer:
        # Overpass says so where time or memory ran out: what it had by then looks like an answer.
        remark = str(answer["remark"])[:REMARK_LENGTH].strip(" .")
        raise DownloadError("streets_download_partial", place=place, remark=remark)


def _open(graph: Any, rules: TravelRules) -> Any:  # noqa: ANN401 - a networkx MultiDiGraph
    """Leave out what the rules close: chains may then be merged across it."""
    closed = [
        (u, v, key)
        for u, v, key, tags in graph.edges(keys=True, data=True)
        if not rules.speeds_kmh(
            {name: str(tags[name]) for name in rules.tags_read if name in tags and name != "oneway"}
        )
    ]
    graph.remove_edges_from(closed)
    graph.remove_nodes_from([node for node, degree in graph.degree() if degree == 0])
    return graph


def _network(graph: Any, place: str, rules: TravelRules, island_below_m: float) -> Network:  # noqa: ANN401 - as above
    collected = StreetCollector(rules)
    for node, facts in graph.nodes(data=True):
        collected.add_node(str(node), float(facts["x"]), float(facts["y"]))
    for u, v, facts in graph.edges(data=True):
        texts = {key: str(value) for key, value in facts.items() if key != "geometry"}
        texts["name"] = texts.get("name:zh") or texts.get("name", "")
        if "geometry" in facts:
            texts["geometry"] = shapely.to_wkt(facts["geometry"], rounding_precision=-1)
        collected.add_edge(str(u), str(v), texts)
    today = datetime.now(tz=UTC).date().isoformat()
    meta = network_meta(rules, f"OpenStreetMap ({place})", OSM_LICENCE, today, island_below_m)
    try:
        return build_network(collected.finish(), meta)
    except FileRefusedError as error:
        raise DownloadError("streets_download_empty", place=place) from error
