"""What one measure says of all candidates."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
Bool = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Reading:
    """What one measure says of c candidates.

    Attributes
    ----------
    figures
        float64[c], in the unit of the measure; NaN: it says nothing.
    subjects
        What the figure belongs to, "" where there is nothing to name.
    reach_m
        How far it looked, metres on foot; 0 where it does not look around.
    codes
        Where points go by codes: the code of each candidate, "" where none is known; then figures
        play no part.
    assumed
        bool[c]: a default of ours stands in for what the record does not say; None: nowhere.
    applies
        bool[c]: where the criterion is asked at all; None: everywhere.
    """

    figures: Float64
    subjects: tuple[str, ...]
    reach_m: float = 0.0
    codes: tuple[str, ...] = ()
    assumed: Bool | None = None
    applies: Bool | None = None


def unnamed(figures: Float64, reach_m: float = 0.0, *, assumed: Bool | None = None) -> Reading:
    """Return a reading of figures that belong to nothing that has a name."""
    return Reading(figures, ("",) * len(figures), reach_m, assumed=assumed)


def silent(size: int, reach_m: float = 0.0) -> Reading:
    """Return a reading that says nothing of `size` candidates."""
    return unnamed(np.full(size, np.nan), reach_m)
