"""Where a station may be opened: at hosts that are known, and where none is.

settings   the figures of data/reference/candidates.toml
defaults   what is assumed of a kind of host until somebody confirms it (host_types.toml)
drafts     proposals before they are told apart
sources    at hosts, at the gates of large firms
fronts     along main streets, at a spacing
mobile     containers where outdoor work is hard and long, or scattered
same       one place only once: within 30 m, or by name
kinds      which kind of station suits a candidate, with cost, services, seats and the reason
spares     hosts nearby that could stand in, ranked
generate   the use case
"""

from siting.candidates.defaults import HostDefaults, evidence_only, host_defaults, lenders
from siting.candidates.drafts import ORIGINS, Origin
from siting.candidates.generate import Generated, generate
from siting.candidates.kinds import Recommendation, recommend
from siting.candidates.same import Dropped
from siting.candidates.settings import Settings, read_settings
from siting.candidates.spares import Spare, spare_hosts, spares_line

__all__ = [
    "ORIGINS",
    "Dropped",
    "Generated",
    "HostDefaults",
    "Origin",
    "Recommendation",
    "Settings",
    "Spare",
    "evidence_only",
    "generate",
    "host_defaults",
    "lenders",
    "read_settings",
    "recommend",
    "spare_hosts",
    "spares_line",
]
