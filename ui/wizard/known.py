"""What an import would change of what the register holds already: told before the last button."""

from typing import Final

import pandas as pd

from geo.findings import Finding
from geo.intake import Intake
from geo.intake.meanings import normalise
from geo.intake.registers import known_rows
from geo.intake.wishes import DATUM
from siting.model import Inputs
from ui.data.district_care import is_held
from ui.wizard.storing import Prepared

REPLACED: Final = ("demand", "streets")
"""What is replaced as a whole; of the other tables known ids are changed, new ones added."""
OTHER_NAME: Final = "intake_known_id"


def held_table(inputs: Inputs, table: str) -> pd.DataFrame | None:
    """Return the records of a table; None: there are none, or no decision reads them."""
    held = getattr(inputs, table, None)
    return held if isinstance(held, pd.DataFrame) and not held.empty else None


def places_of_known(inputs: Inputs, table: str, intake: Intake) -> dict[tuple[int, str], str]:
    """Return what gives waiting rows of enterprises the place that their records have.

    A list of visits says no positions: the enterprises on it are known, and stand somewhere.
    """
    held = held_table(inputs, table)
    waiting = intake.unplaced
    if table != "enterprises" or held is None or not len(waiting.rows):
        return {}
    cells: dict[tuple[int, str], str] = {}
    for visit, record in known_rows(held, waiting.frame).items():
        row, known = int(waiting.rows[visit]), held.iloc[record]
        cells |= {(row, axis): repr(float(known[axis])) for axis in ("lon", "lat")}
        cells |= {(row, DATUM): "wgs84", (row, "position_state"): str(known["position_state"])}
    return cells


def is_replaced(inputs: Inputs, table: str) -> bool:
    """Tell whether an import takes the place of all that is there."""
    return table in REPLACED and is_held(inputs, table)


def rows_of_known_ids(inputs: Inputs, table: str, ready: Prepared) -> int:
    """Return how many rows of the file bring the id of a record."""
    held = held_table(inputs, table)
    if held is None or table in REPLACED:
        return 0
    return int(ready.settled.frame["id"].isin(held["id"]).sum())


def other_names(inputs: Inputs, table: str, ready: Prepared, intake: Intake) -> tuple[Finding, ...]:
    """Return one warning per row whose id is that of a record with another name."""
    held = held_table(inputs, table)
    frame = ready.settled.frame
    if held is None or table in REPLACED or "name" not in frame:
        return ()
    names = dict(zip(held["id"].tolist(), held["name"].tolist(), strict=True))
    return tuple(
        Finding(
            OTHER_NAME,
            "warning",
            row=int(row),
            column=intake.columns.get("id"),
            facts={"id": given, "name": names[given]},
        )
        for row, given, name in zip(
            ready.settled.rows.tolist(), frame["id"].tolist(), frame["name"].tolist(), strict=True
        )
        if given in names and names[given] and normalise(str(name)) != normalise(names[given])
    )
