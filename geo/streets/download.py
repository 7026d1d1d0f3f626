"""Streets of a place from OpenStreetMap, by OSMnx: the only door to the internet."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import shapely

from geo.errors import DownloadError, FileRefusedError
from geo.streets.build import build_network
from geo.streets.graphml import StreetCollector
from geo.streets.network import DEFAULT_ISLAND_BELOW_M, Network
from geo.streets.osm import OSM_LICENCE
from geo.streets.rules import walk_rules
from geo.streets.ways import walk_meta

REQUEST_TIMEOUT_S = 180.0
FILTER = '["highway"]'
"""All ways: the walk rules choose among them, as they do in a file."""


def download_streets(place: str, *, island_below_m: float = DEFAULT_ISLAND_BELOW_M) -> Network:
    """Return the walkable streets within a place that OpenStreetMap knows by name.

    Parameters
    ----------
    place
        Full name, such as 大兴区, 北京市, 中国.
    island_below_m
        A component with less street is an island, metres.

    Raises
    ------
    DownloadError
        The place is not known, has no street, or the servers did not answer; the sentence says
        what to do instead.
    """
    import osmnx as ox  # noqa: PLC0415 - takes seconds; nobody else needs it
    from osmnx._errors import InsufficientResponseError  # noqa: PLC0415

    with _settings(ox):
        try:
            area = ox.geocode_to_gdf(place).geometry.iloc[0]
        except (InsufficientResponseError, TypeError) as error:
            raise DownloadError("streets_download_place", place=place) from error
        except (OSError, ValueError) as error:
            raise _failed(place, error) from error
        try:
            graph = ox.graph_from_polygon(
                area, network_type="walk", simplify=False, retain_all=True, custom_filter=FILTER
            )
        except InsufficientResponseError as error:
            raise DownloadError("streets_download_empty", place=place) from error
        except (OSError, ValueError) as error:
            raise _failed(place, error) from error
        streets = _walkable(graph)
        if not streets.edges:
            raise DownloadError("streets_download_empty", place=place)
        # Merging chains of nodes only within a way keeps its name, class and permission.
        merged = ox.simplify_graph(streets, edge_attrs_differ=["osmid"], remove_rings=False)
    today = datetime.now(tz=UTC).date().isoformat()
    return _network(merged, place, today, island_below_m)


@contextmanager
def _settings(ox: Any) -> Iterator[None]:  # noqa: ANN401 - the module, imported late
    """Set OSMnx up for one download and put its settings back."""
    ours = {
        # OSMnx would otherwise ask a name server of its own choice.
        "doh_url_template": None,
        "requests_timeout": REQUEST_TIMEOUT_S,
        "use_cache": False,
        "useful_tags_way": [*walk_rules().tags_read, "name"],
    }
    before = {key: getattr(ox.settings, key) for key in ours}
    try:
        for key, value in ours.items():
            setattr(ox.settings, key, value)
        yield
    finally:
        for key, value in before.items():
            setattr(ox.settings, key, value)


def _failed(place: str, error: Exception) -> DownloadError:
    return DownloadError("streets_download_failed", place=place, reason=type(error).__name__)


def _walkable(graph: Any) -> Any:  # noqa: ANN401 - a networkx MultiDiGraph
    rules = walk_rules()
    closed = [
        (u, v, key)
        for u, v, key, tags in graph.edges(keys=True, data=True)
        if not rules.walkable({name: str(tags[name]) for name in rules.tags_read if name in tags})
    ]
    graph.remove_edges_from(closed)
    graph.remove_nodes_from([node for node, degree in graph.degree() if degree == 0])
    return graph


def _network(graph: Any, place: str, date: str, island_below_m: float) -> Network:  # noqa: ANN401 - as above
    collected = StreetCollector(walk_rules())
    for node, facts in graph.nodes(data=True):
        collected.add_node(str(node), float(facts["x"]), float(facts["y"]))
    for u, v, facts in graph.edges(data=True):
        texts = {key: str(value) for key, value in facts.items() if key != "geometry"}
        if "geometry" in facts:
            texts["geometry"] = shapely.to_wkt(facts["geometry"], rounding_precision=-1)
        collected.add_edge(str(u), str(v), texts)
    meta = walk_meta(f"OpenStreetMap ({place})", OSM_LICENCE, date, island_below_m)
    try:
        return build_network(collected.finish(), meta)
    except FileRefusedError as error:
        raise DownloadError("streets_download_empty", place=place) from error
