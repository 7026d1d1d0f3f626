"""What is in a network, counted."""

from dataclasses import dataclass

import numpy as np

from geo.streets.network import EdgeQuality, Network, NetworkMeta


@dataclass(frozen=True)
class NetworkSummary:
    """What the command line prints about a network; lengths in kilometres.

    Only streets that are open in one direction at least are counted.

    Attributes
    ----------
    nodes, edges, street_km
        Junctions and ends, pieces of street between them, and their length.
    through_nodes
        Nodes where exactly two streets meet and nothing ends: mostly the joints of two ways. They
        are kept, since the two may differ in name, class, source or direction.
    one_way_edges
        Open in one direction only.
    repaired_edges, added_edges
        Of `EdgeQuality` REPAIRED and ADDED.
    components, islands, island_km, largest_component_share
        Connected parts, the islands among them, their length, and the share of nodes in the part
        with the most of them.
    class_km
        Length per OSM `highway` value, longest first; "" where there is none.
    meta
        Where the network came from.
    """

    nodes: int
    edges: int
    street_km: float
    through_nodes: int
    one_way_edges: int
    repaired_edges: int
    added_edges: int
    components: int
    islands: int
    island_km: float
    largest_component_share: float
    class_km: dict[str, float]
    meta: NetworkMeta

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "nodes": self.nodes,
            "edges": self.edges,
            "street_km": round(self.street_km, 3),
            "through_nodes": self.through_nodes,
            "one_way_edges": self.one_way_edges,
            "repaired_edges": self.repaired_edges,
            "added_edges": self.added_edges,
            "components": self.components,
            "islands": self.islands,
            "island_km": round(self.island_km, 3),
            "island_below_m": self.meta.island_below_m,
            "largest_component_share": round(self.largest_component_share, 6),
            "class_km": {name: round(km, 3) for name, km in self.class_km.items()},
            "profile": self.meta.profile,
            "cost_unit": self.meta.cost_unit,
            "source": self.meta.source,
            "licence": self.meta.licence,
            "date": self.meta.date,
            "bbox": list(self.meta.bbox),
            "rules": self.meta.rules,
        }


def summary(net: Network) -> NetworkSummary:
    """Count what is in `net`; the share is of nodes, as in "largest component 98.9 %"."""
    is_open = net.edge_open
    u, v = net.edge_u[is_open], net.edge_v[is_open]
    degree = np.bincount(np.concatenate((u, v)), minlength=net.nodes)
    through = degree == 2
    through[u[u == v]] = False
    used = degree > 0
    km = np.where(is_open, net.edge_cost_mm, 0) / 1e6
    by_class = np.bincount(net.edge_class + 1, weights=km, minlength=len(net.classes) + 1)
    labels = ("", *net.classes)
    order = np.argsort(-by_class, kind="stable")
    one_way = (net.edge_forward >= 0) ^ (net.edge_backward >= 0)
    quality = np.bincount(net.edge_quality[is_open], minlength=len(EdgeQuality))
    real = net.component_mm > 0
    return NetworkSummary(
        nodes=int(used.sum()),
        edges=int(is_open.sum()),
        street_km=float(km.sum()),
        through_nodes=int(through.sum()),
        one_way_edges=int(one_way.sum()),
        repaired_edges=int(quality[EdgeQuality.REPAIRED]),
        added_edges=int(quality[EdgeQuality.ADDED]),
        components=int(real.sum()),
        islands=int((net.island & real).sum()),
        island_km=float(net.component_mm[net.island].sum() / 1e6),
        largest_component_share=float(np.bincount(net.node_component[used]).max() / used.sum()),
        class_km={labels[i]: float(by_class[i]) for i in order if by_class[i] > 0},
        meta=net.meta,
    )
