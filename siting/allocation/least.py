"""What answers share where the least is sought: how near the bound is, and what is proved."""

from siting.results import Status


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
