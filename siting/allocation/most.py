"""What answers share where the most is sought: a bound that rounding has not made too small."""

from siting.allocation.bound import EXACT
from siting.allocation.solve import BOUND_MARGIN
from siting.results import Status


def settled(
    after: float, bound: float, everything: float, *, near: float = EXACT
) -> tuple[float, Status]:
    """Return the bound as it may be claimed, and what is proved with it.

    Parameters
    ----------
    after
        What the plan is worth, recomputed.
    bound
        As computed in floating point.
    everything
        No plan can be worth more.
    near
        Share of the bound: a plan this near is near enough.
    """
    if bound - after <= EXACT * abs(bound):
        return after, "optimal"
    safe = max(min(bound * (1 + BOUND_MARGIN), everything), after)
    if after >= safe:
        return safe, "optimal"
    return safe, "within_gap" if safe - after <= near * safe else "time_limit"
