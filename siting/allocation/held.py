"""Any search in a process of its own, with a hard limit on time and memory: what it told stands.

The process is killed at its time limit, when it needs too much memory, when it dies, or when
whoever asked has seen enough; then the last answer that it told on the way stands. Where it told
none yet, the search is asked for what it has at once, without any time to better it.

Every search has one form: `search(*asked, time_limit_s=..., watch=..., **settings)` returns an
answer and hands `watch` answers of the same kind on the way, each as good as is known then.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Generic, TypeVar

import jobs
from geo.errors import InfeasibleError
from jobs import LimitReached
from siting.results import Stopped

MEMORY_BYTES: Final = 4 * 2**30
"""Address space of the process; an idle one has half a gigabyte, a nation's plan needs two more."""

NONE_IN_TIME: Final = "siting_plan_none_in_time"
"""Code of the error where a search was ended before it had a plan: no proof that there is none."""

LOOK_S: Final = 0.2
"""Seconds between two looks at a search that somebody watches."""

STOPPED_BY: Final[dict[str, Stopped]] = {
    "time": "time",
    "cpu": "time",
    "memory": "memory",
    "crash": "crash",
    "cancelled": "cancelled",
}

_KEPT_BACK_S, _KEPT_BACK_SHARE = 1.0, 0.2
"""Of the time limit, for starting a process and for ending it by itself."""

_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Glance:
    """What whoever watches a search is shown.

    Attributes
    ----------
    seconds
        Wall clock since the search began.
    gap
        Share by which the best answer so far can be off, at most; None: not known.
    """

    seconds: float
    gap: float | None


Watch = Callable[[Glance], bool]
"""Shown a search several times a second; the search is stopped once it returns False."""


class Held(Generic[_Answer]):
    """A search under way in its process; made by `hold`. One thread at a time may look at it.

    Attributes
    ----------
    stopped
        By what the search was ended, once `answer` was asked for; None: by itself.
    """

    def __init__(
        self,
        search: Callable[..., _Answer],
        asked: tuple[object, ...],
        settings: dict[str, Any],
        *,
        time_limit_s: float,
        memory_bytes: int | None,
    ) -> None:
        """Begin the search; parameters as for `hold`."""
        self._search, self._asked, self._settings = search, asked, settings
        self._begun = time.monotonic()
        self._job: jobs.Job[_Answer] = jobs.start(
            _searched,
            *(search, asked, {**settings, "time_limit_s": time_to_search(time_limit_s)}),
            wall_s=time_limit_s,
            memory_bytes=memory_bytes,
        )
        self.stopped: Stopped | None = None

    @property
    def told(self) -> _Answer | None:
        """The last answer told; None: none yet."""
        return self._job.told  # type: ignore[return-value]  # what the search reports

    def glance(self) -> Glance:
        """Return what whoever watches is shown."""
        return Glance(time.monotonic() - self._begun, getattr(self.told, "gap", None))

    def over(self, wait_s: float = 0.0) -> bool:
        """Tell whether the search has ended, waiting at most so long for its end."""
        return self._job.over(wait_s)

    def stop(self) -> None:
        """End the search; what it told stays."""
        self._job.cancel()

    def answer(self) -> _Answer:
        """Return the answer, or the best so far where the search was ended; waits for the end.

        Raises
        ------
        InfeasibleError
            As the search; or it was ended before it had an answer and has none at once.
        """
        try:
            return self._job.result()
        except LimitReached as error:
            self.stopped = STOPPED_BY[error.limit]
        told = self.told
        return self._at_once() if told is None else told

    def _at_once(self) -> _Answer:
        if self.stopped in {"time", "cancelled"}:
            return self._search(*self._asked, **{**self._settings, "time_limit_s": 0.0})
        seconds = round(time.monotonic() - self._begun, 1)
        raise InfeasibleError(NONE_IN_TIME, seconds=seconds, stopped=self.stopped)


class Keeper:
    """Runs searches in processes of their own, one after the other, for one who may stop them.

    Attributes
    ----------
    looked_at
        Shown every search while it is under way; once it returns False the search is stopped, its
        best answer so far stands, and those after it have no time. None: nobody looks.
    stopped
        By what the last search was ended; None: by itself.
    """

    def __init__(self, looked_at: Watch | None = None) -> None:
        self.looked_at = looked_at
        self.stopped: Stopped | None = None

    def run(
        self,
        search: Callable[..., _Answer],
        *asked: object,
        time_limit_s: float,
        memory_bytes: int | None = MEMORY_BYTES,
        **settings: Any,  # noqa: ANN401 -- those of the search
    ) -> _Answer:
        """Return what a search would, within hard limits; parameters as for `hold`.

        Raises
        ------
        InfeasibleError
            As the search; or it was ended before it had an answer.
        """
        held = hold(
            search, *asked, time_limit_s=time_limit_s, memory_bytes=memory_bytes, **settings
        )
        while self.looked_at is not None and not held.over(LOOK_S):
            if not self.looked_at(held.glance()):
                held.stop()
        found = held.answer()
        self.stopped = held.stopped
        return found

    def of(self, search: Callable[..., _Answer]) -> Callable[..., _Answer]:
        """Return a search that is run so."""
        return partial(self.run, search)


def hold(
    search: Callable[..., _Answer],
    *asked: object,
    time_limit_s: float,
    memory_bytes: int | None = MEMORY_BYTES,
    **settings: Any,  # noqa: ANN401 -- those of the search
) -> Held[_Answer]:
    """Begin a search and return at once.

    Parameters
    ----------
    search
        A function at the top level of a module, of the form above.
    asked
        What it is asked.
    time_limit_s
        Wall clock, hard.
    memory_bytes
        Address space of the process, hard where the system is Linux.
    settings
        What the search takes besides: gap, seed and so on.
    """
    return Held(search, asked, settings, time_limit_s=time_limit_s, memory_bytes=memory_bytes)


def contained(
    search: Callable[..., _Answer],
    *asked: object,
    time_limit_s: float,
    **settings: Any,  # noqa: ANN401 -- as for `hold`
) -> _Answer:
    """Return what a search would, within hard limits, looked at by nobody; as `Keeper.run`.

    Examples
    --------
    >>> import numpy as np
    >>> from siting.allocation import CoveringProblem, cover
    >>> asked = CoveringProblem(
    ...     weights=np.array([10.0, 20.0, 30.0]),
    ...     covered=np.zeros(3, dtype=bool),
    ...     indptr=np.array([0, 2, 3]),
    ...     demand=np.array([0, 1, 2], dtype=np.int32),
    ...     cost_yuan=np.array([2000, 2000]),
    ...     allowed=np.ones(2, dtype=bool),
    ... )
    >>> contained(cover, asked, time_limit_s=30.0).chosen
    (0, 1)
    """
    return Keeper().run(search, *asked, time_limit_s=time_limit_s, **settings)


def time_to_search(limit_s: float) -> float:
    """Return after how many seconds a process ends its search by itself, to end within a limit."""
    return limit_s - min(_KEPT_BACK_S, _KEPT_BACK_SHARE * limit_s)


def _searched(
    search: Callable[..., _Answer], asked: tuple[object, ...], settings: dict[str, Any]
) -> _Answer:
    """Search and tell on the way: the function of a job."""
    return search(*asked, **settings, watch=jobs.report)
