"""Why a plan is as it is: of each site what it wins and what could stand there; the prices."""

from dataclasses import dataclass
from typing import Literal

from siting.plan_results import Unit
from siting.plans.pricing import Price
from siting.results import plain

GroundKind = Literal[
    "require",
    "forbid",
    "quota",
    "floor",
    "spacing",
    "budget",
    "filter",
    "ruled_out",
    "points",
    "need",
    "unproved",
]
"""What kept a candidate out of the place of a site."""


@dataclass(frozen=True)
class Part:
    """Workers newly covered in one unit, group or window; `name` "" is outside all of them."""

    name: str
    workers: float

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {"name": self.name, "workers": plain(self.workers)}


@dataclass(frozen=True)
class Ground:
    """What kept a candidate out of a site's place.

    Attributes
    ----------
    name
        Which quota, floor, criterion or site: as the tables and rules have it.
    zh, en
        The same as people say it.
    """

    kind: GroundKind
    name: str = ""
    zh: str = ""
    en: str = ""


@dataclass(frozen=True)
class Rival:
    """A candidate in the place of a site, all other sites of the plan as they are.

    Attributes
    ----------
    name
        As people call it; its id where that names nobody, or several.
    better_by
        By how much the plan would be better with it, in the unit of its goal (plans for coverage:
        average present workers more); below 0: worse.
    points
        How many more rule points it has; None: the plan is made without rules.
    grounds
        What keeps it out; empty: nothing does.
    short
        By how many workers such a plan would miss its target; None: there is none.
    """

    id: str
    name: str
    better_by: float
    points: float | None
    grounds: tuple[Ground, ...] = ()
    short: float | None = None

    def as_dict(self, unit: Unit = "workers") -> dict[str, object]:
        """Return the command line's JSON; what is of workers is named after them."""
        short = {} if self.short is None else {"workers_short": plain(self.short)}
        return {
            "id": self.id,
            "workers" if unit == "workers" else "better_by": plain(self.better_by),
            **short,
            "points": None if self.points is None else plain(self.points),
            "grounds": [{"kind": item.kind, "name": item.name} for item in self.grounds],
        }


@dataclass(frozen=True)
class SiteWhy:
    """Why one site is in a plan, in the unit of its goal: what is better by it.

    For coverage and the goals that weigh workers that is average present workers (heads without
    windows); for short walks metres. A plan for a share of the workers with the least is told in
    workers covered.

    Attributes
    ----------
    alone
        What it would add to the existing stations if it alone were opened; None: the figure does
        not add up from site to site (the longest walk).
    gained
        What it adds in the plan's order, to all sites before it; None as above. Towns and groups
        sum to it where it is workers.
    lost
        What the plan would lose without it; for coverage whom it alone reaches. None: without it
        there is no figure, as somebody has no station to walk to.
    towns, groups
        Of `gained`, the most first; for walks the workers whose way it shortens, beside the sites
        before it. Empty for seats: who of those in reach sits is not the site's doing.
    windows
        Of `gained`, each in the heads present in it: these are never summed.
    runner_up
        The best of the candidates that may stand in its place, were it not asked for itself; None:
        none would add anybody.
    better
        The candidate that would cover the most in its place, where that is more than the site
        does, and what keeps it out; None: by workers alone there is no better one.
    needs
        Records of stated need that decided with the workers: those that it adds to all sites
        before it.
    goal
        What the plan seeks, as the command line names it.
    unit
        Of these figures.
    without
        The plan's own figure without the site; None: there is none, or it is coverage.
    short
        By how many workers the plan would miss its target without it; None: it has none.
    """

    id: str
    name: str
    order: int
    alone: float | None
    gained: float | None
    lost: float | None
    towns: tuple[Part, ...]
    groups: tuple[Part, ...]
    windows: tuple[Part, ...]
    runner_up: Rival | None
    better: Rival | None
    needs: float = 0.0
    goal: str = "coverage"
    unit: Unit = "workers"
    without: float | None = None
    short: float | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON; figures are named after their unit."""
        parts = {
            "towns": [part.as_dict() for part in self.towns],
            "groups": [part.as_dict() for part in self.groups],
            "windows": [part.as_dict() for part in self.windows],
        }
        return {
            "id": self.id,
            "order": self.order,
            **self._figures(),
            "needs_gained": plain(self.needs),
            **parts,
            "runner_up": self._told(self.runner_up),
            "better": self._told(self.better),
        }

    def _told(self, rival: Rival | None) -> dict[str, object] | None:
        return None if rival is None else rival.as_dict(self.unit)

    def _figures(self) -> dict[str, object]:
        own = {name: getattr(self, name) for name in ("alone", "gained", "lost")}
        found: dict[str, object] = {f"{self.unit}_{name}": _plain(one) for name, one in own.items()}
        if self.goal != "coverage":
            more = {"unit": self.unit, "without": _plain(self.without)}
            found |= {"goal": self.goal, **more, "workers_short": _plain(self.short)}
        return found


def _plain(value: float | None) -> float | None:
    return None if value is None else plain(value)


@dataclass(frozen=True)
class PlanWhy:
    """Of each site why it is there, and what each wish, rule and limit costs the plan."""

    sites: tuple[SiteWhy, ...]
    prices: tuple[Price, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "sites": [site.as_dict() for site in self.sites],
            "prices": [price.as_dict() for price in self.prices],
        }
