"""The profiles of travel by name."""

from collections.abc import Mapping

from geo.streets.ride import ride_rules
from geo.streets.rules import Profile, TravelRules, walk_rules


def travel_rules(profile: Profile) -> TravelRules:
    """Return the rules of a profile.

    Raises
    ------
    ValueError
        There is no such profile.
    """
    rules: Mapping[str, TravelRules] = {"walk": walk_rules(), "ebike": ride_rules()}
    if profile not in rules:
        msg = f"profile {profile!r} is none of {', '.join(rules)}"
        raise ValueError(msg)
    return rules[profile]
