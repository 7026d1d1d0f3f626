"""Turns: how many plans are looked for at once on this server; who comes later waits in line.

A place in the line belongs to a session and ends with it: who has closed their page, or has not
looked for a while, holds nobody up.
"""

import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

import streamlit as st

from register.home import default_folder

ABSENT_S: Final = 10.0
"""Whoever waits and has not looked for so long is passed over until they look again, seconds."""

_GRACE_S: Final = 5.0  # a search is killed at its limit; whoever ended it may not have looked


@dataclass(eq=False)
class Turn:
    """A planner's place in the line.

    Attributes
    ----------
    looked_s
        When they looked last whether it is their turn.
    until_s
        Until when their search runs at the latest; None: they wait.
    """

    looked_s: float
    until_s: float | None = None


@dataclass(frozen=True)
class Ahead:
    """How many searches are under way, and how many planners come first."""

    running: int
    waiting: int


class Line:
    """All places, the first to come first; `clock` in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._places: list[weakref.ref[Turn]] = []

    def join(self) -> Turn:
        """Return a place at the end."""
        turn = Turn(self._clock())
        with self._lock:
            self._places.append(weakref.ref(turn))
        return turn

    def begins(self, turn: Turn, *, most: int, lasting_s: float) -> bool:
        """Tell whether it is somebody's turn, who then begins at once.

        Parameters
        ----------
        most
            How many searches may be under way at once.
        lasting_s
            Longest time that theirs takes, seconds.
        """
        with self._lock:
            now = turn.looked_s = self._clock()
            ahead = self._ahead(turn, now)
            if ahead.running + ahead.waiting >= most:
                return False
            turn.until_s = now + lasting_s + _GRACE_S
            return True

    def ahead(self, turn: Turn) -> Ahead:
        """Return what somebody waits for."""
        with self._lock:
            return self._ahead(turn, self._clock())

    def leave(self, turn: Turn) -> None:
        """Give a place back."""
        with self._lock:
            self._places = [place for place in self._places if place() not in {None, turn}]

    def _ahead(self, turn: Turn, now: float) -> Ahead:
        held = [other for place in self._places if (other := place()) is not None]
        others = (other for other in held if other is not turn)
        running = sum(other.until_s is not None and other.until_s > now for other in others)
        earlier = held[: held.index(turn)] if turn in held else held
        waiting = sum(
            other.until_s is None and now - other.looked_s < ABSENT_S for other in earlier
        )
        return Ahead(running, waiting)


def line() -> Line:
    """Return the line of this installation on this server."""
    return _line(str(default_folder()))


@st.cache_resource(show_spinner=False)
def _line(folder: str) -> Line:
    del folder
    return Line()
