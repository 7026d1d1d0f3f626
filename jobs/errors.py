"""What can go wrong with a job besides what its function raises."""

from typing import Literal

Limit = Literal["time", "cpu", "memory", "crash", "cancelled"]


class LimitReached(RuntimeError):  # noqa: N818 -- it is an event that callers word, not always an error
    """A job was stopped, or died, at a limit.

    Parameters
    ----------
    limit
        `time`: wall clock; `cpu`: processor time; `memory`; `crash`: the process died, as native
        code does when memory is refused to it; `cancelled`: whoever asked wants it no more.
    value
        The limit in seconds or bytes; None for a crash.
    detail
        The end of what the process wrote to its error stream.
    """

    def __init__(self, limit: Limit, value: float | None = None, detail: str = "") -> None:
        self.limit: Limit = limit
        self.value = value
        self.detail = detail
        super().__init__(limit, value, detail)

    def __str__(self) -> str:
        """Return one line for logs."""
        figure = "" if self.value is None else f" ({self.value:g})"
        return f"job stopped: {self.limit}{figure}"


class JobFailedError(RuntimeError):
    """The function of a job raised something that is not for people: an error of ours.

    Parameters
    ----------
    kind
        Name of the exception's class.
    trace
        The traceback in the other process, as text.
    """

    def __init__(self, kind: str, trace: str) -> None:
        self.kind = kind
        self.trace = trace
        super().__init__(kind, trace)

    def __str__(self) -> str:
        """Return the traceback."""
        return f"{self.kind} in a worker process\n{self.trace}"
