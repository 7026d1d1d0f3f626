"""numba where there is a wheel for the platform; who calls a kernel asks `COMPILED` first."""

from collections.abc import Callable
from typing import Any, TypeVar

try:
    from numba import njit
except ImportError:
    COMPILED = False
else:
    COMPILED = True
"""Whether kernels are machine code; if not, callers take their vectorised way."""

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile `function` on first use, without the interpreter lock; cached on disk if possible."""
    if not COMPILED:
        return function
    compiled: Any
    try:
        compiled = njit(cache=True, nogil=True)(function)
    except RuntimeError:
        # No folder to keep machine code in, such as a read-only installation without a home.
        compiled = njit(nogil=True)(function)
    typed: F = compiled
    return typed
