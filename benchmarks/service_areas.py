"""Service areas against buffers and their union: same reached streets, same process, CPU time.

    WARM_STATION_DATA=FOLDER python -m benchmarks.service_areas [STATIONS]

The folder holds porto.osm.pbf. Ours is timed whole: search, pieces, field, outline, WGS-84. The
peer is given the reached lines in metres for nothing, and is timed for its buffers and union alone.
Recall: share of the reached street inside the area; false: share of the street inside that is not
reached. Areas must be valid. Figures are ratios: the machine's load moves both.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely

from geo.crs import LocalFrame
from geo.service_areas import bands, coverage_raster, reached_lines, service_area
from geo.streets import Attached, Network, attach, load_streets

CUTOFFS_M = (500.0, 1000.0)
LEG_M = 25.0
REPEATS = 3
ATTACHED = ("edge", "pos_mm", "leg_mm", "status")


def cpu_s(work: Callable[[], object]) -> float:
    """Return the least CPU seconds of a few runs."""
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def stations(net: Network, count: int) -> list[Attached]:
    """Return points up to 40 m from random junctions, those that are on a street."""
    rng = np.random.default_rng(0)
    nodes = rng.integers(0, net.nodes, 2 * count)
    shift = rng.uniform(-4e-4, 4e-4, (2, len(nodes)))
    lon, lat = net.node_lon[nodes] + shift[0], net.node_lat[nodes] + shift[1]
    made = [attach(net, x, y) for x, y in zip(lon, lat, strict=True)]
    return [site for site in made if site.ok.all()][:count]


def main() -> None:
    """Print one line per cut-off and method."""
    path = Path(os.environ["WARM_STATION_DATA"]) / "porto.osm.pbf"
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    net = load_streets(path)
    west, south, east, north = net.meta.bbox
    frame = LocalFrame((west + east) / 2, (south + north) / 2)

    def metric(geometry: np.ndarray) -> np.ndarray:
        return shapely.transform(geometry, lambda x: np.column_stack(frame.to_m(x[:, 0], x[:, 1])))

    owner = np.repeat(np.arange(net.edges), np.diff(net.geom_ptr))
    every = metric(
        shapely.linestrings(np.column_stack((net.geom_lon, net.geom_lat)), indices=owner)
    )
    tree = shapely.STRtree(every)
    sites = stations(net, count)
    print(f"{net}, {len(sites)} stations")
    for cutoff_m in CUTOFFS_M:

        def ours(cutoff_m: float = cutoff_m) -> list[object]:
            return [service_area(net, site, cutoff_m) for site in sites]

        lines = [metric(reached_lines(net, site, cutoff_m).line) for site in sites]

        def peer(lines: list[np.ndarray] = lines) -> list[object]:
            return [shapely.union_all(shapely.buffer(part, LEG_M)) for part in lines]

        def shares(areas: np.ndarray, lines: list[np.ndarray] = lines) -> tuple[float, float]:
            found = []
            for area, reached in zip(areas, lines, strict=True):
                near = every[tree.query(area)]
                held = shapely.length(shapely.intersection(reached, area)).sum()
                inside = shapely.length(shapely.intersection(near, area)).sum()
                found.append((held / shapely.length(reached).sum(), 1 - held / inside))
            recall, false = np.mean(found, axis=0)
            return float(recall), float(false)

        made = np.array(ours())
        assert shapely.is_valid(made).all()
        mine, theirs = (cpu_s(work) / len(sites) for work in (ours, peer))
        line_s = cpu_s(lambda c=cutoff_m: [reached_lines(net, site, c) for site in sites])
        for name, areas, seconds in (
            ("cost field", metric(made), mine),
            ("buffer + union", np.array(peer()), theirs),
        ):
            recall, false = shares(areas)
            vertices = shapely.get_num_coordinates(areas).mean()
            print(
                f"{cutoff_m:5.0f} m {name:15s} {seconds * 1e3:6.2f} ms  recall {recall:.4f}"
                f"  false {false:.3f}  {vertices:5.0f} vertices"
            )
        print(
            f"{cutoff_m:5.0f} m ratio {theirs / mine:.1f}x;"
            f" exact lines {line_s / len(sites) * 1e3:.2f} ms"
        )
    ends = (300.0, 500.0, 1000.0)
    band_s = cpu_s(lambda: [bands(net, site, ends) for site in sites]) / len(sites)
    print(f"bands {ends}: {band_s * 1e3:.1f} ms per station")
    many = stations(net, 1000)
    all_s = cpu_s(lambda: [service_area(net, site, 500.0) for site in many])
    together = Attached(
        *(np.concatenate([getattr(site, name) for site in many]) for name in ATTACHED)
    )
    raster_s = cpu_s(lambda: coverage_raster(net, together, 1000.0, cell_m=20.0))
    shape = coverage_raster(net, together, 1000.0, cell_m=20.0).values.shape
    print(f"1,000 areas at 500 m: {all_s:.2f} s")
    print(f"one raster of them at 1 km, {shape[0]} x {shape[1]} cells of 20 m: {raster_s:.2f} s")


if __name__ == "__main__":
    main()
