"""What stands beside the plan of a report, where it is asked for."""

from dataclasses import dataclass

from siting.plans.curve import Curve, Year
from siting.plans.why import PlanWhy


@dataclass(frozen=True)
class Beside:
    """Why the plan is as it is, the best plans of other sizes, and its roll-out.

    Attributes
    ----------
    why, curve
        None: not asked for.
    years
        Empty: not asked for.
    """

    why: PlanWhy | None = None
    curve: Curve | None = None
    years: tuple[Year, ...] = ()


NOTHING_BESIDE = Beside()
