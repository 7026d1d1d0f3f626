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
    """Compile `function` on first use, cached on disk, without the global interpreter lock."""
    if not COMPILED:
        return function
    compiled: Any = njit(cache=True, nogil=True)(function)
    typed: F = compiled
    return typed
