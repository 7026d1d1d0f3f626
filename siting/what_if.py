"""What effective coverage would be if one site were otherwise: tried, not stored.

Exact, and in milliseconds (`siting.live`): a page can answer while somebody turns the knobs or
drags the site.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from geo.reference import read_list
from siting.coverage.effective import LevelRow
from siting.live import COLUMNS, LiveService
from siting.model import Place

Site = Literal["stations", "candidates"]
EVERYBODY_ENTERS = "public"
"""The access right that admits every group."""


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
    live: LiveService,
    site: tuple[Site, str],
    changes: Mapping[str, str],
    place: Place | None = None,
) -> WhatIf:
    """Return effective coverage as if a station were changed, or a candidate open.

    Parameters
    ----------
    live
        The stations as they stand; stays as it is.
    site
        The table and the id of a station, or of a candidate that would be an open station.
    changes
        Hours, access, services or kind that would be other. A station that does not count serves
        nobody, whatever they are.
    place
        Where it would stand; None: where it does.

    Raises
    ------
    InputError
        A column's content cannot be used; the sentence says which.
    KeyError
        There is no such site.
    """
    table, record_id = site
    service = live.service
    frame = service.inputs.stations if table == "stations" else service.inputs.candidates
    rows = np.flatnonzero((frame["id"] == record_id).to_numpy())
    if not len(rows):
        raise KeyError(record_id)
    row = int(rows[0])
    if table == "stations":
        if not service.counting[row]:
            return WhatIf(live.total, live.total)
        return WhatIf(live.total, live.tried(changes, place=place, instead_of=row))
    record = {name: str(frame[name].iloc[row]) for name in COLUMNS}
    stands = (float(frame["lon"].iloc[row]), float(frame["lat"].iloc[row]))
    return WhatIf(live.total, live.tried({**record, **changes}, place=place or stands))


def at_best(live: LiveService, place: Place) -> WhatIf:
    """Return effective coverage as if a station came that is always open to all, with everything.

    Parameters
    ----------
    live
        The stations as they stand; stays as it is.
    place
        Where it would stand.
    """
    everything = ";".join(read_list("reference/services"))
    record = {"hours": "24/7", "access": EVERYBODY_ENTERS, "services": everything}
    return WhatIf(live.total, live.tried(record, place=place))
