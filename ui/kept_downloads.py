"""A file that a button promised can be fetched until the next button stands in its place.

Streamlit forgets what a button would write as soon as a run begins, and lets go of it when any run
of any session ends. A run that was cut short by the next click, or a colleague's, therefore took
the file from under a button that was still on the screen: the click failed once, and the second
one, on the new button, did not. Here a promise is let go when a newer button of the same name has
stood there once, or after `GRACE_S`.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import Any, Final, Protocol

from streamlit import runtime

GRACE_S: Final = 30.0
"""So long a promise outlives its button, seconds."""

GENERATIONS: Final = 2
"""So many promises of one button are kept: the one on the screen, and the next."""

_HOOK: Final = "_remove_orphaned_deferred_callables"
"""What Streamlit lets go by; its version is pinned, and a test watches it."""


class Manager(Protocol):
    """What is used of Streamlit's keeper of files."""

    _deferred_callables: Mapping[str, Mapping[str, Any]]
    _files_by_session_and_coord: Mapping[str, Mapping[str, str]]

    def _drop_deferred_id(self, file_id: str) -> None: ...


class Promises:
    """Which promises may go; called under the lock of the keeper of files.

    Parameters
    ----------
    manager
        Streamlit's keeper of files.
    clock
        Returns seconds.
    """

    def __init__(self, manager: Manager, clock: Callable[[], float] = time.monotonic) -> None:
        self._manager = manager
        self._clock = clock
        self._alone_since: dict[str, float] = {}

    def let_go(self) -> None:
        """Let go of what nobody can click any more."""
        now = self._clock()
        alone = set(self._alone())
        self._alone_since = {name: self._alone_since.get(name, now) for name in alone}
        for name in self._replaced(alone) | self._outlived(now):
            self._alone_since.pop(name, None)
            self._manager._drop_deferred_id(name)  # noqa: SLF001 -- see `_HOOK`

    def _alone(self) -> Iterator[str]:
        """Yield what no session refers to."""
        held = self._manager._files_by_session_and_coord.values()  # noqa: SLF001 -- see `_HOOK`
        referred = {name for names in held for name in names.values()}
        return (n for n in self._manager._deferred_callables if n not in referred)  # noqa: SLF001 -- as above

    def _replaced(self, alone: set[str]) -> set[str]:
        """Return what enough newer promises of the same button stand for; they come in order."""
        of_button: dict[tuple[object, object], list[str]] = defaultdict(list)
        for name, entry in self._manager._deferred_callables.items():  # noqa: SLF001 -- see `_HOOK`
            button = entry["element_id"] or entry["coordinates"]
            of_button[entry["session_id"], button].append(name)
        old = (name for names in of_button.values() for name in names[:-GENERATIONS])
        return alone.intersection(old)

    def _outlived(self, now: float) -> set[str]:
        return {name for name, since in self._alone_since.items() if now - since >= GRACE_S}


_LOCK = Lock()


def keep_promises() -> None:
    """Let this server keep promises; once is enough, and doing it again changes nothing."""
    if not runtime.exists():
        return
    manager: Any = runtime.get_instance().media_file_mgr
    with _LOCK:
        if _HOOK not in vars(manager):
            setattr(manager, _HOOK, Promises(manager).let_go)
