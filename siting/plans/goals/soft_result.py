"""Plans for softer goals than being within the cut-off, frozen: by distance, second station, seats.

Each has a figure of its own, in average present workers, under a name of its own: it is never
called coverage. Coverage (nominal) stands beside it.
"""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

from siting.plan_results import ForGoal, NeedServed, OwnGoal, SelectedSite, gap_of
from siting.results import Measure, Method, Status, Stopped, Unattached, plain
from words import Lang


@dataclass(frozen=True)
class SoftSite(SelectedSite):
    """One site; `counted_gained` is marginal, in the plan's own figure."""

    counted_gained: float


@dataclass(frozen=True, eq=False, kw_only=True)
class SoftPlan(ForGoal):
    """A plan with its proof, in its own figure.

    Attributes
    ----------
    selected
        The most gained first.
    counted_before, counted_after
        The plan's own figure, average present workers (heads without windows).
    counted_bound
        No plan within the limits has more; >= `counted_after`.
    workers_total, workers_covered_before, workers_covered_after
        Average present workers, within the cut-off (nominal): beside the figure.
    status
        As of every plan.
    remark_zh, remark_en
        What is to be said of the plan as a whole.
    stated_need
        Requests that decided with the workers, by the rules; None: none did.
    """

    FIGURE: ClassVar[str]
    """What the figure is called in JSON."""

    selected: tuple[SoftSite, ...]
    counted_before: float
    counted_after: float
    counted_bound: float
    workers_total: float
    workers_covered_before: float
    workers_covered_after: float
    status: Status
    seconds: float
    method: Method
    measure: Measure
    rules: str | None
    parameters: Mapping[str, object]
    unattached_candidates: Mapping[str, Unattached]
    remark_zh: str = ""
    remark_en: str = ""
    stopped: Stopped | None = None
    stated_need: NeedServed | None = None

    @property
    def goal(self) -> OwnGoal:
        """Its own figure."""
        return OwnGoal(
            objective=str(self.parameters["objective"]),
            unit="workers",
            before=self.counted_before,
            after=self.counted_after,
            bound=self.counted_bound,
            gap=self.gap,
        )

    @property
    def gap(self) -> float:
        """(bound - after) / bound; 0 where nothing counts."""
        return gap_of(self.counted_after, self.counted_bound)

    @property
    def gap_on_gain(self) -> float:
        """The same gap on what the new stations add."""
        return gap_of(self.counted_after, self.counted_bound, self.counted_before)

    @abstractmethod
    def own(self) -> dict[str, object]:
        """Return the JSON keys that only this goal has."""

    def as_dict(self, lang: Lang) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            **self.answered(lang),
            "stated_need": None if self.stated_need is None else self.stated_need.as_dict(),
            "selected": [self._site(site, lang) for site in self.selected],
            f"{self.FIGURE}_before": plain(self.counted_before),
            f"{self.FIGURE}_after": plain(self.counted_after),
            f"{self.FIGURE}_bound": plain(self.counted_bound),
            "workers_total": plain(self.workers_total),
            "workers_covered_before": plain(self.workers_covered_before),
            "workers_covered_after": plain(self.workers_covered_after),
            "gap": self.gap,
            "gap_on_gain": self.gap_on_gain,
            **self.own(),
        }

    def _site(self, site: SoftSite, lang: Lang) -> dict[str, object]:
        gained = plain(site.counted_gained)
        return {**site.as_dict(lang), f"{self.FIGURE}_gained": gained}


@dataclass(frozen=True)
class BandRow:
    """Whoever's nearest open station lies in one band; `within_m` None: beyond the last.

    Attributes
    ----------
    within_m
        Metres, inclusive.
    worth
        What one of them counts, 0..1.
    workers_before, workers_after
        Average present workers.
    """

    within_m: float | None
    worth: float
    workers_before: float
    workers_after: float

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "within_m": None if self.within_m is None else plain(self.within_m),
            "worth": self.worth,
            "workers_before": plain(self.workers_before),
            "workers_after": plain(self.workers_after),
        }


@dataclass(frozen=True, eq=False, kw_only=True)
class GradualProposal(SoftPlan):
    """Workers weighed by the way to their nearest open station; `bands` from near to far."""

    FIGURE: ClassVar[str] = "distance_weighted_workers"

    bands: tuple[BandRow, ...]

    def own(self) -> dict[str, object]:
        """Return the bands."""
        return {"bands": [band.as_dict() for band in self.bands]}


@dataclass(frozen=True, eq=False, kw_only=True)
class BackupProposal(SoftPlan):
    """Workers with one station within the cut-off count in part, those with two in full.

    Attributes
    ----------
    second_share
        What the second station counts, 0..1/2.
    workers_twice_before, workers_twice_after
        Average present workers with at least two.
    """

    FIGURE: ClassVar[str] = "backup_weighted_workers"

    second_share: float
    workers_twice_before: float
    workers_twice_after: float

    def own(self) -> dict[str, object]:
        """Return who has two stations."""
        return {
            "second_share": self.second_share,
            "workers_covered_twice_before": plain(self.workers_twice_before),
            "workers_covered_twice_after": plain(self.workers_twice_after),
        }


@dataclass(frozen=True)
class StationSeats:
    """One open station of the plan.

    Attributes
    ----------
    id
        Of the station or candidate.
    new
        Whether the plan opens it.
    seats
        At one time.
    assumed
        The record gives none: the fewest that its kind usually has.
    hours_known
        Whether it is known when it is open; if not, it counts as always open.
    open_seats
        Window -> seats times the share of the window that it is open.
    used
        Window -> of these, in use at one time.
    """

    id: str
    new: bool
    seats: int
    assumed: bool
    hours_known: bool
    open_seats: Mapping[str, float]
    used: Mapping[str, float]

    @property
    def full(self) -> tuple[str, ...]:
        """Windows in which every seat is taken."""
        there = self.open_seats.items()
        return tuple(name for name, seats in there if 0 < seats <= self.used[name] + _ALMOST)

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        used = {name: plain(seats) for name, seats in self.used.items()}
        there = {name: plain(seats) for name, seats in self.open_seats.items()}
        return {**asdict(self), "open_seats": there, "used": used, "full": list(self.full)}


_ALMOST = 5e-3
"""Of a seat: seats in use come from whole thousandths of workers."""


@dataclass(frozen=True)
class WindowSeats:
    """One window: heads present, with a seat, without one though in reach, and out of reach."""

    window: str
    workers: float
    seated_before: float
    seated: float
    standing: float
    out_of_reach: float

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            name: value if isinstance(value, str) else plain(value)
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True)
class Standing:
    """Who finds no seat at one demand point, average present workers; `in_reach`: of a station."""

    id: str
    workers: float
    in_reach: bool

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {**asdict(self), "workers": plain(self.workers)}


@dataclass(frozen=True, eq=False, kw_only=True)
class CapacityProposal(SoftPlan):
    """Workers with a seat: as many as can be in every window.

    Attributes
    ----------
    at_once
        Share of the workers present that sits down at one time: an assumption.
    stations
        Existing ones that count, then the plan's.
    windows
        In the order of the list.
    standing
        The most workers first.
    """

    FIGURE: ClassVar[str] = "workers_with_seat"

    at_once: float
    stations: tuple[StationSeats, ...]
    windows: tuple[WindowSeats, ...]
    standing: tuple[Standing, ...]

    def own(self) -> dict[str, object]:
        """Return seats by station and window, and who has none."""
        return {
            "at_once": self.at_once,
            "seats": [station.as_dict() for station in self.stations],
            "windows": [row.as_dict() for row in self.windows],
            "without_seat": [point.as_dict() for point in self.standing],
        }
