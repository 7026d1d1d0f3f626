"""What answers share where the least is sought: how near the bound is, and what is proved."""

import time
from collections.abc import Callable
from typing import Final

from siting.results import Status

TOLD_EVERY_S: Final = 0.5
"""Whoever watches a search is told of the first plan, then so often at most."""

Told = Callable[[tuple[int, ...], float], None]
"""Told of a better plan (candidates), or a better bound with the plan there is."""


class Least:
    """A value that is the smaller the better, and a bound below every plan's.

    Attributes
    ----------
    value
        Of the plan.
    bound
        No plan has less; <= `value`.
    """

    value: float
    bound: float

    @property
    def gap(self) -> float:
        """Share of `value` by which a better plan might be better."""
        return (self.value - self.bound) / self.value if self.value else 0.0


def least_status(value: float, bound: float, gap: float) -> Status:
    """Return what is proved of a value with a bound, where a share `gap` of it is near enough."""
    if value <= bound:
        return "optimal"
    return "within_gap" if value - bound <= gap * value else "time_limit"


def now_and_then(tell: Told | None) -> Told:
    """Return what tells so seldom that it costs little; nothing where nobody watches."""
    due = -TOLD_EVERY_S

    def told(sites: tuple[int, ...], bound: float) -> None:
        nonlocal due
        if tell is not None and time.monotonic() >= due:
            tell(sites, bound)
            due = time.monotonic() + TOLD_EVERY_S

    return told
