"""Ctrl-C while a plan is looked for: the search ends, and the best plan so far is the answer."""

import signal
import threading
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

from words import Lang, percent, say

if TYPE_CHECKING:  # the solver takes its time
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
        if so_far.seconds >= self._next_s and not self.stopped:
            self._next_s = so_far.seconds + SAID_EVERY_S
            total = so_far.workers_total or 1.0
            said = say(
                "cli.plan_so_far",
                self._lang,
                coverage=percent(so_far.workers_covered / total),
                short=percent(so_far.short),
            )
            click.echo(said, err=True)
        return not self.stopped

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if self.stopped:
            raise KeyboardInterrupt
        del number, frame
        self.stopped = True
