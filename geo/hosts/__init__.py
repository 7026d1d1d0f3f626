"""Hosts out of OpenStreetMap: which places may lend a corner, and where each of them stands.

tags     which tags mean which kind of host (data/reference/host_tags.toml), validated
places   places of an OSM file that the rules take, with the outlines of areas; pyosmium
placing  areas -> points: their door, else their street side
extract  the use case: an OSM file -> the table `hosts`, in a process of its own
"""

from geo.hosts.extract import HostsFound, extract_hosts
from geo.hosts.tags import HostRule, HostRules, host_rules, parse_host_rules

__all__ = [
    "HostRule",
    "HostRules",
    "HostsFound",
    "extract_hosts",
    "host_rules",
    "parse_host_rules",
]
