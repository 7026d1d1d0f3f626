"""Candidates at hosts that are known, and at the gates of large firms."""

import pandas as pd

from geo.streets import Network, attach
from siting.candidates.defaults import lenders
from siting.candidates.drafts import Collector, Drafts, places_of
from siting.candidates.nearness import Places, any_within
from siting.candidates.settings import Settings
from siting.candidates.street_spots import spots_of

_HOST_FACTS = (
    *("name", "lon", "lat", "town", "host_type", "hours", "address", "position_state"),
    *("consent", "consent_until", "contact_name", "contact_phone"),
)
_FIRM_FACTS = ("name", "town", "address", "position_state", "contact_name", "contact_phone")


def at_hosts(hosts: pd.DataFrame) -> Drafts:
    """Return a candidate at every host that may lend a corner and has not declined.

    What is known of the host comes along.
    """
    found = Collector("host")
    for host in lenders(hosts[hosts["consent"] != "declined"]).to_dict("records"):
        known = {name: host[name] for name in _HOST_FACTS}
        found.add({**known, "id": f"host-{host['id']}", "host": host["id"]})
    return found.drafts()


def at_gates(
    enterprises: pd.DataFrame,
    taken: Places,
    streets: Network | None,
    settings: Settings,
    cap_m: float,
) -> Drafts:
    """Return a candidate at the gate of every large firm that has no station yet.

    The gate is the spot of the street nearest to the firm's position, if one is within `cap_m`
    metres; where the workers' way has been surveyed (`path_on_way`), it is the position itself.

    Parameters
    ----------
    taken
        Positions of stations.
    """
    workers = enterprises["workers"].to_numpy(dtype=float, na_value=0.0)
    served = any_within(places_of(enterprises), taken, settings.gate_station_within_m)
    firms = enterprises[(workers >= settings.gate_least_workers) & ~served].reset_index(drop=True)
    lon, lat = (part.copy() for part in places_of(firms))
    surveyed = firms["path_on_way"].fillna(value=False).to_numpy(dtype=bool)
    if streets is not None and len(firms):
        spots = attach(streets, lon, lat, cap_m=cap_m)
        moved = spots.ok & ~surveyed
        lon[moved], lat[moved] = spots_of(streets, spots.edge[moved], spots.pos_mm[moved])
    found = Collector("gate")
    for firm, x, y in zip(firms.to_dict("records"), lon.tolist(), lat.tolist(), strict=True):
        known = {name: firm[name] for name in _FIRM_FACTS}
        at = {"lon": round(x, 7), "lat": round(y, 7)}
        place = {**at, "kind": "enterprise", "host_type": "enterprise"}
        found.add({**known, **place, "id": f"gate-{firm['id']}"}, workers=int(firm["workers"]))
    return found.drafts()
