"""The walkable network: loaders, one file format, attaching points to streets.

network     the frozen arrays, names and lines of edges; inventory: what they sum up to
rules       which ways are walkable (data/reference/walk_rules.toml); ride: by e-bike; profiles
ways        OSM ways -> edges between junctions
build       edges -> network: lengths, order in memory, components
load        files of every kind, told apart by content
lines       plain lines, their topology repaired
osm         .osm.pbf and OSM XML
graphml     networks saved by OSMnx; graphml_out: for OSMnx to read
storage     our own file
changes     closed streets and added paths, without loading again
download    from OpenStreetMap by the name of a place
costs       of access legs and parts of edges, in the unit of the profile
attachment  points -> exact positions on edges; snap finds the nearest piece of street, near all
density     how much street there is around a place
compiled    numba, or not
"""

from geo.streets.attachment import Attached, AttachStatus, attach, attached
from geo.streets.changes import add_path, close_edges
from geo.streets.costs import EndCosts, end_costs, leg_costs
from geo.streets.density import street_density
from geo.streets.graphml_out import save_graphml
from geo.streets.inventory import NetworkSummary, summary
from geo.streets.lines import Line, LineRepair, network_from_lines
from geo.streets.load import load_streets
from geo.streets.network import (
    EdgeQuality,
    Network,
    NetworkMeta,
    StreetLine,
    iter_street_lines,
    street_classes,
    street_names,
)
from geo.streets.rules import Profile
from geo.streets.storage import map_streets, network_sha256, save_network
from geo.streets.ways import Way, network_from_ways

__all__ = [
    "AttachStatus",
    "Attached",
    "EdgeQuality",
    "EndCosts",
    "Line",
    "LineRepair",
    "Network",
    "NetworkMeta",
    "NetworkSummary",
    "Profile",
    "StreetLine",
    "Way",
    "add_path",
    "attach",
    "attached",
    "close_edges",
    "end_costs",
    "iter_street_lines",
    "leg_costs",
    "load_streets",
    "map_streets",
    "network_from_lines",
    "network_from_ways",
    "network_sha256",
    "save_graphml",
    "save_network",
    "street_classes",
    "street_density",
    "street_names",
    "summary",
]
