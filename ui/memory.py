"""What stays is not looked through again: garbage collection beside large results.

Streamlit collects all generations after every run of a page. In a process that holds a district,
that walks through some 400,000 objects which nobody has let go: 180 ms of a processor for a run
that itself takes 60. Modules and results are therefore set aside (`gc.freeze`); what refers to
nothing in a circle is freed as ever, and every other minute all is looked through once.
"""

import gc
import time
from collections.abc import Callable
from threading import Lock

WHOLE_EVERY_S = 120.0
"""So often everything is collected, circles that were set aside included."""


class Shelf:
    """Sets aside what there is.

    Parameters
    ----------
    clock
        Returns seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._whole_at = clock()
        self._lock = Lock()

    def settle(self) -> bool:
        """Set aside all that is there now; return whether it was looked through before."""
        with self._lock:
            whole = self._clock() - self._whole_at >= WHOLE_EVERY_S
            if whole:
                self._whole_at = self._clock()
                gc.unfreeze()
                gc.collect()
            gc.freeze()
            return whole


_SHELF = Shelf()


def settle() -> None:
    """Set aside what was worked out; call it where something was."""
    _SHELF.settle()
