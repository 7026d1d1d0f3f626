"""Loading streets against OSMnx: the same file, CPU time and peak memory of a process each.

    WARM_STATION_DATA=FOLDER python -m benchmarks.loading [FILE.osm.pbf]

The folder holds porto.osm.pbf. OSMnx reads XML only: the file is converted first, outside what is
measured, and OSMnx then does what its users do, `graph_from_xml` and `simplify_graph`. Each loader
runs in a fresh process; importing is measured apart. Linux only (VmHWM). Ratios are OSMnx / ours.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import osmium

OURS, MAPPED, OSMNX = "ours", "mapped", "osmnx"
KIB_PER_MIB = 1024


def convert(source: Path, target: Path) -> None:
    """Write the highways of an .osm.pbf, and their nodes, as OSM XML."""
    needed: set[int] = set()
    ways = osmium.FileProcessor(source).with_filter(osmium.filter.KeyFilter("highway"))
    for entry in ways:
        if isinstance(entry, osmium.osm.Way):
            needed.update(node.ref for node in entry.nodes)
    with osmium.SimpleWriter(target) as writer:
        for entry in osmium.FileProcessor(source):
            if isinstance(entry, osmium.osm.Node):
                if entry.id in needed:
                    writer.add_node(entry)
            elif isinstance(entry, osmium.osm.Way) and "highway" in entry.tags:
                writer.add_way(entry)


def peak_mib() -> float:
    """Return the most memory that this process had; `ru_maxrss` begins with its parent's."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / KIB_PER_MIB


def child(loader: str, path: str) -> None:
    """Load in this process and print what it cost."""
    start = time.process_time()
    if loader == OSMNX:
        import osmnx as ox  # noqa: PLC0415 - importing is measured

        imported = time.process_time()
        graph = ox.simplify_graph(ox.graph_from_xml(path, retain_all=True, simplify=False))
        size = (graph.number_of_nodes(), graph.number_of_edges())
    else:
        from geo.streets import load_streets, map_streets  # noqa: PLC0415 - importing is measured

        imported = time.process_time()
        net = load_streets(path) if loader == OURS else map_streets(path, check=False)
        size = (net.nodes, net.edges)
    cost = {
        "import_s": imported - start,
        "load_s": time.process_time() - imported,
        "peak_mib": peak_mib(),
        "size": size,
    }
    print(json.dumps(cost))


def measured(loader: str, path: Path) -> dict[str, float]:
    """Return what a loader costs in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.loading", "--child", loader, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ourselves
    told: dict[str, float] = json.loads(done.stdout)
    print(
        f"{loader:7} import {told['import_s']:5.2f} s, load {told['load_s']:6.2f} s CPU,"
        f" peak {told['peak_mib']:6.0f} MiB, nodes and edges {told['size']}"
    )
    return told


def main() -> None:
    """Print what each loader costs, and the ratios."""
    from geo.streets import load_streets, save_network  # noqa: PLC0415 - not in the children

    source = (
        Path(sys.argv[1])
        if len(sys.argv) > 1
        else Path(os.environ["WARM_STATION_DATA"]) / "porto.osm.pbf"
    )
    with tempfile.TemporaryDirectory() as folder:
        xml, own = Path(folder) / "streets.osm", Path(folder) / "streets.wsn"
        convert(source, xml)
        save_network(load_streets(source), own)
        ours = measured(OURS, source)
        measured(OURS, xml)
        measured(OURS, own)
        measured(MAPPED, own)
        theirs = measured(OSMNX, xml)
    print(
        f"OSMnx / ours: CPU {theirs['load_s'] / ours['load_s']:.0f}x,"
        f" memory {theirs['peak_mib'] / ours['peak_mib']:.1f}x"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        main()
