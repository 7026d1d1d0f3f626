"""Recompute what `streets`, `catchments` and `service-area` said of a real city, by other means.

    check_city.py OSM_PBF NETWORK DEMAND_CSV STATIONS_CSV CANDIDATES_CSV FOLDER

FOLDER holds streets.json, catchments.json, matrix.parquet, areas.json and areas.gpkg. Lengths come
from the raw OSM ways, nearest streets from shapely, costs from networkx on a graph split at every
point, all in metres of floating point: nothing of the product but its arrays and its walk rules.
"""

import csv
import json
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import osmium
import pandas as pd
import pyogrio
import shapely
from pyproj import Geod

from geo.streets import Network, load_streets
from geo.streets.rules import walk_rules

CUTOFF_M, CAP_M, ISLAND_BELOW_M, MAX_LEG_M, CELL_M = 1000.0, 200.0, 2000.0, 25.0, 10.0
NEAR_M = 0.02
"""Floating point in a plane per point against whole millimetres on the ellipsoid."""

STREET_OFF_M = 0.5
"""Of tens of kilometres: some thousand ends of reached pieces, each within `NEAR_M`."""

GEOD = Geod(ellps="WGS84")


def plane(lat: float) -> np.ndarray:
    """Return the metres of a degree of longitude and of latitude."""
    return (
        np.array([GEOD.inv(0, lat, 0.01, lat)[2], GEOD.inv(0, lat - 0.005, 0, lat + 0.005)[2]])
        * 100
    )


class City:
    """A network's arrays as lines and as a graph."""

    def __init__(self, net: Network) -> None:
        self.net = net
        parts = pairwise(net.geom_ptr.tolist())
        self.lines = [np.column_stack((net.geom_lon[a:b], net.geom_lat[a:b])) for a, b in parts]
        self.length_m = np.array([GEOD.line_length(*line.T) for line in self.lines])
        plain = nx.MultiGraph()
        ends = zip(net.edge_u.tolist(), net.edge_v.tolist(), self.length_m.tolist(), strict=True)
        plain.add_weighted_edges_from(ends, weight="m")
        self.parts = list(nx.connected_components(plain))
        self.part_m = [
            sum(m for _, _, m in plain.subgraph(part).edges(data="m")) for part in self.parts
        ]
        most = max(self.part_m)
        self.islands = [
            part
            for part, m in zip(self.parts, self.part_m, strict=True)
            if m < min(ISLAND_BELOW_M, most)
        ]
        cut_off = set().union(*self.islands)
        self.live = [i for i, u in enumerate(net.edge_u.tolist()) if u not in cut_off]
        self.scale = plane(float(net.node_lat.mean()))
        self.tree = shapely.STRtree(
            [shapely.LineString(self.lines[i] * self.scale) for i in self.live]
        )

    def attach(self, lon: float, lat: float) -> tuple[int, float, float] | None:
        """Return edge, metres along it and access leg of the nearest place on a street."""
        here = shapely.Point(np.array([lon, lat]) * self.scale)
        _, near_m = self.tree.query_nearest(here, return_distance=True, all_matches=False)
        # One plane is good enough to tell which streets are near; the point's own decides.
        some = self.tree.query(here, "dwithin", distance=1.01 * float(near_m[0]) + 1.0)
        scale = plane(lat)
        here = shapely.Point(np.array([lon, lat]) * scale)
        streets = {int(k): shapely.LineString(self.lines[self.live[k]] * scale) for k in some}
        found = min(streets, key=lambda k: shapely.distance(streets[k], here))
        along = shapely.line_locate_point(streets[found], here)
        foot = np.asarray(shapely.line_interpolate_point(streets[found], along).coords[0]) / scale
        leg_m = GEOD.inv(lon, lat, *foot)[2]
        if leg_m > CAP_M:
            return None
        edge = self.live[found]
        corners = shapely.get_coordinates(streets[found])
        steps = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))))
        line = np.vstack((self.lines[edge][steps < along], foot))
        return edge, min(GEOD.line_length(*line.T), float(self.length_m[edge])), leg_m

    def split(self, points: dict[Any, tuple[int, float, float] | None]) -> nx.MultiGraph:
        """Return the graph with every point on its leg, every street cut where legs arrive."""
        graph, stops = nx.MultiGraph(), defaultdict(list)
        for name, place in points.items():
            if place is not None:
                edge, at_m, leg_m = place
                stops[edge].append((at_m, ("on", name)))
                graph.add_edge(name, ("on", name), m=leg_m, street=False)
        ends = zip(self.net.edge_u.tolist(), self.net.edge_v.tolist(), strict=True)
        for edge, (u, v) in enumerate(ends):
            inner = sorted(stops[edge], key=lambda stop: stop[0])
            whole = [(0.0, u), *inner, (float(self.length_m[edge]), v)]
            for (low, a), (high, b) in pairwise(whole):
                graph.add_edge(a, b, m=high - low, street=True)
        return graph


def check(holds: object, what: str) -> None:
    """Leave with what does not hold."""
    if not holds:
        sys.exit(f"check_city: {what}")
    print("  ", what)


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def street_km(pbf: Path) -> float:
    """Return the length of all walkable ways, from the raw file."""
    rules, total = walk_rules(), 0.0
    way: Any
    for way in osmium.FileProcessor(pbf).with_locations():
        tags = dict(way.tags) if way.is_way() else {}
        if "highway" not in tags or rules.speeds_kmh(tags) is None:
            continue
        places = [(n.lon, n.lat) for n in way.nodes if n.location.valid()]
        total += GEOD.line_length(*np.array(places).T) if len(places) > 1 else 0.0
    return total / 1000


def check_streets(city: City, said: dict[str, Any], pbf: Path) -> None:
    """Look at what `streets` counted."""
    raw = street_km(pbf)
    check(
        abs(said["street_km"] / raw - 1) < 1e-4, f"{said['street_km']} km of street, raw {raw:.3f}"
    )
    check(said["components"] == len(city.parts), f"{len(city.parts)} components")
    check(said["islands"] == len(city.islands), f"{len(city.islands)} islands")


def check_catchments(
    city: City, said: dict[str, Any], matrix: pd.DataFrame, points: dict[str, dict[str, Any]]
) -> nx.MultiGraph:
    """Look at every pair of every station; return the graph that answered."""
    places = {
        (kind, name): city.attach(float(row["lon"]), float(row["lat"]))
        for kind, table in points.items()
        for name, row in table.items()
    }
    off = {name for (kind, name), place in places.items() if kind == "demand" and place is None}
    check(off == set(said["unsnapped_demand"]), f"{len(off)} demand points off the streets")
    graph = city.split(places)
    ours = dict(
        zip(zip(matrix["site_id"], matrix["demand_id"], strict=True), matrix["cost_m"], strict=True)
    )
    theirs: dict[tuple[str, str], float] = {}
    for kind, site in places:
        if kind == "site" and (kind, site) in graph:
            reached = nx.single_source_dijkstra_path_length(
                graph, (kind, site), cutoff=CUTOFF_M + NEAR_M, weight="m"
            )
            theirs |= {
                (site, node[1]): m
                for node, m in reached.items()
                if isinstance(node, tuple) and node[0] == "demand"
            }
    sure = {pair for pair, m in theirs.items() if m <= CUTOFF_M - NEAR_M}
    check(sure <= set(ours) <= set(theirs), f"{len(ours)} pairs, {len(sure)} sure by networkx")
    worst = max(abs(m - theirs[pair]) for pair, m in ours.items())
    check(worst <= NEAR_M, f"costs within {worst * 1000:.1f} mm")
    check(said["entries"] == len(matrix) == len(ours) > 1000, "as many rows as said")
    return graph


def check_areas(
    graph: nx.MultiGraph, said: dict[str, Any], file: Path, demand: dict[str, Any], city: City
) -> None:
    """Look at the reached street and the outline of every site."""
    layers = {name: pyogrio.read_dataframe(file, layer=name) for name in said["layers"]}  # noqa: TID251
    areas, bands = layers["service_areas"].set_index("id"), layers["bands"]
    lines = layers["reached_streets"].groupby("id")["length_m"].sum()
    check(
        abs(areas["street_km"].sum() - said["street_km"]) < 1e-3, f"{said['street_km']} km reached"
    )
    places = {name: city.attach(*point_of(row).coords[0]) for name, row in demand.items()}
    inside, wanted, worst = 0, 0, 0.0
    for site, area in areas.iterrows():
        cost = nx.single_source_dijkstra_path_length(
            graph, ("site", site), cutoff=CUTOFF_M, weight="m"
        )
        worst = max(worst, abs(reached_m(graph, cost) - lines[site]))
        worst = max(worst, abs(area["street_km"] * 1000 - lines[site]))
        of_bands = bands.loc[bands["id"] == site, "area_km2"].sum()
        if abs(of_bands - area["area_km2"]) > 1e-3 * area["area_km2"]:
            sys.exit(f"check_city: {site}: bands have {of_bands} km2, the area {area['area_km2']}")
        for name, place in places.items():
            near = place is not None and place[2] <= MAX_LEG_M - CELL_M
            if near and cost.get(("demand", name), CUTOFF_M) <= CUTOFF_M - CELL_M:
                wanted += 1
                inside += area["geometry"].contains(point_of(demand[name]))
    check(worst < STREET_OFF_M, f"{len(areas)} sites, street within {worst:.2f} m of networkx")
    check(inside == wanted > 50, f"{inside} of {wanted} reached demand points lie inside")


def reached_m(graph: nx.MultiGraph, cost: dict[Any, float]) -> float:
    """Return the street within the cut-off: from each end of a piece what is left there."""
    total = 0.0
    for a, b, piece in graph.edges(cost, data=True):
        if piece["street"]:
            total += min(piece["m"], sum(CUTOFF_M - cost[end] for end in (a, b) if end in cost))
    return total


def point_of(row: dict[str, str]) -> shapely.Point:
    """Return where a row is."""
    return shapely.Point(float(row["lon"]), float(row["lat"]))


def main() -> None:
    """Look at everything."""
    pbf, network, demand_csv, stations_csv, candidates_csv, folder = map(Path, sys.argv[1:])
    read = {
        name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("streets", "catchments", "areas")
    }
    city = City(load_streets(network))
    check_streets(city, read["streets"], pbf)
    matrix = pd.read_parquet(folder / "matrix.parquet")
    demand = {row["id"]: row for row in rows_of(demand_csv)}
    tables = (stations_csv, candidates_csv)
    sites = {row["id"]: row for table in tables for row in rows_of(table)}
    graph = check_catchments(city, read["catchments"], matrix, {"site": sites, "demand": demand})
    check_areas(graph, read["areas"], folder / "areas.gpkg", demand, city)


if __name__ == "__main__":
    main()
