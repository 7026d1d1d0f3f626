"""Which stations count, and where sites stand in a travel matrix."""

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from geo.reference import read_list


def counting_stations(stations: pd.DataFrame) -> NDArray[np.bool_]:
    """Return one boolean per station: whether its state lets it cover anybody.

    A blank state counts as open: a list of stations without states is a list of open ones.

    Raises
    ------
    InputError
        A state that the list of states does not have.
    """
    counts = _counts_by_state()
    unknown = sorted(set(stations["state"].unique()) - set(counts))
    if unknown:
        raise InputError(
            "siting_unknown_state", state=unknown[0], known="、".join(filter(None, counts))
        )
    return stations["state"].map(counts).to_numpy(dtype=bool)


@cache
def _counts_by_state() -> dict[str, bool]:
    states = {code: bool(entry["counts"]) for code, entry in read_list("reference/states").items()}
    return {"": True, **states}
