"""Ctrl-C while a plan is looked for: the search ends, and the best plan so far is the answer."""

import signal
import threading
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

from words import Lang, percent, percent_up, say

if TYPE_CHECKING:  # the solver takes its time
    from siting.allocation.held import Glance
    from siting.plans.under_way import SoFar

FIRST_SAID_S, SAID_EVERY_S = 3.0, 10.0
"""A search this long says how far it is, then again and again: on stderr, as all progress."""


class Stoppable:
    """Within it the first Ctrl-C is kept for `goes_on`; a second one ends the command.

    Attributes
    ----------
    stopped
        Whether there was one.
    """

    def __init__(self, lang: Lang) -> None:
        self.stopped = False
        self._lang = lang
        self._next_s = FIRST_SAID_S
        self._before: Any = None

    def __enter__(self) -> Self:
        """Listen; where commands do not run in the main thread nobody can interrupt them."""
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._heard)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Listen no more."""
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def goes_on(self, so_far: "SoFar") -> bool:
        """Tell whether to look on, and now and then how good the best plan is: for `propose`."""
        if self._due(so_far.seconds):
            total = so_far.workers_total or 1.0
            coverage, short = so_far.workers_covered / total, so_far.short
            self._say("cli.plan_so_far", coverage=percent(coverage), short=percent(short))
        return not self.stopped

    def looks_on(self, glance: "Glance") -> bool:
        """Tell the same of any search: for `siting.plans.goals.task.Limits`."""
        if self._due(glance.seconds):
            if glance.gap is None:
                self._say("cli.search_going_on", seconds=round(glance.seconds))
            else:
                self._say("cli.search_so_far", gap=percent_up(glance.gap))
        return not self.stopped

    def _due(self, seconds: float) -> bool:
        if seconds < self._next_s - SAID_EVERY_S:  # another search has begun
            self._next_s = FIRST_SAID_S
        if seconds < self._next_s or self.stopped:
            return False
        self._next_s = seconds + SAID_EVERY_S
        return True

    def _say(self, key: str, **facts: object) -> None:
        click.echo(say(key, self._lang, **facts), err=True)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if self.stopped:
            raise KeyboardInterrupt
        del number, frame
        self.stopped = True
