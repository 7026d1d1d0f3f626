"""The cells of a week: each worker group in each time window that a demand table speaks of."""

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
    towns, row_town
        Units in the order of their first row, "" outside all; int32[r]: the unit of each row.
    """

    groups: tuple[str, ...]
    windows: tuple[str, ...]
    row_cell: NDArray[np.int32]
    towns: tuple[str, ...]
    row_town: NDArray[np.int32]

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.groups) * len(self.windows)


def read_cells(table: pd.DataFrame) -> Cells:
    """Return the cells of a demand table, and its units."""
    row_group, groups = pd.factorize(table["group"])
    row_window, windows = pd.factorize(table["window"])
    row_town, towns = pd.factorize(table["town"])
    return Cells(
        groups=tuple(map(str, groups)),
        windows=tuple(map(str, windows)),
        row_cell=(row_group * len(windows) + row_window).astype(np.int32),
        towns=tuple(map(str, towns)),
        row_town=row_town.astype(np.int32),
    )
