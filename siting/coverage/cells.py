"""The cells of a week: every worker group in every time window that a demand table speaks of."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Cells:
    """Groups x windows; the cell of group g in window w is g * windows + w.

    Attributes
    ----------
    groups, windows
        Codes in the order of their first row; "" is "no group named" and "any time".
    row_cell
        int32[r]: the cell of each row of the demand table.
    """

    groups: tuple[str, ...]
    windows: tuple[str, ...]
    row_cell: NDArray[np.int32]

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.groups) * len(self.windows)


def read_cells(table: pd.DataFrame) -> Cells:
    """Return the cells of a demand table."""
    row_group, groups = pd.factorize(table["group"])
    row_window, windows = pd.factorize(table["window"])
    return Cells(
        groups=tuple(map(str, groups)),
        windows=tuple(map(str, windows)),
        row_cell=(row_group * len(windows) + row_window).astype(np.int32),
    )
