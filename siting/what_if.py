"""What effective coverage would be if one site were otherwise: tried, not stored.

The whole district is counted anew from distances that are known: exact, a tenth of a second for a
district, so that a page can answer while somebody turns the knobs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from siting.coverage.effective import LevelRow
from siting.coverage.levels import Terms
from siting.model import Inputs, Parameters
from siting.planning import Evaluation
from siting.service import service_of

Site = Literal["stations", "candidates"]


@dataclass(frozen=True)
class WhatIf:
    """All workers by level, as things stand and as they would be.

    Attributes
    ----------
    now, then
        Average present workers; all of them are the same people, only the levels move.
    """

    now: LevelRow
    then: LevelRow

    @property
    def verified(self) -> float:
        """How many more average present workers would be effectively covered, verified."""
        return self.then.verified - self.now.verified

    @property
    def unverified(self) -> float:
        """How many more would hang on blank records."""
        return self.then.unverified - self.now.unverified


def what_if(
    inputs: Inputs,
    parameters: Parameters,
    terms: Terms,
    site: tuple[Site, str],
    changes: Mapping[str, str],
    *,
    now: LevelRow,
    previous: Evaluation | None = None,
) -> WhatIf:
    """Return effective coverage as if a station were changed, or a candidate open.

    Parameters
    ----------
    inputs, parameters, terms
        As for `evaluate_effective`.
    site
        The table and the id of a station, or of a candidate that would be an open station.
    changes
        Columns of its record that would be other; a station keeps its place.
    now
        All workers as things stand.
    previous
        An earlier evaluation: distances are taken over.

    Raises
    ------
    InputError
        A column's content cannot be used; the sentence says which.
    KeyError
        There is no such site.
    """
    table, record_id = site
    if table == "stations":
        stations = inputs.stations.copy()
        rows = stations.index[stations["id"] == record_id]
    else:
        columns = list(inputs.stations.columns)
        opened = inputs.candidates.loc[inputs.candidates["id"] == record_id, columns]
        stations = pd.concat([inputs.stations, opened.assign(state="open")], ignore_index=True)
        rows = stations.index[len(inputs.stations) :]
    if not len(rows):
        raise KeyError(record_id)
    for column, value in changes.items():
        stations.loc[rows, column] = value
    held = service_of(replace(inputs, stations=stations), parameters, terms, previous=previous)
    return WhatIf(now, held.effective.total)
